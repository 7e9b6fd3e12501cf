"""How fast pages are made and answered, as ratios to a Flask hello in the same process; their size.

    python tests/bench/bench_pages.py [--sizes 10000,100000] [--rounds 7] [--database postgresql://…]

Everything is asked through WSGI, without a server, so that nothing but the pages is measured:
"made" is a page that nobody asked for before, "kept" one that has not changed since.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import catalogue_fill as filling
from bench_feed import row
from catalogue import race
from flask import Flask
from werkzeug.test import EnvironBuilder

from podcat.config import Config
from podcat.web import create_app

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
AT_ONCE = 20
"""Requests of one turn."""
PAGES = {
    "/": "home", "/episodes": "list of 50", "/tags/t0": "list of 50, commonest tag",
    "/search?q=w1": "search", "/people": "index of people", "/episodes/1": "an episode",
}  # fmt: skip
GOALS = {"list of 50 made": 0.15, "list of 50 kept": 0.6, "home made": 0.15, "home kept": 0.6}
_numbers = itertools.count()


@dataclass(frozen=True)
class Visitor:
    """Asks an application as its server would."""

    application: Application

    def get(self, path: str, coding: str = "gzip") -> bytes:
        """The body of the answer, which must be a good one."""
        said: list[str] = []
        environ = EnvironBuilder(path, headers={"Accept-Encoding": coding}).get_environ()
        body = b"".join(self.application(environ, lambda status, *_: said.append(status)))
        if not said[0].startswith("200"):
            raise SystemExit(f"{path}: {said[0]}")
        return body

    def fresh(self, path: str) -> None:
        """A question that nobody has asked before, with the answer of the path."""
        joint = "&" if "?" in path else "?"
        self.get(f"{path}{joint}n={next(_numbers)}", "identity")


def repeat(ask: Callable[[], object]) -> Callable[[], None]:
    def ask_often() -> None:
        for _ in range(AT_ONCE):
            ask()

    return ask_often


def hello() -> Visitor:
    """The least that Flask can do."""
    app = Flask("hello")
    app.get("/")(lambda: "hello")
    return Visitor(app.wsgi_app)


def measure(database: str, size: int, rounds: int) -> dict[str, float]:
    """Requests a second of each page, made and kept."""
    app = create_app(Config(database=database))
    visitor, peer = Visitor(app.wsgi_app), hello()
    contenders: dict[str, Callable[[], object]] = {"Flask hello": repeat(lambda: peer.get("/"))}
    for path, name in PAGES.items():
        real = canonical(app, path)
        contenders[f"{name} made"] = repeat(lambda p=real: visitor.fresh(p))  # type: ignore[misc]
        contenders[f"{name} kept"] = repeat(lambda p=real: visitor.get(p))  # type: ignore[misc]
        visitor.get(real)
    time.sleep(2.1)  # a page is answered before Flask from the second after it was made
    race(1, contenders)
    found = {name: AT_ONCE / seconds for name, seconds in race(rounds, contenders).items()}
    row("Flask hello, requests a second", size, f"{found['Flask hello']:,.0f}")
    for name in list(contenders)[1:]:
        goal = f"at least {GOALS[name]}" if name in GOALS else ""
        row(f"{name} / Flask hello", size, f"{found[name] / found['Flask hello']:.3f}", goal)
    packed = len(gzip.compress(visitor.get("/", "identity"), 6))
    row("home page, bytes packed by gzip", size, f"{packed:,}", "less than 30,000")
    app.extensions["podcat"].close()
    return found


def canonical(app: Flask, path: str) -> str:
    """Where the path leads."""
    return str(app.test_client().get(path).headers.get("Location", path))


def main() -> None:
    """Fills catalogues, and measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    by_size: dict[int, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            database = given.database or f"sqlite:///{folder}/{size}.db"
            filling.fill(database, size)
            by_size[size] = measure(database, size, given.rounds)
    for size in sizes[1:]:
        for name in (f"{one} made" for one in PAGES.values()):
            slower = by_size[sizes[0]][name] / by_size[size][name]
            row(f"{name}: time against {sizes[0]:,}", size, f"{slower:.2f}", "at most 1.5")


if __name__ == "__main__":
    main()
