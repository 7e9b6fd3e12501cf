"""Declared feeds and their bytes, feeds of somebody's own, and pages to subscribe to any list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from podcat.catalogue import Tally
from podcat.feed import Channel, left_out, private_path
from podcat.web import cached, faces
from podcat.web.apps import APPS
from podcat.web.lists import PAGE, SUBJECTS, Subject, source_of
from podcat.web.query import NO_QUESTION, Query, narrowed, read_query
from podcat.web.site import site

blueprint = Blueprint("feeds", __name__)


@dataclass(frozen=True)
class Offer:
    """A feed as it is offered to people."""

    source: faces.Source
    episodes: Tally
    playable: Tally


@blueprint.get("/feeds")
@cached.page
def index() -> str:
    """All feeds and how to subscribe."""
    offers = [_offer(_source(channel)) for channel in site().public_channels]
    return render_template("feeds.html", offers=offers, apps=APPS)


@blueprint.get("/feeds/<name>")
@cached.page
def show(name: str) -> str:
    """How to subscribe to one feed, and what is in it."""
    query = read_query(request.args)
    return _shown(_source(_channel(name), query.by_time), query)


def _shown(source: faces.Source, query: Query) -> str:
    listing = site().catalogue.episodes(
        source.channel.selection, after=query.after, limit=PAGE, order=source.order
    )
    dead = faces.deaths(source.channel, [episode.id for episode in listing.episodes])
    return render_template(
        "feed.html",
        offer=_offer(source),
        source=source,
        query=query,
        listing=listing,
        left_out=list(left_out(listing.episodes, source.channel, dead)),
        apps=APPS,
    )


@blueprint.get("/feeds/<name>.rss", defaults={"face": "rss"}, endpoint="rss")
@blueprint.get("/feeds/<name>.json", defaults={"face": "json"}, endpoint="json")
def feed(name: str, face: str) -> Response:
    """One feed's bytes."""
    return faces.answer(_source(_channel(name), read_query(request.args)), face)


def _subscribe(name: str, subject_of: Callable[..., Subject]) -> Callable[..., Any]:
    """How to subscribe to what a list shows, whatever it is narrowed to."""

    def view(**values: str) -> ResponseReturnValue:
        subject, query = subject_of(**values), read_query(request.args)
        if subject.moved:
            return redirect(f"{url_for(f'feeds.of_{name}', slug=subject.moved)}{query}", 301)
        return _shown(source_of(name, values, subject, query.by_time), query)

    return view


for _rule, _subject in SUBJECTS:
    _name = _subject.__name__
    blueprint.add_url_rule(
        f"/subscribe{_rule}", f"of_{_name}", cached.page(_subscribe(_name, _subject))
    )


@blueprint.get("/private/<token>/<name>.rss", defaults={"face": "rss"}, endpoint="private_rss")
@blueprint.get("/private/<token>/<name>.json", defaults={"face": "json"}, endpoint="private_json")
def private(token: str, name: str, face: str) -> Response:
    """One feed's bytes for whoever has a token for it; to all others it does not exist."""
    channel = site().channels.get(name) or abort(404)
    if not site().catalogue.opens(token, name):
        abort(404)
    source = _source(channel, read_query(request.args))
    own = replace(source, path=_own_path(channel, token), private=True)
    response = faces.answer(own, face)
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _own_path(channel: Channel, token: str) -> str:
    return request.script_root + private_path(channel, token)


def _channel(name: str) -> Channel:
    channel = site().channels.get(name)
    return channel if channel and not channel.private else abort(404)


def _source(channel: Channel, query: Query = NO_QUESTION) -> faces.Source:
    path = url_for("feeds.show", name=channel.name)
    selection = narrowed(channel.selection, query.selection)
    return faces.Source(replace(channel, selection=selection), path, query, declared=True)


def _offer(source: faces.Source) -> Offer:
    catalogue, selection = site().catalogue, source.channel.selection
    playable = Tally(0)
    if selection.playable is not False:
        playable = catalogue.tally(replace(selection, playable=True))
    return Offer(source, catalogue.tally(selection), playable)
