"""A whole catalogue as JSON Lines, and back: nothing is lost, and the order is always the same.

Lines are objects with `kind`: `catalogue` (the form's version), `person`, `tag`, `page`,
`episode` (with what it shows, its aliases and edits, and why it has no file), `document` (with its
appearances and all that it says of each), `split`, `feed`, `token`, `source` and `link` (with all
looks at it). What an episode shows is there for readers; importing works it out again.
"""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from podcat.catalogue import read
from podcat.catalogue.checks import LOOK
from podcat.catalogue.database import Database, Row, Value, among
from podcat.catalogue.standings import STANDING

VERSION: Final = 1
PAGE_FIELDS: Final = ("url", "site", "title", "published", "byline", "language")
DOCUMENT_FIELDS: Final = (
    "name", "source_url", "form", "encoding", "size", "added_at", *PAGE_FIELDS,
)  # fmt: skip
APPEARANCE_FIELDS: Final = ("provider", "provider_id", "status", "line", "path")
REFUSAL_FIELDS: Final = ("url", "provider", "reason", "line", "path")
MENTION_FIELDS: Final = ("kind", "name", "role", "about", "rule")
TOKEN_FIELDS: Final = ("feed", "label", "sha256", "made_at", "revoked_at", "scope")
ATTEMPT_FIELDS: Final = ("tried_at", "tries", "why", "next_at")
SOURCE_FIELDS: Final = ("url", "tags", "added_at", "pause")
LINK_FIELDS: Final = ("url", "kind", "provider", "provider_id", *STANDING)
LOOK_FIELDS: Final = (*LOOK, "evidence")
NAMES: Final = {"person": "people", "tag": "tags"}
_BATCH: Final = 200

Line = dict[str, Any]


def export(db: Database) -> Iterator[str]:
    """The lines of a catalogue; as many rows are in memory as a batch has."""
    yield _json({"kind": "catalogue", "version": VERSION})
    for lines in (
        _names(db), _pages(db), _episodes(db), _documents(db), _splits(db), _feeds(db),
        _tokens(db), _sources(db), _links(db),
    ):  # fmt: skip
        yield from map(_json, lines)


def _json(line: Line) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def _in_batches(
    db: Database, sql: str, column: str = "id", after: Value = 0
) -> Iterator[list[Row]]:
    """The rows of a table in the order of a column."""
    ordered = f"{sql} WHERE {column} > :after ORDER BY {column} LIMIT :most"
    while rows := db.all(ordered, after=after, most=_BATCH):
        yield rows
        after = rows[-1][column]


def _named(row: Row, names: Sequence[str]) -> Line:
    return {name: row[name] for name in names}


# ---------------------------------------------------------------- pages, small things


def _names(db: Database) -> Iterator[Line]:
    """Names as they are spelt best; who is called so stands in the documents."""
    for kind, table in NAMES.items():
        for rows in _in_batches(db, f"SELECT id, slug, name FROM {table}", "slug", ""):
            yield from ({"kind": kind, **_named(row, ("slug", "name"))} for row in rows)


def _pages(db: Database) -> Iterator[Line]:
    for rows in _in_batches(db, f"SELECT id, key, {', '.join(PAGE_FIELDS)} FROM pages"):
        yield from (
            {"kind": "page", **_named(row, ("id", "key")), "shown": _named(row, PAGE_FIELDS)}
            for row in rows
        )


def _splits(db: Database) -> Iterator[Line]:
    rows = db.all("SELECT page_key, key, label, split_at FROM splits ORDER BY page_key, key")
    names = ("page_key", "key", "label", "split_at")
    yield from ({"kind": "split", **_named(row, names)} for row in rows)


def _feeds(db: Database) -> Iterator[Line]:
    rows = db.all("SELECT name, guid FROM feeds ORDER BY name")
    yield from ({"kind": "feed", **_named(row, ("name", "guid"))} for row in rows)


def _sources(db: Database) -> Iterator[Line]:
    """What is watched; what was read there last is found out anew."""
    rows = db.all(f"SELECT {', '.join(SOURCE_FIELDS)} FROM sources ORDER BY id")
    yield from (
        {"kind": "source", **_named(row, SOURCE_FIELDS), "tags": json.loads(row["tags"])}
        for row in rows
    )


def _tokens(db: Database) -> Iterator[Line]:
    """Digests of them: what they open, they open wherever the catalogue goes."""
    rows = db.all(f"SELECT {', '.join(TOKEN_FIELDS)} FROM tokens ORDER BY made_at, sha256")
    yield from ({"kind": "token", **_named(row, TOKEN_FIELDS)} for row in rows)


