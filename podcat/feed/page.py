"""One page of a feed, and what every format says of each episode on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Generic, Protocol, TypeVar
from urllib.parse import quote

from podcat import text
from podcat.feed import notes
from podcat.feed.channel import KEEP, LEAVE_OUT, PLAYABLE, Channel
from podcat.feed.media import Enclosure, alternates, enclosure, http
from podcat.model import END, Cursor, Episode, Person, Show

DESCRIPTION_BYTES: Final = 4000  # Apple and PSP-1 cut or refuse what is longer
PAGE_BYTES: Final = 1_000_000
"""What one page of a feed may have; some programs refuse more."""
COVER: Final = "/static/cover.png"
"""Path of the picture of feeds that have none of their own: square, 1400 pixels wide."""
# With these, and addresses as long as they may be, one item alone stays below that.
_NOTES_BYTES: Final = 60_000
_CAPTION: Final = 2000  # characters
_NAME: Final = 255  # characters; PSP-1
_NAMES: Final = 40


# Behind the title: apps sort by how it begins, and show its end on the page of the episode.
_GONE: Final = " (no longer online)"
_UNPLAYABLE: Final = "has no file that apps can play"


class Placed(Protocol):
    """Something that has an episode's place in the order of time."""

    @property
    def id(self) -> int:
        """The episode's."""

    @property
    def sort_at(self) -> int:
        """Seconds since 1970."""


T = TypeVar("T")
Entry = tuple[T, int, str, str | None]
"""Something with the id and the guid of its episode, and the address of its file."""
P = TypeVar("P", bound=Placed)


class Dead(Protocol):
    """What is known of an episode that nobody can listen to any more."""

    @property
    def since(self) -> int:
        """Seconds since 1970."""

    @property
    def archived(self) -> str:
        """Address of an old copy, if there is one."""


@dataclass(frozen=True, slots=True)
class FeedPage(Generic[P]):
    """All that a renderer needs: equal pages give equal bytes. Addresses are absolute."""

    channel: Channel
    guid: str
    """podcast:guid of the feed, made once and stored."""
    self_url: str
    """Exactly the address it is served at."""
    page_url: str
    """The page for people that shows the same selection."""
    base_url: str
    """Of this podcat, without a final slash."""
    episodes: tuple[P, ...]
    """In the order of the feed, or as much of them as a renderer needs."""
    next_url: str | None = None
    """What comes after, in the same format; so with the following."""
    previous_url: str | None = None
    first_url: str | None = None
    last_url: str | None = None
    updated: int | None = None
    """Newest change of what is on it, in seconds since 1970; None when nothing is."""
    json_url: str | None = None
    rss_url: str | None = None
    """The same feed in the other formats."""
    hub_url: str | None = None
    """The WebSub hub that is told when this address has something new."""
    shows: tuple[Show, ...] = ()
    """The feeds of others from which episodes on this page are known."""
    dead: Mapping[int, Dead] = field(default_factory=dict)
    """Ids of episodes on it that are dead; `channel.dead` says what comes of that."""

    @property
    def image_url(self) -> str:
        """The channel's, else our own: no directory takes a feed without one."""
        return http(self.channel.image) or f"{self.base_url}{COVER}"


@dataclass(frozen=True, slots=True)
class Item:
    """An episode as feeds show it, whatever their format."""

    episode: Episode
    title: str
    link: str
    """The recording's page; else that it appears on for a file, its player where there is none."""
    own_url: str
    player_url: str | None
    enclosure: Enclosure | None
    description: str
    """Plain text, never empty."""
    notes: str
    """HTML."""
    people: tuple[Person, ...]
    """With clean names."""
    image_url: str | None
    transcript_url: str | None
    published: dt.datetime | None
    alternates: tuple[Enclosure, ...] = ()
    """Further files of the same recording."""

    @property
    def authors(self) -> tuple[str, ...]:
        """The names of the people, each once."""
        return tuple(dict.fromkeys(person.name for person in self.people))


Address = Callable[[Cursor | None, Cursor | None], str]
"""Of the page of a feed after one cursor or before another; of the first one with neither."""


