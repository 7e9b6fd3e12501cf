"""Filling catalogues for the benchmark, and what is measured beside them: bare loops."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import psycopg
from catalogue_data import Row, Source, names

from podcat.catalogue import open_catalogue
from podcat.catalogue.search import NUMBERS

SEARCHED = (
    "title",
    "programme",
    "people",
    "tags",
    "description",
    "caption",
    "pages",
    "provider",
    "transcript",
)
_WORD = "CAST(%(word)s AS tsquery)"


COPIED = (
    "pages", "documents", "episodes", "appearances", "appearance_keys", "provenance", "mentions", "search",
)  # fmt: skip
BEGIN_COPY = {"sqlite": "PRAGMA synchronous = NORMAL", "postgresql": "SET synchronous_commit = on"}


def fill(url: str, count: int) -> float:
    """Seconds to put so many episodes into a new catalogue."""
    open_catalogue(url).close()
    start = time.perf_counter()
    (_fill_sqlite if url.startswith("sqlite:") else _fill_postgres)(url, Source(count))
    return time.perf_counter() - start


def size(url: str) -> int:
    """Bytes that a catalogue takes."""
    if url.startswith("sqlite:"):
        path = url.removeprefix("sqlite:///")
        ask(url, "PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(path).stat().st_size
    return int(ask(url, "SELECT pg_database_size(current_database())")[0][0])


def ask(url: str, sql: str, values: Mapping[str, Any] | None = None) -> list[Any]:
    """The answer of a bare connection."""
    with bare(url) as connection:
        return connection.execute(sql, values or {}).fetchall()  # type: ignore[no-any-return]


def bare(url: str) -> Any:
    """A connection without podcat."""
    if url.startswith("sqlite:"):
        return sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    return psycopg.connect(url, autocommit=True)


def page_by_hand(connection: Any, statement: str, word: str) -> None:
    """A page of a search, with its people and tags, in a bare loop."""
    rows = connection.execute(statement, {"word": word}).fetchall()
    ids = ",".join(str(row[0]) for row in rows) or "0"
    connection.execute(f"""SELECT c.episode_id, p.name, c.role FROM credits c
        JOIN people p ON p.id = c.person_id WHERE c.episode_id IN ({ids})""").fetchall()
    connection.execute(f"""SELECT o.episode_id, t.name FROM episode_tags o
        JOIN tags t ON t.id = o.tag_id WHERE o.episode_id IN ({ids})""").fetchall()


def by_hand(url: str, order: str = "s.rowid DESC") -> str:
    """Episodes with a word, the newest first, as one would write it who knows the tables."""
    matches = "search MATCH :word" if url.startswith("sqlite:") else f"s.words @@ {_WORD}"
    return f"""SELECT e.* FROM search s JOIN episodes e ON e.id = s.rowid & {NUMBERS - 1}
        WHERE {matches} ORDER BY {order} LIMIT 51"""


def best_by_hand(url: str) -> str:
    """Episodes with a word by the database's own ranking, all of them ranked."""
    if url.startswith("sqlite:"):
        return by_hand(url, "bm25(search)")
    return by_hand(url, f"ts_rank(s.words, {_WORD}) DESC")


def insert_words(folder: Path, rows: list[Row]) -> float:
    """Seconds of a bare batched insert into FTS5, nothing else."""
    with sqlite3.connect(folder / "bare.db", isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"""CREATE VIRTUAL TABLE search USING fts5 ({", ".join(SEARCHED)},
            tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'")""")
        start = time.perf_counter()
        for at in range(0, len(rows), 1000):
            connection.execute("BEGIN")
            connection.executemany(_insert("search", rows[0]), rows[at : at + 1000])
            connection.execute("COMMIT")
        return time.perf_counter() - start


def copy(url: str, other: str) -> tuple[int, float]:
    """All rows of a catalogue into the tables of a new one: how many, and seconds of inserting."""
    open_catalogue(other).close()
    with bare(url) as given:
        found = {table: _rows(given, table) for table in COPIED}
    with bare(other) as connection:
        connection.execute(BEGIN_COPY[url.partition(":")[0]])
        start = time.perf_counter()
        connection.execute("BEGIN")
        for table, rows in found.items():
            if rows:
                sign = "?" if url.startswith("sqlite:") else "%s"
                columns = ", ".join(rows[0])
                places = ", ".join([sign] * len(rows[0]))
                statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"
                connection.cursor().executemany(statement, [tuple(row.values()) for row in rows])
        connection.execute("COMMIT")
        return sum(map(len, found.values())), time.perf_counter() - start


def _rows(connection: Any, table: str) -> list[Row]:
    names = f"rowid, {', '.join(SEARCHED)}" if table == "search" else "*"
    cursor = connection.execute(f"SELECT {names} FROM {table}")
    columns = [column[0] for column in cursor.description]
    rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return [{name: value for name, value in row.items() if name != "lasting"} for row in rows]


def _insert(table: str, row: Row) -> str:
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(f':{n}' for n in row)})"


def _fill_sqlite(url: str, source: Source) -> None:
    with bare(url) as connection:
        for tables in _all(source):
            connection.execute("BEGIN")
            for table, rows in tables.items():
                connection.executemany(_insert(table, rows[0]), rows)
            connection.execute("COMMIT")


def _all(source: Source) -> Iterable[dict[str, list[Row]]]:
    yield names()
    yield from source.batches()


def _fill_postgres(url: str, source: Source) -> None:
    """By COPY, with the index of words made afterwards; triggers would only repeat what is known."""
    with bare(url) as connection:
        connection.execute("DROP INDEX search_words")
        for table in ("episode_tags", "credits"):
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for tables in _all(source):
            with connection.transaction():
                for table, rows in tables.items():
                    _copy(connection, table, rows)
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute(
            "CREATE INDEX search_words ON search USING gin (words) WITH (fastupdate = off)"
        )
        for table in ("episode_tags", "credits"):
            connection.execute(f"""UPDATE {table} t SET sort_at = e.sort_at
                FROM episodes e WHERE e.id = t.episode_id""")  # fmt: skip
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        connection.execute("VACUUM ANALYZE")


def _copy(connection: Any, table: str, rows: list[Row]) -> None:
    with connection.cursor().copy(f"COPY {table} ({', '.join(rows[0])}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(tuple(row.values()))
