"""What a person says of an episode: it wins over every document and survives every re-ingest."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Mapping, Sequence

from podcat import text, urls
from podcat.catalogue import lengths, merge, read, settle, sources
from podcat.catalogue.database import Database, Row
from podcat.catalogue.records import Alias, Detail, Edit
from podcat.catalogue.show import Occasion, refresh
from podcat.catalogue.store import grow_revision
from podcat.errors import NotFoundError, UsageError

HIDDEN = "hidden"
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_PATH = re.compile(r"(?:.*/)?episodes/(\d{1,18})(?:[-.].*)?", re.ASCII | re.S)
_PAGE = re.compile(r"(?:.*/)?pages/(\d{1,18})", re.ASCII | re.S)


class ByHand:
    """The part of a catalogue that answers to a person's hand."""

    _db: Database

    def find(self, named: str) -> int:
        """The id of an episode by its number, its guid, the address of its page, or an alias.

        Raises NotFoundError.
        """
        return find(self._db, named)

    def detail(self, episode: int) -> Detail:
        """Everything that is known of an episode, also of a hidden one."""
        return detail(self._db, episode)

    def edit(self, episode: int, values: Mapping[str, str | int | None], now: int | None = None,
             *, clear: Iterable[str] = ()) -> bool:  # fmt: skip
        """Set fields by hand, None for "there is none"; `clear` gives fields back to documents.

        Returns whether anything shown changed.
        """
        return edit(self._db, episode, values, clear, _now(now))

    def tag(
        self, episode: int, names: Sequence[str], now: int | None = None, *, wanted: bool = True
    ) -> bool:
        """Give tags to an episode, or take them away, whatever documents say."""
        return tag(self._db, episode, names, wanted, _now(now))

    def hide(self, episode: int, now: int | None = None, *, hidden: bool = True) -> bool:
        """Take an episode out of all lists, feeds, searches and counts, or bring it back."""
        values: dict[str, str | int | None] = {HIDDEN: "true"} if hidden else {}
        return edit(self._db, episode, values, () if hidden else (HIDDEN,), _now(now))

    def split(self, episode: int, pages: Sequence[str], now: int | None = None) -> tuple[int, ...]:
        """Make what stands on these pages (numbers or addresses) an episode of its own.

        That holds for all documents of these pages, also later ones. Returns the ids of what was
        split off. Raises NotFoundError and UsageError.
        """
        return split(self._db, episode, pages, _now(now))

    def unsplit(self, episode: int, now: int | None = None) -> tuple[int, ...]:
        """Take back the splits that made an episode; the ids of the episodes it is now."""
        return unsplit(self._db, episode, _now(now))


def _now(now: int | None) -> int:
    return int(time.time()) if now is None else now


# ---------------------------------------------------------------- finding


def find(db: Database, named: str) -> int:
    """See `ByHand.find`."""
    plain = named.strip()
    path = _PATH.fullmatch(plain.partition("?")[0].partition("#")[0])
    if number := plain if _NUMBER.fullmatch(plain) else path and path[1]:
        row = db.one(
            "SELECT id FROM episodes WHERE id = :id "
            "UNION ALL SELECT episode_id AS id FROM former_episodes WHERE id = :id",
            id=int(number),
        )
    else:
        guid = plain if plain.startswith("urn:uuid:") else f"urn:uuid:{plain}"
        row = db.one(
            "SELECT id FROM episodes WHERE guid = :guid "
            "UNION ALL SELECT episode_id AS id FROM former_episodes WHERE guid = :guid",
            guid=guid.lower(),
        )
    if row is None:
        raise NotFoundError(
            plain or "episode", "no episode has this number, guid or address", "see podcat episodes"
        )
    return int(row["id"])


def detail(db: Database, episode: int) -> Detail:
    """See `ByHand.detail`."""
    found = read.episode(db, episode, hidden=True)
    if found is None:
        raise NotFoundError(str(episode), "no episode has this number", "see podcat episodes")
    number = found.id
    state = db.one("SELECT hidden FROM episodes WHERE id = :id", id=number)
    keys = db.all(
        """SELECT DISTINCT k.key FROM appearances a JOIN appearance_keys k
           ON k.document_id = a.document_id AND k.position = a.position
           WHERE a.episode_id = :id ORDER BY k.key""",
        id=number,
    )
    former = db.all(
        "SELECT id, guid FROM former_episodes WHERE episode_id = :id ORDER BY id", id=number
    )
    return Detail(
        episode=found,
        hidden=bool(state and state["hidden"]),
        appearances=sources.appearances(db, number),
        origins=sources.origins(db, number),
        keys=tuple(row["key"] for row in keys),
        aliases=tuple(Alias(row["id"], row["guid"]) for row in former),
        edits=_edits(db, number),
    )


