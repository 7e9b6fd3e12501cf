"""What is due of one host, done: its sources, then players without a file, then links.

All state is in the catalogue: what was done is not due any more, so that a batch that breaks off
anywhere is simply done again, and finds what is left.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from podcat import urls
from podcat.catalogue import Attempt, Catalogue, Due, Missing, Source
from podcat.check.asking import Consider
from podcat.check.live import Choice, Live
from podcat.check.memory import Memory
from podcat.check.states import Sighting, State
from podcat.net import Looker, robots
from podcat.net.pace import Pace
from podcat.resolve import resolve
from podcat.work import rhythm, visits
from podcat.work.hosts import Delays

NOBODY: Final = "-"
"""The host of what has no address."""
WINDOW: Final = 5_000
"""Things of each kind that are looked over, the most overdue first."""
STUCK: Final = 10 * rhythm.MINUTE
"""Seconds for which a host is left alone where what is due cannot be done."""
PORTION: Final = 20
"""Things between two looks at whether to stop."""
MOST: Final = 200
"""Players, and links, in one batch: then others have a turn."""
TURN: Final = 60.0
"""Seconds that a batch may take by the Crawl-delay of its host: it keeps others from their turn."""
AGAIN: Final = rhythm.HOUR
"""Seconds until what could not be asked is tried again."""
WORTH: Final = robots.LONGEST_DELAY + rhythm.MINUTE
"""Seconds that a rest may last for which a worker waits that ends when nothing is due."""

T = TypeVar("T")


@dataclass(slots=True)
class Tally:
    """What batches did."""

    looked: int = 0
    """Sources."""
    new: int = 0
    failed: int = 0
    resolved: int = 0
    left: int = 0
    checked: int = 0
    later: int = 0
    """Links that could not be asked."""
    due: int = 0

    @property
    def stuck(self) -> bool:
        """Whether something was due and nothing came of it: not to be tried again at once."""
        return self.due > 0 and not self

    def add(self, other: Tally) -> None:
        """What another batch did, too."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def leads_on(self) -> bool:
        """Whether something else may have fallen due by it, or was left."""
        return bool(self.new or self.looked or self.resolved) or self.due > MOST

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__ if name != "due")

    def __str__(self) -> str:
        parts = (
            (self.looked, "source* looked at"), (self.new, "new"), (self.failed, "failed"),
            (self.resolved, "file* found"), (self.left, "without a file"),
            (self.checked, "link* checked"), (self.later, "not to be asked now"),
        )  # fmt: skip
        said = (
            f"{many} {what.replace('*', '' if many == 1 else 's')}" for many, what in parts if many
        )
        return ", ".join(said) or "nothing was due"


@dataclass(frozen=True)
class Setting:
    """With what batches are done."""

    catalogue: Catalogue
    looker: Looker
    pace: Pace
    consider: Consider
    choice: Choice
    limit: int
    """Largest document, in bytes."""
    delays: Delays
    """Crawl-delays by host: those of `pace`."""
    told: Callable[[], AbstractContextManager[None]] | None = None
    """Around what may change feeds: who counts on them is told."""
    stopping: Callable[[], bool] = lambda: False
    clock: Callable[[], float] = time.time


def host_of(url: str) -> str:
    """Whose patience an address takes."""
    return urls.site_of(url) or NOBODY


# ---------------------------------------------------------------- what is due


@dataclass(slots=True)
class Plan:
    """What is due, as far as it is looked over."""

    sources: list[Source]
    missing: list[Missing]
    links: list[Due]

    @property
    def hosts(self) -> list[str]:
        """Whose it is; those with sources first, then those that lack files."""
        every = (
            *(one.url for one in self.sources), *(one.url for one in self.missing),
            *(one.url for one in self.links),
        )  # fmt: skip
        return list(dict.fromkeys(map(host_of, every)))


def plan(setting: Setting, host: str | None = None, *, within: float = 0.0) -> Plan:
    """What is due now, of all hosts that may be asked or of one. Raises DatabaseError.

    `within` so many seconds: of those, too, that rest for no longer.
    """
    catalogue, now = setting.catalogue, int(setting.clock())
    if host is None:
        catalogue.gather_links(now)
    resting = catalogue.resting_hosts(now + int(within))

    def ours(url: str) -> bool:
        own = host_of(url)
        return own not in resting and host in (None, own)

    def due(named: str) -> Plan:
        return Plan(
            [one for one in catalogue.due_sources(now, WINDOW, named) if ours(one.url)],
            [one for one in catalogue.missing_files(now, WINDOW, named) if ours(one.url)],
            [
                one for one in catalogue.due(now, WINDOW, named)
                if ours(one.url) and setting.choice.why_not(one.url) is None
            ],
        )  # fmt: skip

    if host is None or host == NOBODY:
        return due("")
    found = due(host)
    return found if found.hosts else due("")  # its name can be written in other ways


