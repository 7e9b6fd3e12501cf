"""How values are shown: the filters and helpers of the templates. Nothing here marks text safe."""

from __future__ import annotations

import datetime as dt
import re
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from flask import Flask, url_for

from podcat.catalogue import Tally
from podcat.feed.notes import shorten
from podcat.model import IDENTIFIED, Episode, Person
from podcat.providers import registry
from podcat.text import MONTHS, format_duration, slug
from podcat.urls import absolute as web_address
from podcat.urls import site_of
from podcat.web import health, highlight, notes, qr, site

_DAY = re.compile(r"(\d{4}|-)-(\d\d)(?:-(\d\d))?(.*)", re.S)
_LABELS = {
    "id": "Id",
    "kind": "Kind",
    "title": "Title",
    "description": "Description",
    "programme": "Programme",
    "language": "Language",
    "duration": "Length",
    "published": "Published",
    "event_date": "Day of the event",
    "embed_url": "Player",
    "link": "Page of the recording",
    "audio_url": "Audio file",
    "video_url": "Video file",
    "transcript_url": "Transcript",
    "image_url": "Picture",
    "image_caption": "Caption",
    "image_credit": "Credit",
    "has_download": "Download offered",
    "has_transcript": "Transcript offered",
    "start": "Starts at",
}


@dataclass(frozen=True)
class State:
    """How an episode can be heard, in a word and in a sentence."""

    key: str
    word: str
    meaning: str


PLAYABLE = State("playable", "Audio file", "Has a direct file, so podcast apps can play it.")
PLAYER_ONLY = State("player", "Player only", "Can be heard in its player on the web.")
NOT_RESOLVED = State(
    "unresolved",
    "Only announced",
    "The page announces it, but says neither its id nor its address.",
)


def state(episode: Episode) -> State:
    """Which of the three an episode is."""
    if episode.playable:
        return PLAYABLE
    return PLAYER_ONLY if episode.status == IDENTIFIED else NOT_RESOLVED


def safe_url(text: str | None) -> str | None:
    """An http(s) address that may become a link, or None."""
    return web_address(text) if text and "://" in text[:12] else None


def title(episode: Episode) -> str:
    """Its title as lists show it: an endless one is cut."""
    return shorten(full_title(episode))


def full_title(episode: Episode) -> str:
    """Its title, or what it is where no document gives one."""
    return episode.title or f"Recording without a title ({provider_name(episode.provider)})"


def provider_name(key: str) -> str:
    """What people call a provider."""
    known = registry().providers.get(key)
    return known.name if known else key


def origin(episode: Episode) -> str | None:
    """The programme, or else the site, that an episode comes from."""
    return episode.programme or site_of(episode.page_url)


def episode_path(episode: Episode) -> str:
    """The canonical path of an episode's page."""
    return url_for("episode.show", ref=episode_ref(episode))


def episode_ref(episode: Episode) -> str:
    """`ID-slug`; the id alone where there is no title to make words of."""
    return _ref(episode.id, episode.title)


def numbered_path(number: int, name: str | None) -> str:
    """As `episode_path`, of the number and the title."""
    return url_for("episode.show", ref=_ref(number, name))


def _ref(number: int, name: str | None) -> str:
    words = slug(name or "")
    return str(number) if words == "-" else f"{number}-{words}"


def date(iso: str | None) -> str:
    """A date as exact as it is known: `13 January 2022`, `January 2022`, `13 January`."""
    found = _DAY.fullmatch(iso or "")
    if not found or not 1 <= int(found[2]) <= 12:
        return iso or ""
    year, month, day = found[1], MONTHS[int(found[2]) - 1], found[3]
    words = [str(int(day))] if day else []
    words += [month] if year == "-" else [month, year]
    return " ".join(words) + (" (year not stated)" if year == "-" else "")


def date_and_time(iso: str | None) -> str:
    """As `date`, with the time and its zone where they are known."""
    clock = re.search(r"T(\d\d:\d\d)(?::\d\d)?(Z|[+-]\d\d:\d\d)?", iso or "")
    if not clock:
        return date(iso)
    zone = {None: "", "Z": " UTC", "+00:00": " UTC"}.get(clock[2], f" (UTC{clock[2]})")
    return f"{date(iso)}, {clock[1]}{zone}"


def machine_date(iso: str) -> str:
    """What `<time datetime>` takes; a day without a year loses its first hyphens."""
    return iso.removeprefix("--")


def iso_length(seconds: int | None) -> str:
    """A length as `<time datetime>` takes it: `PT4112S`."""
    return f"PT{seconds}S"


def moment(seconds: int) -> str:
    """A time of our own, in UTC: `2026-11-22 09:30 UTC`."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%d %H:%M UTC")


def instant(seconds: int) -> str:
    """A time of our own as `<time datetime>` takes it."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def label(field: str) -> str:
    """A field's name for people."""
    return _LABELS.get(field, field.replace("_", " ").capitalize())


def document_name(name: str) -> str:
    """A document as visitors may see it: an address whole, of a file's path only the name."""
    return name if web_address(name) and "://" in name else PurePath(name).name or name


def voices(people: tuple[Person, ...]) -> list[tuple[str, str]]:
    """Each person once, (slug, name), in the order of the page."""
    return list({slug(person.name): person.name for person in people}.items())


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 recording`, `2,048 recordings`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def tallied(tally: Tally, one: str = "") -> str:
    """`1 recording`, `2,048 recordings`, `at least 5,000 recordings`; a number without a word."""
    number = plural(tally.episodes, one) if one else f"{tally.episodes:,}"
    return number if tally.complete else f"at least {number}"


def _inline(picture: Path) -> str:
    """A picture as an address that holds it, so that no page asks for one file more."""
    return "data:image/svg+xml;base64," + b64encode(picture.read_bytes()).decode("ascii")


def register(app: Flask) -> None:
    """Makes the helpers known to the templates."""
    filters = [
        safe_url, date, date_and_time, machine_date, iso_length, instant, moment, label,
        document_name, voices, slug, site_of, provider_name, state, title, full_title, shorten,
        origin, episode_path, highlight.marked, highlight.snippet, notes.notes,
    ]  # fmt: skip
    helpers: dict[str, Any] = {
        "plural": plural,
        "tallied": tallied,
        "asset": site.asset,
        "mark_address": _inline(site.STATIC / "mark.svg"),
        "qr": qr.qr,
        "absolute": site.absolute,
        "ailments": health.ailments,
    }
    for function in filters:
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.filters["clock"] = format_duration
    app.jinja_env.filters["episode_title"] = app.jinja_env.filters.pop("title")
    app.jinja_env.globals |= helpers
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