def fitted(
    page: FeedPage[P],
    render: Callable[[FeedPage[P]], bytes],
    address: Address,
    *,
    backwards: bool = False,
) -> bytes:
    """The page rendered, with so many of its episodes that it has at most `PAGE_BYTES`.

    The others go to the page after it; `backwards`, where it is known by what comes after it, to
    the one before it.
    """
    while len(data := render(page)) > PAGE_BYTES and len(page.episodes) > 1:
        most = len(page.episodes)
        few = max(1, min(most - 1, most * PAGE_BYTES // len(data)))
        kept = page.episodes[-few:] if backwards else page.episodes[:few]
        page = _cut(page, kept, address, backwards)
    return data


def _cut(page: FeedPage[P], kept: tuple[P, ...], address: Address, backwards: bool) -> FeedPage[P]:
    cursor = Cursor(kept[0 if backwards else -1].sort_at, kept[0 if backwards else -1].id)
    page = replace(page, episodes=kept, first_url=address(None, None))
    if backwards:
        return replace(page, previous_url=address(None, cursor))
    return replace(page, next_url=address(cursor, None), last_url=address(None, END))


def items(page: FeedPage[Episode]) -> Iterator[Item]:
    """The items of a page in its order, without those that `left_out` names.

    No file twice: directories would drop one of the items, so the second stands without it.
    """
    for (episode, file), twice, reason in chosen(_filed(page.episodes), page.channel, page.dead):
        if reason is None:
            dead = page.dead.get(episode.id) if page.channel.dead != KEEP else None
            item = item_of(episode, page.base_url, None if twice else file)
            yield item if dead is None else _marked(item, dead)


def left_out(
    episodes: Iterable[Episode], channel: Channel, dead: Mapping[int, Dead] | None = None
) -> Iterator[tuple[Episode, str]]:
    """The episodes that are not published, and why: lint would call their items an error.

    Where the channel leaves out what is dead, those, too.
    """
    for (episode, _), _, reason in chosen(_filed(episodes), channel, dead or {}):
        if reason is not None:
            yield episode, reason


def _filed(episodes: Iterable[Episode]) -> Iterator[Entry[tuple[Episode, Enclosure | None]]]:
    for episode in episodes:
        file = enclosure(episode)
        yield (episode, file), episode.id, episode.guid, file.url if file else None


def chosen(
    entries: Iterable[Entry[T]], channel: Channel, dead: Mapping[int, Dead]
) -> Iterator[tuple[T, bool, str | None]]:
    """Each thing with whether its file stood before, and why it is not published if it is not."""
    playable = channel.items == PLAYABLE
    gone = dead if channel.dead == LEAVE_OUT else {}
    guids: set[str] = {""}
    files: set[str | None] = {None}
    for thing, number, said, file in entries:
        guid, twice = text.scrub(said).strip(), file in files
        if guid in guids:
            yield thing, twice, "has the guid of another one" if guid else "has no guid"
        elif number in gone:
            yield thing, twice, f"is dead since {_day(gone[number].since)}"
        elif playable and twice:
            yield thing, twice, _UNPLAYABLE if file is None else "has the same file as another one"
        else:
            yield thing, twice and file is not None, None
            files.add(file)
        guids.add(guid)


def _day(seconds: int) -> str:
    when = moment(seconds)
    return f"{when.day} {text.MONTHS[when.month - 1]} {when.year}" if when else "long ago"


def episode_url(base_url: str, episode: Episode) -> str:
    """Address of our own page of an episode: `{base}/episodes/{id}-{slug}`."""
    slug = text.slug(episode.title or "")
    return f"{base_url}/episodes/{episode.id}" + ("" if slug == "-" else f"-{quote(slug)}")


def moment(seconds: int | None) -> dt.datetime | None:
    """Seconds since 1970 as a time in UTC; None for what no calendar holds."""
    try:
        return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def clip(plain: str, most: int = DESCRIPTION_BYTES) -> str:
    """A text cut at a word so that it has at most so many bytes in UTF-8."""
    data = plain.encode()
    if len(data) <= most:
        return plain
    kept = data[: most - 3].decode(errors="ignore")  # three bytes for the ellipsis
    return (kept.rsplit(None, 1)[0] if " " in kept else kept) + "…"


def within(plain: str, most: int, write: Callable[[str], str]) -> str:
    """A text cut so that, as `write` writes it, it has at most so many bytes in UTF-8."""
    limit = most
    while (size := len(write(kept := clip(plain, limit)).encode())) > most:
        limit = limit * most // size  # what is written is longer than the text
    return kept


def _bounded(episode: Episode) -> Episode:
    """The episode with no text or list so long that its item would fill a page of the feed."""
    if _is_short(episode):
        return episode
    people = (
        Person(
            notes.shorten(one.name, _NAME),
            notes.shorten(one.role, _NAME),
            notes.shorten(one.about, _NAME) if one.about else None,
        )
        for one in episode.people[:_NAMES]
    )
    return replace(
        episode,
        description=within(text.scrub(episode.description or ""), _NOTES_BYTES, notes.paragraphs),
        image_caption=notes.shorten(episode.image_caption or "", _CAPTION),
        image_credit=notes.shorten(episode.image_credit or "", _CAPTION),
        people=tuple(people),
        tags=tuple(notes.shorten(tag, _NAME) for tag in episode.tags[:_NAMES]),
    )


def _marked(item: Item, dead: Dead) -> Item:
    """The item with what is known of its death in title and notes; its guid stays."""
    said = f"It has not been reachable since {_day(dead.since)}."
    copy = ("An old copy, if the Wayback Machine has one", http(dead.archived))
    return replace(
        item,
        title=notes.shorten(item.title, notes.LONGEST - len(_GONE)) + _GONE,
        description=f"{said}\n{item.description}",
        notes="\n".join([notes.paragraphs(said), notes.links_of([copy]), item.notes]),
    )


def _is_short(episode: Episode) -> bool:
    """Whether nothing has to be cut, whatever it is written as; nearly all are so."""
    caption = len(episode.image_caption or "") + len(episode.image_credit or "")
    names = len(episode.people) <= _NAMES and len(episode.tags) <= _NAMES
    texts = [len(tag) for tag in episode.tags]
    texts += [len(one.name) + len(one.role) + len(one.about or "") for one in episode.people]
    # A sign takes at most 12 bytes: an empty line between two of one sign each, as HTML.
    short = len(episode.description or "") * 12 <= _NOTES_BYTES and caption <= _CAPTION
    return short and names and max(texts, default=0) <= _NAME


def item_of(episode: Episode, base_url: str, file: Enclosure | None) -> Item:
    """What feeds say of an episode that stands with this file."""
    episode = _bounded(episode)
    own = episode_url(base_url, episode)
    page, link, player = map(http, (episode.page_url, episode.link, episode.embed_url))
    transcript = http(episode.transcript_url)
    title = notes.shorten(
        text.clean(episode.title) or f"Untitled recording ({text.scrub(episode.provider)})"
    )
    found_on = notes.shorten(text.clean(episode.page_title) or "")
    links = (
        ("Listen in the player", player),
        ("Page of the recording", link),
        ("Audio or video file", None if file else http(episode.media_url)),
        (f"Found on: {found_on or 'this page'}", page),
        ("Transcript", transcript),
        ("Notes and sources", own),
    )
    return Item(
        episode=episode,
        title=title,
        # Some programs take what they find behind the link of an item without a file: on the page
        # it appears on that can be another recording.
        link=link or (None if file else player) or page or own,
        own_url=own,
        player_url=player or link,
        enclosure=file,
        description=_description(episode, title, found_on),
        notes=notes.show_notes(episode, links),
        people=tuple(notes.named(episode.people)),
        image_url=http(episode.image_url),
        transcript_url=transcript,
        published=moment(episode.sort_at),
        alternates=alternates(episode, file),
    )


def _description(episode: Episode, title: str, found_on: str) -> str:
    if said := text.scrub(episode.description or "").strip():
        return said
    return f"A recording from the page “{found_on}”." if found_on else title
