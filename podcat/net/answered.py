"""One answer as it comes over a connection: what no browser would put up with ends it."""

from __future__ import annotations

from http.client import HTTPException, HTTPResponse, parse_headers
from typing import Any, Final

from podcat.net import recording
from podcat.net.watch import WATCH

INTERIM: Final = 8
"""Answers before the answer, such as 103 Early Hints."""
_LINE: Final = 2**16
_SWITCHING: Final = 101
_LENGTH, _CODING = len("Content-Length"), len("Transfer-Encoding")


class UnreadableError(HTTPException):
    """An answer whose beginning or end cannot be told. Its text follows "cannot be read: "."""


class Answered(HTTPResponse):
    """An answer whose connection serves for another one only if it is clear where this one ends.

    A tape listens to it, while one runs.
    """

    def __init__(self, sock: Any, *given: Any, **named: Any) -> None:
        super().__init__(sock, *given, **named)
        tape, watch = recording.running(), WATCH.get()
        if tape and not tape.replays:
            file: Any = recording.Tee(self.fp, tape, watch.asked, bytes(watch.sent))
            self.fp = file
            watch.sent.clear()

    def _read_status(self) -> tuple[str, int, str]:
        # http.client takes every 1xx but 100 for the answer (RFC 9110, 15.2), and any number of
        # 100s; what follows would be the answer to the next request on this connection.
        for _ in range(INTERIM + 1):
            found: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]
            if found[1] >= 200:
                return found
            if found[1] == _SWITCHING:
                raise UnreadableError("it changes to another protocol, unasked")
            parse_headers(self.fp)
        raise UnreadableError(f"more than {INTERIM} answers come before it")

    def begin(self) -> None:
        """Reads status and headers. Raises HTTPException."""
        super().begin()
        lengths, coded = set(), False
        for name, value in self.headers.raw_items():  # once for all: this is done for every link
            size = len(name)
            if size == _LENGTH and name.lower() == "content-length":
                lengths.add(value.strip())
            elif size == _CODING and name.lower() == "transfer-encoding":
                coded = coded or bool(value)
        if self.chunked:
            file: Any = _Chunks(self.fp)
            self.fp = file
            self.will_close = self.will_close or bool(lengths)  # RFC 9112, 6.1
        elif coded:
            raise UnreadableError("it comes in a transfer coding other than chunked")
        elif len(lengths) > 1:
            raise UnreadableError("it states several lengths")  # RFC 9112, 6.3


class _Chunks:
    """What chunks are read from: http.client takes a size of -1 for "all there is"."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self, size: int = -1) -> bytes:
        """As a file's, if a size is stated."""
        if size < 0:
            raise UnreadableError("it has a chunk of less than nothing")
        data: bytes = self._file.read(size)
        return data

    def readline(self, size: int = _LINE) -> bytes:
        """As a file's, with a limit."""
        data: bytes = self._file.readline(min(size, _LINE + 1))
        if len(data) >= _LINE:
            raise UnreadableError("it has a line without end")
        return data
