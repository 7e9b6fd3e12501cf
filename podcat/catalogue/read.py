"""Reading episodes: a selection of them in pages, newest first, or one by its id."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from podcat.catalogue import conditions
from podcat.catalogue.database import Database, Row, among, batches
from podcat.catalogue.merge import YES_NO
from podcat.catalogue.records import Listing
from podcat.model import Cursor, Episode, Person, Selection

COLUMNS = (
    "id", "guid", "provider", "provider_id", "status", "sort_at", "first_seen", "changed_at",
    "kind", "title", "description", "programme", "language", "duration", "published",
    "event_date", "embed_url", "link", "audio_url", "video_url", "transcript_url", "image_url",
    "image_caption", "image_credit", "has_download", "has_transcript", "start",
    "media_type", "media_bytes", "derived", "page_url", "page_title",
)  # fmt: skip
_COLUMNS = "SELECT " + ", ".join(f"e.{name}" for name in COLUMNS)
_SELECT = f"{_COLUMNS} FROM episodes e"

# ---------------------------------------------------------------- lists


def episodes(db: Database, selection: Selection, after: Cursor | None, limit: int) -> Listing:
    """At most `limit` episodes of a selection that come after the cursor, newest first."""
    limit = max(1, limit)
    ordered = conditions.ordered(db, selection)
    condition, values, place = ordered.condition, ordered.values, ordered.place
    if after is not None:
        condition += f" AND {place} < (:after_sort, :after_id)"
        values = values | {"after_sort": after.sort_at, "after_id": after.id}
    sort_at, number = place.strip("()").split(", ")
    rows = db.all(
        f"{_COLUMNS} FROM {ordered.tables} WHERE {condition} "
        f"ORDER BY {sort_at} DESC, {number} DESC LIMIT :limit",
        limit=limit + 1, **values,
    )  # fmt: skip
    found = _whole(db, rows[:limit])
    last = found[-1] if len(rows) > limit else None
    return Listing(found, Cursor(last.sort_at, last.id) if last else None)


def count(db: Database, selection: Selection) -> int:
    """How many episodes a selection has."""
    ids, values = conditions.ids(db, selection)
    row = db.one(f"SELECT count(*) AS n FROM ({ids}) found", **values)
    return int(row["n"]) if row else 0


def newest_change(db: Database, selection: Selection) -> int | None:
    """When an episode of a selection changed last; None when it is empty."""
    condition, values = conditions.anyhow(db, selection)
    row = db.one(f"SELECT max(e.changed_at) AS at FROM episodes e WHERE {condition}", **values)
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
