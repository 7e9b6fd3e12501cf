"""Many documents on all cores, in their order, as if one process had read them.

Each worker is a process of its own with a pipe of its own: a document that kills its worker is
known by that, costs itself alone, and the rest of what the worker was given goes to another one.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Final

from podcat.errors import SourceError
from podcat.ingest import reading
from podcat.model import Document, Page

SMALL: Final = 8 * 2**20
"""Bytes of documents that are read before it is worth starting processes."""
_AHEAD: Final = 64
"""Documents that are read before the first of them has been given on, for each process."""
_AHEAD_BYTES: Final = 32 * 2**20
_BATCH: Final = 16
_BATCH_BYTES: Final = 2**19

Item = Document | SourceError
Result = Page | SourceError


def cores() -> int:
    """How many processes can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def read(items: Iterator[Item], jobs: int, small: int) -> Iterator[tuple[Item, Result]]:
    """Each item with its page or its problem, in order; processes start after `small` bytes."""
    seen = 0
    for item in items:
        yield item, _result(item)
        seen += len(item.data) if isinstance(item, Document) else 0
        if jobs > 1 and seen >= small:
            yield from _Pool(jobs).read(items)


def _result(item: Item) -> Result:
    return item if isinstance(item, SourceError) else reading.page(item)


def work(pipe: Connection) -> None:
    """The life of a worker: batches of documents in, one result for each out."""
    # Ctrl-C reaches the whole group; the parent ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(EOFError, OSError):
        pipe.send(None)  # ready
        while True:
            for document in pipe.recv():
                pipe.send(reading.page(document))


@dataclass(eq=False, slots=True)
class _Task:
    item: Item
    result: Result | None = None


@dataclass(eq=False, slots=True)
class _Worker:
    process: Any
    pipe: Connection
    ready: bool = False
    batch: deque[_Task] = field(default_factory=deque)


class _Pool:
    """Some workers and the documents on their way through them."""

    def __init__(self, jobs: int) -> None:
        methods = multiprocessing.get_all_start_methods()
        # Not by fork: threads and an open database would come along.
        self._context: Any = multiprocessing.get_context(
            "forkserver" if "forkserver" in methods else "spawn"
        )
        self._context.set_forkserver_preload(["podcat.ingest.pool"])
        self._jobs = jobs
        self._workers: list[_Worker] = []
        self._line: deque[_Task] = deque()
        """Everything read and not given on, in order."""
        self._waiting: deque[_Task] = deque()
        """What no worker has been given yet."""
        self._hopeless = False
        """Whether processes cannot be started here."""

    def read(self, items: Iterator[Item]) -> Iterator[tuple[Item, Result]]:
        """Each item with its page or its problem, in order."""
        try:
            for _ in range(self._jobs):
                self._start()
            while self._fill(items):
                self._hand_out()
                while self._line and self._line[0].result is not None:
                    task = self._line.popleft()
                    assert task.result is not None
                    yield task.item, task.result
                if self._line and self._line[0].result is None:
                    self._take_in()
        finally:
            self._end()

    def _start(self) -> None:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=work, args=(theirs,), daemon=True)
        try:
            process.start()
        except (OSError, EOFError, RuntimeError):
            self._hopeless = True
            ours.close()
        else:
            self._workers.append(_Worker(process, ours))
        theirs.close()

    def _end(self) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.pipe.close()

    def _fill(self, items: Iterator[Item]) -> bool:
        """Reads ahead as far as memory is meant to reach; False when all is done."""
        size = sum(len(t.item.data) for t in self._line if isinstance(t.item, Document))
        while len(self._line) < _AHEAD * self._jobs and size < _AHEAD_BYTES:
            item = next(items, None)
            if item is None:
                break
            if isinstance(item, SourceError):
                self._line.append(_Task(item, item))
                continue
            task = _Task(item)
            self._line.append(task)
            self._waiting.append(task)
            size += len(item.data)
            if len(self._waiting) >= _BATCH and self._idle():
                break
        return bool(self._line)

    def _idle(self) -> list[_Worker]:
        return [worker for worker in self._workers if worker.ready and not worker.batch]

    def _hand_out(self) -> None:
        if self._hopeless:
            while self._waiting:
                task = self._waiting.popleft()
                task.result = _result(task.item)
        for worker in self._idle():
            size = 0
            while self._waiting and len(worker.batch) < _BATCH and size < _BATCH_BYTES:
                worker.batch.append(self._waiting.popleft())
                size += len(_data(worker.batch[-1]))
            if worker.batch:
                try:
                    worker.pipe.send([task.item for task in worker.batch])
                except OSError:
                    self._lost(worker)

    def _take_in(self) -> None:
        """Waits for what workers have to say."""
        said = set(wait([worker.pipe for worker in self._workers]))
        for worker in [worker for worker in self._workers if worker.pipe in said]:
            try:
                while worker.pipe.poll():
                    self._heard(worker, worker.pipe.recv())
            except (EOFError, OSError):
                self._lost(worker)

    def _heard(self, worker: _Worker, said: Result | None) -> None:
        if worker.ready:
            worker.batch.popleft().result = said
        worker.ready = True

    def _lost(self, worker: _Worker) -> None:
        """Names the document that ended a worker, and puts another one in its place."""
        worker.process.join()
        worker.pipe.close()
        self._workers.remove(worker)
        if worker.batch:
            task = worker.batch.popleft()
            task.result = _killer(task.item)
        self._waiting.extendleft(reversed(worker.batch))
        self._hopeless = self._hopeless or not worker.ready
        if worker.ready:
            self._start()


def _data(task: _Task) -> bytes:
    return task.item.data if isinstance(task.item, Document) else b""


def _killer(item: Item) -> SourceError:
    name = item.name if isinstance(item, Document) else item.thing
    problem = "was not read: the process that read it was ended, or ran out of memory"
    return SourceError(name, problem, "try it by itself")
