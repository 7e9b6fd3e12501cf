"""What hosts want of workers: Crawl-delays and Retry-After, whichever worker was told.

Both stand in the catalogue. So they hold for whatever a worker asks for, sources as well as
players, files and links; for all workers; and for those that are started tomorrow.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from podcat import net, urls
from podcat.catalogue import Catalogue
from podcat.errors import DatabaseError
from podcat.net import robots
from podcat.net.answer import Answer
from podcat.net.pace import wait_of
from podcat.work import rhythm

FRESH: Final = 60.0
"""Seconds for which what was looked up is not looked up again: others learn, too."""
_MOST: Final = 10_000


class Delays(Mapping[str, float]):
    """Crawl-delays by host, in seconds; as a mapping, of the hosts that were looked up.

    A host has one, for all its ports and schemes: the longest that any of its robots.txt states.
    One that is out of date holds until it is read again.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._stated: dict[str, dict[str, float]] = {}
        self._longest: dict[str, float] = {}
        self._looked: dict[str, float] = {}
        self._lock = threading.Lock()

    def __getitem__(self, host: str) -> float:
        return self._longest[host]

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._longest))

    def __len__(self) -> int:
        return len(self._longest)

    def of(self, host: str) -> float:
        """Seconds that a host wants between two requests. Raises DatabaseError."""
        if time.monotonic() - self._looked.get(host, -math.inf) > FRESH:
            stated = {one.origin: _delay(one.status, one.rules)
                      for one in self._catalogue.stated_delays(host)}  # fmt: skip
            with self._lock:
                if len(self._looked) > _MOST:
                    self._stated.clear()
                    self._longest.clear()
                    self._looked.clear()
                self._looked[host] = time.monotonic()
                self._take(host, stated)
        return self._longest.get(host, 0.0)

    def learned(self, origin: str, delay: float) -> None:
        """What a robots.txt says that was read just now; 0 where it says nothing."""
        host = urls.site_of(origin) or ""
        with self._lock:
            self._take(host, {**self._stated.get(host, {}), origin: delay})

    def _take(self, host: str, stated: dict[str, float]) -> None:
        wanted = {origin: delay for origin, delay in stated.items() if delay}
        if wanted:
            self._stated[host], self._longest[host] = wanted, max(wanted.values())
        else:
            self._stated.pop(host, None)
            self._longest.pop(host, None)


def _delay(status: int | None, rules: str) -> float:
    return robots.Manners(status, rules).delay


class Looker(net.Looker):
    """Looks, and lets a host rest that answers with Retry-After: so that all workers know."""

    def __init__(
        self, catalogue: Catalogue, *, clock: Callable[[], float] = time.time, **settings: Any
    ) -> None:
        super().__init__(**settings)
        self._catalogue, self._clock = catalogue, clock

    def look(
        self, url: str, *, limit: int, media: bool = False, more: Mapping[str, str] | None = None
    ) -> Answer:
        """What an address answers, redirects followed; nothing is raised."""
        answer = super().look(url, limit=limit, media=media, more=more)
        after = wait_of(answer, rhythm.MOST)
        if after and (host := urls.site_of(answer.final_url)):
            with suppress(DatabaseError):  # the answer says the same, and is worth more
                self._catalogue.rest_host(host, math.ceil(self._clock() + after))
        return answer
