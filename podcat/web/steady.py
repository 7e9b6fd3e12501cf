"""Where lists are cut into the pages of a site of files: at episodes, not at numbers.

Pages of thirty each would all change when one recording comes in before them. Here one episode in
so many ends a page wherever it stands, by its id alone; so what is added or taken away changes the
page that it is on, and at most some beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, TypeVar
from zlib import crc32

from podcat.catalogue import Listing
from podcat.catalogue.paging import Part
from podcat.model import Cursor

_FEWEST, _MOST = 0.5, 1.5
"""Entries of a page, for one that is asked for; nearly all are between them."""


class Numbered(Protocol):
    """Something with a number that it keeps."""

    @property
    def id(self) -> int:
        """The number."""


class Placed(Numbered, Protocol):
    """Something that has an episode's place in the order of time."""

    @property
    def sort_at(self) -> int:
        """Seconds since 1970."""


P = TypeVar("P", bound=Placed)


def asked_for(usual: int) -> int:
    """How many to read where a page has `usual` entries."""
    return round(usual * _MOST)


def length(found: Sequence[Numbered], usual: int, *, more: bool) -> int:
    """How many of the entries found make a page; `more` is whether there are others after them."""
    if not more and len(found) <= usual:
        return len(found)
    fewest = max(1, round(usual * _FEWEST))
    ends = (n for n, one in enumerate(found, 1) if n >= fewest and _ends_a_page(one.id, fewest))
    return next(ends, len(found))


def _ends_a_page(number: int, one_in: int) -> bool:
    return crc32(str(number).encode()) % one_in == 0


def listing(found: Listing, usual: int) -> Listing:
    """A page of a list; only what comes after it is named."""
    kept, following = _cut(found.episodes, usual, found.next)
    return Listing(kept, following)


def part(found: Part[P], usual: int) -> Part[P]:
    """A page of a feed; only what comes after it is named."""
    kept, following = _cut(found.found, usual, found.next)
    return replace(found, found=kept, next=following, previous=None)


def _cut(
    found: tuple[P, ...], usual: int, following: Cursor | None
) -> tuple[tuple[P, ...], Cursor | None]:
    kept = found[: length(found, usual, more=following is not None)]
    if len(kept) == len(found):
        return kept, following
    return kept, Cursor(kept[-1].sort_at, kept[-1].id)
