"""The PostgreSQL back end: a pool of connections for each process, many readers beside one writer.

Statements outside a transaction stand alone (autocommit). Writers take turns by an advisory lock
that the server gives back with the end of the transaction, however it ends: so both databases
have the same "one writer", no transaction fails for what another one did, and nothing has to be
done twice, as with SERIALIZABLE. Readers never wait.
"""

# Only our own statements are put together as text.
# ruff: noqa: S608

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NoReturn, cast

import psycopg
import psycopg_pool
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row
from psycopg.sql import Composed

from podcat.catalogue import postgres_problems, schema
from podcat.catalogue.database import Row, Value, Where, bound
from podcat.catalogue.search import EPISODE, TEXT, Phrase, Query
from podcat.catalogue.translate import psycopg_form
from podcat.errors import DatabaseError

OLDEST = 12  # generated columns
WRITERS = 1886348899  # the advisory lock's number: that of SQLite's application_id
_MOST = 16
"""Connections of one process."""
# A hit that is looked up and sorted costs about as much as a look at an episode on the way.
_FEW = 5_000
"""Looks that nobody notices."""
_MOST_HITS = 50_000
"""Hits that may be looked up and sorted for one page."""
_SAMPLE = 1_000
"""Episodes that tell how common words are."""
_IDLE = 600.0
"""Seconds after which a connection that nobody uses is closed."""

Connection = psycopg.Connection[dict[str, Any]]
Pool = psycopg_pool.ConnectionPool[Connection]

# The pool tells each failed attempt to connect; the user is told once, by an error.
logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())


