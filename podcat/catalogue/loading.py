"""Reads what `moving.export` wrote, in one transaction; what is there already is left alone."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from podcat.catalogue import (
    byhand,
    checks,
    identity,
    merge,
    resolving,
    search,
    settle,
    standings,
    store,
)
from podcat.catalogue.database import Database, Value, among, batches
from podcat.catalogue.identity import Identity
from podcat.catalogue.moving import (
    APPEARANCE_FIELDS,
    ATTEMPT_FIELDS,
    DOCUMENT_FIELDS,
    LINK_FIELDS,
    LOOK_FIELDS,
    MENTION_FIELDS,
    NAMES,
    REFUSAL_FIELDS,
    TOKEN_FIELDS,
    VERSION,
)
from podcat.catalogue.show import ADD_RULE, Occasion, refresh
from podcat.errors import SourceError

_LONGEST = 64 * 2**20
"""Characters of a line; a document with thousands of recordings is one line."""

Line = Mapping[str, Any]


@dataclass(slots=True)
class Loaded:
    """What importing did."""

    episodes: int = 0
    """New ones."""
    documents: int = 0
    """New ones."""
    known: int = 0
    """Documents that were there."""


@dataclass(slots=True)
class _Work:
    db: Database
    now: int
    done: Loaded = field(default_factory=Loaded)
    pages: dict[int, int] = field(default_factory=dict)
    episodes: dict[int, int] = field(default_factory=dict)
    """Number in the export to number here; so for pages."""
    fresh: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)
    touched_pages: set[int] = field(default_factory=set)


def load(db: Database, lines: Iterable[str], name: str, now: int) -> Loaded:
    """Everything in an export into the catalogue, all or nothing; again, it changes nothing.

    Numbers and guids are kept; a number that something else has here becomes another. `name` is
    what a person calls the export. Raises SourceError, naming the line, for what is none.
    """
    work = _Work(db, now)
    with db.transaction():
        for number, text in enumerate(lines, 1):
            try:
                _line(work, text, first=number == 1)
            except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
                raise SourceError(
                    name, f"line {number} is not of an export", "give what podcat export wrote"
                ) from None
        _finish(work)
    return work.done


def _line(work: _Work, text: str, *, first: bool) -> None:
    if not text.strip():
        return
    if len(text) > _LONGEST:
        raise ValueError
    line: Line = json.loads(text)
    if first != (line["kind"] == "catalogue") or (first and line["version"] != VERSION):
        raise ValueError
    if not first:
        _KINDS[line["kind"]](work, line)


def _finish(work: _Work) -> None:
    db = work.db
    store.refresh_pages(db, work.touched_pages)
    for batch in batches(sorted(work.touched)):
        _settle(work, batch)
    if work.touched:
        store.grow_revision(db)


def _settle(work: _Work, episodes: Sequence[int]) -> None:
    """Group anew; in an empty catalogue that changes nothing."""
    before = settle.connected(work.db, (), episodes)
    settled = settle.settle(work.db, before, now=work.now, salt="import")
    altered = settled.altered | settled.new
    rows = work.db.all(
        f"SELECT id, changed_at FROM episodes WHERE {among('id', {*episodes, *altered})}"
    )  # what is missing became another's alias
    times = {row["id"]: row["changed_at"] for row in rows}
    kept = {number: at for number, at in times.items() if number in work.fresh - altered}
    refresh(work.db, times, Occasion(work.now, altered, kept))


# ---------------------------------------------------------------- lines


def _name(work: _Work, line: Line) -> None:
    table, slug, name = NAMES[line["kind"]], str(line["slug"]), str(line["name"])
    row = work.db.one(f"SELECT name FROM {table} WHERE slug = :slug", slug=slug)
    best = merge.better_name(row["name"], name) if row else name
    if row is None or best != row["name"]:
        work.db.run(
            f"INSERT INTO {table} (slug, name) VALUES (:slug, :name) "
            "ON CONFLICT (slug) DO UPDATE SET name = excluded.name",
            slug=slug, name=best,
        )  # fmt: skip


def _page(work: _Work, line: Line) -> None:
    key, number = str(line["key"]), int(line["id"])
    row = work.db.one("SELECT id FROM pages WHERE key = :key", key=key)
    if row is None:
        free = work.db.one("SELECT 1 AS n FROM pages WHERE id = :id", id=number) is None
        own: dict[str, Value] = {"id": number} if free else {}
        names, places = ", ".join((*own, "key")), ", ".join(f":{n}" for n in (*own, "key"))
        row = work.db.one(
            f"INSERT INTO pages ({names}) VALUES ({places}) RETURNING id", key=key, **own
        )
        assert row is not None
        work.touched_pages.add(row["id"])
    work.pages[number] = row["id"]


def _episode(work: _Work, line: Line) -> None:
    number, guid = int(line["id"]), str(line["guid"])
    here = _known(work.db, guid)
    if here is None:
        here = settle.insert(work.db, guid, _free(work.db, number), int(line["changed_at"]))
        work.fresh.add(here)
        work.touched.add(here)
        work.done.episodes += 1
        _attempt(work.db, here, line.get("attempt"))
    work.episodes[number] = here
    for alias in line["aliases"]:
        _alias(work, alias, here)
    for table, key in (("edits", "field"), ("tag_edits", "slug")):
        for edit in line[table]:
            _edit(work, here, table, key, edit)


def _attempt(db: Database, episode: int, line: Line | None) -> None:
    """Why a new episode has no file; one that was here has been asked for from here."""
    if line:
        tried, tries, why, due = (line[name] for name in ATTEMPT_FIELDS)
        attempt = resolving.Attempt(int(tried), int(tries), str(why), int(due))
        resolving.write_attempts(db, {episode: attempt})


def _known(db: Database, guid: str) -> int | None:
    row = db.one(
        "SELECT id FROM episodes WHERE guid = :guid "
        "UNION ALL SELECT episode_id AS id FROM former_episodes WHERE guid = :guid",
        guid=guid,
    )
    return int(row["id"]) if row else None


def _free(db: Database, number: int) -> int | None:
    """The number, unless an episode has or had it, or it leaves no room for many more."""
    if not 0 < number < search.NUMBERS // 2:
        return None
    taken = db.one(
        "SELECT 1 AS n FROM episodes WHERE id = :id "
        "UNION ALL SELECT 1 FROM former_episodes WHERE id = :id",
        id=number,
    )
    return None if taken else number


def _alias(work: _Work, line: Line, episode: int) -> None:
    db, guid = work.db, str(line["guid"])
    if _known(db, guid) is not None:
        return
    # Made as an episode for a moment: its number must never be given to another one.
    number = settle.insert(db, guid, _free(db, int(line["id"])), 0)
    db.run("DELETE FROM episodes WHERE id = :id", id=number)
    db.run(
        "INSERT INTO former_episodes (id, guid, episode_id) VALUES (:id, :guid, :episode)",
        id=number, guid=guid, episode=episode,
    )  # fmt: skip


def _edit(work: _Work, episode: int, table: str, key: str, line: Line) -> None:
    """A person's word; of two the later one counts."""
    names = {"edits": ("field", "value"), "tag_edits": ("slug", "name", "wanted")}[table]
    columns = (*names, "edited_at")
    others = ", ".join(f"{name} = excluded.{name}" for name in columns if name != key)
    written = work.db.run(
        f"""INSERT INTO {table} (episode_id, {", ".join(columns)})
            VALUES (:episode, {", ".join(f":{name}" for name in columns)})
            ON CONFLICT (episode_id, {key}) DO UPDATE SET {others}
            WHERE excluded.edited_at > {table}.edited_at""",
        episode=episode, **{name: line[name] for name in columns},
    )  # fmt: skip
    if written:
        work.touched.add(episode)


