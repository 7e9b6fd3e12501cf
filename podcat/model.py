"""The words of podcat as frozen dataclasses: what is read, what is found, what is kept.

Times are integer seconds since 1970 in UTC; lengths are whole seconds; dates are ISO 8601
strings as exact as their source (`2019-10-29`, or with time and zone). None is "not known".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

IDENTIFIED: Final = "identified"
UNRESOLVED: Final = "unresolved"

# Fields of an embed in the order of the JSON contract; people and page follow them.
FIELDS: Final = (
    "provider", "id", "status", "kind", "title", "description", "programme", "language",
    "duration", "published", "embed_url", "link", "audio_url", "transcript_url", "image_url",
    "has_download", "has_transcript",
)  # fmt: skip

# Fields beyond the contract, printed after it.
EXTRA_FIELDS: Final = (
    "event_date", "video_url", "image_caption", "image_credit", "start",
)  # fmt: skip

# How far a rule is to be trusted: the first word of its name, strongest first.
# json: data the page carries for its own player; html: marked-up text; text: plain-text lines;
# page: what the page says of itself; derived: built by a provider's rule, seen nowhere.
CARRIERS: Final = ("person", "json", "html", "text", "page", "derived")


@lru_cache(maxsize=1024)
def strength(rule: str) -> int:
    """How far to trust a rule by its name, `carrier/name`: larger is better."""
    carrier = rule.partition("/")[0]
    return len(CARRIERS) - CARRIERS.index(carrier) if carrier in CARRIERS else 0


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes to read, with what is known of where they came from."""

    name: str
    """What a person calls it: a path, `-`, an address."""
    data: bytes
    url: str | None = None
    content_type: str | None = None
    """As a server stated it, with its charset."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in a recording; role is host, guest, reporter, moderator, speaker or author."""

    name: str
    role: str
    about: str | None = None
    """Who that is, in the page's words: `author of the Qishloq Ovozi blog`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document: line counts from 1; path is an XPath in HTML."""

    line: int | None = None
    path: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The contract's `{"line"}` or `{"path", "line"}`."""
        return {"line": self.line} if self.path is None else {"path": self.path, "line": self.line}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a rule proposes for a field; rule is `carrier/name`."""

    field: str
    value: Any
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What is known of a recording, on a page or in the catalogue."""

    kind: str | None = None
    title: str | None = None
    description: str | None = None
    programme: str | None = None
    language: str | None = None
    duration: int | None = None
    published: str | None = None
    event_date: str | None = None
    """The day of the recorded event; `--01-13` where the document states no year."""
    embed_url: str | None = None
    link: str | None = None
    audio_url: str | None = None
    video_url: str | None = None
    transcript_url: str | None = None
    image_url: str | None = None
    image_caption: str | None = None
    image_credit: str | None = None
    has_download: bool | None = None
    has_transcript: bool | None = None
    start: int | None = None
    """Second at which the page starts the player."""
    people: tuple[Person, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Embed(Recording):
    """One player or recording announced on a page."""

    provider: str
    place: Place
    id: str | None = None
    status: str = IDENTIFIED
    provenance: Mapping[str, str] = field(default_factory=dict)
    """Field to the rule that gave it."""
    candidates: tuple[Candidate, ...] = ()
    """Every value proposed, the chosen ones among them."""

    @property
    def derived(self) -> frozenset[str]:
        """Fields whose value was built by a rule and is not stated in the document."""
        return frozenset(f for f, rule in self.provenance.items() if rule.startswith("derived/"))


@dataclass(frozen=True, slots=True)
class Page:
    """A document with what it says of itself, and the embeds on it in document order."""

    url: str | None = None
    site: str | None = None
    title: str | None = None
    published: str | None = None
    byline: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    form: str = "text"
    """`text` for a plain-text extract, `html`."""
    encoding: str | None = None
    embeds: tuple[Embed, ...] = ()
    refused: tuple[Refusal, ...] = ()
    damage: tuple[str, ...] = ()
    """One line for each thing that is broken in the document itself."""
    modified: str | None = None
    description: str | None = None
    image_url: str | None = None
    image_caption: str | None = None
    image_credit: str | None = None
    site_name: str | None = None
    """What the site calls itself; `site` is its host."""
    programme: str | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)
    """Field to the rule that gave it."""
    candidates: tuple[Candidate, ...] = ()
    """Every value proposed for the page's own fields, the chosen ones among them."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An address on a provider's player route that cannot be one of its players, or none."""

    url: str
    provider: str
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class Appearance:
    """An episode on a page, with the place in the document it was read from."""

    page_id: int
    url: str | None
    site: str | None
    title: str | None
    published: str | None
    document: str
    place: Place


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one value of an episode's field comes from."""

    field: str
    value: str
    rule: str
    document: str
    """Name of the document that said so."""
    seen_at: int
    chosen: bool
    """Whether this is the value that the episode shows."""


