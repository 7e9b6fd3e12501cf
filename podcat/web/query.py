"""What a visitor asks of a list, `?tag=…&since=…&after=…`, read and judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar
from urllib.parse import urlencode

from podcat.catalogue.paging import NEWEST, ORDERS
from podcat.catalogue.records import ALIVE, HEALTHS
from podcat.catalogue.search import begun
from podcat.errors import QueryError
from podcat.model import Cursor, Selection
from podcat.providers import registry
from podcat.text import clean, in_word, slug, span, words

# In the order in which they stand in addresses, so that one question has one address.
PARAMETERS = (
    "q", "tag", "person", "programme", "provider", "since", "until", "playable", "health",
)  # fmt: skip
_SEVERAL = ("tag", "person")
"""Parameters of which several narrow further; another value of the others takes the place."""
_LONGEST = 200
_MOST_VALUES = 10
_CURSOR = re.compile(r"(-?\d{1,15})-(\d{1,18})", re.ASCII)
_TRUE, _FALSE = ("1", "true", "yes"), ("0", "false", "no")

EVERYTHING: Final = Selection()
T = TypeVar("T")


class Arguments(Protocol):
    """The part of a request's query that is needed here."""

    def getlist(self, key: str) -> list[str]:
        """All values of a parameter."""


@dataclass(frozen=True)
class Query:
    """A question in a canonical form, and what it means."""

    pairs: tuple[tuple[str, str], ...] = ()
    """Parameters without `after`, empty ones left out."""
    selection: Selection = EVERYTHING
    after: Cursor | None = None
    before: Cursor | None = None
    order: str = NEWEST
    """Of the list; in addresses only where it is another one."""

    def __str__(self) -> str:
        """`?tag=x&after=…`, or nothing."""
        return self.paged(self.after, self.before)

    def paged(self, after: Cursor | None, before: Cursor | None = None) -> str:
        """The same question with another place in the list."""
        places = {"after": after, "before": before}
        given = [(name, str(place)) for name, place in places.items() if place]
        return _joined([*self.pairs, *self._order, *given])

    @property
    def _order(self) -> list[tuple[str, str]]:
        return [("order", self.order)] if self.order != NEWEST else []

    @property
    def by_time(self) -> Query:
        """The same question with the newest first, as feeds are."""
        return replace(self, order=NEWEST)

    def ordered(self, order: str) -> str:
        """The same question from the start in another order."""
        return replace(self, order=order).paged(None)

    @property
    def wordless(self) -> bool:
        """Whether words are asked for, but there is none: `"`, `*`."""
        return self.selection.q is not None and not words(self.selection.q)

    @property
    def begun(self) -> tuple[str, str] | None:
        """The last word, and the question for all words that begin so; None where that is none."""
        typed = self.value("q")
        further = begun(typed)
        if further is None or len(further) > _LONGEST:
            return None
        start = next((n for n in range(len(typed), 0, -1) if not in_word(typed[n - 1])), 0)
        return typed[start:], self.narrowed(q=further)

    def without(self, name: str, value: str) -> str:
        """The same question from the start, less one condition."""
        return _joined([*(pair for pair in self.pairs if pair != (name, value)), *self._order])

    def narrowed(self, **conditions: str) -> str:
        """The same question from the start, with further conditions."""
        kept = [
            (name, value)
            for name, value in self.pairs
            if name in _SEVERAL or name not in conditions
        ]
        further = [pair for pair in conditions.items() if pair not in kept]
        pairs = sorted((*kept, *further), key=lambda pair: PARAMETERS.index(pair[0]))
        return _joined([*pairs, *self._order])

    def without_all(self, *names: str) -> str:
        """The same question from the start, less some parameters."""
        return _joined([*(pair for pair in self.pairs if pair[0] not in names), *self._order])

    def values(self, name: str) -> list[str]:
        """All values of a parameter."""
        return [value for key, value in self.pairs if key == name]

    def value(self, name: str) -> str:
        """What a form shows in the field of that name."""
        return next(iter(self.values(name)), "")


NO_QUESTION: Final = Query()


def _joined(pairs: Iterable[tuple[str, str]]) -> str:
    text = urlencode(list(pairs))
    return f"?{text}" if text else ""


def read_query(arguments: Arguments) -> Query:
    """The question in a request; unknown parameters are passed over.

    Raises QueryError, which names the parameter, for a date, cursor or choice it cannot read.
    """
    pairs = tuple(
        (name, value) for name in PARAMETERS for value in dict.fromkeys(_values(arguments, name))
    )
    after, before = _cursor(arguments, "after"), _cursor(arguments, "before")
    if after and before:
        raise QueryError("before", "stands beside “after”", "leave one of them out")
    order = read_order(_values(arguments, "order"))
    return Query(pairs, _selection(pairs), after, before, order)


def _cursor(arguments: Arguments, name: str) -> Cursor | None:
    given = next(iter(_values(arguments, name)), None)
    return read_cursor(given, name) if given else None


