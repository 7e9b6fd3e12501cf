"""Writing: one document into the catalogue, in one transaction."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from podcat import urls
from podcat.catalogue import identity, lengths, merge, names
from podcat.catalogue.database import Database, among
from podcat.catalogue.identity import Identity, Ids
from podcat.catalogue.records import Outcome
from podcat.catalogue.show import refresh
from podcat.model import UNRESOLVED, Document, Embed, Page, Refusal


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be stored."""

    document: Document
    page: Page
    tags: Sequence[str]
    now: int
    sha256: str


@dataclass(slots=True)
class Work:
    """One document on its way into the database."""

    db: Database
    document_id: int
    page_id: int
    sha256: str
    now: int
    unsure: frozenset[str]
    """Weak keys that tell nothing in this document."""
    new: set[int] = field(default_factory=set)
    altered: set[int] = field(default_factory=set)
    """Episodes that changed beyond their own columns: people, tags, joined."""


def store(db: Database, document: Document, page: Page, tags: Sequence[str], now: int) -> Outcome:
    """Write what a document says; the same bytes again write nothing but new `tags`.

    Raises DatabaseError.
    """
    sha256 = _digest(document)
    page, tags = lengths.page(page), lengths.names(tags)
    if _document_id(db, sha256) is None:
        with db.transaction():
            # Asked again: another program may have stored it while this one waited.
            if _document_id(db, sha256) is None:
                return _add(db, Told(document, page, tags, now, sha256))
    return _again(db, sha256, tags, now)


def _digest(document: Document) -> str:
    """What makes two documents one: the same bytes from the same address, if one is known."""
    digest = hashlib.sha256(document.data)
    if document.url:
        digest.update(b"\0" + document.url.encode("utf-8", "replace"))
    return digest.hexdigest()


def _document_id(db: Database, sha256: str) -> int | None:
    row = db.one("SELECT id FROM documents WHERE sha256 = :sha256", sha256=sha256)
    return row["id"] if row else None


# ---------------------------------------------------------------- bytes seen before


def _again(db: Database, sha256: str, tags: Sequence[str], now: int) -> Outcome:
    document_id = _document_id(db, sha256)
    assert document_id is not None
    episodes = _episodes_of(db, document_id)
    if all(names.has_tags(db, episode, tags) for episode in episodes):
        return _outcome(db, episodes, new=set(), changed=set())
    with db.transaction():
        episodes = _episodes_of(db, document_id)
        altered = {e for e in episodes if names.add_tags(db, e, tags, now)}
        for episode in altered:
            refresh(db, episode, now, altered=True)
        _grow_revision(db)
    return _outcome(db, episodes, new=set(), changed=altered)


def _episodes_of(db: Database, document_id: int) -> tuple[int, ...]:
    rows = db.all(
        "SELECT episode_id FROM appearances WHERE document_id = :id ORDER BY position",
        id=document_id,
    )
    return tuple(dict.fromkeys(row["episode_id"] for row in rows))


def _outcome(db: Database, episodes: tuple[int, ...], new: set[int], changed: set[int]) -> Outcome:
    unresolved = db.all(
        f"SELECT id FROM episodes WHERE status = :status AND {among('id', episodes)}",
        status=UNRESOLVED,
    )
    count_new = sum(e in new for e in episodes)
    count_changed = sum(e in changed and e not in new for e in episodes)
    unchanged = len(episodes) - count_new - count_changed
    return Outcome(count_new, count_changed, unchanged, len(unresolved), episodes)


def _grow_revision(db: Database) -> None:
    db.run("UPDATE meta SET value = value + 1 WHERE name = 'revision'")


# ---------------------------------------------------------------- bytes not seen before


def _add(db: Database, told: Told) -> Outcome:
    page = told.page
    address = urls.page_key(page.url or told.document.url)
    page_key = address or f"document:{told.sha256}"
    page_id = _page_id(db, page_key)
    document_id = _insert_document(db, told, page_id)
    _write_refusals(db, page.refused, document_id)
    keys = identity.identities(page.embeds, page_key, address is not None)
    unsure = identity.ambiguous(keys)
    work = Work(db, document_id, page_id, told.sha256, told.now, unsure)
    # What is certain goes first, so that hints meet all that is known. From the last to the first:
    # pages list the newest first, and of equal times the episode added last is listed first.
    for position in sorted(range(len(keys)), key=lambda i: (not keys[i].strong, -i)):
        embed = page.embeds[position]
        _place(work, position, embed, keys[position], (*embed.tags, *page.tags, *told.tags))
    return _finish(work, _refresh_page(db, page_id))


