"""The `.rss` and `.json` beside every list: one selection, rendered once for each change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, TypeVar

from flask import Response, request

from podcat.catalogue import Catalogue
from podcat.catalogue.health import Health
from podcat.catalogue.overview import computed_guid
from podcat.catalogue.paging import NEWEST, RELEVANCE, Part, Place
from podcat.feed import Channel, FeedPage, jsonfeed
from podcat.feed.channel import KEEP
from podcat.feed.page import Placed, fitted
from podcat.model import END, Cursor, Episode, Selection
from podcat.web.front import FEEDS, READY
from podcat.web.http import JSON_FEED, RSS, Body, now, send
from podcat.web.query import NO_QUESTION, Query
from podcat.web.site import absolute, base_url, site

FACES: dict[str, str] = {"rss": RSS, "json": JSON_FEED}
"""Each face's content type."""


class Dated(Placed, Protocol):
    """Something that has an episode's place, and its time of change."""

    @property
    def changed_at(self) -> int:
        """Seconds since 1970."""


P = TypeVar("P", bound=Dated)


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
    subscribing: str | None = None
    """Path of the page that helps to subscribe; None where that is `path`."""
    private: bool = False
    """Whether `path` is an address of somebody's own, which nobody else may see."""

    def address(self, face: str, after: Cursor | None = None, before: Cursor | None = None) -> str:
        """Full address of a face, with its question and a place in the list."""
        return absolute(f"{self.path}.{face}{self.query.paged(after, before)}")

    def here(self, face: str) -> str:
        """Full address of a face, with all that was asked."""
        return self.address(face, self.query.after, self.query.before)

    @property
    def order(self) -> str:
        """The one that was asked for, else that of the channel."""
        return self.channel.order if self.query.order == NEWEST else self.query.order

    @property
    def is_whole(self) -> bool:
        """Whether nothing was asked but the feed from its start."""
        return str(self.query) == ""

    @property
    def place(self) -> Place:
        """Of the page that was asked for."""
        return Place(self.channel.limit, self.query.after, self.query.before)

    @property
    def subscribe_path(self) -> str:
        """Of the page that helps to subscribe, with the question."""
        return f"{self.subscribing or self.path}{self.query.paged(None)}"

    @property
    def page_address(self) -> str:
        """Full address of the HTML face; apps show it to others, so a private one stays unsaid."""
        if self.private:
            return f"{base_url()}/"
        return absolute(f"{self.path}{self.query.paged(None)}")


def answer(source: Source, face: str) -> Response:
    """The bytes of a face, from the cache where nothing changed."""
    asked = now()
    key = (source.here(face), base_url())
    body = site().cache.get(key, site().catalogue.revision(), lambda: _body(source, face))
    hub = _hub(source)
    if not source.private:  # a token may be revoked, which is asked each time
        request.environ[READY] = key, body, FEEDS
    return send(body, FACES[face], asked, {"hub": hub, "self": key[0]} if hub else {})


def _body(source: Source, face: str) -> Body:
    body = Body(_rendered(source, face))
    if not (source.declared and source.is_whole) or source.private:
        return body  # of what a visitor made up, nothing is kept
    modified = site().renderer.modified(source.here(face), body.digest, now())
    return replace(body, modified=modified)


def _rendered(source: Source, face: str) -> bytes:
    query, renderer = source.query, site().renderer
    asked = source.channel.selection, source.place, source.order
    if source.episodes is not None:
        found = _part(source.episodes, query.after, query.before)
    elif face == "rss" and source.channel.dead == KEEP:
        return _fitted(source, face, renderer.pieces(*asked), renderer.joined)
    else:
        found = site().catalogue.part(*asked)
    return _fitted(source, face, found, renderer.rendered if face == "rss" else jsonfeed.render)


def _fitted(
    source: Source, face: str, listing: Part[P], render: Callable[[FeedPage[P]], bytes]
) -> bytes:
    """The bytes of a page, whatever is known of its episodes."""
    page = _page(source, face, listing)
    backwards = source.query.before is not None
    return fitted(page, render, partial(source.address, face), backwards=backwards)


def _page(source: Source, face: str, listing: Part[P]) -> FeedPage[P]:
    catalogue = site().catalogue
    several = bool(listing.next or listing.previous or source.query.after or source.query.before)
    by_time = source.order != RELEVANCE
    return FeedPage(
        channel=source.channel,
        guid=_guid(catalogue, source),
        self_url=source.here(face),
        page_url=source.page_address,
        base_url=base_url(),
        episodes=listing.found,
        next_url=source.address(face, listing.next) if listing.next else None,
        previous_url=source.address(face, None, listing.previous) if listing.previous else None,
        first_url=source.address(face) if several else None,
        last_url=source.address(face, None, END) if several and by_time else None,
        updated=max((episode.changed_at for episode in listing.found), default=None),
        json_url=source.here("json"),
        rss_url=source.here("rss"),
        hub_url=_hub(source),
        shows=catalogue.shows([episode.id for episode in listing.found]),
        dead=deaths(source.channel, [episode.id for episode in listing.found]),
    )


def deaths(channel: Channel, ids: Sequence[int]) -> dict[int, Health]:
    """The dead ones among episodes, where the feed does something about them."""
    catalogue = site().catalogue
    return {} if channel.dead == KEEP else catalogue.deaths(catalogue.by_ids(ids))


def _hub(source: Source) -> str | None:
    """The hub that is told of this address: it is of declared feeds alone, and of their first page.

    A reader that counts on a hub asks seldom: so none is named where nobody tells it.
    """
    told = source.declared and not source.private and source.is_whole
    return site().config.hub if told and site().config.base_url else None


def _part(
    episodes: tuple[Episode, ...], after: Cursor | None, before: Cursor | None
) -> Part[Episode]:
    """Those after or before one of them, in an order of their own; none where that one is gone."""
    if before == END or not (after or before):
        return Part(episodes)
    cursor = after or before
    place = next((n for n, one in enumerate(episodes) if cursor and one.id == cursor.id), None)
    if place is None:
        return Part()
    found = episodes[place + 1 :] if after else episodes[:place]
    if not found:
        return Part()
    first, last = (Cursor(one.sort_at, one.id) for one in (found[0], found[-1]))
    return Part(found, None if after else last, first if after else None)


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
