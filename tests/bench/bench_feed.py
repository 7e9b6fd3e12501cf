"""How fast feeds are rendered, joined and served, as ratios to feedgen and to bare servers.

    python tests/bench/bench_feed.py [--sizes 100,1000,10000] [--rounds 5] [--seconds 3]

Serving is measured by wrk (`apt install wrk`) on Granian with two workers; it is left out where
there is no wrk. The goals are printed beside the ratios; nothing fails by time.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import catalogue_fill as filling
from catalogue import race

from podcat.catalogue import Catalogue, open_catalogue
from podcat.catalogue.paging import Place
from podcat.feed import Channel, FeedPage, fragments, rss
from podcat.feed.media import enclosure
from podcat.feed.page import item_of
from podcat.model import Episode, Piece, Selection

BASE = "https://podcat.example"
PORT = 8765
PATH = "/tags/t0.rss"


def row(what: str, size: int, value: str, goal: str = "") -> None:
    """One line of the table."""
    print(f"{what:66} {size:>9,} {value:>12}   {goal}", flush=True)


# ---------------------------------------------------------------- rendering


def plain(episodes: tuple[Episode, ...]) -> bytes:
    """feedgen alone, with its own podcast extension, for the same items."""
    from feedgen.feed import FeedGenerator

    feed = FeedGenerator()
    feed.load_extension("podcast")
    feed.title("Feed")
    feed.link(href=BASE)
    feed.description("Feed")
    for episode in episodes:
        item = item_of(episode, BASE, enclosure(episode))
        entry = feed.add_entry(order="append")
        entry.title(item.title)
        entry.guid(episode.guid, permalink=False)
        entry.link(href=item.link)
        entry.description(item.description)
        entry.content(item.notes)
        entry.pubDate(item.published)
        for tag in episode.tags:
            entry.category({"term": tag})
        if file := item.enclosure:
            entry.enclosure(file.url, str(file.bytes or 0), file.type)
        entry.podcast.itunes_author(", ".join(item.authors))
        if episode.duration:
            entry.podcast.itunes_duration(episode.duration)
    return bytes(feed.rss_str(pretty=True))


def page_of(episodes: tuple[Episode, ...] = ()) -> FeedPage[Episode]:
    """A page that holds them all."""
    channel = Channel("bench", "Feed", "Feed", explicit=True)
    return FeedPage(channel, "guid", f"{BASE}/a.rss", f"{BASE}/a", BASE, episodes)


def stream(catalogue: Catalogue, most: int) -> Iterator[Piece]:
    """The newest episodes with their items, as the catalogue keeps them."""
    place = Place(min(most, 500))
    while most > 0:
        part = catalogue.pieces(Selection(), place, "newest", fragments.edition())
        yield from part.found[:most]
        most -= len(part.found)
        if part.next is None:
            return
        place = replace(place, after=part.next)


def joined(catalogue: Catalogue, most: int) -> Iterator[bytes]:
    """The feed of so many, in parts."""
    page = page_of()
    return fragments.join(page, fragments.head(page), stream(catalogue, most))


def rendering(catalogue: Catalogue, size: int, rounds: int) -> None:
    """Cold rendering, joining, and one new episode."""
    episodes = every(catalogue, size)
    whole = page_of(episodes)
    same = b"".join(joined(catalogue, size)) == rss.render(whole)
    row("joined is rendered, byte for byte", size, "yes" if same else "NO", "yes")
    contenders: dict[str, Callable[[], object]] = {
        "feedgen": lambda: plain(episodes),
        "cold": lambda: rss.render(whole),
        "joined": lambda: sum(map(len, joined(catalogue, size))),
    }
    found = race(rounds, contenders)
    row("plain feedgen, ms", size, f"{found['feedgen'] * 1000:.1f}")
    row("cold / feedgen", size, f"{found['cold'] / found['feedgen']:.2f}", "1.25")
    ratio = found["joined"] / found["feedgen"]
    row("joined from the catalogue / feedgen", size, f"{ratio:.3f}", "0.05 at 10,000")
    row("most memory of the join, MB", size, f"{peak(catalogue, size) / 1e6:.2f}", "the same")
    new = one_new(catalogue, rounds)
    row("a new episode (read, rendered, kept), ms", size, f"{new:.2f}", "the same")


def peak(catalogue: Catalogue, size: int) -> int:
    """Bytes held at most while a feed is joined and sent away."""
    tracemalloc.start()
    for _ in joined(catalogue, size):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def one_new(catalogue: Catalogue, rounds: int) -> float:
    """Milliseconds to render what one episode says and to keep it."""
    (episode,) = every(catalogue, 1)

    def renew() -> None:
        again = catalogue.by_ids([episode.id])
        catalogue.keep_fragments(again, fragments.render(again), fragments.edition())

    return race(rounds, {"new": renew})["new"] * 1000


def every(catalogue: Catalogue, most: int) -> tuple[Episode, ...]:
    """The newest episodes."""
    found: tuple[Episode, ...] = ()
    after = None
    while len(found) < most:
        listing = catalogue.episodes(after=after, limit=min(1000, most - len(found)))
        found += listing.episodes
        if (after := listing.next) is None:
            break
    return found


def keep_all(catalogue: Catalogue, most: int) -> None:
    """Renders the newest and keeps them, as visits would."""
    episodes = every(catalogue, most)
    for start in range(0, len(episodes), 500):
        part = episodes[start : start + 500]
        catalogue.keep_fragments(part, fragments.render(part), fragments.edition())


# ---------------------------------------------------------------- serving


def serving(database: str, rounds: int, seconds: int) -> None:
    """Requests a second through wrk, side by side on one server."""
    with served(database):
        tag = validator(PATH)
        asked = {
            "bare WSGI hello": ("/bare", ""),
            "Flask hello": ("/flask", ""),
            "304 through Flask": (f"/behind{PATH}", tag),
            "ready feed through Flask": (f"/behind{PATH}", ""),
            "304 in front of Flask": (PATH, tag),
            "ready feed in front of Flask": (PATH, ""),
            "list of 50, HTML": ("/episodes", ""),
        }
        speeds: dict[str, list[float]] = {name: [] for name in asked}
        for turn in range(rounds + 1):
            for name, (path, match) in asked.items():
                speed = wrk(path, match, seconds if turn else 1)
                if turn:  # the first round warms up
                    speeds[name].append(speed)
        tell({name: statistics.median(each) for name, each in speeds.items()})


def tell(found: dict[str, float]) -> None:
    """The rates and their ratios."""
    for name, speed in found.items():
        row(f"{name}, requests a second", 0, f"{speed:,.0f}")
    for name, peer, goal in (
        ("304 through Flask", "Flask hello", "0.8"),
        ("ready feed through Flask", "Flask hello", "0.8"),
        ("304 in front of Flask", "bare WSGI hello", "0.75"),
        ("ready feed in front of Flask", "bare WSGI hello", "0.75"),
        ("list of 50, HTML", "Flask hello", "0.15 (issue 7)"),
    ):
        row(f"{name} / {peer}", 0, f"{found[name] / found[peer]:.2f}", goal)


@contextmanager
def served(database: str) -> Iterator[None]:
    """Granian with two workers, as `podcat serve` starts it, until the end of the block."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--workers", "2",
        "--blocking-threads", "4", "--port", str(PORT), "--log-level", "error", "bench_feed_app:app",
    ]  # fmt: skip
    folder = Path(__file__).parent
    environment = os.environ | {
        "PODCAT_DATABASE": database,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    server = subprocess.Popen(command, cwd=folder, env=environment)
    try:
        for _ in range(100):
            time.sleep(0.1)
            try:
                get(PATH)
                break
            except OSError:
                continue
        yield
    finally:
        server.terminate()
        server.wait(10)


def get(path: str) -> http.client.HTTPResponse:
    """One answer, read to its end."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    return answer


def validator(path: str) -> str:
    """The ETag, when all workers have the feed and a second has passed since."""
    for _ in range(50):
        tag = get(path).headers["ETag"]
        time.sleep(0.06)
    return tag


def wrk(path: str, match: str, seconds: int) -> float:
    """Requests a second; every answer must be a good one."""
    headers = ["-H", "Accept-Encoding: gzip"] + (["-H", f"If-None-Match: {match}"] if match else [])
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", *headers, f"http://127.0.0.1:{PORT}{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        raise SystemExit(f"{path}: {said}")
    return float(said.split("Requests/sec:")[1].split()[0])


def main() -> None:
    """Builds a catalogue, and measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100,1000,10000")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--smoke", action="store_true", help="as small and short as can be")
    given = parser.parse_args()
    if given.smoke:
        given.sizes, given.rounds, given.seconds = "20", 1, 0
    sizes = [int(size) for size in given.sizes.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/podcat.db"
        filling.fill(database, max(sizes))
        with open_catalogue(database) as catalogue:
            keep_all(catalogue, max(sizes))
            for size in sizes:
                rendering(catalogue, size, given.rounds)
        if shutil.which("wrk") and given.seconds:
            serving(database, given.rounds, given.seconds)


if __name__ == "__main__":
    main()
