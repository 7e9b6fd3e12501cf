"""How the episodes of a selection are found in their order, the newest first, without the others.

Each thing that can be asked for (a tag, a person, words, …) is a list in the order of time. One
list is walked until a page is full, and whatever else is asked for is tested episode by episode.
It is the one with the least to pass over: of each list the next thousand are looked at, and where
they reach furthest back there are the fewest. So what a page costs does not depend on how many
episodes there are. What stays: where two long lists never meet, the sparser one is walked to its
end.
"""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from podcat.catalogue import conditions, search
from podcat.catalogue.asked import Asked
from podcat.catalogue.conditions import PART, PERSON, SHOWN, TAG, joined
from podcat.catalogue.database import Database, Value, Where
from podcat.model import Cursor

LOOKED_AT: Final = 1_000
"""How many of each list are looked at to choose one."""

Place = tuple[int, int]
"""sort_at and id."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A list of episodes that an index has in the order of time."""

    tables: str
    columns: tuple[str, ...]
    """What it is ordered by: a time and an episode's id, or both as one place."""
    episode: str
    condition: str
    values: dict[str, Value] = field(default_factory=dict)

    def order(self, *, backwards: bool = False) -> str:
        """The newest first, or last."""
        direction = "ASC" if backwards else "DESC"
        return ", ".join(f"{column} {direction}" for column in self.columns)

    @property
    def joined(self) -> str:
        """The tables, and `episodes e`."""
        if self.tables == _EPISODES:
            return self.tables
        return f"{self.tables} JOIN episodes e ON e.id = {self.episode}"

    def within(self, since: int | None, before: Place | None, beyond: Place | None = None) -> Where:
        """The condition, for the part of the list from a time on, between two places."""
        parts: list[Where] = [(self.condition, self.values)]
        if len(self.columns) == 1:
            first = None if since is None else (since, 0)
            bounds = ((">=", first), ("<", before), (">", beyond))
            parts += [
                (f"{self.columns[0]} {sign} {search.place(*bound)}", {})
                for sign, bound in bounds
                if bound is not None
            ]
            return joined(parts)
        if since is not None:
            parts.append((f"{self.columns[0]} >= :since", {"since": since}))
        for name, sign, place in (("before", "<", before), ("beyond", ">", beyond)):
            if place is not None:
                values: dict[str, Value] = {name: place[0], f"{name}_id": place[1]}
                parts.append((f"({', '.join(self.columns)}) {sign} (:{name}, :{name}_id)", values))
        return joined(parts)


@dataclass(frozen=True, slots=True)
class Way:
    """A walk, and what is tested of each episode that it meets."""

    walk: Walk
    part: Where
    """The condition on the part of the list that is walked."""
    tests: Where
    """Conditions on `episodes e`."""

    def statement(self, columns: str, *, backwards: bool = False) -> Where:
        """A query of all that pass the tests, the newest first, or last."""
        order = self.walk.order(backwards=backwards)
        return (
            f"SELECT {columns} FROM {self.walk.joined} "
            f"WHERE {self.part[0]} AND {self.tests[0]} ORDER BY {order}"
        ), self.part[1] | self.tests[1]


_EPISODES: Final = "episodes e"
_TIME: Final = ("e.sort_at", "e.id")
_LISTED: Final = ("x.sort_at", "x.episode_id")
_SEARCH: Final = ("search s", ("s.rowid",), search.EPISODE)
NEWEST: Final = Walk(_EPISODES, _TIME, "e.id", SHOWN)
WALKS: Final = {
    "tag": Walk("episode_tags x", _LISTED, "x.episode_id", f"x.tag_id = {TAG}"),
    # One episode can have several credits of one person.
    "people": Walk("credits x", _LISTED, "x.episode_id",
        f"""x.person_id = {PERSON} AND x.role = (SELECT min(y.role) FROM credits y
        WHERE y.episode_id = x.episode_id AND y.person_id = x.person_id)"""),
    "programme": Walk(_EPISODES, _TIME, "e.id", f"{SHOWN} AND e.programme_slug = :{{name}}"),
    "provider": Walk(_EPISODES, _TIME, "e.id", f"{SHOWN} AND e.provider = :{{name}}"),
    "playable": Walk(_EPISODES, _TIME, "e.id", f"{SHOWN} AND e.playable = :{{name}}"),
    "health": Walk(_EPISODES, _TIME, "e.id", f"{SHOWN} AND e.health = :{{name}}"),
}  # fmt: skip


def few(db: Database, hits: str, values: dict[str, Value]) -> Walk:
    """A walk over a set that is small enough to be sorted; `hits` is a query of ids."""
    # The signs keep a database from going through all episodes instead of the set.
    return Walk(_EPISODES, ("+e.sort_at", "+e.id"), "e.id", db.one_of("e.id", hits), values)


# ---------------------------------------------------------------- choosing


def way(
    db: Database,
    asked: Asked,
    after: Cursor | None = None,
    many: int = 50,
    beyond: Cursor | None = None,
) -> Way | None:
    """The way to the episodes after a cursor and before another; None where there can be none.

    `many` is about how many are wanted.
    """
    named = _resolved(db, asked)
    if asked.nothing or named is None:
        return None
    before = _before(asked, after)
    chosen = _chosen(db, asked, named, before, many)
    tests = [(SHOWN, dict[str, Value]()), *conditions.unwanted(asked)]
    tests += [test for name, test in _tests(db, asked, named) if name != chosen[0]]
    walk = chosen[1]
    newer = (beyond.sort_at, beyond.id) if beyond else None
    return Way(walk, walk.within(asked.since, before, newer), joined(tests))