def _values(arguments: Arguments, name: str) -> list[str]:
    given = [value for value in arguments.getlist(name) if value.strip()]
    if len(given) > _MOST_VALUES:
        raise QueryError(name, "is given too often", f"give it at most {_MOST_VALUES} values")
    return [_value(name, value) for value in given]


def _value(name: str, given: str) -> str:
    """One value in its canonical form. Raises QueryError where there can be none."""
    if len(given) > _LONGEST:
        raise QueryError(name, "is too long", f"use at most {_LONGEST} characters")
    value = clean(given)
    if value is None:
        raise QueryError(name, "holds nothing that can be read", "leave it out")
    if name == "provider" and value not in registry().providers:
        raise QueryError(name, f"nobody is called “{value}”", "choose one of /providers")
    if name == "health":
        return read_health(value)
    return slug(value) if name in ("tag", "person", "programme") else value


def _selection(pairs: Iterable[tuple[str, str]]) -> Selection:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    selection = Selection(
        q=_one(values, "q", str),
        tags=tuple(values.get("tag", ())),
        people=tuple(values.get("person", ())),
        programme=_one(values, "programme", str),
        provider=_one(values, "provider", str),
        since=_one(values, "since", lambda text: read_date("since", text)[0]),
        until=_one(values, "until", lambda text: read_date("until", text)[1]),
        playable=_one(values, "playable", lambda text: read_choice("playable", text)),
        health=_one(values, "health", str),
    )
    return selection if selection.q is None or words(selection.q) else nothing_of(selection)


def _one(values: dict[str, list[str]], name: str, read: Callable[[str], T]) -> T | None:
    found = values.get(name, [])
    if len(found) > 1:
        raise QueryError(name, "is given more than once", "give it one value")
    return read(found[0]) if found else None


def read_date(parameter: str, text: str) -> tuple[int, int]:
    """First second (UTC) of a year, month or day, and the first second after it."""
    seconds = span(text)
    if seconds is None:
        raise QueryError(parameter, f"“{text}” is not a date", "write 2022, 2022-01 or 2022-01-13")
    return seconds


def read_cursor(text: str, name: str = "after") -> Cursor:
    """A place in a list as `Cursor` prints it."""
    found = _CURSOR.fullmatch(text)
    if found is None:
        raise QueryError(name, f"“{text}” is no place in a list", "start from its first page")
    return Cursor(int(found[1]), int(found[2]))


def read_order(given: list[str]) -> str:
    """The order of a list, newest where none is given."""
    order = _one({"order": given}, "order", str) or NEWEST
    if order not in ORDERS:
        raise QueryError("order", f"“{order}” is no order", f"write {' or '.join(ORDERS)}")
    return order


def read_choice(parameter: str, text: str) -> bool:
    """Yes or no in a few spellings."""
    if text.lower() in _TRUE + _FALSE:
        return text.lower() in _TRUE
    raise QueryError(parameter, f"“{text}” is neither yes nor no", "write 1 or 0")


def read_health(text: str) -> str:
    """What can be believed of an episode, in the catalogue's word; `ok` is another for alive."""
    word = {"ok": ALIVE}.get(text.lower(), text.lower())
    if word not in HEALTHS:
        raise QueryError("health", f"“{text}” is no health", f"write {', '.join(HEALTHS)}")
    return word


def nothing_of(selection: Selection) -> Selection:
    """The selection with no time in it, so that no episode belongs to it, narrow it as you may."""
    return replace(selection, since=0, until=0)


def narrowed(fixed: Selection, asked: Selection) -> Selection:
    """What belongs to both: a list's own selection and the visitor's.

    Raises QueryError where both name a different programme or provider.
    """
    both = Selection(
        q=_both_words(fixed.q, asked.q),
        tags=tuple(dict.fromkeys(fixed.tags + asked.tags)),
        people=tuple(dict.fromkeys(fixed.people + asked.people)),
        programme=_same("programme", fixed.programme, asked.programme),
        provider=_same("provider", fixed.provider, asked.provider),
        since=max(_stated(fixed.since, asked.since), default=None),
        until=min(_stated(fixed.until, asked.until), default=None),
        playable=asked.playable if fixed.playable is None else fixed.playable,
        health=fixed.health or asked.health,
    )
    contrary = (asked.playable is not None and asked.playable != both.playable) or (
        asked.health is not None and asked.health != both.health
    )
    return nothing_of(both) if contrary else both


def _stated(*moments: int | None) -> list[int]:
    return [moment for moment in moments if moment is not None]


def _both_words(ours: str | None, theirs: str | None) -> str | None:
    if not ours or not theirs:
        return ours or theirs
    closing = '"' * (ours.count('"') % 2)  # a phrase left open would swallow theirs
    return f"{ours}{closing} {theirs}"


def _same(name: str, ours: str | None, theirs: str | None) -> str | None:
    if ours and theirs and ours != theirs:
        raise QueryError(name, f"this list is of “{ours}” alone", "leave it out")
    return ours or theirs