def _edits(db: Database, episode: int) -> tuple[Edit, ...]:
    rows = db.all(
        "SELECT field, value, edited_at FROM edits WHERE episode_id = :id ORDER BY field",
        id=episode,
    )
    tags = db.all(
        "SELECT name, wanted, edited_at FROM tag_edits WHERE episode_id = :id ORDER BY slug",
        id=episode,
    )
    fields = [Edit(r["field"], r["value"], r["edited_at"]) for r in rows]
    return tuple(
        fields + [Edit("tag" if r["wanted"] else "no tag", r["name"], r["edited_at"]) for r in tags]
    )


# ---------------------------------------------------------------- values, tags


def edit(
    db: Database,
    episode: int,
    values: Mapping[str, str | int | None],
    clear: Iterable[str],
    now: int,
) -> bool:
    """See `ByHand.edit`."""
    with db.transaction():
        for field, value in values.items():
            db.run(
                """INSERT INTO edits (episode_id, field, value, edited_at)
                   VALUES (:episode, :field, :value, :now)
                   ON CONFLICT (episode_id, field)
                   DO UPDATE SET value = excluded.value, edited_at = excluded.edited_at""",
                episode=episode, field=field, value=_fitting(field, value), now=now,
            )  # fmt: skip
        for field in clear:
            db.run(
                "DELETE FROM edits WHERE episode_id = :episode AND field = :field",
                episode=episode, field=field,
            )  # fmt: skip
        return _refreshed(db, [episode], now)


def _fitting(field: str, value: str | int | None) -> str | None:
    stored = merge.encode(field, value)
    most = lengths.TEXT if field == "description" else lengths.NAME
    return lengths.cut(stored, most) if stored else None


def tag(db: Database, episode: int, names: Sequence[str], wanted: bool, now: int) -> bool:
    """See `ByHand.tag`."""
    with db.transaction():
        for name in lengths.names(names):
            if slug := merge.slug_or_none(name):
                db.run(
                    """INSERT INTO tag_edits (episode_id, slug, name, wanted, edited_at)
                       VALUES (:episode, :slug, :name, :wanted, :now)
                       ON CONFLICT (episode_id, slug) DO UPDATE SET name = excluded.name,
                           wanted = excluded.wanted, edited_at = excluded.edited_at""",
                    episode=episode, slug=slug, name=text.clean(name),
                    wanted=int(wanted), now=now,
                )  # fmt: skip
        return _refreshed(db, [episode], now)


def _refreshed(db: Database, episodes: Iterable[int], now: int, altered: bool = False) -> bool:
    numbers = set(episodes)
    changed = refresh(db, numbers, Occasion(now, numbers if altered else frozenset()))
    grow_revision(db)
    return bool(changed)


# ---------------------------------------------------------------- a wrong merge undone


def split(db: Database, episode: int, pages: Sequence[str], now: int) -> tuple[int, ...]:
    """See `ByHand.split`."""
    with db.transaction():
        rows = _seen_on(db, episode)
        wanted = {_page_key(page, rows) for page in pages}
        off = [row for row in rows if row["page_key"] in wanted]
        if len(off) == len(rows):
            raise UsageError(
                "split", "nothing would be left of the episode", "name fewer of its pages"
            )
        guid = db.one("SELECT guid FROM episodes WHERE id = :id", id=episode)
        label = _label([*sorted(wanted), str(guid and guid["guid"])])
        return _regrouped(db, off, label, now)


def unsplit(db: Database, episode: int, now: int) -> tuple[int, ...]:
    """See `ByHand.unsplit`."""
    with db.transaction():
        off = [row for row in _seen_on(db, episode) if "#" in (row["key"] or "")]
        if not off:
            raise UsageError(
                str(episode), "no split made this episode", "podcat show says what is known of it"
            )
        return _regrouped(db, off, None, now)