class PostgreSQL:
    """A database on a server; see `Database` for what the methods do."""

    def __init__(self, url: str, *, create: bool = True, wait: float = 5.0) -> None:
        """Connect and bring up to date; `wait` is how many seconds to wait for other writers.

        `url` is what libpq takes. Raises DatabaseError when the server or the database cannot be
        reached, holds no catalogue (and `create` is false) or another program's tables, or was
        made by a newer podcat.
        """
        self.wait = wait
        self._settings = _settings(url, wait)
        self._thing = postgres_problems.name(self._settings)
        self._local = threading.local()
        self._lock = threading.Lock()
        self._pools: dict[int, Pool] = {}
        """By process: a connection must not be carried into a forked one, nor closed there."""
        self._closed = False
        self._read_only = False
        self._start(create)

    @property
    def read_only(self) -> bool:
        """Whether this user, or anybody on this server, cannot write."""
        return self._read_only

    # ------------------------------------------------------------ statements

    def all(self, sql: str, /, **values: Value) -> list[Row]:
        """All rows of a query."""
        query, given = psycopg_form(sql), bound(values)
        with self._telling():
            if held := self._held():
                return cast("list[Row]", held.execute(query, given).fetchall())
            return cast("list[Row]", self._read(query, given))

    def one(self, sql: str, /, **values: Value) -> Row | None:
        """The first row of a query, or None."""
        return next(iter(self.all(sql, **values)), None)

    def run(self, sql: str, /, **values: Value) -> int:
        """The number of rows that a statement wrote."""
        with self._telling(), self._connection() as connection:
            return connection.execute(psycopg_form(sql), bound(values)).rowcount

    def run_many(self, sql: str, rows: Iterable[Mapping[str, Value]], /) -> None:
        """The same statement for each of the rows."""
        with self._telling(), self._connection() as connection:
            connection.cursor().executemany(psycopg_form(sql), [bound(row) for row in rows])

    def script(self, statements: bytes | Composed) -> None:
        """Any number of statements without values, in the transaction of this thread."""
        with self._telling(), self._connection() as connection:
            connection.execute(statements)

    def connect(self) -> Connection:
        """A connection of the caller's own, outside the pool. Raises DatabaseError."""
        with self._telling():
            return self._connect()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; other writers wait."""
        if self.read_only:
            raise self._error(*postgres_problems.READ_ONLY)
        assert self._held() is None
        with self._telling(), self._pool().connection() as connection:
            try:
                connection.execute(self._begin())
                self._local.held = os.getpid(), connection
                yield
                connection.execute("COMMIT")
            except BaseException:
                with suppress(psycopg.Error):
                    connection.execute("ROLLBACK")
                raise
            finally:
                self._local.held = None

    def hits(self, words: Query) -> Where:
        """Ids by the index of words, and for phrases by the words themselves."""
        condition, values = _condition(words)
        return f"SELECT {EPISODE} FROM search s WHERE {condition}", values

    def says(self, words: Query) -> Where:
        """The same condition as by the index."""
        return _condition(words)

    def words_in_order(self, words: Query) -> Where | None:  # noqa: ARG002
        """No index has both words and an order."""
        return None

    def few_hits(self, words: Query, part: str, wanted: int) -> Where | None:
        """Walking is faster where the next thousand have many; else the index counts so far."""
        condition, values = _condition(words)
        sample = self.one(
            f"SELECT count(*) AS met, count(CASE WHEN {condition} THEN 1 END) AS hits "
            f"FROM (SELECT * FROM search s WHERE {part} ORDER BY s.rowid DESC LIMIT {_SAMPLE}) s",
            **values,
        )
        assert sample is not None
        looks = sample["met"] * wanted / max(sample["hits"], 0.5)
        if sample["met"] < _SAMPLE or looks < max(_FEW, 10 * wanted):
            return None
        few = min(int(looks), _MOST_HITS)
        found = f"FROM search s WHERE {condition} AND {part}"
        probe = self.one(f"SELECT count(*) AS n FROM (SELECT 1 {found} LIMIT {few}) met", **values)
        return (f"SELECT {EPISODE} {found}", values) if probe and probe["n"] < few else None

    def one_of(self, column: str, query: str) -> str:
        """In a form that leaves the planner no choice: it expects the wrong number of hits."""
        return f"{column} = ANY (ARRAY({query}))"

    def clear_words(self) -> None:
        """Empty the index."""
        self.run("DELETE FROM search")

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            self._closed = True
            if pool := self._pools.pop(os.getpid(), None):
                pool.close()

    def _read(self, query: str, given: Mapping[str, Value]) -> list[dict[str, Any]]:
        pool = self._pool()
        with pool.connection() as connection:
            try:
                return connection.execute(query, given).fetchall()
            except psycopg.OperationalError:
                if not connection.closed:
                    raise
        # The server was started anew, and with it every idle connection ended.
        pool.check()
        with pool.connection() as connection:
            return connection.execute(query, given).fetchall()

    # ------------------------------------------------------------ connections

    def _held(self) -> Connection | None:
        """The connection of this thread's transaction."""
        process, connection = getattr(self._local, "held", None) or (0, None)
        return connection if process == os.getpid() else None

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        if held := self._held():
            yield held
        else:
            with self._pool().connection() as connection:
                yield connection

    def _pool(self) -> Pool:
        if self._closed:
            raise self._error("has been closed", "")
        process = os.getpid()
        if process not in self._pools:
            with self._lock:
                if process not in self._pools:
                    self._pools[process] = self._new_pool()
        return self._pools[process]

    def _new_pool(self) -> Pool:
        return psycopg_pool.ConnectionPool(
            kwargs=self._settings, configure=_configure, open=True, min_size=0, max_size=_MOST,
            max_idle=_IDLE, timeout=max(self.wait, 1.0), num_workers=1,
        )  # fmt: skip

    def _connect(self) -> Connection:
        connection = psycopg.connect(**self._settings)
        _configure(connection)
        return connection

    def _begin(self) -> str:
        # 0 would mean for ever.
        milliseconds = max(1, int(self.wait * 1000))
        # READ COMMITTED sees what the writer before wrote, whatever the server's default is.
        return (
            f"BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = {milliseconds};"
            f" SELECT pg_advisory_xact_lock({WRITERS})"
        )

    # ------------------------------------------------------------ schema

    def _start(self, create: bool) -> None:
        with self._telling(), self._connect() as connection:
            self._judge(connection)
            version = _version(connection)
            if version == 0:
                self._judge_emptiness(connection, create)
            if problem := schema.problem("postgres", version):
                raise self._error(*problem)
            self._read_only = _is_read_only(connection, version)
            if version == schema.newest("postgres"):
                return
            if self.read_only:
                what = f"has the old schema {version} and is read-only"
                raise self._error(what, "open it once as a user that may write")
            self._migrate(connection)

    def _judge(self, connection: Connection) -> None:
        if connection.info.server_version < OLDEST * 10_000:
            found = connection.info.parameter_status("server_version")
            raise self._error(f"needs PostgreSQL {OLDEST}, this is {found}", "")
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise self._error(
                f"has the encoding {encoding}, which lacks most letters",
                "make it by createdb --encoding UTF8 --template template0",
            )

    def _judge_emptiness(self, connection: Connection, create: bool) -> None:
        if _has_tables(connection) and _version(connection) == 0:
            raise self._error(
                "is a database of another program",
                "name another one, or a schema of its own by ?options=-csearch_path%3Dpodcat",
            )
        if not create:
            raise self._error(
                "holds no catalogue", "`podcat add` makes one; or check --database"
            )  # fmt: skip

    def _migrate(self, connection: Connection) -> None:
        connection.execute(self._begin())
        version = _version(connection)  # another program may have been quicker
        for number, script in schema.migrations("postgres").items():
            if number > version:
                connection.execute(script.encode())
        connection.execute("DELETE FROM podcat_schema")
        connection.execute(
            "INSERT INTO podcat_schema (version) VALUES (%s)", (schema.newest("postgres"),)
        )
        connection.execute("COMMIT")

    # ------------------------------------------------------------ errors

    def _error(self, problem: str, advice: str) -> DatabaseError:
        return DatabaseError(self._thing, problem, advice)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """psycopg's errors become ours."""
        try:
            yield
        except psycopg_pool.PoolTimeout as error:
            self._fail_to_connect(error)
        except psycopg.Error as error:
            raise self._error(*postgres_problems.of(error)) from error

    def _fail_to_connect(self, error: psycopg.Error) -> NoReturn:
        """The pool only says that it waited in vain; a connection of one's own says why."""
        try:
            self._connect().close()
        except psycopg.Error as reason:
            raise self._error(*postgres_problems.of(reason)) from reason
        problem = f"has had no connection free for {max(self.wait, 1.0):g} seconds"
        raise self._error(problem, "try again") from error


