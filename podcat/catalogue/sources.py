"""Where episodes come from: source pages, appearances on them, origins of values."""

# Only numbers are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Container, Sequence

from podcat.catalogue import merge, read
from podcat.catalogue.database import Database, Row, among
from podcat.catalogue.overview import computed_guid
from podcat.catalogue.records import PageEntry
from podcat.catalogue.show import newest_versions
from podcat.model import Appearance, Episode, Origin, Place, Show, strength

_PAGE = "SELECT id, url, site, title, published, byline, language FROM pages"

BY_HAND = "by hand"
"""Stands for the document of what a person said."""
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


def shows(db: Database, episodes: Sequence[int], most: int) -> tuple[Show, ...]:
    """The feeds of others in which episodes were seen, at most so many."""
    rows = db.all(
        f"""SELECT DISTINCT p.url, p.title FROM appearances a
            JOIN documents d ON d.id = a.document_id JOIN pages p ON p.id = a.page_id
            WHERE d.form = 'feed' AND p.url IS NOT NULL AND {among("a.episode_id", episodes)}
            ORDER BY 1 LIMIT :most""",
        most=most,
    )
    return tuple(Show(row["url"], computed_guid(row["url"]), row["title"]) for row in rows)


def page_episodes(db: Database, number: int) -> tuple[Episode, ...]:
    """The episodes on a page, in the order of the page."""
    rows = db.all(
        """SELECT a.episode_id, min(a.position) AS place
           FROM appearances a JOIN episodes e ON e.id = a.episode_id
           JOIN documents d ON d.id = a.document_id
           WHERE a.page_id = :id AND e.hidden = 0 AND d.form <> 'player'
           GROUP BY a.episode_id ORDER BY place, a.episode_id""",
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
           WHERE a.episode_id = :id AND d.form <> 'player' ORDER BY p.id, d.id, a.position""",
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
    current = read.episode(db, episode, hidden=True)
    if current is None:
        return ()
    rows = db.all(
        """SELECT DISTINCT p.field,
               CASE WHEN p.field = 'transcript' THEN substr(p.value, 1, 200) ELSE p.value END
               AS value, p.rule, d.id AS document_id, d.name, d.added_at,
               d.page_id, d.form
           FROM appearances a JOIN provenance p
           ON p.document_id = a.document_id AND p.position = a.position
           JOIN documents d ON d.id = p.document_id
           WHERE a.episode_id = :id ORDER BY 1, document_id, 2, 3""",
        id=current.id,
    )
    newest = newest_versions(rows)
    found = [
        Origin(
            r["field"], r["value"], r["rule"], r["name"], r["added_at"],
            chosen=_is_shown(current, r, newest),
        )
        for r in _founded(rows)
        if not _is_repeated(current, r["field"], r["value"])
    ]  # fmt: skip
    return tuple(sorted(_by_hand(db, current.id) + found, key=_origin_order))


def _founded(rows: Sequence[Row]) -> list[Row]:
    """Without what only repeats: a file's answer names its episode, and no rule read that there."""
    read_somewhere = {(r["field"], r["value"]) for r in rows if r["rule"] != merge.NO_RULE}
    return [
        r for r in rows
        if r["rule"] != merge.NO_RULE or (r["field"], r["value"]) not in read_somewhere
    ]  # fmt: skip


def _by_hand(db: Database, episode: int) -> list[Origin]:
    """What a person said, which is shown whatever documents say."""
    rows = db.all(
        """SELECT field, value, edited_at FROM edits
           WHERE episode_id = :id AND value IS NOT NULL AND field <> 'hidden'
           UNION ALL SELECT 'tags' AS field, name AS value, edited_at FROM tag_edits
           WHERE episode_id = :id AND wanted = 1 ORDER BY 1, 2""",
        id=episode,
    )
    return [
        Origin(r["field"], r["value"], merge.EDIT_RULE, BY_HAND, r["edited_at"], chosen=True)
        for r in rows
    ]


def _is_repeated(episode: Episode, field: str, value: str) -> bool:
    # The address of a player as written tells something where another one is shown.
    return field == "player" and value in (episode.embed_url, episode.link)


def _is_shown(episode: Episode, row: Row, newest: Container[int]) -> bool:
    field: str = row["field"]
    if field in merge.LISTS:
        return row["document_id"] in newest  # lists are the union of all that count
    held = getattr(episode, "provider_id" if field == "id" else field, None)
    return bool(merge.encode(field, held) == row["value"])


def _origin_order(origin: Origin) -> tuple[int, str, bool, int]:
    order = _FIELD_ORDER.get(origin.field, len(_FIELD_ORDER))
    return order, origin.field, not origin.chosen, -strength(origin.rule)
