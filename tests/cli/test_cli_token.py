"""`podcat token`: made, listed, revoked; what it prints is the address that is served."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Podcat = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def feeds(tmp_path: Path) -> Path:
    folder = tmp_path / "feeds"
    folder.mkdir()
    head = 'title = "T"\ndescription = "D"\n'
    (folder / "evenings.toml").write_text(f"{head}private = true\n")
    (folder / "open.toml").write_text(head)
    return folder


def test_made_listed_revoked(podcat: Podcat, feeds: Path) -> None:
    base = {"PODCAT_BASE_URL": "https://podcat.example/radio"}
    made = podcat("token", "new", "evenings", "--for", "Ana", env=base)
    assert (made.returncode, made.stderr) == (0, "")
    form = r"https://podcat\.example/radio/private/([\w-]{32})/evenings\.rss\n"
    found = re.fullmatch(form, made.stdout)
    assert found
    listed = podcat("token", "list").stdout
    assert found[1] not in listed
    assert [line.split()[:3] for line in listed.splitlines()[1:]] == [["1", "evenings", "Ana"]]
    assert (
        podcat("token", "revoke", "1").stderr
        == "1: the address of evenings for Ana is worthless now\n"
    )
    assert len(podcat("token", "list").stdout.splitlines()[1].split()) == 5


def test_a_feed_that_all_may_read_says_so(podcat: Podcat, feeds: Path) -> None:
    made = podcat("token", "new", "open")
    assert made.stdout.startswith("http://127.0.0.1:8000/private/")
    assert made.stderr == "open can be read without it; private = true would end that\n"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            ("new", "evening"),
            "podcat: evening: no feed of that name in feeds; did you mean evenings?\n",
        ),
        (("revoke", "7"), "podcat: 7: there is no such token; see podcat token list\n"),
    ],
)
def test_what_is_not_there(
    podcat: Podcat, feeds: Path, command: tuple[str, ...], said: str
) -> None:
    podcat("token", "new", "open")
    done = podcat("token", *command)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
