"""How fast a catalogue answers and grows, as ratios to bare loops and to itself in the same run.

    python tests/bench/catalogue.py [--sizes 10000,100000,1000000] [--databases sqlite,postgres]

Builds catalogues of made-up episodes in a temporary folder and on a PostgreSQL server of its own
(or on the one that PODCAT_TEST_POSTGRES names). The goals are printed beside the ratios; nothing
fails by time, the machine may be busy.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import catalogue_fill as filling
from catalogue_data import Source

sys.path.append(str(Path(__file__).parents[1]))  # for the server that the tests use, too

from podcat.catalogue import Catalogue, open_catalogue
from podcat.model import Cursor, Document, Embed, Page, Place, Selection

WORDS = {
    "commonest": "w0", "common": "w20", "medium": "w300", "seldom": "w3000", "rare": "w30000",
    "no": "nosuchword",
}  # fmt: skip
SELECTIONS = {
    "all": {}, "commonest tag": {"tags": ("t0",)}, "medium tag": {"tags": ("t50",)},
    "commonest person": {"people": ("p0",)}, "two tags": {"tags": ("t0", "t1")}, "provider": {"provider": "npr"},
    "programme": {"programme": "programme-0"}, "playable": {"playable": True}, "commonest word": {"q": "w0"},
    "two words": {"q": "w0 w20"}, "all but a word": {"q": "-w20"}, "word and rare tag": {"q": "w0", "tags": ("t299",)},
    "rare word and tag": {"q": "w30000", "tags": ("t0",)}, "word and person": {"q": "w0 person:p2000"},
    "word and month": {"q": "w20 since:2012-01 until:2012-01"}, "tag without tag": {"q": "tag:t0 -tag:t1"},
}  # fmt: skip
PATHS = (
    "/", "/episodes?after={0}", "/tags/t0", "/people/p0", "/programmes/programme-0", "/search?q=w0",
    "/search?q=w0&order=relevance", "/search?q=w0&tag=t0", "/search?q=w30000", "/search?q=-w20", "/tags", "/people",
    "/status", "/feeds", "/episodes.rss", "/tags/t0.rss", "/search.rss?q=w20",
)  # fmt: skip
EMBEDS = 25
BATCH = 40
"""Documents that are stored together: 1000 recordings."""

Contenders = dict[str, Callable[[], object]]


def race(rounds: int, contenders: Contenders) -> dict[str, float]:
    """Median seconds of each contender; their order turns from round to round."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            start = time.perf_counter()
            contenders[name]()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in times.items()}


def row(what: str, database: str, count: int, value: str, goal: str = "") -> None:
    """One line of the table."""
    print(f"{what:72} {database:9} {count:>9,} {value:>12}   {goal}", flush=True)


def ratio(number: float) -> str:
    return f"{number:.2f}"


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


# ---------------------------------------------------------------- reading


def deep(catalogue: Catalogue, share: float) -> Cursor:
    """The cursor after so much of the catalogue."""
    ask = "SELECT sort_at, id FROM episodes ORDER BY sort_at DESC, id DESC LIMIT 1 OFFSET :n"
    found = catalogue._db.one(ask, n=int(catalogue.count() * share))
    assert found is not None
    return Cursor(found["sort_at"], found["id"])


def pages(catalogue: Catalogue, database: str, count: int, rounds: int) -> None:
    """Pages at depth beside the first."""
    cursors = {"half": deep(catalogue, 0.5), "end": deep(catalogue, 0.99)}
    contenders: Contenders = {"first": catalogue.episodes}
    for name, cursor in cursors.items():
        contenders[name] = partial(catalogue.episodes, after=cursor)
    took = race(rounds, contenders)
    for name in cursors:
        what = f"page at depth ({name}) / first page"
        row(what, database, count, ratio(took[name] / took["first"]), "<= 1.3")


