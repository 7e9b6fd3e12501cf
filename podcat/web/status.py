"""How the catalogue and its links are."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, Response, render_template

from podcat.catalogue import LinkCount, Reason, Source, Watched
from podcat.catalogue.archive import dated
from podcat.catalogue.records import ALIVE, DEAD, FAILING, HEALTHS
from podcat.catalogue.watch import RECOVERED
from podcat.errors import PodcatError
from podcat.model import Episode
from podcat.web import health
from podcat.web.present import provider_name
from podcat.web.site import site

blueprint = Blueprint("status", __name__)
KINDS = ("player", "page", "audio", "transcript", "image")
MOST_DUE = 1_000
"""Addresses that are due: further it is not counted."""
MOST_SOURCES = 100
"""Watched sources that are listed."""
MOST_REASONS = 8
"""Reasons why recordings have no file that are listed."""
NEWEST = 20
"""Failures and recoveries that are listed."""
COLUMNS = (*HEALTHS[1:], HEALTHS[0])


@dataclass(frozen=True)
class Row:
    """One address that something happened to."""

    url: str
    kind: str
    said: health.Told
    detail: str
    episodes: tuple[Episode, ...]


@dataclass(frozen=True)
class Line:
    """The addresses of one provider, counted by health."""

    name: str
    healths: tuple[int, ...]


@blueprint.get("/status")
def show() -> str:
    """What is known of the links, and when they were looked at."""
    links = site().once("links", lambda c: c.link_counts())
    counts = site().once("link states", lambda c: c.link_states())
    sources = site().catalogue.sources()
    return render_template(
        "status.html",
        sources=[_source(one) for one in sorted(sources, key=_worst_first)[:MOST_SOURCES]],
        more_sources=max(len(sources) - MOST_SOURCES, 0),
        statistics=site().statistics(),
        silent=_silent(),
        now=int(time.time()),
        links=[(kind, links[kind]) for kind in KINDS],
        last_check=site().catalogue.last_check(),
        due=len(site().catalogue.due(int(time.time()), MOST_DUE)),
        most_due=MOST_DUE,
        states=_states(counts),
        healths=COLUMNS,
        providers=_providers(counts),
        failures=_rows([DEAD, FAILING]),
        recoveries=_rows([RECOVERED]),
    )


@dataclass(frozen=True)
class Silent:
    """Recordings that have no file."""

    episodes: int
    unasked: int
    """Of these, nobody has asked for so many."""
    reasons: tuple[Reason, ...]
    """Those that most of the others have."""
    others: int
    """How many have another reason."""


def _silent() -> Silent:
    statistics = site().statistics()
    made = site().catalogue.attempts_made()
    reasons = site().remembered(("reasons", made), site().catalogue.reasons)
    tried = sum(one.episodes for one in reasons)
    shown = reasons if len(reasons) <= MOST_REASONS else reasons[: MOST_REASONS - 1]
    several = tried - sum(one.episodes for one in shown)
    without = statistics["episodes"] - statistics["playable"]
    return Silent(without, max(without - tried, 0), shown, several)


@dataclass(frozen=True)
class Sourced:
    """One watched source."""

    source: Source
    often: str
    trouble: str
    """What is wrong with it; empty where nothing is."""
    is_due: bool


def _worst_first(source: Source) -> tuple[int, int]:
    return -source.failures, source.id


def _source(source: Source) -> Sourced:
    times = f"Failed {source.failures} times in a row" if source.failures > 1 else "Failed"
    trouble = f"{times}: {source.why}" if source.why else ""
    return Sourced(source, _often(source.pause), trouble, source.next_at <= time.time())


def _often(pause: int) -> str:
    """`every 15 minutes`, `every 3 hours`, `every 2 days`."""
    for size, one, many in ((86_400, "day", "days"), (3_600, "hour", "hours")):
        if pause >= size:
            count = round(pause / size)
            return f"every {one}" if count == 1 else f"every {count} {many}"
    return f"every {max(pause // 60, 1)} minutes"


def _states(counts: Iterable[LinkCount]) -> list[tuple[str, str, int]]:
    found: Counter[str] = Counter()
    for count in counts:
        found[count.state] += count.links
    return [(state, health.WORDS.get(state, ""), n) for state, n in found.most_common()]


def _providers(counts: Iterable[LinkCount]) -> list[Line]:
    """Those with the most trouble first."""
    table: dict[str | None, Counter[str]] = {}
    for count in counts:
        table.setdefault(count.provider, Counter())[count.health] += count.links
    order = sorted(table, key=lambda key: (-sum(table[key][w] for w in health.SICK), str(key)))
    return [
        Line(provider_name(key) if key else "Pages", tuple(table[key][word] for word in COLUMNS))
        for key in order
    ]


def _rows(groups: list[str]) -> list[Row]:
    """The newest of them that an episode which is shown has."""
    catalogue = site().catalogue
    found = [one for one in catalogue.watched_links(groups, limit=4 * NEWEST).links if one.episodes]
    return [_row(one) for one in found[:NEWEST]]


def _row(one: Watched) -> Row:
    catalogue = site().catalogue
    known = [catalogue.episode(number) for number in one.episodes[:3]]
    standing = one.standing
    copy = dated(one.url, standing.last_ok, one.published, one.first_seen)
    said = health.of_address(standing, copy)
    if standing.health == ALIVE and standing.recovered_at:
        said = health.Told(f"answers again since {health.day(standing.recovered_at)}")
    return Row(one.url, one.kind, said, one.detail, tuple(filter(None, known)))


@blueprint.get("/healthz", endpoint="health")
def watch() -> Response:
    """For whoever watches the server: 200 `ok` where the database answers, else 503."""
    try:
        site().catalogue.revision()
    except PodcatError:
        return Response("database out of reach\n", 503, content_type="text/plain; charset=utf-8")
    return Response("ok\n", content_type="text/plain; charset=utf-8")
