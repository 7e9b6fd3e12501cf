"""Sources that are watched for what is new: pages, feeds, sitemaps; and what their hosts want.

Not to be taken for `watch`, which keeps the links of episodes.
"""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

from podcat import text, urls
from podcat.catalogue.database import Database, Row, Value, among, listed
from podcat.catalogue.standings import digest
from podcat.errors import NotFoundError

_WHY: Final = 300
"""Characters of a reason."""
_RULES: Final = 500 * 2**10
"""Characters of a robots.txt that are kept: RFC 9309 asks for as many bytes."""
_PERSISTS: Final = 90 * 86_400
"""Seconds after which a host that was not asked is forgotten."""
_WRONG: Final = 16 * 86_400
"""Seconds ahead that no moment of ours lies: one that does was kept while the clock was wrong."""
_DELAY: Final = "crawl-delay"


@dataclass(frozen=True, slots=True)
class Source:
    """An address that is watched; times in seconds since 1970, lengths in seconds."""

    id: int
    url: str
    kind: str | None
    """page, feed or sitemap; None before the first look."""
    tags: tuple[str, ...]
    added_at: int
    etag: str | None
    last_modified: str | None
    said: str | None
    """Digest of what was read there last."""
    last_checked: int | None
    last_changed: int | None
    """When something new was there."""
    next_at: int
    pause: int
    """Between two looks, as learned so far."""
    least: int
    """Shorter pauses the feed itself does not want."""
    failures: int
    """In a row."""
    why: str | None
    """What was wrong at the last look."""
    skips: int = 0
    """Hours (bits 0 to 23, UTC) and days (24 to 30, from Monday) at which it wants no looks."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page that a feed or a sitemap lists."""

    url: str
    stamp: str = ""
    """When it changed, as the list has it."""
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Robots:
    """The robots.txt of a server."""

    origin: str
    read_at: int
    status: int | None
    rules: str


@dataclass(frozen=True, slots=True)
class Missing:
    """An episode that lacks its file, or the length of it, and the address to ask first."""

    episode: int
    url: str


_ADDRESSES: Final = ("audio_url", "video_url", "embed_url", "link", "page_url")
_NAMES: Final = tuple(each.name for each in fields(Source))
_LOOK: Final = tuple(name for name in _NAMES if name not in ("id", "url", "tags", "added_at"))
_SELECT: Final = f"SELECT {', '.join(_NAMES)} FROM sources"


