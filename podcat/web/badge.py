"""Health as a small picture for other pages: of one recording, and of all links."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort
from markupsafe import Markup

from podcat.catalogue.health import FIELDS
from podcat.catalogue.records import ALIVE, DEAD, FAILING
from podcat.model import Episode
from podcat.web.cached import cached
from podcat.web.front import PAGES
from podcat.web.site import site

blueprint = Blueprint("badge", __name__)

SVG = "image/svg+xml; charset=utf-8"
_LETTER = 6.6  # pixels, of the widest usual sans serif at 11 pixels; longer text is squeezed to it
_PAD = 6
# White on each of them stands out by 4.5 to 1 and more.
_COLOURS = {ALIVE: "#2b6e44", FAILING: "#8a5a00", DEAD: "#a63a1c"}
_UNKNOWN = "#5f5850"
_BADGE = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" '
    'aria-label="{label}: {word}"><title>{label}: {word}</title>'
    '<clipPath id="r"><rect width="{width}" height="20" rx="4"/></clipPath>'
    '<g clip-path="url(#r)"><path fill="#3a3530" d="M0 0h{left}v20H0z"/>'
    '<path fill="{colour}" d="M{left} 0h{right}v20H{left}z"/></g>'
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
    '<text x="{pad}" y="14" textLength="{label_width}">{label}</text>'
    '<text x="{word_at}" y="14" textLength="{word_width}">{word}</text></g></svg>\n'
)


@dataclass(frozen=True)
class Said:
    """What a badge says, and in which colour."""

    word: str
    health: str = ""


@blueprint.get("/badges/episodes/<int(max=999999999999999999):number>.svg")
def of_episode(number: int) -> Response:
    """Whether a recording can be heard still."""
    episode = site().catalogue.episode(number) or abort(404)
    return cached(SVG, lambda: _drawn("recording", _episode(episode)), PAGES)


@blueprint.get("/badges/links.svg")
def of_links() -> Response:
    """How many of the links that podcat has looked at are alive."""
    return cached(SVG, lambda: _drawn("links", _links()), PAGES)


def _episode(episode: Episode) -> Said:
    ill = site().catalogue.healths([episode]).get(episode.id)
    if ill:
        return Said(ill.word, ill.word)
    urls = [url for name in FIELDS if (url := getattr(episode, name))]
    known = {standing.health for standing in site().catalogue.standings(urls).values()}
    return Said(ALIVE, ALIVE) if ALIVE in known else Said("not checked")


def _links() -> Said:
    counted = dict.fromkeys((ALIVE, FAILING, DEAD), 0)
    for count in site().once("link states", lambda c: c.link_states()):
        if count.health in counted:
            counted[count.health] += count.links
    looked = sum(counted.values())
    if not looked:
        return Said("not checked")
    worst = next((word for word in (DEAD, FAILING) if counted[word]), ALIVE)
    # Rounded down: one dead link of a thousand is not all alive.
    return Said(f"{100 * counted[ALIVE] // looked} % alive", worst)


def _drawn(label: str, said: Said) -> bytes:
    label_width, word_width = (round(len(text) * _LETTER) for text in (label, said.word))
    left, right = label_width + 2 * _PAD, word_width + 2 * _PAD
    drawn = _BADGE.format(
        width=left + right, left=left, right=right, pad=_PAD, word_at=left + _PAD, label=label,
        word=said.word, label_width=label_width, word_width=word_width,
        colour=_COLOURS.get(said.health, _UNKNOWN),
    )  # fmt: skip
    return drawn.encode()
