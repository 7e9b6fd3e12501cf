"""PostgreSQL alone: addresses, other people's tables, and every way in which it can be unusable."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from catalogue_samples import all_of, embed, put, titles
from postgres_server import Server
from processes import run, run_all
from psycopg import errors

from podcat.catalogue import open_catalogue, postgres_problems, schema
from podcat.catalogue.postgres import WRITERS
from podcat.catalogue.postgres_problems import name
from podcat.catalogue.translate import psycopg_form
from podcat.errors import DatabaseError


@pytest.fixture
def url(postgres: Server) -> Iterator[str]:
    """A database with an empty catalogue."""
    with postgres.lent(own=True) as lent:
        yield lent


@pytest.fixture
def bare(postgres: Server) -> Iterator[str]:
    """A database without a table."""
    with postgres.lent(empty=True) as lent:
        yield lent


def execute(url: str, *statements: str) -> list[tuple[object, ...]]:
    """The rows of the last statement."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def refused(url: str, **options: float) -> str:
    with pytest.raises(DatabaseError) as caught:
        open_catalogue(url, **options).close()  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    return str(caught.value)


# ---------------------------------------------------------------- statements


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SELECT :a, :b_1", "SELECT %(a)s, %(b_1)s"),
        ("CAST(:a AS x)", "CAST(%(a)s AS x)"),
        ("a::text = :a::text", "a::text = %(a)s::text"),
        ("x LIKE 'derived/%' AND y = ':no ''%' AND z = :z",
         "x LIKE 'derived/%%' AND y = ':no ''%%' AND z = %(z)s"),
        ('SELECT ":a" -- and :b\n, :c', 'SELECT ":a" -- and :b\n, %(c)s'),
        ("SELECT 7 % 2", "SELECT 7 %% 2"),
        ("ON CONFLICT (field, value, rule) DO UPDATE SET value = 1",
         "ON CONFLICT (field, md5(value), rule) DO UPDATE SET value = 1"),
    ],
)  # fmt: skip
def test_statements_in_the_other_form(ours: str, theirs: str) -> None:
    assert psycopg_form(ours) == theirs


def test_both_databases_have_the_same_tables_columns_and_migrations(
    url: str, tmp_path: Path
) -> None:
    ours = schema.migrations("sqlite"), schema.migrations("postgres")
    assert list(ours[0]) == list(ours[1])
    columns = execute(url, """SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> 'podcat_schema'
            AND (table_name, column_name) <> ('search', 'words')""")  # fmt: skip
    with open_catalogue(f"sqlite:///{tmp_path}/a.db") as catalogue:
        theirs = catalogue._db.all(
            """SELECT t.name AS "table", c.name AS "column" FROM sqlite_master t
               JOIN pragma_table_xinfo(t.name) c  -- with those that are computed
               WHERE t.type = 'table' AND c.hidden <> 1 AND t.name NOT LIKE 'search#_%' ESCAPE '#'
                   AND t.name NOT LIKE 'sqlite#_%' ESCAPE '#'"""
        )
    expected = {(row["table"], row["column"]) for row in theirs}
    assert {(t, c) for t, c in columns} == expected | {("search", "rowid")}


def test_all_text_is_sorted_by_bytes(url: str) -> None:
    assert execute(url, """SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND data_type = 'text'
            AND collation_name IS DISTINCT FROM 'C'""") == []  # fmt: skip


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_both_schemes(url: str, scheme: str) -> None:
    with open_catalogue(scheme + "://" + url.partition("://")[2]) as catalogue:
        assert put(catalogue, embed(id="1", title="Kept")).new == 1
    with open_catalogue(url, create=False) as catalogue:
        assert titles(catalogue) == ["Kept"]


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({"user": "me", "password": "secret", "host": "h", "port": 1, "dbname": "d"},
         "postgresql://me@h:1/d"),
        ({"host": "/run/x", "dbname": "d"}, "postgresql:///d?host=/run/x"),
        ({"dbname": "d"}, "postgresql:///d"),
        ({}, "postgresql:///"),
    ],
)  # fmt: skip
def test_what_errors_call_a_database(settings: dict[str, object], shown: str) -> None:
    assert name(settings) == shown


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("postgresql://me:secret@127.0.0.1:1/podcat",
         ("postgresql://me@127.0.0.1:1/podcat: cannot be reached (Connection refused); "
         "see whether the server runs and the address is right")),
        ("postgresql:///podcat?host=/no/such/folder",
         ("postgresql:///podcat?host=/no/such/folder: cannot be reached (No such file or "
         "directory); see whether the server runs and the address is right")),
        ("postgresql://me:sec%%ret@host/podcat",
         "postgresql://…: is no address of a database; write postgresql://USER@HOST/NAME"),
        ("postgresql://me:secret@host/podcat?sslmod=on",
         "postgresql://…: is no address of a database; write postgresql://USER@HOST/NAME"),
        ("postgresqls://me@host/podcat",
         ("postgresqls://me@host/podcat: is no address of a database; "
         "write sqlite:///FILE or postgresql://USER@HOST/NAME")),
    ],
)  # fmt: skip
def test_a_server_out_of_reach(address: str, problem: str) -> None:
    assert refused(address) == problem


