"""The pages in a WARC: one record after the other, so that memory does not grow with the archive.

warcio reads the headers; where records begin is looked for here, so that a broken record costs
itself alone. Format: ISO 28500; https://iipc.github.io/warc-specifications/.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from podcat import urls
from podcat.documents import kinds, unpack
from podcat.documents.words import too_large
from podcat.errors import SourceError, shown
from podcat.model import Document

_HEADERS: Final = 2**18
"""Most bytes that the headers of one record may have."""
_LINE: Final = 64 * 2**10
_BEGIN: Final = b"WARC/"
# A record inside another's block: what a record that was cut short has swallowed.
_SWALLOWED: Final = re.compile(rb"WARC/[01]\.\d+\r?(?:\n[A-Za-z-]{0,40}(?::|\Z)|\Z)")
_KEPT: Final = frozenset({"response", "resource", "conversion"})
_NO_PAGES: Final = ("urn:", "dns:", "metadata:", "warcinfo:")
_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", "text/plain", ""})


class _TooLongError(Exception):
    """Headers without an end."""


class Stream:
    """Bytes that warcio reads from, which end where the gzip member of a record ends."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._buffer = b""
        self._at = 0
        self._next: bytes | None = b""
        self._headers = 0

    def go_on(self) -> bool:
        """Whether there is more; what follows the end of a member is read from now on."""
        if self._at < len(self._buffer):
            return True
        self._buffer, self._at = self._next or b"", 0
        self._next = b"" if self._next is not None else None
        return bool(self._buffer) or self._more()

    def _more(self) -> bool:
        if self._next is None or self._next:
            return False
        chunk = next(self._chunks, None)
        if chunk == b"":
            chunk = self._behind_member()
            if chunk is not None and chunk.startswith(_BEGIN):
                self._next = chunk
                return False
        if chunk is None:
            self._next = None
            return False
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return True

    def _behind_member(self) -> bytes | None:
        found = b""
        for chunk in self._chunks:
            found += chunk
            if len(found) >= len(_BEGIN):
                return found
        return found or None

    def read(self, size: int) -> bytes:
        """As many bytes as are asked for, less at an end."""
        self._headers = 0
        parts = []
        while size > 0 and (self._at < len(self._buffer) or self._more()):
            part = self._buffer[self._at : self._at + size]
            parts.append(part)
            self._at += len(part)
            size -= len(part)
        return b"".join(parts)

    def readline(self, size: int | None = None) -> bytes:
        """A line of bearable length; raises _TooLongError when they do not end."""
        most = min(_LINE, _LINE if size is None else size)
        while (end := self._buffer.find(b"\n", self._at, self._at + most)) < 0:
            if len(self._buffer) - self._at >= most or not self._more():
                end = min(self._at + most, len(self._buffer)) - 1
                break
        line = self._buffer[self._at : end + 1]
        self._at = end + 1
        self._headers += len(line)
        if self._headers > _HEADERS:
            self._headers = 0
            raise _TooLongError
        return line

    def find(self, sign: bytes) -> bool:
        """Goes to the next line that begins with a sign; False at an end."""
        if self._buffer.startswith(sign, self._at):
            return True
        while (at := self._buffer.find(b"\n" + sign, self._at)) < 0:
            self._at = max(self._at, len(self._buffer) - len(sign))
            if not self._more():
                self._at = len(self._buffer)
                return False
        self._at = at + 1
        return True

    def tell(self) -> int:
        """Nothing that anybody asks for; warcio wants the name."""
        return 0

    def unread(self, data: bytes) -> None:
        """Puts bytes back."""
        self._buffer = data + self._buffer[self._at :]
        self._at = 0


@dataclass(slots=True)
class _Reading:
    """One pass through an archive."""

    stream: Stream
    name: str
    limit: int
    lost: bool = False
    """Whether what comes is known to be no record, so that it is named once."""

    def line(self) -> bytes:
        """The next line, or nothing at an end."""
        try:
            return self.stream.readline()
        except _TooLongError:
            return b""

    def is_followed(self) -> bool:
        """Whether the next record, or an end, comes where it should."""
        while line := self.line():
            if line.strip():
                self.stream.unread(line)
                return line.startswith(_BEGIN)
        return True


