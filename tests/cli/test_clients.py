"""Real podcast clients against the real server: each subscribes, downloads, and comes back.

All of them are polled once, then a document is added while the server runs, then all are polled
again; the tests look at what each has on its disk, and at what the media host was asked for.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import clients
import media_host
import pytest
from clients import Client

pytestmark = pytest.mark.client

AT_ONCE = 3
PAGED = 'title = "Paged"\ndescription = "The archive in pages of three."\nlimit = 3\n'
PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>{title}</title><link rel="canonical" href="{url}">
<meta property="article:published_time" content="{date}T06:00:00Z"></head>
<body><h1>{title}</h1><p>Words about it.</p>{embeds}</body></html>
"""
PLAYER = '<iframe src="https://www.npr.org/player/embed/{0}1/{0}2" title="Report {0}"></iframe>'
# Of each page: its date, its files, its players.
FIRST = (
    ("2022-01-01", ("almaty", "astana"), ()),
    ("2022-01-02", ("oral",), ("76415317",)),
    ("2022-01-03", (), ("42835518", "42835519")),
    ("2022-01-04", ("semey", "taraz"), ("52835518",)),
)
LATER = ("2022-01-05", ("zhezqazghan",), ("62835518",))


@dataclass
class Newsroom:
    """A catalogue that is served, the pages that it was told of, and the host of their audio."""

    folder: Path
    host: media_host.Host
    base: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the tester's own settings."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PODCAT_", "SOURCE_DATE"))}
        return kept | {"HOME": str(self.folder), "PYTHONWARNINGS": "error"}

    def publish(self, date: str, files: tuple[str, ...], players: tuple[str, ...]) -> None:
        """A page for all who look, and its file for `podcat add`."""
        path = f"/pages/{date}.html"
        embeds = [self._sound(name) for name in files] + [PLAYER.format(p) for p in players]
        page = PAGE.format(
            title=f"News of {date}", url=self.host.url + path, date=date, embeds="".join(embeds)
        )
        self.host.put(path, "text/html; charset=utf-8", page.encode())
        (self.folder / "pages" / f"{date}.html").write_text(page, encoding="utf-8")

    def _sound(self, name: str) -> str:
        # Some addresses have a question, as those of hosts that count have.
        path = f"/audio/{name}.mp3" + ("?from=feed&d=1" if name == "oral" else "")
        url = self.host.put(path, "audio/mpeg", media_host.mp3(name))
        return f'<audio controls src="{url.replace("&", "&amp;")}" title="{name}"></audio>'

    def add(self) -> None:
        """`podcat add` of all pages."""
        command = [sys.executable, "-m", "podcat", "add", "--tag", "radio", "pages"]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")

    @contextmanager
    def serving(self) -> Iterator[None]:
        """`podcat serve` on a free port."""
        command = [sys.executable, "-m", "podcat", "serve", "--port", "0", "--workers", "1"]
        with subprocess.Popen(
            command, cwd=self.folder, env=self.environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            try:
                assert process.stderr
                lines = iter(process.stderr.readline, "")
                self.base = next(m[1] for line in lines if (m := re.match(r"podcat: (h\S+)", line)))
                yield
            finally:
                process.terminate()


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """With the first pages in it."""
    folder = tmp_path_factory.mktemp("newsroom")
    for name in ("pages", "feeds"):
        (folder / name).mkdir()
    (folder / "feeds/paged.toml").write_text(PAGED, encoding="utf-8")
    with media_host.running() as host:
        room = Newsroom(folder, host)
        for page in FIRST:
            room.publish(*page)
        room.add()
        with room.serving():
            yield room


# ---------------------------------------------------------------- all clients, polled twice


@dataclass
class Poll:
    """What one poll of one client led to."""

    said: str
    audio: list[bytes]
    got: Counter[str]
    """Which paths of the media host it was sent whole so far, and how often."""


Polls = dict[str, list[Poll | BaseException]]


@pytest.fixture(scope="module")
def polled(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Polls:
    """By client: what came of the poll before and of that after the new page."""
    here: list[Client] = []
    for kind in clients.ALL:
        if not kind.missing():
            home = tmp_path_factory.mktemp(kind.name)
            here.append(kind(home, newsroom.base, newsroom.host.url))
    before = _all_at_once(here, newsroom, first=True)
    newsroom.publish(*LATER)
    newsroom.add()
    after = _all_at_once(here, newsroom, first=False)
    return {name: [before[name], after[name]] for name in before}


def _all_at_once(
    here: list[Client], newsroom: Newsroom, *, first: bool
) -> dict[str, Poll | BaseException]:
    def one(client: Client) -> Poll:
        if first:
            client.subscribe()
        said = client.poll()
        return Poll(said, client.audio(), Counter(newsroom.host.got(client.agent)))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun: dict[str, Future[Poll]] = {c.name: pool.submit(one, c) for c in here}
    return {name: each.exception() or each.result() for name, each in begun.items()}


def _poll(polled: Polls, kind: type[Client], number: int) -> Poll:
    found = polled[kind.name][number]
    if isinstance(found, BaseException):
        raise found
    return found


def _marked(kind: type[Client]) -> object:
    reason = f"{Path(kind.program).name} is not installed"
    return pytest.param(kind, id=kind.name, marks=pytest.mark.skipif(kind.missing(), reason=reason))


every_client = pytest.mark.parametrize("kind", [_marked(kind) for kind in clients.ALL])


def sounds(*pages: tuple[str, tuple[str, ...], tuple[str, ...]]) -> list[bytes]:
    """What the files of pages hold."""
    return sorted(media_host.mp3(name) for _, files, _ in pages for name in files)


@every_client
def test_the_whole_archive_is_on_disk_byte_for_byte_and_nothing_else(
    polled: Polls, kind: type[Client]
) -> None:
    assert sorted(_poll(polled, kind, 0).audio) == sounds(*FIRST)


@every_client
def test_a_new_page_brings_its_recording_and_keeps_the_others(
    polled: Polls, kind: type[Client]
) -> None:
    assert sorted(_poll(polled, kind, 1).audio) == sounds(*FIRST, LATER)


@every_client
def test_nothing_is_downloaded_twice(polled: Polls, kind: type[Client]) -> None:
    second = _poll(polled, kind, 1)
    if kind is clients.YtDlp:
        # It looks at the beginning of every file again before it knows it: so its own word counts.
        assert second.said.count("Destination: ") == 1
        assert second.said.count("has already been recorded in the archive") == 5
    else:
        assert set(second.got.values()) == {1}
        assert len(second.got) == 6


@pytest.mark.skipif(clients.GPodder.missing(), reason="gpo is not installed")
def test_gpodder_lists_the_players_too(polled: Polls) -> None:
    said = _poll(polled, clients.GPodder, 0).said
    assert all(f"Report {player}" in said for *_, players in FIRST for player in players)


def test_nobody_asked_for_a_page_or_for_anything_outside(polled: Polls, newsroom: Newsroom) -> None:
    assert newsroom.host.outside == []
    assert {one.path.split("/")[1] for one in newsroom.host.asked} == {"audio"}


# ---------------------------------------------------------------- one client alone


def test_yt_dlp_takes_no_other_recording_of_the_page_for_a_players(
    newsroom: Newsroom, polled: Polls, tmp_path: Path
) -> None:
    """It goes by the link of an item without a file: that page had other audio on it."""
    with media_host.running() as elsewhere:
        client = clients.YtDlp(tmp_path, newsroom.base, elsewhere.url)
        said = client.follow("episodes.rss?since=2022-01-02&until=2022-01-02", fails=True)
        assert "Downloading 2 items of 2" in said
        # It goes to the player, which is none that it knows and is out of reach here.
        assert set(elsewhere.outside) == {"www.npr.org:443"}
    assert client.audio() == [media_host.mp3("oral")]


# ---------------------------------------------------------------- what they ask with


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_the_server_says_of_a_feed_what_clients_go_by(newsroom: Newsroom, coding: str) -> None:
    """The whole way, through the server that people run."""
    where = urlsplit(newsroom.base)
    assert where.hostname

    def ask(method: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection(str(where.hostname), where.port, timeout=60)
        asked = {"Accept-Encoding": coding} | {k.replace("_", "-"): v for k, v in headers.items()}
        connection.request(method, "/feeds/paged.rss", headers=asked)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer, data

    got, data = ask("GET")
    assert got.status == 200
    assert got.headers["Content-Length"] == str(len(data))
    assert got.headers.get("Content-Encoding", "identity") == coding
    assert got.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    for unwanted in ("Set-Cookie", "Location", "Transfer-Encoding"):
        assert unwanted not in got.headers
    head, nothing = ask("HEAD")
    assert (head.status, nothing) == (200, b"")
    for name in ("Content-Length", "ETag", "Vary", "Cache-Control", "Content-Encoding"):
        assert head.headers[name] == got.headers[name]
    answer, nothing = ask("GET", If_None_Match=got.headers["ETag"])
    assert (answer.status, nothing) == (304, b"")
    # In the first seconds after a change the date told lies before it, and gives no 304.
    for _ in range(300):
        answer, nothing = ask("GET", If_Modified_Since=answer.headers["Last-Modified"])
        if answer.status == 304:
            break
        time.sleep(0.1)
    assert (answer.status, nothing) == (304, b"")
