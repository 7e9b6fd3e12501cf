"""`podcat feed --lint` and `podcat check` on feeds, as people call them."""

from __future__ import annotations

import gzip
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

Podcat = Callable[..., subprocess.CompletedProcess[str]]
Golden = Callable[[Path, bytes], None]

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
EXPECTED = HERE / "expected"
BASE = {"PODCAT_BASE_URL": "https://podcat.example"}


@pytest.fixture
def feeds(tmp_path: Path) -> Path:
    """A folder of feeds, good and bad; the working folder."""
    for name in ("item-title.fail.rss", "guid.fail.rss", "opml-text.fail.opml", "json-id.fail.json",
                 "atom-date.fail.atom", "well-formed.fail.rss", "guid.pass.rss"):  # fmt: skip
        (tmp_path / name).write_bytes((HERE / "cases" / name).read_bytes())
    (tmp_path / "npr.rss").write_bytes((HERE / "hosts" / "npr.rss").read_bytes())
    return tmp_path


@pytest.fixture
def ours(podcat: Podcat, tmp_path: Path) -> Path:
    """The seeds in a catalogue, and their declared feed."""
    (tmp_path / "feeds").mkdir()
    declared = (ROOT / "feeds" / "kazakhstan.toml").read_text(encoding="utf-8")
    (tmp_path / "feeds" / "kazakhstan.toml").write_text(declared, encoding="utf-8")
    assert podcat("add", ROOT / "seeds", env={"SOURCE_DATE_EPOCH": "1642636800"}).returncode == 0
    return tmp_path


# ---------------------------------------------------------------- podcat feed --lint


def test_our_own_feed_has_no_error(podcat: Podcat, ours: Path, golden: Golden) -> None:
    done = podcat("feed", "--lint", "kazakhstan", env=BASE)
    assert (done.returncode, done.stderr) == (0, "")
    golden(EXPECTED / "kazakhstan.txt", done.stdout.encode())


def test_the_committed_feed_is_what_lint_sees(podcat: Podcat) -> None:
    done = podcat("feed", "--lint", "--format", "jsonl", ROOT / "feeds" / "kazakhstan.rss")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert {f["rule"] for f in found if f["severity"] != "advice"} == {"nothing-to-play"}
    assert done.returncode == 0


def test_a_feed_of_another_as_a_table(podcat: Podcat, feeds: Path, golden: Golden) -> None:
    done = podcat("feed", "--lint", "npr.rss")
    assert (done.returncode, done.stderr) == (0, "")
    golden(EXPECTED / "npr.txt", done.stdout.encode())


def test_a_line_for_every_place_when_asked(podcat: Podcat, feeds: Path) -> None:
    table = podcat("feed", "--lint", "npr.rss", "--verbose").stdout
    assert table.count("itunes:explicit is no") == 2
    assert "(+1)" not in table


@pytest.mark.parametrize(
    "name", ["item-title.fail.rss", "json-id.fail.json", "atom-date.fail.atom", "opml-text.fail.opml"]
)  # fmt: skip
def test_a_feed_as_json_lines(podcat: Podcat, feeds: Path, golden: Golden, name: str) -> None:
    done = podcat("feed", "--lint", "--format", "jsonl", name)
    errors = [f for f in map(json.loads, done.stdout.splitlines()) if f["severity"] == "error"]
    assert done.returncode == (1 if errors else 0)
    assert done.stderr == ""
    golden(EXPECTED / f"{name}.jsonl", done.stdout.encode())


def test_a_feed_from_standard_input(podcat: Podcat) -> None:
    text = (HERE / "cases" / "item-title.fail.rss").read_text(encoding="utf-8")
    done = podcat("feed", "--lint", "-", text=text)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "-: 1 error"


def test_a_feed_that_is_compressed(podcat: Podcat, tmp_path: Path) -> None:
    data = (HERE / "cases" / "item-title.fail.rss").read_bytes()
    (tmp_path / "feed.rss.gz").write_bytes(gzip.compress(data))
    assert podcat("feed", "--lint", "feed.rss.gz").returncode == 1


def test_a_good_feed_says_so(podcat: Podcat, feeds: Path) -> None:
    done = podcat("feed", "--lint", "guid.pass.rss")
    assert (done.returncode, done.stdout) == (0, "guid.pass.rss: nothing to complain of\n")