def first_pages(catalogues: dict[int, Catalogue], database: str, rounds: int) -> None:
    """First pages of the largest beside those of the smallest, round by round."""
    least, most = min(catalogues), max(catalogues)
    for name, values in SELECTIONS.items():
        selection = Selection(**values)  # type: ignore[arg-type]
        took = race(rounds, {
            str(count): partial(catalogues[count].episodes, selection) for count in (least, most)
        })  # fmt: skip
        what = f"first page, {name}: {milliseconds(took[str(most)])} / that at {least:,}"
        full = catalogues[least].episodes(selection).next is not None
        goal = "<= 1.5" if full else f"page not full at {least:,}"
        row(what, database, most, ratio(took[str(most)] / took[str(least)]), goal)


def searches(catalogue: Catalogue, url: str, database: str, count: int, rounds: int) -> None:
    """Ours beside the same query by hand, for words that many, some, few and no episodes have."""
    with filling.bare(url) as connection:
        for kind, word in WORDS.items():
            selection = Selection(q=word)
            took = race(rounds, {
                "ours": partial(catalogue.episodes, selection),
                "hand": partial(filling.page_by_hand, connection, filling.by_hand(url), word),
            })  # fmt: skip
            hits = catalogue.count(selection)
            what = f"search, {kind} word ({hits:,} hits), {milliseconds(took['ours'])} / by hand"
            row(what, database, count, ratio(took["ours"] / took["hand"]), "< 3")


def relevance(catalogue: Catalogue, url: str, database: str, count: int, rounds: int) -> None:
    """The newest hits ranked, beside all hits ranked by the database."""
    with filling.bare(url) as connection:
        for kind, word in WORDS.items():
            took = race(min(rounds, 5), {
                "ours": partial(catalogue.episodes, Selection(q=word), order="relevance"),
                "hand": partial(filling.page_by_hand, connection, filling.best_by_hand(url), word),
            })  # fmt: skip
            what = f"relevance, {kind} word, {milliseconds(took['ours'])} / all hits ranked"
            goal = "<= 0.1 at 1 M" if kind == "commonest" else ""
            row(what, database, count, ratio(took["ours"] / took["hand"]), goal)


def numbers(catalogue: Catalogue, database: str, count: int, rounds: int) -> None:
    """What pages tell of how many there are."""
    for name, values in SELECTIONS.items():
        selection = Selection(**values)  # type: ignore[arg-type]
        took = race(min(rounds, 5), {"tally": partial(catalogue.tally, selection)})
        row(f"tally, {name}", database, count, milliseconds(took["tally"]))


def visits(catalogue: Catalogue, url: str, database: str, count: int, rounds: int) -> None:
    """Pages and feeds as a visitor gets them, without a server between; feeds never cached."""
    from podcat.config import Config
    from podcat.web import create_app

    client = create_app(Config(database=url)).test_client()
    after = deep(catalogue, 0.5)
    for path in PATHS:
        address, turns = path.format(after), iter(range(1, 100))

        def visit(address: str = address, turns: Iterator[int] = turns) -> object:
            fresh = f"{'&' if '?' in address else '?'}until=99{next(turns):02}"
            return client.get(address + fresh if ".rss" in address else address)

        start = time.perf_counter()
        visit()
        first = time.perf_counter() - start
        took = race(min(rounds, 5), {"visit": visit})["visit"]
        row(
            f"GET {path}, first {milliseconds(first)}", database, count, milliseconds(took), "< 100"
        )


STREAM = """
import resource, sys
from podcat.cli import main
try:
    main()
finally:
    sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
"""


def memory(url: str) -> float:
    """MiB of a process that lists everything."""
    command = [sys.executable, "-c", STREAM, "--database", url, "episodes", "--format", "jsonl"]
    ran = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True
    )
    return float(ran.stderr) / 1024


# ---------------------------------------------------------------- writing


