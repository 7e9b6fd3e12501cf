"""A WebSub hub is told of the feeds that a command changed, and never keeps the command from it."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

Podcat = Callable[..., subprocess.CompletedProcess[str]]
Pings = list[list[tuple[str, str]]]

BASE = "https://podcat.example/p"
KAZAKHSTAN = 'title = "K"\ndescription = "K"\n[selection]\ntag = "kazakhstan"\n'
FRANCE = 'title = "F"\ndescription = "F"\nitems = "playable"\n'


class _Hub(BaseHTTPRequestHandler):
    """Takes what it is told, slowly or not at all where its path says so."""

    server: Any

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
        self.server.pings.append(parse_qsl(self.rfile.read(length).decode(), strict_parsing=True))
        status = int(self.path.rpartition("/")[2] or 204)
        self.send_response(status)
        if status == 307:
            self.send_header("Location", "/")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """The forms are the log."""


@pytest.fixture
def hub() -> Iterator[tuple[str, Pings]]:
    """The address of a hub, and the forms it was sent."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Hub) as server:
        server.pings = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", server.pings  # type: ignore[attr-defined]
        server.shutdown()


@pytest.fixture
def settle(tmp_path: Path) -> Callable[..., None]:
    """Writes the settings: two declared feeds, a base URL, a hub."""

    def write(hub: str, base: str = f'base_url = "{BASE}"') -> None:
        (tmp_path / "podcat.toml").write_text(f'hub = "{hub}"\n{base}\n')
        (tmp_path / "feeds").mkdir(exist_ok=True)
        (tmp_path / "feeds/kazakhstan.toml").write_text(KAZAKHSTAN)
        (tmp_path / "feeds/files.toml").write_text(FRANCE)

    return write


def topics(*names: str) -> list[tuple[str, str]]:
    """The form that tells of these feeds."""
    urls = [f"{BASE}/feeds/{name}.{face}" for name in names for face in ("rss", "json")]
    return [("hub.mode", "publish"), *(("hub.url", url) for url in urls)]


def test_the_feeds_that_changed_are_told_once(
    podcat: Podcat, page: Path, hub: tuple[str, Pings], settle: Callable[..., None]
) -> None:
    url, pings = hub
    settle(url)
    done = podcat("add", "--tag", "Kazakhstan", page)
    assert (done.returncode, done.stderr) == (0, "")
    assert pings == [topics("newest", "kazakhstan")]
    podcat("add", "--tag", "Kazakhstan", page)
    assert len(pings) == 1  # nothing changed
    page.write_text(page.read_text().replace("764153179", "864153179"))
    podcat("add", page)  # what is new on it has no such tag
    assert pings[1:] == [topics("newest")]


def test_edits_and_imports_are_told_too(
    podcat: Podcat, page: Path, hub: tuple[str, Pings], settle: Callable[..., None], tmp_path: Path
) -> None:
    url, pings = hub
    podcat("add", "--tag", "Kazakhstan", page)
    (tmp_path / "all.jsonl").write_text(podcat("export").stdout)
    settle(url)
    for command in (
        ("edit", "1", "--title", "Said better"), ("hide", "1"), ("--database",
        f"sqlite:///{tmp_path}/other.db", "import", "all.jsonl"),
    ):  # fmt: skip
        done = podcat(*command)
        assert (done.returncode, done.stderr) == (0, "")
    assert pings == [topics("newest", "kazakhstan")] * 3
    podcat("show", "1")
    podcat("episodes")
    assert len(pings) == 3


def test_what_was_kept_from_the_browser_is_told_by_the_next_command(
    podcat: Podcat, page: Path, hub: tuple[str, Pings], settle: Callable[..., None], tmp_path: Path
) -> None:
    from podcat.catalogue import open_catalogue

    url, pings = hub
    podcat("add", "--tag", "Kazakhstan", page)
    settle(url)
    with open_catalogue(f"sqlite:///{tmp_path}/podcat.db") as catalogue:
        catalogue.owe_hub()
    for _ in range(2):
        podcat("add", "--tag", "Kazakhstan", page)
        assert pings == [topics("newest", "kazakhstan")]


@pytest.mark.parametrize("says", ["500 Internal Server Error", "307 Temporary Redirect"])
def test_a_hub_that_refuses_is_a_note(
    podcat: Podcat, page: Path, hub: tuple[str, Pings], settle: Callable[..., None], says: str
) -> None:
    url, pings = hub
    settle(url + says[:3])
    done = podcat("add", page)
    assert (done.returncode, done.stdout[:5]) == (0, "1 new")
    advice = "feeds are read all the same, only later"
    assert done.stderr == f"hub {url}{says[:3]}: answers {says}; {advice}\n"
    assert len(pings) == 1
    assert podcat("--quiet", "edit", "1", "--title", "x").stderr == ""


def test_no_hub_there_is_a_note(podcat: Podcat, page: Path, settle: Callable[..., None]) -> None:
    settle("http://127.0.0.1:9/")
    done = podcat("add", page)
    assert (done.returncode, done.stdout[:5]) == (0, "1 new")
    assert done.stderr == (
        "hub http://127.0.0.1:9/: cannot be fetched: its host refuses the connection; "
        "feeds are read all the same, only later\n"
    )


def test_without_a_base_url_there_is_nothing_to_tell(
    podcat: Podcat, page: Path, hub: tuple[str, Pings], settle: Callable[..., None]
) -> None:
    settle(hub[0], base="")
    done = podcat("add", page)
    assert done.returncode == 0
    assert done.stderr == f"{hub[0]}: is not told of changes while there is no base_url\n"
    assert hub[1] == []


def test_a_declaration_that_is_wrong_keeps_nothing_from_being_added(
    podcat: Podcat, page: Path, hub: tuple[str, Pings], settle: Callable[..., None], tmp_path: Path
) -> None:
    settle(hub[0])
    (tmp_path / "feeds/wrong.toml").write_text("titel = 1")
    done = podcat("add", page)
    assert (done.returncode, done.stdout[:5]) == (0, "1 new")
    assert "feeds/wrong.toml" in done.stderr
    assert hub[1] == []


def test_a_hub_is_an_address(podcat: Podcat, page: Path, settle: Callable[..., None]) -> None:
    settle("hub.example")
    done = podcat("add", page)
    assert done.returncode == 2
    assert "podcat.toml: hub is not an address: hub.example" in done.stderr


def test_a_private_feed_is_nobody_elses_business(
    podcat: Podcat, page: Path, hub: tuple[str, Pings], settle: Callable[..., None], tmp_path: Path
) -> None:
    url, pings = hub
    settle(url)
    (tmp_path / "feeds/kazakhstan.toml").write_text(f"private = true\n{KAZAKHSTAN}")
    podcat("add", "--tag", "Kazakhstan", page)
    told = {value for form in pings for name, value in form if name == "hub.url"}
    assert told
    assert not [topic for topic in told if "kazakhstan" in topic]
