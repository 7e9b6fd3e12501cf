"""`podcat repair`: a diff, or the change itself, and what was done, a line each."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from podcat.catalogue import Check, open_catalogue
from podcat.check.history import standing

Podcat = Callable[..., subprocess.CompletedProcess[str]]
OLD = "http://www.npr.org/player/embed/1/2"
PAGE = f'<html><body>\n<iframe src="{OLD}"></iframe>\n</body></html>\n'
DONE = f"page.html:2: {OLD} -> https{OLD[4:]} (http players do not play in https pages)\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    found = tmp_path / "page.html"
    found.write_text(PAGE)
    found.chmod(0o640)
    return found


def test_it_prints_what_it_would_do(podcat: Podcat, page: Path) -> None:
    done = podcat("repair", page.name)
    assert (done.returncode, done.stderr) == (1, DONE)
    assert done.stdout.splitlines() == [
        "--- page.html", "+++ page.html", "@@ -1,3 +1,3 @@", " <html><body>",
        f'-<iframe src="{OLD}"></iframe>', f'+<iframe src="https{OLD[4:]}"></iframe>',
        " </body></html>",
    ]  # fmt: skip
    assert page.read_text() == PAGE


def test_it_does_it_once(podcat: Podcat, page: Path) -> None:
    done = podcat("repair", "--write", page.name)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", DONE)
    assert page.read_text() == PAGE.replace("http:", "https:")
    assert page.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in page.parent.iterdir()] == ["page.html"]
    for again in (["repair"], ["repair", "--write"]):
        done = podcat(*again, page.name)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "nothing to repair\n")


def test_a_link_to_a_file_stays_one(podcat: Podcat, page: Path) -> None:
    link = page.with_name("link.html")
    link.symlink_to(page.name)
    assert podcat("repair", "--write", link.name).returncode == 0
    assert link.is_symlink()
    assert "https:" in page.read_text()


def test_folders_and_what_is_packed(podcat: Podcat, page: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    page.rename(folder / "page.html")
    (folder / "packed.html.gz").write_bytes(b"\x1f\x8b\x08" + bytes(20))
    (folder / "notes.csv").write_text(OLD)
    done = podcat("repair", folder.name)
    assert (done.returncode, done.stderr) == (1, f"site/{DONE}")
    done = podcat("repair", "site/packed.html.gz")
    assert (done.returncode, done.stdout) == (1, "")
    assert "repair takes pages and texts that are not packed" in done.stderr


def test_what_a_check_has_found_to_have_moved(podcat: Podcat, tmp_path: Path) -> None:
    with open_catalogue(f"sqlite:///{tmp_path}/podcat.db") as catalogue:
        looks = [
            Check(
                "https://a.example/x",
                "page",
                "moved",
                5,
                status=301,
                suggestion="https://b.example/x",
            ),
            Check(
                "https://a.example/y",
                "page",
                "gone",
                5,
                status=404,
                suggestion="https://b.example/y",
            ),
        ]
        catalogue.record_checks(looks, standing)
    (tmp_path / "a.txt").write_text("https://a.example/x https://a.example/y\n")
    assert podcat("repair", "--write", "a.txt").returncode == 0
    assert (tmp_path / "a.txt").read_text() == "https://b.example/x https://a.example/y\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [((), "missing argument 'FILE...'"), (("none.html",), "none.html: there is no such file")],
)
def test_wrong_use(podcat: Podcat, arguments: tuple[str, ...], said: str) -> None:
    done = podcat("repair", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
