"""Which form the bytes of a source have, and the documents in each form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import chain
from typing import Final

from podcat.documents import archives, kinds, lists, saved, unpack, warc
from podcat.documents.words import too_large
from podcat.errors import SourceError
from podcat.model import Document

Item = Document | lists.Listing | SourceError
"""What reading a source gives, one after the other."""

_ADVICE: Final = "give a saved HTML page or a text extract"
_ARCHIVES: Final[dict[str, Callable[..., Iterator[Document | SourceError]]]] = {
    kinds.MHTML: archives.mhtml,
    kinds.WEBARCHIVE: archives.webarchive,
}


class _Peeked:
    """A file of which the first bytes have been looked at."""

    def __init__(self, file: unpack.Readable) -> None:
        self._file = file
        self.head = file.read(kinds.HEAD)
        self._rest = self.head

    def read(self, size: int) -> bytes:
        """As `read` of the file, from its beginning."""
        part, self._rest = self._rest[:size], self._rest[size:]
        return part + self._file.read(size - len(part)) if len(part) < size else part


def read(file: unpack.Readable, name: str, url: str | None, limit: int) -> Iterator[Item]:
    """The documents in an open file.

    `url` says where a page came from, `limit` is the largest size of one in bytes, unpacked.
    """
    peeked = _Peeked(file)
    form = kinds.form(peeked.head)
    if form == kinds.WARC:
        yield from warc.read(unpack.chunks(peeked), name, limit)
    elif form == kinds.GZIP:
        yield from _gzip(peeked, name, url, limit)
    else:
        yield from _bounded(peeked.read(limit + 1), name, url, limit)


def _gzip(file: _Peeked, name: str, url: str | None, limit: int) -> Iterator[Item]:
    damage: list[str] = []
    chunks = unpack.members(file, damage.append)
    begin = next((chunk for chunk in chunks if chunk), b"")
    whole = chain([begin], chunks)
    if begin.startswith(b"WARC/"):
        items: Iterator[Item] = iter(warc.read(whole, name, limit))
    else:
        items = _bounded(unpack.gathered(whole, limit + 1), name, url, limit)
    said: set[str] = set()
    for item in items:
        yield item
        yield from (SourceError(name, line) for line in damage if line not in said)
        said.update(damage)


def _bounded(data: bytes, name: str, url: str | None, limit: int) -> Iterator[Item]:
    if len(data) > limit:
        yield too_large(name, None, limit)
    else:
        yield from _within(Document(name, data, url), limit)


def guarded(items: Iterator[Item], name: str) -> Iterator[Item]:
    """The items, and the complaint about a source that trips a mistake of ours."""
    try:
        yield from items
    except OSError:
        raise
    except Exception as error:
        problem = f"cannot be understood: {type(error).__name__}: {error}"
        yield SourceError(name, problem, "please report this file")


def opened(document: Document, limit: int, url: str | None = None) -> Iterator[Item]:
    """The documents in what was fetched: itself, or the pages of the archive that it is.

    `url` says where a page came from, whatever it or the archive says.
    """
    yield from guarded(_opened(document, limit, url), document.name)


def _opened(document: Document, limit: int, url: str | None) -> Iterator[Item]:
    form = kinds.form(document.data[: kinds.HEAD])
    if form in (kinds.GZIP, kinds.WARC):
        yield from read(BytesIO(document.data), document.name, url, limit)
    elif form in _ARCHIVES:
        yield from _within(replace(document, url=url), limit)
    else:
        yield from _within(replace(document, url=url or document.url), limit)


def _within(document: Document, limit: int) -> Iterator[Item]:
    """The documents in the bytes of a document that is no compressed one."""
    name, data = document.name, document.data
    form = kinds.form(data[: kinds.HEAD])
    if form in _ARCHIVES:
        yield from _ARCHIVES[form](data, name, document.url, limit)
    elif kind := kinds.other_kind(data):
        yield SourceError(name, f"is {kind}, not a page", _ADVICE)
    elif listing := lists.listing(name, data, document.url):
        yield listing
    else:
        url = document.url or saved.address(data)
        yield Document(name, data, url, document.content_type)
