"""How a recording stands on other sites: cards, structured data, oEmbed, a page to frame."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

from flask import Blueprint, Flask, Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from podcat import text
from podcat.errors import QueryError
from podcat.feed.media import enclosure, http
from podcat.model import Episode
from podcat.web import cached, present
from podcat.web import episode as pages
from podcat.web.series import embedded
from podcat.web.site import absolute, base_url, site

blueprint = Blueprint("share", __name__)

WIDTH, HEIGHT = 600, 180
"""Of the frame for a recording with a file, in CSS pixels."""
_LEAST = 200
_DESCRIPTION = 300  # characters of it that a card shows


def register(app: Flask) -> None:
    """The routes, and what templates need of them."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals |= {
        "embed_address": embed_address,
        "embed_code": embed_code,
        "embed_height": embed_height,
        "oembed_address": oembed_address,
        "structured": structured,
        "summary_of": summary_of,
    }


# ---------------------------------------------------------------- the page to frame


@blueprint.get("/embed/<int:number>")
@cached.page
def embed(number: int) -> str:
    """One recording for a frame on any site; `?play=1` has the provider's player in it."""
    found = site().catalogue.episode(number) or abort(404)
    start = pages.start_of(request.args)
    return render_template(
        "embed.html",
        episode=found,
        provider=pages.provider_of(found),
        player=pages.player_of(found, start),
        playing=request.args.get("play") == "1",
        start=start,
    )


def embed_address(episode: Episode) -> str:
    """Full address of the page to frame."""
    return absolute(url_for("share.embed", number=episode.id))


def embed_height(episode: Episode) -> int:
    """Of the frame: room for the provider's player where there is no file."""
    player = None if episode.playable else pages.player_of(episode)
    return HEIGHT + (player.height if player else 0)


def embed_code(episode: Episode) -> str | None:
    """What makes the frame in a page of somebody's; None where nothing can be heard in it."""
    if not (episode.playable or pages.player_of(episode)):
        return None
    return str(_frame(episode, WIDTH, embed_height(episode)))


def _frame(episode: Episode, width: int, height: int, start: int | None = None) -> Markup:
    address = embed_address(episode) + (f"?t={start}" if start else "")
    return Markup(
        '<iframe src="{}" title="{}" width="{}" height="{}" style="border:0" '
        'allow="encrypted-media; fullscreen" loading="lazy"></iframe>'
    ).format(address, present.title(episode), width, height)


# ---------------------------------------------------------------- oEmbed


def oembed_address(episode: Episode, form: str = "json") -> str:
    """Where programs ask for the code of the frame."""
    address = absolute(present.episode_path(episode))
    return absolute(url_for("share.oembed", url=address, format=form))


@blueprint.get("/oembed")
def oembed() -> ResponseReturnValue:
    """The code of a recording's frame, as oembed.com wants it: `?url=…&maxwidth=…&format=…`."""
    form = request.args.get("format", "json")
    if form not in ("json", "xml"):
        abort(501, "The formats are json and xml.")
    address = request.args.get("url", "")
    if not address:
        raise QueryError("url", "is missing", "write the address of a recording's page")
    found = _named(address)
    start = pages.start_of(dict(parse_qsl(urlsplit(address).query)))
    height = _most("maxheight", embed_height(found))
    said = _oembed(found, _most("maxwidth", WIDTH), height, start)
    answer = jsonify(said) if form == "json" else _xml(said)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _named(address: str) -> Episode:
    """The recording behind an address of ours."""
    try:
        path = urlsplit(address).path
        ours = absolute(path) == address.partition("?")[0].partition("#")[0]
    except ValueError:
        abort(404)
    found = pages.REF.fullmatch(path.rpartition("/")[2]) if ours else None
    return (site().catalogue.episode(int(found[1])) if found else None) or abort(404)


def _most(name: str, usual: int) -> int:
    given = request.args.get(name)
    if given is None:
        return usual
    if not given.isdecimal() or len(given) > 5:
        raise QueryError(name, f"“{given}” is no number of pixels", "write a whole number")
    return max(_LEAST if name == "maxwidth" else HEIGHT, min(usual, int(given)))


def _oembed(episode: Episode, width: int, height: int, start: int | None) -> dict[str, Any]:
    name = present.title(episode)
    frame = _frame(episode, width, height, start)
    said = {
        "version": "1.0", "type": "rich", "title": name, "width": width, "height": height,
        "html": str(frame), "provider_name": site().config.title, "provider_url": f"{base_url()}/",
        "author_name": ", ".join(n for _, n in present.voices(episode.people)) or None,
        "cache_age": 86_400,
    }  # fmt: skip
    return {key: value for key, value in said.items() if value is not None}


def _xml(said: dict[str, Any]) -> Response:
    values = {key: escape(text.scrub(str(value))) for key, value in said.items()}
    inner = "".join(f"<{key}>{value}</{key}>" for key, value in values.items())
    head = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>'
    return Response(f"{head}\n<oembed>{inner}</oembed>\n", content_type="text/xml; charset=utf-8")


# ---------------------------------------------------------------- structured data


def summary_of(episode: Episode) -> str:
    """What a card says below the title."""
    said = text.clean(episode.description) or ""
    facts = [present.origin(episode), *(name for _, name in present.voices(episode.people)[:4])]
    return (said or ", ".join(filter(None, facts)))[:_DESCRIPTION]


def structured(episode: Episode) -> Markup:
    """The recording in the words of schema.org, as JSON that is safe inside a script element."""
    file = enclosure(episode)
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "PodcastEpisode",
        "@id": episode.guid,
        "url": absolute(present.episode_path(episode)),
        "name": present.full_title(episode),
        "description": text.clean(episode.description),
        "datePublished": episode.published,
        "duration": f"PT{episode.duration}S" if episode.duration else None,
        "inLanguage": episode.language,
        "image": http(episode.image_url),
        "keywords": list(episode.tags),
        "contributor": [{"@type": "Person", "name": p.name} for p in episode.people],
        "associatedMedia": _media(episode),
        "embedUrl": embed_address(episode) if file or pages.player_of(episode) else None,
        "partOfSeries": _series(episode),
        "isBasedOn": http(episode.page_url),
    }
    return embedded({key: value for key, value in said.items() if value})


def _media(episode: Episode) -> dict[str, Any] | None:
    file = enclosure(episode)
    if file is None:
        return None
    kind = "VideoObject" if file.type.startswith("video/") else "AudioObject"
    said = {"@type": kind, "contentUrl": file.url, "encodingFormat": file.type}
    return said | ({"contentSize": str(file.bytes)} if file.bytes else {})


def _series(episode: Episode) -> dict[str, str] | None:
    if not episode.programme:
        return None
    words = text.slug(episode.programme)
    return {
        "@type": "PodcastSeries",
        "name": episode.programme,
        "url": absolute(url_for("lists.programme", slug=words)),
        "webFeed": absolute(url_for("lists.programme_rss", slug=words)),
    }
