"""Bringing what is shown of an episode in line with all that is said of it."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from podcat.catalogue import merge, names, search
from podcat.catalogue.database import Database, Row, Value

_WORDS = ("title", "programme", "people", "tags", "description", "caption", "pages", "provider")
ADD_RULE = "person/add"
"""The rule of tags given while adding: no later version of the page takes them away."""


def refresh(db: Database, episode: int, now: int, *, altered: bool) -> bool:
    """Rewrite what is outdated of an episode; whether anything shown changed.

    `altered` says that it got or lost appearances.
    """
    current = db.one("SELECT * FROM episodes WHERE id = :id", id=episode)
    assert current is not None
    said = _said(db, episode)
    shown = merge.shown(said.claims, said.sightings, said.first_seen, said.edits)
    altered |= names.sync(db, episode, said.mentions, said.tag_edits, now)
    outdated: dict[str, Value] = {
        name: value for name, value in shown.items() if current[name] != value
    }
    if outdated or altered:
        outdated["changed_at"] = now
        assignments = ", ".join(f"{name} = :{name}" for name in outdated)
        db.run(f"UPDATE episodes SET {assignments} WHERE id = :id", id=episode, **outdated)
    _index(db, episode, current["sort_at"], shown)
    return bool(outdated)


@dataclass(frozen=True, slots=True)
class _Said:
    """All that is said of an episode."""

    sightings: list[merge.Sighting]
    first_seen: int
    claims: list[merge.Claim]
    mentions: list[names.Mention]
    edits: dict[str, str | None]
    tag_edits: dict[str, Row]


def _said(db: Database, episode: int) -> _Said:
    rows = db.all(
        """SELECT a.document_id, a.provider, a.provider_id, a.status,
               p.key, p.url, p.title, p.published, d.page_id, d.form, d.added_at
           FROM appearances a JOIN documents d ON d.id = a.document_id
           JOIN pages p ON p.id = a.page_id WHERE a.episode_id = :id""",
        id=episode,
    )
    edits = db.all("SELECT field, value FROM edits WHERE episode_id = :id", id=episode)
    tags = db.all("SELECT slug, name, wanted FROM tag_edits WHERE episode_id = :id", id=episode)
    return _Said(
        sightings=list(dict.fromkeys(map(_sighting, rows))),
        first_seen=min(row["added_at"] for row in rows),
        claims=_claims(db, episode),
        mentions=_mentions(db, episode, newest_versions(rows)),
        edits={row["field"]: row["value"] for row in edits},
        tag_edits={row["slug"]: row for row in tags},
    )


def newest_versions(rows: Iterable[Row]) -> set[int]:
    """The document added last of each page and form, among those an episode appears in.

    What such a document lists as people and tags takes the place of what earlier ones listed.
    """
    newest: dict[tuple[int, str], tuple[int, int]] = {}
    for row in rows:
        version, moment = (row["page_id"], row["form"]), (row["added_at"], row["document_id"])
        newest[version] = max(moment, newest.get(version, moment))
    return {document for _, document in newest.values()}


def _sighting(row: Row) -> merge.Sighting:
    return merge.Sighting(
        row["provider"], row["provider_id"], row["status"],
        row["key"], row["url"], row["title"], row["published"],
    )  # fmt: skip


def _claims(db: Database, episode: int) -> list[merge.Claim]:
    rows = db.all(
        """SELECT p.field, p.value, p.rule, p.document_id, d.page_id, p.picked, d.added_at
           FROM appearances a JOIN provenance p
           ON p.document_id = a.document_id AND p.position = a.position
           JOIN documents d ON d.id = a.document_id WHERE a.episode_id = :id""",
        id=episode,
    )
    return [
        merge.Claim(
            r["field"], r["value"], r["rule"], r["document_id"], r["page_id"],
            bool(r["picked"]), r["added_at"],
        )
        for r in rows
    ]  # fmt: skip


def _mentions(db: Database, episode: int, newest: set[int]) -> list[names.Mention]:
    rows = db.all(
        """SELECT m.document_id, m.kind, m.name, m.ordinal, m.role, m.about, m.rule
           FROM appearances a JOIN mentions m
           ON m.document_id = a.document_id AND m.position = a.position
           WHERE a.episode_id = :id ORDER BY m.document_id, m.position, m.kind, m.ordinal""",
        id=episode,
    )
    return [
        names.Mention(
            r["kind"], r["name"], r["ordinal"], r["role"], r["about"],
            counts=r["document_id"] in newest or r["rule"] == ADD_RULE,
        )
        for r in rows
    ]  # fmt: skip


# ---------------------------------------------------------------- words to search


def forget_words(db: Database, episode: int) -> None:
    """Take an episode out of the index, while it is still known where it stands there."""
    db.run(f"DELETE FROM search WHERE rowid = {_PLACE}", id=episode)


def stale_words(db: Database, episode: int) -> bool:
    """Whether the index holds other words than those of what is shown."""
    shown = db.one("SELECT * FROM episodes WHERE id = :id", id=episode)
    assert shown is not None
    words = _words(db, episode, shown)
    row = _indexed(db, search.place(shown["sort_at"], episode))
    return row is None or any(row[name] != words[name] for name in _WORDS)


_PLACE = f"(SELECT {search.place_of('e')} FROM episodes e WHERE e.id = :id)"


def _indexed(db: Database, place: int) -> Row | None:
    return db.one(f"SELECT {', '.join(_WORDS)} FROM search WHERE rowid = :place", place=place)


def _index(db: Database, episode: int, before: int, shown: Mapping[str, Value]) -> None:
    """Write the words of an episode, which stood at the time `before`, where they are not there."""
    words: dict[str, Value] = {**_words(db, episode, shown)}
    place, old = (search.place(int(at or 0), episode) for at in (shown["sort_at"], before))
    if place != old:
        db.run("DELETE FROM search WHERE rowid = :place", place=old)
    row = _indexed(db, place)
    if row is None:
        values = ", ".join(f":{name}" for name in _WORDS)
        db.run(
            f"INSERT INTO search (rowid, {', '.join(_WORDS)}) VALUES (:place, {values})",
            place=place, **words,
        )  # fmt: skip
    elif any(row[name] != words[name] for name in _WORDS):
        assignments = ", ".join(f"{name} = :{name}" for name in _WORDS)
        db.run(f"UPDATE search SET {assignments} WHERE rowid = :place", place=place, **words)


def _words(db: Database, episode: int, shown: Mapping[str, Value] | Row) -> dict[str, str]:
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
