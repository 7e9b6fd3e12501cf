"""What many workers on one PostgreSQL server share: locks of hosts, and room for a queue."""

# Only names of our own tables and numbers are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import psycopg
from psycopg import sql

from podcat.catalogue import postgres_problems
from podcat.catalogue.postgres import WRITERS, Connection, PostgreSQL
from podcat.errors import DatabaseError

TROUBLE: Final = psycopg.Error
"""What a connection raises that is not the catalogue's."""
HOSTS: Final = WRITERS
"""The first number of all locks of hosts; two numbers are other locks than one (PostgreSQL)."""
ROOMS: Final = WRITERS + 1
"""The same of the locks of rooms."""
DESERTED: Final = 24 * 3600
"""Seconds after the last sign of life of any worker until a room is left."""
_ROOM: Final = re.compile("[0-9a-f]{8}")
_NOW: Final = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"
_TAKE: Final = "SELECT pg_try_advisory_lock(%(class)s, hashtext(%(host)s)) AS got"
_GIVE: Final = "SELECT pg_advisory_unlock(%(class)s, hashtext(%(host)s)) AS gave"
# A moment further ahead than that of `most` requests is none: the clock was wrong.
_ASK: Final = f"""INSERT INTO hosts (host, asked_at, not_before) VALUES (%(host)s, {_NOW}, 0)
    ON CONFLICT (host) DO UPDATE SET asked_at = greatest(
        least(hosts.asked_at, {_NOW} + %(reach)s) + %(gap)s, {_NOW},
        CASE WHEN hosts.not_before * 1000 <= {_NOW} + %(short)s THEN hosts.not_before * 1000 END)
    RETURNING asked_at - {_NOW} AS wait, not_before * 1000 - {_NOW} AS rests"""


class HostLocks:
    """Locks that end with this process, however it ends, and the clock of the database.

    One connection holds all locks of a process; the server counts how often each was taken.
    """

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    def take(self, host: str) -> bool:
        """Whether no other process asks the host now; then this one may."""
        return bool(self._run(_TAKE, {"class": HOSTS, "host": host})["got"])

    def give(self, host: str) -> None:
        """What was taken once is given back once."""
        with suppress(DatabaseError):  # with the connection the locks are gone, too
            self._run(_GIVE, {"class": HOSTS, "host": host})

    def ask(self, host: str, gap: float, most: int, short: float) -> tuple[float, float]:
        """Seconds until a host may be asked, `gap` after the last time, and for which it rests.

        It counts as asked then; at most so many wait for it. A rest that is `short` is part of
        the first.
        """
        times = {"gap": gap, "reach": most * gap, "short": short}
        in_ms = {name: round(seconds * 1000) for name, seconds in times.items()}
        row = self._run(_ASK, {"host": host, **in_ms})
        return max(float(row["wait"]) / 1000, 0.0), float(row["rests"]) / 1000

    def close(self) -> None:
        """Gives all locks back."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()

    def _run(self, statement: str, values: dict[str, Any]) -> dict[str, Any]:
        try:
            with self._lock:
                if self._connection is None or self._connection.closed:
                    self._connection = self._connect()
                row = self._connection.execute(statement.encode(), values).fetchone()
        except psycopg.Error as error:
            raise DatabaseError("hosts", *postgres_problems.of(error)) from error
        assert row is not None
        return row


def room(db: PostgreSQL, script: str) -> str:
    """The name of a schema beside the catalogue's in which this script was run, once.

    Another script is another schema: what is in it can be made anew from the catalogue.
    """
    with db.transaction():
        name = f"{_prefix(db)}{_short(script)}"
        if db.one("SELECT 1 AS n FROM pg_namespace WHERE nspname = :name", name=name) is None:
            db.script(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
            db.script(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(name)))
            db.script(script.encode())
    return name


def enter(name: str) -> sql.Composed:
    """What a connection begins with that works in a room: nobody drops that while it lasts.

    It may have been dropped just before: so `room` is to be called once more after it.
    """
    return sql.SQL(
        "SET search_path TO {}; SELECT pg_advisory_lock_shared({}, hashtext({}))"
    ).format(sql.Identifier(name), ROOMS, name)


def leave_rooms(db: PostgreSQL, own: str) -> tuple[str, ...]:
    """Drops the rooms of other scripts in which nobody works any more; their names.

    Whoever works in a room is in its list of workers, or holds the lock of its name (`enter`):
    nobody comes in while it is dropped.
    """
    prefix = _prefix(db)
    rows = db.all(
        """SELECT nspname AS name FROM pg_namespace
           WHERE nspname LIKE :pattern AND nspname <> :own ORDER BY nspname""",
        pattern=prefix.replace("_", r"\_") + "%", own=own,
    )  # fmt: skip
    named = [row["name"] for row in rows if _ROOM.fullmatch(row["name"].removeprefix(prefix))]
    return tuple(name for name in named if _left(db, name))


def _left(db: PostgreSQL, name: str) -> bool:
    with db.transaction():
        free = db.one(
            "SELECT pg_try_advisory_xact_lock(:class, hashtext(:name)) AS got",
            name=name, **{"class": ROOMS},
        )  # fmt: skip
        if not (free and free["got"]) or not _is_deserted(db, name):
            return False
        db.script(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
    return True


def _is_deserted(db: PostgreSQL, name: str) -> bool:
    """Whether a room is one, and no worker was seen in it lately."""
    tables = ("workers", "jobs")
    found = db.all(
        """SELECT table_name AS name FROM information_schema.columns WHERE table_schema = :name
           AND (table_name, column_name) IN (('procrastinate_workers', 'last_heartbeat'),
               ('procrastinate_jobs', 'queue_name'))""",
        name=name,
    )  # fmt: skip
    if len(found) != len(tables):
        return False
    seen = sql.SQL(
        "SELECT 1 AS n FROM {} WHERE last_heartbeat > now() - make_interval(secs => {})"
    ).format(sql.Identifier(name, "procrastinate_workers"), DESERTED)
    return db.one(seen.as_string()) is None


def _prefix(db: PostgreSQL) -> str:
    row = db.one("SELECT current_schema() AS name")
    return f"{row['name'] if row else 'podcat'}_work_"


def _short(script: str) -> str:
    return hashlib.sha256(script.encode()).hexdigest()[:8]
