"""How episodes and their addresses are, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from podcat.catalogue.health import FIELDS, Health, archived
from podcat.catalogue.records import ALIVE, DEAD, FAILING, UNKNOWN, Standing
from podcat.model import Episode
from podcat.text import MONTHS
from podcat.web.site import site


@dataclass(frozen=True)
class Told:
    """What is said of one address."""

    words: str
    archived: str | None = None
    """An old copy, where the address is no good any more."""
    copy: str = ""
    """What the copy is called: the day it is to be from."""


@dataclass(frozen=True)
class Ailment:
    """What a list says of an episode that cannot be heard."""

    key: str
    word: str
    meaning: str


def ailments(episodes: Iterable[Episode]) -> dict[int, Ailment]:
    """What is wrong with episodes, by their ids; the others are missing."""
    listed = list(episodes)
    if not listed or not site().once("sick", lambda c: bool(c.watched_links(SICK, limit=1).links)):
        return {}
    healths = site().catalogue.healths(listed)
    return {number: _ailment(health) for number, health in healths.items()}


SICK = (DEAD, FAILING)


def _ailment(health: Health) -> Ailment:
    what = "File" if health.file_only else "Recording"
    if health.word == DEAD:
        return Ailment("dead", f"{what} dead", f"Has not answered since {day(health.since)}.")
    meaning = f"Does not answer since {day(health.since)}; it is tried again before it is given up."
    return Ailment("failing", f"{what} failing", meaning)


def of_episode(episode: Episode) -> tuple[dict[str, Told], Told | None]:
    """Field to what is said of its address; and what is said of the episode as a whole."""
    catalogue = site().catalogue
    by_field = {name: url for name in FIELDS if (url := getattr(episode, name))}
    standings = catalogue.standings(by_field.values())
    told = {
        name: of_address(standings[url], archived(url, standings[url], episode))
        for name, url in by_field.items()
        if url in standings
    }
    whole = catalogue.healths([episode]).get(episode.id)
    return told, _whole(whole) if whole else None


def _whole(health: Health) -> Told:
    what = "The file of this recording" if health.file_only else "This recording"
    since = day(health.since)
    words = {
        DEAD: f"{what} has not answered since {since}: it is taken for dead.",
        FAILING: f"{what} does not answer since {since}. It is tried again before it is given up.",
    }[health.word]
    return Told(words, health.archived, copy_name(health.archived))


def of_pages(urls: Iterable[str | None]) -> dict[str, Standing]:
    """The standings of pages that do not answer."""
    found = site().catalogue.standings([url for url in urls if url])
    return {url: standing for url, standing in found.items() if standing.health in SICK}


def of_address(standing: Standing, copy: str) -> Told:
    """What is known of one address."""
    seen = f"seen alive on {day(standing.last_ok)}" if standing.last_ok else "never seen alive"
    if standing.health == ALIVE:
        return Told(seen)
    if standing.health == UNKNOWN:
        return Told(f"{_SILENT.get(standing.state, 'not known')}; looked at on "
                    f"{day(standing.last_checked)}")  # fmt: skip
    since = day(standing.failing_since or standing.since)
    words = f"{standing.health} since {since} ({WORDS.get(standing.state, standing.state)}), {seen}"
    return Told(words, copy, copy_name(copy))


WORDS = {
    "ok": "answers",
    "moved": "has moved",
    "malformed": "can be no address of its provider",
    "gone": "is gone",
    "hollow": "answers with something else",
    "unclear": "does not tell",
    "unframeable": "forbids to be embedded",
    "gated": "is closed to programs",
    "unreachable": "does not answer",
    "unchecked": "not looked at yet",
}
"""States of the contract in words that follow an address."""
_SILENT = {
    "gated": "closed to programs, so that nothing is known",
    "unclear": "answers, and does not tell whether it is there",
    "unchecked": "not looked at yet",
}


def day(seconds: int | None) -> str:
    """`3 November 2026`, in UTC."""
    if seconds is None:
        return "a day not known"
    when = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def copy_name(address: str) -> str:
    """What a link to an old copy says: the day that its address names."""
    stamp = address.removeprefix("https://web.archive.org/web/").partition("/")[0]
    if len(stamp) < 8:
        return f"copy of {stamp}" if len(stamp) == 4 else "an old copy"
    return f"copy of {int(stamp[6:8])} {MONTHS[int(stamp[4:6]) - 1]} {stamp[:4]}"