def _settings(url: str, wait: float) -> dict[str, Any]:
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        # Its reason can repeat a piece of the address, and with it the password.
        raise DatabaseError(
            "postgresql://…", "is no address of a database", "write postgresql://USER@HOST/NAME"
        ) from None
    defaults = {"connect_timeout": max(2, round(wait)), "fallback_application_name": "podcat"}
    fixed = {"client_encoding": "UTF8", "autocommit": True, "row_factory": dict_row}
    return defaults | parts | fixed


def _configure(connection: Connection) -> None:
    # Compiling a statement takes longer than any of ours runs.
    connection.execute("SET jit = off")


def _version(connection: Connection) -> int:
    """The schema number, 0 where there is none."""
    # Not to_regclass: what it remembers can be older than the lock that this waited for.
    exists = """SELECT EXISTS (
        SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (current_schemas(false)) AND c.relname = 'podcat_schema')"""
    if not _value(connection, exists):
        return 0
    return int(_value(connection, "SELECT version FROM podcat_schema"))


def _has_tables(connection: Connection) -> bool:
    """Whether there is anything where the tables would go, apart from what extensions brought."""
    return bool(_value(connection, """SELECT EXISTS (
        SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))
    """))  # fmt: skip


def _is_read_only(connection: Connection, version: int) -> bool:
    allowed = "true" if version == 0 else "has_table_privilege('episodes', 'INSERT')"
    return bool(_value(
        connection, f"SELECT current_setting('transaction_read_only') = 'on' OR NOT {allowed}"
    ))  # fmt: skip


def _value(connection: Connection, sql: str) -> Any:
    row = connection.execute(sql.encode()).fetchone()
    assert row is not None
    return next(iter(row.values()))


# ---------------------------------------------------------------- words


def _condition(query: Query) -> Where:
    """The condition on `search s` that a query is met."""
    values: dict[str, Value] = {}
    conditions = [_has(phrase, f"wanted{n}", values) for n, phrase in enumerate(query.wanted)]
    conditions += [
        f"NOT ({_has(phrase, f'unwanted{n}', values)})" for n, phrase in enumerate(query.unwanted)
    ]
    return " AND ".join(conditions), values


def _has(phrase: Phrase, name: str, values: dict[str, Value]) -> str:
    """The condition on `search s` that a phrase occurs; its values are added to `values`."""
    lexemes = dict.fromkeys(f"'{word}'" for word in phrase.words[:-1])
    lexemes[f"'{phrase.words[-1]}'" + ":*" * phrase.begins] = None
    values[name] = " & ".join(lexemes)
    found = f"s.words @@ CAST(:{name} AS tsquery)"
    if len(phrase.words) == 1:
        return found
    values[f"{name}_text"] = phrase.between_blanks
    return f"{found} AND strpos({TEXT}, :{name}_text) > 0"
