"""Exchanges kept in a WARC, and given back from it: every run can be repeated without a network.

What is kept is what went over the wire, below the limits and redirects of `podcat.net`, so that
a replay goes through all of them again. The seam is the connection (`connections.Guarded`):
while a tape runs, each request of this process passes it. Format: ISO 28500, gzip members.
"""

from __future__ import annotations

import gzip
import threading
import uuid
from base64 import b32encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha1
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, Protocol

from podcat import __version__
from podcat.errors import MissingSourceError, UsageError
from podcat.net.watch import WATCH

SECRET: Final = frozenset({b"authorization", b"proxy-authorization", b"cookie", b"set-cookie"})
"""Headers that are never written down."""
_MOST: Final = 64 * 2**20
"""Bytes of one exchange that are given back."""
_WAYS: Final = ("*.warc.gz", "*.warc")


class NotRecordedError(OSError):
    """The recording that is played has no such exchange."""


class Asked(NamedTuple):
    """What an exchange is found by."""

    method: str
    url: str
    """As the user knows it: before `--remap`."""
    part: str = ""
    """The header Range: the beginning of a file is not the file."""

    @classmethod
    def of(cls, url: str, request: bytes) -> Asked:
        """By the request as it was sent."""
        head = request.partition(b"\r\n\r\n")[0].split(b"\r\n")
        method = head[0].partition(b" ")[0].decode("latin-1")
        found = (line[6:].strip() for line in head if line[:6].lower() == b"range:")
        return cls(method, url, next(found, b"").decode("latin-1"))


class Tape(Protocol):
    """What runs while a command does."""

    replays: bool

    def keep(self, url: str, request: bytes, response: bytes) -> None:
        """Takes an exchange over, when its answer has been read as far as anybody wanted."""

    def answer(self, asked: Asked) -> bytes:
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


# ---------------------------------------------------------------- recording


class Recorder:
    """Writes a file of its own into a folder; a context manager."""

    replays = False

    def __init__(self, folder: Path) -> None:
        """Raises UsageError when nothing can be written there."""
        name = f"podcat-{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}.warc.gz"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = (folder / name).open("xb")
        except OSError as error:
            raise UsageError(str(folder), f"cannot be written: {error.strerror}") from None
        self._lock = threading.Lock()
        info = f"software: podcat/{__version__}\r\nformat: WARC File Format 1.1\r\n"
        fields = {"WARC-Filename": name, "Content-Type": "application/warc-fields"}
        self._file.write(_record("warcinfo", _number(), fields, info.encode()))

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._file.close()

    def keep(self, url: str, request: bytes, response: bytes) -> None:
        """Writes an exchange; one that is no HTTP is left out, and so are tunnels to proxies."""
        if request.startswith(b"CONNECT ") or not response.startswith(b"HTTP/"):
            return
        number, fields = _number(), {"WARC-Target-URI": url}
        came = {**fields, "Content-Type": "application/http;msgtype=response"}
        sent = {**fields, "WARC-Concurrent-To": number,
                "Content-Type": "application/http;msgtype=request"}  # fmt: skip
        data = _record("response", number, came, _public(response))
        data += _record("request", _number(), sent, _public(request))
        with self._lock:
            if not self._file.closed:
                self._file.write(data)
                self._file.flush()

    def answer(self, asked: Asked) -> bytes:
        """Nothing is given back while it is recorded."""
        raise NotRecordedError(asked.url)


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


def _public(message: bytes) -> bytes:
    """A request or an answer without the headers that are secret."""
    head, end, body = message.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    kept = [one for one in lines if one.partition(b":")[0].strip().lower() not in SECRET]
    return b"\r\n".join(kept) + end + body


# ---------------------------------------------------------------- replaying


class _Spot(NamedTuple):
    file: Path
    offset: int


@dataclass
class _Takes:
    """The answers to one request, in the order in which they came; the last one for ever."""

    spots: list[_Spot] = field(default_factory=list)
    given: int = 0

    def next(self) -> _Spot:
        spot = self.spots[min(self.given, len(self.spots) - 1)]
        self.given += 1
        return spot


