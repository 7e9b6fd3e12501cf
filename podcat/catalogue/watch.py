"""The addresses of the catalogue's episodes as links that are watched: which are due, how they are.

They are gathered from the episodes that changed since the last time (triggers note those), so
that nothing here walks over a whole catalogue.
"""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from podcat.catalogue import addresses, healths, read
from podcat.catalogue.database import Database, Row, Value, among
from podcat.catalogue.records import (
    HEALTHS,
    UNKNOWN,
    Due,
    LinkCount,
    Standing,
    Watched,
    WatchedListing,
)
from podcat.catalogue.standings import STANDING, digest, standing_of
from podcat.model import Cursor, Link

_AT_ONCE = 500
"""Episodes in one transaction of gathering."""
RECOVERED: Final = "recovered"
"""Beside states and healths: links that failed before, and do no more."""
_COLUMNS = "l.id, l.url, l.kind, l.provider, l.provider_id, " + ", ".join(
    f"l.{name}" for name in STANDING
)
_SELECT = f"""SELECT {_COLUMNS}, c.status, coalesce(c.detail, '') AS detail, c.suggestion
    FROM links l LEFT JOIN checks c ON c.link_id = l.id AND c.checked_at = l.last_checked"""
_NEW = """INSERT INTO links
        (digest, url, kind, provider, provider_id, watched, state, since, health, due_at)
    VALUES (:digest, :url, :kind, :provider, :id, 1, 'unchecked', :now, :health, :now)
    ON CONFLICT (digest) DO UPDATE SET watched = 1"""
_OWN = """INSERT INTO link_episodes (episode_id, link_id)
    SELECT :episode, id FROM links WHERE digest = :digest ON CONFLICT DO NOTHING"""


# ---------------------------------------------------------------- gathering


def gather(db: Database, now: int) -> int:
    """Take over the addresses of all episodes that changed since the last time; how many did."""
    done = 0
    # Looked at first: whoever has nothing to gather must not wait for those who write.
    while db.one("SELECT 1 AS n FROM links_to_gather LIMIT 1"):
        with db.transaction():
            rows = db.all(f"SELECT episode_id FROM links_to_gather LIMIT {_AT_ONCE}")
            ids = [row["episode_id"] for row in rows]
            _regather(db, ids, now)
            db.run(f"DELETE FROM links_to_gather WHERE {among('episode_id', ids)}")
        done += len(ids)
    return done


def _regather(db: Database, ids: Sequence[int], now: int) -> None:
    rows = db.all(f"SELECT link_id FROM link_episodes WHERE {among('episode_id', ids)}")
    db.run(f"DELETE FROM link_episodes WHERE {among('episode_id', ids)}")
    found = list(_addresses(db, ids))
    known: dict[str, Value] = {"now": now, "health": UNKNOWN}
    db.run_many(_NEW, [_values(link) | known for _, link in found])
    db.run_many(_OWN, [{"episode": number, "digest": digest(x.url)} for number, x in found])
    _let_go(db, sorted({row["link_id"] for row in rows}))
    healths.follow(db, ids)


def _values(link: Link) -> dict[str, Value]:
    return {
        "digest": digest(link.url), "url": link.url, "kind": link.kind,
        "provider": link.provider, "id": link.id,
    }  # fmt: skip


def _addresses(db: Database, ids: Sequence[int]) -> Iterator[tuple[int, Link]]:
    """Number of an episode and each of its addresses once, then those of its pages."""
    rows = db.all(f"SELECT id FROM episodes WHERE hidden = 0 AND {among('id', ids)}")
    episodes = read.by_ids(db, [row["id"] for row in rows])
    for number, links in addresses.of_episodes(db, episodes):
        yield from ((number, link) for link in {link.url: link for link in links}.values())
    pages = db.all(
        f"""SELECT DISTINCT a.episode_id, p.url FROM appearances a JOIN pages p ON p.id = a.page_id
            WHERE p.url IS NOT NULL AND {among("a.episode_id", [one.id for one in episodes])}
            ORDER BY a.episode_id, p.url"""
    )
    for row in pages:
        yield row["episode_id"], Link(row["url"], "page", None, None, "", None)


def _let_go(db: Database, ids: Sequence[int]) -> None:
    """Links that no episode has any more are not watched; those never looked at are nothing."""
    left = "NOT EXISTS (SELECT 1 FROM link_episodes o WHERE o.link_id = links.id)"
    db.run(f"DELETE FROM links WHERE {among('id', ids)} AND last_checked IS NULL AND {left}")
    db.run(f"UPDATE links SET watched = 0 WHERE {among('id', ids)} AND {left}")


