"""What one process shares between its requests: the catalogue, declared feeds, rendered feeds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from operator import methodcaller
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import current_app, request, url_for

from podcat.catalogue import Catalogue, Count, open_catalogue
from podcat.config import Config
from podcat.errors import DatabaseError
from podcat.feed import Channel, lender, load_channels
from podcat.feed.channel import NEWEST
from podcat.web.http import Cache

STATIC = Path(__file__).parent / "static"
T = TypeVar("T")


class Site:
    """The catalogue is opened at the first request that needs it, so that a database out of
    reach gives an error page and not a dead server, and is tried again at the next one."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.lender = lender(config.feed)
        self.channels = _channels(config, self.lender)
        _keep_guids(config, self.channels.values())
        self.cache = Cache()
        self.assets = {path.name: _fingerprint(path) for path in sorted(STATIC.iterdir())}
        self._catalogue: Catalogue | None = None
        self._lock = Lock()
        self._memory: tuple[int, dict[str, Any]] = (-1, {})
        self._counting = Lock()

    @property
    def catalogue(self) -> Catalogue:
        """The open catalogue. Raises DatabaseError."""
        with self._lock:
            if self._catalogue is None:
                self._catalogue = open_catalogue(self.config.database)
            return self._catalogue

    def once(self, name: str, compute: Callable[[Catalogue], T]) -> T:
        """What `compute` gives, computed once for each change: counts over all episodes."""
        catalogue = self.catalogue
        revision = catalogue.revision()
        with self._counting:
            if self._memory[0] != revision:
                self._memory = revision, {}
            memory = self._memory[1]
            if name not in memory:
                memory[name] = compute(catalogue)
            found: T = memory[name]
            return found

    def counts(self, kind: str) -> tuple[Count, ...]:
        """All `tags`, `people`, `programmes` or `providers`, most episodes first."""
        return self.once(kind, methodcaller(kind))

    def close(self) -> None:
        """Gives the database back."""
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
