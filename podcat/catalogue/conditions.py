"""Which episodes a selection has, as conditions of statements.

A condition is either a test of one episode that was met on the way through a list (`tests`), or
tells all of them by their sets (`everywhere`).
"""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from podcat.catalogue import search
from podcat.catalogue.asked import Asked
from podcat.catalogue.database import Database, Value, Where

SHOWN: Final = "e.hidden = 0"
"""Literally so in each statement: then both databases see that lists without hidden ones do."""
TAG: Final = "(SELECT id FROM tags WHERE slug = :{name})"
PERSON: Final = "(SELECT id FROM people WHERE slug = :{name})"
PART: Final = "'-' || p.slug || '-' LIKE '%-' || :{name} || '-%'"
"""A part of a person's name will do: `person:ruiz`."""

# Looks at one episode. They are subqueries with LIMIT, and columns are parts of sums: PostgreSQL
# would make joins of anything simpler, over all there are, where a page needs a few looks.
_LOOKS: Final = {
    "tag": f"""(SELECT 1 FROM episode_tags o WHERE o.episode_id = e.id
        AND o.tag_id = {TAG} LIMIT 1) IS NOT NULL""",
    "people": f"""(SELECT 1 FROM credits o WHERE o.episode_id = e.id
        AND o.person_id = {PERSON} LIMIT 1) IS NOT NULL""",
    "person": f"""(SELECT 1 FROM credits o JOIN people p ON p.id = o.person_id
        WHERE o.episode_id = e.id AND {PART} LIMIT 1) IS NOT NULL""",
    "programme": "coalesce(e.programme_slug, '') = :{name}",
    "provider": "e.provider || '' = :{name}",
    "playable": "e.playable + 0 = :{name}",
    "health": "e.health || '' = :{name}",
}
_SETS: Final = _LOOKS | {
    "tag": f"e.id IN (SELECT o.episode_id FROM episode_tags o WHERE o.tag_id = {TAG})",
    "people": f"e.id IN (SELECT o.episode_id FROM credits o WHERE o.person_id = {PERSON})",
    "person": f"""e.id IN (SELECT o.episode_id FROM credits o
        JOIN people p ON p.id = o.person_id WHERE {PART})""",
    "programme": "e.programme_slug = :{name}",
    "provider": "e.provider = :{name}",
    "health": "e.health = :{name}",
}


def wanted(asked: Asked) -> list[tuple[str, str, Value]]:
    """What must be, but for words and times: kind, the name of a value, the value."""
    lists: tuple[tuple[str, Iterable[Value]], ...] = (
        ("tag", asked.tags), ("people", asked.people), ("person", asked.parts),
        ("programme", (asked.programme,)), ("provider", (asked.provider,)),
        ("playable", (asked.playable,)), ("health", (asked.health,)),
    )  # fmt: skip
    return [
        (kind, f"{kind}{number}", value)
        for kind, values in lists
        for number, value in enumerate(values)
        if value is not None
    ]


def look(kind: str, name: str, value: Value) -> Where:
    """The test that an episode fits."""
    return _LOOKS[kind].format(name=name), {name: value}


def look_for_words(db: Database, words: search.Query) -> Where:
    """The test that an episode has the words; without those of the index it fails."""
    condition, values = db.says(words)
    return f"(SELECT {condition} FROM search s WHERE s.rowid = {search.place_of('e')})", values


def unwanted(asked: Asked, looks: dict[str, str] = _LOOKS) -> list[Where]:
    """Tests of what must not be."""
    named = [(f"without{number}", each) for number, each in enumerate(asked.unwanted)]
    return [
        (f"NOT coalesce({looks[each.name].format(name=name)}, 1 = 0)", {name: each.value})
        for name, each in named
    ]


def times(asked: Asked, column: str = "e.sort_at") -> list[Where]:
    """Limits in time."""
    limits: tuple[tuple[str, str, Value], ...] = (
        (f"{column} >= :since", "since", asked.since),
        (f"{column} < :until", "until", asked.until),
    )
    return [(sql, {name: value}) for sql, name, value in limits if value is not None]


def everywhere(db: Database, asked: Asked) -> Where:
    """The condition of a selection on `episodes e`, for all of them in no order."""
    parts: list[Where] = [(SHOWN, {}), *times(asked), *unwanted(asked, _SETS)]
    parts += [(_SETS[kind].format(name=name), {name: value}) for kind, name, value in wanted(asked)]
    if asked.words.has_words:
        hits, values = db.hits(asked.words)
        parts.append((f"e.id IN ({hits})", values))
    if asked.nothing:
        parts.append(("1 = 0", {}))
    return joined(parts)


def joined(parts: Iterable[Where]) -> Where:
    """All of these conditions."""
    parts = list(parts)
    values: dict[str, Value] = {}
    for _, own in parts:
        values |= own
    return " AND ".join(condition for condition, _ in parts) or "1 = 1", values
