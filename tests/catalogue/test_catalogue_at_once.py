"""Threads and processes that use one catalogue at the same time."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from catalogue_samples import all_of, embed, put, titles
from processes import run, run_all

from podcat.catalogue import Catalogue, open_catalogue

Lent = Callable[[], AbstractContextManager[str]]


def test_threads_write_side_by_side(catalogue: Catalogue) -> None:
    def write(worker: int) -> Callable[[], None]:
        def task() -> None:
            for number in range(10):
                put(catalogue, embed(id=str(number), tags=(f"w{worker}",)), name=str(worker))

        return task

    assert run_all([write(0), write(1), lambda: all_of(catalogue)]) == []
    assert catalogue.statistics()["documents"] == 20
    assert [episode.tags for episode in all_of(catalogue)] == [("w0", "w1")] * 10


def test_same_bytes_from_two_threads_are_stored_once(catalogue: Catalogue) -> None:
    news: list[int] = []

    def task() -> None:
        news.extend(put(catalogue, embed(id=str(n)), data=str(n)).new for n in range(10))

    assert run_all([task, task]) == []
    assert (sum(news), catalogue.statistics()["documents"]) == (10, 10)


WRITER = """
import sys
from catalogue_samples import embed, put
from podcat.catalogue import open_catalogue
with open_catalogue(sys.argv[1]) as catalogue:
    for number in range(15):
        put(catalogue, embed(id=str(number)), name=sys.argv[2])
"""


def test_processes_write_side_by_side_from_the_first_moment(url: str) -> None:
    assert run_all([lambda: run(WRITER, url, "a"), lambda: run(WRITER, url, "b")]) == []
    with open_catalogue(url) as catalogue:
        assert (catalogue.count(), catalogue.statistics()["documents"]) == (15, 30)


def test_eight_readers_do_not_wait_for_a_writer(catalogue: Catalogue, url: str) -> None:
    put(catalogue, embed(id="1", title="Before"))
    seen: list[object] = []

    def read() -> None:
        with open_catalogue(url, wait=0.5) as reader:
            seen.append([*titles(reader), *titles(reader, q="before"), reader.count()])

    with catalogue._db.transaction():
        catalogue._db.run("UPDATE episodes SET title = 'After'")
        assert run_all([read] * 8) == []
    assert seen == [["Before", "Before", 1]] * 8


# ---------------------------------------------------------------- killed

KILLED = """
import os, random, signal, sys, time
from catalogue_samples import NOW, all_of, embed, shown
from podcat.catalogue import open_catalogue
from podcat.model import Document, Page

url, clean = sys.argv[1:]
EMBEDS, MOST = 4, 10_000

def told(number):
    embeds = [embed(id=f"{number}/{n}", title=f"Title {number} {n}") for n in range(EMBEDS - 1)]
    embeds = (embed(id="shared", tags=(f"t{number}",)), *embeds)
    return (Document(str(number), str(number).encode()),
        Page(url=f"https://e.example/{number}", embeds=embeds))

def together(number):  # so many documents from here on are stored at once
    return 1 + number % 3

def work(number, pipe):
    with open_catalogue(url) as catalogue:
        while number < MOST:
            many = together(number)
            catalogue.store_all([told(n) for n in range(number, number + many)], now=NOW)
            os.write(pipe, b"." * many)
            number += many

def judge(reported):
    with open_catalogue(url) as catalogue:
        db = catalogue._db
        with db.transaction():
            pass  # a server may still be busy with what the killed one had asked for
        stored = {int(row["name"]) for row in db.all("SELECT name FROM documents")}
        most = reported + together(reported)
        assert stored in (set(range(reported)), set(range(most))), (stored, reported)
        for table, many in (("appearances", EMBEDS), ("provenance", 1)):
            halves = db.all(f"SELECT d.name FROM documents d LEFT JOIN {table} t "
                f"ON t.document_id = d.id GROUP BY d.id HAVING count(t.document_id) < {many}")
            assert not halves, halves
        (episodes, words), = ([row[n] for n in ("e", "s")] for row in db.all(
            "SELECT (SELECT count(*) FROM episodes) AS e, (SELECT count(*) FROM search) AS s"))
        expected = len(stored) * (EMBEDS - 1) + bool(stored)
        assert (episodes, words, list(catalogue.findings())) == (expected, expected, [])
        return len(stored)

random.seed(7)
done = killed = 0
for turn in range(50):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        work(done, writing)
        os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        head = pipe.read(turn % 3)  # at its very beginning, or with something done
        time.sleep(random.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        killed += os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
        done = judge(done + len(head) + len(pipe.read()))
with open_catalogue(url) as catalogue, open_catalogue(clean) as other:
    for number in range(done):
        other.store(*told(number), now=NOW)
    assert list(map(shown, all_of(catalogue))) == list(map(shown, all_of(other)))
print(killed, done >= 49)  # so many at least were waited for
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_fifty_times_it_loses_nothing_that_was_done(lent: Lent) -> None:
    with lent() as url, lent() as clean:
        assert run(KILLED, url, clean) == "50 True\n"