def read(chunks: Iterator[bytes], name: str, limit: int) -> Iterator[Document | SourceError]:
    """The pages in an archive, in its order; what is broken is named and the rest is read.

    `limit` is the largest size of a page in bytes.
    """
    reading, empty = _Reading(Stream(chunks), name, limit), True
    while reading.stream.go_on():
        for item in _next(reading):
            empty = False
            yield item
    if empty:
        yield SourceError(name, "holds no pages", "give an archive of web pages")


def _next(reading: _Reading) -> Iterator[Document | SourceError]:
    if reading.lost and not reading.stream.find(_BEGIN):
        return
    line = reading.line()
    if line.startswith(_BEGIN):
        reading.lost = False
        yield from _record(reading, line)
    elif line.strip() and not reading.lost:
        reading.lost = True
        yield SourceError(reading.name, "holds bytes that are no record: read on behind them")


def _record(reading: _Reading, line: bytes) -> Iterator[Document | SourceError]:
    record = _parsed(reading.stream, line)
    if record is None or not isinstance(record.length, int):
        reading.lost = True
        yield SourceError(reading.name, "holds a record without good headers: passed over")
        return
    address = record.rec_headers.get_header("WARC-Target-URI")
    name = shown(f"{reading.name}#{address}" if address else reading.name)
    data, left = _block(record, reading.limit)
    if left or not reading.is_followed():
        if len(data) <= reading.limit and (swallowed := _SWALLOWED.search(data)):
            reading.stream.unread(data[swallowed.start() :])
            data = data[: swallowed.start()]
        yield SourceError(name, "is not as long as its record says: what is there is read")
        reading.lost = True
    if _is_wanted(record, address):
        yield from _page(Document(name, data, _web(address), _type(record)), record, reading.limit)


def _parsed(stream: Stream, line: bytes) -> Any:
    """The record that a line begins, with its headers read, or None."""
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.recordloader import ArcWarcRecordLoader

    # It logs what it mends, as it stands in the archive, to wherever errors go.
    logging.getLogger("warcio").setLevel(logging.CRITICAL)
    loader = ArcWarcRecordLoader(verify_http=False)
    try:
        return loader.parse_record_stream(stream, statusline=line, known_format="warc")
    except (ArchiveLoadFailed, _TooLongError, EOFError, AttributeError, ValueError):
        return None


def _block(record: Any, limit: int) -> tuple[bytes, int]:
    """What a record holds, one byte more than `limit` at most, and how many bytes are missing."""
    stream = record.raw_stream
    data: bytes = stream.read(limit + 1)
    while stream.limit and stream.read(min(unpack.CHUNK, stream.limit)):
        pass
    return data, stream.limit


# ---------------------------------------------------------------- one page


def _web(address: str | None) -> str | None:
    return address if address and urls.parse(address) else None


def _header(record: Any, name: str) -> str | None:
    headers = record.http_headers
    found: str | None = headers.get_header(name) if headers else None
    return found


def _type(record: Any) -> str | None:
    """The content type as the server stated it, or as the record does where no server spoke."""
    if record.rec_type == "response":
        return _header(record, "Content-Type")
    stated: str | None = record.rec_headers.get_header("Content-Type")
    return stated


def _is_wanted(record: Any, address: str | None) -> bool:
    """Whether a record is a page that a server gave, or text that was made of one."""
    if record.rec_type not in _KEPT or (address or "").startswith(_NO_PAGES):
        return False
    if record.rec_type == "response":
        status = record.http_headers.get_statuscode() if record.http_headers else ""
        if not status.startswith("2"):
            return False
    return (_type(record) or "").partition(";")[0].strip().lower() in _TYPES


def _page(document: Document, record: Any, limit: int) -> Iterator[Document | SourceError]:
    data = document.data
    if (_header(record, "Transfer-Encoding") or "").strip().lower() == "chunked":
        data = _dechunked(data)
    data, damage = unpack.decoded(data, _header(record, "Content-Encoding"), limit)
    if len(data) > limit:
        yield too_large(document.name, None, limit)
    elif kinds.other_kind(data) is None and data.strip():
        yield replace(document, data=data)
    if record.rec_headers.get_header("WARC-Truncated"):
        damage = damage or "was cut by the crawler: what is there is read"
    if damage:
        yield SourceError(document.name, damage)


def _dechunked(data: bytes) -> bytes:
    from warcio.bufferedreaders import ChunkedDataReader

    try:
        whole: bytes = ChunkedDataReader(io.BytesIO(data)).read()
    except Exception:  # not in chunks, though the header says so
        return data
    return whole
