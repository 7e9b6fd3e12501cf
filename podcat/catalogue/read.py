"""Reading episodes: a selection of them in pages, newest first, or one by its id."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from podcat.catalogue import search
from podcat.catalogue.database import Database, Row, Value, among, batches
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
_SELECT = "SELECT " + ", ".join(f"e.{name}" for name in COLUMNS) + " FROM episodes e"

Where = tuple[str, dict[str, Value]]


# ---------------------------------------------------------------- conditions


def where(db: Database, selection: Selection) -> Where:
    """The condition of a selection on `episodes e`, and its values."""
    parts: list[Where] = [("e.hidden = 0", {})]
    query = search.parse(selection.q)
    if query.has_words:
        parts.append(db.matching(query))
    parts += [_filtered(number, each) for number, each in enumerate(query.filters)]
    parts += [_tagged(number, slug) for number, slug in enumerate(selection.tags)]
    parts += [_credited(number, slug) for number, slug in enumerate(selection.people)]
    parts += _plain(selection)
    values: dict[str, Value] = {}
    for _, own in parts:
        values |= own
    return " AND ".join(condition for condition, _ in parts), values


def _tagged(number: int, slug: str) -> Where:
    name = f"tag{number}"
    condition = f"""e.id IN (SELECT et.episode_id FROM episode_tags et
        JOIN tags t ON t.id = et.tag_id WHERE t.slug = :{name})"""
    return condition, {name: slug}


def _credited(number: int, slug: str) -> Where:
    name = f"person{number}"
    condition = f"""e.id IN (SELECT c.episode_id FROM credits c
        JOIN people p ON p.id = c.person_id WHERE p.slug = :{name})"""
    return condition, {name: slug}


_WORD_OF_NAME = "'-' || p.slug || '-' LIKE '%-' || :{name} || '-%'"
# A condition for each filter of a query; `:{name}` is where its value goes.
_FILTERS = {
    "tag": """e.id IN (SELECT et.episode_id FROM episode_tags et
        JOIN tags t ON t.id = et.tag_id WHERE t.slug = :{name})""",
    # A part of a name will do: `person:ruiz`.
    "person": f"""e.id IN (SELECT c.episode_id FROM credits c
        JOIN people p ON p.id = c.person_id WHERE {_WORD_OF_NAME})""",
    "programme": "coalesce(e.programme_slug, '') = :{name}",
    "provider": "e.provider = :{name}",
    "since": "e.sort_at >= :{name}",
    "until": "e.sort_at < :{name}",
    "playable": "e.playable = :{name}",
}


def _filtered(number: int, asked: search.Filter) -> Where:
    name = f"filter{number}"
    condition = _FILTERS[asked.name].format(name=name)
    return condition if asked.wanted else f"NOT ({condition})", {name: asked.value}


def _plain(selection: Selection) -> list[Where]:
    playable = None if selection.playable is None else int(selection.playable)
    limits: tuple[tuple[str, str, Value], ...] = (
        ("e.programme_slug = :programme", "programme", selection.programme),
        ("e.provider = :provider", "provider", selection.provider),
        ("e.sort_at >= :since", "since", selection.since),
        ("e.sort_at < :until", "until", selection.until),
        ("e.playable = :playable", "playable", playable),
    )
    return [(sql, {name: value}) for sql, name, value in limits if value is not None]


# ---------------------------------------------------------------- lists


def episodes(db: Database, selection: Selection, after: Cursor | None, limit: int) -> Listing:
    """At most `limit` episodes of a selection that come after the cursor, newest first."""
    limit = max(1, limit)
    condition, values = where(db, selection)
    if after is not None:
        condition += " AND (e.sort_at, e.id) < (:after_sort, :after_id)"
        values |= {"after_sort": after.sort_at, "after_id": after.id}
    rows = db.all(
        f"{_SELECT} WHERE {condition} ORDER BY e.sort_at DESC, e.id DESC LIMIT :limit",
        limit=limit + 1, **values,
    )  # fmt: skip
    found = _whole(db, rows[:limit])
    last = found[-1] if len(rows) > limit else None
    return Listing(found, Cursor(last.sort_at, last.id) if last else None)


def count(db: Database, selection: Selection) -> int:
    """How many episodes a selection has."""
    condition, values = where(db, selection)
    row = db.one(f"SELECT count(*) AS n FROM episodes e WHERE {condition}", **values)
    return int(row["n"]) if row else 0


def newest_change(db: Database, selection: Selection) -> int | None:
    """When an episode of a selection changed last; None when it is empty."""
    condition, values = where(db, selection)
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
        Episode(
            **{name: _python(name, row[name]) for name in COLUMNS},
            people=tuple(people[row["id"]]),
            tags=tuple(tags[row["id"]]),
        )
        for row in rows
    )


def _python(column: str, value: Any) -> Any:
    if column == "derived":
        return frozenset(value.split())
    return bool(value) if column in YES_NO and value is not None else value


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
