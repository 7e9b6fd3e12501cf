"""Keeping a catalogue whole: a copy while it is in use, and what is wrong with it, in words."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from podcat.catalogue import words
from podcat.catalogue.database import Database
from podcat.catalogue.search import EPISODE, place_of
from podcat.catalogue.show import Occasion, refresh
from podcat.catalogue.sqlite import SQLite
from podcat.catalogue.store import grow_revision
from podcat.errors import DatabaseError

_BATCH = 500
_PAGES_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a catalogue."""

    what: str
    advice: str
    fixable: bool = False
    """Whether `podcat doctor --fix` mends it."""


# ---------------------------------------------------------------- a copy


def backup(db: Database, target: Path) -> int:
    """Copy a SQLite catalogue, whatever is being written to it, whole or not at all; its bytes.

    Raises DatabaseError.
    """
    if not isinstance(db, SQLite):
        raise DatabaseError("backup", "copies SQLite files alone", "use pg_dump or podcat export")
    if target.is_dir() or (target.exists() and target.samefile(db.path)):
        raise DatabaseError(str(target), "cannot be the copy", "name another file")
    try:
        with tempfile.TemporaryDirectory(prefix=".podcat-", dir=target.absolute().parent) as own:
            copy = Path(own) / "copy.db"
            _copy(db.path, copy, db.wait)
            return copy.replace(target).stat().st_size
    except OSError as error:
        reason = error.strerror or "failed"
        raise DatabaseError(
            str(target), f"cannot be written: {reason}", "check the folder"
        ) from None
    except sqlite3.Error as error:
        raise DatabaseError(str(db.path), f"cannot be copied ({error})", "try again") from None


def _copy(source: Path, target: Path, wait: float) -> None:
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True, timeout=wait)) as given,
        closing(sqlite3.connect(target)) as made,
    ):
        given.backup(made, pages=_PAGES_AT_ONCE)
        # A single file, so that it can be carried about.
        made.execute("PRAGMA journal_mode = DELETE")


# ---------------------------------------------------------------- what is wrong

# What may not be, as a count; what to say of it.
_ORPHANS = (
    (
        """SELECT count(*) AS n FROM episodes e
           WHERE NOT EXISTS (SELECT 1 FROM appearances a WHERE a.episode_id = e.id)""",
        "{n} episodes are on no page",
        "add their pages again, or hide them",
    ),
    (
        """SELECT count(*) AS n FROM appearances a WHERE NOT EXISTS (SELECT 1
           FROM appearance_keys k WHERE k.document_id = a.document_id
           AND k.position = a.position)""",
        "{n} appearances have no key and can be joined with nothing",
        "export, and import into a new file",
    ),
    (
        """SELECT count(*) AS n FROM former_episodes f
           JOIN episodes e ON e.id = f.id OR e.guid = f.guid""",
        "{n} numbers or guids belong to an episode and lead to another",
        "restore a backup",
    ),
    (
        """SELECT count(*) AS n FROM documents d
           WHERE NOT EXISTS (SELECT 1 FROM pages p WHERE p.id = d.page_id)""",
        "{n} documents are of no page",
        "restore a backup, or add the sources to a new file",
    ),
)


def findings(db: Database) -> Iterator[Finding]:
    """Everything that is wrong: damage of the file, orphans, an index that lags behind."""
    if isinstance(db, SQLite):
        yield from _damage(db)
    for sql, what, advice in _ORPHANS:
        row = db.one(sql)
        if row and row["n"]:
            yield Finding(what.format(n=row["n"]), advice)
    if stale := len(set(_stale(db))):
        yield Finding(
            f"the search index is wrong for {stale} episodes", "podcat doctor --fix rebuilds it",
            fixable=True,
        )  # fmt: skip


def _damage(db: SQLite) -> Iterator[Finding]:
    advice = "restore a backup, or add the sources to a new file"
    rows = [row["integrity_check"] for row in db.all("PRAGMA integrity_check(20)")]
    yield from (Finding(f"the file is damaged: {line}", advice) for line in rows if line != "ok")
    broken = db.all("PRAGMA foreign_key_check")
    if broken:
        tables = ", ".join(sorted({row["table"] for row in broken}))
        yield Finding(f"{len(broken)} rows lead nowhere (in {tables})", advice)
    if db.read_only:
        return  # the question to the index is put as a statement that writes
    with suppress(DatabaseError):
        db.run("INSERT INTO search (search) VALUES ('integrity-check')")
        return
    yield Finding("the search index is damaged", "podcat doctor --fix rebuilds it", fixable=True)


def _stale(db: Database) -> Iterator[int]:
    """Episodes whose words in the index are not theirs; numbers in it that no episode has."""
    after = 0
    while rows := db.all(
        "SELECT * FROM episodes WHERE id > :after ORDER BY id LIMIT :most",
        after=after, most=_BATCH,
    ):  # fmt: skip
        yield from words.stale(db, rows)
        after = rows[-1]["id"]
    left = db.all(
        f"SELECT {EPISODE} AS id FROM search s LEFT JOIN episodes e ON e.id = {EPISODE} "
        f"AND s.rowid = {place_of('e')} WHERE e.id IS NULL ORDER BY 1"
    )
    yield from (row["id"] for row in left)


def rebuild_index(db: Database, now: int) -> int:
    """Write the words of all episodes into the index anew; how many episodes there are."""
    with db.transaction():
        db.clear_words()
        rows = db.all("SELECT id FROM episodes ORDER BY id")
        refresh(db, [row["id"] for row in rows], Occasion(now))
        grow_revision(db)
    return len(rows)