@pytest.fixture
def address() -> Iterator[str]:
    """Where a feed is served that says it is elsewhere."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.end_headers()
            self.wfile.write((HERE / "cases" / "guid.pass.rss").read_bytes())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/feed"
        server.shutdown()


def test_a_feed_at_an_address(podcat: Podcat, address: str) -> None:
    done = podcat("feed", "--lint", "--allow-private", "--format", "jsonl", address)
    (finding,) = map(json.loads, done.stdout.splitlines())
    assert (finding["rule"], finding["feed"]) == ("atom-self-other", address)
    assert done.returncode == 0


def test_a_private_address_is_not_asked(podcat: Podcat, address: str) -> None:
    done = podcat("feed", "--lint", address)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nowhere"], 2, "podcat: nowhere: no feed of that name in feeds; declare it in feeds/nowhere.toml\n"),
        (["page.html"], 1, "page.html: is no feed; give RSS, Atom, JSON Feed or OPML\n"),
        (["picture.png"], 1, "picture.png: is a PNG image, not a page; give a saved HTML page or a text extract\n"),
        (["large.rss"], 1, "large.rss: is 40 MB, more than the limit of 32 MB; raise document_bytes in podcat.toml if this is a page\n"),
        (["guid.pass.rss", "-o", "x"], 2, "podcat: --output: goes with printing the feed; leave it out with --lint\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_one_line(
    podcat: Podcat, feeds: Path, arguments: list[str], code: int, said: str
) -> None:
    (feeds / "page.html").write_text("<!DOCTYPE html><title>T</title>", encoding="utf-8")
    (feeds / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n0000")
    with (feeds / "large.rss").open("wb") as file:
        file.write(b'<rss version="2.0">')
        file.truncate(40 * 2**20)
    done = podcat("feed", "--lint", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", said)


def test_a_format_needs_something_to_format(podcat: Podcat) -> None:
    done = podcat("feed", "kazakhstan", "--format", "jsonl")
    assert (done.returncode, done.stderr) == (
        2, "podcat: --format: goes with --lint; add --lint or leave it out\n",
    )  # fmt: skip


def test_what_is_left_out_is_said(podcat: Podcat, tmp_path: Path) -> None:
    page = '<!DOCTYPE html><title>Talk</title><audio src="https://e.example/listen/1"></audio>'
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    (tmp_path / "files.toml").write_text(
        'title = "Files"\ndescription = "Files"\nitems = "playable"\n', encoding="utf-8"
    )
    assert podcat("add", "page.html").returncode == 0
    said = "files: left out “episode 1”: has no file that apps can play\n"
    done = podcat("feed", "files.toml")
    assert (done.returncode, done.stderr) == (0, said)
    assert "<item>" not in done.stdout
    assert podcat("feed", "--lint", "files.toml").stderr == said
    assert podcat("feed", "files.toml", "--quiet").stderr == ""


# ---------------------------------------------------------------- podcat check


def test_check_judges_feeds_as_well_as_links(podcat: Podcat, feeds: Path, golden: Golden) -> None:
    done = podcat("check", "--offline", "item-title.fail.rss", "opml-text.fail.opml")
    assert (done.returncode, done.stderr) == (1, "")
    golden(EXPECTED / "check.txt", done.stdout.encode())


def test_check_keeps_an_object_an_address(podcat: Podcat, feeds: Path) -> None:
    done = podcat("check", "--offline", "--format", "jsonl", "guid.fail.rss", "item-title.fail.rss")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert {f["kind"] for f in found} == {"page", "audio"}
    assert done.stderr.splitlines() == [
        "guid.fail.rss:19: warning (PSP-1): the item has no guid; apps take its file's address, and a new address makes a second episode",
        "item-title.fail.rss:19: error (Apple): the item has no title; Apple refuses it",
    ]
    assert done.returncode == 1


def test_check_fails_for_errors_only(podcat: Podcat, feeds: Path) -> None:
    assert podcat("check", "--offline", "guid.fail.rss").returncode == 0
    assert podcat("check", "--offline", "item-title.fail.rss").returncode == 1
    done = podcat("check", "--offline", "--quiet", "--format", "jsonl", "guid.fail.rss")
    assert done.stderr == ""


def test_check_of_a_feed_that_nobody_can_read(podcat: Podcat, feeds: Path) -> None:
    done = podcat("check", "--offline", "well-formed.fail.rss")
    assert done.returncode == 1
    assert "is not well-formed XML: an & or < stands alone; write &amp; or &lt;" in done.stdout
    assert "Traceback" not in done.stderr


def test_check_from_standard_input(podcat: Podcat, feeds: Path) -> None:
    done = podcat("check", "--offline", "-", text=(feeds / "npr.rss").read_text(encoding="utf-8"))
    assert done.returncode == 0
    assert "-: 5 warnings, 5 pieces of advice" in done.stdout


def test_check_of_pages_says_nothing_of_feeds(podcat: Podcat, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!DOCTYPE html><title>T</title>", encoding="utf-8")
    done = podcat("check", "--offline", "page.html")
    assert (done.returncode, done.stdout, done.stderr) == (0, "0 addresses\n", "")
