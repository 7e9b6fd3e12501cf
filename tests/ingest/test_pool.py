"""Many documents on all cores: the same outcome as one process gives, whatever happens to one."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

import pytest

from podcat import ingest
from podcat.errors import SourceError
from podcat.ingest import pool, reading
from podcat.model import Document

PLAYER = '<iframe src="https://www.npr.org/player/embed/{n}/{n}"></iframe>'


def items(count: int = 80) -> Iterator[Document | SourceError]:
    """Documents of very different sizes, with problems between them."""
    for n in range(1, count + 1):
        if n % 7 == 0:
            yield SourceError(f"d{n}", "cannot be read")
        else:
            html = "<html><body>" + PLAYER.format(n=n) + "<p>audio" * (n * 37 % 50 * 20)
            yield Document(f"d{n}", html.encode(), f"https://example.org/{n}")


def read(jobs: int, small: int, given: Any = None) -> list[tuple[str, object]]:
    return [
        (item.name if isinstance(item, Document) else item.thing, str(found) if isinstance(found, SourceError) else found)
        for item, found in pool.read(iter(given or items()), jobs, small)
    ]  # fmt: skip


def test_several_processes_give_what_one_gives_in_the_same_order() -> None:
    assert read(2, 0) == read(1, 0)


def test_few_documents_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def started(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(pool, "_Pool", started)
    assert len(read(8, pool.SMALL)) == 80


def test_a_catalogue_is_the_same(catalogue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "SMALL", 0)
    monkeypatch.setattr(pool, "cores", lambda: 2)
    said: list[str] = []
    report = ingest.add(catalogue, items(), (), lambda error: said.append(error.thing), 1)
    assert (report.new, report.documents, report.problems) == (69, 69, 11)
    assert said == [f"d{n}" for n in range(7, 81, 7)]


def deadly(pipe: Connection) -> None:
    """A worker that does not survive one document."""
    pipe.send(None)
    with suppress(EOFError):
        while True:
            for document in pipe.recv():
                if document.name == "d40":
                    os.kill(os.getpid(), signal.SIGKILL)
                pipe.send(reading.page(document))


def test_the_document_that_ends_a_process_is_named_and_the_others_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pool, "work", deadly)
    found = dict(read(2, 0))
    assert found.pop("d40") == (
        "d40: was not read: the process that read it was ended, or ran out of memory; "
        "try it by itself"
    )
    assert found == {name: page for name, page in read(1, 0) if name != "d40"}


def test_where_no_process_can_be_started_one_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "work", os._exit)  # dies before it is ready
    assert read(2, 0) == read(1, 0)


def test_the_end_of_the_reader_is_the_end_of_the_processes() -> None:
    running = pool._Pool(2)
    results = running.read(items())
    next(results)
    processes = [worker.process for worker in running._workers]
    began = time.monotonic()
    results.close()
    assert time.monotonic() - began < 60
    assert [process.exitcode for process in processes] == [-signal.SIGKILL] * 2


def test_no_more_is_read_ahead_than_memory_is_meant_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_AHEAD_BYTES", 10_000)
    taken = 0

    def counted() -> Iterator[Document]:
        nonlocal taken
        for n in range(50):
            taken += 1
            yield Document(f"d{n}", b"<p>audio" * 250)

    results = pool.read(counted(), 2, 0)
    for given in range(1, 20):
        next(results)
        assert taken <= given + 6
    results.close()