def _document(work: _Work, line: Line) -> None:
    db, sha256 = work.db, str(line["sha256"])
    known = db.one("SELECT id FROM documents WHERE sha256 = :sha256", sha256=sha256)
    if known is not None:
        _tags(work, known["id"], line)
        work.done.known += 1
        return
    page = work.pages[line["page"]]
    values = {name: line[name] for name in DOCUMENT_FIELDS}
    names = ("sha256", "page_id", *DOCUMENT_FIELDS)
    row = db.one(
        f"INSERT INTO documents ({', '.join(names)}) "
        f"VALUES ({', '.join(f':{name}' for name in names)}) RETURNING id",
        sha256=sha256, page_id=page, **values,
    )  # fmt: skip
    assert row is not None
    work.done.documents += 1
    work.touched_pages.add(page)
    _numbered(db, "refusals", row["id"], REFUSAL_FIELDS, line["refused"])
    _appearances(work, row["id"], page, line["appearances"])


def _tags(work: _Work, document: int, line: Line) -> None:
    """What somebody tagged while adding the same document elsewhere."""
    tags = [m["name"] for a in line["appearances"] for m in a["mentions"] if m["rule"] == ADD_RULE]
    work.touched |= store.add_tags(work.db, [document], list(dict.fromkeys(tags)))