def _finish(work: Work, page_changed: bool) -> Outcome:
    episodes = _episodes_of(work.db, work.document_id)
    others = _episodes_on(work.db, work.page_id) if page_changed else ()
    changed = {
        episode
        for episode in dict.fromkeys((*episodes, *others))
        if refresh(work.db, episode, work.now, altered=episode in work.altered)
    }
    _grow_revision(work.db)
    return _outcome(work.db, episodes, work.new, changed)


def _page_id(db: Database, key: str) -> int:
    db.run("INSERT INTO pages (key) VALUES (:key) ON CONFLICT DO NOTHING", key=key)
    row = db.one("SELECT id FROM pages WHERE key = :key", key=key)
    assert row is not None
    return int(row["id"])


def _insert_document(db: Database, told: Told, page_id: int) -> int:
    document, page = told.document, told.page
    row = db.one(
        """INSERT INTO documents (sha256, page_id, name, source_url, form, encoding, size,
               added_at, url, site, title, published, byline, language)
           VALUES (:sha256, :page_id, :name, :source_url, :form, :encoding, :size,
               :now, :url, :site, :title, :published, :byline, :language)
           RETURNING id""",
        sha256=told.sha256, page_id=page_id, name=document.name, source_url=document.url,
        form=page.form, encoding=page.encoding, size=len(document.data), now=told.now,
        url=page.url or document.url, site=page.site, title=page.title,
        published=page.published, byline=page.byline, language=page.language,
    )  # fmt: skip
    assert row is not None
    return int(row["id"])


def _write_refusals(db: Database, refused: Iterable[Refusal], document_id: int) -> None:
    db.run_many(
        """INSERT INTO refusals (document_id, position, url, provider, reason, line, path)
           VALUES (:document, :position, :url, :provider, :reason, :line, :path)""",
        [
            {
                "document": document_id, "position": position, "url": refusal.url,
                "provider": refusal.provider, "reason": refusal.reason,
                "line": refusal.place.line, "path": refusal.place.path,
            }
            for position, refusal in enumerate(refused)
        ],
    )  # fmt: skip


def _refresh_page(db: Database, page_id: int) -> bool:
    columns = ", ".join(merge.PAGE_FIELDS)
    said = db.all(
        f"SELECT form, {columns} FROM documents WHERE page_id = :id ORDER BY id", id=page_id
    )
    shown = merge.page_columns(said)
    current = db.one(f"SELECT {columns} FROM pages WHERE id = :id", id=page_id)
    assert current is not None
    if all(current[name] == value for name, value in shown.items()):
        return False
    assignments = ", ".join(f"{name} = :{name}" for name in shown)
    db.run(f"UPDATE pages SET {assignments} WHERE id = :id", id=page_id, **shown)
    return True


def _episodes_on(db: Database, page_id: int) -> tuple[int, ...]:
    rows = db.all(
        "SELECT DISTINCT episode_id FROM appearances WHERE page_id = :id ORDER BY 1", id=page_id
    )
    return tuple(row["episode_id"] for row in rows)


# ---------------------------------------------------------------- one embed


def _place(work: Work, position: int, embed: Embed, keys: Identity, tags: Iterable[str]) -> None:
    """Find or make the episode that an embed is, and write down what the embed says."""
    db = work.db
    same = identity.same_recording(
        keys, work.unsure, lambda key: _holders(db, key), lambda episode: _ids(db, episode)
    )
    episode, *others = same or [_create(work, position, embed, keys)]
    for other in others:
        _join(work, other, episode)
    _write_keys(db, episode, keys.keys)
    _write_appearance(work, position, embed, episode)
    _write_claims(work, embed, episode)
    credited = names.add_people(db, episode, embed.people, work.now)
    tagged = names.add_tags(db, episode, tags, work.now)
    if credited or tagged:
        work.altered.add(episode)


def _holders(db: Database, key: str) -> list[int]:
    rows = db.all("SELECT episode_id FROM episode_keys WHERE key = :key ORDER BY 1", key=key)
    return [row["episode_id"] for row in rows]


