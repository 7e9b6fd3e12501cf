"""The page of one recording: listen, read who speaks, see where it comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from podcat.catalogue.archive import dated
from podcat.feed.values import whole
from podcat.model import Appearance, Episode, Origin
from podcat.providers import Provider, registry
from podcat.text import parse_duration, slug
from podcat.urls import parse
from podcat.web import cached, faces, health, present
from podcat.web.site import site

blueprint = Blueprint("episode", __name__)

REF = re.compile(r"(\d{1,18})(?:-.*)?", re.ASCII | re.S)
# Heights of frames that providers state, kept within what a page can hold (CSS pixels).
_LOWEST, _HIGHEST = 80, 800


@dataclass(frozen=True)
class Player:
    """A provider's player that may stand in a frame of ours."""

    url: str
    provider: str
    height: int
    video: bool


@dataclass(frozen=True)
class Carrying:
    """A feed or list that has this episode in it."""

    title: str
    path: str


@blueprint.get("/episodes/<ref>")
@cached.page
def show(ref: str) -> ResponseReturnValue:
    """One recording; `?play=1` has the player in it, for browsers without JavaScript."""
    found = REF.fullmatch(ref) or abort(404)
    episode = site().catalogue.episode(int(found[1])) or abort(404)
    if ref != present.episode_ref(episode):
        query = f"?{request.query_string.decode('ascii', 'ignore')}".rstrip("?")
        return redirect(present.episode_path(episode) + query, 301)
    return render_template("episode.html", **_view(episode))


def _view(episode: Episode) -> dict[str, object]:
    catalogue = site().catalogue
    links_told, ill = health.of_episode(episode)
    appearances = catalogue.appearances(episode.id)
    return {
        "episode": episode,
        "provider": provider_of(episode),
        "start": start_of(request.args),
        "player": player_of(episode),
        "playing": request.args.get("play") == "1",
        "appearances": appearances,
        "links_told": links_told,
        "pages_told": _pages_told(appearances),
        "ill": ill,
        "origins": in_order(catalogue.origins(episode.id)),
        "transcript": catalogue.transcript(episode.id),
        "carrying": _carrying(episode),
        "lists": _lists(episode),
    }


def provider_of(episode: Episode) -> Provider | None:
    """Whose player it is, as the table of providers has it."""
    return registry().providers.get(episode.provider)


def start_of(arguments: Mapping[str, str]) -> int | None:
    """The second at which a link starts: `?t=90`, `?t=1:30`; None for what is no time."""
    given = arguments.get("t", "")
    return (parse_duration(given) if ":" in given else whole(given)) or None


def _pages_told(appearances: tuple[Appearance, ...]) -> dict[str, health.Told]:
    """Pages that do not answer any more, with copies from the day on which they were published."""
    published = {one.url: one.published for one in appearances if one.url}
    return {
        url: health.of_address(standing, dated(url, standing.last_ok, published[url]))
        for url, standing in health.of_pages(published).items()
    }


def player_of(episode: Episode) -> Player | None:
    """The player to frame, or None where there is none or where it refuses frames.

    The provider's own grammar judges the address once more, and plain http stays a link: a
    frame is the one place where another's page runs inside ours.
    """
    match = registry().match(episode.embed_url)
    address = parse(episode.embed_url)
    if match is None or address is None or address.scheme != "https":
        return None
    provider = match.provider
    if not provider.frame or provider.closed or match.retired or not match.embed_url:
        return None
    height = min(max(provider.height, _LOWEST), _HIGHEST)
    return Player(str(address), provider.name, height, "video" in (match.kind, episode.kind))


def in_order(origins: tuple[Origin, ...]) -> list[Origin]:
    """Field by field in the order they were first named, the value in use before the others."""
    fields = list(dict.fromkeys(origin.field for origin in origins))
    return sorted(origins, key=lambda o: (fields.index(o.field), not o.chosen))


def _carrying(episode: Episode) -> list[Carrying]:
    """Declared feeds that have it."""
    return [
        Carrying(channel.title, url_for("feeds.show", name=channel.name))
        for channel in site().public_channels
        if faces.contains(site().catalogue, channel.selection, episode)
    ]


def _lists(episode: Episode) -> list[Carrying]:
    """Lists that have it, each with feeds of its own."""
    provider = episode.provider
    path = url_for("lists.provider", key=provider)
    lists = [Carrying(present.provider_name(provider), path)]
    if episode.programme:
        path = url_for("lists.programme", slug=slug(episode.programme))
        lists.append(Carrying(episode.programme, path))
    lists += [Carrying(name, url_for("lists.tag", slug=slug(name))) for name in episode.tags]
    return lists + [
        Carrying(name, url_for("lists.person", slug=person))
        for person, name in present.voices(episode.people)
    ]
