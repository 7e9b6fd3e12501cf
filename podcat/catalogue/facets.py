"""What a selection can be narrowed by, with how many episodes would be left of it.

Of a small catalogue everything is counted. Of a large one the newest hits are: some thousand where
one list alone is asked for, as many as are soon found where several lists must meet. So what it
costs does not depend on how many there are, and both databases give the same.
"""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from podcat.catalogue import read, stretches, walks
from podcat.catalogue.asked import Asked, asked
from podcat.catalogue.database import Database, Row, among, batches
from podcat.catalogue.records import Bar, Count, Facets, Timeline
from podcat.catalogue.stretches import Stretch
from podcat.model import Selection

FEW: Final = 3_000
"""Hits that are counted in a small catalogue."""
NEWEST: Final = 1_000
"""Hits that are counted of one list in a large one."""
MEETING: Final = 200
"""Hits that are counted there where several lists must meet."""
NAMED: Final = 40
"""Tags, people, … that are told of each kind."""
_COLUMNS: Final = (
    "e.id, e.sort_at, e.provider, e.programme, e.programme_slug, e.playable, e.health, "
    "CASE WHEN e.published IS NULL AND e.sort_at = e.first_seen THEN 1 ELSE 0 END AS undated"
)
_DATED: Final = "NOT (e.published IS NULL AND e.sort_at = e.first_seen)"
_TAGS: Final = """SELECT o.tag_id AS own, count(*) AS n FROM episode_tags o
    WHERE {episodes} GROUP BY o.tag_id"""
# One episode can have several credits of one person.
_PEOPLE: Final = """SELECT c.person_id AS own, count(*) AS n FROM (
        SELECT o.person_id, o.episode_id FROM credits o WHERE {episodes}
        GROUP BY o.episode_id, o.person_id) c
    GROUP BY c.person_id"""


def facets(db: Database, selection: Selection) -> Facets:
    """What a selection can be narrowed by."""
    wanted = asked(selection)
    most = _most(db, wanted)
    way = walks.way(db, wanted, many=most)
    if way is None:
        return Facets()
    sql, values = way.statement(_COLUMNS)
    rows = db.all(f"{sql} LIMIT :most", most=most + 1, **values)
    return _counted(db, rows[:most], complete=len(rows) <= most)


def _most(db: Database, wanted: Asked) -> int:
    if read.is_small(db):
        return FEW
    return NEWEST if walks.one_list(db, wanted) else MEETING


def _counted(db: Database, rows: Sequence[Row], *, complete: bool) -> Facets:
    ids = [row["id"] for row in rows]
    playable = sum(row["playable"] for row in rows)
    return Facets(
        episodes=len(rows),
        complete=complete,
        tags=_told(db, _TAGS, "tags", ids),
        people=_told(db, _PEOPLE, "people", ids),
        programmes=_programmes(rows),
        providers=_most_first((key, key, n) for key, n in _counts(rows, "provider").items()),
        years=_years(rows),
        playable=(len(rows) - playable, playable),
        health=_counts(rows, "health"),
        timeline=_timeline(rows),
    )


def _counts(rows: Iterable[Row], column: str) -> Mapping[str, int]:
    return Counter(row[column] for row in rows)


def _told(db: Database, sql: str, table: str, ids: Sequence[int]) -> tuple[Count, ...]:
    counts: Counter[int] = Counter()
    for batch in batches(ids):
        for row in db.all(sql.format(episodes=among("o.episode_id", batch))):
            counts[row["own"]] += row["n"]
    least = min((n for _, n in counts.most_common(NAMED)), default=0)
    names = {
        row["id"]: row
        for batch in batches([own for own, n in counts.items() if n >= least])
        for row in db.all(f"SELECT id, slug, name FROM {table} WHERE {among('id', batch)}")
    }
    return _most_first((row["slug"], row["name"], counts[own]) for own, row in names.items())


