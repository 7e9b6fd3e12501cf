"""Four workers on one PostgreSQL database, two of which are killed in the middle of their work."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

from procrastinate.schema import SchemaManager

import podcat
from podcat.catalogue import Catalogue, open_catalogue
from podcat.model import Selection

HOSTS, EACH = 8, 4
LATENCY, INTERVAL = 0.03, 0.1
MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x64" * 5_000
STORY = re.compile(r"/http/h(\d+)\.example/(\w+)/?(\d*)")


class Site(BaseHTTPRequestHandler):
    """h0.example, h1.example, …: a list of sounds each, all of which lie on cdn.example."""

    protocol_version = "HTTP/1.1"
    server: Any

    def do_GET(self) -> None:
        host, _, path = self.path.removeprefix("/http/").partition("/")
        began = time.monotonic()
        time.sleep(LATENCY)
        body, kind = self._body(host, path)
        self.server.asked.append((host, path, began, time.monotonic()))
        ranged = self.headers.get("Range") and kind == "audio/mpeg"
        part = body[:2048] if ranged else body
        self.send_response(206 if ranged else 200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(part)))
        if ranged:
            self.send_header("Content-Range", f"bytes 0-2047/{len(body)}")
        self.end_headers()
        self.wfile.write(part)

    def _body(self, host: str, path: str) -> tuple[bytes, str]:
        if path.startswith("page"):
            sounds = "".join(
                f'<audio src="http://cdn{n % 3}.example/{host}/{n}.mp3"></audio>'
                for n in range(EACH)
            )
            return f"<!doctype html><title>{host}</title>{sounds}".encode(), "text/html"
        if path.endswith(".mp3"):
            return MP3, "audio/mpeg"
        return b"", "text/plain"

    def log_message(self, *_: object) -> None:
        """Tests print nothing."""


@contextmanager
def serving() -> Iterator[tuple[Any, list[str]]]:
    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 128

        def handle_error(self, *_: object) -> None:
            """Clients are killed here."""

    with Server(("127.0.0.1", 0), Site) as server:
        server.asked = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        names = [*(f"h{n}.example" for n in range(HOSTS)), *(f"cdn{n}.example" for n in range(3))]
        base = f"http://127.0.0.1:{server.server_port}/http"
        options = [part for n in names for part in ("--remap", f"http://{n}", f"{base}/{n}")]
        yield server, options
        server.shutdown()


def start(database: str, options: list[str], folder: Path) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(Path(podcat.__file__).parents[1])}
    return subprocess.Popen(
        [sys.executable, "-m", "podcat", "--database", database, "worker", "--until-idle",
         "--patience", "2", "--hosts", "3", "--per-host", "1", "--interval", str(INTERVAL),
         "--timeout", "20", *options],
        cwd=folder, env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def overlaps(asked: list[tuple[str, str, float, float]]) -> dict[str, list[float]]:
    """Host to seconds from the beginning of each request to the next one's."""
    by_host: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for host, _, began, ended in asked:
        by_host[host].append((began, ended))
    for times in by_host.values():
        times.sort()
        assert all(a[1] <= b[0] for a, b in pairwise(times)), "a host was asked twice at once"
    return {host: [b[0] - a[0] for a, b in pairwise(times)] for host, times in by_host.items()}


def _planned(catalogue: Catalogue) -> int:
    """How often, at most, the periodic plan was given out for one moment."""
    table = f"{catalogue.room(SchemaManager.get_schema())}.procrastinate_periodic_defers"
    (row,) = catalogue._db.all(
        f"""SELECT max(n) AS most FROM (SELECT count(*) AS n FROM {table}
            WHERE task_name = 'podcat.plan' GROUP BY defer_timestamp) once"""
    )
    return int(row["most"])


def test_two_of_four_are_killed_and_nothing_is_lost(postgres: Any, tmp_path: Path) -> None:
    with postgres.lent(own=True) as database, serving() as (server, options):
        with open_catalogue(database) as catalogue:
            for number in range(HOSTS):
                catalogue.watch(f"http://h{number}.example/page", ("t",), 0, 3600)
        workers = [start(database, options, tmp_path) for _ in range(4)]
        while len(server.asked) < 14:
            assert any(one.poll() is None for one in workers)
            time.sleep(0.02)
        for one in workers[:2]:
            one.send_signal(signal.SIGKILL)
        said = [one.communicate(timeout=150)[1] for one in workers]
        assert [one.returncode for one in workers] == [-9, -9, 0, 0], said
        with open_catalogue(database) as catalogue:
            assert catalogue.count() == HOSTS * EACH
            found = catalogue.episodes(Selection(playable=True), limit=500).episodes
            assert {one.media_bytes for one in found} == {len(MP3)}
            assert len(found) == HOSTS * EACH
            assert [one.why for one in catalogue.sources()] == [None] * HOSTS
            assert catalogue.statistics()["documents"] >= HOSTS
            assert catalogue.due(int(time.time()), 9) == ()
            assert _planned(catalogue) == 1  # for any moment, whoever thought of it
    gaps = overlaps(server.asked)
    # They are taken where requests arrive, and a busy machine lets one be late now and then.
    every = [gap for each in gaps.values() for gap in each]
    assert sum(gap < INTERVAL - 0.06 for gap in every) <= len(every) // 20
    asked = Counter((host, path) for host, path, _, _ in server.asked)
    # What two killed workers had under way was asked again, and nothing else.
    assert max(asked.values()) <= 5
    assert said[2] + said[3] != ""


def test_a_worker_that_is_asked_to_end_does(postgres: Any, tmp_path: Path) -> None:
    with postgres.lent(own=True) as database, serving() as (server, options):
        with open_catalogue(database) as catalogue:
            for n in range(HOSTS):
                catalogue.watch(f"http://h{n}.example/page", (), 0, 3600)
        one = start(database, options, tmp_path)
        while not server.asked:
            assert one.poll() is None
            time.sleep(0.02)
        one.send_signal(signal.SIGTERM)
        said = one.communicate(timeout=30)[1]
        assert one.returncode == 130, said
        assert "Traceback" not in said
        with open_catalogue(database) as catalogue:
            left = len(catalogue.due_sources(int(time.time()), 99))
            assert 0 < left < HOSTS  # what was begun was ended, and the rest is still due
