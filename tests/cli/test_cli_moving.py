"""`podcat export`, `import`, `backup`, `doctor`."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

Podcat = Callable[..., subprocess.CompletedProcess[str]]

FEED = """<rss version="2.0"><channel><title>Sea Hour</title><item><title>Ice</title>
<enclosure url="https://cdn.example/ice.mp3" type="audio/mpeg" length="1"/></item></channel></rss>"""


@pytest.fixture
def stocked(podcat: Podcat, folder: Path) -> Podcat:
    """Two episodes in a catalogue, one of them edited."""
    assert podcat("add", folder).returncode == 0
    assert podcat("edit", "1", "--title", "Mine").returncode == 0
    return podcat


def test_out_and_in_again(stocked: Podcat, tmp_path: Path) -> None:
    exported = stocked("export").stdout
    (tmp_path / "out.jsonl").write_text(exported, encoding="utf-8")
    other = ("--database", "sqlite:///other.db")
    done = stocked(*other, "import", "out.jsonl")
    assert (done.returncode, done.stdout) == (
        0, "out.jsonl: 2 new episodes; 2 new documents, 0 known\n",
    )  # fmt: skip
    assert stocked(*other, "export").stdout == exported
    again = stocked(*other, "import", "-", text=exported)
    assert again.stdout == "-: 0 new episodes; 0 new documents, 2 known\n"
    assert stocked(*other, "export").stdout == exported
    assert all(json.loads(line)["kind"] for line in exported.splitlines())


def test_a_feed_comes_in_and_again(podcat: Podcat, tmp_path: Path) -> None:
    (tmp_path / "feed.rss").write_text(FEED, encoding="utf-8")
    assert podcat("import", "feed.rss").stdout == "feed.rss: 1 new, 0 changed, 0 unchanged\n"
    assert podcat("import", "feed.rss").stdout == "feed.rss: 0 new, 0 changed, 1 unchanged\n"
    (line,) = map(json.loads, podcat("episodes", "--format", "jsonl").stdout.splitlines())
    assert (line["title"], line["programme"], line["playable"]) == ("Ice", "Sea Hour", True)


def test_our_own_feed_brings_nothing_new(stocked: Podcat, tmp_path: Path) -> None:
    (tmp_path / "all.toml").write_text('title = "All"\ndescription = "All"\nitems = "all"\n')
    assert stocked("feed", "all.toml", "-o", "all.rss").returncode == 0
    assert stocked("import", "all.rss").stdout.startswith("all.rss: 0 new")


@pytest.fixture
def server() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/feed.rss"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "application/rss+xml")
            self.end_headers()
            self.wfile.write(FEED.encode() if found else b"")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_opml_is_listed_and_fetched_only_when_told(
    podcat: Podcat, tmp_path: Path, server: str
) -> None:
    (tmp_path / "x.opml").write_text(
        f'<opml><body><outline text="Sea" xmlUrl="{server}/feed.rss"/>'
        f'<outline xmlUrl="{server}/gone"/></body></opml>'
    )
    listed = podcat("import", "x.opml")
    assert (listed.returncode, listed.stdout) == (0, f"{server}/feed.rss  Sea\n{server}/gone\n")
    assert "--follow" in listed.stderr
    followed = podcat("import", "--follow", "--allow-private", "x.opml")
    assert followed.returncode == 1
    assert followed.stdout == f"{server}/feed.rss: 1 new, 0 changed, 0 unchanged\n"
    assert f"{server}/gone" in followed.stderr
    assert podcat("import", "--follow", "x.opml").returncode == 1  # private addresses are guarded


def test_a_backup_and_a_good_doctor(stocked: Podcat, tmp_path: Path) -> None:
    assert stocked("backup", "copy.db").returncode == 0
    copy = ("--database", "sqlite:///copy.db")
    assert stocked(*copy, "export").stdout == stocked("export").stdout
    done = stocked("doctor")
    assert (done.returncode, done.stdout) == (0, "the catalogue is well\n")


def test_the_doctor_says_what_to_do_and_does_it(stocked: Podcat, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "podcat.db")) as connection, connection:
        connection.execute("DELETE FROM search")
    ill = stocked("doctor")
    assert (ill.returncode, ill.stdout) == (
        1, "the search index is wrong for 2 episodes; podcat doctor --fix rebuilds it\n",
    )  # fmt: skip
    mended = stocked("doctor", "--fix")
    assert (mended.returncode, mended.stdout) == (0, "the catalogue is well\n")
    assert "Mine" in stocked("episodes", "--q", "mine").stdout


@pytest.mark.parametrize(
    ("arguments", "text", "code", "line"),
    [
        (["import", "nowhere.xml"], "", 2, "podcat: nowhere.xml: there is no such file"),
        (["import", "-"], "words", 1, "-: is no feed"),
        (["import", "-"], '{"kind": "x"}', 1, "-: line 1 is not of an export"),
        (["import", "-"], "", 1, "-: is no feed"),
        (["backup", "nowhere/x.db"], "", 2, "podcat: nowhere/x.db: cannot be written"),
        (["backup", "podcat.db"], "", 2, "podcat: podcat.db: cannot be the copy"),
    ],
)
def test_what_cannot_be_is_one_line(
    stocked: Podcat, arguments: list[str], text: str, code: int, line: str
) -> None:
    done = stocked(*arguments, text=text)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(line)


@pytest.mark.parametrize("command", ["export", "import", "backup", "doctor"])
def test_help_has_an_example(podcat: Podcat, command: str) -> None:
    assert "Example: podcat" in podcat(command, "--help").stdout
