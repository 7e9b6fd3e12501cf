"""`podcat worker` on SQLite: alone, stopped, killed; and from a changed source to whoever listens."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from test_work_cluster import EACH, HOSTS, MP3, overlaps, serving

from podcat.catalogue import Catalogue, open_catalogue
from podcat.model import Selection

sys.path.insert(0, str(Path(__file__).parents[1] / "resolve"))

from known_hosts import run


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Iterator[tuple[Any, list[str]]]:
    with serving() as served:
        yield served


def opened(folder: Path) -> Catalogue:
    return open_catalogue(f"sqlite:///{folder}/podcat.db")


def watched(folder: Path, hosts: int = HOSTS) -> None:
    with opened(folder) as catalogue:
        for number in range(hosts):
            catalogue.watch(f"http://h{number}.example/page", ("t",), 0, 3600)


def start(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "podcat", "worker", *arguments],
        cwd=folder, env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


QUICKLY = ("--per-host", "1", "--interval", "0.05")


def until(condition: Any, process: subprocess.Popen[str]) -> None:
    while not condition():
        assert process.poll() is None
        time.sleep(0.02)


def test_one_at_a_time_and_a_killed_one_loses_nothing(
    tmp_path: Path, site: tuple[Any, list[str]], environment: dict[str, str]
) -> None:
    server, options = site
    watched(tmp_path, 6)
    one = start(tmp_path, environment, "--hosts", "3", *QUICKLY, *options)
    until(lambda: len(server.asked) > 20, one)
    second = run(tmp_path, "worker", "--once", code=2)
    path = tmp_path / "podcat.db"
    assert second.stderr == (
        f"podcat: {path.name}: another worker is at work on it; "
        "one does all that is due; on PostgreSQL there can be many\n"
    )
    one.kill()
    one.communicate()
    before = len(server.asked)
    said = run(tmp_path, "worker", "--until-idle", *QUICKLY, *options).stderr
    assert "in all: " in said
    with opened(tmp_path) as catalogue:
        assert catalogue.count() == catalogue.count(Selection(playable=True)) == 6 * EACH
        assert all(one.media_bytes == len(MP3) for one in catalogue.episodes(limit=500).episodes)
        assert catalogue.due(int(time.time()), 9) == ()
    overlaps(server.asked[:before])
    overlaps(server.asked[before:])
    assert "nothing was due" in run(tmp_path, "worker", "--once", *options).stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_asked_to(
    tmp_path: Path, site: tuple[Any, list[str]], environment: dict[str, str], number: int
) -> None:
    server, options = site
    watched(tmp_path)
    one = start(tmp_path, environment, "--hosts", "2", *QUICKLY, *options)
    until(lambda: len(server.asked) > 4, one)
    one.send_signal(number)
    said = one.communicate(timeout=30)[1]
    assert one.returncode == 130
    assert said.startswith(("stopping: ", "h"))
    assert "Traceback" not in said
    with opened(tmp_path) as catalogue:
        assert 0 < len(catalogue.due_sources(int(time.time()), 99)) < HOSTS


# ---------------------------------------------------------------- who listens


class _Hub(BaseHTTPRequestHandler):
    server: Any

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.pings.append({value for name, value in parse_qsl(form) if name == "hub.url"})
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Tests print nothing."""


@contextmanager
def hub() -> Iterator[tuple[str, list[set[str]]]]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Hub) as server:
        server.pings = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", server.pings  # type: ignore[attr-defined]
        server.shutdown()


def test_what_is_new_is_in_its_feed_and_the_hub_knows(
    tmp_path: Path, site: tuple[Any, list[str]]
) -> None:
    _, options = site
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds/t.toml").write_text(
        'title = "T"\ndescription = "T"\nitems = "playable"\n[selection]\ntag = "t"\n'
    )
    (tmp_path / "feeds/other.toml").write_text(
        'title = "O"\ndescription = "O"\n[selection]\ntag = "other"\n'
    )
    watched(tmp_path, 1)
    with hub() as (address, pings):
        settings = f'hub = "{address}"\nbase_url = "https://podcat.example"\n'
        (tmp_path / "podcat.toml").write_text(settings)
        said = run(tmp_path, "worker", "--until-idle", *QUICKLY, *options).stderr
        assert "https://podcat.example/feeds/t.rss" in set().union(*pings)
        assert {"https://podcat.example/feeds/other.rss"} & set().union(*pings) == set()
        batches = len([line for line in said.splitlines() if " new" in line or " found" in line])
        assert 1 < len(pings) <= batches  # not one an episode
        told = len(pings)
        run(tmp_path, "worker", "--until-idle", *QUICKLY, *options)
        assert len(pings) == told
    run(tmp_path, "feed", "t", "-o", "t.rss")
    feed = (tmp_path / "t.rss").read_text()
    assert feed.count("<enclosure") == EACH
    assert f'length="{len(MP3)}"' in feed


def test_what_cannot_be_asked_is_left_for_later(tmp_path: Path) -> None:
    with opened(tmp_path) as catalogue:
        catalogue.watch("http://127.0.0.1:9/page", (), 0, 3600)
    said = run(tmp_path, "worker", "--until-idle").stderr
    assert "127.0.0.1: 1 source looked at, 1 failed" in said
    table = run(tmp_path, "watch", "list").stdout
    assert "its robots.txt gives no answer" in table
    assert "leads to the private address 127.0.0.1" in table


def test_a_folder_that_takes_no_lock_is_one_line(tmp_path: Path) -> None:
    opened(tmp_path).close()
    (tmp_path / "podcat.db-worker").mkdir()
    said = run(tmp_path, "worker", "--once", code=2).stderr
    assert said.endswith("; a worker locks this file: make its folder writable\n")
    assert said.startswith("podcat: podcat.db-worker: cannot be used")
