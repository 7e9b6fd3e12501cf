"""One page of a feed, and what every format says of each episode on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from podcat import text
from podcat.feed import notes
from podcat.feed.channel import PLAYABLE, Channel
from podcat.feed.media import Enclosure, enclosure, http
from podcat.model import Episode, Person

DESCRIPTION_BYTES: Final = 4000  # Apple and PSP-1 cut or refuse what is longer


@dataclass(frozen=True, slots=True)
class FeedPage:
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
    episodes: tuple[Episode, ...]
    next_url: str | None = None
    """What comes after, in the same format."""
    first_url: str | None = None
    updated: int | None = None
    """Newest change of what is on it, in seconds since 1970; None when nothing is."""
    json_url: str | None = None
    rss_url: str | None = None
    """The same feed in the other formats."""


@dataclass(frozen=True, slots=True)
class Item:
    """An episode as feeds show it, whatever their format."""

    episode: Episode
    title: str
    link: str
    """The publisher's page, else the page it appears on, else our own."""
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

    @property
    def authors(self) -> tuple[str, ...]:
        """The names of the people, each once."""
        return tuple(dict.fromkeys(person.name for person in self.people))


def items(page: FeedPage) -> Iterator[Item]:
    """The items of a page in its order, without those that `left_out` names.

    No file twice: directories would drop one of the items, so the second stands without it.
    """
    for episode, file, reason in _chosen(page.episodes, page.channel.items == PLAYABLE):
        if reason is None:
            yield _item(episode, page.base_url, file)


def left_out(episodes: Iterable[Episode], channel: Channel) -> Iterator[tuple[Episode, str]]:
    """The episodes that are not published, and why: lint would call their items an error."""
    for episode, _, reason in _chosen(episodes, channel.items == PLAYABLE):
        if reason is not None:
            yield episode, reason


def _chosen(
    episodes: Iterable[Episode], playable: bool
) -> Iterator[tuple[Episode, Enclosure | None, str | None]]:
    """Each episode with its file, and why it is not published if it is not."""
    guids: set[str] = set()
    files: set[str] = set()
    for episode in episodes:
        guid = text.scrub(episode.guid).strip()
        file = enclosure(episode)
        twice = file is not None and file.url in files
        if not guid:
            yield episode, None, "has no guid"
        elif guid in guids:
            yield episode, None, "has the guid of another one"
        elif playable and file is None:
            yield episode, None, "has no file that apps can play"
        elif playable and twice:
            yield episode, None, "has the same file as another one"
        else:
            yield episode, None if twice else file, None
            files.update([file.url] if file else [])
        guids.add(guid)


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


def _item(episode: Episode, base_url: str, file: Enclosure | None) -> Item:
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
        link=link or page or own,
        own_url=own,
        player_url=player or link,
        enclosure=file,
        description=_description(episode, title, found_on),
        notes=notes.show_notes(episode, links),
        people=tuple(notes.named(episode.people)),
        image_url=http(episode.image_url),
        transcript_url=transcript,
        published=moment(episode.sort_at),
    )


def _description(episode: Episode, title: str, found_on: str) -> str:
    if said := text.scrub(episode.description or "").strip():
        return said
    return f"A recording from the page “{found_on}”." if found_on else title
