"""Writing: documents into the catalogue, many in one transaction, with few statements for all.

What is one recording does not depend on the order of documents: so those of a batch are told
apart, and joined with what is there, at once.
"""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from podcat.catalogue import identity, lengths, merge, settle, told
from podcat.catalogue.database import Database, Row, among, batches, listed
from podcat.catalogue.identity import Node
from podcat.catalogue.records import Outcome
from podcat.catalogue.settle import Settled
from podcat.catalogue.show import Occasion, refresh
from podcat.catalogue.told import Told
from podcat.model import UNRESOLVED, Document, Page


@dataclass(slots=True)
class Done:
    """What writing did: the episodes that are new, and those of which anything shown changed."""

    new: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)


def store(
    db: Database, documents: Sequence[tuple[Document, Page]], tags: Sequence[str], now: int
) -> list[Outcome]:
    """Write what documents say, all or nothing; what it did, for each of them.

    The same bytes again write nothing but new `tags`. Raises DatabaseError.
    """
    incoming = [told.telling(document, page, tags, now) for document, page in documents]
    tags, done = lengths.names(tags), Done()
    told.recognise(db, incoming)
    if _unknown(incoming) or told.missing_tags(db, _known(incoming), tags):
        with db.transaction():
            # Asked again: another program may have stored some while this one waited.
            told.recognise(db, incoming)
            done = write(db, incoming, tags, now)
    return _outcomes(db, incoming, done)


def _unknown(incoming: Iterable[Told]) -> list[Told]:
    """The documents that are not in the catalogue, each once."""
    once: dict[str, Told] = {}
    for each in incoming:
        if not each.number:
            once.setdefault(each.sha256, each)
    return list(once.values())


def _known(incoming: Iterable[Told]) -> list[int]:
    return sorted({each.number for each in incoming if each.number})


def write(db: Database, incoming: Sequence[Told], tags: Sequence[str], now: int) -> Done:
    """Write what is told and was recognised as far as it is known; within a transaction."""
    touched = add_tags(db, _known(incoming), tags)
    settled = Settled()
    if new := _unknown(incoming):
        settled = _add(db, new, now)
        told.recognise(db, incoming)
        changed_pages = refresh_pages(db, {each.page_id for each in new})
        touched |= _episodes_on(db, changed_pages) | set(settled.episode.values())
    occasion = Occasion(now, settled.altered - settled.new)
    changed = refresh(db, touched | settled.altered, occasion)
    grow_revision(db)
    return Done(settled.new, changed)


def _add(db: Database, new: Sequence[Told], now: int) -> Settled:
    """Write documents that were never seen, and group their embeds with what was there."""
    told.write_pages(db, new)
    told.write_documents(db, new)
    _scope(db, new)
    before = settle.connected(db, {key for t in new for keys in t.keys for key in keys.keys})
    nodes = [node for each in new for node in _nodes(each)]
    blunt = {key for each in new for key in identity.blunt(each.keys)}
    settled = settle.settle(db, before, nodes, blunt, now=now)
    told.write_embeds(db, new, settled.episode)
    here = {(t.number, n) for t in new for n in range(len(t.keys))}
    settled.episode = {place: e for place, e in settled.episode.items() if place in here}
    return settled


def _nodes(each: Told) -> list[Node]:
    """The embeds of a document in the order in which their episodes are to be made.

    From the last to the first: pages list the newest first, and of equal times the episode added
    last is listed first. What has an id comes before what has none.
    """
    order = sorted(range(len(each.keys)), key=lambda i: (not each.keys[i].strong, -i))
    return [
        Node((each.number, i), each.keys[i].keys, each.keys[i].name, each.sha256) for i in order
    ]


def _scope(db: Database, new: Sequence[Told]) -> None:
    """Give recordings that a person split off a page the label of the split."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for sql, values in listed("page_key", list({each.page_key for each in new})):
        for row in db.all(f"SELECT page_key, key, label FROM splits WHERE {sql}", **values):
            labels[row["page_key"]][row["key"]] = row["label"]
    for each in new:
        if own := labels.get(each.page_key):
            found = [next((own[k] for k in i.keys if k in own), None) for i in each.keys]
            both = zip(each.keys, found, strict=True)
            each.keys = [i.within(label) if label else i for i, label in both]


# ---------------------------------------------------------------- tags, pages, revision


def add_tags(db: Database, documents: Collection[int], tags: Sequence[str]) -> set[int]:
    """Write tags that somebody gave to the embeds of documents; the episodes that had them not."""
    missing = told.missing_tags(db, documents, tags)
    told.write_mentions(db, missing)
    concerned = {int(row["document"] or 0) for row in missing}
    return {episode for own in _episodes_of(db, concerned).values() for episode in own}


def refresh_pages(db: Database, pages: Iterable[int]) -> set[int]:
    """Bring pages in line with their documents; those of which anything changed."""
    columns = ", ".join(merge.PAGE_FIELDS)
    outdated = []
    for batch in batches(sorted(pages)):
        said: dict[int, list[Row]] = defaultdict(list)
        for row in db.all(
            f"SELECT page_id, form, {columns} FROM documents WHERE {among('page_id', batch)} "
            "ORDER BY added_at, id"
        ):
            said[row["page_id"]].append(row)
        for row in db.all(f"SELECT id, {columns} FROM pages WHERE {among('id', batch)}"):
            shown = merge.page_columns(said[row["id"]])
            if any(row[name] != value for name, value in shown.items()):
                outdated.append({**shown, "id": row["id"]})
    assignments = ", ".join(f"{name} = :{name}" for name in merge.PAGE_FIELDS)
    db.run_many(f"UPDATE pages SET {assignments} WHERE id = :id", outdated)
    return {row["id"] for row in outdated}


def _episodes_on(db: Database, pages: Iterable[int]) -> set[int]:
    rows = db.all(f"SELECT episode_id FROM appearances WHERE {among('page_id', pages)}")
    return {row["episode_id"] for row in rows}


def _episodes_of(db: Database, documents: Iterable[int]) -> dict[int, list[int]]:
    """By document, in its order, each episode once."""
    found: dict[int, dict[int, None]] = defaultdict(dict)
    for row in db.all(
        f"""SELECT document_id, episode_id FROM appearances
            WHERE {among("document_id", documents)} ORDER BY document_id, position"""
    ):
        found[row["document_id"]][row["episode_id"]] = None
    return {document: list(episodes) for document, episodes in found.items()}


def grow_revision(db: Database) -> None:
    """Tell caches that something changed."""
    db.run("UPDATE meta SET value = value + 1 WHERE name = 'revision'")


# ---------------------------------------------------------------- what it did


def _outcomes(db: Database, incoming: Sequence[Told], done: Done) -> list[Outcome]:
    episodes = _episodes_of(db, _known(incoming))
    unresolved = _unresolved(db, {number for own in episodes.values() for number in own})
    outcomes = []
    for each in incoming:
        listed_here = tuple(episodes.get(each.number, ()))
        own = frozenset(listed_here)
        changed = own & (done.changed - done.new)
        outcomes.append(Outcome(listed_here, own & done.new, changed, own & unresolved))
        # Of documents that share an episode the first made it, or changed it.
        done.new -= own
        done.changed -= own
    return outcomes


def _unresolved(db: Database, episodes: Collection[int]) -> set[int]:
    rows = db.all(
        f"SELECT id FROM episodes WHERE status = :status AND {among('id', episodes)}",
        status=UNRESOLVED,
    )
    return {row["id"] for row in rows}
