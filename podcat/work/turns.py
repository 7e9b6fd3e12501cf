"""No host is asked faster than its pace, by whichever batch: redirects and files meet there."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from podcat.errors import DatabaseError
from podcat.net.pace import Pace
from podcat.net.turns import Turns
from podcat.net.watch import Watch

_LOOK = 0.2  # seconds between two looks at whether the wait was cut


def rest(seconds: float, watch: Watch) -> None:
    """Waits, and takes no time off the watch for it. Raises TimeoutError when that is cut."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if watch.expired:
            raise TimeoutError
        watch.pause(lambda left=left: time.sleep(min(left, _LOOK)))  # type: ignore[misc]


class Paced(Turns):
    """Turns of one process that also keep the pause between two requests to one host."""

    def __init__(self, pace: Pace) -> None:
        super().__init__(pace.per_host)
        self._pace = pace
        self._free: dict[str, float] = {}
        self._deciding = threading.Lock()

    @contextmanager
    def at(self, host: str, watch: Watch) -> Iterator[None]:
        """Waits for a turn, and until the host may be asked."""
        with super().at(host, watch):
            rest(self.wait(host), watch)
            yield

    def wait(self, host: str) -> float:
        """Seconds until the host may be asked; it counts as asked then."""
        with self._deciding:
            now = time.monotonic()
            begin = max(now, self._free.get(host, 0.0))
            self._free[host] = begin + self._pace.gap(host)
            if len(self._free) > 10_000:
                self._free = {name: free for name, free in self._free.items() if free > now}
            return begin - now


class Locks(Protocol):
    """What keeps processes apart; `catalogue.HostLocks` is one. Methods raise DatabaseError."""

    def take(self, host: str) -> bool:
        """Whether no other process asks the host now; then this one may."""

    def give(self, host: str) -> None:
        """What was taken once is given back once."""

    def wait(self, host: str, gap: float) -> float:
        """Seconds until a host may be asked; it counts as asked then."""


_PATIENCE = 60.0  # seconds for which a request waits for the requests of other processes
_POLL = 0.03


class Shared(Turns):
    """Turns of many processes: one of them at a time has a host, and all keep one pace."""

    def __init__(self, pace: Pace, locks: Locks) -> None:
        super().__init__(pace.per_host)
        self._pace, self._locks = pace, locks

    @contextmanager
    def at(self, host: str, watch: Watch) -> Iterator[None]:
        """Waits for a turn, and until the host may be asked. Raises TimeoutError in the end."""
        with super().at(host, watch):
            self._take(host, watch)
            try:
                rest(self._asked(host), watch)
                yield
            finally:
                self._locks.give(host)

    def _take(self, host: str, watch: Watch) -> None:
        until = time.monotonic() + _PATIENCE
        try:
            while not self._locks.take(host):
                if time.monotonic() > until:
                    raise TimeoutError
                rest(_POLL, watch)
        except DatabaseError as error:
            raise TimeoutError from error  # the request was not made, and can be another time

    def _asked(self, host: str) -> float:
        try:
            return self._locks.wait(host, self._pace.gap(host))
        except DatabaseError as error:
            raise TimeoutError from error
