"""The part of a catalogue that remembers looks at addresses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from podcat.catalogue import checks, health, standings, watch
from podcat.catalogue.checks import Judge
from podcat.catalogue.database import Database
from podcat.catalogue.health import Health
from podcat.catalogue.records import (
    DEAD,
    Change,
    Check,
    Due,
    LinkCount,
    Standing,
    WatchedListing,
)
from podcat.model import Cursor, Episode


class Looks:
    """What was seen of addresses, and how they stand. Every method raises DatabaseError."""

    _db: Database

    def record_checks(self, batch: Sequence[Check], judge: Judge) -> list[Change]:
        """Store looks, all or nothing, and what `judge` makes of them; what changed by them."""
        return checks.record(self._db, batch, judge)

    def recall(self, urls: Iterable[str], since: int = 0) -> dict[str, Check]:
        """The last look at each of these addresses, where it was at `since` or later."""
        return checks.recall(self._db, urls, since)

    def evidence(self, url: str) -> tuple[Check, ...]:
        """Every look at an address that is kept, the oldest first."""
        return checks.evidence(self._db, url)

    def standings(self, urls: Iterable[str]) -> dict[str, Standing]:
        """How these addresses stand, as far as they were ever looked at."""
        return standings.standings(self._db, urls)

    def healths(self, episodes: Sequence[Episode]) -> dict[int, Health]:
        """What is wrong with these episodes, by their ids; those that are well are missing."""
        standings = self.standings(health.addresses(episodes))
        told = ((one.id, health.of(one, standings)) for one in episodes)
        return {number: found for number, found in told if found}

    def deaths(self, episodes: Sequence[Episode]) -> dict[int, Health]:
        """Those of these episodes that are dead, or whose file is: nothing for a podcast app."""
        healths = self.healths(episodes)
        return {number: found for number, found in healths.items() if found.word == DEAD}

    def last_check(self) -> int | None:
        """When an address was looked at last (seconds since 1970)."""
        return checks.last_check(self._db)

    def gather_links(self, now: int) -> int:
        """Take over the addresses of episodes that changed since the last time; how many did."""
        return watch.gather(self._db, now)

    def due(self, now: int, limit: int, host: str = "") -> tuple[Due, ...]:
        """At most so many addresses of episodes that are to be looked at, most overdue first.

        With `host`, those alone that name it anywhere. Those of episodes that came or changed are
        known after `gather_links`.
        """
        return watch.due(self._db, now, limit, host)

    def link_states(self) -> tuple[LinkCount, ...]:
        """How many addresses of episodes there are of each provider, health and state."""
        return watch.counts(self._db)

    def watched_links(
        self,
        groups: Sequence[str],
        *,
        before: int | None = None,
        after: Cursor | None = None,
        limit: int = 50,
    ) -> WatchedListing:
        """Addresses of these states, healths, or `recovered`, those that came to be so last first.

        With `before`, those that have been so since before that moment alone.
        """
        return watch.links(self._db, groups, before=before, after=after, limit=limit)
