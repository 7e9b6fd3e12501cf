"""How much faster four workers are than one, and how soon what is new is in its feed.

    python tests/bench/bench_work.py [--quick]

Workers are processes on one PostgreSQL database (that of the tests); all ask one server of many
hosts (source_server.py, a process of its own) that answers after 50 ms. Times go from the first
request to the last, so that starting Python does not count. Each host is a page with sounds: it is
read, the sounds are looked at, then all links. Nothing fails by time, the machine may be busy.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench_check import server
from procrastinate.schema import SchemaManager

from podcat.catalogue import Catalogue, open_catalogue
from podcat.cli.running import INTERRUPTED
from podcat.config import Config

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import postgres_server  # noqa: E402

LATENCY = 0.05
AT_ONCE = 4


def said(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return str(answer.read().decode())


def remapped(hosts: int, port: int) -> list[str]:
    return [
        part for n in range(hosts)
        for part in ("--remap", f"http://h{n}.example/", f"http://127.0.0.1:{port}/h{n}/")
    ]  # fmt: skip


def watched(database: str, hosts: int) -> None:
    with open_catalogue(database) as catalogue:
        for number in range(hosts):
            catalogue.watch(f"http://h{number}.example/page", (), 0, 3600)


def worker(database: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "podcat", "--database", database, "--quiet", "worker"]
    return subprocess.Popen([*command, *arguments])


def measured(workers: int, hosts: int, port: int, postgres: postgres_server.Server) -> float:
    """Requests a second of so many workers, which stand ready before there is anything to do."""
    with postgres.lent(own=True) as database, open_catalogue(database) as catalogue:
        options = ["--hosts", str(AT_ONCE), *remapped(hosts, port)]
        running = [worker(database, *options) for _ in range(workers)]
        while len(ready(catalogue)) < workers:
            time.sleep(0.1)
        said(port, "/stats")
        watched(database, hosts)
        while catalogue.statistics()["playable"] < 20 * hosts or left(catalogue):
            time.sleep(0.2)
        for one in running:
            one.terminate()
        assert [one.wait() for one in running] == [INTERRUPTED] * workers
        seen = json.loads(said(port, "/stats"))
    return float(seen["requests"] / (seen["times"][1] - seen["times"][0]))


def ready(catalogue: Catalogue) -> list[object]:
    """The workers that have made themselves known."""
    room = catalogue.room(SchemaManager.get_schema())
    return list(catalogue._db.all(f"SELECT id FROM {room}.procrastinate_workers"))


def left(catalogue: Catalogue) -> bool:
    now = int(time.time())
    return bool(catalogue.due_sources(now, 1) or catalogue.missing_files(now, 1)
                or catalogue.due(now, 1) or not catalogue.link_states())  # fmt: skip


# ---------------------------------------------------------------- from a source to its feed


@contextmanager
def standing(database: str, options: list[str]) -> Iterator[None]:
    process = worker(database, *options)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def sooner(port: int, folder: Path) -> tuple[float, float]:
    """Seconds from a look at a changed source, and from when it was due, to the changed feed."""
    from podcat.web import create_app

    database = f"sqlite:///{folder}/podcat.db"
    watched(database, 1)
    client = create_app(Config(database=database, base_url="https://p.example")).test_client()

    def items() -> int:
        return client.get("/feeds/newest.rss").data.count(b"<enclosure")

    def wait(count: int) -> float:
        while items() < count:
            time.sleep(0.02)
        return time.time()

    with standing(database, remapped(1, port)), open_catalogue(database) as catalogue:
        wait(before := 20)
        time.sleep(3)  # what follows from the first look is done by then
        said(port, "/change")
        said(port, "/stats")
        due = time.time()
        catalogue._db.run("UPDATE sources SET next_at = 0")
        done = wait(before + 1)
        looked = json.loads(said(port, "/stats"))["times"][0]
    return done - looked, done - due


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--smoke", action="store_true", help="from a source to its feed alone")
    given = parser.parse_args()
    if not given.smoke:
        compared(12 if given.quick else 40)
    with tempfile.TemporaryDirectory() as name, server(LATENCY, None, "source_server.py") as port:
        looked, due = sooner(port, Path(name))
        print(f"{'from a look at a changed source to its feed':<48}{looked:>8.2f} s")
        print(f"{'the same, from when the look was due':<48}{due:>8.2f} s")


def compared(hosts: int) -> None:
    """Four workers and one."""
    with postgres_server.running() as postgres, server(LATENCY, None, "source_server.py") as port:
        one = measured(1, hosts, port, postgres)
        four = measured(4, hosts, port, postgres)
        print(f"{hosts} hosts, {LATENCY * 1000:.0f} ms, {AT_ONCE} hosts at once in each worker")
        print(f"{'one worker':<48}{one:>8.0f} requests/s")
        print(f"{'four workers':<48}{four:>8.0f} requests/s")
        print(f"{'four workers / one':<48}{four / one:>8.2f}")


if __name__ == "__main__":
    main()
