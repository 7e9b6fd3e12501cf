"""The longest recordings of a selection first; those of unknown length come last.

Where a selection has few, they are sorted; where it has many, the list of all by their length is
walked, and meets them often enough.
"""

from __future__ import annotations

from typing import Final

from podcat.catalogue import walks
from podcat.catalogue.asked import Asked
from podcat.catalogue.conditions import SHOWN
from podcat.catalogue.database import Database, Where
from podcat.catalogue.search import Query
from podcat.catalogue.walks import Walk
from podcat.model import Cursor

SORTED: Final = 5_000
"""Episodes of a selection that are sorted; of more, the list of all by their length is walked."""
_COLUMNS: Final = ("e.lasting", "e.sort_at", "e.id")
_WALK: Final = Walk("episodes e", _COLUMNS, "e.id", SHOWN)
_EVERYTHING: Final = Asked(Query())

Spot = tuple[int, int, int]
"""Length (seconds; -1 for unknown), sort_at and id: larger ones come first."""


def ids(
    db: Database, wanted: Asked, beside: Cursor | None, many: int, *, backwards: bool = False
) -> list[int]:
    """At most so many after a cursor; or before it, the nearest first.

    Without a cursor from the start, or from the end. A cursor is an episode's, as in the lists by
    time; its length is looked up. None are left where that episode is no more.
    """
    spot = _spot(db, beside) if beside else None
    if beside and spot is None:
        return []
    few = None if wanted == _EVERYTHING else _few(db, wanted)
    if few is None:
        return _walked(db, wanted, spot, many, backwards=backwards)
    ordered = sorted(few, reverse=not backwards)
    left = [one for one in ordered if spot is None or (one > spot if backwards else one < spot)]
    return [number for _, _, number in left[:many]]


def _spot(db: Database, cursor: Cursor) -> Spot | None:
    row = db.one(
        """SELECT e.lasting FROM episodes e WHERE e.id = coalesce(
               (SELECT f.episode_id FROM former_episodes f WHERE f.id = :id), :id)""",
        id=cursor.id,
    )
    return (row["lasting"], cursor.sort_at, cursor.id) if row else None


def _few(db: Database, wanted: Asked) -> list[Spot] | None:
    """All of a selection, or None where there are many."""
    way = walks.way(db, wanted, many=SORTED)
    if way is None:
        return []
    sql, values = way.statement(", ".join(_COLUMNS))
    rows = db.all(f"{sql} LIMIT {SORTED + 1}", **values)
    spots = [(row["lasting"], row["sort_at"], row["id"]) for row in rows]
    return spots if len(spots) <= SORTED else None


def _walked(
    db: Database, wanted: Asked, spot: Spot | None, many: int, *, backwards: bool
) -> list[int]:
    way = walks.through(db, wanted, _WALK, _beyond(spot, backwards=backwards))
    if way is None:
        return []
    sql, values = way.statement("e.id", backwards=backwards)
    return [row["id"] for row in db.all(f"{sql} LIMIT :many", many=many, **values)]


def _beyond(spot: Spot | None, *, backwards: bool) -> Where:
    if spot is None:
        return SHOWN, {}
    sign = ">" if backwards else "<"
    condition = f"{SHOWN} AND ({', '.join(_COLUMNS)}) {sign} (:spot0, :spot1, :spot2)"
    return condition, {f"spot{number}": value for number, value in enumerate(spot)}
