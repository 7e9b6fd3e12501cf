"""The `.rss` and `.json` beside every list: one selection, rendered once for each change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response

from podcat.catalogue import Catalogue
from podcat.catalogue.overview import computed_guid
from podcat.feed import Channel, FeedPage, jsonfeed, rss
from podcat.feed.page import fitted
from podcat.model import Cursor, Episode, Selection
from podcat.web.http import JSON_FEED, RSS, Body, make_body, now, send
from podcat.web.query import NO_QUESTION, Query
from podcat.web.site import absolute, base_url, site

FACES: dict[str, tuple[Callable[[FeedPage], bytes], str]] = {
    "rss": (rss.render, RSS),
    "json": (jsonfeed.render, JSON_FEED),
}


@dataclass(frozen=True)
class Source:
    """A list as a feed: what it is called, where it is, what is in it."""

    channel: Channel
    path: str
    """Path of its HTML face, percent-encoded."""
    query: Query = NO_QUESTION
    episodes: tuple[Episode, ...] | None = None
    """What is in it where that is no selection; all of it that fits on one page."""
    declared: bool = False
    """Whether it has a name of its own, by which its podcast:guid is kept."""
    private: bool = False
    """Whether `path` is an address of somebody's own, which nobody else may see."""

    def address(self, face: str, after: Cursor | None = None) -> str:
        """Full address of a face, with its question."""
        return absolute(f"{self.path}.{face}{self.query.paged(after)}")

    @property
    def page_address(self) -> str:
        """Full address of the HTML face; apps show it to others, so a private one stays unsaid."""
        if self.private:
            return f"{base_url()}/"
        return absolute(f"{self.path}{self.query.paged(None)}")


def answer(source: Source, face: str) -> Response:
    """The bytes of a face, from the cache where nothing changed."""
    asked = now()
    render, content_type = FACES[face]
    key = (source.address(face, source.query.after), base_url())
    body = site().cache.get(key, site().catalogue.revision(), lambda: _body(source, face, render))
    hub = _hub(source)
    return send(body, content_type, asked, {"hub": hub, "self": key[0]} if hub else {})


def _body(source: Source, face: str, render: Callable[[FeedPage], bytes]) -> Body:
    catalogue = site().catalogue
    episodes, following = _contents(catalogue, source)
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
        updated=max((episode.changed_at for episode in episodes), default=None),
        json_url=source.address("json", here),
        rss_url=source.address("rss", here),
        hub_url=_hub(source),
    )
    return make_body(fitted(page, render, lambda cursor: source.address(face, cursor)))


def _hub(source: Source) -> str | None:
    """The hub that is told of this address: it is of declared feeds alone, and of their first page.

    A reader that counts on a hub asks seldom: so none is named where nobody tells it.
    """
    whole = not source.query.pairs and source.query.after is None
    told = source.declared and not source.private and whole
    return site().config.hub if told and site().config.base_url else None


def _contents(catalogue: Catalogue, source: Source) -> tuple[tuple[Episode, ...], Cursor | None]:
    if source.episodes is not None:
        return _following(source.episodes, source.query.after), None
    channel = source.channel
    listing = catalogue.episodes(
        channel.selection, after=source.query.after, limit=channel.limit, order=source.query.order
    )
    return listing.episodes, listing.next


def _following(episodes: tuple[Episode, ...], after: Cursor | None) -> tuple[Episode, ...]:
    """Those after one of them, in an order of their own; none where that one is gone."""
    if after is None:
        return episodes
    place = next((n for n, one in enumerate(episodes, 1) if one.id == after.id), len(episodes))
    return episodes[place:]


def _guid(catalogue: Catalogue, source: Source) -> str:
    """The podcast:guid: the one kept of a declared feed, computed for all else.

    Nothing is written here: an address that a visitor made up must not stay for ever.
    """
    # Not of a private address: a guid is for all eyes.
    url = absolute(f"{source.channel.path}.rss") if source.private else source.address("rss")
    if source.declared and not source.query.pairs:
        return catalogue.feed_guid(source.channel.name, url, keep=False)
    return computed_guid(url)


def contains(catalogue: Catalogue, selection: Selection, episode: Episode) -> bool:
    """Whether an episode belongs to a selection, by the database's own judgement."""
    just_before = Cursor(episode.sort_at, episode.id + 1)
    found = catalogue.episodes(selection, after=just_before, limit=1).episodes
    return bool(found) and found[0].id == episode.id
