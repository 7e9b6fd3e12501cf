"""`podcat feed new` declares a feed that the other commands take as it is."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Podcat = Callable[..., subprocess.CompletedProcess[str]]


def declared(folder: Path, name: str) -> dict[str, Any]:
    return tomllib.loads((folder / "feeds" / f"{name}.toml").read_text("utf-8"))


def test_a_new_feed_is_printed_and_judged(podcat: Podcat, page: Path, tmp_path: Path) -> None:
    podcat("add", page)
    made = podcat("feed", "new", "all-of-it", "--title", 'The "best" of Ёлка')
    assert (made.returncode, made.stdout) == (0, "")
    assert made.stderr.startswith("feeds/all-of-it.toml: podcat feed all-of-it prints it")
    assert declared(tmp_path, "all-of-it")["title"] == 'The "best" of Ёлка'
    printed = podcat("feed", "all-of-it")
    assert printed.returncode == 0
    assert printed.stdout.count("<item>") == 1
    assert "Apple" in podcat("feed", "--lint", "all-of-it").stdout


@pytest.mark.parametrize(
    ("options", "selection", "items"),
    [
        ((), {}, "all"),
        (("--q", 'sea "ice"', "--playable"), {"q": 'sea "ice"', "playable": True}, "playable"),
        (("--player-only",), {"playable": False}, "all"),
        (("--tag", "North", "--tag", "Sea", "--person", "Ana"), {"tags": ["North", "Sea"], "people": ["Ana"]}, "all"),
        (("--programme", "Late Show", "--provider", "npr"), {"programme": "Late Show", "provider": "npr"}, "all"),
        (("--since", "2022", "--until", "2022-02"), {"since": "2022-01-01", "until": "2022-02-28"}, "all"),
    ],
)  # fmt: skip
def test_what_belongs_to_it(  # noqa: PLR0917
    podcat: Podcat,
    page: Path,
    tmp_path: Path,
    options: tuple[str, ...],
    selection: object,
    items: str,
) -> None:
    podcat("add", page)
    assert podcat("feed", "new", "some", *options).returncode == 0
    found = declared(tmp_path, "some")
    told = {
        k: v if isinstance(v, (str, bool, list)) else str(v) for k, v in found["selection"].items()
    }
    assert (told, found["items"]) == (selection, items)
    assert podcat("feed", "some").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Two Words",), "podcat: Two Words: cannot stand in an address; call it two-words\n"),
        (("there",), "podcat: feeds/there.toml: is there already; edit it, or take another name\n"),
        (("some", "--since", "soon"), "podcat: --since: soon is not a date; write 2022, 2022-01 or 2022-01-13\n"),
        ((), "podcat: missing argument 'NAME'; see podcat feed new --help\n"),
    ],
)  # fmt: skip
def test_what_cannot_be(
    podcat: Podcat, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "there.toml").write_text("mine")
    done = podcat("feed", "new", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
    assert [path.name for path in (tmp_path / "feeds").iterdir()] == ["there.toml"]
    assert (tmp_path / "feeds" / "there.toml").read_text() == "mine"


def test_help(podcat: Podcat) -> None:
    assert "Example: podcat feed new" in podcat("feed", "new", "--help").stdout
    assert "podcat feed new NAME" in " ".join(podcat("feed", "--help").stdout.split())