def through(db: Database, asked: Asked, walk: Walk, part: Where) -> Way | None:
    """The way through a part of all episodes in another order, with everything tested."""
    named = _resolved(db, asked)
    if asked.nothing or named is None:
        return None
    tests = [*conditions.times(asked, "(e.sort_at + 0)"), *conditions.unwanted(asked)]
    tests += [test for _, test in _tests(db, asked, named)]
    return Way(walk, part, joined(tests))


def one_list(db: Database, asked: Asked) -> Where | None:
    """A query of all episodes of a selection that asks for one list alone, and for times."""
    named, words = conditions.wanted(asked), asked.words
    if len(named) + words.has_words > 1 or asked.unwanted or asked.parts:
        return None
    if words.has_words:
        return _shown_hits(db, asked) if words.wanted else None
    walks = [walk for kind, name, value in named if (walk := _walk(db, kind, name, value))]
    walk = walks[0] if walks else NEWEST
    part = walk.within(asked.since, _before(asked, None))
    return Way(walk, part, (SHOWN, {})).statement("e.id")


def _shown_hits(db: Database, asked: Asked) -> Where:
    # Those that are hidden are few: to leave them out takes no look at the others.
    hidden = f"{search.EPISODE} NOT IN (SELECT h.id FROM episodes h WHERE h.hidden = 1)"
    hits, values = db.hits(asked.words)
    limits, more = Walk(*_SEARCH, hidden).within(asked.since, _before(asked, None))
    return f"{hits} AND {limits}", values | more


Named = list[tuple[str, str, Value]]
_WORDS: Final = "words"


def _before(asked: Asked, after: Cursor | None) -> Place | None:
    bounds = [(asked.until, 0)] if asked.until is not None else []
    return min([*bounds, (after.sort_at, after.id)] if after else bounds, default=None)


def _resolved(db: Database, asked: Asked) -> Named | None:
    """What must be; a part of a name that one person has is that person."""
    named: Named = []
    for kind, name, value in conditions.wanted(asked):
        if kind != "person":
            named.append((kind, name, value))
            continue
        people = db.all(
            f"SELECT p.slug FROM people p WHERE {PART.format(name=name)} LIMIT 2", **{name: value}
        )
        if not people:
            return None
        slug = people[0]["slug"]
        named.append((kind, name, value) if len(people) > 1 else ("people", name, slug))
    return named


def _tests(db: Database, asked: Asked, named: Named) -> list[tuple[str, Where]]:
    tests = [(name, conditions.look(kind, name, value)) for kind, name, value in named]
    if asked.words.has_words:
        tests.append((_WORDS, conditions.look_for_words(db, asked.words)))
    return tests


def _chosen(
    db: Database, asked: Asked, named: Named, before: Place | None, many: int
) -> tuple[str, Walk]:
    """The walk with the least to pass over, and the name of what needs no test on it."""
    walks = [(name, walk) for kind, name, value in named
             if (walk := _walk(db, kind, name, value)) is not None]  # fmt: skip
    words = asked.words.wanted
    if words and (matching := db.words_in_order(asked.words)):
        walks.append((_WORDS, Walk(*_SEARCH, *matching)))
        words = ()
    if not walks and not words:
        return "", NEWEST
    if len(walks) == 1 and not words:
        return walks[0]
    best = min(((_length(db, walk, asked.since, before), n) for n, (_, walk) in enumerate(walks)),
               default=None)  # fmt: skip
    if words and (best is None or best[0][0] == LOOKED_AT):
        part, _ = Walk(*_SEARCH, "1 = 1").within(asked.since, before)
        hits = db.few_hits(asked.words, part, many)
        if hits is not None:
            return _WORDS, few(db, *hits)
    return ("", NEWEST) if best is None else walks[best[1]]


def _walk(db: Database, kind: str, name: str, value: Value) -> Walk | None:
    if kind in WALKS:
        walk = WALKS[kind]
        return Walk(walk.tables, walk.columns, walk.episode, walk.condition.format(name=name),
                    {name: value})  # fmt: skip
    # Several people with a name: few credits are a set.
    hits = f"""SELECT c.episode_id FROM credits c WHERE c.person_id IN
        (SELECT p.id FROM people p WHERE {PART.format(name=name)})"""
    found = db.one(f"SELECT count(*) AS n FROM ({hits} LIMIT {LOOKED_AT}) found", **{name: value})
    return few(db, hits, {name: value}) if found and found["n"] < LOOKED_AT else None


def _length(db: Database, walk: Walk, since: int | None, before: Place | None) -> tuple[int, int]:
    """How long the list is, as far as it is looked at; and how far back that reaches."""
    condition, values = walk.within(since, before)
    first = walk.columns[0]
    row = db.one(
        f"SELECT count(*) AS n, min(place) AS place FROM (SELECT {first} AS place "
        f"FROM {walk.tables} WHERE {condition} ORDER BY {walk.order()} LIMIT {LOOKED_AT}) met",
        **values,
    )
    if not row or row["n"] < LOOKED_AT:
        return (row["n"] if row else 0), 0
    return LOOKED_AT, row["place"] // search.NUMBERS if len(walk.columns) == 1 else row["place"]
