"""Dead addresses give way to working ones, and nothing else changes by a byte.

Each file in `repair/` has beside it what becomes of it (`NAME.repaired`) and what is said of that
(`NAME.diff`, the unified diff).
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podcat.check.patch import Edit, View, unified
from podcat.check.repair import addresses, better, edits
from podcat.model import Document

Golden = Callable[[Path, bytes], None]
FOLDER = Path(__file__).parent / "repair"
CASES = sorted(p for p in FOLDER.iterdir() if p.suffix in (".html", ".txt"))
PLAYER = "https://www.npr.org/player/embed/1/2"
FLASH = "http://www.npr.org/v2/?i=1&m=2&t=audio"


def test_no_orphans() -> None:
    expected = {case.name + end for case in CASES for end in (".repaired", ".diff", "")}
    assert {path.name for path in FOLDER.iterdir()} == expected


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_repaired_as_expected(case: Path, golden: Golden) -> None:
    document = Document(case.name, case.read_bytes())
    view, found = edits(document)
    repaired = view.patched(found)
    golden(case.with_name(case.name + ".repaired"), repaired)
    diff = "".join(f"{line}\n" for line in unified(case.name, view, found))
    golden(case.with_name(case.name + ".diff"), diff.encode())
    check_the_rest(document.data, view, found, repaired)
    assert edits(Document(case.name, repaired))[1] == []


def check_the_rest(data: bytes, view: View, found: list[Edit], repaired: bytes) -> None:
    """Outside of the changes the bytes are the same, in the same order."""
    width = {"utf-16": 2, "utf-32": 4}.get(view.encoding[:6], 1)
    place = other = 0
    for edit in found:
        start, end = edit.start * width, edit.end * width
        assert data[place:start] == repaired[other : other + start - place]
        other += start - place + len(edit.text) * width
        place = end
    assert data[place:] == repaired[other:]


@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
@pytest.mark.parametrize("name", ["flash.html", "places.html", "extract.txt", "crlf.txt"])
def test_git_applies_the_diff(name: str, tmp_path: Path) -> None:
    """What it makes of the diff is what --write makes; so for all that is UTF-8."""
    (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    diff = (FOLDER / f"{name}.diff").read_bytes()
    command = ["git", "apply", "-p0", "--whitespace=nowarn", "-"]
    subprocess.run(command, cwd=tmp_path, input=diff, check=True)
    assert (tmp_path / name).read_bytes() == (FOLDER / f"{name}.repaired").read_bytes()


# ---------------------------------------------------------------- one address


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (FLASH, PLAYER),
        (PLAYER.replace("https", "http"), PLAYER),
        (PLAYER + "%3Fautoplay%3D1", PLAYER),
        (PLAYER, None),
        ("https://web.archive.org/web/2010/" + FLASH, None),
        ("http://files.example/1.mp3", None),
        ("https://app.stitcher.com/splayer/f/1/2", None),
        ("http://[", None),
    ],
)
def test_what_is_better(url: str, expected: str | None) -> None:
    found = better(url)
    assert (found.url if found else None) == expected


def test_what_a_check_has_found() -> None:
    known = {"http://a.example/x": "http://b.example/", "http://b.example/": "https://c.example/x"}
    found = better("http://a.example/x", known)
    assert found
    assert (found.url, found.why) == ("https://c.example/x", "moved for good, as a check has seen")
    assert better("http://a.example/y", known) is None
    circle = {
        "http://a.example/x": "http://b.example/x",
        "http://b.example/x": "http://a.example/x",
    }
    assert better("http://a.example/x", circle) is None
    for wild in ('https://c.example/"onload=', "https://c.example/é", "javascript:x", "//x/ y"):
        assert better("http://a.example/x", {"http://a.example/x": wild}) is None
    page = Document("a.html", b'<a href="http://a.example/x">x</a> http://a.example/xy')
    view, found_edits = edits(page, known)
    assert view.patched(found_edits) == b'<a href="https://c.example/x">x</a> http://a.example/xy'
    assert addresses(page) == ["http://a.example/x", "http://a.example/xy"]


def test_where_it_stands() -> None:
    view, (first, second) = edits(Document("a.txt", f"a\r\n\rb {FLASH}\n{FLASH}".encode()))
    assert (view.line(first.start), view.line(second.start)) == (3, 4)


# ---------------------------------------------------------------- whatever comes

PIECES = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([
        b"<!--", b"-->", b"<script>", b"</script>", b"<object>", b"</object>", b"<embed src=\"",
        b"\">", b"\r\n", b"\n", b"'", b"&amp;", b"\\/", b"\xef\xbb\xbf", b"=",
        FLASH.encode(), FLASH.replace("&", "&amp;").encode(), b"http:\\/\\/www.npr.org\\/player\\/embed\\/1\\/2",
        b"http://www.npr.org/player/embed/1/2", b"https://anchor.fm/show/embed/episodes/T-e1",
    ]),
)  # fmt: skip


@given(st.lists(PIECES, max_size=16).map(b"".join), st.sampled_from(["", "utf-16-le", "utf-16-be"]))
def test_bytes_outside_of_changes_stay(data: bytes, wide: str) -> None:
    if wide:
        mark = b"\xff\xfe" if wide == "utf-16-le" else b"\xfe\xff"
        data = mark + data.decode("latin-1").encode(wide)
    document = Document("a", data)
    view, found = edits(document)
    repaired = view.patched(found)
    check_the_rest(data, view, found, repaired)
    assert "".join(unified("a", view, found)) or not found
    if View(Document("a", repaired)).encoding == view.encoding:
        assert edits(Document("a", repaired))[1] == []
