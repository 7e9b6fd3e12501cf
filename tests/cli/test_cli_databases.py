"""The commands over each kind of database: side by side, out of reach, and byte for byte the same."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
Podcat = Callable[..., subprocess.CompletedProcess[str]]
Lent = Callable[[], AbstractContextManager[str]]
NOW = {"SOURCE_DATE_EPOCH": "1642636800"}


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder of pages that share a recording each with the next."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(30):
        players = "".join(
            f'<iframe src="https://www.npr.org/player/embed/7641{n:05}/7681{n:05}" title="Report {n}"></iframe>'
            for n in (number, number + 1)
        )
        (folder / f"{number}.html").write_text(f"<title>Page {number}</title>{players}")
    return folder


def outcome(podcat: Podcat, url: str) -> list[dict[str, Any]]:
    done = podcat("--database", url, "episodes", "--format", "jsonl")
    assert done.returncode == 0
    return [json.loads(line) for line in done.stdout.splitlines()]


def without_ids(episodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(
        (
            {k: v for k, v in e.items() if k not in ("id", "first_seen", "changed_at")}
            for e in episodes
        ),
        key=lambda e: str(e["guid"]),
    )


def test_two_processes_add_one_folder_at_once(
    podcat: Podcat, lent: Lent, many: Path, environment: dict[str, str]
) -> None:
    with lent() as url, lent() as alone:
        command = [sys.executable, "-m", "podcat", "--database", url, "add", "--json", str(many)]
        both = [
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env=environment | NOW, cwd=many.parent, text=True)
            for _ in range(2)
        ]  # fmt: skip
        said = [process.communicate(timeout=60) for process in both]
        assert [
            (process.returncode, errors) for process, (_, errors) in zip(both, said, strict=True)
        ] == [(0, "")] * 2
        counts = [json.loads(out) for out, _ in said]
        assert sum(count["new"] for count in counts) == 31
        assert podcat("--database", alone, "add", many, env=NOW).returncode == 0
        found = outcome(podcat, url)
        assert len(found) == 31
        assert without_ids(found) == without_ids(outcome(podcat, alone))
        again = podcat("--database", url, "add", many)
        assert again.stdout.startswith("0 new, 0 changed, 60 unchanged")


def test_feeds_and_lists_are_the_same_byte_for_byte(podcat: Podcat, postgres: Any) -> None:
    shown = []
    with postgres.lent() as url:
        for database in ("sqlite:///a.db", url):
            env = NOW | {"PODCAT_DATABASE": database, "PODCAT_BASE_URL": "https://podcat.example"}
            assert podcat("add", ROOT / "seeds", env=env).returncode == 0
            commands = (
                ("feed", ROOT / "feeds" / "kazakhstan.toml"),
                ("episodes", "--format", "jsonl"), ("episodes", "--q", "kazakhstan -report"),
            )  # fmt: skip
            shown.append([podcat(*command, env=env).stdout for command in commands])
    assert shown[0] == shown[1]
    assert shown[0][0].encode() == (ROOT / "feeds" / "kazakhstan.rss").read_bytes()
    assert all(shown[0])


# ---------------------------------------------------------------- what goes wrong


def one_line(done: subprocess.CompletedProcess[str], code: int) -> str:
    assert (done.returncode, done.stdout) == (code, "")
    (line,) = done.stderr.splitlines()
    return line


@pytest.mark.parametrize("command", [("add", "page.html"), ("episodes",), ("serve",)])
def test_a_server_out_of_reach(podcat: Podcat, page: Path, command: tuple[str, ...]) -> None:
    line = one_line(podcat("--database", "postgresql://me:secret@127.0.0.1:1/podcat", *command), 2)
    assert line == (
        "podcat: postgresql://me@127.0.0.1:1/podcat: cannot be reached (Connection refused); "
        "see whether the server runs and the address is right"
    )


def test_the_settings_may_name_a_server(podcat: Podcat, page: Path, postgres: Any) -> None:
    with postgres.lent() as url:
        (page.parent / "podcat.toml").write_text(f'database = "{url}"')
        assert podcat("add", page).stdout.startswith("1 new")
        assert podcat("episodes", "--format", "jsonl").stdout.count("\n") == 1
    assert not list(page.parent.glob("*.db"))


def test_a_server_that_goes_away_while_documents_are_added(
    podcat: Podcat, many: Path, postgres: Any, environment: dict[str, str]
) -> None:
    with postgres.lent() as url:
        process = subprocess.Popen(
            [sys.executable, "-m", "podcat", "--database", url, "add", "-", *sorted(map(str, many.glob("*.html")))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment, cwd=many.parent, text=True,
        )  # fmt: skip
        name = re.search(r"podcat_test\w+", url)
        assert name
        while not postgres.users(name[0]):  # until it is connected, and reads what we do not send
            assert process.poll() is None
        postgres.drop(name[0])
        out, errors = process.communicate("<title>T</title>", timeout=60)
    assert (process.returncode, out) == (2, "")
    assert re.fullmatch(
        r"podcat: postgresql://\S+: (has ended the connection; see whether the server runs, and try again"
        r"|there is no such database; createdb makes it)\n",  # between two connections of ours
        errors,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits as POSIX has them")
def test_a_full_disk_loses_nothing(podcat: Podcat, many: Path, environment: dict[str, str]) -> None:
    first, *others = sorted(many.glob("*.html"))
    assert podcat("add", first).returncode == 0
    # What stands for a full disk: files of this process must not grow.
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000,) * 2)  # noqa: E731
    done = podcat("add", *others, preexec_fn=limit)
    assert done.returncode == 2
    assert re.fullmatch(
        r"podcat: podcat.db: cannot (grow, the disk is full; make room and try again|be read or written; check the disk)\n",
        done.stderr,
    )
    assert podcat("add", *others).returncode == 0
    assert len(outcome(podcat, f"sqlite:///{many.parent}/podcat.db")) == 31
