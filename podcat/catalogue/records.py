"""What the catalogue answers with, beside the words of podcat.model."""

from __future__ import annotations

from dataclasses import dataclass

from podcat.model import Appearance, Cursor, Episode, Origin


@dataclass(frozen=True, slots=True)
class Outcome:
    """What storing a document did: each of its episodes is new, changed or unchanged."""

    episodes: tuple[int, ...] = ()
    """Ids in the order of the document."""
    made: frozenset[int] = frozenset()
    altered: frozenset[int] = frozenset()
    """Those that were there and show something else now."""
    announced: frozenset[int] = frozenset()
    """Those that are announced only: no document known so far has an id or address."""

    @property
    def new(self) -> int:
        """How many are new."""
        return len(self.made)

    @property
    def changed(self) -> int:
        """How many show something else now."""
        return len(self.altered)

    @property
    def unchanged(self) -> int:
        """How many are as they were."""
        return len(self.episodes) - self.new - self.changed

    @property
    def unresolved(self) -> int:
        """How many are announced only."""
        return len(self.announced)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list of episodes."""

    episodes: tuple[Episode, ...]
    next: Cursor | None = None
    """Where the following page starts; None on the last."""
    previous: Cursor | None = None
    """Before what the page before this one ends; None on the first."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many episodes there are, as far as they were counted."""

    episodes: int
    complete: bool = True
    """Whether these are all; else there are at least so many."""

    @property
    def tells(self) -> bool:
        """Whether it says anything."""
        return self.complete or self.episodes > 0


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


@dataclass(frozen=True, slots=True)
class Alias:
    """An episode that turned out to be another one; its number and guid still lead there."""

    id: int
    guid: str


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person said: a value of a field, None for "there is none"; `tag` and `no tag`."""

    field: str
    value: str | None
    at: int


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything that is known of one episode."""

    episode: Episode
    hidden: bool
    """Whether it is in no list, feed, search or count."""
    appearances: tuple[Appearance, ...]
    origins: tuple[Origin, ...]
    keys: tuple[str, ...]
    """By what it is told from others; `key#label` counts only on pages that were split off."""
    aliases: tuple[Alias, ...]
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """What opens a private feed, without the secret itself."""

    id: int
    feed: str
    label: str
    made_at: int
    revoked_at: int | None = None