def documents(count: int, version: str) -> Iterator[tuple[Document, Page]]:
    """Pages with 25 recordings each; another version has other descriptions."""
    source = Source(count)
    for number in range(count // EMBEDS):
        embeds = tuple(
            Embed(
                "npr", Place(n), id=f"{number}/{n}", title=source.text(6), status="identified",
                description=source.text(42) + version,
                provenance=dict.fromkeys(("provider", "id", "title", "description", "status"), "text/x"),
            )
            for n in range(EMBEDS)
        )  # fmt: skip
        page = Page(url=f"https://e.example/{number}", title=f"Page {number}", embeds=embeds)
        yield Document(f"{number}.txt", f"{number} {version}".encode()), page


def store(catalogue: Catalogue, told: list[tuple[Document, Page]]) -> float:
    """Seconds, in batches as `podcat add` makes them."""
    start = time.perf_counter()
    for at in range(0, len(told), BATCH):
        catalogue.store_all(told[at : at + BATCH])
    return time.perf_counter() - start


def ingest(new: Callable[[], str], database: str, count: int, folder: Path) -> None:
    """New, unchanged and changed documents, beside bare inserts: of words, of all the rows."""
    words = [row for batch in Source(count).batches() for row in batch["search"]]
    bare = filling.insert_words(folder, words)
    told, changed = list(documents(count, "")), list(documents(count, " more"))
    url = new()
    with open_catalogue(url) as catalogue:
        first, same = store(catalogue, told), store(catalogue, told)
        rows, copied = filling.copy(url, new())
        other = store(catalogue, changed)
    what = f"new documents, {count / first:,.0f} episodes/s"
    row(f"{what} / bare FTS5", database, count, ratio(bare / first), ">= 0.6")
    each = f"{rows / count:.0f} rows an episode"
    row(f"{what} / bare insert of its {each}", database, count, ratio(copied / first))
    what = "documents unchanged / changed, documents a second"
    row(what, database, count, ratio(other / same), ">= 10")


# ---------------------------------------------------------------- the table


@contextmanager
def places(wanted: list[str], folder: Path) -> Iterator[dict[str, Callable[[], str]]]:
    """Database to addresses of new catalogues on it."""
    with ExitStack() as stack:
        made: dict[str, Callable[[], str]] = {}
        if "sqlite" in wanted:
            made["sqlite"] = lambda: f"sqlite:///{tempfile.mkdtemp(dir=folder)}/podcat.db"
        if "postgres" in wanted:
            import postgres_server

            server = stack.enter_context(postgres_server.running())
            made["postgres"] = lambda: stack.enter_context(server.lent())
        yield made


def measure(database: str, new: Callable[[], str], sizes: list[int], rounds: int) -> None:
    """All rows of one database."""
    memories: dict[int, float] = {}
    with ExitStack() as stack:
        catalogues: dict[int, Catalogue] = {}
        for count in sizes:
            url = new()
            row("built, seconds", database, count, f"{filling.fill(url, count):.1f} s")
            row("size", database, count, f"{filling.size(url) / 2**20:,.0f} MiB")
            catalogues[count] = stack.enter_context(open_catalogue(url))
            pages(catalogues[count], database, count, rounds)
            searches(catalogues[count], url, database, count, rounds)
            relevance(catalogues[count], url, database, count, rounds)
            numbers(catalogues[count], database, count, rounds)
            visits(catalogues[count], url, database, count, rounds)
            memories[count] = memory(url)
        first_pages(catalogues, database, rounds)
    least, most = min(sizes), max(sizes)
    what = f"list of all as JSON lines: {memories[most]:.0f} MiB / that at {least:,}"
    row(what, database, most, ratio(memories[most] / memories[least]), "<= 1.2")


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="measures a catalogue")
    parser.add_argument("--sizes", default="10000", help="numbers of episodes, by commas")
    parser.add_argument("--databases", default="sqlite,postgres", help="which, by commas")
    parser.add_argument("--rounds", type=int, default=9, help="how often each is measured")
    given = parser.parse_args()
    sizes = [int(number) for number in given.sizes.split(",")]
    print(f"{'what':72} {'database':9} {'episodes':>9} {'value':>12}   goal")
    with (
        tempfile.TemporaryDirectory() as name,
        places(given.databases.split(","), Path(name)) as made,
    ):
        for database, new in made.items():
            measure(database, new, sizes, given.rounds)
            ingest(new, database, min([5_000, *sizes]), Path(tempfile.mkdtemp(dir=name)))


if __name__ == "__main__":
    main()