def test_no_such_database_and_no_such_user(url: str) -> None:
    base, _, rest = url.rpartition("/podcat_test")
    server = "?" + rest.partition("?")[2] if "?" in rest else ""
    assert refused(f"{base}/nowhere{server}").endswith(
        ": there is no such database; createdb makes it"
    )
    with_user = re.sub("://.*?@", "://nobody@", url)
    assert refused(with_user).endswith(
        ": refuses this user or password; check them in the address or ~/.pgpass"
    )


def test_without_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "podcat.catalogue.postgres", None)
    assert refused("postgresql://me:secret@host/podcat") == (
        "database: PostgreSQL needs libraries that are not installed; "
        "pip install 'podcat[postgres]'"
    )


# ---------------------------------------------------------------- what is in the database


def test_tables_are_made_once_even_by_several_at_once(bare: str) -> None:
    def open_and_count() -> None:
        with open_catalogue(bare) as catalogue:
            assert catalogue.count() == 0

    assert run_all([open_and_count] * 4) == []
    assert execute(bare, "SELECT * FROM podcat_schema") == [(schema.newest("postgres"),)]


def test_a_catalogue_that_is_not_to_be_made(bare: str) -> None:
    assert "holds no catalogue; `podcat add` makes one" in refused(bare, create=False)
    assert execute(bare, "SELECT to_regclass('episodes')::text") == [(None,)]


def test_made_by_a_newer_podcat(url: str) -> None:
    execute(url, "UPDATE podcat_schema SET version = 4711")
    known = schema.newest("postgres")
    problem = f"made by a newer podcat (schema 4711; this program knows {known}); upgrade podcat"
    assert refused(url).endswith(": " + problem)


def test_tables_of_another_program(bare: str) -> None:
    execute(bare, "CREATE TABLE tags (x bigint)", "CREATE SCHEMA own")
    assert "is a database of another program; name another one, or a schema" in refused(bare)
    within = f"{bare}{'&' if '?' in bare else '?'}options=-csearch_path%3Down"
    with open_catalogue(within) as catalogue:
        assert put(catalogue, embed(id="1")).new == 1
    assert execute(bare, "SELECT count(*) FROM own.episodes") == [(1,)]


