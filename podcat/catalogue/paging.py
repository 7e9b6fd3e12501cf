"""Pages of a list in each of its orders, both ways, whatever is read of an episode."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from podcat.catalogue import longest, relevance, walks
from podcat.catalogue.asked import Asked
from podcat.catalogue.database import Database, Row, among, batches
from podcat.model import END, Cursor

NEWEST: Final = "newest"
OLDEST: Final = "oldest"
LONGEST: Final = "longest"
RELEVANCE: Final = "relevance"
ORDERS: Final = (NEWEST, OLDEST, LONGEST, RELEVANCE)
"""The orders of a list."""


class Placed(Protocol):
    """Something that has an episode's place in the order of time."""

    @property
    def id(self) -> int:
        """The episode's."""

    @property
    def sort_at(self) -> int:
        """Seconds since 1970."""


T = TypeVar("T", bound=Placed)


@dataclass(frozen=True, slots=True)
class Shape(Generic[T]):
    """What is read of each episode: columns of `episodes e`, and what is made of the rows."""

    columns: str
    build: Callable[[Database, Sequence[Row]], tuple[T, ...]]

    def by_ids(self, db: Database, ids: Sequence[int]) -> tuple[T, ...]:
        """In the order of the ids given; ids of none are left out."""
        rows = [
            row
            for batch in batches(ids)
            for row in db.all(f"SELECT {self.columns} FROM episodes e WHERE {among('e.id', batch)}")
        ]  # fmt: skip
        found = {one.id: one for one in self.build(db, rows)}
        return tuple(found[number] for number in ids if number in found)


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """One page, and where those beside it begin and end."""

    found: tuple[T, ...] = ()
    next: Cursor | None = None
    previous: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is: after a cursor or before one, and how many it takes."""

    limit: int
    after: Cursor | None = None
    before: Cursor | None = None


def page(db: Database, wanted: Asked, shape: Shape[T], place: Place, order: str) -> Part[T]:
    """One page. Relevance is newest where no words are asked for, and is not read backwards."""
    if order == RELEVANCE and wanted.words.wanted and place.before is None:
        return _by_relevance(db, wanted, shape, place)
    if order == LONGEST:
        return _by_length(db, wanted, shape, place)
    if order == OLDEST:
        return _mirrored(db, wanted, shape, place)
    if place.before is not None:
        return _last_before(db, wanted, shape, place.before, place.limit)
    found = _newest(db, wanted, shape, place.after, place.limit + 1)
    return _cut(found, place.limit, _cursor(found[:1]) if place.after else None)


def _mirrored(db: Database, wanted: Asked, shape: Shape[T], place: Place) -> Part[T]:
    """The oldest first is the newest first, read from its other end."""
    if place.before == END:
        there = Place(place.limit)
    else:
        there = Place(place.limit, place.before, None if place.before else place.after or END)
    found = page(db, wanted, shape, there, NEWEST)
    return Part(found.found[::-1], found.previous, found.next)


def _last_before(
    db: Database, wanted: Asked, shape: Shape[T], before: Cursor, limit: int
) -> Part[T]:
    way = walks.way(db, wanted, None, limit + 1, before)
    if way is None:
        return Part()
    sql, values = way.statement(shape.columns, backwards=True)
    rows = db.all(f"{sql} LIMIT :limit", limit=limit + 1, **values)
    found = shape.build(db, rows[:limit][::-1])
    following = _cursor(found[-1:]) if before != END else None
    return Part(found, following, _cursor(found[:1]) if len(rows) > limit else None)


def _newest(
    db: Database, wanted: Asked, shape: Shape[T], after: Cursor | None, limit: int
) -> tuple[T, ...]:
    way = walks.way(db, wanted, after, limit)
    if way is None:
        return ()
    sql, values = way.statement(shape.columns)
    return shape.build(db, db.all(f"{sql} LIMIT :limit", limit=limit, **values))


def _by_length(db: Database, wanted: Asked, shape: Shape[T], place: Place) -> Part[T]:
    """The longest first, those of unknown length last."""
    if place.before is None:
        ids = longest.ids(db, wanted, place.after, place.limit + 1)
        found = shape.by_ids(db, ids)
        return _cut(found, place.limit, _cursor(found[:1]) if place.after else None)
    before = None if place.before == END else place.before
    ids = longest.ids(db, wanted, before, place.limit + 1, backwards=True)
    found = shape.by_ids(db, ids[: place.limit][::-1])
    following = _cursor(found[-1:]) if before else None
    return Part(found, following, _cursor(found[:1]) if len(ids) > place.limit else None)


def _by_relevance(db: Database, wanted: Asked, shape: Shape[T], place: Place) -> Part[T]:
    """What is ranked, then what is older than all of that."""
    after, limit = place.after, place.limit
    ranked, oldest = relevance.ranked(db, wanted)
    ids = [cursor.id for cursor in ranked]
    found: tuple[T, ...] = ()
    if after is None or after.id in ids:
        start = 0 if after is None else ids.index(after.id) + 1
        found = shape.by_ids(db, ids[start : start + limit + 1])
        after = oldest
    if len(found) <= limit and after is not None:
        found += _newest(db, wanted, shape, after, limit + 1 - len(found))
    return _cut(found, limit, None)


def _cut(found: tuple[T, ...], limit: int, previous: Cursor | None) -> Part[T]:
    """A page of what was found, one more than a page takes."""
    kept = found[:limit]
    return Part(kept, _cursor(kept[-1:]) if len(found) > limit else None, previous)


def _cursor(found: Sequence[Placed]) -> Cursor | None:
    """The place of the first of these; None where there is none."""
    return next((Cursor(one.sort_at, one.id) for one in found), None)
