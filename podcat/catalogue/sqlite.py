"""The SQLite back end: one file, a connection for each thread, many readers beside one writer."""

# Only our own statements are put together as text.
# ruff: noqa: S608

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

from podcat.catalogue import schema
from podcat.catalogue.database import Row, Value, Where, bound
from podcat.catalogue.search import EPISODE, TEXT, Phrase, Query
from podcat.errors import DatabaseError

APPLICATION_ID = 1886348899  # as in migrations/sqlite/0001_start.sql
OLDEST = (3, 37)  # STRICT tables
_MATCHES = "search MATCH :words"


class SQLite:
    """A database in a file; see `Database` for what the methods do."""

    def __init__(self, path: Path, *, create: bool = True, wait: float = 5.0) -> None:
        """Open and bring up to date; `wait` is how many seconds to wait for other writers.

        Raises DatabaseError when there is no such file (and `create` is false), or it is
        locked, not a catalogue, damaged, or made by a newer podcat.
        """
        self.path = path
        self.wait = wait
        self._local = threading.local()
        self._open: list[tuple[threading.Thread, int, sqlite3.Connection]] = []
        self._lock = threading.Lock()
        self._closed = False
        self._mode = self._how_to_open(create)
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    @property
    def read_only(self) -> bool:
        """Whether the file or its folder cannot be written."""
        return self._mode.startswith("ro")

    # ------------------------------------------------------------ statements

    def all(self, sql: str, /, **values: Value) -> list[Row]:
        """All rows of a query."""
        cursor = self._execute(sql, values)
        names = [column[0] for column in cursor.description or ()]
        # Looking up 30 columns of a sqlite3.Row takes ten times as long as this.
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def one(self, sql: str, /, **values: Value) -> Row | None:
        """The first row of a query, or None."""
        # All are fetched: a statement with RETURNING is only done when it has been read out.
        return next(iter(self.all(sql, **values)), None)

    def run(self, sql: str, /, **values: Value) -> int:
        """The number of rows that a statement wrote."""
        return self._execute(sql, values).rowcount

    def run_many(self, sql: str, rows: Iterable[Mapping[str, Value]], /) -> None:
        """The same statement for each of the rows."""
        connection = self._connection()
        try:
            connection.executemany(sql, [bound(row) for row in rows])
        except sqlite3.Error as error:
            self._fail(error)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; other writers wait."""
        if self.read_only:
            raise self._error(*_READ_ONLY)
        connection = self._connection()
        self._execute("BEGIN IMMEDIATE")
        try:
            yield
            self._execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.rollback()
            raise

    def hits(self, words: Query) -> Where:
        """The rows that FTS5 finds."""
        if words.wanted:
            return f"SELECT {EPISODE} FROM search s WHERE {_MATCHES}", {"words": _fts(words)}
        found = f"SELECT {EPISODE} FROM search s WHERE {_MATCHES}"
        unwanted = " OR ".join(map(_quoted, words.unwanted))
        return f"SELECT id FROM episodes WHERE id NOT IN ({found})", {"words": unwanted}

    def says(self, words: Query) -> Where:
        """By the words themselves: to find one row in the lists of FTS5 takes ten times as long."""
        values: dict[str, Value] = {}
        conditions = []
        for sign, phrases in ((">", words.wanted), ("=", words.unwanted)):
            for phrase in phrases:
                name = f"phrase{len(values)}"
                values[name] = phrase.between_blanks
                conditions.append(f"instr({TEXT}, :{name}) {sign} 0")
        return " AND ".join(conditions), values

    def words_in_order(self, words: Query) -> Where | None:
        """FTS5 gives rows in order by itself."""
        return _MATCHES, {"words": _fts(words)}

    def few_hits(self, *_: object) -> Where | None:
        """Walking is always faster."""
        return None

    def one_of(self, column: str, query: str) -> str:
        """Told apart from a walk by the order, which no index has."""
        return f"{column} IN ({query})"

    def clear_words(self) -> None:
        """Make the index anew: from a damaged one rows cannot be deleted."""
        made = self.one("SELECT sql FROM sqlite_master WHERE name = 'search'")
        assert made is not None
        self.run("DROP TABLE search")
        self.run(made["sql"])

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            self._closed = True
            for _, process, connection in self._open:
                if process == os.getpid():
                    connection.close()
            self._open.clear()

    def _execute(self, sql: str, values: Mapping[str, Value] | None = None) -> sqlite3.Cursor:
        connection = self._connection()
        try:
            return connection.execute(sql, bound(values or {}))
        except sqlite3.Error as error:
            self._fail(error)

    # ------------------------------------------------------------ connections

    def _how_to_open(self, create: bool) -> str:
        if sqlite3.sqlite_version_info < OLDEST:
            wanted = ".".join(map(str, OLDEST))
            raise self._error(f"needs SQLite {wanted}, this is {sqlite3.sqlite_version}", "")
        folder = self.path.absolute().parent
        if self.path.is_dir():
            raise self._error("is a folder", "name a file in it")
        if not folder.is_dir():
            raise self._error("cannot be created, its folder is missing", f"make {folder} first")
        if self.path.exists():
            writable = os.access(self.path, os.W_OK) and os.access(folder, os.W_OK)
            return "rw" if writable else "ro"
        if not create:
            raise self._error("does not exist", "`podcat add` makes it; or check --database")
        return "rwc"

    def _connection(self) -> sqlite3.Connection:
        held: tuple[int, sqlite3.Connection] | None = getattr(self._local, "held", None)
        if self._closed:
            raise self._error("has been closed", "")
        # A connection must not be carried into a forked process.
        if held and held[0] == os.getpid():
            if not self._outdated():
                return held[1]
            held[1].close()
        connection = self._connect()
        self._local.held = (os.getpid(), connection)
        return connection

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode={self._mode}",
                uri=True, timeout=self.wait, isolation_level=None, check_same_thread=False,
            )  # fmt: skip
            self._keep(connection)
            connection.execute("PRAGMA foreign_keys = ON")
            if not self.read_only:
                connection.execute("PRAGMA synchronous = NORMAL")
        except sqlite3.Error as error:
            self._fail(error)
        return connection

    def _keep(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            for gone in self._open.copy():
                thread, process, old = gone
                if process == os.getpid() and not thread.is_alive():
                    self._open.remove(gone)
                    old.close()
            self._open.append((threading.current_thread(), os.getpid(), connection))

    # ------------------------------------------------------------ schema

    def _start(self) -> None:
        self._allow_reading_without_shared_memory()
        version = self._version()
        if problem := schema.problem("sqlite", version):
            raise self._error(*problem)
        if self.read_only:
            if version < schema.newest("sqlite"):
                raise self._error(
                    f"has the old schema {version} and is read-only",
                    "make the file and its folder writable once",
                )
            return
        self._use_wal()
        for number, script in schema.migrations("sqlite").items():
            if number > version:
                self._migrate(number, script)
        self._mode = "rw"

    def _version(self) -> int:
        """The schema number, 0 for an empty file; raises for another program's database."""
        with self._snapshot():
            owner = self._pragma("application_id")
            tables = self._execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            version = int(self._pragma("user_version"))
        if owner != APPLICATION_ID and (owner or tables):
            raise self._error(
                "is a database of another program", "name another file for the catalogue"
            )
        return version

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """Reads that belong together: another program may be creating the tables right now."""
        self._execute("BEGIN")
        try:
            yield
        finally:
            self._execute("ROLLBACK")

    def _migrate(self, number: int, script: str) -> None:
        with self.transaction():
            if self._pragma("user_version") >= number:
                return  # another program was quicker
            for statement in _statements(script):
                self._execute(statement)
            self._execute(f"PRAGMA user_version = {number}")

    def _use_wal(self) -> None:
        deadline = time.monotonic() + self.wait
        while self._pragma("journal_mode") != "wal":
            try:
                # SQLite does not wait by itself here when two programs start at once.
                self._connection().execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if time.monotonic() > deadline:
                    self._fail(error)
                time.sleep(0.02)

    def _pragma(self, name: str) -> Any:
        return self._execute(f"PRAGMA {name}").fetchone()[0]

    # ------------------------------------------------------------ read-only files

    def _allow_reading_without_shared_memory(self) -> None:
        """In a folder that cannot be written, WAL's shared memory can be missing."""
        if not self.read_only:
            return
        try:
            self._connection().execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.OperationalError as error:
            if _code(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
                self._fail(error)
            self._reopen("ro&immutable=1")

    def _outdated(self) -> bool:
        """Whether a file opened as immutable was changed by another program after all."""
        if "immutable" not in self._mode:
            return False
        stamp = self._stamp()
        if stamp == getattr(self._local, "stamp", stamp):
            self._local.stamp = stamp
            return False
        self._local.stamp = stamp
        return True

    def _stamp(self) -> tuple[int, int]:
        try:
            found = self.path.stat()
        except OSError:
            return (0, 0)
        return found.st_mtime_ns, found.st_size

    def _reopen(self, mode: str) -> None:
        self._local.held[1].close()
        self._local.held = None
        self._mode = mode

    # ------------------------------------------------------------ errors

    def _error(self, problem: str, advice: str) -> DatabaseError:
        return DatabaseError(str(self.path), problem, advice)

    def _fail(self, error: sqlite3.Error) -> NoReturn:
        problem, advice = _PROBLEMS.get(_code(error), (f"cannot be used ({error})", ""))
        raise self._error(problem, advice) from error


_READ_ONLY = ("is read-only", "make the file and its folder writable")
_PROBLEMS = {
    sqlite3.SQLITE_BUSY: ("is locked by another program", "try again when that is done"),
    sqlite3.SQLITE_LOCKED: ("is locked by another program", "try again when that is done"),
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "check that you may read and write it"),
    sqlite3.SQLITE_PERM: ("cannot be opened", "check that you may read and write it"),
    sqlite3.SQLITE_NOTADB: ("is not a database", "name another file for the catalogue"),
    sqlite3.SQLITE_CORRUPT: ("is damaged", "restore a copy, or add the sources to a new file"),
    sqlite3.SQLITE_FULL: ("cannot grow, the disk is full", "make room and try again"),
    sqlite3.SQLITE_IOERR: ("cannot be read or written", "check the disk"),
}


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; the upper bits only detail it."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _fts(query: Query) -> str:
    """A query with something wanted as FTS5 takes it."""
    wanted = " AND ".join(map(_quoted, query.wanted))
    unwanted = " OR ".join(map(_quoted, query.unwanted))
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _quoted(phrase: Phrase) -> str:
    return f'"{phrase.text}"' + " *" * phrase.begins


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