def _seen_on(db: Database, episode: int) -> list[Row]:
    """The appearances of an episode, each with one of its keys; all its keys are alike scoped."""
    return db.all(
        """SELECT a.document_id, a.position, p.id AS page_id, p.key AS page_key, min(k.key) AS key
           FROM appearances a JOIN pages p ON p.id = a.page_id
           LEFT JOIN appearance_keys k
           ON k.document_id = a.document_id AND k.position = a.position
           WHERE a.episode_id = :id GROUP BY a.document_id, a.position, p.id, p.key
           ORDER BY a.document_id, a.position""",
        id=episode,
    )


def _page_key(named: str, rows: Sequence[Row]) -> str:
    path = _PAGE.fullmatch(named.strip())
    number = named.strip() if _NUMBER.fullmatch(named.strip()) else path and path[1]
    key = urls.page_key(named)
    for row in rows:
        if row["page_id"] == (int(number) if number else None) or row["page_key"] in (key, named):
            return str(row["page_key"])
    pages = ", ".join(str(number) for number in sorted({row["page_id"] for row in rows}))
    raise NotFoundError(named, "the episode is on no such page", f"it is on pages {pages}")


def _label(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _regrouped(db: Database, off: Sequence[Row], label: str | None, now: int) -> tuple[int, ...]:
    """Give appearances the label, or none, and group anew all that they were connected with."""
    places = [(row["document_id"], row["position"]) for row in off]
    touched: set[str] = set()
    for row in off:
        touched |= _rescope(db, row, label, now)
    before = settle.connected(db, touched, {_episode_at(db, place) for place in places})
    settled = settle.settle(db, before, now=now, salt=label or "joined")
    _refreshed(db, sorted(settled.altered | settled.new), now, altered=True)
    return tuple(dict.fromkeys(settled.episode[place] for place in places))


def _episode_at(db: Database, place: tuple[int, int]) -> int:
    row = db.one(
        "SELECT episode_id FROM appearances WHERE document_id = :document AND position = :position",
        document=place[0], position=place[1],
    )  # fmt: skip
    assert row is not None
    return int(row["episode_id"])


def _rescope(db: Database, row: Row, label: str | None, now: int) -> set[str]:
    """Write the keys of an appearance anew; all that it had and has."""
    place = {"document": row["document_id"], "position": row["position"]}
    rows = db.all(
        "SELECT key FROM appearance_keys WHERE document_id = :document AND position = :position "
        "ORDER BY key",
        **place,
    )
    plain = [each["key"].partition("#")[0] for each in rows]
    new = [f"{key}#{label}" if label else key for key in plain]
    db.run(
        "DELETE FROM appearance_keys WHERE document_id = :document AND position = :position",
        **place,
    )
    db.run_many(
        "INSERT INTO appearance_keys (key, document_id, position) "
        "VALUES (:key, :document, :position)",
        [{"key": key, **place} for key in new],
    )
    _remember(db, row["page_key"], plain, label, now)
    return {*plain, *new, *(each["key"] for each in rows)}


def _remember(
    db: Database, page_key: str, keys: Sequence[str], label: str | None, now: int
) -> None:
    """What documents of this page that come later have to follow."""
    for key in keys:
        db.run("DELETE FROM splits WHERE page_key = :page AND key = :key", page=page_key, key=key)
        if label is not None:
            db.run(
                """INSERT INTO splits (page_key, key, label, split_at)
                   VALUES (:page, :key, :label, :now)""",
                page=page_key, key=key, label=label, now=now,
            )  # fmt: skip


def follow_split(db: Database, page_key: str, key: str, now: int) -> set[int]:
    """Apply a split to what stands on its page already; the episodes concerned."""
    label = db.one(
        "SELECT label FROM splits WHERE page_key = :page AND key = :key", page=page_key, key=key
    )
    rows = db.all(
        """SELECT a.document_id, a.position, a.episode_id, p.key AS page_key
           FROM appearance_keys k JOIN appearances a
           ON a.document_id = k.document_id AND a.position = k.position
           JOIN pages p ON p.id = a.page_id WHERE k.key = :key AND p.key = :page
           ORDER BY a.document_id, a.position""",
        key=key, page=page_key,
    )  # fmt: skip
    for row in rows:
        _rescope(db, row, label["label"] if label else None, now)
    return {row["episode_id"] for row in rows}
