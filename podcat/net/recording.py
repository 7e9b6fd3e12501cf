"""Exchanges kept in a WARC: every run can be repeated without a network (`replaying`).

What is kept is what went over the wire, below the limits and redirects of `podcat.net`, so that
a replay goes through all of them again. The seam is the connection (`connections.Guarded`):
while a tape runs, each request of this process passes it. Format: ISO 28500, gzip members. Where
nothing came, or no more of it, a metadata record says so in the fields of `TROUBLE`.
"""

from __future__ import annotations

import gzip
import re
import threading
import uuid
from base64 import b32encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, Protocol

from podcat import __version__
from podcat.errors import UsageError
from podcat.net.answer import Trouble
from podcat.net.watch import WATCH, Watch

SECRET: Final = frozenset({b"authorization", b"proxy-authorization", b"cookie", b"set-cookie"})
"""Headers that are never written down."""
TROUBLE: Final = ("trouble", "detail", "method", "part")
"""Fields of a metadata record: a Trouble, its words, and what was asked besides the address."""
_PARTS: Final = frozenset({"range", "if-none-match", "if-modified-since"})
HEAD: Final = re.compile(rb"\n\r?\n")
"""The end of a head, for servers that know no other ends of lines, too."""
_LENGTH: Final = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r?$", re.I | re.M)


class NotRecordedError(OSError):
    """The recording that is played has no such exchange."""


class RecordedError(OSError):
    """The exchange went wrong when it was recorded."""

    def __init__(self, trouble: Trouble, words: str) -> None:
        super().__init__(words)
        self.said = (trouble, words)


class Take(NamedTuple):
    """What came for one request, and what went wrong behind it or instead of it."""

    data: bytes
    trouble: tuple[Trouble, str] | None = None


class Asked(NamedTuple):
    """What an exchange is found by."""

    method: str
    url: str
    """As the user knows it: before `--remap`."""
    part: str = ""
    """Headers on which the answer depends: a part is not the file, nor is "not modified"."""

    @classmethod
    def of(cls, url: str, request: bytes) -> Asked:
        """By the request as it was sent."""
        head = request.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        headers = (line.partition(": ")[::2] for line in head[1:])
        return cls.by(head[0].partition(" ")[0], url, headers)

    @classmethod
    def by(cls, method: str, url: str, headers: Iterable[tuple[str, str]]) -> Asked:
        """By the request as it will be sent."""
        told = sorted((k.lower(), v.strip()) for k, v in headers if k.lower() in _PARTS)
        return cls(method, url, "; ".join(f"{name}: {value}" for name, value in told))


class Tape(Protocol):
    """What runs while a command does."""

    replays: bool

    def keep(self, url: str, request: bytes, response: bytes) -> str | None:
        """Takes an exchange over, when its answer has been read as far as anybody wanted.

        Gives the number of its record.
        """

    def fail(self, asked: Asked, trouble: tuple[Trouble, str], behind: str | None) -> None:
        """Takes over that nothing came, or no more than is in the record of that number."""

    def answer(self, asked: Asked) -> Take:
        """The answer to a request, as it came. Raises NotRecordedError."""


_running: Tape | None = None


def running() -> Tape | None:
    """The tape that runs in this process."""
    return _running


@contextmanager
def on(tape: Tape | None) -> Iterator[None]:
    """All requests of this process pass the tape until the end of the block."""
    global _running  # noqa: PLW0603  (connections are made in many threads)
    before, _running = _running, tape
    try:
        yield
    finally:
        _running = before


def failed(watch: Watch, asked: Asked, trouble: tuple[Trouble, str]) -> None:
    """Tells the tape that records, if one does, what went wrong with the last exchange."""
    tape = _running
    if tape and not tape.replays and watch.asked == asked.url and not watch.was_cut:
        tape.fail(asked, trouble, watch.kept)


# ---------------------------------------------------------------- recording


