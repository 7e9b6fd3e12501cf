"""`podcat show`, `edit`, `tag`, `hide`, `split`: one episode by hand."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Podcat = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def stocked(podcat: Podcat, folder: Path) -> Podcat:
    """Two episodes in a catalogue."""
    assert podcat("add", folder).returncode == 0
    return podcat


def said(podcat: Podcat, *arguments: str) -> tuple[int, str]:
    done = podcat(*arguments)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout.strip() or done.stderr.strip()


def test_show_prints_values_with_rule_document_and_time(stocked: Podcat) -> None:
    code, text = said(stocked, "show", "1")
    assert code == 0
    assert text.startswith("1  A report from Almaty\nurn:uuid:")
    for part in ("values", "appearances", "keys", "id:npr:764153179/768167031", "a.html"):
        assert part in text
    line = json.loads(stocked("show", "1", "--format", "jsonl").stdout)
    title = next(o for o in line["origins"] if o["field"] == "title")
    assert {"rule", "document", "seen_at", "chosen", "value"} < title.keys()
    assert (line["id"], line["hidden"], line["aliases"], line["edits"]) == (1, False, [], [])


def test_edit_tag_and_hide_hold_after_adding_again(stocked: Podcat, folder: Path) -> None:
    edited = said(stocked, "edit", "1", "--title", "Mine", "--duration", "1:02", "--language", "kk")
    assert edited == (0, "1: changed")
    assert said(stocked, "edit", "1", "--title", "Mine") == (0, "1: unchanged")
    assert said(stocked, "tag", "1", "Energy", "Gas") == (0, "1: tagged")
    assert said(stocked, "tag", "1", "gas", "--remove") == (0, "1: tags removed")
    assert said(stocked, "hide", "2") == (0, "2: hidden")
    (folder / "a.html").write_text((folder / "a.html").read_text() + "<!-- corrected -->")
    assert stocked("add", folder, "--tag", "Gas").returncode == 0
    (line,) = map(json.loads, stocked("episodes", "--format", "jsonl").stdout.splitlines())
    assert (line["title"], line["duration"], line["language"], line["tags"]) == (
        "Mine", 62, "kk", ["Energy"],
    )  # fmt: skip
    assert "person/edit" in stocked("show", "1").stdout
    assert "\nhidden: in no list" in stocked("show", "2").stdout
    assert said(stocked, "hide", "2", "--show") == (0, "2: shown again")
    assert said(stocked, "edit", "1", "--clear", "title") == (0, "1: changed")
    assert "A report from Almaty" in stocked("episodes").stdout


def test_split_and_undo(stocked: Podcat, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text((tmp_path / "pages" / "a.html").read_text(), encoding="utf-8")
    assert stocked("add", "--url", "https://a.example/2", page).returncode == 0
    assert said(stocked, "split", "1", "--page", "https://a.example/2") == (0, "1: split off as 3")
    assert stocked("add", "--url", "https://a.example/2", page).returncode == 0
    assert len(stocked("episodes").stdout.splitlines()) == 4
    assert said(stocked, "split", "3", "--undo") == (0, "3: is part of 1")
    assert stocked("show", "3").stdout.startswith("1  ")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["show", "99"], "podcat: 99: no episode has this number"),
        (["edit", "1"], "podcat: edit: nothing is to be changed"),
        (["edit", "1", "--published", "soon"], "podcat: --published: soon cannot be read"),
        (["edit", "1", "--duration", "0"], "podcat: --duration: 0 cannot be read"),
        (["edit", "1", "--language", "?"], "podcat: --language: ? cannot be read"),
        (["tag", "1", "?!"], "podcat: ?!: has no word in it"),
        (["split", "1"], "podcat: split: give either --page or --undo"),
        (["split", "1", "--page", "x"], "podcat: x: the episode is on no such page"),
        (["split", "1", "--undo"], "podcat: 1: no split made this episode"),
        (["hide", "x"], "podcat: x: no episode has this number"),
    ],
)
def test_what_cannot_be_is_one_line(stocked: Podcat, arguments: list[str], line: str) -> None:
    code, text = said(stocked, *arguments)
    assert (code, "\n" in text) == (2, False)
    assert text.startswith(line)


@pytest.mark.parametrize("command", ["show", "edit", "tag", "hide", "split"])
def test_help_has_an_example(podcat: Podcat, command: str) -> None:
    assert "Example: podcat" in podcat(command, "--help").stdout
