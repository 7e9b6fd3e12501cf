"""One at a time: a lock beside a SQLite file that ends with its holder, however that ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from podcat.errors import DatabaseError


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Holds the lock of a catalogue in a file; raises DatabaseError where another one has it."""
    beside = path.with_name(f"{path.name}-worker")
    try:
        connection = sqlite3.connect(beside, timeout=0, isolation_level=None)
    except sqlite3.Error as error:
        advice = "a worker locks this file: make its folder writable"
        raise DatabaseError(str(beside), f"cannot be used ({error})", advice) from error
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            raise DatabaseError(
                str(path), "another worker is at work on it",
                "one does all that is due; on PostgreSQL there can be many",
            ) from error  # fmt: skip
        yield