class Recorder:
    """Writes a file of its own into a folder; a context manager."""

    replays = False

    def __init__(self, folder: Path) -> None:
        """Raises UsageError when nothing can be written there."""
        name = f"podcat-{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}.warc.gz"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = (folder / name).open("xb")
        except OSError as error:
            raise UsageError(str(folder), f"cannot be written: {error.strerror}") from None
        self._lock = threading.Lock()
        info = f"software: podcat/{__version__}\r\nformat: WARC File Format 1.1\r\n"
        fields = {"WARC-Filename": name, "Content-Type": "application/warc-fields"}
        self._write(_record("warcinfo", _number(), fields, info.encode()))

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._file.close()

    def keep(self, url: str, request: bytes, response: bytes) -> str | None:
        """Writes an exchange; one that is no HTTP is left out, and so are tunnels to proxies."""
        if request.startswith(b"CONNECT ") or not response.startswith(b"HTTP/"):
            return None
        number, fields = _number(), {"WARC-Target-URI": url}
        came = {**fields, "Content-Type": "application/http;msgtype=response"}
        sent = {**fields, "WARC-Concurrent-To": number,
                "Content-Type": "application/http;msgtype=request"}  # fmt: skip
        if _is_cut(response):
            came["WARC-Truncated"] = "unspecified"
        data = _record("response", number, came, _public(response))
        self._write(data + _record("request", _number(), sent, _public(request)))
        return number

    def fail(self, asked: Asked, trouble: tuple[Trouble, str], behind: str | None) -> None:
        """Writes what went wrong, and with which request."""
        fields = {"WARC-Target-URI": asked.url, "Content-Type": "application/warc-fields"}
        if behind:
            fields["WARC-Refers-To"] = behind
        said = zip(TROUBLE, (*trouble, asked.method, asked.part), strict=True)
        block = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in said)
        self._write(_record("metadata", _number(), fields, block.encode()))

    def answer(self, asked: Asked) -> Take:
        """Nothing is given back while it is recorded."""
        raise NotRecordedError(asked.url)

    def _write(self, data: bytes) -> None:
        """At once: what is killed has kept what it knew."""
        with self._lock:
            if not self._file.closed:
                self._file.write(data)
                self._file.flush()


def _number() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _record(kind: str, number: str, fields: Mapping[str, str], block: bytes) -> bytes:
    """A record as a gzip member of its own; written here, since warcio copies to disk first."""
    digest = b32encode(sha1(block, usedforsecurity=False).digest()).decode()
    said = {"WARC-Type": kind, "WARC-Record-ID": number,
            "WARC-Date": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", **fields,
            "WARC-Block-Digest": f"sha1:{digest}", "Content-Length": str(len(block))}  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return gzip.compress(f"WARC/1.1\r\n{head}\r\n".encode() + block + b"\r\n\r\n", 6)


def _is_cut(response: bytes) -> bool:
    """Whether an answer is shorter than it states: no more was wanted, or came."""
    end = HEAD.search(response)
    stated = _LENGTH.search(response, 0, end.start() + 1) if end else None
    if end is None or stated is None or response[9:12] in (b"204", b"304"):
        return False
    return len(response) - end.end() < int(stated[1])


def _public(message: bytes) -> bytes:
    """A request or an answer without the headers that are secret."""
    end = HEAD.search(message)
    if end is None:
        return message
    head, rest = message[: end.start() + 1], message[end.start() + 1 :]
    kept: list[bytes] = []
    secret = False
    for line in head.splitlines(keepends=True):
        if line[:1] not in b" \t":  # what begins so goes on with the line before it
            secret = line.partition(b":")[0].strip().lower() in SECRET
        if not secret:
            kept.append(line)
    if head.startswith(b"HTTP/1.1 1"):  # the answer comes behind it
        blank = end.end() - end.start() - 1
        rest = rest[:blank] + _public(rest[blank:])
    return b"".join(kept) + rest


# ---------------------------------------------------------------- at the connection


class Tee:
    """A file that an answer is read from; what was read goes to the tape at its end."""

    def __init__(self, file: Any, tape: Tape, url: str, request: bytes) -> None:
        self._file, self._tape, self._url, self._request = file, tape, url, request
        self._parts: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def _taken(self, data: bytes) -> bytes:
        self._parts.append(data)
        return data

    def read(self, *size: int) -> bytes:
        """As a file's."""
        return self._taken(self._file.read(*size))

    def read1(self, *size: int) -> bytes:
        """As a file's."""
        return self._taken(self._file.read1(*size))

    def readline(self, *size: int) -> bytes:
        """As a file's."""
        return self._taken(self._file.readline(*size))

    def readinto(self, room: memoryview) -> int:
        """As a file's."""
        count: int = self._file.readinto(room)
        self._parts.append(bytes(room[:count]))
        return count

    def close(self) -> None:
        """Hands the exchange over, once."""
        self._file.close()
        parts, self._parts = self._parts, []
        if parts:
            number = self._tape.keep(self._url, self._request, b"".join(parts))
            if watch := WATCH.get(None):
                watch.kept = number
