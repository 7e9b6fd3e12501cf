"""What `recording` kept, given back: no network is touched, and nothing else is known."""

from __future__ import annotations

import logging
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from podcat.errors import MissingSourceError, UsageError
from podcat.net.answer import Trouble
from podcat.net.recording import (
    HEAD,
    TROUBLE,
    Asked,
    NotRecordedError,
    RecordedError,
    Recorder,
    Take,
    Tape,
)
from podcat.net.watch import WATCH

_MOST: Final = 64 * 2**20
"""Bytes of one exchange that are given back."""
_FIELDS: Final = 2**16
_WAYS: Final = ("*.warc.gz", "*.warc")
_GET: Final = b"GET / HTTP/1.1\r\n\r\n"


class _Spot(NamedTuple):
    """Where an answer stands; nowhere, if there was none."""

    file: Path | None = None
    offset: int = 0
    trouble: tuple[Trouble, str] | None = None


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
    """Gives back what one WARC holds, or those of a folder, and nothing else."""

    replays = True

    def __init__(self, source: Path) -> None:
        """Raises MissingSourceError where there is no recording, UsageError for what is none."""
        files = sorted({file for way in _WAYS for file in source.glob(way)})
        files = [source] if source.is_file() else files
        if not files:
            advice = "--record DIR makes one"
            raise MissingSourceError(str(source), "there is no recording", advice)
        self._takes: dict[Asked, _Takes] = {}
        self._lock = threading.Lock()
        for file in files:
            for asked, spot in _Reading(file).all():
                self._takes.setdefault(asked, _Takes()).spots.append(spot)

    def keep(self, url: str, request: bytes, response: bytes) -> None:
        """What is given back is not written down again."""

    def fail(self, asked: Asked, trouble: tuple[Trouble, str], behind: str | None) -> None:
        """Nor is what goes wrong meanwhile."""

    def answer(self, asked: Asked) -> Take:
        """The next answer to that request. Raises NotRecordedError."""
        with self._lock:
            # A whole file serves for its beginning, or for what is new in it: so answer servers
            # that know no better.
            takes = self._takes.get(asked) or self._takes.get(asked._replace(part=""))
            if takes is None:
                raise NotRecordedError(asked.url)
            spot = takes.next()
        return Take(_block(spot.file, spot.offset) if spot.file else b"", spot.trouble)


class _Reading:
    """The exchanges of one file, in the order in which they ended."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._came: dict[str, tuple[str, _Spot]] = {}
        self._asked: dict[str, Asked] = {}
        self._records = 0

    def all(self) -> Iterator[tuple[Asked, _Spot]]:
        """Up to where the file is damaged, or its recording was killed."""
        from warcio.exceptions import ArchiveLoadFailed

        try:
            with self._file.open("rb") as stream:
                for record, offset, head in _records(stream):
                    self._records += 1
                    self._take(record, offset, head)
        except (OSError, EOFError, ValueError, zlib.error, ArchiveLoadFailed) as error:
            if not self._records:
                said = next(iter(str(error).splitlines()), type(error).__name__)[:80]
                raise UsageError(str(self._file), f"is no recording: {said}") from None
        for number, (url, spot) in self._came.items():
            yield self._asked.get(number, Asked.of(url, _GET)), spot

    def _take(self, record: Any, offset: int, head: bytes) -> None:
        said = record.rec_headers.get_header
        number, url = said("WARC-Record-ID") or f"#{offset}", said("WARC-Target-URI") or ""
        if record.rec_type == "response":
            self._came[number] = (url, _Spot(self._file, offset))
        elif record.rec_type == "request":
            about = said("WARC-Concurrent-To") or ""
            url = self._came[about][0] if about in self._came else url
            self._asked[about] = Asked.of(url, head)
        elif record.rec_type == "metadata" and (found := _trouble(head)):
            trouble, method, part = found
            behind = said("WARC-Refers-To")
            if behind in self._came:
                url, spot = self._came[behind]
                self._came[behind] = (url, spot._replace(trouble=trouble))
            else:
                self._came[number] = (url, _Spot(trouble=trouble))
                self._asked[number] = Asked(method, url, part)


def _records(stream: BinaryIO) -> Iterator[tuple[Any, int, bytes]]:
    """Each record with its place; of those about answers what they hold."""
    records = _archive(stream)
    for record in records:
        wanted = record.rec_type in ("request", "metadata")
        head = record.raw_stream.read(_FIELDS) if wanted else b""
        yield record, records.get_record_offset(), head  # which reads to the record's end


def _archive(stream: BinaryIO) -> Any:
    from warcio.archiveiterator import ArchiveIterator

    # It writes what it mends to wherever errors go.
    logging.getLogger("warcio").setLevel(logging.CRITICAL)
    records: Any = ArchiveIterator(stream, no_record_parse=True)
    records.INC_RECORD = ""
    return records


def _trouble(block: bytes) -> tuple[tuple[Trouble, str], str, str] | None:
    """What a metadata record says went wrong, and with which request; None for others."""
    lines = (line.partition(":") for line in block.decode("utf-8", "replace").splitlines())
    said = {name.strip(): value.strip() for name, _, value in lines}
    trouble, words, method, part = (said.get(name, "") for name in TROUBLE)
    known = trouble in {each.value for each in Trouble}
    return ((Trouble(trouble), words), method, part) if known else None


def _block(file: Path, offset: int) -> bytes:
    from warcio.exceptions import ArchiveLoadFailed

    try:
        with file.open("rb") as stream:
            stream.seek(offset)
            data: bytes = next(iter(_archive(stream))).raw_stream.read(_MOST)
            return data
    except (OSError, EOFError, ValueError, StopIteration, zlib.error, ArchiveLoadFailed) as error:
        raise NotRecordedError(str(file)) from error


def tape(record: Path | None, replay: Path | None) -> Recorder | Replayer | None:
    """The tape that two options ask for. Raises UsageError and MissingSourceError."""
    if record and replay:
        raise UsageError("--record", "goes not with --replay", "leave one of them out")
    if replay:
        return Replayer(replay)
    return Recorder(record) if record else None


class Replayed:
    """Stands where a socket would: it answers from the tape and never touches a network."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._sent = b""

    def sendall(self, data: bytes) -> None:
        """Takes a part of a request."""
        self._sent += data

    def makefile(self, *_: Any, **__: Any) -> BytesIO:
        """The answer to what was sent. Raises NotRecordedError and RecordedError."""
        sent, self._sent = self._sent, b""
        watch = WATCH.get()
        take = self._tape.answer(Asked.of(watch.asked, sent))
        if take.trouble and not HEAD.search(take.data):
            raise RecordedError(*take.trouble)
        watch.told = take.trouble
        return BytesIO(take.data)

    def gettimeout(self) -> float | None:
        """There is nothing to wait for."""
        return None

    def settimeout(self, seconds: float | None) -> None:
        """There is nothing to wait for."""

    def shutdown(self, how: int) -> None:
        """There is nobody to tell."""

    def close(self) -> None:
        """There is nothing to close."""
