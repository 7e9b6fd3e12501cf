"""Lists of feeds as OPML, which apps import: the declared ones, or those of any set of things."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Response, request, url_for

from podcat.errors import NotFoundError
from podcat.feed import opml
from podcat.text import slug
from podcat.web.cached import cached
from podcat.web.http import OPML
from podcat.web.indexes import INDEXES
from podcat.web.present import provider_name
from podcat.web.site import absolute, site

blueprint = Blueprint("outlines", __name__)

KINDS = ("tag", "person", "programme", "provider")
_MOST = 200
"""Feeds that one address can name."""


@blueprint.get("/feeds.opml")
def feeds() -> Response:
    """All declared feeds; with `?tag=…&person=…` and so on those of these things instead."""
    named = [(kind, value) for kind in KINDS for value in request.args.getlist(kind) if value]
    if named:
        return _answer(lambda: _outlines("chosen", map(_named, dict.fromkeys(named[:_MOST]))))
    return _answer(lambda: _outlines("feeds", _declared()))


def _all(name: str, one: str) -> Callable[[], Response]:
    """A view of the feeds of all tags, people, …, as far as their page lists them."""

    def view() -> Response:
        counts = site().counts(name)
        return _answer(lambda: _outlines(name, (_listed(one, c.slug, c.name) for c in counts)))

    return view


for _index in INDEXES:
    _kind = _index.one.rpartition(".")[2]
    blueprint.add_url_rule(f"/{_index.name}.opml", _index.name, _all(_index.name, _kind))


def _answer(render: Callable[[], bytes]) -> Response:
    return cached(OPML, render)


def _outlines(what: str, outlines: Iterator[opml.Outline]) -> bytes:
    changed = site().catalogue.newest_change(site().channels["newest"].selection)
    return opml.render(f"{site().config.title}: {what}", outlines, changed)


def _declared() -> Iterator[opml.Outline]:
    for channel in site().public_channels:
        yield opml.Outline(
            title=channel.title,
            xml_url=absolute(url_for("feeds.rss", name=channel.name)),
            html_url=absolute(url_for("feeds.show", name=channel.name)),
            description=channel.description,
            language=channel.language,
        )


def _named(thing: tuple[str, str]) -> opml.Outline:
    """The feed of one thing that was asked for. Raises NotFoundError where there is none."""
    kind, value = thing
    if kind == "provider":
        name = provider_name(value)
        found = any(count.slug == value for count in site().counts("providers"))
    else:
        value = slug(value)
        name = site().catalogue.name_of(kind, value) or ""
        found = bool(name)
    if not found:
        raise NotFoundError(f"{kind} “{thing[1]}”", "is not in the catalogue", "choose another")
    return _listed(kind, value, name)


def _listed(kind: str, value: str, name: str) -> opml.Outline:
    argument: dict[str, Any] = {"key" if kind == "provider" else "slug": value}
    title = provider_name(value) if kind == "provider" else name
    return opml.Outline(
        title=f"{site().config.title}: {title}",
        xml_url=absolute(url_for(f"lists.{kind}_rss", **argument)),
        html_url=absolute(url_for(f"lists.{kind}", **argument)),
    )
