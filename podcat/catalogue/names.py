"""The people and tags of an episode, in line with what documents and persons say of them."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from podcat import text
from podcat.catalogue import merge
from podcat.catalogue.database import Database, Row, Value, listed

_USERS = {
    "people": "SELECT episode_id FROM credits WHERE person_id = :id",
    "tags": "SELECT episode_id FROM episode_tags WHERE tag_id = :id",
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A person or tag that a document names with an episode."""

    kind: str
    """`person` or `tag`."""
    name: str
    ordinal: int
    role: str | None = None
    about: str | None = None
    counts: bool = True
    """False for what a later version of the page corrects: then it only helps to spell a name."""


def sync(
    db: Database, episode: int, mentions: Iterable[Mention], edits: Mapping[str, Row], now: int
) -> bool:
    """Write the people and tags that an episode has by all that is said; whether any changed.

    `edits` are a person's own words on tags, by slug.
    """
    found = list(mentions)
    people = [m for m in found if m.kind == "person"]
    tags = [m for m in found if m.kind == "tag"]
    tags += [Mention("tag", edit["name"], 0) for edit in edits.values() if edit["wanted"]]
    unwanted = {slug for slug, edit in edits.items() if not edit["wanted"]}
    credited = _sync_credits(db, episode, people, now)
    return _sync_tags(db, episode, tags, unwanted, now) or credited


# ---------------------------------------------------------------- names to numbers


def _numbers(db: Database, table: str, names: Iterable[str], now: int) -> dict[str, int]:
    """Slug to the id of a person or tag, made when it is new; names without a word have none."""
    spelt: dict[str, str] = {}
    for given in names:
        name = text.clean(given) or ""
        if slug := merge.slug_or_none(name):
            spelt[slug] = merge.better_name(spelt.get(slug, name), name)
    known = {
        row["slug"]: row
        for sql, values in listed("slug", list(spelt))
        for row in db.all(f"SELECT id, slug, name FROM {table} WHERE {sql}", **values)
    }
    return {
        slug: _improved(db, table, known[slug], name, now)
        if slug in known
        else _made(db, table, slug, name)
        for slug, name in spelt.items()
    }


def _slug(mention: Mention) -> str:
    return merge.slug_or_none(text.clean(mention.name)) or ""


def _made(db: Database, table: str, slug: str, name: str) -> int:
    row = db.one(
        f"INSERT INTO {table} (slug, name) VALUES (:slug, :name) RETURNING id", slug=slug, name=name
    )
    assert row is not None
    return int(row["id"])


def _improved(db: Database, table: str, row: Row, name: str, now: int) -> int:
    number = int(row["id"])
    if (best := merge.better_name(row["name"], name)) != row["name"]:
        db.run(f"UPDATE {table} SET name = :name WHERE id = :id", name=best, id=number)
        db.run(
            f"UPDATE episodes SET changed_at = :now WHERE id IN ({_USERS[table]})",
            now=now, id=number,
        )  # fmt: skip
    return number


# ---------------------------------------------------------------- tags


def _sync_tags(
    db: Database, episode: int, tags: list[Mention], unwanted: set[str], now: int
) -> bool:
    numbers = _numbers(db, "tags", (tag.name for tag in tags), now)
    counting = {_slug(tag) for tag in tags if tag.counts} - unwanted
    wanted = {number for slug, number in numbers.items() if slug in counting}
    rows = db.all("SELECT tag_id FROM episode_tags WHERE episode_id = :id", id=episode)
    held = {int(row["tag_id"]) for row in rows}
    _each(db, "DELETE FROM episode_tags WHERE episode_id = :episode AND tag_id = :tag",
          [{"episode": episode, "tag": tag} for tag in sorted(held - wanted)])  # fmt: skip
    _each(db, "INSERT INTO episode_tags (episode_id, tag_id) VALUES (:episode, :tag)",
          [{"episode": episode, "tag": tag} for tag in sorted(wanted - held)])  # fmt: skip
    return held != wanted


def _each(db: Database, sql: str, rows: list[Mapping[str, Value]]) -> None:
    if rows:
        db.run_many(sql, rows)


# ---------------------------------------------------------------- people

Credit = tuple[int, str]
"""Person and role."""
Said = tuple[str | None, int]
"""Who that is, and the foremost place in any document's list."""


def _sync_credits(db: Database, episode: int, people: Iterable[Mention], now: int) -> bool:
    wanted = _wanted_credits(db, list(people), now)
    rows = db.all(
        "SELECT person_id, role, about, position FROM credits WHERE episode_id = :id", id=episode
    )
    held: dict[Credit, Said] = {
        (r["person_id"], r["role"]): (r["about"], r["position"]) for r in rows
    }
    outdated = [key for key in held if wanted.get(key) != held[key]]
    _each(
        db,
        "DELETE FROM credits WHERE episode_id = :episode AND person_id = :person AND role = :role",
        [{"episode": episode, "person": p, "role": role} for p, role in sorted(outdated)],
    )
    missing = sorted(key for key in wanted if wanted[key] != held.get(key))
    _each(
        db,
        "INSERT INTO credits (episode_id, person_id, role, about, position) "
        "VALUES (:episode, :person, :role, :about, :position)",
        [
            {"episode": episode, "person": person, "role": role,
             "about": wanted[person, role][0], "position": wanted[person, role][1]}
            for person, role in missing
        ],
    )  # fmt: skip
    return held != wanted


def _wanted_credits(db: Database, people: list[Mention], now: int) -> dict[Credit, Said]:
    numbers = _numbers(db, "people", (person.name for person in people), now)
    wanted: dict[Credit, Said] = {}
    for person in people:
        number = numbers.get(_slug(person))
        if number is not None and person.counts:
            key = (number, text.scrub(person.role or ""))
            about, position = wanted.get(key, (None, person.ordinal))
            best = merge.fuller(about, text.clean(person.about))
            wanted[key] = best, min(position, person.ordinal)
    return wanted