def test_another_encoding(postgres: Server) -> None:
    postgres.run("CREATE DATABASE podcat_latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    try:
        assert "has the encoding LATIN1, which lacks most letters" in refused(
            postgres.address("podcat_latin")
        )
    finally:
        postgres.drop("podcat_latin")


def test_an_old_server(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("podcat.catalogue.postgres.OLDEST", 99)
    assert "needs PostgreSQL 99, this is " in refused(url)


# ---------------------------------------------------------------- who may do what


@pytest.fixture
def reader(postgres: Server, url: str) -> Iterator[str]:
    """The address for a user who may read the catalogue."""
    execute(url, "CREATE ROLE podcat_reader LOGIN PASSWORD 'x'",
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO podcat_reader")  # fmt: skip
    yield re.sub("://.*?@", "://podcat_reader:x@", url)
    execute(url, "DROP OWNED BY podcat_reader", "DROP ROLE podcat_reader")


def test_a_user_who_may_only_read(url: str, reader: str) -> None:
    with open_catalogue(url) as catalogue:
        put(catalogue, embed(id="1"))
    with open_catalogue(reader) as catalogue:
        assert catalogue.count() == 1
        assert catalogue.feed_guid("f", "https://e.example/f")
        with pytest.raises(DatabaseError, match=r"is read-only for this user; ask its owner"):
            put(catalogue, embed(id="2"))
    execute(url, "REVOKE SELECT ON episodes FROM podcat_reader")
    with open_catalogue(reader) as catalogue, pytest.raises(DatabaseError, match="does not allow"):
        catalogue.count()


def test_a_server_for_reading(url: str) -> None:
    database = url.partition("?")[0].rpartition("/")[2]
    execute(url, f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    with open_catalogue(url) as catalogue:
        assert catalogue.count() == 0
        with pytest.raises(DatabaseError, match="is read-only"):
            put(catalogue, embed(id="2"))


# ---------------------------------------------------------------- trouble on the way


def test_writers_wait_for_each_other_for_a_while(url: str) -> None:
    with open_catalogue(url, wait=0.05) as catalogue, psycopg.connect(url) as other:
        other.execute(f"SELECT pg_advisory_xact_lock({WRITERS})")
        with pytest.raises(DatabaseError, match="is locked by another program; try again when"):
            put(catalogue, embed(id="1"))
        assert all_of(catalogue) == ()
        other.rollback()
        assert put(catalogue, embed(id="1")).new == 1


def _end_all(url: str) -> None:
    execute(url, """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()""")  # fmt: skip


def test_a_server_that_was_started_anew_is_found_again(url: str) -> None:
    with open_catalogue(url) as catalogue:
        put(catalogue, embed(id="1"))
        run_all([catalogue.count] * 3)
        _end_all(url)
        assert catalogue.count() == 1
        _end_all(url)
        assert run_all([catalogue.count] * 3) == []


def test_a_server_that_goes_away_in_the_middle(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_catalogue(url) as catalogue:
        put(catalogue, embed(id="1", title="Before"))
        with monkeypatch.context() as patched:
            patched.setattr("podcat.catalogue.names.sync", lambda *_: _end_all(url) or set())
            with pytest.raises(DatabaseError) as caught:
                put(catalogue, embed(id="1", title="After, longer"), embed(id="2"))
        assert str(caught.value).endswith(
            ": has ended the connection; see whether the server runs, and try again"
        )
        assert titles(catalogue) == ["Before"]
        assert put(catalogue, embed(id="2")).new == 1


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (errors.DiskFull("could not extend file"), "cannot grow, the disk is full; make room"),
        (errors.TooManyConnections("sorry"), "has no connection left"),
        (errors.QueryCanceled("canceling"), "took longer than the server allows"),
        (errors.DataCorrupted("bad"), "is damaged; restore a copy"),
        (errors.UndefinedTable("no"), "lacks tables of a catalogue"),
        (errors.IoError("no"), "cannot be read or written; check the server's disk"),
        (errors.SyntaxError("at\nLINE 1"), "cannot be used (at)"),
        (psycopg.OperationalError("FATAL:  the database system is starting up"), "is not ready"),
        (psycopg.OperationalError('FATAL:  no pg_hba.conf entry for host "x"'), "does not let"),
        (psycopg.OperationalError("the connection is lost"), "has ended the connection"),
        (psycopg.OperationalError(""), "cannot be reached (no reason given)"),
    ],
)  # fmt: skip
def test_problems_in_words(error: psycopg.Error, problem: str) -> None:
    assert "; ".join(postgres_problems.of(error)).startswith(problem)


def test_all_connections_in_use(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("podcat.catalogue.postgres._MOST", 1)
    with open_catalogue(url, wait=0.1) as catalogue, catalogue._db.transaction():
        failures = run_all([catalogue.count])
    assert "has had no connection free for 1 seconds; try again" in str(failures[0])


def test_closed(url: str) -> None:
    catalogue = open_catalogue(url)
    catalogue.close()
    with pytest.raises(DatabaseError, match="has been closed"):
        catalogue.count()


FORK = """
import os, sys
from catalogue_samples import embed, put
from podcat.catalogue import open_catalogue
with open_catalogue(sys.argv[1]) as catalogue:
    put(catalogue, embed(id="parent"))
    child = os.fork()
    put(catalogue, embed(id="child" if child == 0 else "again"))
    if child == 0:
        catalogue.close()
        os._exit(0)
    print(os.waitpid(child, 0)[1], catalogue.count())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_has_connections_of_its_own(url: str) -> None:
    assert run(FORK, url) == "0 3\n"