def _ids(db: Database, episode: int) -> Ids:
    rows = db.all("SELECT key FROM episode_keys WHERE episode_id = :id", id=episode)
    return identity.ids_of(row["key"] for row in rows)


def _create(work: Work, position: int, embed: Embed, keys: Identity) -> int:
    guid = identity.guid(keys.name)
    taken = work.db.one(
        "SELECT 1 AS n FROM episodes WHERE guid = :guid "
        "UNION ALL SELECT 1 FROM former_episodes WHERE guid = :guid",
        guid=guid,
    )
    if taken:
        guid = identity.guid(f"{keys.name}#{work.sha256}#{position}")
    row = work.db.one(
        """INSERT INTO episodes (guid, provider, status, sort_at, first_seen, changed_at)
           VALUES (:guid, :provider, :status, :now, :now, :now) RETURNING id""",
        guid=guid, provider=embed.provider, status=embed.status, now=work.now,
    )  # fmt: skip
    assert row is not None
    work.new.add(row["id"])
    return int(row["id"])


def _write_keys(db: Database, episode: int, keys: Iterable[str]) -> None:
    db.run_many(
        "INSERT INTO episode_keys (key, episode_id) VALUES (:key, :episode) ON CONFLICT DO NOTHING",
        [{"key": key, "episode": episode} for key in keys],
    )


def _write_appearance(work: Work, position: int, embed: Embed, episode: int) -> None:
    work.db.run(
        """INSERT INTO appearances (document_id, position, episode_id, page_id,
               provider, provider_id, status, line, path)
           VALUES (:document, :position, :episode, :page,
               :provider, :provider_id, :status, :line, :path)""",
        document=work.document_id, position=position, episode=episode, page=work.page_id,
        provider=embed.provider, provider_id=embed.id, status=embed.status,
        line=embed.place.line, path=embed.place.path,
    )  # fmt: skip


def _write_claims(work: Work, embed: Embed, episode: int) -> None:
    work.db.run_many(
        """INSERT INTO provenance (episode_id, field, value, rule, document_id, picked)
           VALUES (:episode, :field, :value, :rule, :document, :picked)
           ON CONFLICT (episode_id, field, value, rule, document_id)
           DO UPDATE SET picked = 1 WHERE excluded.picked = 1""",
        [
            {
                "episode": episode, "field": claim.field, "value": claim.value,
                "rule": claim.rule, "document": claim.document, "picked": int(claim.picked),
            }
            for claim in merge.claims_of(embed, work.document_id, work.page_id)
        ],
    )  # fmt: skip


# ---------------------------------------------------------------- two episodes are one

_MOVED: Mapping[str, str] = {
    "episode_keys": "key",
    "provenance": "field, value, rule, document_id, picked",
    "episode_tags": "tag_id",
}


def _join(work: Work, other: int, episode: int) -> None:
    """Give all that the younger episode has to the older one, whose id and guid stay."""
    db = work.db
    for table, columns in _MOVED.items():
        db.run(
            f"INSERT INTO {table} (episode_id, {columns}) SELECT :episode, {columns} FROM {table} "
            "WHERE episode_id = :other ON CONFLICT DO NOTHING",
            episode=episode, other=other,
        )  # fmt: skip
    for table in ("appearances", "former_episodes"):
        db.run(
            f"UPDATE {table} SET episode_id = :episode WHERE episode_id = :other",
            episode=episode, other=other,
        )  # fmt: skip
    names.move_credits(db, other, episode)
    _forget(db, other, episode)
    work.altered.add(episode)


def _forget(db: Database, other: int, episode: int) -> None:
    row = db.one("SELECT guid, first_seen FROM episodes WHERE id = :id", id=other)
    assert row is not None
    db.run(
        "UPDATE episodes SET first_seen = :first WHERE id = :id AND first_seen > :first",
        id=episode, first=row["first_seen"],
    )  # fmt: skip
    db.run("DELETE FROM search WHERE rowid = :id", id=other)
    db.run("DELETE FROM episodes WHERE id = :id", id=other)
    db.run(
        "INSERT INTO former_episodes (id, guid, episode_id) VALUES (:id, :guid, :episode)",
        id=other, guid=row["guid"], episode=episode,
    )  # fmt: skip
