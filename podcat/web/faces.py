"""The `.rss` and `.json` beside every list: one selection, rendered once for each change."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Response

from podcat.catalogue import Catalogue
from podcat.errors import DatabaseError
from podcat.feed import Channel, FeedPage, jsonfeed, rss
from podcat.model import Cursor, Episode, Selection
from podcat.web.http import JSON_FEED, RSS, Body, make_body, send
from podcat.web.query import NO_QUESTION, Query
from podcat.web.site import absolute, base_url, site

FACES: dict[str, tuple[Callable[[FeedPage], bytes], str]] = {
    "rss": (rss.render, RSS),
    "json": (jsonfeed.render, JSON_FEED),
}
# The namespace that Podcasting 2.0 gives for podcast:guid.
_GUIDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


@dataclass(frozen=True)
class Source:
    """A list as a feed: what it is called, where it is, what is in it."""

    channel: Channel
    name: str
    """What it is known by when its address changes: key of the podcast:guid."""
    path: str
    """Path of its HTML face, percent-encoded."""
    query: Query = NO_QUESTION
    episodes: tuple[Episode, ...] | None = None
    """What is in it where that is no selection; all on one page."""

    def address(self, face: str, after: Cursor | None = None) -> str:
        """Full address of a face, with its question."""
        return absolute(f"{self.path}.{face}{self.query.paged(after)}")

    @property
    def page_address(self) -> str:
        """Full address of the HTML face."""
        return absolute(f"{self.path}{self.query.paged(None)}")


def answer(source: Source, face: str) -> Response:
    """The bytes of a face, from the cache where nothing changed."""
    render, content_type = FACES[face]
    key = (source.address(face, source.query.after), base_url())
    body = site().cache.get(key, site().catalogue.revision(), lambda: _body(source, face, render))
    return send(body, content_type)


def _body(source: Source, face: str, render: Callable[[FeedPage], bytes]) -> Body:
    catalogue = site().catalogue
    episodes, following = _contents(catalogue, source)
    updated = _updated(catalogue, source)
    here = source.query.after
    page = FeedPage(
        channel=source.channel,
        guid=_guid(catalogue, source),
        self_url=source.address(face, here),
        page_url=source.page_address,
        base_url=base_url(),
        episodes=episodes,
        next_url=source.address(face, following) if following else None,
        first_url=source.address(face) if here or following else None,
        updated=updated,
        json_url=source.address("json", here),
        rss_url=source.address("rss", here),
    )
    return make_body(render(page), updated)


def _contents(catalogue: Catalogue, source: Source) -> tuple[tuple[Episode, ...], Cursor | None]:
    if source.episodes is not None:
        return source.episodes, None
    channel = source.channel
    listing = catalogue.episodes(channel.selection, after=source.query.after, limit=channel.limit)
    return listing.episodes, listing.next


def _updated(catalogue: Catalogue, source: Source) -> int | None:
    if source.episodes is not None:
        return max((episode.changed_at for episode in source.episodes), default=None)
    return catalogue.newest_change(source.channel.selection)


def _guid(catalogue: Catalogue, source: Source) -> str:
    """The podcast:guid, kept for lists that last; a visitor's question never writes anything."""
    url = source.address("rss")
    if source.query.pairs:
        return computed_guid(url)
    try:
        return catalogue.feed_guid(source.name, url)
    except DatabaseError:  # read-only: the same rule gives the same guid for the same address
        return computed_guid(url)


def computed_guid(url: str) -> str:
    """What Podcasting 2.0's rule gives for a feed address."""
    split = urlsplit(url)
    name = url.removeprefix(f"{split.scheme}://").rstrip("/")
    return str(uuid.uuid5(_GUIDS, name))


def contains(catalogue: Catalogue, selection: Selection, episode: Episode) -> bool:
    """Whether an episode belongs to a selection, by the database's own judgement."""
    just_before = Cursor(episode.sort_at, episode.id + 1)
    found = catalogue.episodes(selection, after=just_before, limit=1).episodes
    return bool(found) and found[0].id == episode.id
