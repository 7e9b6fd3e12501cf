"""Which episodes a selection has, as conditions of statements; and how a page of them is found.

A page is the newest of them, so it is read in order until it is full, from the table that has the
fewest to leave out: that of a tag or a person, or of all episodes. Only the hits of a rare word
are looked up and sorted: in order they would be looked for in vain for long.
"""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from podcat.catalogue import search
from podcat.catalogue.database import Database, Value, Where
from podcat.model import Selection


@dataclass(frozen=True, slots=True)
class Ordered:
    """How the episodes of a selection, `e`, are read in their order."""

    tables: str
    condition: str
    values: dict[str, Value]
    place: str
    """The pair of columns that is ordered by, descending: a time and the episode's id."""


_TAG: Final = "(SELECT id FROM tags WHERE slug = :{})"
_PERSON: Final = "(SELECT id FROM people WHERE slug = :{})"
_PLACE: Final = "(e.sort_at, e.id)"
_LISTED: Final = "(x.sort_at, x.episode_id)"
_OF_TAG: Final = "episode_tags x JOIN episodes e ON e.id = x.episode_id"
_OF_PERSON: Final = "credits x JOIN episodes e ON e.id = x.episode_id"
# One episode can have several credits of one person. This and `_has` could be [NOT] EXISTS, but
# PostgreSQL would make joins of that, over all there are, where a page needs a few looks.
_FIRST_CREDIT: Final = """x.role = (SELECT min(y.role) FROM credits y
    WHERE y.episode_id = x.episode_id AND y.person_id = x.person_id)"""


def ordered(db: Database, selection: Selection) -> Ordered:
    """The way to the newest episodes of a selection."""
    query = search.parse(selection.q)
    parts = _plain(selection) + _filtered(query)
    few = False
    if query.has_words:
        condition, values, few = db.listing(query)
        parts.append((condition, values))
    tags, people = _named("tag", selection.tags), _named("person", selection.people)
    tables, place = "episodes e", _PLACE
    if tags and not few:
        (name, slug), *tags = tags
        tables, place = _OF_TAG, _LISTED
        parts.append((f"x.tag_id = {_TAG.format(name)}", {name: slug}))
    elif people and not few:
        (name, slug), *people = people
        tables, place = _OF_PERSON, _LISTED
        parts.append((f"x.person_id = {_PERSON.format(name)} AND {_FIRST_CREDIT}", {name: slug}))
    parts += [_has("episode_tags", "tag_id", _TAG, name, slug) for name, slug in tags]
    parts += [_has("credits", "person_id", _PERSON, name, slug) for name, slug in people]
    return Ordered(tables, *_joined(parts), place)


def anyhow(db: Database, selection: Selection) -> Where:
    """The condition of a selection on `episodes e`, for all of them in no order."""
    query = search.parse(selection.q)
    parts = _plain(selection) + _filtered(query)
    if query.has_words:
        hits, values = db.hits(query)
        parts.append((f"e.id IN ({hits})", values))
    parts += [
        _within("episode_tags", "tag_id", _TAG, *tag) for tag in _named("tag", selection.tags)
    ]
    parts += [
        _within("credits", "person_id", _PERSON, *person)
        for person in _named("person", selection.people)
    ]
    return _joined(parts)


def ids(db: Database, selection: Selection) -> Where:
    """A query that gives the id of each episode of a selection once."""
    condition, values = anyhow(db, selection)
    return f"SELECT e.id FROM episodes e WHERE {condition}", values


def _named(kind: str, slugs: Sequence[str]) -> list[tuple[str, str]]:
    return [(f"{kind}{number}", slug) for number, slug in enumerate(slugs)]


def _has(table: str, column: str, named: str, name: str, slug: str) -> Where:
    look = (
        f"SELECT 1 FROM {table} o WHERE o.episode_id = e.id AND o.{column} = {named.format(name)}"
    )
    return f"({look} LIMIT 1) IS NOT NULL", {name: slug}


def _within(table: str, column: str, named: str, name: str, slug: str) -> Where:
    number = named.format(name)
    return f"e.id IN (SELECT episode_id FROM {table} WHERE {column} = {number})", {name: slug}


def _plain(selection: Selection) -> list[Where]:
    playable = None if selection.playable is None else int(selection.playable)
    limits: tuple[tuple[str, str, Value], ...] = (
        ("e.programme_slug = :programme", "programme", selection.programme),
        ("e.provider = :provider", "provider", selection.provider),
        ("e.sort_at >= :since", "since", selection.since),
        ("e.sort_at < :until", "until", selection.until),
        ("e.playable = :playable", "playable", playable),
    )
    asked: list[Where] = [(sql, {name: value}) for sql, name, value in limits if value is not None]
    return [("e.hidden = 0", {}), *asked]


# A condition for each filter of a query; `:{name}` is where its value goes.
_FILTERS: Final = {
    "tag": """e.id IN (SELECT et.episode_id FROM episode_tags et
        JOIN tags t ON t.id = et.tag_id WHERE t.slug = :{name})""",
    # A part of a name will do: `person:ruiz`.
    "person": """e.id IN (SELECT c.episode_id FROM credits c JOIN people p ON p.id = c.person_id
        WHERE '-' || p.slug || '-' LIKE '%-' || :{name} || '-%')""",
    "programme": "coalesce(e.programme_slug, '') = :{name}",
    "provider": "e.provider = :{name}",
    "since": "e.sort_at >= :{name}",
    "until": "e.sort_at < :{name}",
    "playable": "e.playable = :{name}",
}


def _filtered(query: search.Query) -> list[Where]:
    named = [(f"filter{number}", asked) for number, asked in enumerate(query.filters)]
    return [(_filter(name, asked), {name: asked.value}) for name, asked in named]


def _filter(name: str, asked: search.Filter) -> str:
    condition = _FILTERS[asked.name].format(name=name)
    return condition if asked.wanted else f"NOT ({condition})"


def _joined(parts: Sequence[Where]) -> Where:
    values: dict[str, Value] = {}
    for _, own in parts:
        values |= own
    return " AND ".join(condition for condition, _ in parts), values