def awaited(setting: Setting) -> set[str]:
    """Hosts whose time comes soon: what is due of them is worth the wait. Raises DatabaseError."""
    return set(plan(setting, within=WORTH).hosts)


# ---------------------------------------------------------------- doing it


def run(setting: Setting, host: str) -> Tally:
    """Does what is due of a host, or as much as one turn allows. Raises DatabaseError."""
    if setting.stopping():
        return Tally()
    due = plan(setting, host)
    tally = Tally(due=len(due.sources) + len(due.missing) + len(due.links))
    turn = _Turn(setting, host)
    if setting.told and (due.sources or due.missing):
        with setting.told():
            _feeding(setting, due, tally, turn)
    else:
        _feeding(setting, due, tally, turn)
    for links in turn.portions(due.links):
        _check(setting, links, tally)
    turn.end()
    return tally


def _feeding(setting: Setting, due: Plan, tally: Tally, turn: _Turn) -> None:
    for sources in turn.portions(due.sources):
        _visit(setting, sources, tally)
    for missing in turn.portions(due.missing):
        _resolve(setting, [one.episode for one in missing], tally)


class _Turn:
    """How much of what is due of a host is done in one go: little, where it wants long pauses."""

    def __init__(self, setting: Setting, host: str) -> None:
        self._setting, self._host = setting, host
        self._done = 0

    def portions(self, things: Sequence[T]) -> Iterator[list[T]]:
        """The things, as far as there is time for them, some at once."""
        begin = self._done
        while not self._setting.stopping():
            at = self._done - begin
            size = min(PORTION, MOST - at, self._left())
            portion = list(things[at : at + size]) if size > 0 else []
            if not portion:
                return
            self._done += len(portion)
            yield portion

    def _left(self) -> int:
        delay = self._setting.delays.of(self._host)
        return max(int(TURN / delay), 1) - self._done if delay else MOST

    def end(self) -> None:
        """Lets a host rest that wants pauses as long as a batch: nobody is to wait for it."""
        delay = self._setting.delays.of(self._host)
        if delay >= TURN / PORTION and self._done:
            until = math.ceil(self._setting.clock() + delay)
            self._setting.catalogue.rest_host(self._host, until)


def _visit(setting: Setting, sources: Sequence[Source], tally: Tally) -> None:
    for outcome in visits.visit(
        setting.catalogue, sources, setting.looker, setting.pace,
        limit=setting.limit, delays=setting.delays, clock=setting.clock,
    ):  # fmt: skip
        tally.looked += 1
        tally.new += outcome.new
        tally.failed += outcome.source.why is not None


def _resolve(setting: Setting, episodes: Sequence[int], tally: Tally) -> None:
    catalogue, now = setting.catalogue, int(setting.clock())
    for outcome in resolve(catalogue, episodes, setting.looker, setting.pace, now=now):
        tally.resolved += outcome.end.why is None
        tally.left += outcome.end.why is not None
    _give_up(catalogue, episodes, now)


def _give_up(catalogue: Catalogue, episodes: Sequence[int], now: int) -> None:
    """What is still wanted after it was asked for would be asked for at once, for ever."""
    why = "its host does not tell how long its file is"
    again = Attempt(now, 1, why, now + rhythm.MOST)
    if still := catalogue.still_missing(episodes, now):
        catalogue.learn((), dict.fromkeys(still, again), now)


def _check(setting: Setting, links: Sequence[Due], tally: Tally) -> None:
    now = int(setting.clock())
    sightings = [Sighting(one.url, one.kind, one.provider, one.id, None) for one in links]
    live = Live(
        sightings, setting.looker, pace=setting.pace, consider=setting.consider,
        choice=setting.choice, memory=Memory(setting.catalogue, now, due=True),
    )  # fmt: skip
    unasked = set()
    for result in live.results():
        if result.state is State.UNCHECKED:
            unasked.add(result.url)
        else:
            tally.checked += 1
    tally.later += len(unasked)
    if not setting.stopping():
        setting.catalogue.postpone_links(unasked, now + AGAIN)


def polite(pace: Pace, delays: Delays) -> Pace:
    """A pace for batches, which must not wait for long: what is due is due again."""
    return replace(
        pace, threads=pace.per_host, retries=min(pace.retries, 1), max_wait=10.0, gaps=delays
    )
