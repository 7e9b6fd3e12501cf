"""Reading episodes: a selection of them in pages, or one by its id."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from podcat.catalogue import conditions, relevance, walks
from podcat.catalogue.asked import Asked, asked
from podcat.catalogue.database import Database, Row, among, batches
from podcat.catalogue.merge import YES_NO
from podcat.catalogue.records import Listing, Tally
from podcat.model import END, Cursor, Episode, Person, Selection

COLUMNS = (
    "id", "guid", "provider", "provider_id", "status", "sort_at", "first_seen", "changed_at",
    "kind", "title", "description", "programme", "language", "duration", "published",
    "event_date", "embed_url", "link", "audio_url", "video_url", "transcript_url", "image_url",
    "image_caption", "image_credit", "has_download", "has_transcript", "start",
    "media_type", "media_bytes", "derived", "page_url", "page_title",
)  # fmt: skip
_COLUMNS = ", ".join(f"e.{name}" for name in COLUMNS)
_SELECT = f"SELECT {_COLUMNS} FROM episodes e"
NEWEST: Final = "newest"
RELEVANCE: Final = "relevance"
ORDERS: Final = (NEWEST, RELEVANCE)
"""The orders of a list."""
_SMALL: Final = 10_000
"""Episodes of a catalogue in which everything is counted at once."""
_COUNTED: Final = 2_000
"""How far it is counted in a larger one."""

# ---------------------------------------------------------------- lists


def episodes(  # noqa: PLR0913  (where, and in which order)
    db: Database,
    selection: Selection,
    after: Cursor | None,
    limit: int,
    *,
    order: str = NEWEST,
    before: Cursor | None = None,
) -> Listing:
    """At most `limit` episodes of a selection: the next after a cursor, or the last before one.

    `order` is newest or relevance, which is newest where no words are asked for, and is not read
    backwards.
    """
    limit = max(1, limit)
    wanted = asked(selection)
    if before is not None:
        return _last_before(db, wanted, before, limit)
    if order == RELEVANCE and wanted.words.wanted:
        return _by_relevance(db, wanted, after, limit)
    listing = _listing(_newest(db, wanted, after, limit + 1), limit)
    return replace(listing, previous=_cursor(listing.episodes[:1]) if after else None)


def _last_before(db: Database, wanted: Asked, before: Cursor, limit: int) -> Listing:
    way = walks.way(db, wanted, None, limit + 1, before)
    if way is None:
        return Listing(())
    sql, values = way.statement(_COLUMNS, backwards=True)
    rows = db.all(f"{sql} LIMIT :limit", limit=limit + 1, **values)
    found = _whole(db, rows[:limit][::-1])
    following = _cursor(found[-1:]) if before != END else None
    return Listing(found, following, _cursor(found[:1]) if len(rows) > limit else None)


def _cursor(episodes: Sequence[Episode]) -> Cursor | None:
    """The place of the first of these; None where there is none."""
    return next((Cursor(one.sort_at, one.id) for one in episodes), None)


def _newest(db: Database, wanted: Asked, after: Cursor | None, limit: int) -> tuple[Episode, ...]:
    way = walks.way(db, wanted, after, limit)
    if way is None:
        return ()
    sql, values = way.statement(_COLUMNS)
    return _whole(db, db.all(f"{sql} LIMIT :limit", limit=limit, **values))


def _by_relevance(db: Database, wanted: Asked, after: Cursor | None, limit: int) -> Listing:
    """What is ranked, then what is older than all of that."""
    ranked, oldest = relevance.ranked(db, wanted)
    ids = [cursor.id for cursor in ranked]
    found: tuple[Episode, ...] = ()
    if after is None or after.id in ids:
        start = 0 if after is None else ids.index(after.id) + 1
        found = by_ids(db, ids[start : start + limit + 1])
        after = oldest
    if len(found) <= limit and after is not None:
        found += _newest(db, wanted, after, limit + 1 - len(found))
    return _listing(found, limit)


def _listing(found: Sequence[Episode], limit: int) -> Listing:
    """A page of what was found, one more than a page takes."""
    page = tuple(found[:limit])
    return Listing(page, _cursor(page[-1:]) if len(found) > limit else None)


def count(db: Database, selection: Selection) -> int:
    """How many episodes a selection has, all of them counted."""
    condition, values = conditions.everywhere(db, asked(selection))
    row = db.one(f"SELECT count(*) AS n FROM episodes e WHERE {condition}", **values)
    return row["n"] if row else 0


def tally(db: Database, selection: Selection) -> Tally:
    """How many episodes a selection has, as far as that is told in a bounded time.

    All are counted in a small catalogue; of one list alone (a tag, words, …) the newest few
    thousand. How often several lists of a large catalogue meet is not counted at all. The same
    on both databases.
    """
    newest = db.one("SELECT max(id) AS n FROM episodes")
    if not newest or (newest["n"] or 0) <= _SMALL:
        return Tally(count(db, selection))
    wanted = asked(selection)
    if wanted.nothing:
        return Tally(0)
    rows = walks.one_list(db, wanted)
    if rows is None:
        return Tally(0, complete=False)
    sql, values = rows
    row = db.one(f"SELECT count(*) AS n FROM ({sql} LIMIT {_COUNTED + 1}) found", **values)
    found = int(row["n"]) if row else 0
    return Tally(min(found, _COUNTED), complete=found <= _COUNTED)


def newest_change(db: Database, selection: Selection) -> int | None:
    """When an episode of a selection changed last; None when there is none."""
    condition, values = conditions.everywhere(db, asked(selection))
    row = db.one(
        f"SELECT e.changed_at AS at FROM episodes e WHERE {condition} "
        "ORDER BY e.changed_at DESC LIMIT 1",
        **values,
    )
    return row["at"] if row else None


def episode(db: Database, number: int, *, hidden: bool = False) -> Episode | None:
    """The episode with this id, or the one it was joined to; a hidden one only where told."""
    seen = "1 = 1" if hidden else "e.hidden = 0"
    rows = db.all(f"{_SELECT} WHERE e.id = :id AND {seen}", id=number) or db.all(
        f"{_SELECT} JOIN former_episodes f ON f.episode_id = e.id WHERE f.id = :id AND {seen}",
        id=number,
    )
    return next(iter(_whole(db, rows)), None)


def by_ids(db: Database, ids: Sequence[int]) -> tuple[Episode, ...]:
    """Episodes in the order of their ids given; ids of none are left out."""
    rows = [
        row
        for batch in batches(ids)
        for row in db.all(f"{_SELECT} WHERE {among('e.id', batch)}")
    ]  # fmt: skip
    found = {one.id: one for one in _whole(db, rows)}
    return tuple(found[number] for number in ids if number in found)


# ---------------------------------------------------------------- rows to episodes


def _whole(db: Database, rows: Sequence[Row]) -> tuple[Episode, ...]:
    ids = [row["id"] for row in rows]
    people, tags = _people(db, ids), _tags(db, ids)
    return tuple(
        Episode(**_python(row), people=tuple(people[row["id"]]), tags=tuple(tags[row["id"]]))
        for row in rows
    )


def _python(row: Row) -> dict[str, Any]:
    values = dict(row)
    values["derived"] = frozenset(values["derived"].split())
    for name in YES_NO:
        if values[name] is not None:
            values[name] = bool(values[name])
    return values


def _people(db: Database, ids: Sequence[int]) -> dict[int, list[Person]]:
    found: dict[int, list[Person]] = defaultdict(list)
    for batch in batches(ids):
        for row in db.all(
            f"""SELECT c.episode_id, p.name, c.role, c.about
                FROM credits c JOIN people p ON p.id = c.person_id
                WHERE {among("c.episode_id", batch)} ORDER BY c.position, c.role, p.slug"""
        ):
            found[row["episode_id"]].append(Person(row["name"], row["role"], row["about"]))
    return found


def _tags(db: Database, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for batch in batches(ids):
        for row in db.all(
            f"""SELECT et.episode_id, t.name FROM episode_tags et JOIN tags t ON t.id = et.tag_id
                WHERE {among("et.episode_id", batch)} ORDER BY t.slug"""
        ):
            found[row["episode_id"]].append(row["name"])
    return found