def _numbered(
    db: Database, table: str, document: int, names: Sequence[str], lines: Sequence[Line]
) -> None:
    """Rows of a document that are known by their place in a list."""
    columns = ("document_id", "position", *names)
    places = ", ".join(f":{name}" for name in columns)
    db.run_many(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",
        [
            {"document_id": document, "position": position, **{n: line[n] for n in names}}
            for position, line in enumerate(lines)
        ],
    )


def _appearances(work: _Work, document: int, page: int, lines: Sequence[Line]) -> None:
    db = work.db
    placed = [
        {**line, "episode_id": work.episodes[line["episode"]], "page_id": page} for line in lines
    ]
    work.touched.update(line["episode_id"] for line in placed)
    names = ("episode_id", "page_id", *APPEARANCE_FIELDS)
    _numbered(db, "appearances", document, names, placed)
    rows: dict[str, list[Mapping[str, Value]]] = {name: [] for name in _INSERTS}
    for position, line in enumerate(lines):
        place = {"document": document, "position": position}
        rows["keys"] += [{"key": key, **place} for key in line["keys"]]
        rows["values"] += [
            {"field": f, "value": v, "rule": r, "picked": p, **place}
            for f, v, r, p in line["values"]
        ]
        for kind in ("person", "tag"):
            own = [m for m in line["mentions"] if m["kind"] == kind]
            rows["mentions"] += [
                {"ordinal": n, **{name: m[name] for name in MENTION_FIELDS}, **place}
                for n, m in enumerate(own)
            ]
    for name, sql in _INSERTS.items():
        db.run_many(sql, rows[name])
    settle.write_blunt(db, identity.blunt(map(_identity, lines)))


_INSERTS = {
    "keys": "INSERT INTO appearance_keys (key, document_id, position) "
            "VALUES (:key, :document, :position)",
    "values": "INSERT INTO provenance (document_id, position, field, value, rule, picked) "
              "VALUES (:document, :position, :field, :value, :rule, :picked)",
    "mentions": "INSERT INTO mentions (document_id, position, kind, ordinal, name, role, about, "
                "rule) VALUES (:document, :position, :kind, :ordinal, :name, :role, :about, :rule)",
}  # fmt: skip


def _identity(line: Line) -> Identity:
    lengths = [int(v) for f, v, _, picked in line["values"] if f == "duration" and picked]
    return Identity(tuple(line["keys"]), (), "", min(lengths, default=None))


def _split(work: _Work, line: Line) -> None:
    written = work.db.run(
        """INSERT INTO splits (page_key, key, label, split_at)
           VALUES (:page_key, :key, :label, :split_at) ON CONFLICT DO NOTHING""",
        **{name: line[name] for name in ("page_key", "key", "label", "split_at")},
    )
    if written:
        work.touched |= byhand.follow_split(work.db, line["page_key"], line["key"], work.now)


def _feed(work: _Work, line: Line) -> None:
    work.db.run(
        "INSERT INTO feeds (name, guid) VALUES (:name, :guid) ON CONFLICT DO NOTHING",
        name=line["name"], guid=line["guid"],
    )  # fmt: skip


def _token(work: _Work, line: Line) -> None:
    line = {"scope": "feed", **line}  # the only one that podcat knew before
    work.db.run(
        f"INSERT INTO tokens ({', '.join(TOKEN_FIELDS)}) "
        f"VALUES ({', '.join(f':{name}' for name in TOKEN_FIELDS)}) "
        "ON CONFLICT (sha256) DO UPDATE SET revoked_at = excluded.revoked_at "
        "WHERE tokens.revoked_at IS NULL",
        **{name: line[name] for name in TOKEN_FIELDS},
    )


def _source(work: _Work, line: Line) -> None:
    """A source that is watched here, too, stays as it is."""
    tags = json.dumps([str(tag) for tag in line["tags"]], ensure_ascii=False)
    work.db.run(
        """INSERT INTO sources (digest, url, tags, added_at, next_at, pause)
           VALUES (:digest, :url, :tags, :added_at, :now, :pause) ON CONFLICT DO NOTHING""",
        digest=standings.digest(line["url"]), url=line["url"], tags=tags, now=work.now,
        added_at=int(line["added_at"]), pause=int(line["pause"]),
    )  # fmt: skip


def _link(work: _Work, line: Line) -> None:
    """The looks at an address; how it stands is what the later one knows."""
    link = {name: line["link"][name] for name in LINK_FIELDS}
    looks = [{name: look[name] for name in LOOK_FIELDS} for look in line["looks"]]
    checks.take_over(work.db, link, looks)


_KINDS = {
    "person": _name, "tag": _name, "page": _page, "episode": _episode, "document": _document,
    "split": _split, "feed": _feed, "token": _token, "source": _source,
    "link": _link,
}  # fmt: skip
