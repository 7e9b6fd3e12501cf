"""The processes of a build: this one, or some of their own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Final

from podcat.config import Config
from podcat.errors import SourceError
from podcat.publish import work
from podcat.publish.plan import Task
from podcat.publish.work import Done, Worker

_WAITING: Final = 4
"""Tasks for each process that are handed out ahead."""


class Hands:
    """Does tasks in so many processes; with one, in this process itself."""

    def __init__(self, worker: Worker, config: Config, folder: Path, jobs: int) -> None:
        self._worker = worker
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        if jobs > 1:
            # Not forked: a process with threads and open databases must not be.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(jobs, context, work.begin, (config, folder))

    def __enter__(self) -> Hands:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is None:
            return
        if error is not None:  # nobody waits for a long list to end
            for process in multiprocessing.active_children():
                process.terminate()
        self._pool.shutdown(cancel_futures=True)

    def do(self, tasks: Iterable[Task | None]) -> Iterator[Done]:
        """What came of each task, as they end. Raises SourceError when a process is lost."""
        if self._pool is None:
            for task in tasks:
                yield self._worker.index() if task is None else self._worker.do(task)
            return
        try:
            yield from self._shared(self._pool, iter(tasks))
        except BrokenProcessPool:
            problem = "one of its processes was ended from outside, perhaps for lack of memory"
            raise SourceError("build", problem, "use --jobs 1 or run it again") from None

    def _shared(self, pool: ProcessPoolExecutor, tasks: Iterator[Task | None]) -> Iterator[Done]:
        running: set[Future[Done]] = set()
        while True:
            room = _WAITING * self._jobs - len(running)
            running |= {pool.submit(work.run, task) for task in islice(tasks, room)}
            if not running:
                return
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                yield future.result()
