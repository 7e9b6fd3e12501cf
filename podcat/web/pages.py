"""Source pages: where recordings were found, and what is on each."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request, url_for

from podcat.catalogue import PageEntry
from podcat.errors import QueryError
from podcat.feed import channel_for
from podcat.web import cached, faces
from podcat.web.query import EVERYTHING, read_query
from podcat.web.site import site

PAGE = 50
blueprint = Blueprint("pages", __name__)


@blueprint.get("/pages")
@cached.page
def index() -> str:
    """All pages, a part at a time."""
    entries = site().catalogue.pages(after=_after(), limit=PAGE + 1)
    following = entries[PAGE - 1].id if len(entries) > PAGE else None
    return render_template("pages.html", entries=entries[:PAGE], following=following)


def _after() -> int | None:
    text = request.args.get("after", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise QueryError("after", f"“{text}” is no place in a list", "start from its first page")
    return int(text)


@blueprint.get("/pages/<int(max=999999999999999999):page_id>")
@cached.page
def show(page_id: int) -> str:
    """One page and what is on it, in its order."""
    page = _page(page_id)
    source = _source(page)
    return render_template(
        "page.html", page=page, source=source, query=source.query, episodes=source.episodes
    )


@blueprint.get("/pages/<int(max=999999999999999999):page_id>.rss", defaults={"face": "rss"})
@blueprint.get("/pages/<int(max=999999999999999999):page_id>.json", defaults={"face": "json"})
def feed(page_id: int, face: str) -> Response:
    """What is on one page, as a feed."""
    return faces.answer(_source(_page(page_id)), face)


def _page(page_id: int) -> PageEntry:
    return site().catalogue.page(page_id) or abort(404)


def _source(page: PageEntry) -> faces.Source:
    """The page's recordings that fit the visitor's question; all of them stand on one page."""
    catalogue, query = site().catalogue, read_query(request.args)
    episodes = catalogue.page_episodes(page.id)
    if query.selection != EVERYTHING:
        episodes = tuple(e for e in episodes if faces.contains(catalogue, query.selection, e))
    name = page.title or page.url or f"page {page.id}"
    channel = channel_for(query.selection, f"{site().config.title}: {name}", site().lender)
    path = url_for("pages.show", page_id=page.id)
    return faces.Source(channel, path, query, episodes)
