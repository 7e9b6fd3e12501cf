"""No host is asked more at once than agreed, whoever sent us there: redirects meet at one host."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from podcat.net.watch import Watch


class RestingError(Exception):
    """A host is not to be asked now, for the reason given: nothing was sent."""


_LOOK = 0.1  # seconds between two looks at whether the wait was cut
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
