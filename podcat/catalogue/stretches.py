"""Stretches of time: the days, months, years or decades that a timeline is made of. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from podcat.catalogue.records import Bar

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MOST_DAYS: Final = 62
_MOST_MONTHS: Final = 120
_MOST_YEARS: Final = 120
"""So many bars are told apart on a screen."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One bar of a timeline."""

    since: str
    until: str
    start: int
    """First second, since 1970."""
    end: int
    """First second after it."""


def stretches(first: int, last: int) -> tuple[str, list[Stretch]]:
    """The unit, and its stretches from one moment to another (seconds since 1970), without gaps."""
    unit = _unit(_day(first), _day(last))
    return unit, list(_of(unit, _day(first), _day(last)))


def years(first: int, last: int) -> list[Stretch]:
    """Every year from one moment to another."""
    return list(_of("year", _day(first), _day(last)))


def sorted_in(all_of: Sequence[Stretch], moments: Iterable[int]) -> list[int]:
    """How many of these moments lie in each stretch."""
    starts, counts = [each.start for each in all_of], [0] * len(all_of)
    for moment in moments:
        counts[bisect_right(starts, moment) - 1] += 1
    return counts


def bars(all_of: Iterable[Stretch], counts: Iterable[int]) -> tuple[Bar, ...]:
    """Stretches with their numbers."""
    return tuple(Bar(s.since, s.until, n) for s, n in zip(all_of, counts, strict=True))


def _day(moment: int) -> dt.date:
    return (_EPOCH + dt.timedelta(seconds=moment)).date()


def _unit(first: dt.date, last: dt.date) -> str:
    months = (last.year - first.year) * 12 + last.month - first.month
    if (last - first).days < _MOST_DAYS:
        return "day"
    if months < _MOST_MONTHS:
        return "month"
    return "year" if last.year - first.year < _MOST_YEARS else "decade"


def _of(unit: str, first: dt.date, last: dt.date) -> Iterator[Stretch]:
    start, since, until, after = _UNITS[unit]
    day = start(first)
    while day <= last:
        following = after(day)
        yield Stretch(since(day), until(day), _seconds(day), _seconds(following))
        day = following


def _seconds(day: dt.date) -> int:
    return calendar.timegm(day.timetuple())


def _next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


_Unit = tuple[
    Callable[[dt.date], dt.date], Callable[[dt.date], str], Callable[[dt.date], str],
    Callable[[dt.date], dt.date],
]  # fmt: skip
# Where a stretch starts, what it is called, and where the next one starts.
_UNITS: Final[dict[str, _Unit]] = {
    "day": (
        lambda day: day, dt.date.isoformat, dt.date.isoformat,
        lambda day: day + dt.timedelta(days=1),
    ),
    "month": (
        lambda day: day.replace(day=1), lambda day: f"{day:%Y-%m}", lambda day: f"{day:%Y-%m}",
        _next_month,
    ),
    "year": (
        lambda day: dt.date(day.year, 1, 1), lambda day: str(day.year), lambda day: str(day.year),
        lambda day: dt.date(day.year + 1, 1, 1),
    ),
    "decade": (
        lambda day: dt.date(day.year // 10 * 10, 1, 1), lambda day: str(day.year),
        lambda day: str(day.year + 9), lambda day: dt.date(day.year + 10, 1, 1),
    ),
}  # fmt: skip
