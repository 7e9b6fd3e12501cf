"""What is on the documents that came in; nothing is fetched.

It is loaded when the first one comes: whoever only looks at pages does not need it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from podcat import documents, ingest
from podcat.documents import Listing, megabytes
from podcat.errors import SourceError
from podcat.model import Document, Page
from podcat.web.adding.forms import limit

_DOCUMENTS: Final = 200  # that one preview reads: an archive may hold thousands
_RECORDINGS: Final = 1000
_UNPACKED: Final = 64 * 2**20
_SECONDS: Final = 20.0


@dataclass(frozen=True)
class Read:
    """What was made of what came in."""

    found: list[tuple[Document, Page]]
    problems: list[str]
    """One line for each thing that could not be read."""


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
