"""What the catalogue answers with, beside the words of podcat.model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from podcat.model import Appearance, Cursor, Episode, Origin

UNKNOWN: Final = "unknown"
ALIVE: Final = "alive"
FAILING: Final = "failing"
DEAD: Final = "dead"
HEALTHS: Final = (UNKNOWN, ALIVE, FAILING, DEAD)
"""What can be believed of an address after all looks at it."""


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
class Bar:
    """A day, month, year or decade of a timeline."""

    since: str
    """Its first part as a date of that exactness: `2019-03-04`, `2019-03`, `2019`."""
    until: str
    """Its last part: the same, but for a decade, which ends with `1999`."""
    episodes: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """How many episodes there are in each stretch of time, from the first to the last."""

    unit: str = "day"
    """day, month, year or decade"""
    bars: tuple[Bar, ...] = ()
    """Without gaps: a stretch with nothing in it has a bar of 0."""
    undated: int = 0
    """Episodes without a date, which no bar counts."""


@dataclass(frozen=True, slots=True)
class Facets:
    """What a selection can be narrowed by, and what would be left."""

    episodes: int = 0
    """How many were looked at: the newest."""
    complete: bool = True
    """Whether these are all."""
    tags: tuple[Count, ...] = ()
    """Most episodes first; so are people, programmes and providers."""
    people: tuple[Count, ...] = ()
    programmes: tuple[Count, ...] = ()
    providers: tuple[Count, ...] = ()
    years: tuple[Count, ...] = ()
    """The latest first."""
    playable: tuple[int, int] = (0, 0)
    """How many have no file, and how many have one."""
    health: Mapping[str, int] = field(default_factory=dict)
    """By what can be believed of them: unknown, alive, failing, dead."""
    timeline: Timeline = field(default_factory=Timeline)


@dataclass(frozen=True, slots=True)
class Related:
    """An episode that shares something with another."""

    kind: str
    """person, tag or programme"""
    slug: str
    name: str
    episode: Episode


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
    """What opens a private feed, or lets somebody add, without the secret itself."""

    id: int
    feed: str
    """Empty for one that is for adding."""
    label: str
    made_at: int
    revoked_at: int | None = None
    scope: str = "feed"
    """`feed` or `add`."""


# ---------------------------------------------------------------- looks at addresses


@dataclass(frozen=True, slots=True)
class Check:
    """One look at one address."""

    url: str
    kind: str
    """player, page, audio, transcript or image"""
    state: str
    """As the contract names them."""
    checked_at: int
    """Seconds since 1970; so are all times here."""
    provider: str | None = None
    id: str | None = None
    status: int | None = None
    """HTTP status; None where nobody answered, or nobody asked."""
    detail: str = ""
    suggestion: str | None = None
    """A better address."""
    rule: str = ""
    """Which rule of judgement spoke."""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    """What is worth keeping of the answer: hops, type, length, trouble."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an address stands after all looks at it; `podcat.check.history` has the rules."""

    state: str
    """What the last look said."""
    since: int
    """When a look said so first."""
    health: str
    first_checked: int
    last_checked: int
    due_at: int
    """When to look again."""
    last_ok: int | None = None
    failing_since: int | None = None
    dead_since: int | None = None
    recovered_at: int | None = None
    """The first look at which it was alive again; None when it has failed since."""
    failures: int = 0
    """Looks in a row that failed."""
    strikes: int = 0
    struck_at: int | None = None
    """Failures far enough apart to count, and when the last of them was."""
    gone: int = 0
    gone_at: int | None = None
    """The same for answers that say that it is gone."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a look did to the standing of an address."""

    url: str
    before: str | None
    """Health; None before the first look."""
    after: str


@dataclass(frozen=True, slots=True)
class Watched:
    """An address with its standing, and what the last look at it said."""

    url: str
    kind: str
    provider: str | None
    id: str | None
    standing: Standing
    status: int | None
    detail: str
    suggestion: str | None
    episodes: tuple[int, ...] = ()
    """Those that have it and are shown."""
    published: str | None = None
    """The first date that one of them, or its page, states."""
    first_seen: int | None = None
    """When the first of them came into the catalogue."""


@dataclass(frozen=True, slots=True)
class WatchedListing:
    """One page of a list of addresses."""

    links: tuple[Watched, ...]
    next: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """An address that is to be looked at."""

    url: str
    kind: str
    provider: str | None
    id: str | None


@dataclass(frozen=True, slots=True)
class LinkCount:
    """How many addresses of a provider stand alike."""

    provider: str | None
    health: str
    state: str
    links: int
