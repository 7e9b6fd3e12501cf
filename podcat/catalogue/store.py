"""Writing: one document into the catalogue, in one transaction."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from podcat import text, urls
from podcat.catalogue import identity, lengths, merge, settle
from podcat.catalogue.database import Database, Value, among
from podcat.catalogue.identity import Identity, Node
from podcat.catalogue.records import Outcome
from podcat.catalogue.settle import Settled
from podcat.catalogue.show import ADD_RULE, refresh
from podcat.model import UNRESOLVED, Document, Embed, Page, Refusal


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be stored."""

    document: Document
    page: Page
    tags: Sequence[str]
    now: int
    sha256: str


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
    if not _untold(db, document_id, tags):
        return _outcome(db, _episodes_of(db, document_id), new=set(), changed=set())
    with db.transaction():
        add_tags(db, document_id, tags)
        episodes = _episodes_of(db, document_id)
        changed = {e for e in episodes if refresh(db, e, now, altered=False)}
        grow_revision(db)
    return _outcome(db, episodes, new=set(), changed=changed)


def add_tags(db: Database, document_id: int, tags: Sequence[str]) -> tuple[int, ...]:
    """Write tags that somebody gave to the embeds of a document; the episodes that have them."""
    missing = _untold(db, document_id, tags)
    _write_mentions(db, missing)
    return _episodes_of(db, document_id) if missing else ()


def _untold(db: Database, document_id: int, tags: Sequence[str]) -> list[Mapping[str, Value]]:
    """The tags that nobody has given yet to the embeds of a document."""
    rows = db.all(
        """SELECT a.position, m.name, m.ordinal, m.rule FROM appearances a LEFT JOIN mentions m
           ON m.document_id = a.document_id AND m.position = a.position AND m.kind = 'tag'
           WHERE a.document_id = :id ORDER BY a.position, m.ordinal""",
        id=document_id,
    )
    told: dict[int, set[str | None]] = defaultdict(set)
    following: dict[int, int] = defaultdict(int)
    for row in rows:
        position = row["position"]
        told[position].add(merge.slug_or_none(row["name"]) if row["rule"] == ADD_RULE else None)
        following[position] = 0 if row["ordinal"] is None else row["ordinal"] + 1
    missing: list[Mapping[str, Value]] = []
    for position, known in told.items():
        new = [tag for tag in tags if merge.slug_or_none(tag) not in known]
        for ordinal, tag in enumerate(new, following[position]):
            missing.append(_tag_row(document_id, position, ordinal, tag, ADD_RULE))
    return missing


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


def grow_revision(db: Database) -> None:
    """Tell caches that something changed."""
    db.run("UPDATE meta SET value = value + 1 WHERE name = 'revision'")


# ---------------------------------------------------------------- bytes not seen before


def _add(db: Database, told: Told) -> Outcome:
    page = told.page
    address = urls.page_key(page.url or told.document.url)
    page_key = address or f"document:{told.sha256}"
    page_id = _page_id(db, page_key)
    document_id = _insert_document(db, told, page_id)
    _write_refusals(db, page.refused, document_id)
    site = (urls.site_of(f"//{page.site}") or "").removeprefix("www.") if page.site else None
    own = identity.identities(page.embeds, page_key, address is not None, site or None)
    keys = _scoped(db, page_key, own)
    settled = _settle(db, told, document_id, keys)
    _write_appearances(db, told, (document_id, page_id), keys, settled)
    return _finish(db, told, (document_id, page_id), settled)


def _scoped(db: Database, page_key: str, keys: Sequence[Identity]) -> tuple[Identity, ...]:
    """The identities, those of recordings that a person split off this page with their label."""
    rows = db.all("SELECT key, label FROM splits WHERE page_key = :key", key=page_key)
    labels: dict[str, str] = {row["key"]: row["label"] for row in rows}
    own = [next((labels[key] for key in each.keys if key in labels), None) for each in keys]
    return tuple(i.within(label) if label else i for i, label in zip(keys, own, strict=True))


def _settle(db: Database, told: Told, document_id: int, keys: Sequence[Identity]) -> Settled:
    before = settle.connected(db, {key for each in keys for key in each.keys})
    nodes = [Node((document_id, n), each.keys, each.name) for n, each in enumerate(keys)]
    # From the last to the first: pages list the newest first, and of equal times the episode
    # added last is listed first. What has an id comes before what has none.
    order = sorted(range(len(keys)), key=lambda i: (not keys[i].strong, -i))
    new, blunt = [nodes[i] for i in order], identity.blunt(keys)
    return settle.settle(db, before, new, blunt, now=told.now, salt=told.sha256)


