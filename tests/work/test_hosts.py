"""What hosts want holds for whatever a worker asks for, on each kind of database."""

from __future__ import annotations

import datetime as dt
import sys
import threading
import time
from collections.abc import Iterator
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "resolve"))

from known_hosts import MP3, run, world

from podcat.catalogue import Catalogue, Robots, open_catalogue
from podcat.model import Document, Embed, Page, Place
from podcat.net.guard import Names
from podcat.net.pace import Pace
from podcat.net.turns import RestingError
from podcat.net.watch import Watch
from podcat.work import batch
from podcat.work.hosts import Delays
from podcat.work.turns import Paced, Shared

BLOG, MEDIA, OTHER = "https://blog.example", "https://media.example", "https://other.example"
LATE = "https://late.example"
MONTHS_AGO = int(time.time()) - 80 * 86_400
QUICKLY = ("--timeout", "9", "--retries", "0", "--interval", "0")
Reply = world.Reply


class Web:
    """Hosts, a catalogue, and a worker."""

    def __init__(self, folder: Path, database: str, hosts: world.World, remaps: list[tuple[str, str]]) -> None:  # fmt: skip
        self.folder, self.database, self.hosts = folder, database, hosts
        self.options = [part for pair in remaps for part in ("--remap", *pair)]

    def work(self, *more: str) -> str:
        return run(
            self.folder, "--database", self.database, "worker", *QUICKLY, *self.options, *more
        ).stderr

    def opened(self) -> Catalogue:
        return open_catalogue(self.database)

    def watch(self, *urls: str) -> None:
        with self.opened() as catalogue:
            for url in urls:
                catalogue.watch(url, (), 0, 3600)

    def sounds(self, *urls: str) -> None:
        embeds = tuple(
            Embed("audio-file", Place(), title=url, audio_url=url,
                  provenance={"audio_url": "html/audio", "title": "html/audio"})
            for url in urls
        )  # fmt: skip
        page = f"{BLOG}/{len(urls)}"
        with self.opened() as catalogue:
            catalogue.store(Document(page, page.encode(), page), Page(url=page, embeds=embeds))

    def robots(self, origin: str, rules: str, read_at: int | None = None) -> None:
        with self.opened() as catalogue:
            catalogue.keep_robots(Robots(origin, read_at or int(time.time()), 200, rules))

    def pauses(self, host: str) -> list[float]:
        times = [when for url, when in self.hosts.times if url.startswith(host)]
        return [b - a for a, b in pairwise(times)]

    def kept(self, host: str, pause: float) -> bool:
        """Whether requests came that far apart: of all, since one is late where machines are busy."""
        pauses = self.pauses(host)
        return bool(pauses) and sum(pauses) > 0.8 * pause * len(pauses)

    def asked(self, host: str) -> list[str]:
        return [url for url in self.hosts.asked if url.startswith(host)]


@pytest.fixture(name="web")
def _web(tmp_path: Path, database: str) -> Iterator[Web]:
    replies = {f"{host}/robots.txt": [Reply(404, "none")] for host in (BLOG, MEDIA, OTHER, LATE)}
    for host in (MEDIA, OTHER):
        replies |= {f"{host}/{n}.mp3": [world.file(MP3)] for n in range(5)}
    for n in range(5):
        replies[f"{BLOG}/{n}"] = [world.html("nothing")]
        replies[f"{LATE}/{n}.mp3"] = [world.to(f"{MEDIA}/{n}.mp3")]
    with world.serving(replies) as (hosts, remaps):
        yield Web(tmp_path, database, hosts, remaps)


def test_a_crawl_delay_holds_for_files_and_links_whoever_learned_it(web: Web) -> None:
    web.sounds(f"{MEDIA}/0.mp3", f"{MEDIA}/1.mp3", f"{LATE}/2.mp3")
    web.robots("http://media.example:8080", "User-agent: *\nCrawl-delay: 0.3", MONTHS_AGO)
    web.robots("https://media.example.evil", "User-agent: *\nCrawl-delay: 200")
    web.work("--until-idle")
    assert len(web.asked(MEDIA)) >= 5
    assert web.kept(MEDIA, 0.3)


def test_the_page_after_a_robots_txt_waits_as_that_says(web: Web) -> None:
    web.watch(f"{BLOG}/1", f"{BLOG}/2")
    web.hosts._replies[f"{BLOG}/robots.txt"] = [Reply(200, "User-agent: podcat\nCrawl-delay: .4")]
    web.work("--until-idle")
    assert len(web.pauses(BLOG)) == 2
    assert web.kept(BLOG, 0.4)


def test_a_crawl_delay_outlives_the_worker(web: Web) -> None:
    web.watch(f"{BLOG}/1")
    web.robots(BLOG, "User-agent: *\nCrawl-delay: 1.2")
    web.work("--once")
    web.watch(f"{BLOG}/2")
    web.work("--once")
    assert web.kept(BLOG, 1.2)


