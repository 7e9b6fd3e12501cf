"""What came in by a form, as documents, and what is on them; nothing is fetched."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from flask import request
from werkzeug.datastructures import FileStorage

from podcat import documents, ingest, urls
from podcat.documents import Listing, megabytes
from podcat.errors import SourceError
from podcat.model import Document, Page
from podcat.web.site import site

MOST_BYTES: Final = 16 * 2**20
"""Of one request; the limit for documents in the settings may be lower."""
MOST_FILES: Final = 20
_DOCUMENTS: Final = 200  # that one preview reads: an archive may hold thousands
_RECORDINGS: Final = 1000
_UNPACKED: Final = 64 * 2**20
_SECONDS: Final = 20.0
_NAME: Final = 200
_UTF_8: Final = "; charset=utf-8"  # what a form sends is, whatever the page says of itself


class FormError(Exception):
    """Something in a field is wrong; `field` names it."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field
        self.problem = problem


@dataclass(frozen=True)
class Read:
    """What was made of what came in."""

    found: list[tuple[Document, Page]]
    problems: list[str]
    """One line for each thing that could not be read."""


def limit() -> int:
    """How many bytes one request may bring."""
    return min(site().config.document_bytes, MOST_BYTES)


# ---------------------------------------------------------------- what came in


def sent() -> list[Document]:
    """The files, or else the text, that a form brought. Raises FormError."""
    url = _address()
    files = [file for file in request.files.getlist("file") if file.filename]
    if len(files) > MOST_FILES:
        raise FormError("file", f"That is {len(files)} files; {MOST_FILES} at once are the most.")
    if files:
        alone = url if len(files) == 1 else None
        return [_bounded(_uploaded(file, alone), "file") for file in files]
    html = request.form.get("html", "")
    if html.strip():
        return [_bounded(_pasted(html, url), "html")]
    field = "html" if "html" in request.form else "file"
    raise FormError(field, "Paste the page here." if field == "html" else "Choose a file.")


def _address() -> str | None:
    url = request.form.get("url", "").strip()
    if not url:
        return None
    if len(url) > urls.LONGEST or not urls.parse(url) or "//" not in url:
        raise FormError("url", "That is no address of a page; write it like https://example.org/a.")
    return url


def _uploaded(file: FileStorage, url: str | None) -> Document:
    name = PurePath((file.filename or "").replace("\\", "/")).name or "upload"
    return Document(documents.shown(name)[:_NAME], file.read(), url)


def _pasted(html: str, url: str | None) -> Document:
    name = documents.shown(url) if url else "pasted page"
    return Document(name, html.encode("utf-8", "replace"), url, _UTF_8)


def _bounded(document: Document, field: str) -> Document:
    if len(document.data) > limit():
        raise FormError(field, f"{document.name} is larger than {megabytes(limit())}.")
    return document


# ---------------------------------------------------------------- what is on it


def read(came: Sequence[Document]) -> Read:
    """What is on the documents, as `podcat add` would find it."""
    problems: list[str] = []
    pairs: list[tuple[Document, Page]] = []
    items = _documents(came, problems)
    many = 0
    for pair in ingest.pages(items, lambda error: problems.append(str(error)), jobs=1):
        many += len(pair[1].embeds)
        if many > _RECORDINGS and pairs:
            problems.append(_rest(f"more than {_RECORDINGS:,} recordings"))
            break
        pairs.append(pair)
    return Read(pairs, problems)


def _documents(came: Sequence[Document], problems: list[str]) -> Iterator[Document | SourceError]:
    """The documents in what came in, within bounds of number, size and time."""
    begun, size, count = time.monotonic(), 0, 0
    for item in (i for each in came for i in documents.opened(each, limit(), each.url)):
        if isinstance(item, Listing):
            yield from _listed(item, problems)
            continue
        yield item
        count += 1
        size += len(item.data) if isinstance(item, Document) else 0
        if count >= _DOCUMENTS:
            problems.append(_rest(f"{_DOCUMENTS} documents"))
        elif size > _UNPACKED:
            problems.append(_rest(megabytes(_UNPACKED)))
        elif time.monotonic() - begun > _SECONDS:
            problems.append(_rest(f"{_SECONDS:.0f} seconds"))
        else:
            continue
        return


def _rest(much: str) -> str:
    return f"Read up to {much}; what follows was left out: podcat add takes all of it."


def _listed(listing: Listing, problems: list[str]) -> Iterator[Document]:
    """What a list names by itself; nothing of it is fetched."""
    if any(entry.named for entry in listing.entries):
        yield listing.document
    others = len({entry.url for entry in listing.entries if not entry.named})
    if others:
        many = "1 address was" if others == 1 else f"{others:,} addresses were"
        problems.append(f"{listing.document.name}: {many} not fetched; podcat add fetches them")
