"""What search engines ask for: every page of ours, in maps of ten thousand recordings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort, url_for

from podcat.web import present
from podcat.web.cached import cached
from podcat.web.indexes import INDEXES
from podcat.web.site import absolute, site

blueprint = Blueprint("sitemap", __name__)
XML: Final = "application/xml; charset=utf-8"
SIZE: Final = 10_000
"""Recordings of one map, by their numbers; the protocol allows 50,000 addresses."""
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"

Entry = tuple[str, int | None]
"""Full address, and when it changed last, in seconds since 1970."""


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What programs may ask for, and where the map is."""
    rules = ("User-agent: *", "Disallow: /private/", "Disallow: /search")
    place = f"Sitemap: {absolute(url_for('sitemap.index'))}"
    return Response("\n".join((*rules, place, "")), content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def index() -> Response:
    """The map of maps."""
    return cached(XML, lambda: _document("sitemapindex", "sitemap", _maps()))


@blueprint.get("/sitemap-lists.xml")
def lists() -> Response:
    """Tags, people, programmes, providers and feeds."""
    return cached(XML, lambda: _document("urlset", "url", _lists()))


@blueprint.get("/sitemap-<int:number>.xml")
def episodes(number: int) -> Response:
    """Recordings; the first map has those up to number 10,000."""
    if not 1 <= number <= _count():
        abort(404)
    return cached(XML, lambda: _document("urlset", "url", _episodes(number)))


def _count() -> int:
    return -(-site().catalogue.highest_id() // SIZE)


def _maps() -> Iterator[Entry]:
    yield absolute(url_for("sitemap.lists")), None
    for number in range(1, _count() + 1):
        yield absolute(url_for("sitemap.episodes", number=number)), None


def _lists() -> Iterator[Entry]:
    yield absolute(url_for("lists.newest")), None
    for thing in INDEXES:
        yield absolute(url_for(f"indexes.{thing.name}")), None
        for count in site().counts(thing.name):
            yield absolute(url_for(thing.one, **dict[str, Any]({thing.value: count.slug}))), None
    for channel in site().public_channels:
        yield absolute(url_for("feeds.show", name=channel.name)), None


def _episodes(number: int) -> Iterator[Entry]:
    for one, title, changed in site().catalogue.titles((number - 1) * SIZE, number * SIZE):
        yield absolute(present.numbered_path(one, title)), changed


def _document(root: str, element: str, entries: Iterable[Entry]) -> bytes:
    rows = "".join(f"<{element}>{_entry(*entry)}</{element}>\n" for entry in entries)
    return f'{_HEAD}<{root} xmlns="{_SPACE}">\n{rows}</{root}>\n'.encode()


def _entry(address: str, changed: int | None) -> str:
    when = present.instant(changed) if changed is not None else None
    return f"<loc>{escape(address)}</loc>" + (f"<lastmod>{when}</lastmod>" if when else "")
