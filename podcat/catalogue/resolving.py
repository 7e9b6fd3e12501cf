"""What was learned of recordings by asking for their players, and which are to be asked for.

What is learned is stored as what any document says is: as values with their rule and the address
that gave them. The document stands with the page on which the episode was seen already (form
`player`), so that it is no page of its own, what a person split stays so, and it can only be
joined with that episode.
"""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from podcat.catalogue import identity, lengths, read, store, told
from podcat.catalogue.database import Database, Value, among, batches
from podcat.catalogue.identity import Identity
from podcat.catalogue.told import Told
from podcat.model import Cursor, Document, Embed, Episode, Page, Selection

FORM: Final = "player"
"""Of documents that were asked for because of one episode."""
_AT_ONCE: Final = 500
_MADE: Final = "attempts"  # in meta
_WHY: Final = 300
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Why an episode has no file yet; times in seconds since 1970."""

    tried_at: int
    tries: int
    """In a row, all in vain."""
    why: str
    next_at: int
    """When it is worth trying again."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some episodes have no file yet."""

    why: str
    episodes: int
    next_at: int
    """When the first of them is tried again (seconds since 1970)."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What an address said of an episode."""

    episode: int
    url: str
    embed: Embed


@dataclass(frozen=True, slots=True)
class Wanted:
    """An episode to be asked for, and where."""

    episode: Episode
    pages: tuple[str, ...]
    """Addresses of pages that it is on, the newest last."""
    feeds: tuple[str, ...]
    """Feeds that its players name."""
    attempt: Attempt | None


class Resolving:
    """The part of a catalogue that is about finding files. Methods raise DatabaseError."""

    _db: Database

    def unresolved(
        self, selection: Selection, now: int, *, again: bool = False, only: Iterable[int] = ()
    ) -> list[int]:
        """Ids of episodes without a direct file, or with one of unknown length, that are due.

        With `again` also those that are not due; with `only` of these alone.
        """
        return _due(self._db, selection, None if again else now, set(only))

    def wanted(self, episodes: Sequence[int]) -> Iterator[Wanted]:
        """The episodes of these ids, with where to ask for them."""
        for batch in batches(episodes):
            yield from _wanted(self._db, batch)

    def attempt(self, episode: int) -> Attempt | None:
        """Why an episode has no file; None where it has, or nobody tried."""
        return attempts(self._db, [episode]).get(episode)

    def reasons(self) -> tuple[Reason, ...]:
        """Why episodes have no file, as far as anybody asked for it; what many have first."""
        rows = self._db.all(
            """SELECT r.why, count(*) AS n, min(r.next_at) AS first
               FROM resolving r JOIN episodes e ON e.id = r.episode_id
               WHERE e.hidden = 0 AND e.playable = 0 GROUP BY r.why ORDER BY n DESC, r.why"""
        )
        return tuple(Reason(row["why"], row["n"], row["first"]) for row in rows)

    def resting(self, now: int) -> int:
        """How many episodes were tried in vain, and are not due yet."""
        row = self._db.one(
            """SELECT count(*) AS n FROM resolving r JOIN episodes e ON e.id = r.episode_id
               WHERE e.hidden = 0 AND r.next_at > :now""",
            now=now,
        )
        return int(row["n"]) if row else 0

    def attempts_made(self) -> int:
        """A number that grows whenever something was tried in vain."""
        row = self._db.one("SELECT value FROM meta WHERE name = :name", name=_MADE)
        return int(row["value"]) if row else 0

    def learn(
        self, learned: Sequence[Learned], failed: Mapping[int, Attempt], now: int
    ) -> set[int]:
        """Store what was learned, and why nothing was; the episodes that changed.

        All or nothing. An episode that is in `learned` and not in `failed` is done.
        """
        with self._db.transaction():
            changed = _learn(self._db, learned, now)
            done = {each.episode for each in learned} - failed.keys()
            self._db.run(f"DELETE FROM resolving WHERE {among_ids(done)}")
            if failed:
                write_attempts(self._db, failed)
        return changed


def among_ids(episodes: Iterable[int]) -> str:
    """The condition that a row is about one of these episodes."""
    return among("episode_id", episodes)


# ---------------------------------------------------------------- which


def _due(db: Database, selection: Selection, now: int | None, only: set[int]) -> list[int]:
    rest: set[int] = set()
    if now is not None:
        rows = db.all("SELECT episode_id FROM resolving WHERE next_at > :now", now=now)
        rest = {row["episode_id"] for row in rows}
    found = [one.id for one in _all(db, selection, only) if one.id not in rest and _lacks(one)]
    return list(dict.fromkeys(found))


def _lacks(episode: Episode) -> bool:
    return not episode.playable or episode.media_bytes is None


def _all(db: Database, selection: Selection, only: set[int]) -> Iterator[Episode]:
    if only:
        for batch in batches(sorted(only)):
            yield from read.by_ids(db, batch)
        return
    after: Cursor | None = None
    while True:
        listing = read.episodes(db, selection, after, _AT_ONCE)
        yield from listing.episodes
        after = listing.next
        if after is None:
            return


def _wanted(db: Database, ids: Sequence[int]) -> Iterator[Wanted]:
    pages, feeds, tried = _pages(db, ids), _feeds(db, ids), attempts(db, ids)
    for episode in read.by_ids(db, ids):
        number = episode.id
        yield Wanted(episode, tuple(pages[number]), tuple(feeds[number]), tried.get(number))


