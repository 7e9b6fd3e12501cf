"""Every bad input: one line that names it, the exit code of the contract, nothing lost."""

from __future__ import annotations

import ctypes
import json
import os
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Podcat = Callable[..., subprocess.CompletedProcess[str]]

GOOD = (
    '<html><body><iframe src="https://www.npr.org/player/embed/764153179/768167031">'
    "</iframe></body></html>"
)


def one_line(done: subprocess.CompletedProcess[str], code: int) -> str:
    """The only line on stderr."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    return line


def stored(podcat: Podcat) -> list[str]:
    """Ids of what the catalogue holds."""
    listed = podcat("episodes", "--format", "jsonl")
    assert listed.returncode == 0, listed.stderr
    return sorted(str(json.loads(line)["provider_id"]) for line in listed.stdout.splitlines())


# ---------------------------------------------------------------- sources


@pytest.mark.parametrize("command", [["extract"], ["add"], ["check", "--offline"], ["serve"]])
def test_a_missing_file_starts_nothing(
    podcat: Podcat, page: Path, tmp_path: Path, command: list[str]
) -> None:
    done = podcat(*command, page.name, "missing.html")
    assert one_line(done, 2) == "podcat: missing.html: there is no such file or folder"
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == [page]  # no database was made


@pytest.mark.parametrize("source", ["news.example/stories/1", "www.news.example"])
def test_an_address_without_its_scheme_is_told_of_it(podcat: Podcat, source: str) -> None:
    advice = "there is no such file or folder; an address begins with https://"
    assert one_line(podcat("add", source), 2) == f"podcat: {source}: {advice}"
    whole = f"{source} is not an http or https address, https://{source} is; see podcat watch add"
    assert whole in one_line(podcat("watch", "add", source), 2)


def _png(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))


def _large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200 * 2**20)


def _empty_folder(path: Path) -> None:
    path.mkdir()


def _folder_of_pictures(path: Path) -> None:
    path.mkdir()
    _png(path / "picture.png")


UNREADABLE = [
    (_png, "is a PNG image, not a page; give a saved HTML page or a text extract"),
    (_large, "is 200 MB, more than the limit of 32 MB; raise document_bytes in podcat.toml"),
    (_empty_folder, "holds no documents; they are named .html, .htm"),
    (_folder_of_pictures, "holds no documents; they are named .html, .htm"),
]


@pytest.mark.parametrize(("make", "said"), UNREADABLE)
@pytest.mark.parametrize("command", [["extract"], ["check", "--offline"]])
def test_what_cannot_be_read_is_named_and_the_others_are_done(  # noqa: PLR0917
    podcat: Podcat,
    page: Path,
    tmp_path: Path,
    command: list[str],
    make: Callable[[Path], None],
    said: str,
) -> None:
    make(tmp_path / "bad")
    done = podcat(*command, "--format", "jsonl", "bad", page.name)
    assert one_line(done, 1).startswith(f"bad: {said}")
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize(("make", "said"), UNREADABLE)
def test_adding_names_what_cannot_be_read_and_stores_the_others(
    podcat: Podcat, page: Path, tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    make(tmp_path / "bad")
    done = podcat("add", "bad", page.name)
    assert one_line(done, 1).startswith(f"bad: {said}")
    assert done.stdout == "1 new, 0 changed, 0 unchanged, 0 unresolved (1 document)\n"
    assert stored(podcat) == ["764153179/768167031"]


DAMAGED = [
    (GOOD.replace("<body>", "<body>caf\xe9 \x81").encode("latin-1"), "broken UTF-8"),
    (GOOD.replace("<body>", "<body>a\0b").encode(), "NUL byte"),
    (GOOD.replace("</iframe></body></html>", "</iframe><p><a hre").encode(), "cut HTML"),
    (GOOD.replace("</body>", "<div>" * 10_000 + "</body>").encode(), "nested 10,000 deep"),
]


@pytest.mark.parametrize("data", [d for d, _ in DAMAGED], ids=[name for _, name in DAMAGED])
def test_a_damaged_document_is_named_and_its_recordings_are_used(
    podcat: Podcat, tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "bad.html"
    # UTF-8 is what the page claims.
    path.write_bytes(data.replace(b"<html>", b'<html><head><meta charset="utf-8"></head>'))
    done = podcat("extract", "--format", "jsonl", path.name)
    assert one_line(done, 1).startswith("bad.html: ")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["764153179/768167031"]
    done = podcat("add", path.name)
    assert one_line(done, 1).startswith("bad.html: ")
    assert stored(podcat) == ["764153179/768167031"]


def test_the_address_of_one_document_cannot_be_that_of_several(
    podcat: Podcat, folder: Path, page: Path
) -> None:
    for given in ([folder.name], [page.name, page.name]):
        line = one_line(podcat("extract", "--url", "https://example.org/", *given), 2)
        assert line == "podcat: --url: says where one document came from; give exactly one file"


def test_an_address_must_be_one(podcat: Podcat, page: Path) -> None:
    assert "is not an http or https address" in one_line(podcat("add", "--url", "x", page), 2)


def test_this_machine_is_not_fetched_from(podcat: Podcat) -> None:
    line = one_line(podcat("extract", "http://127.0.0.1:9/"), 1)
    assert line.startswith("http://127.0.0.1:9/: leads to the private address 127.0.0.1")


# ---------------------------------------------------------------- the database


def _counts(database: Path) -> list[int]:
    with sqlite3.connect(database) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        ).fetchall()
        counts = [connection.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0] for (n,) in names]
    connection.close()
    return counts


def test_a_locked_database_loses_nothing(podcat: Podcat, page: Path, folder: Path) -> None:
    assert podcat("add", page.name).returncode == 0
    database = page.parent / "podcat.db"
    before = _counts(database)
    writer = sqlite3.connect(database, isolation_level=None)
    try:
        writer.execute("BEGIN EXCLUSIVE")
        line = one_line(podcat("add", folder.name), 2)
    finally:
        writer.close()
    assert "podcat.db" in line
    assert "locked" in line
    assert _counts(database) == before
    assert podcat("add", folder.name).returncode == 0


def _without_override() -> None:
    """The superuser ignores file modes; a process without this capability does not."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            if libc.prctl(24, capability, 0, 0, 0):  # PR_CAPBSET_DROP
                raise OSError(ctypes.get_errno(), "cannot drop a capability")


