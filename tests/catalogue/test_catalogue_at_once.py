"""Threads and processes that use one catalogue at the same time."""

from __future__ import annotations

from collections.abc import Callable

from catalogue_samples import all_of, embed, put
from processes import run, run_all

from podcat.catalogue import Catalogue, open_catalogue


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
