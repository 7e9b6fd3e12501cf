"""A list over time, as bars: where each one is, how high, and where it leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from podcat.catalogue import Bar, Facets, Timeline
from podcat.text import MONTHS
from podcat.web.present import plural
from podcat.web.query import Query

_HIGHEST: Final = 74.0
"""Percent of the height that bars take; the rest is of the labels below them."""
_LOWEST: Final = 2.5
_LABELS: Final = 7
"""So many stand beside each other on a phone."""
_FEW: Final = 2
"""Labels of something larger that would say too little: then the bars themselves are named."""
_RIGHTMOST: Final = 92.0
"""Percent of the width after which a label would run out of the picture."""
_STOPS: Final = 24
"""Bars that the Tab key goes through one by one; of more it goes through the labels."""


@dataclass(frozen=True)
class Column:
    """A bar; places in percent."""

    left: str
    width: str
    top: str
    height: str
    says: str
    path: str


@dataclass(frozen=True)
class Label:
    """A stretch of time that is named, and narrows the list to itself."""

    left: str
    name: str
    path: str


@dataclass(frozen=True)
class Drawing:
    """A timeline, ready to be drawn."""

    columns: tuple[Column, ...]
    labels: tuple[Label, ...]
    unit: str
    first: str
    last: str
    undated: int
    by_labels: bool
    """Whether there are so many bars that the Tab key should pass over them."""


def drawn(path: str, query: Query, facets: Facets) -> Drawing | None:
    """The timeline of a list at a path; None where one bar would be all."""
    line = facets.timeline
    if len(line.bars) < 2:
        return None
    return Drawing(
        tuple(_columns(path, query, line)),
        tuple(_labels(path, query, line)),
        line.unit,
        in_words(line.bars[0].since),
        in_words(line.bars[-1].until),
        line.undated,
        len(line.bars) > _STOPS,
    )


def _columns(path: str, query: Query, line: Timeline) -> Iterator[Column]:
    most, each = max(bar.episodes for bar in line.bars), 100 / len(line.bars)
    for number, bar in enumerate(line.bars):
        if bar.episodes:
            height = max(_LOWEST, _HIGHEST * bar.episodes / most)
            yield Column(
                _percent(number * each),
                _percent(each),
                _percent(_HIGHEST - height),
                _percent(height),
                f"{_named(bar)}: {plural(bar.episodes, 'recording')}",
                path + query.narrowed(since=bar.since, until=bar.until),
            )


def _labels(path: str, query: Query, line: Timeline) -> Iterator[Label]:
    each = 100 / len(line.bars)
    places = [(n, bar) for n, bar in enumerate(line.bars) if n == 0 or _begins(line.unit, bar)]
    around = len(places) > _FEW or len(line.bars) > _STOPS
    if not around:
        places = list(enumerate(line.bars))
    # The first one may stand for a few bars alone, so close to the second that both overlap.
    elif len(places) > 1 and places[1][0] * each < 100 / (_LABELS + 3):
        del places[0]
    step = -(-len(places) // _LABELS)
    for number, bar in places[::step]:
        if number * each <= _RIGHTMOST:
            since, until = _around(line.unit, bar) if around else (bar.since, bar.until)
            there = path + query.narrowed(since=since, until=until)
            yield Label(_percent(number * each), _short(since), there)


def _begins(unit: str, bar: Bar) -> bool:
    """Whether something larger than the unit begins with it."""
    ending = {"day": "-01", "month": "-01", "year": "0", "decade": ""}[unit]
    return bar.since.endswith(ending)


def _around(unit: str, bar: Bar) -> tuple[str, str]:
    """What a label under a bar stands for: the month of a day, the year of a month, …"""
    if unit == "year":
        return bar.since, str(int(bar.since) // 10 * 10 + 9)
    larger = {"day": bar.since[:7], "month": bar.since[:4]}
    return (larger[unit], larger[unit]) if unit in larger else (bar.since, bar.until)


def _short(date: str) -> str:
    """`4`, `Mar`, `2019`: what is larger stands below the picture."""
    _, *rest = date.split("-")
    if not rest:
        return date
    return str(int(rest[1])) if len(rest) > 1 else MONTHS[int(rest[0]) - 1][:3]


def _named(bar: Bar) -> str:
    if bar.since == bar.until:
        return in_words(bar.since)
    return f"{bar.since} to {bar.until}"


def in_words(date: str) -> str:
    """`4 March 2019`, `March 2019`, `2019`."""
    year, *rest = date.split("-")
    words = [MONTHS[int(part) - 1] if n == 0 else str(int(part)) for n, part in enumerate(rest)]
    return " ".join([*words[::-1], year])


def _percent(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".") + "%"
