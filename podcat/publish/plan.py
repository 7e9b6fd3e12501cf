"""What a site of files consists of: the addresses that are asked for, in an order that is safe.

What others lead to comes first, so that a build that is cut short leaves few links into nothing.
Addresses that belong to one of these (the further pages of a list, a recording's player) are
followed from it; see `belongs`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, TypeVar

from flask import Flask, url_for

from podcat.catalogue import Catalogue
from podcat.publish.places import Place, Places
from podcat.web import present, sitemap
from podcat.web.faces import FACES
from podcat.web.indexes import INDEXES
from podcat.web.site import STATIC, Site

_EPISODES: Final = 40
_AT_ONCE: Final = 1_000
NOT_FOUND: Final = "/404.html"
"""No view of ours has this address, so the application says so: which is what is wanted."""

_EPISODE = re.compile(r"/episodes/(\d+)(?:-.*)?", re.S)
T = TypeVar("T")
Task = list[str]
"""Paths and queries that one process asks for in turn."""


def belongs(place: Place, asked: str) -> bool:
    """Whether what a link leads to is written with the page that it stands on."""
    own = asked.partition("?")[0]
    path, _, query = place.asked.partition("?")
    if episode := _EPISODE.fullmatch(own):
        return path == f"/embed/{episode[1]}"
    return path == own and bool(query)


def tasks(app: Flask, places: Places) -> Iterator[Task | None]:
    """All that is known to be part of the site; None is its search index."""
    site: Site = app.extensions["podcat"]
    with app.test_request_context(base_url=f"{places.base}/"):
        for make in (_static, _episodes, _pages, _subjects, _lists, _declared, _others):
            if make is _pages:
                yield None
            for task in make(site):
                yield [places.within(address) or "/" for address in task]
    yield [NOT_FOUND]


def _static(_: Site) -> Iterator[Task]:
    yield [url_for("static", filename=path.name) for path in sorted(STATIC.iterdir())]


def _episodes(site: Site) -> Iterator[Task]:
    for start in range(0, site.catalogue.highest_id(), _AT_ONCE):
        known = site.catalogue.titles(start, start + _AT_ONCE)
        for some in _some(known, _EPISODES):
            yield [present.numbered_path(number, title) for number, title, _ in some]


def _pages(site: Site) -> Iterator[Task]:
    after: int | None = None
    while found := site.catalogue.pages(after, _AT_ONCE):
        after = found[-1].id
        for some in _some(found, _EPISODES):
            yield [address for page in some for address in _faces("pages.show", page_id=page.id)]


def _faces(endpoint: str, **values: Any) -> list[str]:
    path = url_for(endpoint, **values)
    return [path, *(f"{path}.{face}" for face in FACES)]


def _subjects(site: Site) -> Iterator[Task]:
    """Each tag, person, programme and provider, also those that no page lists any more."""
    for index in INDEXES:
        one = index.one.rpartition(".")[2]
        for some in _some(_slugs(site.catalogue, index.name), 5):
            yield [
                address
                for slug in some
                for address in (
                    *_faces(index.one, **{index.value: slug}),
                    url_for(f"feeds.of_{one}", **dict[str, Any]({index.value: slug})),
                )
            ]


def _slugs(catalogue: Catalogue, kind: str) -> list[str]:
    return [count.slug for count in getattr(catalogue, kind)()]


def _lists(_: Site) -> Iterator[Task]:
    yield _faces("lists.episodes")
    yield [url_for("feeds.of_episodes"), url_for("lists.search")]
    newest = url_for("lists.newest")
    yield [*(f"{newest}.{face}" for face in FACES), url_for("feeds.of_newest")]


def _declared(site: Site) -> Iterator[Task]:
    for channel in site.public_channels:
        for address in _faces("feeds.show", name=channel.name):
            yield [address]


def _others(site: Site) -> Iterator[Task]:
    """What leads to all of it comes last."""
    yield [url_for(f"{part}.{index.name}") for index in INDEXES for part in ("indexes", "outlines")]
    maps = range(1, -(-site.catalogue.highest_id() // sitemap.SIZE) + 1)
    yield [url_for("sitemap.episodes", number=number) for number in maps]
    yield [url_for(f"sitemap.{name}") for name in ("lists", "index", "robots")]
    yield [url_for("pages.index")]
    yield [url_for("status.show"), url_for("outlines.feeds"), url_for("feeds.index")]
    yield [url_for("lists.newest")]


def _some(many: Iterable[T], most: int) -> Iterator[list[T]]:
    waiting = iter(many)
    while some := list(islice(waiting, most)):
        yield some