@pytest.mark.parametrize("whole_folder", [True, False], ids=["folder", "file"])
def test_a_read_only_database_loses_nothing(
    podcat: Podcat, page: Path, tmp_path: Path, whole_folder: bool
) -> None:
    home = tmp_path / "data"
    home.mkdir()
    database = home / "x.db"
    env = {"PODCAT_DATABASE": f"sqlite:///{database}"}
    assert podcat("add", page.name, env=env).returncode == 0
    other = page.with_name("other.html")
    other.write_text(GOOD.replace("768167031", "768167032"), encoding="utf-8")
    before = _counts(database)
    database.chmod(0o444)
    home.chmod(0o555 if whole_folder else 0o755)
    try:
        done = podcat("add", other.name, env=env, preexec_fn=_without_override)
        listed = podcat("episodes", env=env, preexec_fn=_without_override)
    finally:
        home.chmod(0o755)
        database.chmod(0o644)
    line = one_line(done, 2)
    assert "x.db" in line
    assert "read" in line
    assert _counts(database) == before
    assert listed.returncode == 0, listed.stderr  # reading is still possible
    assert "A report from Almaty" in listed.stdout or "764153179" in listed.stdout


def test_an_unreadable_file_is_named(podcat: Podcat, page: Path) -> None:
    page.chmod(0)
    line = one_line(podcat("extract", page.name, preexec_fn=_without_override), 1)
    assert line == "page.html: cannot be read: Permission denied"


def test_a_database_of_a_newer_podcat_is_left_alone(podcat: Podcat, page: Path) -> None:
    assert podcat("add", page.name).returncode == 0
    database = page.parent / "podcat.db"
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.close()
    data = database.read_bytes()
    for command in (["add", page.name], ["episodes"], ["check", "--offline"]):
        line = one_line(podcat(*command), 2)
        assert "podcat.db" in line
        assert "newer" in line
    assert database.read_bytes() == data


@pytest.mark.parametrize("command", [["episodes"], ["add", "page.html"], ["check", "--offline"]])
def test_a_file_that_is_no_database_is_left_alone(
    podcat: Podcat, page: Path, command: list[str]
) -> None:
    database = page.parent / "podcat.db"
    database.write_text("my notes " * 200, encoding="utf-8")
    assert "podcat.db" in one_line(podcat(*command), 2)
    assert database.read_text(encoding="utf-8") == "my notes " * 200


def test_a_database_in_no_folder(podcat: Podcat, page: Path) -> None:
    line = one_line(podcat("--database", "sqlite:///no/such/x.db", "add", page.name), 2)
    assert "no/such/x.db" in line


@pytest.mark.parametrize("command", [["check", "--offline"], ["episodes"]])
def test_reading_a_catalogue_that_is_not_there_makes_none(
    podcat: Podcat, tmp_path: Path, command: list[str]
) -> None:
    done = podcat("--database", "sqlite:///typo.db", *command)
    assert one_line(done, 2).startswith("podcat: typo.db: does not exist")
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- settings


def test_settings_that_are_not_understood_start_nothing(podcat: Podcat, page: Path) -> None:
    (page.parent / "podcat.toml").write_text('databse = "x"', encoding="utf-8")
    line = one_line(podcat("add", page.name), 2)
    assert line == "podcat: podcat.toml: unknown key 'databse'; did you mean 'database'?"
    assert not (page.parent / "podcat.db").exists()


def test_a_settings_file_that_is_missing(podcat: Podcat) -> None:
    line = one_line(podcat("--config", "x.toml", "episodes"), 2)
    assert line == "podcat: x.toml: there is no such file"
