"""What one process shares between its requests: the catalogue, declared feeds, rendered feeds."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from operator import methodcaller
from pathlib import Path
from threading import Lock, Thread
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import current_app, request, url_for

from podcat.catalogue import Catalogue, Count, open_catalogue
from podcat.config import Config
from podcat.errors import DatabaseError
from podcat.feed import Channel, lender, load_channels
from podcat.feed.channel import NEWEST
from podcat.web.front import FEEDS, PAGES
from podcat.web.http import Cache
from podcat.web.renderer import Renderer

STATIC = Path(__file__).parent / "static"
T = TypeVar("T")
MOST = 1_000
"""Tags, people, programmes that one page lists."""
_LONG = 0.05
"""Seconds that a visitor may wait for numbers."""
_REST = 20
"""Of the time, one part in so many may go into counting anew."""


@dataclass(frozen=True)
class _Kept:
    """Numbers that were counted."""

    value: Any
    revision: int
    at: float
    took: float
    """Seconds; `at` by the clock that never goes back."""

    @property
    def is_due(self) -> bool:
        """Whether they may be counted anew."""
        return time.monotonic() - self.at > _REST * self.took


class Site:
    """The catalogue is opened at the first request that needs it, so that a database out of
    reach gives an error page and not a dead server, and is tried again at the next one."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.lender = lender(config.feed)
        self.channels = _channels(config, self.lender)
        _keep_guids(config, self.channels.values())
        self.cache = Cache()
        self.renderer = Renderer(lambda: self.catalogue, config.database)
        self.assets = {path.name: _fingerprint(path) for path in sorted(STATIC.iterdir())}
        self._catalogue: Catalogue | None = None
        self._lock = Lock()
        self._memory: dict[str, _Kept] = {}
        self._recounts = 0
        self._counting, self._renewing = Lock(), Lock()

    @property
    def catalogue(self) -> Catalogue:
        """The open catalogue. Raises DatabaseError."""
        with self._lock:
            if self._catalogue is None:
                self._catalogue = open_catalogue(self.config.database)
            return self._catalogue

    @property
    def public_channels(self) -> list[Channel]:
        """Declared feeds that everybody may see."""
        return [channel for channel in self.channels.values() if not channel.private]

    def once(self, name: str, compute: Callable[[Catalogue], T]) -> T:
        """What `compute` gives, computed once for each change: counts over all episodes.

        Where that takes long, nobody waits for it but the first: while something is written all
        the time, the others get what was counted last, some seconds old.
        """
        kept = self._memory.get(name)
        revision = self.catalogue.revision()
        if kept is None or (kept.revision != revision and kept.took < _LONG):
            with self._counting:
                kept = self._memory.get(name)
                if kept is None or kept.revision != revision:
                    kept = self._computed(name, compute, revision)
        elif kept.revision != revision and kept.is_due and self._renewing.acquire(blocking=False):
            Thread(target=self._renew, args=(name, compute, revision), daemon=True).start()
        found: T = kept.value
        return found

    def _computed(self, name: str, compute: Callable[[Catalogue], Any], revision: int) -> _Kept:
        start = time.monotonic()
        value = compute(self.catalogue)
        kept = self._memory[name] = _Kept(value, revision, start, time.monotonic() - start)
        return kept

    def _renew(self, name: str, compute: Callable[[Catalogue], Any], revision: int) -> None:
        try:
            with suppress(DatabaseError):  # the next one tries again
                self._computed(name, compute, revision)
                self._recounts += 1
        finally:
            self._renewing.release()

    @property
    def states(self) -> dict[str, Callable[[], int]]:
        """Numbers that grow when feeds, or pages, may be other ones. Each raises DatabaseError."""
        return {FEEDS: self.revision, PAGES: self.edition}

    def revision(self) -> int:
        """The state of the catalogue. Raises DatabaseError."""
        return self.catalogue.revision()

    def edition(self) -> int:
        """Grows when a page may be another one: with the catalogue, with each look at links, which
        pages date, and with numbers counted anew. All three only grow, so their sum tells."""
        return self.catalogue.edition() + self._recounts

    def counts(self, kind: str) -> tuple[Count, ...]:
        """`tags`, `people`, `programmes` or `providers`, most episodes first, at most MOST."""
        return self.once(kind, methodcaller(kind, MOST))

    def statistics(self) -> dict[str, int]:
        """How much there is of everything."""
        return self.once("statistics", methodcaller("statistics"))

    def close(self) -> None:
        """Gives the database back."""
        self.renderer.close()
        with self._lock:
            if self._catalogue is not None:
                self._catalogue.close()
                self._catalogue = None


def _channels(config: Config, base: Channel) -> dict[str, Channel]:
    """Declared feeds by name, after the one of everything. Raises ConfigError."""
    newest = replace(
        base,
        name=NEWEST,
        title=f"{config.title}: newest",
        description="Every recording in the catalogue, newest first.",
    )
    return {NEWEST: newest} | load_channels(config.feeds)


def _keep_guids(config: Config, channels: Iterable[Channel]) -> None:
    """Stores the podcast:guid of feeds that have none yet, at the start and not on a visit.

    Without a base URL no address is known that is meant to last, so nothing is kept. While
    another program writes, this waits for the next start: the guid is the same until then.
    """
    if config.base_url is None:
        return
    with suppress(DatabaseError), open_catalogue(config.database, create=False, wait=0) as opened:
        for channel in channels:
            opened.feed_guid(channel.name, f"{config.base_url}{channel.path}.rss")


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def site() -> Site:
    """The site of the application that answers this request."""
    found: Site = current_app.extensions["podcat"]
    return found


def base_url() -> str:
    """Where the catalogue is reached from outside, without a final slash."""
    return site().config.base_url or request.root_url.rstrip("/")


def absolute(path: str) -> str:
    """The full address of a path of ours as `url_for` gives it."""
    split = urlsplit(base_url())
    return f"{split.scheme}://{split.netloc}{path}"


def asset(name: str) -> str:
    """The address of a static file; it changes with the file, so it may be kept for ever."""
    return url_for("static", filename=name, v=site().assets.get(name))
