"""How fast players become files, against a bare `requests` loop that only fetches the same.

    python tests/bench/bench_resolve.py [--quick]

Both ask for every player page and for the beginning of every file, as many at once, of one server
(player_server.py, a process of its own, on another core where there are two). podcat also reads
the pages, judges the files, and stores what they tell. Time runs from the first request to the end
of the process. Politeness is turned up; nothing fails by
time, the machine may be busy.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bench_check import Ran, forget, run, server

# Seconds that an answer takes, requests at once, players.
ROWS = ((0.05, 16, 500), (0.05, 64, 1000), (0.0, 16, 500))
QUICK = ((0.05, 16, 60),)
LOOP = """
import sys, threading, requests
urls, lock = iter(open(sys.argv[1]).read().split()), threading.Lock()
def work():
    session = requests.Session()
    while True:
        with lock:
            url = next(urls, None)
        if url is None:
            return
        session.get(url, timeout=20)
        file = url.replace("/player/embed/", "/audio/").rpartition("/")[0] + ".mp3"
        session.get(file, headers={"Range": "bytes=0-2047"}, timeout=20)
threads = [threading.Thread(target=work) for _ in range(%d)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""
PAIR = "https://www.npr.org/player/embed/{0}/{1}"


def podcat(folder: Path, *arguments: str) -> Ran:
    database = f"sqlite:///{folder}/podcat.db"
    return run([sys.executable, "-m", "podcat", "--database", database, *arguments])


def stocked(folder: Path, count: int) -> None:
    """A catalogue of so many players, on pages of fifty."""
    pages = folder / "pages"
    pages.mkdir()
    for start in range(0, count, 50):
        frames = "".join(
            f"<iframe src='{PAIR.format(10**8 + n, 2 * 10**8 + n)}'></iframe>"
            for n in range(start, min(start + 50, count))
        )
        (pages / f"{start}.html").write_text(f"<!doctype html><title>x</title>{frames}")
    podcat(folder, "add", "--quiet", str(pages))


def measured(
    latency: float, at_once: int, count: int
) -> tuple[Ran, Ran, dict[str, int], dict[str, int]]:
    """podcat's run and the loop's."""
    with tempfile.TemporaryDirectory() as name, server(latency, None, "player_server.py") as port:
        folder, base = Path(name), f"http://127.0.0.1:{port}"
        stocked(folder, count)
        urls = folder / "urls.txt"
        urls.write_text(
            "\n".join(f"{base}/player/embed/{10**8 + n}/{2 * 10**8 + n}" for n in range(count))
        )
        forget(port)
        loop = timed(run([sys.executable, "-c", LOOP % at_once, str(urls)]), port, count)
        quickly = ("--threads", str(at_once), "--per-host", str(at_once), "--interval", "0")
        ours = podcat(
            folder, "resolve", "--allow-private", *quickly, "--format", "jsonl",
            "--remap", "https://www.npr.org", base,
        )  # fmt: skip
        assert ours.output.count('"why": null') == count, ours.output[:2000]
        return timed(ours, port, count), loop


def timed(ran: Ran, port: int, count: int) -> Ran:
    """A run without what came before its first request."""
    ended, seen = time.time(), forget(port)
    assert seen["requests"] == 2 * count
    return replace(ran, seconds=ended - seen["first"] / 1e6)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    print(f"{'players, latency, at once':30}{'podcat':>10}{'requests':>12}{'ratio':>8}")
    for latency, at_once, count in QUICK if given.quick else ROWS:
        ours, loop = measured(latency, at_once, count)
        rates = [2 * count / each.seconds for each in (ours, loop)]
        what = f"{count}, {latency * 1000:.0f} ms, {at_once}"
        print(f"{what:30}{rates[0]:>8.0f}/s{rates[1]:>10.0f}/s{rates[0] / rates[1]:>8.2f}")
        print(f"{'  CPU; MB at most':30}{ours.cpu:>5.1f} s {ours.megabytes:>3.0f}"
              f"{loop.cpu:>7.1f} s {loop.megabytes:>3.0f}")  # fmt: skip


if __name__ == "__main__":
    main()