@dataclass(frozen=True, slots=True)
class Episode(Recording):
    """One recording in the catalogue."""

    id: int
    guid: str
    provider: str
    provider_id: str | None
    status: str
    sort_at: int
    first_seen: int
    changed_at: int
    media_type: str | None = None
    """MIME type of the file behind audio_url or video_url."""
    media_bytes: int | None = None
    derived: frozenset[str] = frozenset()
    """Fields built by a rule and not yet confirmed."""
    page_url: str | None = None
    """Address of the newest page it appears on."""
    page_title: str | None = None

    @property
    def media_url(self) -> str | None:
        """The direct file that can stand as an RSS enclosure, or None for player-only."""
        for name, url in (("audio_url", self.audio_url), ("video_url", self.video_url)):
            if url and name not in self.derived:
                return url
        return None

    @property
    def playable(self) -> bool:
        """Whether there is a direct audio or video file."""
        return self.media_url is not None


class Fragment(NamedTuple):
    """An episode as an item of a feed, rendered. A tuple: feeds of thousands are made of them."""

    file: str | None
    """Address of its enclosure."""
    body: str


class Piece(NamedTuple):
    """An episode's place in a feed, and its item if that was rendered already."""

    id: int
    sort_at: int
    changed_at: int
    guid: str
    fragment: Fragment | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """A set of episodes; every part narrows it. Empty is everything."""

    q: str | None = None
    """Words that must all occur."""
    tags: tuple[str, ...] = ()
    """Slugs, as in the routes; so are people and programme."""
    people: tuple[str, ...] = ()
    programme: str | None = None
    provider: str | None = None
    since: int | None = None
    """First second that belongs to it, by `sort_at`."""
    until: int | None = None
    """First second after it."""
    playable: bool | None = None
    health: str | None = None
    """`alive`, `failing`, `dead` or `unknown`: how it can be heard, after all looks at it."""


@dataclass(frozen=True, slots=True)
class Show:
    """A feed of somebody else."""

    url: str
    guid: str
    """podcast:guid, as its rule makes it of the address."""
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of a list ended: the next one holds what comes after (newest first)."""

    sort_at: int
    id: int

    def __str__(self) -> str:
        return f"{self.sort_at}-{self.id}"


END: Final = Cursor(-(10**15) + 1, 0)
"""A place after every episode: what comes before it is the end of a list."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address that podcat vouches for; kind is player, page, audio, transcript or image."""

    url: str
    kind: str
    provider: str | None
    id: str | None
    document: str
    line: int | None


# Fields of a page that are beyond the contract's five.
PAGE_FIELDS: Final = (
    "language", "modified", "description", "image_url", "image_caption", "image_credit",
    "site_name", "programme", "tags",
)  # fmt: skip


def page_json(page: Page) -> dict[str, Any]:
    """Everything that a document says of itself, with the rules and the values that lost."""
    names = ("url", "site", "title", "published", "byline", *PAGE_FIELDS)
    values = {name: getattr(page, name) for name in names}
    rest = {"provenance": dict(page.provenance), "candidates": page.candidates}
    return values | {"tags": list(page.tags)} | rest


def embed_json(page: Page, embed: Embed) -> dict[str, Any]:
    """The embed as the contract's JSON object; fields beyond the contract come last."""
    values: dict[str, Any] = {name: getattr(embed, name) for name in FIELDS}
    values["people"] = [{"name": p.name, "role": p.role} for p in embed.people]
    values["page"] = {
        name: getattr(page, name) for name in ("url", "site", "title", "published", "byline")
    }
    values["place"] = embed.place.to_json()
    values["provenance"] = dict(embed.provenance)
    values |= {name: getattr(embed, name) for name in EXTRA_FIELDS}
    return values | {"tags": list(embed.tags)}