class Watching:
    """The part of a catalogue that knows sources. Methods raise DatabaseError."""

    _db: Database

    def watch(self, url: str, tags: Sequence[str], now: int, pause: int) -> tuple[Source, bool]:
        """Watch an address from now on, with `pause` seconds to begin with; whether it is new.

        One that is watched already gets the tags in addition, and is looked at next.
        """
        with self._db.transaction():
            known = self._db.one(f"{_SELECT} WHERE digest = :digest", digest=digest(url))
            every = [*(_source(known).tags if known else ()), *tags]
            values: dict[str, Value] = {
                "digest": digest(url), "url": url, "now": now, "pause": pause,
                "tags": json.dumps(list(dict.fromkeys(every)), ensure_ascii=False),
            }  # fmt: skip
            self._db.run(
                """INSERT INTO sources (digest, url, tags, added_at, next_at, pause)
                   VALUES (:digest, :url, :tags, :now, :now, :pause)
                   ON CONFLICT (digest) DO UPDATE
                       SET tags = excluded.tags, next_at = excluded.next_at""",
                **values,
            )
            row = self._db.one(f"{_SELECT} WHERE digest = :digest", digest=digest(url))
        assert row is not None
        return _source(row), known is None

    def unwatch(self, url: str) -> Source:
        """Watch an address, or the source of this number, no more. Raises NotFoundError."""
        number = int(url) if url.isdecimal() and len(url) < 18 else 0
        with self._db.transaction():
            row = self._db.one(
                f"{_SELECT} WHERE digest = :digest OR id = :id", digest=digest(url), id=number
            )
            if row is None:
                raise NotFoundError(url, "is not watched", "see podcat watch list")
            self._db.run("DELETE FROM source_pages WHERE source_id = :id", id=row["id"])
            self._db.run("DELETE FROM sources WHERE id = :id", id=row["id"])
        return _source(row)

    def sources(self) -> tuple[Source, ...]:
        """All sources, the first one added first."""
        return tuple(map(_source, self._db.all(f"{_SELECT} ORDER BY id")))

    def due_sources(self, now: int, limit: int, host: str = "") -> tuple[Source, ...]:
        """At most so many sources that are to be looked at, the most overdue first.

        With `host`, those alone whose address names it anywhere.
        """
        rows = self._db.all(
            f"""{_SELECT} WHERE (next_at <= :now OR next_at > :wrong) AND lower(url) LIKE :host
                ORDER BY next_at, id LIMIT :most""",
            now=now, wrong=now + _WRONG, most=limit, host=f"%{host}%",
        )  # fmt: skip
        return tuple(map(_source, rows))

    def source_looked(self, source: Source, pages: Iterable[Listed], now: int) -> None:
        """Keep how a source is after a look, and the pages that were read because of it.

        Each statement stands alone, so that no other writer waits: the source, which is due until
        then, comes last. Nothing is kept of a source that is watched no more.
        """
        names = ", ".join(f"{name} = :{name}" for name in _LOOK)
        values: dict[str, Value] = {name: getattr(source, name) for name in _LOOK}
        values["why"] = text.clean((source.why or "")[:_WHY]) or None
        rows: list[dict[str, Value]] = [
            {"id": source.id, "digest": digest(page.url), "stamp": page.stamp[:64], "now": now,
             "failures": page.failures} for page in pages
        ]  # fmt: skip
        self._db.run_many(
            """INSERT INTO source_pages (source_id, digest, stamp, seen_at, failures)
               SELECT id, :digest, :stamp, :now, :failures FROM sources WHERE id = :id
               ON CONFLICT (source_id, digest) DO UPDATE SET stamp = excluded.stamp,
                   seen_at = excluded.seen_at, failures = excluded.failures""",
            rows,
        )
        self._db.run(f"UPDATE sources SET {names} WHERE id = :id", id=source.id, **values)

    def listed_pages(self, source: int, urls: Sequence[str]) -> dict[str, Listed]:
        """What is known of these pages of a source, by their addresses."""
        wanted = {digest(url): url for url in urls}
        return {
            wanted[row["digest"]]: Listed(wanted[row["digest"]], row["stamp"], row["failures"])
            for condition, values in listed("digest", list(wanted))
            for row in self._db.all(
                f"""SELECT digest, stamp, failures FROM source_pages
                    WHERE source_id = :source AND {condition}""",
                source=source, **values,
            )
        }  # fmt: skip

    # ------------------------------------------------------------ hosts

    def robots(self, origins: Iterable[str], since: int) -> dict[str, Robots]:
        """The robots.txt of these servers, where it was read at `since` or in the days after."""
        return {
            row["origin"]: Robots(**row)
            for condition, values in listed("origin", sorted(set(origins)))
            for row in self._db.all(
                f"""SELECT origin, read_at, status, rules FROM robots
                    WHERE {condition} AND read_at >= :since AND read_at < :wrong""",
                since=since, wrong=since + _WRONG, **values,
            )
        }  # fmt: skip

    def keep_robots(self, robots: Robots) -> None:
        """Keep the robots.txt of a server."""
        self._db.run(
            """INSERT INTO robots (origin, read_at, status, rules)
               VALUES (:origin, :read_at, :status, :rules)
               ON CONFLICT (origin) DO UPDATE SET read_at = excluded.read_at,
                   status = excluded.status, rules = excluded.rules""",
            origin=robots.origin, read_at=robots.read_at, status=robots.status,
            rules=robots.rules[:_RULES],
        )  # fmt: skip

    def stated_delays(self, host: str) -> tuple[Robots, ...]:
        """What the servers of a host said last, those that name a Crawl-delay."""
        name = f"[{host}]" if ":" in host else host
        rows = self._db.all(
            """SELECT origin, read_at, status, rules FROM robots
               WHERE origin IN (:plain, :safe) OR origin LIKE :port""",
            plain=f"http://{name}", safe=f"https://{name}", port=f"%://{name}:%",
        )  # fmt: skip
        found = (Robots(**row) for row in rows if _DELAY in row["rules"].lower())
        return tuple(one for one in found if urls.site_of(one.origin) == host)

    def resting_hosts(self, now: int) -> dict[str, int]:
        """Hosts that want to be left alone, and until when."""
        rows = self._db.all(
            "SELECT host, not_before FROM hosts WHERE not_before > :now AND not_before < :wrong",
            now=now, wrong=now + _WRONG,
        )  # fmt: skip
        return {row["host"]: row["not_before"] for row in rows}

    def rest_host(self, host: str, until: int) -> None:
        """Leave a host alone until then, or for longer where it said so before."""
        self._db.run(
            """INSERT INTO hosts (host, asked_at, not_before) VALUES (:host, 0, :until)
               ON CONFLICT (host) DO UPDATE SET not_before = excluded.not_before
                   WHERE hosts.not_before NOT BETWEEN excluded.not_before AND :wrong""",
            host=host, until=until, wrong=until + _WRONG,
        )  # fmt: skip

    def forget_hosts(self, now: int) -> None:
        """Forget servers of which nothing was heard for long."""
        old = now - _PERSISTS
        self._db.run("DELETE FROM robots WHERE read_at < :old", old=old)
        self._db.run(
            "DELETE FROM hosts WHERE asked_at < :old_ms AND not_before < :now",
            old_ms=old * 1000, now=now,
        )  # fmt: skip

    # ------------------------------------------------------------ what else falls due

    def missing_files(self, now: int, limit: int, host: str = "") -> tuple[Missing, ...]:
        """Episodes whose file, or its length, is to be looked for now, the newest first.

        With `host`, those alone of which any address names it.
        """
        every = " || ' ' || ".join(f"coalesce(e.{name}, '')" for name in _ADDRESSES)
        rows = self._db.all(
            f"""SELECT e.id, e.playable, e.audio_url, e.video_url, e.embed_url, e.link, e.page_url
               FROM episodes e LEFT JOIN resolving r ON r.episode_id = e.id
               WHERE e.media_bytes IS NULL AND e.hidden = 0
                   AND (r.next_at IS NULL OR r.next_at <= :now) AND lower({every}) LIKE :host
               ORDER BY e.id DESC LIMIT :most""",
            now=now, most=limit, host=f"%{host}%",
        )  # fmt: skip
        return tuple(Missing(row["id"], _first(row)) for row in rows)

    def still_missing(self, episodes: Sequence[int], now: int) -> tuple[int, ...]:
        """Of these episodes those whose file, or its length, is to be looked for now."""
        rows = self._db.all(
            f"""SELECT e.id FROM episodes e LEFT JOIN resolving r ON r.episode_id = e.id
                WHERE {among("e.id", episodes)} AND e.media_bytes IS NULL AND e.hidden = 0
                    AND (r.next_at IS NULL OR r.next_at <= :now)""",
            now=now,
        )
        return tuple(row["id"] for row in rows)

    def postpone_links(self, urls: Iterable[str], until: int) -> None:
        """Do not look at these addresses before then: they could not be asked."""
        wanted = sorted(map(digest, urls))
        for condition, values in listed("digest", wanted):
            self._db.run(
                f"UPDATE links SET due_at = :until WHERE {condition} AND due_at < :until",
                until=until, **values,
            )  # fmt: skip


def _first(row: Row) -> str:
    """The address that resolving asks first, or nearly."""
    names = _ADDRESSES if row["playable"] else _ADDRESSES[2:]
    return next((row[name] for name in names if row[name]), "")


def _source(row: Mapping[str, Value]) -> Source:
    return Source(**{**row, "tags": tuple(json.loads(str(row["tags"])))})  # type: ignore[arg-type]