def _programmes(rows: Iterable[Row]) -> tuple[Count, ...]:
    """A programme that is written in several ways is called as it mostly is."""
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row["programme_slug"] is not None:
            spelt[row["programme_slug"]][row["programme"]] += 1
    return _most_first(
        (slug, min(names, key=lambda name: (-names[name], name)), names.total())
        for slug, names in spelt.items()
    )


def _most_first(found: Iterable[tuple[str, str, int]]) -> tuple[Count, ...]:
    ordered = sorted(found, key=lambda one: (-one[2], one[0]))
    return tuple(Count(*one) for one in ordered[:NAMED])


def _years(rows: Sequence[Row]) -> tuple[Count, ...]:
    if not rows:
        return ()
    moments = [row["sort_at"] for row in rows]
    years = stretches.years(min(moments), max(moments))
    return _latest_first(stretches.bars(years, stretches.sorted_in(years, moments)))


def _latest_first(years: Sequence[Bar]) -> tuple[Count, ...]:
    return tuple(Count(y.since, y.since, y.episodes) for y in years[::-1] if y.episodes)


def _timeline(rows: Sequence[Row]) -> Timeline:
    """Of what has a date: the day on which something was first seen says nothing of it."""
    moments = [row["sort_at"] for row in rows if not row["undated"]]
    undated = len(rows) - len(moments)
    if not moments:
        return Timeline(undated=undated)
    unit, all_of = stretches.stretches(min(moments), max(moments))
    return Timeline(unit, stretches.bars(all_of, stretches.sorted_in(all_of, moments)), undated)


# ---------------------------------------------------------------- of everything

# Each is a stretch of an index, counted without a look at the rows where all of it counts.
_IN_STRETCH: Final = """SELECT count(*) AS n FROM episodes e
    WHERE e.hidden = 0 AND e.sort_at >= :start AND e.sort_at < :end AND {which}"""
_ENDS: Final = """SELECT
    (SELECT e.sort_at FROM episodes e WHERE e.hidden = 0 AND {which}
        ORDER BY e.sort_at, e.id LIMIT 1) AS first,
    (SELECT e.sort_at FROM episodes e WHERE e.hidden = 0 AND {which}
        ORDER BY e.sort_at DESC, e.id DESC LIMIT 1) AS last"""
_ALL: Final = "1 = 1"
_UNDATED: Final = """SELECT count(*) AS n FROM episodes
    WHERE hidden = 0 AND published IS NULL AND sort_at = first_seen"""


def everything(db: Database) -> Facets:
    """Of the whole catalogue what no list of tags, people, … tells; longer the more it has."""
    ends = _ends(db, _ALL)
    if ends is None:
        return Facets()
    in_years = stretches.years(*ends)
    counts, playable = _in(db, in_years, _ALL), _grouped(db, "playable")
    return Facets(
        episodes=sum(counts),
        years=_latest_first(stretches.bars(in_years, counts)),
        playable=(playable.get(0, 0), playable.get(1, 0)),
        health=_grouped(db, "health"),
        timeline=_whole_timeline(db),
    )


def _whole_timeline(db: Database) -> Timeline:
    ends, undated = _ends(db, _DATED), db.one(_UNDATED)
    without = int(undated["n"]) if undated else 0
    if ends is None:
        return Timeline(undated=without)
    unit, all_of = stretches.stretches(*ends)
    return Timeline(unit, stretches.bars(all_of, _in(db, all_of, _DATED)), without)


def _ends(db: Database, which: str) -> tuple[int, int] | None:
    row = db.one(_ENDS.format(which=which))
    return (row["first"], row["last"]) if row and row["first"] is not None else None


def _in(db: Database, all_of: Iterable[Stretch], which: str) -> list[int]:
    sql = _IN_STRETCH.format(which=which)
    found = (db.one(sql, start=each.start, end=each.end) for each in all_of)
    return [int(row["n"]) if row else 0 for row in found]


def _grouped(db: Database, column: str) -> dict[Any, int]:
    rows = db.all(f"SELECT {column} AS own, count(*) AS n FROM episodes "
                  f"WHERE hidden = 0 GROUP BY {column}")  # fmt: skip
    return {row["own"]: row["n"] for row in rows}
