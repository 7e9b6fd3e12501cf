"""No host is asked faster than its pace, by whichever batch: redirects and files meet there."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

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