def _pages(db: Database, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in db.all(
        f"""SELECT a.episode_id, p.url, min(a.document_id) AS first FROM appearances a
            JOIN pages p ON p.id = a.page_id JOIN documents d ON d.id = a.document_id
            WHERE {among("a.episode_id", ids)} AND p.url IS NOT NULL AND d.form <> 'feed'
            GROUP BY a.episode_id, p.url ORDER BY first, p.url"""
    ):
        found[row["episode_id"]].append(row["url"])
    return found


def _feeds(db: Database, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in db.all(
        f"""SELECT DISTINCT a.episode_id, p.value FROM appearances a JOIN provenance p
            ON p.document_id = a.document_id AND p.position = a.position
            WHERE {among("a.episode_id", ids)} AND p.field = 'feed_url' ORDER BY 1, 2"""
    ):
        found[row["episode_id"]].append(row["value"])
    return found


def attempts(db: Database, ids: Sequence[int]) -> dict[int, Attempt]:
    """The last attempts in vain, by episode."""
    rows = db.all(
        f"SELECT episode_id, tried_at, tries, why, next_at FROM resolving WHERE {among_ids(ids)}"
    )
    return {r["episode_id"]: Attempt(r["tried_at"], r["tries"], r["why"], r["next_at"])
            for r in rows}  # fmt: skip


# ---------------------------------------------------------------- what was learned


def _learn(db: Database, learned: Sequence[Learned], now: int) -> set[int]:
    places = _places(db, [each.episode for each in learned])
    incoming = [_told(each, *places[each.episode], now) for each in learned
                if each.episode in places]  # fmt: skip
    told.recognise(db, incoming)
    if all(each.number for each in incoming):
        return set()
    return store.write(db, incoming, (), now).changed


def _places(db: Database, ids: Sequence[int]) -> dict[int, tuple[str, list[str]]]:
    """The page on which each episode was seen first, and its keys there."""
    found: dict[int, tuple[str, list[str]]] = {}
    spots: dict[int, tuple[int, int]] = {}
    for row in db.all(
        f"""SELECT a.episode_id, a.document_id, a.position, p.key AS page_key, k.key
            FROM appearances a JOIN pages p ON p.id = a.page_id
            JOIN documents d ON d.id = a.document_id
            LEFT JOIN appearance_keys k
            ON k.document_id = a.document_id AND k.position = a.position
            WHERE {among("a.episode_id", ids)} AND d.form <> '{FORM}'
            ORDER BY a.document_id, a.position, k.key"""
    ):
        number, spot = row["episode_id"], (row["document_id"], row["position"])
        if spots.setdefault(number, spot) == spot:
            keys = found.setdefault(number, (row["page_key"], []))[1]
            keys += [row["key"].partition("#")[0]] if row["key"] else []
    return found


def _told(learned: Learned, page_key: str, keys: Sequence[str], now: int) -> Told:
    embed, known = learned.embed, identity.ids_of(keys).get(learned.embed.provider)
    if embed.id and known and embed.id not in known:
        embed = replace(embed, id=None)  # the episode has its own: this one must join no other
    page = lengths.page(Page(form=FORM, embeds=(embed,)))
    has_address = not page_key.startswith("document:")
    document = Document(learned.url, _bytes(learned), learned.url)
    (own,) = identity.identities(page.embeds, page_key, has_address)
    said = Told(document, page, (), now, told.digest(document), page_key, has_address)
    said.keys = (_joined(own, keys),)
    return said


def _joined(own: Identity, keys: Sequence[str]) -> Identity:
    """With the keys that the episode has on that page, where it is not known by its id anyway.

    Hints of its own it needs none: nothing else is to be joined by a title.
    """
    if any(key.startswith("id:") for key in own.strong if key in keys):
        return replace(own, weak=())
    weak = dict.fromkeys((*own.weak, *(key for key in keys if key not in own.strong)))
    return replace(own, weak=tuple(weak))


def _bytes(learned: Learned) -> bytes:
    """What was learned, as bytes: the same again is the same document."""
    embed = learned.embed
    values = sorted((c.field, str(c.value), c.rule) for c in embed.candidates)
    said = (embed.provider, embed.id, values, sorted(map(str, embed.people)), sorted(embed.tags))
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")


def write_attempts(db: Database, failed: Mapping[int, Attempt]) -> None:
    """Why these episodes have no file; of those that are still there."""
    rows: list[dict[str, Value]] = [
        {"episode": number, "tried": one.tried_at, "tries": one.tries,
         "why": one.why[:_WHY], "next": one.next_at}
        for number, one in sorted(failed.items())
    ]  # fmt: skip
    # Asked for once more: an episode may have been joined with another one meanwhile.
    db.run_many(
        """INSERT INTO resolving (episode_id, tried_at, tries, why, next_at)
           SELECT id, :tried, :tries, :why, :next FROM episodes WHERE id = :episode
           ON CONFLICT (episode_id) DO UPDATE SET tried_at = excluded.tried_at,
               tries = excluded.tries, why = excluded.why, next_at = excluded.next_at""",
        rows,
    )
    db.run(
        "INSERT INTO meta (name, value) VALUES (:name, 1) "
        "ON CONFLICT (name) DO UPDATE SET value = meta.value + 1",
        name=_MADE,
    )
