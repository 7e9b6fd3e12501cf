"""One worker in one process: a thread a host, as many at once as are told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from podcat.errors import DatabaseError, PodcatError
from podcat.work import batch
from podcat.work.batch import Setting, Tally
from podcat.work.rhythm import DAY

EVERY: Final = 10.0
"""Seconds between two looks at what is due, while nothing happens."""
SOON: Final = 1.0
"""The same after something was done that may lead to more."""
Heard = Callable[[str, Tally], None]
"""Told of every batch that did something: host, and what."""


class Local:
    """Plans, and hands a host's batch to a thread; one thread at most has a host."""

    def __init__(
        self, setting: Setting, threads: int, heard: Heard, problem: Callable[[Exception], None],
        stop: threading.Event,
    ) -> None:  # fmt: skip
        self._setting, self._threads = setting, threads
        self._heard, self._problem, self._stop = heard, problem, stop
        self._running: dict[str, Future[Tally]] = {}
        self._news = threading.Event()
        self._shunned: dict[str, float] = {}
        self._planned = 0.0
        self._tidied = 0
        self._leads_on = False
        self.total = Tally()

    def run(self, *, once: bool = False, until_idle: bool = False) -> None:
        """Works until it is stopped; `once` does what is due now, `until_idle` also what follows.

        What is under way when it is stopped comes to the end of its portion. Raises DatabaseError
        where the catalogue fails before anything was done.
        """
        with ThreadPoolExecutor(self._threads, thread_name_prefix="work") as pool:
            hosts = self._due()
            while not self._stop.is_set():
                self._news.clear()
                self._submit(pool, hosts)
                idle = not self._running
                if idle and (once or (until_idle and not self._awaited())):
                    return
                self._news.wait(SOON if self._leads_on or (idle and until_idle) else EVERY)
                self._collect()
                hosts = [] if once else self._due_again()
                if once and not self._running:
                    return
            self._setting.looker.close()
        self._collect()

    def stop(self) -> None:
        """Ends the run at the next good moment; from any thread, or a signal."""
        self._stop.set()
        self._news.set()

    def _due(self) -> list[str]:
        now, moment = self._setting.clock(), time.monotonic()
        pause = SOON if self._leads_on else EVERY
        if self._running and moment - self._planned < pause:
            return []
        self._planned, self._leads_on = moment, False
        self._tidy()
        hosts = batch.plan(self._setting).hosts
        return [host for host in hosts if self._shunned.get(host, 0.0) <= now]

    def _due_again(self) -> list[str]:
        """As `_due`; a database that is busy for long costs a turn, not the worker."""
        try:
            return self._due()
        except DatabaseError as error:
            self._problem(error)
            return []

    def _tidy(self) -> None:
        """Once a day."""
        now = int(self._setting.clock())
        if not 0 <= now - self._tidied < DAY:
            self._tidied = now
            self._setting.catalogue.forget_hosts(now)

    def _awaited(self) -> bool:
        now = self._setting.clock()
        hosts = batch.awaited(self._setting)
        return any(self._shunned.get(host, 0.0) <= now for host in hosts)

    def _submit(self, pool: ThreadPoolExecutor, hosts: Iterable[str]) -> None:
        for host in hosts:
            if host not in self._running:
                future = pool.submit(batch.run, self._setting, host)
                self._running[host] = future
                future.add_done_callback(lambda _: self._news.set())

    def _collect(self) -> None:
        for host, future in list(self._running.items()):
            if future.done():
                del self._running[host]
                self._judge(host, future)

    def _judge(self, host: str, future: Future[Tally]) -> None:
        error = future.exception()
        if error is None:
            self.total.add(future.result())
            self._leads_on = self._leads_on or future.result().leads_on
            if future.result():
                self._heard(host, future.result())
            elif future.result().stuck:
                self._shun(host)
            return
        self._shun(host)
        if isinstance(error, (PodcatError, DatabaseError)):
            self._problem(error)
        elif isinstance(error, Exception):
            self._problem(PodcatError(host, f"podcat has a bug: {type(error).__name__}: {error}"))

    def _shun(self, host: str) -> None:
        self._shunned[host] = self._setting.clock() + batch.STUCK