def _finish(db: Database, told: Told, numbers: tuple[int, int], settled: Settled) -> Outcome:
    document_id, page_id = numbers
    page_changed = refresh_page(db, page_id)
    episodes = _episodes_of(db, document_id)
    others = _episodes_on(db, page_id) if page_changed else ()
    changed = {
        episode
        for episode in dict.fromkeys((*episodes, *sorted(settled.altered), *others))
        if refresh(db, episode, told.now, altered=episode in settled.altered - settled.new)
    }
    grow_revision(db)
    return _outcome(db, episodes, settled.new, changed)


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


def refresh_page(db: Database, page_id: int) -> bool:
    """Bring a page in line with its documents; whether anything changed."""
    columns = ", ".join(merge.PAGE_FIELDS)
    said = db.all(
        f"SELECT form, {columns} FROM documents WHERE page_id = :id ORDER BY added_at, id",
        id=page_id,
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


# ---------------------------------------------------------------- embeds


def _write_appearances(
    db: Database,
    told: Told,
    numbers: tuple[int, int],
    keys: Sequence[Identity],
    settled: Settled,
) -> None:
    document_id, page_id = numbers
    embeds = list(enumerate(told.page.embeds))
    db.run_many(
        """INSERT INTO appearances (document_id, position, episode_id, page_id,
               provider, provider_id, status, line, path)
           VALUES (:document, :position, :episode, :page,
               :provider, :provider_id, :status, :line, :path)""",
        [
            {
                "document": document_id, "position": position, "page": page_id,
                "episode": settled.episode[document_id, position], "provider": embed.provider,
                "provider_id": embed.id, "status": embed.status,
                "line": embed.place.line, "path": embed.place.path,
            }
            for position, embed in embeds
        ],
    )  # fmt: skip
    db.run_many(
        "INSERT INTO appearance_keys (key, document_id, position) "
        "VALUES (:key, :document, :position) ON CONFLICT DO NOTHING",
        [
            {"key": key, "document": document_id, "position": position}
            for position, identity_ in enumerate(keys)
            for key in identity_.keys
        ],
    )
    for position, embed in embeds:
        _write_claims(db, (document_id, position), page_id, embed)
    _write_mentions(
        db, [row for position, e in embeds for row in _mentions(told, document_id, position, e)]
    )


def _write_claims(db: Database, place: tuple[int, int], page_id: int, embed: Embed) -> None:
    document_id, position = place
    db.run_many(
        """INSERT INTO provenance (document_id, position, field, value, rule, picked)
           VALUES (:document, :position, :field, :value, :rule, :picked)
           ON CONFLICT (document_id, position, field, value, rule)
           DO UPDATE SET picked = 1 WHERE excluded.picked = 1""",
        [
            {
                "document": document_id, "position": position, "field": claim.field,
                "value": claim.value, "rule": claim.rule, "picked": int(claim.picked),
            }
            for claim in merge.claims_of(embed, document_id, page_id)
        ],
    )  # fmt: skip


# ---------------------------------------------------------------- people and tags


def _mentions(
    told: Told, document_id: int, position: int, embed: Embed
) -> Iterator[Mapping[str, Value]]:
    rule = text.scrub(embed.provenance.get("people", "unknown/"))
    for ordinal, person in enumerate(embed.people):
        yield {
            "document": document_id, "position": position, "kind": "person", "ordinal": ordinal,
            "name": person.name, "role": person.role, "about": person.about, "rule": rule,
        }  # fmt: skip
    own = [(tag, embed.provenance.get("tags", "unknown/")) for tag in embed.tags]
    own += [(tag, told.page.provenance.get("tags", "page/tags")) for tag in told.page.tags]
    own += [(tag, ADD_RULE) for tag in told.tags]
    for ordinal, (tag, rule) in enumerate(own):
        yield _tag_row(document_id, position, ordinal, tag, text.scrub(rule))


def _tag_row(
    document_id: int, position: int, ordinal: int, name: str, rule: str
) -> Mapping[str, Value]:
    return {
        "document": document_id, "position": position, "kind": "tag", "ordinal": ordinal,
        "name": name, "role": None, "about": None, "rule": rule,
    }  # fmt: skip


def _write_mentions(db: Database, rows: Sequence[Mapping[str, Value]]) -> None:
    db.run_many(
        """INSERT INTO mentions (document_id, position, kind, ordinal, name, role, about, rule)
           VALUES (:document, :position, :kind, :ordinal, :name, :role, :about, :rule)""",
        rows,
    )
