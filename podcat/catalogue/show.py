"""Bringing what is shown of episodes in line with all that is said of them, many at a time."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from podcat.catalogue import fragments, merge, names, words
from podcat.catalogue.database import Database, Row, Value, among, batches

ADD_RULE = "person/add"
"""The rule of tags given while adding: no later version of the page takes them away."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why episodes are looked at again."""

    now: int
    altered: Collection[int] = frozenset()
    """Episodes that got or lost appearances."""
    kept: Mapping[int, int] = field(default_factory=dict)
    """Episodes whose time of change is not `now`, and that time."""


def refresh(db: Database, episodes: Iterable[int], occasion: Occasion) -> set[int]:
    """Rewrite what is outdated of episodes; those of which anything shown changed."""
    changed: set[int] = set()
    for batch in batches(sorted(set(episodes))):
        changed |= _refresh(db, batch, occasion)
    return changed


def _refresh(db: Database, episodes: Sequence[int], occasion: Occasion) -> set[int]:
    rows = db.all(f"SELECT * FROM episodes WHERE {among('id', episodes)}")
    said = _said(db, episodes)
    shown = {
        number: merge.shown(own.claims, own.sightings, own.first_seen, own.edits)
        for number, own in said.items()
    }
    wanted = {number: (own.mentions, own.tag_edits) for number, own in said.items()}
    altered = names.sync(db, wanted, occasion.now) | set(occasion.altered)
    outdated = {row["id"]: _outdated(row, shown[row["id"]]) for row in rows}
    for number, values in outdated.items():
        if values or number in altered:
            values["changed_at"] = occasion.kept.get(number, occasion.now)
    _update(db, outdated)
    fragments.drop(db, [number for number, values in outdated.items() if values])
    words.index(db, rows, shown)
    return {number for number, values in outdated.items() if values}


def _outdated(row: Row, shown: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in shown.items() if row[name] != value}


def _update(db: Database, outdated: Mapping[int, Mapping[str, Value]]) -> None:
    """Write values into episodes: those that change the same columns by one statement."""
    alike: dict[tuple[str, ...], list[Mapping[str, Value]]] = defaultdict(list)
    for number, values in outdated.items():
        if values:
            alike[tuple(values)].append({**values, "id": number})
    for columns, rows in alike.items():
        assignments = ", ".join(f"{name} = :{name}" for name in columns)
        db.run_many(f"UPDATE episodes SET {assignments} WHERE id = :id", rows)


# ---------------------------------------------------------------- all that is said


@dataclass(slots=True)
class _Said:
    """All that is said of an episode."""

    sightings: list[merge.Sighting] = field(default_factory=list)
    first_seen: int = 0
    claims: list[merge.Claim] = field(default_factory=list)
    mentions: list[names.Mention] = field(default_factory=list)
    edits: dict[str, str | None] = field(default_factory=dict)
    tag_edits: dict[str, Row] = field(default_factory=dict)


def _said(db: Database, episodes: Sequence[int]) -> dict[int, _Said]:
    found = {number: _Said() for number in episodes}
    newest = _sightings(db, episodes, found)
    _claims(db, episodes, found)
    _mentions(db, episodes, found, newest)
    for row in _of(db, "edits", "field, value", episodes):
        found[row["episode_id"]].edits[row["field"]] = row["value"]
    for row in _of(db, "tag_edits", "slug, name, wanted", episodes):
        found[row["episode_id"]].tag_edits[row["slug"]] = row
    return found


def _of(db: Database, table: str, columns: str, episodes: Sequence[int]) -> list[Row]:
    condition = among("episode_id", episodes)
    return db.all(f"SELECT episode_id, {columns} FROM {table} WHERE {condition}")


def _sightings(
    db: Database, episodes: Sequence[int], found: Mapping[int, _Said]
) -> dict[int, set[int]]:
    """Writes where episodes were seen; the documents of each whose lists count."""
    rows: dict[int, list[Row]] = defaultdict(list)
    for row in db.all(
        f"""SELECT a.episode_id, a.document_id, a.provider, a.provider_id, a.status,
                p.key, p.url, p.title, p.published, d.page_id, d.form, d.added_at
            FROM appearances a JOIN documents d ON d.id = a.document_id
            JOIN pages p ON p.id = a.page_id WHERE {among("a.episode_id", episodes)}"""
    ):
        rows[row["episode_id"]].append(row)
    for number, own in rows.items():
        found[number].sightings = list(dict.fromkeys(map(_sighting, own)))
        found[number].first_seen = min(row["added_at"] for row in own)
    return {number: newest_versions(own) for number, own in rows.items()}


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


def _claims(db: Database, episodes: Sequence[int], found: Mapping[int, _Said]) -> None:
    for r in db.all(
        f"""SELECT a.episode_id, p.field, p.value, p.rule, p.document_id, d.page_id, p.picked,
                d.added_at
            FROM appearances a JOIN provenance p
            ON p.document_id = a.document_id AND p.position = a.position
            JOIN documents d ON d.id = a.document_id
            WHERE {among("a.episode_id", episodes)} AND p.field <> 'transcript'"""
    ):
        found[r["episode_id"]].claims.append(merge.claim(r))


def _mentions(
    db: Database,
    episodes: Sequence[int],
    found: Mapping[int, _Said],
    newest: Mapping[int, Collection[int]],
) -> None:
    for r in db.all(
        f"""SELECT a.episode_id, m.document_id, m.kind, m.name, m.ordinal, m.role, m.about, m.rule
            FROM appearances a JOIN mentions m
            ON m.document_id = a.document_id AND m.position = a.position
            WHERE {among("a.episode_id", episodes)}
            ORDER BY m.document_id, m.position, m.kind, m.ordinal"""
    ):
        counts = r["document_id"] in newest[r["episode_id"]] or r["rule"] == ADD_RULE
        found[r["episode_id"]].mentions.append(
            names.Mention(r["kind"], r["name"], r["ordinal"], r["role"], r["about"], counts=counts)
        )
