"""SQLite's file: made, shared, and every way in which it can be unusable."""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from catalogue_samples import all_of, embed, put, titles
from processes import run, run_all

from podcat.catalogue import Catalogue, open_catalogue, schema
from podcat.catalogue.sqlite import SQLite
from podcat.errors import DatabaseError


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


@contextmanager
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def refused(url: str, **options: float) -> str:
    with pytest.raises(DatabaseError) as caught:
        open_catalogue(url, **options).close()  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_is_there_again_when_opened_again(url: str, path: Path) -> None:
    with open_catalogue(url) as catalogue:
        put(catalogue, embed(id="1", title="Kept"))
    with open_catalogue(url, create=False) as catalogue:
        assert titles(catalogue) == ["Kept"]
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_settings_of_a_connection(url: str, path: Path) -> None:
    with open_catalogue(url):
        pass
    database = SQLite(path)
    names = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "user_version")
    pragmas = {name: database._pragma(name) for name in names}
    database.close()
    assert pragmas == {
        "journal_mode": "wal", "synchronous": 1, "busy_timeout": 5000,
        "foreign_keys": 1, "user_version": schema.newest("sqlite"),
    }  # fmt: skip


def test_names_of_files_are_taken_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "a b?mode=ro#%41 й.db"
    with open_catalogue(f"sqlite:///{name}") as catalogue:
        put(catalogue, embed(id="1"))
    assert (tmp_path / name).is_file()


# ---------------------------------------------------------------- what cannot be used


def test_missing_folder(tmp_path: Path) -> None:
    assert "folder is missing" in refused(f"sqlite:///{tmp_path}/none/a.db")


def test_missing_file_that_is_not_to_be_made(url: str, path: Path) -> None:
    assert "does not exist" in refused(url, create=False)
    assert not path.exists()


def test_folder_in_place_of_a_file(tmp_path: Path) -> None:
    assert "is a folder" in refused(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("content", [b"no database" * 99, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_garbage(url: str, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert "is not a database" in refused(url) or "is damaged" in refused(url)
    assert path.read_bytes() == content


def test_damage_found_later(url: str, path: Path) -> None:
    with open_catalogue(url) as catalogue:
        put(catalogue, *[embed(id=str(n), title="T" * 500) for n in range(50)])
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    path.write_bytes(content)
    with pytest.raises(DatabaseError, match="damaged"), open_catalogue(url) as catalogue:
        all_of(catalogue)


def test_database_of_another_program(url: str, path: Path) -> None:
    with raw(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    assert "is a database of another program" in refused(url)
    with raw(path) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)


def test_made_by_a_newer_podcat(url: str, path: Path) -> None:
    open_catalogue(url).close()
    with raw(path) as connection:
        connection.execute("PRAGMA user_version = 4711")
    known = schema.newest("sqlite")
    assert refused(url) == (
        f"{path}: made by a newer podcat (schema 4711; this program knows {known}); upgrade podcat"
    )


def test_locked_when_opened(url: str, path: Path) -> None:
    with raw(path) as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("BEGIN EXCLUSIVE")
        assert "is locked by another program" in refused(url, wait=0.05)


def test_locked_when_stored(url: str, path: Path) -> None:
    with open_catalogue(url, wait=0.05) as catalogue, raw(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match=r"podcat\.db: is locked by another program; try"):
            put(catalogue, embed(id="1"))
        connection.execute("ROLLBACK")
        assert put(catalogue, embed(id="1")).new == 1


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mysql://host/podcat", "is no address of a database"),
        ("podcat.db", "is no address of a database"),
        ("sqlite://podcat.db", "is no address of a database"),
        ("sqlite:///", "is no address of a database"),
        ("sqlite:///a\0b", "is no address of a database"),
        ("", "is no address of a database"),
    ],
)
def test_addresses_that_are_none(url: str, problem: str) -> None:
    assert problem in refused(url)
    assert "secret" not in refused(url)


def test_closed(url: str) -> None:
    catalogue = open_catalogue(url)
    catalogue.close()
    with pytest.raises(DatabaseError, match="has been closed"):
        catalogue.count()


# ---------------------------------------------------------------- read-only

READER = """
import os, sys
from podcat.catalogue import open_catalogue
from podcat.errors import DatabaseError
from podcat.model import Document, Page
open_catalogue(sys.argv[2]).close()  # all that is imported late is there now
if os.geteuid() == 0:  # the superuser may write what is read-only
    os.setgid(65534)
    os.setuid(65534)
try:
    with open_catalogue(sys.argv[1]) as catalogue:
        print(catalogue.count(), catalogue.feed_guid("f", "https://e.example/f"))
        catalogue.store(Document("a", b"new"), Page())
except DatabaseError as error:
    print(error)
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may look into."""
    folder = Path(tempfile.mkdtemp(prefix="podcat-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs users as POSIX has them")
@pytest.mark.parametrize(
    ("file_mode", "folder_mode"), [(0o444, 0o555), (0o444, 0o777), (0o666, 0o555)]
)
def test_read_only_file_can_be_read(
    open_folder: Path, url: str, file_mode: int, folder_mode: int
) -> None:
    path = open_folder / "a.db"
    with open_catalogue(f"sqlite:///{path}") as catalogue:
        put(catalogue, embed(id="1"))
    path.chmod(file_mode)
    open_folder.chmod(folder_mode)
    read, write = run(READER, f"sqlite:///{path}", url).splitlines()
    assert read.startswith("1 ")
    assert write == f"{path}: is read-only; make the file and its folder writable"


# ---------------------------------------------------------------- several at once


@pytest.mark.parametrize("moment", range(1, 12))
def test_another_program_may_create_the_catalogue_at_any_moment_of_our_opening(
    url: str, moment: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = threading.Thread(target=lambda: open_catalogue(url).close())
    ours, execute, count = threading.current_thread(), SQLite._execute, itertools.count(1)

    def interrupted(self: SQLite, *statement: object) -> object:
        if threading.current_thread() is ours and next(count) == moment:
            other.start()
            other.join(0.3)  # it may have to wait for us
        return execute(self, *statement)  # type: ignore[arg-type]

    monkeypatch.setattr(SQLite, "_execute", interrupted)
    with open_catalogue(url) as catalogue:
        assert catalogue.count() == 0
    other.join()


def test_connections_of_threads_that_ended_are_closed(catalogue: Catalogue) -> None:
    for _ in range(5):
        run_all([catalogue.count])
    assert len(catalogue._db._open) <= 2  # type: ignore[attr-defined]