# ---------------------------------------------------------------- reading


def due(db: Database, now: int, limit: int, host: str = "") -> tuple[Due, ...]:
    """At most so many addresses of episodes that are to be looked at, the most overdue first."""
    named = "AND lower(url) LIKE :host" if host else ""
    values: dict[str, Value] = {"host": f"%{host}%"} if host else {}
    rows = db.all(
        f"""SELECT url, kind, provider, provider_id FROM links
            WHERE watched = 1 AND due_at <= :now {named} ORDER BY due_at, id LIMIT :most""",
        now=now, most=limit, **values,
    )  # fmt: skip
    return tuple(Due(r["url"], r["kind"], r["provider"], r["provider_id"]) for r in rows)


def counts(db: Database) -> tuple[LinkCount, ...]:
    """How many watched addresses there are of each provider, health and state."""
    rows = db.all(
        """SELECT provider, health, state, count(*) AS links FROM links WHERE watched = 1
           GROUP BY provider, health, state"""
    )
    counted = (LinkCount(**row) for row in rows)
    return tuple(sorted(counted, key=lambda one: (one.provider or "", one.health, one.state)))


def links(
    db: Database,
    groups: Sequence[str],
    *,
    before: int | None = None,
    after: Cursor | None = None,
    limit: int = 50,
) -> WatchedListing:
    """At most so many addresses of these states, healths, or `recovered`, the latest so first.

    With `before`, those that have been so since before that moment alone. What has the state of
    one group and the health of another comes once.
    """
    lists = [_group(db, group, before, after, limit + 1) for group in dict.fromkeys(groups)]
    merged = heapq.merge(*lists, key=_place, reverse=True)
    rows = list({row["id"]: row for row in merged}.values())
    shown = rows[:limit]
    more = len(rows) > limit
    return WatchedListing(_watched(db, shown), Cursor(*_place(shown[-1])) if more else None)


def _place(row: Row) -> tuple[int, int]:
    return row["place"], row["id"]


def _group(
    db: Database, group: str, before: int | None, after: Cursor | None, most: int
) -> list[Row]:
    column = "recovered_at" if group == RECOVERED else "since"
    if group == RECOVERED:
        condition = "l.recovered_at IS NOT NULL"
    else:
        condition = f"l.{'health' if group in HEALTHS else 'state'} = :said"
    values: dict[str, Value] = {} if group == RECOVERED else {"said": group}
    if before is not None:
        condition += f" AND l.{column} < :before"
        values["before"] = before
    if after is not None:
        condition += f" AND (l.{column}, l.id) < (:place, :id)"
        values |= {"place": after.sort_at, "id": after.id}
    sql = _SELECT.replace("SELECT ", f"SELECT l.{column} AS place, ", 1)
    return db.all(
        f"{sql} WHERE {condition} ORDER BY l.{column} DESC, l.id DESC LIMIT :most",
        most=most, **values,
    )  # fmt: skip


def _watched(db: Database, rows: Sequence[Row]) -> tuple[Watched, ...]:
    having = _having(db, [row["id"] for row in rows])
    return tuple(
        Watched(
            row["url"], row["kind"], row["provider"], row["provider_id"], _standing(row),
            row["status"], row["detail"], row["suggestion"],
            episodes=tuple(one["id"] for one in having[row["id"]]),
            published=min((o["published"] for o in having[row["id"]] if o["published"]),
                          default=None),
            first_seen=min((one["first_seen"] for one in having[row["id"]]), default=None),
        )
        for row in rows
    )  # fmt: skip


def _standing(row: Row) -> Standing:
    if row["last_checked"] is None:  # gathered, and not looked at so far
        row = {**row, "first_checked": row["since"], "last_checked": row["since"]}
    return standing_of(row)


def _having(db: Database, links: Sequence[int]) -> dict[int, list[Row]]:
    """Link to the episodes that have it and are shown, with the date of them or their page."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in db.all(
        f"""SELECT o.link_id, e.id, e.first_seen, coalesce(e.published, (
                SELECT min(p.published) FROM appearances a JOIN pages p ON p.id = a.page_id
                WHERE a.episode_id = e.id)) AS published
            FROM link_episodes o JOIN episodes e ON e.id = o.episode_id
            WHERE {among("o.link_id", links)} AND e.hidden = 0 ORDER BY o.link_id, e.id"""
    ):
        found[row["link_id"]].append(row)
    return found
