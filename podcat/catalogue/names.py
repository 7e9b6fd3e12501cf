"""Writing the names of an episode: its people and its tags. Both only ever grow."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterable

from podcat import text
from podcat.catalogue import merge
from podcat.catalogue.database import Database, Value
from podcat.model import Person

_USERS = {
    "people": "SELECT episode_id FROM credits WHERE person_id = :id",
    "tags": "SELECT episode_id FROM episode_tags WHERE tag_id = :id",
}


def _named(db: Database, table: str, name: str, now: int) -> int | None:
    """The id of a person or tag, made when it is new; None for a name without any word."""
    name = text.clean(name) or ""
    slug = merge.slug_or_none(name)
    if slug is None:
        return None
    row = db.one(f"SELECT id, name FROM {table} WHERE slug = :slug", slug=slug)
    if row is None:
        row = db.one(
            f"INSERT INTO {table} (slug, name) VALUES (:slug, :name) RETURNING id, name",
            slug=slug, name=name,
        )  # fmt: skip
        assert row is not None
    number = int(row["id"])
    if (best := merge.better_name(row["name"], name)) != row["name"]:
        db.run(f"UPDATE {table} SET name = :name WHERE id = :id", name=best, id=number)
        db.run(
            f"UPDATE episodes SET changed_at = :now WHERE id IN ({_USERS[table]})",
            now=now, id=number,
        )  # fmt: skip
    return number


def has_tags(db: Database, episode: int, tags: Iterable[str]) -> bool:
    """Whether an episode has all of these tags."""
    rows = db.all(
        "SELECT t.slug FROM episode_tags et JOIN tags t ON t.id = et.tag_id "
        "WHERE et.episode_id = :id",
        id=episode,
    )
    return {slug for tag in tags if (slug := merge.slug_or_none(tag))} <= {r["slug"] for r in rows}


def add_tags(db: Database, episode: int, tags: Iterable[str], now: int) -> bool:
    """Whether an episode got a tag that it did not have."""
    found = {_named(db, "tags", tag, now): None for tag in tags}
    written = [
        db.run(
            "INSERT INTO episode_tags (episode_id, tag_id) VALUES (:episode, :tag) "
            "ON CONFLICT DO NOTHING",
            episode=episode, tag=tag,
        )
        for tag in found
        if tag is not None
    ]  # fmt: skip
    return any(written)


def add_people(db: Database, episode: int, people: Iterable[Person], now: int) -> bool:
    """Whether the credits of an episode changed; a person has one for each role."""
    changed = False
    for position, person in enumerate(people):
        number = _named(db, "people", person.name, now)
        if number is not None:
            changed |= _credit(db, episode, number, person, position)
    return changed


def _credit(db: Database, episode: int, number: int, person: Person, position: int) -> bool:
    key: dict[str, Value] = {"episode": episode, "person": number, "role": person.role}
    about = text.clean(person.about)
    row = db.one(
        "SELECT about, position FROM credits "
        "WHERE episode_id = :episode AND person_id = :person AND role = :role",
        **key,
    )
    if row is None:
        db.run(
            "INSERT INTO credits (episode_id, person_id, role, about, position) "
            "VALUES (:episode, :person, :role, :about, :position)",
            about=about, position=position, **key,
        )  # fmt: skip
        return True
    best, foremost = merge.fuller(row["about"], about), min(row["position"], position)
    if (best, foremost) == (row["about"], row["position"]):
        return False
    db.run(
        "UPDATE credits SET about = :about, position = :position "
        "WHERE episode_id = :episode AND person_id = :person AND role = :role",
        about=best, position=foremost, **key,
    )  # fmt: skip
    return True


def move_credits(db: Database, other: int, episode: int) -> None:
    """Give the credits of one episode to another."""
    rows = db.all(
        "SELECT c.*, p.name FROM credits c JOIN people p ON p.id = c.person_id "
        "WHERE c.episode_id = :id",
        id=other,
    )
    for row in rows:
        person = Person(row["name"], row["role"], row["about"])
        _credit(db, episode, row["person_id"], person, row["position"])
    db.run("DELETE FROM credits WHERE episode_id = :id", id=other)
