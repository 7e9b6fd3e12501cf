"""Bringing what is shown of an episode in line with all that is said of it."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Mapping

from podcat.catalogue import merge, search
from podcat.catalogue.database import Database, Value

_WORDS = ("title", "programme", "people", "tags", "description", "caption", "pages", "provider")


def refresh(db: Database, episode: int, now: int, *, altered: bool) -> bool:
    """Rewrite what is outdated of an episode; whether anything shown changed.

    `altered` says that its people or tags did, or that another episode was joined to it.
    """
    current = db.one("SELECT * FROM episodes WHERE id = :id", id=episode)
    assert current is not None
    shown = merge.shown(_claims(db, episode), _sightings(db, episode), current["first_seen"])
    outdated: dict[str, Value] = {
        name: value for name, value in shown.items() if current[name] != value
    }
    if outdated or altered:
        outdated["changed_at"] = now
        assignments = ", ".join(f"{name} = :{name}" for name in outdated)
        db.run(f"UPDATE episodes SET {assignments} WHERE id = :id", id=episode, **outdated)
    _index(db, episode, shown)
    return bool(outdated)


def _claims(db: Database, episode: int) -> list[merge.Claim]:
    rows = db.all(
        """SELECT p.field, p.value, p.rule, p.document_id, d.page_id, p.picked
           FROM provenance p JOIN documents d ON d.id = p.document_id WHERE p.episode_id = :id""",
        id=episode,
    )
    return [
        merge.Claim(
            r["field"], r["value"], r["rule"], r["document_id"], r["page_id"], bool(r["picked"])
        )
        for r in rows
    ]  # fmt: skip


def _sightings(db: Database, episode: int) -> list[merge.Sighting]:
    rows = db.all(
        """SELECT DISTINCT a.provider, a.provider_id, a.status, p.key, p.url, p.title, p.published
           FROM appearances a JOIN pages p ON p.id = a.page_id WHERE a.episode_id = :id""",
        id=episode,
    )
    return [
        merge.Sighting(
            r["provider"], r["provider_id"], r["status"],
            r["key"], r["url"], r["title"], r["published"],
        )
        for r in rows
    ]  # fmt: skip


# ---------------------------------------------------------------- words to search


def _index(db: Database, episode: int, shown: Mapping[str, Value]) -> None:
    words: dict[str, Value] = {**_words(db, episode, shown)}
    row = db.one(f"SELECT {', '.join(_WORDS)} FROM search WHERE rowid = :id", id=episode)
    if row is None:
        places = ", ".join(f":{name}" for name in _WORDS)
        db.run(
            f"INSERT INTO search (rowid, {', '.join(_WORDS)}) VALUES (:id, {places})",
            id=episode, **words,
        )  # fmt: skip
    elif any(row[name] != words[name] for name in _WORDS):
        assignments = ", ".join(f"{name} = :{name}" for name in _WORDS)
        db.run(f"UPDATE search SET {assignments} WHERE rowid = :id", id=episode, **words)


def _words(db: Database, episode: int, shown: Mapping[str, Value]) -> dict[str, str]:
    def listed(sql: str) -> str:
        return search.folded(*(row["name"] for row in db.all(sql, id=episode)))

    columns = {name: shown[name] for name in ("title", "programme", "description", "provider")}
    columns["caption"] = shown["image_caption"]
    return {name: search.folded(str(value or "")) for name, value in columns.items()} | {
        "people": listed(
            "SELECT DISTINCT p.name FROM credits c JOIN people p ON p.id = c.person_id "
            "WHERE c.episode_id = :id ORDER BY p.name"
        ),
        "tags": listed(
            "SELECT t.name FROM episode_tags et JOIN tags t ON t.id = et.tag_id "
            "WHERE et.episode_id = :id ORDER BY t.name"
        ),
        "pages": listed(
            "SELECT DISTINCT p.title AS name FROM appearances a JOIN pages p ON p.id = a.page_id "
            "WHERE a.episode_id = :id ORDER BY p.title"
        ),
    }
