"""When hosts were asked, where one worker alone does it all: on SQLite."""

from __future__ import annotations

import threading
import time
from typing import Final

from podcat.catalogue.database import Database

KEPT: Final = 1.0
"""Seconds of a pause that outlives the process: `podcat worker --once` is started by cron."""
_NONE: Final = {"asked_at": 0, "not_before": 0}
_MOST: Final = 10_000


class HostTurns:
    """Pauses between requests, in memory; long ones in the database, too."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._last: dict[str, float] = {}
        self._lock = threading.Lock()

    def ask(self, host: str, gap: float, most: int, short: float) -> tuple[float, float]:
        """Seconds until a host may be asked, `gap` after the last time, and for which it rests.

        It counts as asked then. A rest that is `short` is part of the first. A moment that lies
        further ahead than that of `most` requests is none: the clock was wrong. Raises
        DatabaseError.
        """
        now, moment = time.time(), time.monotonic()
        with self._lock:
            known = self._db.one(
                "SELECT asked_at, not_before FROM hosts WHERE host = :host", host=host
            ) or _NONE  # fmt: skip
            rests = known["not_before"] - now
            if rests > short:
                return 0.0, rests
            since = known["asked_at"] / 1000 - now if gap >= KEPT else -gap
            last = min(max(self._last.get(host, moment - gap), moment + since), moment + most * gap)
            begin = max(moment, last + gap, moment + rests)
            self._keep(host, begin, moment)
            if gap >= KEPT:
                self._store(host, now + begin - moment)
        return begin - moment, rests

    def close(self) -> None:
        """As with the locks of many workers; here there are none."""

    def _keep(self, host: str, begin: float, moment: float) -> None:
        self._last[host] = begin
        if len(self._last) > _MOST:
            self._last = {name: last for name, last in self._last.items() if last > moment}

    def _store(self, host: str, asked: float) -> None:
        self._db.run(
            """INSERT INTO hosts (host, asked_at, not_before) VALUES (:host, :asked, 0)
               ON CONFLICT (host) DO UPDATE SET asked_at = excluded.asked_at""",
            host=host, asked=int(asked * 1000),
        )  # fmt: skip