class Replayer:
    """Gives back what the WARCs of a folder hold, and nothing else."""

    replays = True

    def __init__(self, folder: Path) -> None:
        """Raises MissingSourceError for a folder without recordings, UsageError for broken ones."""
        files = sorted({file for way in _WAYS for file in folder.glob(way)})
        if not files:
            advice = "--record DIR makes one"
            raise MissingSourceError(str(folder), "there is no recording", advice)
        self._takes: dict[Asked, _Takes] = {}
        self._lock = threading.Lock()
        for file in files:
            self._read(file)

    def _read(self, file: Path) -> None:
        from warcio.exceptions import ArchiveLoadFailed

        came: dict[str, tuple[str, _Spot]] = {}
        sent: dict[str, bytes] = {}
        try:
            with file.open("rb") as stream:
                for kind, number, url, spot, head in _records(file, stream):
                    if kind == "response":
                        came[number] = (url, spot)
                    else:
                        sent[number] = head
        except (OSError, EOFError, ArchiveLoadFailed) as error:
            raise UsageError(str(file), f"is no recording: {error}") from None
        for number, (url, spot) in came.items():
            asked = Asked.of(url, sent.get(number, b"GET / HTTP/1.1\r\n\r\n"))
            self._takes.setdefault(asked, _Takes()).spots.append(spot)

    def keep(self, url: str, request: bytes, response: bytes) -> None:
        """What is given back is not written down again."""

    def answer(self, asked: Asked) -> bytes:
        """The next answer to that request. Raises NotRecordedError."""
        with self._lock:
            # A whole file serves for its beginning: so answer servers that know no ranges.
            takes = self._takes.get(asked) or self._takes.get(asked._replace(part=""))
            if takes is None:
                raise NotRecordedError(asked.url)
            spot = takes.next()
        return _block(spot)


_Record = tuple[str, str, str, _Spot, bytes]


def _records(file: Path, stream: BinaryIO) -> Iterator[_Record]:
    """Kind, id of the response, address and place of each record; of requests the head."""
    from warcio.archiveiterator import ArchiveIterator

    records: Any = ArchiveIterator(stream, no_record_parse=True)
    for record in records:
        said = record.rec_headers.get_header
        head = record.raw_stream.read(2**16) if record.rec_type == "request" else b""
        spot = _Spot(file, records.get_record_offset())  # which reads to the record's end
        if record.rec_type == "response":
            yield "response", said("WARC-Record-ID"), said("WARC-Target-URI"), spot, b""
        elif record.rec_type == "request":
            yield "request", said("WARC-Concurrent-To") or "", "", spot, head


def _block(spot: _Spot) -> bytes:
    from warcio.archiveiterator import ArchiveIterator

    with spot.file.open("rb") as stream:
        stream.seek(spot.offset)
        record: Any = next(iter(ArchiveIterator(stream, no_record_parse=True)))
        data: bytes = record.raw_stream.read(_MOST)
        return data


def tape(record: Path | None, replay: Path | None) -> Recorder | Replayer | None:
    """The tape that two options ask for. Raises UsageError and MissingSourceError."""
    if record and replay:
        raise UsageError("--record", "goes not with --replay", "leave one of them out")
    if replay:
        return Replayer(replay)
    return Recorder(record) if record else None


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
            self._tape.keep(self._url, self._request, b"".join(parts))


class Replayed:
    """Stands where a socket would: it answers from the tape and never touches a network."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._sent = b""

    def sendall(self, data: bytes) -> None:
        """Takes a part of a request."""
        self._sent += data

    def makefile(self, *_: Any, **__: Any) -> BytesIO:
        """The answer to what was sent. Raises NotRecordedError."""
        sent, self._sent = self._sent, b""
        return BytesIO(self._tape.answer(Asked.of(WATCH.get().asked, sent)))

    def gettimeout(self) -> float | None:
        """There is nothing to wait for."""
        return None

    def settimeout(self, seconds: float | None) -> None:
        """There is nothing to wait for."""

    def shutdown(self, how: int) -> None:
        """There is nobody to tell."""

    def close(self) -> None:
        """There is nothing to close."""
