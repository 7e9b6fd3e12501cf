"""Where episodes come from: source pages, appearances on them, origins of values, addresses."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterator, Sequence

from podcat.catalogue import merge, read
from podcat.catalogue.database import Database, Row, among
from podcat.catalogue.records import PageEntry
from podcat.model import Appearance, Cursor, Episode, Link, Origin, Place, Selection, strength

_PAGE = "SELECT id, url, site, title, published, byline, language FROM pages"

# Field of an episode to the kind of link it is.
_LINKS = {
    "embed_url": "player", "link": "page", "audio_url": "audio", "video_url": "audio",
    "transcript_url": "transcript", "image_url": "image",
}  # fmt: skip
_FIELD_ORDER = {f: n for n, f in enumerate(merge.ALL_FIELDS + merge.FILE_FIELDS)}


# ---------------------------------------------------------------- pages


def _page_entry(row: Row) -> PageEntry:
    return PageEntry(
        row["id"], row["url"], row["site"], row["title"],
        row["published"], row["byline"], row["language"],
    )  # fmt: skip


def pages(db: Database, after: int | None, limit: int) -> tuple[PageEntry, ...]:
    """At most `limit` pages with a smaller id than `after`, the newest in the catalogue first."""
    condition, values = ("WHERE id < :after", {"after": after}) if after is not None else ("", {})
    rows = db.all(
        f"{_PAGE} {condition} ORDER BY id DESC LIMIT :limit", limit=max(1, limit), **values
    )
    return tuple(_page_entry(row) for row in rows)


def page(db: Database, number: int) -> PageEntry | None:
    """The page with this id."""
    row = db.one(f"{_PAGE} WHERE id = :id", id=number)
    return _page_entry(row) if row else None


def page_episodes(db: Database, number: int) -> tuple[Episode, ...]:
    """The episodes on a page, in the order of the page."""
    rows = db.all(
        """SELECT episode_id, min(position) AS place FROM appearances
           WHERE page_id = :id GROUP BY episode_id ORDER BY place, episode_id""",
        id=number,
    )
    return read.by_ids(db, [row["episode_id"] for row in rows])


# ---------------------------------------------------------------- one episode


def appearances(db: Database, episode: int) -> tuple[Appearance, ...]:
    """Where an episode was seen, page by page in the order they were added."""
    rows = db.all(
        """SELECT p.id, p.url, p.site, p.title, p.published, d.name, a.line, a.path
           FROM appearances a JOIN pages p ON p.id = a.page_id
           JOIN documents d ON d.id = a.document_id
           WHERE a.episode_id = :id ORDER BY p.id, d.id, a.position""",
        id=episode,
    )
    return tuple(
        Appearance(
            r["id"], r["url"], r["site"], r["title"], r["published"],
            r["name"], Place(r["line"], r["path"]),
        )
        for r in rows
    )  # fmt: skip


def origins(db: Database, episode: int) -> tuple[Origin, ...]:
    """Every value that any document gave for a field of an episode, in the order of the fields.

    Within a field the values shown come first, then the better founded.
    """
    current = read.episode(db, episode)
    if current is None:
        return ()
    rows = db.all(
        """SELECT p.field, p.value, p.rule, d.name, d.added_at
           FROM provenance p JOIN documents d ON d.id = p.document_id
           WHERE p.episode_id = :id ORDER BY p.field, d.id, p.value, p.rule""",
        id=current.id,
    )
    found = [
        Origin(
            r["field"], r["value"], r["rule"], r["name"], r["added_at"],
            chosen=_is_shown(current, r["field"], r["value"]),
        )
        for r in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=_origin_order))


def _is_shown(episode: Episode, field: str, value: str) -> bool:
    if field in merge.LISTS:
        return True  # lists are the union of all
    held = getattr(episode, "provider_id" if field == "id" else field, None)
    return merge.encode(field, held) == value


def _origin_order(origin: Origin) -> tuple[int, str, bool, int]:
    order = _FIELD_ORDER.get(origin.field, len(_FIELD_ORDER))
    return order, origin.field, not origin.chosen, -strength(origin.rule)


# ---------------------------------------------------------------- addresses


def links(db: Database) -> Iterator[Link]:
    """Every address of an episode and of a page, each with a document that it is from."""
    after: Cursor | None = None
    while True:
        listing = read.episodes(db, Selection(), after, 500)
        yield from _episode_links(db, listing.episodes)
        if (after := listing.next) is None:
            break
    rows = db.all(
        """SELECT p.url, d.name FROM pages p
           JOIN documents d ON d.id = (SELECT min(id) FROM documents WHERE page_id = p.id)
           WHERE p.url IS NOT NULL ORDER BY p.id"""
    )
    yield from (Link(r["url"], "page", None, None, r["name"], None) for r in rows)


def _episode_links(db: Database, episodes: Sequence[Episode]) -> Iterator[Link]:
    stated = _stated_in(db, [episode.id for episode in episodes])
    for episode in episodes:
        told: set[tuple[str, str]] = set()
        for field, kind in _LINKS.items():
            url = getattr(episode, field)
            if url is None or (url, kind) in told:
                continue
            told.add((url, kind))
            document, line = stated.get((episode.id, field, url), ("", None))
            yield Link(url, kind, episode.provider, episode.provider_id, document, line)


def _stated_in(
    db: Database, ids: Sequence[int]
) -> dict[tuple[int, str, str], tuple[str, int | None]]:
    fields = ", ".join(f"'{field}'" for field in _LINKS)
    rows = db.all(
        f"""SELECT p.episode_id, p.field, p.value, d.name, a.line
            FROM provenance p JOIN documents d ON d.id = p.document_id
            JOIN appearances a ON a.document_id = d.id AND a.episode_id = p.episode_id
            WHERE {among("p.episode_id", ids)} AND p.field IN ({fields})
            ORDER BY d.id, a.position"""
    )
    found: dict[tuple[int, str, str], tuple[str, int | None]] = {}
    for r in rows:
        found.setdefault((r["episode_id"], r["field"], r["value"]), (r["name"], r["line"]))
    return found