def _links(db: Database) -> Iterator[Line]:
    """Addresses that were looked at; the others follow from the episodes."""
    columns = f"SELECT id, digest, {', '.join(LINK_FIELDS)} FROM links"
    for rows in _in_batches(db, columns, "digest", ""):
        looks: dict[int, list[Line]] = defaultdict(list)
        for row in db.all(
            f"SELECT link_id, {', '.join(LOOK_FIELDS)} FROM checks "
            f"WHERE {among('link_id', [row['id'] for row in rows])} ORDER BY link_id, checked_at"
        ):
            looks[row["link_id"]].append(_named(row, LOOK_FIELDS))
        for row in rows:
            if row["last_checked"] is not None:
                yield {"kind": "link", "link": _named(row, LINK_FIELDS), "looks": looks[row["id"]]}


# ---------------------------------------------------------------- episodes


def _episodes(db: Database) -> Iterator[Line]:
    for rows in _in_batches(db, "SELECT id, changed_at, hidden FROM episodes"):
        ids = [row["id"] for row in rows]
        shown = {episode.id: episode for episode in read.by_ids(db, ids)}
        aliases = _grouped(db, "former_episodes", "id, guid", "id", ids)
        edits = _grouped(db, "edits", "field, value, edited_at", "field", ids)
        tags = _grouped(db, "tag_edits", "slug, name, wanted, edited_at", "slug", ids)
        tried = _grouped(db, "resolving", ", ".join(ATTEMPT_FIELDS), "tried_at", ids)
        for number in ids:
            line = _episode(shown[number], aliases[number], edits[number], tags[number])
            yield line | {"attempt": next(iter(tried[number]), None)}


def _episode(
    episode: Any, aliases: Sequence[Line], edits: Sequence[Line], tags: Sequence[Line]
) -> Line:
    shown = {name: getattr(episode, name) for name in read.COLUMNS}
    first = {name: shown.pop(name) for name in ("id", "guid", "first_seen", "changed_at")}
    shown["derived"] = sorted(shown["derived"])
    people = [{"name": p.name, "role": p.role, "about": p.about} for p in episode.people]
    return {
        "kind": "episode", **first, "aliases": aliases, "edits": edits, "tag_edits": tags,
        "shown": shown | {"people": people, "tags": list(episode.tags)},
    }  # fmt: skip


def _grouped(
    db: Database, table: str, columns: str, order: str, episodes: Sequence[int]
) -> Mapping[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    names = columns.split(", ")
    for row in db.all(
        f"SELECT episode_id, {columns} FROM {table} WHERE {among('episode_id', episodes)} "
        f"ORDER BY episode_id, {order}"
    ):
        found[row["episode_id"]].append(_named(row, names))
    return found


# ---------------------------------------------------------------- documents

Place = tuple[int, int]


def _documents(db: Database) -> Iterator[Line]:
    columns = ", ".join(DOCUMENT_FIELDS)
    for rows in _in_batches(db, f"SELECT id, sha256, page_id, {columns} FROM documents"):
        ids = [row["id"] for row in rows]
        appearances = _appearances(db, ids)
        refused: dict[int, list[Line]] = defaultdict(list)
        for row in _of(db, "refusals", "position, " + ", ".join(REFUSAL_FIELDS), "position", ids):
            refused[row["document_id"]].append(_named(row, REFUSAL_FIELDS))
        for row in rows:
            yield {
                "kind": "document", "sha256": row["sha256"], "page": row["page_id"],
                **_named(row, DOCUMENT_FIELDS),
                "refused": refused[row["id"]], "appearances": appearances[row["id"]],
            }  # fmt: skip


def _of(db: Database, table: str, columns: str, order: str, documents: Sequence[int]) -> list[Row]:
    return db.all(
        f"SELECT document_id, {columns} FROM {table} WHERE {among('document_id', documents)} "
        f"ORDER BY document_id, {order}"
    )


def _appearances(db: Database, documents: Sequence[int]) -> Mapping[int, list[Line]]:
    lists: dict[str, dict[Place, list[Any]]] = {
        name: defaultdict(list) for name in ("keys", "values", "mentions")
    }
    for row in _of(db, "appearance_keys", "position, key", "position, key", documents):
        lists["keys"][_place(row)].append(row["key"])
    for row in _of(db, "provenance", "position, field, value, rule, picked",
                   "position, field, value, rule", documents):  # fmt: skip
        lists["values"][_place(row)].append(
            [row["field"], row["value"], row["rule"], row["picked"]]
        )
    for row in _of(db, "mentions", "position, ordinal, " + ", ".join(MENTION_FIELDS),
                   "position, kind, ordinal", documents):  # fmt: skip
        lists["mentions"][_place(row)].append(_named(row, MENTION_FIELDS))
    found: dict[int, list[Line]] = defaultdict(list)
    for row in _of(db, "appearances", "position, episode_id, " + ", ".join(APPEARANCE_FIELDS),
                   "position", documents):  # fmt: skip
        own = {name: values[_place(row)] for name, values in lists.items()}
        found[row["document_id"]].append(
            {"episode": row["episode_id"], **_named(row, APPEARANCE_FIELDS), **own}
        )
    return found


def _place(row: Row) -> Place:
    return row["document_id"], row["position"]
