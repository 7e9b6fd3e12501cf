"""What the catalogue answers with, beside the words of podcat.model."""

from __future__ import annotations

from dataclasses import dataclass

from podcat.model import Cursor, Episode


@dataclass(frozen=True, slots=True)
class Outcome:
    """What storing a document did: each of its episodes is new, changed or unchanged."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    unresolved: int = 0
    """How many of them are announced only: no document known so far has an id or address."""
    episodes: tuple[int, ...] = ()
    """Ids in the order of the document."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list of episodes, newest first."""

    episodes: tuple[Episode, ...]
    next: Cursor | None = None
    """Where the following page starts; None on the last."""


@dataclass(frozen=True, slots=True)
class Count:
    """A tag, person, programme or provider and how many episodes it has."""

    slug: str
    name: str
    episodes: int


@dataclass(frozen=True, slots=True)
class Refused:
    """An address in a document that goes a provider's way but can be none of its players."""

    url: str
    provider: str
    reason: str
    document: str
    line: int | None


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A source page."""

    id: int
    url: str | None = None
    site: str | None = None
    title: str | None = None
    published: str | None = None
    byline: str | None = None
    language: str | None = None