def test_long_pauses_hold_nobody_up(web: Web) -> None:
    web.watch(*(f"{BLOG}/{n}" for n in range(5)))
    web.robots(BLOG, "User-agent: *\nCrawl-delay: 299")
    web.sounds(f"{MEDIA}/0.mp3")
    began = time.monotonic()
    said = web.work("--once")
    assert "blog.example: 1 source looked at" in said
    assert time.monotonic() - began < 60
    with web.opened() as catalogue:
        assert len(catalogue.due_sources(int(time.time()), 9)) == 4
        assert 290 < catalogue.resting_hosts(int(time.time()))["blog.example"] - time.time() <= 300
    assert web.work("--once") == "in all: nothing was due\n"


def test_until_idle_waits_for_a_host_that_rests_between_its_turns(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "TURN", 1.0)
    web.watch(f"{BLOG}/1", f"{BLOG}/2", f"{BLOG}/3")
    web.robots(BLOG, "User-agent: *\nCrawl-delay: 0.6")
    said = web.work("--until-idle")
    assert said.count("blog.example: 1 source looked at") == 3
    assert web.kept(BLOG, 0.6)


class _Slow:
    """A host that may be asked in an hour."""

    def ask(self, *_: object) -> tuple[float, float]:
        return 3600.0, 0.0


def test_a_worker_that_ends_waits_for_nobody(catalogue: Catalogue) -> None:
    stop = threading.Event()
    turns = Paced(Pace(), _Slow(), Delays(catalogue), stop.is_set)
    threading.Timer(0.3, stop.set).start()
    began = time.monotonic()
    with Watch(60.0, Names()) as watch, pytest.raises(RestingError), turns.at("a.example", watch):
        pass
    assert 0.25 < time.monotonic() - began < 20


class _Taken(_Slow):
    def take(self, host: str) -> bool:  # noqa: ARG002
        return False

    def give(self, host: str) -> None:  # noqa: ARG002
        raise AssertionError


def test_a_worker_that_ends_waits_for_no_other_worker(catalogue: Catalogue) -> None:
    turns = Shared(Pace(), _Taken(), Delays(catalogue), lambda: True)
    began = time.monotonic()
    with Watch(60.0, Names()) as watch, pytest.raises(RestingError), turns.at("a.example", watch):
        pass
    assert time.monotonic() - began < 5


def _date() -> str:
    return format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=5000), usegmt=True)


@pytest.mark.parametrize(("status", "after"), [(429, "5000"), (503, "date")])
def test_a_retry_after_heard_by_a_file_rests_its_host(web: Web, status: int, after: str) -> None:
    stated = _date() if after == "date" else after
    web.hosts._replies[f"{MEDIA}/0.mp3"] = [Reply(status, "", {"Retry-After": stated})]
    web.sounds(f"{MEDIA}/0.mp3")
    web.work("--once")
    assert len(web.asked(MEDIA)) == 1
    with web.opened() as catalogue:
        rests = catalogue.resting_hosts(int(time.time()))["media.example"] - time.time()
    assert 4900 < rests <= 5001
    # Neither other files there, nor what redirects there, nor links.
    web.sounds(f"{MEDIA}/1.mp3", f"{LATE}/2.mp3", f"{OTHER}/3.mp3")
    web.work("--once")
    assert len(web.asked(MEDIA)) == 1
    assert web.asked(LATE)
    with web.opened() as catalogue:
        found = {one.title: one.media_bytes for one in catalogue.episodes().episodes}
        assert found[f"{OTHER}/3.mp3"] == len(MP3)
        assert found[f"{LATE}/2.mp3"] is None
        assert [one.state for one in catalogue.recall([f"{LATE}/2.mp3"], 0).values()] == []


def test_a_short_retry_after_is_waited_for(web: Web) -> None:
    busy = Reply(429, "", {"Retry-After": "1"})
    web.hosts._replies[f"{MEDIA}/0.mp3"] = [busy, world.file(MP3)]
    web.sounds(f"{MEDIA}/0.mp3")
    web.work("--until-idle", "--retries", "1")
    assert web.pauses(MEDIA)[0] >= 0.95
    with web.opened() as catalogue:
        assert [one.media_bytes for one in catalogue.episodes().episodes] == [len(MP3)]


def test_moments_that_were_kept_while_the_clock_was_wrong_count_for_nothing(web: Web) -> None:
    now, wrong = int(time.time()), int(time.time()) + 5 * 365 * 86_400
    web.watch(f"{BLOG}/1")
    web.robots(BLOG, "User-agent: *\nDisallow: /", read_at=wrong)
    with web.opened() as catalogue:
        catalogue._db.run("UPDATE sources SET next_at = :wrong", wrong=wrong)
        catalogue.rest_host("blog.example", wrong)
        catalogue._db.run("UPDATE hosts SET asked_at = :wrong", wrong=wrong * 1000)
        turns = catalogue.host_locks() or catalogue.host_turns()
        assert turns.ask("blog.example", 2.0, 4, 10.0)[0] <= 10
        assert turns.ask("new.example", 2.0, 4, 10.0)[0] == 0
        turns.close()
        assert catalogue.resting_hosts(now) == {}
        catalogue._db.run("UPDATE hosts SET asked_at = 0")
    web.work("--once")
    assert f"{BLOG}/1" in web.asked(BLOG)
