"""No host is asked more at once than agreed, whoever sent us there: redirects meet at one host."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from podcat.net.pace import Pace
from podcat.net.watch import Watch


class RestingError(Exception):
    """A host is not to be asked now, for the reason given: nothing was sent."""


_LOOK = 0.1  # seconds between two looks at whether the wait was cut
_HOSTS = 10_000  # that are remembered, at least those that are to be waited for
_PATIENCE = 10.0  # seconds: a host that does not answer must not hold the threads of all others


class Turns:
    """Hosts with as many requests as are under way to each."""

    def __init__(self, most: int | None) -> None:
        """`most` at once to one host; None for any number."""
        self._most = most
        self._running: Counter[str] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def at(self, host: str, watch: Watch) -> Iterator[None]:
        """Waits for a turn, though not for ever, and takes no time off the watch for it.

        Raises TimeoutError when the watch is cut meanwhile.
        """
        if self._most is None:
            yield
            return
        until = time.monotonic() + _PATIENCE
        with self._changed:
            while self._running[host] >= self._most and time.monotonic() < until:
                if watch.expired:
                    raise TimeoutError
                watch.pause(lambda: self._changed.wait(_LOOK))
            self._running[host] += 1
        try:
            yield
        finally:
            self._done(host)

    def _done(self, host: str) -> None:
        with self._changed:
            self._running[host] -= 1
            if not self._running[host]:
                del self._running[host]
            self._changed.notify_all()


class Spaced(Turns):
    """Turns that also keep the pause of a pace between two requests to one host."""

    def __init__(self, pace: Pace) -> None:
        super().__init__(pace.per_host)
        self._pace = pace
        self._free: dict[str, float] = {}
        self._deciding = threading.Lock()

    @contextmanager
    def at(self, host: str, watch: Watch) -> Iterator[None]:
        """Waits for a turn, and until the host may be asked.

        Raises TimeoutError when the watch is cut meanwhile.
        """
        with super().at(host, watch), self._had(host, watch):
            self._wait(host, watch)
            yield

    def _had(self, host: str, watch: Watch) -> AbstractContextManager[None]:  # noqa: ARG002
        """What else is to be had before a host is asked: nothing, in one process."""
        return nullcontext()

    def _wait(self, host: str, watch: Watch) -> None:
        self._rest(host, self._pause(host), watch)

    def _pause(self, host: str) -> float:
        """Seconds until the host may be asked; it counts as asked then."""
        with self._deciding:
            now = time.monotonic()
            begin = max(now, self._free.get(host, 0.0))
            self._free[host] = begin + self._pace.gap(host)
            if len(self._free) > _HOSTS:
                self._free = {name: free for name, free in self._free.items() if free > now}
            return begin - now

    def _rest(self, host: str, seconds: float, watch: Watch) -> None:
        """Waits, and takes no time off the watch for it."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if watch.expired:
                raise TimeoutError
            if left > _LOOK:
                self._still(host)
            watch.pause(lambda left=left: time.sleep(min(left, _LOOK)))  # type: ignore[misc]

    def _still(self, host: str) -> None:
        """Raises RestingError where there is no use in waiting for a host any more."""
