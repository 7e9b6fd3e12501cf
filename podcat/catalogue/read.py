"""Reading episodes: a selection of them in pages, or one by its id."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from podcat.catalogue import conditions, paging, walks
from podcat.catalogue.asked import asked
from podcat.catalogue.database import Database, Row, among, batches
from podcat.catalogue.merge import YES_NO
from podcat.catalogue.paging import NEWEST
from podcat.catalogue.records import Listing, Tally
from podcat.model import Cursor, Episode, Person, Selection

COLUMNS = (
    "id", "guid", "provider", "provider_id", "status", "sort_at", "first_seen", "changed_at",
    "kind", "title", "description", "programme", "language", "duration", "published",
    "event_date", "embed_url", "link", "audio_url", "video_url", "transcript_url", "image_url",
    "image_caption", "image_credit", "has_download", "has_transcript", "start",
    "media_type", "media_bytes", "derived", "page_url", "page_title",
)  # fmt: skip
_COLUMNS = ", ".join(f"e.{name}" for name in COLUMNS)
_SELECT = f"SELECT {_COLUMNS} FROM episodes e"
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
    """At most `limit` episodes of a selection: the next after a cursor, or the last before one."""
    place = paging.Place(max(1, limit), after, before)
    part = paging.page(db, asked(selection), WHOLE, place, order)
    return Listing(part.found, part.next, part.previous)


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
    if is_small(db):
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


def is_small(db: Database) -> bool:
    """Whether a catalogue is so small that everything is counted."""
    newest = db.one("SELECT max(id) AS n FROM episodes")
    return not newest or (newest["n"] or 0) <= _SMALL


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
    return WHOLE.by_ids(db, ids)


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


WHOLE: Final = paging.Shape(_COLUMNS, _whole)
"""An episode with all that is shown of it."""
