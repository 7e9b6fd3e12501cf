"""No host is asked faster than its pace, by whichever batch: redirects and files meet there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from podcat.errors import DatabaseError
from podcat.net.pace import Pace
from podcat.net.turns import RestingError, Spaced
from podcat.net.watch import Watch
from podcat.work import rhythm
from podcat.work.hosts import Delays

SHORT: Final = 10.0
"""Seconds of a Retry-After that are waited for; one that rests for longer is not asked."""
_PATIENCE = 60.0  # seconds for which a request waits for the requests of other processes
_POLL = 0.03


class Hosts(Protocol):
    """When each host was asked, and until when it rests; all in seconds. Raise DatabaseError."""

    def ask(self, host: str, gap: float, most: int, short: float) -> tuple[float, float]:
        """Seconds until a host may be asked, `gap` after the last time, and for which it rests.

        It counts as asked then; at most so many wait for it. A rest that is `short` is part of
        the first.
        """


class Locks(Hosts, Protocol):
    """What keeps processes apart, too; `catalogue.HostLocks` is one."""

    def take(self, host: str) -> bool:
        """Whether no other process asks the host now; then this one may."""

    def give(self, host: str) -> None:
        """What was taken once is given back once."""


class Paced(Spaced):
    """Turns of one process by what the catalogue knows of hosts.

    The pause is the pace's own, or the Crawl-delay of the host where that is longer. A worker that
    is `stopping` waits for nobody.
    """

    def __init__(
        self, pace: Pace, hosts: Hosts, delays: Delays, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        super().__init__(pace)
        self._hosts, self._delays = hosts, delays
        self._stopping = stopping

    def _wait(self, host: str, watch: Watch) -> None:
        """Raises RestingError where it is not to be asked now."""
        try:
            gap = max(self._pace.gap(host), self._delays.of(host))
            wait, rests = self._hosts.ask(host, gap, self._pace.per_host, SHORT)
        except DatabaseError as error:  # the request was not made, and can be another time
            raise RestingError(_out_of_reach(error)) from error
        if SHORT < rests <= rhythm.MOST:  # no host may rest for longer: then a clock was wrong
            when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(time.time() + rests))
            raise RestingError(f"{host} wants no requests before {when}")
        self._rest(host, wait, watch)

    def _still(self, host: str) -> None:
        if self._stopping():
            raise RestingError(f"{host} is to be waited for, and the worker ends")


class Shared(Paced):
    """Turns of many processes: one of them at a time has a host, and all keep one pace."""

    def __init__(
        self, pace: Pace, locks: Locks, delays: Delays, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        super().__init__(pace, locks, delays, stopping)
        self._locks = locks

    @contextmanager
    def _had(self, host: str, watch: Watch) -> Iterator[None]:
        self._take(host, watch)
        try:
            yield
        finally:
            self._locks.give(host)

    def _take(self, host: str, watch: Watch) -> None:
        end = time.monotonic() + _PATIENCE
        try:
            while not self._locks.take(host):
                if time.monotonic() > end:
                    raise RestingError(f"other workers ask {host}")
                self._still(host)
                self._rest(host, _POLL, watch)
        except DatabaseError as error:
            raise RestingError(_out_of_reach(error)) from error


def _out_of_reach(error: DatabaseError) -> str:
    return f"the {error.thing} {error.problem}"
