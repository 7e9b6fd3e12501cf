"""The people and tags of episodes, in line with what documents and persons say of them."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from podcat import text
from podcat.catalogue import merge
from podcat.catalogue.database import Database, Row, Value, among, listed

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


Said = tuple[Sequence[Mention], Mapping[str, Row]]
"""What is said of one episode; a person's own words on tags, by slug."""
Mentions = Mapping[int, Sequence[Mention]]
"""By episode."""


def sync(db: Database, said: Mapping[int, Said], now: int) -> set[int]:
    """Write the people and tags that episodes have by all that is said; those with others now."""
    people = {n: [m for m in mentions if m.kind == "person"] for n, (mentions, _) in said.items()}
    tags = {
        n: [m for m in mentions if m.kind == "tag"]
        + [Mention("tag", edit["name"], 0) for edit in edits.values() if edit["wanted"]]
        for n, (mentions, edits) in said.items()
    }
    unwanted = {
        n: {slug for slug, edit in edits.items() if not edit["wanted"]}
        for n, (_, edits) in said.items()
    }
    return _sync_credits(db, people, now) | _sync_tags(db, tags, unwanted, now)


# ---------------------------------------------------------------- names to numbers


def _numbers(db: Database, table: str, mentions: Mentions, now: int) -> dict[str, int]:
    """Slug to the id of a person or tag, made when it is new; names without a word have none."""
    spelt: dict[str, str] = {}
    for mention in (m for own in mentions.values() for m in own):
        name = text.clean(mention.name) or ""
        if slug := merge.slug_or_none(name):
            spelt[slug] = merge.better_name(spelt.get(slug, name), name)
    known = _known(db, table, spelt)
    for slug in spelt.keys() & known.keys():
        _improve(db, table, known[slug], spelt[slug], now)
    new = [{"slug": slug, "name": name} for slug, name in spelt.items() if slug not in known]
    db.run_many(f"INSERT INTO {table} (slug, name) VALUES (:slug, :name)", new)
    if new:
        known |= _known(db, table, [str(row["slug"]) for row in new])
    return {slug: row["id"] for slug, row in known.items()}


def _known(db: Database, table: str, slugs: Iterable[str]) -> dict[str, Row]:
    return {
        row["slug"]: row
        for sql, values in listed("slug", list(slugs))
        for row in db.all(f"SELECT id, slug, name FROM {table} WHERE {sql}", **values)
    }


def _improve(db: Database, table: str, row: Row, name: str, now: int) -> None:
    if (best := merge.better_name(row["name"], name)) != row["name"]:
        db.run(f"UPDATE {table} SET name = :name WHERE id = :id", name=best, id=row["id"])
        db.run(
            f"UPDATE episodes SET changed_at = :now WHERE id IN ({_USERS[table]})",
            now=now, id=row["id"],
        )  # fmt: skip
        db.run(f"DELETE FROM fragments WHERE episode_id IN ({_USERS[table]})", id=row["id"])


def _slug(mention: Mention) -> str:
    return merge.slug_or_none(text.clean(mention.name)) or ""


# ---------------------------------------------------------------- tags


def _sync_tags(
    db: Database, mentions: Mentions, unwanted: Mapping[int, set[str]], now: int
) -> set[int]:
    numbers = _numbers(db, "tags", mentions, now)
    held: dict[int, set[int]] = defaultdict(set)
    for row in _held(db, "episode_tags", "tag_id", mentions):
        held[row["episode_id"]].add(row["tag_id"])
    gone: list[Mapping[str, Value]] = []
    new: list[Mapping[str, Value]] = []
    for episode, own in mentions.items():
        counting = {_slug(tag) for tag in own if tag.counts} - unwanted[episode]
        wanted = {numbers[slug] for slug in counting if slug}
        gone += [{"episode": episode, "tag": tag} for tag in sorted(held[episode] - wanted)]
        new += [{"episode": episode, "tag": tag} for tag in sorted(wanted - held[episode])]
    db.run_many("DELETE FROM episode_tags WHERE episode_id = :episode AND tag_id = :tag", gone)
    db.run_many("INSERT INTO episode_tags (episode_id, tag_id) VALUES (:episode, :tag)", new)
    return _episodes(gone) | _episodes(new)


def _held(db: Database, table: str, columns: str, episodes: Iterable[int]) -> list[Row]:
    condition = among("episode_id", episodes)
    return db.all(f"SELECT episode_id, {columns} FROM {table} WHERE {condition}")


def _episodes(rows: Iterable[Mapping[str, Value]]) -> set[int]:
    return {int(row["episode"] or 0) for row in rows}


# ---------------------------------------------------------------- people

Credit = tuple[int, str]
"""Person and role."""
Place = tuple[str | None, int]
"""Who that is, and the foremost place in any document's list."""


def _sync_credits(db: Database, mentions: Mentions, now: int) -> set[int]:
    numbers = _numbers(db, "people", mentions, now)
    held: dict[int, dict[Credit, Place]] = defaultdict(dict)
    for r in _held(db, "credits", "person_id, role, about, position", mentions):
        held[r["episode_id"]][r["person_id"], r["role"]] = (r["about"], r["position"])
    gone: list[Mapping[str, Value]] = []
    new: list[Mapping[str, Value]] = []
    for episode, own in mentions.items():
        wanted, had = _credits(own, numbers), held[episode]
        outdated = sorted(key for key in had if wanted.get(key) != had[key])
        gone += [{"episode": episode, "person": p, "role": role} for p, role in outdated]
        new += [
            {"episode": episode, "person": key[0], "role": key[1],
             "about": wanted[key][0], "position": wanted[key][1]}
            for key in sorted(wanted) if wanted[key] != had.get(key)
        ]  # fmt: skip
    db.run_many(
        "DELETE FROM credits WHERE episode_id = :episode AND person_id = :person AND role = :role",
        gone,
    )
    db.run_many(
        "INSERT INTO credits (episode_id, person_id, role, about, position) "
        "VALUES (:episode, :person, :role, :about, :position)",
        new,
    )
    return _episodes(gone) | _episodes(new)


def _credits(people: Iterable[Mention], numbers: Mapping[str, int]) -> dict[Credit, Place]:
    wanted: dict[Credit, Place] = {}
    for person in people:
        number = numbers.get(_slug(person))
        if number is not None and person.counts:
            key = (number, text.scrub(person.role or ""))
            about, position = wanted.get(key, (None, person.ordinal))
            best = merge.fuller(about, text.clean(person.about))
            wanted[key] = best, min(position, person.ordinal)
    return wanted
