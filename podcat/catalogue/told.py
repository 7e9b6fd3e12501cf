"""What documents say, as rows: of documents, appearances, keys, values, people and tags."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from podcat import text, urls
from podcat.catalogue import identity, lengths, merge
from podcat.catalogue.database import Database, Value, among, listed
from podcat.catalogue.identity import Identity, Place
from podcat.catalogue.show import ADD_RULE
from podcat.model import Document, Embed, Page

Row = Mapping[str, Value]


@dataclass(slots=True)
class Told:
    """A document on its way in; ids are 0 as long as it has none."""

    document: Document
    page: Page
    tags: Sequence[str]
    now: int
    sha256: str
    page_key: str
    has_address: bool
    number: int = 0
    page_id: int = 0
    keys: Sequence[Identity] = ()
    """One for each embed."""


def telling(document: Document, page: Page, tags: Sequence[str], now: int) -> Told:
    """A document and what is on it, with texts of a bearable length."""
    sha256 = digest(document)
    address = urls.page_key(page.url or document.url)
    key = address or f"document:{sha256}"
    short = lengths.page(page)
    told = Told(document, short, lengths.names(tags), now, sha256, key, address is not None)
    told.keys = identity.identities(short.embeds, key, told.has_address, _site(short))
    return told


def digest(document: Document) -> str:
    """What makes two documents one: the same bytes from the same address, if one is known."""
    digest = hashlib.sha256(document.data)
    if document.url:
        digest.update(b"\0" + document.url.encode("utf-8", "replace"))
    return digest.hexdigest()


def _site(page: Page) -> str | None:
    host = urls.site_of(f"//{page.site}") if page.site else None
    return host.removeprefix("www.") if host else None


# ---------------------------------------------------------------- documents, pages


def recognise(db: Database, documents: Iterable[Told]) -> None:
    """Give those documents their number that are in the catalogue."""
    waiting: dict[str, list[Told]] = defaultdict(list)
    for each in documents:
        waiting[each.sha256].append(each)
    for sql, values in listed("sha256", list(waiting)):
        for row in db.all(f"SELECT id, sha256 FROM documents WHERE {sql}", **values):
            for each in waiting[row["sha256"]]:
                each.number = row["id"]


def write_pages(db: Database, documents: Sequence[Told]) -> None:
    """Give documents their page, made where it is new."""
    keys = list(dict.fromkeys(each.page_key for each in documents))
    db.run_many(
        "INSERT INTO pages (key) VALUES (:key) ON CONFLICT DO NOTHING",
        [{"key": key} for key in keys],
    )
    numbers = {
        row["key"]: row["id"]
        for sql, values in listed("key", [text.scrub(key) for key in keys])
        for row in db.all(f"SELECT id, key FROM pages WHERE {sql}", **values)
    }
    for each in documents:
        each.page_id = numbers[text.scrub(each.page_key)]


def write_documents(db: Database, documents: Sequence[Told]) -> None:
    """Write documents and the addresses they have that are refused."""
    db.run_many(
        """INSERT INTO documents (sha256, page_id, name, source_url, form, encoding, size,
               added_at, url, site, title, published, byline, language)
           VALUES (:sha256, :page_id, :name, :source_url, :form, :encoding, :size,
               :now, :url, :site, :title, :published, :byline, :language)""",
        [_document(each) for each in documents],
    )
    recognise(db, documents)
    db.run_many(
        """INSERT INTO refusals (document_id, position, url, provider, reason, line, path)
           VALUES (:document, :position, :url, :provider, :reason, :line, :path)""",
        [row for each in documents for row in _refusals(each)],
    )


def _document(told: Told) -> Row:
    document, page = told.document, told.page
    return {
        "sha256": told.sha256, "page_id": told.page_id, "name": document.name,
        "source_url": document.url, "form": page.form, "encoding": page.encoding,
        "size": len(document.data), "now": told.now, "url": page.url or document.url,
        "site": page.site, "title": page.title, "published": page.published,
        "byline": page.byline, "language": page.language,
    }  # fmt: skip


def _refusals(told: Told) -> Iterator[Row]:
    for position, refusal in enumerate(told.page.refused):
        yield {
            "document": told.number, "position": position, "url": refusal.url,
            "provider": refusal.provider, "reason": refusal.reason,
            "line": refusal.place.line, "path": refusal.place.path,
        }  # fmt: skip


# ---------------------------------------------------------------- embeds


def write_embeds(db: Database, documents: Sequence[Told], episodes: Mapping[Place, int]) -> None:
    """Write all that documents say of their embeds; `episodes` has the episode of each."""
    placed = [(each, n, e) for each in documents for n, e in enumerate(each.page.embeds)]
    db.run_many(
        """INSERT INTO appearances (document_id, position, episode_id, page_id,
               provider, provider_id, status, line, path)
           VALUES (:document, :position, :episode, :page,
               :provider, :provider_id, :status, :line, :path)""",
        [_appearance(each, n, embed, episodes[each.number, n]) for each, n, embed in placed],
    )
    db.run_many(
        "INSERT INTO appearance_keys (key, document_id, position) "
        "VALUES (:key, :document, :position) ON CONFLICT DO NOTHING",
        [
            {"key": key, "document": each.number, "position": n}
            for each, n, _ in placed
            for key in each.keys[n].keys
        ],
    )
    db.run_many(
        """INSERT INTO provenance (document_id, position, field, value, rule, picked)
           VALUES (:document, :position, :field, :value, :rule, :picked)
           ON CONFLICT (document_id, position, field, value, rule)
           DO UPDATE SET picked = 1 WHERE excluded.picked = 1""",
        [row for place in placed for row in _claims(*place)],
    )
    write_mentions(db, [row for place in placed for row in _mentions(*place)])


def _appearance(told: Told, position: int, embed: Embed, episode: int) -> Row:
    return {
        "document": told.number, "position": position, "page": told.page_id, "episode": episode,
        "provider": embed.provider, "provider_id": embed.id, "status": embed.status,
        "line": embed.place.line, "path": embed.place.path,
    }  # fmt: skip


def _claims(told: Told, position: int, embed: Embed) -> Iterator[Row]:
    for claim in merge.claims_of(embed, told.number, told.page_id):
        yield {
            "document": told.number, "position": position, "field": claim.field,
            "value": claim.value, "rule": claim.rule, "picked": int(claim.picked),
        }  # fmt: skip


# ---------------------------------------------------------------- people and tags


def _mentions(told: Told, position: int, embed: Embed) -> Iterator[Row]:
    rule = text.scrub(embed.provenance.get("people", "unknown/"))
    for ordinal, person in enumerate(embed.people):
        yield {
            "document": told.number, "position": position, "kind": "person", "ordinal": ordinal,
            "name": person.name, "role": person.role, "about": person.about, "rule": rule,
        }  # fmt: skip
    own = [(tag, embed.provenance.get("tags", "unknown/")) for tag in embed.tags]
    own += [(tag, told.page.provenance.get("tags", "page/tags")) for tag in told.page.tags]
    own += [(tag, ADD_RULE) for tag in told.tags]
    for ordinal, (tag, rule) in enumerate(own):
        yield _tag(told.number, position, ordinal, tag, text.scrub(rule))


def _tag(document: int, position: int, ordinal: int, name: str, rule: str) -> Row:
    return {
        "document": document, "position": position, "kind": "tag", "ordinal": ordinal,
        "name": name, "role": None, "about": None, "rule": rule,
    }  # fmt: skip


def write_mentions(db: Database, rows: Sequence[Row]) -> None:
    """Write people and tags that documents name with their embeds."""
    db.run_many(
        """INSERT INTO mentions (document_id, position, kind, ordinal, name, role, about, rule)
           VALUES (:document, :position, :kind, :ordinal, :name, :role, :about, :rule)""",
        rows,
    )


def missing_tags(db: Database, documents: Iterable[int], tags: Sequence[str]) -> list[Row]:
    """The tags that nobody has given yet to the embeds of documents, as mentions."""
    if not tags:
        return []
    told: dict[Place, set[str | None]] = defaultdict(set)
    following: dict[Place, int] = {}
    for row in db.all(
        f"""SELECT a.document_id, a.position, m.name, m.ordinal, m.rule
            FROM appearances a LEFT JOIN mentions m
            ON m.document_id = a.document_id AND m.position = a.position AND m.kind = 'tag'
            WHERE {among("a.document_id", documents)}
            ORDER BY a.document_id, a.position, m.ordinal"""
    ):
        place = (row["document_id"], row["position"])
        told[place].add(merge.slug_or_none(row["name"]) if row["rule"] == ADD_RULE else None)
        following[place] = 0 if row["ordinal"] is None else row["ordinal"] + 1
    missing: list[Row] = []
    for place, known in told.items():
        new = [tag for tag in tags if merge.slug_or_none(tag) not in known]
        missing += [_tag(*place, n, tag, ADD_RULE) for n, tag in enumerate(new, following[place])]
    return missing
