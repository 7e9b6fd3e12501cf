"""How fast pages are read, as ratios to peers and to bare loops in the same run.

    python tests/bench/bench_extract.py [--quick]

Every contender of a row runs in turn, round after round, and its median counts. The goals are
printed beside the ratios; nothing fails by time, the machine may be busy.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pages
import peers

from podcat.extract import extract
from podcat.model import Document

SIZES = (50_000, 300_000, 2_000_000)
URL = "https://www.npr.org/tags/126930977/kazakhstan"


def race(rounds: int, **contenders: Callable[[], object]) -> dict[str, float]:
    """Median seconds of each contender; their order turns from round to round."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            start = time.process_time()
            contenders[name]()
            times[name].append(time.process_time() - start)
    return {name: statistics.median(each) for name, each in times.items()}


def row(what: str, size: str, ratio: float, goal: str) -> None:
    """One line of the table."""
    print(f"{what:58} {size:>7} {ratio:9.3f}   {goal}")


def podcat(data: bytes, url: str | None = URL) -> list[tuple[str | None, str | None]]:
    """Id and title of every recording on a page."""
    return [(e.id, e.title) for e in extract(Document("page.html", data, url)).embeds]


def without_player(rounds: int, size: int) -> None:
    data, label = pages.html(size, 0), f"{size // 1000} KB"
    assert podcat(data, None) == []
    took = race(
        rounds,
        ours=lambda: podcat(data, None), scans=lambda: peers.scans(data), walk=lambda: peers.walk(data),
    )  # fmt: skip
    row(
        "no player: podcat / three searches in the bytes",
        label,
        took["ours"] / took["scans"],
        "<= 1.4",
    )
    row("no player: lxml tree walked / podcat", label, took["walk"] / took["ours"], ">= 10")


def with_players(rounds: int, size: int, every: int, what: str) -> None:
    data, label = pages.html(size, every), f"{size // 1000} KB"
    assert podcat(data) == peers.soup(data)
    took = race(
        rounds,
        ours=lambda: podcat(data), parse=lambda: peers.parse(data), soup=lambda: peers.soup(data),
    )  # fmt: skip
    row(f"{what}: podcat / lxml parse alone", label, took["ours"] / took["parse"], "<= 2.0")
    row(f"{what}: BeautifulSoup, same answers / podcat", label, took["soup"] / took["ours"], ">= 8")


def whole(command: list[str]) -> float:
    """Seconds of a whole process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def mixed_crawl(rounds: int, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(pages.crawl(count)):
            Path(folder, f"{number:04}.html").write_bytes(data)
        ours = [sys.executable, "-m", "podcat", "extract", "--format", "jsonl", folder]
        peer = [sys.executable, peers.__file__, folder]
        ratios = [whole(ours) / whole(peer) for _ in range(rounds)]
    row(
        "crawl, 1 page in 10 with players: podcat / BeautifulSoup",
        f"{count} p.",
        statistics.median(ratios),
        "<= 0.04",
    )


MEMORY = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import pages
from podcat.extract import extract
from podcat.model import Document
def peak():
    # A new process inherits its parent's ru_maxrss; Linux keeps its own peak apart.
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) * 1024
extract(Document("w", pages.html(50_000, 3), "https://www.npr.org/"))
data = Path(sys.argv[2]).read_bytes()
before = peak()
extract(Document("p", data, "https://www.npr.org/"))
print((peak() - before) / len(data))
"""


def memory(size: int) -> None:
    with tempfile.NamedTemporaryFile() as page:
        page.write(pages.html(size, 3))
        page.flush()
        command = [sys.executable, "-c", MEMORY, str(Path(__file__).parent), page.name]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    row(
        "peak memory of one page with players / its size", f"{size // 1000} KB", float(said), "<= 8"
    )


def main(quick: bool) -> None:
    """Prints the table; `quick` only shows that it can be made."""
    print(f"{'what':58} {'size':>7} {'ratio':>9}   goal")
    rounds = 1 if quick else 9
    for size in SIZES[: 1 if quick else None]:
        without_player(rounds * 3, size)
        with_players(rounds, size, 10**6, "a player")
        with_players(rounds, size, 1, "many players")
    mixed_crawl(1 if quick else 5, 5 if quick else 200)
    for size in (SIZES[0],) if quick else (2_000_000, 8_000_000):
        memory(size)


if __name__ == "__main__":
    main("--quick" in sys.argv[1:])
