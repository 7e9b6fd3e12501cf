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
    assert [line.split()[:4] for line in listed.splitlines()[1:]] == [
        ["1", "feed", "evenings", "Ana"]
    ]
    assert (
        podcat("token", "revoke", "1").stderr
        == "1: the address of evenings for Ana is worthless now\n"
    )
    assert len(podcat("token", "list").stdout.splitlines()[1].split()) == 6


def test_a_token_for_adding(podcat: Podcat) -> None:
    made = podcat("token", "new", "Ana", "--add", env={"PODCAT_BASE_URL": "https://a.example/r"})
    assert re.fullmatch(r"[\w-]{32}\n", made.stdout)
    assert (made.returncode, made.stderr) == (0, "sign in with it at https://a.example/r/add\n")
    listed = podcat("token", "list").stdout
    assert made.stdout.strip() not in listed
    assert [line.split()[:4] for line in listed.splitlines()[1:]] == [["1", "add", "-", "Ana"]]
    gone = podcat("token", "revoke", "1").stderr
    assert gone == "1: the token for adding for Ana is worthless now\n"


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
        (
            ("new",),
            "podcat: token new: needs the name of a feed; or --add, for adding\n",
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
