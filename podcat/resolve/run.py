"""Many episodes at once: asked politely, each kept as it is done, what failed tried later."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from podcat.catalogue import Attempt, Learned, Wanted
from podcat.net import engine
from podcat.net.answer import Answer
from podcat.net.engine import Asker
from podcat.net.pace import Pace
from podcat.resolve.job import End, Job
from podcat.resolve.once import Once
from podcat.resolve.ways import Refused, Way

HOUR: Final = 3600
DAY: Final = 24 * HOUR
PAUSES: Final = {
    Refused.PASSING: HOUR, Refused.NOTHING: DAY, Refused.GATED: 7 * DAY, Refused.GONE: 7 * DAY,
    Refused.NEVER: 30 * DAY,
}  # fmt: skip
"""Seconds before the second try; doubled before each other one."""
LONGEST: Final = 90 * DAY
_BATCH: Final = 50
_SECONDS: Final = 1.0
"""At most so many episodes, or so long, before what was learned is stored."""


class Store(Protocol):
    """What resolving wants of a catalogue."""

    def wanted(self, episodes: Sequence[int]) -> Iterable[Wanted]:
        """The episodes, with where to ask for them."""

    def learn(
        self, learned: Sequence[Learned], failed: Mapping[int, Attempt], now: int
    ) -> set[int]:
        """Stores what came of it; the episodes that changed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one episode."""

    episode: int
    title: str | None
    was_playable: bool
    end: End
    next_at: int | None
    """When it is tried again (seconds since 1970); None where all is known."""


@dataclass
class Report:
    """What a run did."""

    resolved: int = 0
    measured: int = 0
    """Had a file whose length, and type, are known now."""
    left: int = 0
    """Have no file, or one of unknown length, still."""
    whys: Counter[str] = field(default_factory=Counter)

    def count(self, outcome: Outcome) -> None:
        """One more episode."""
        if outcome.end.file and not outcome.was_playable:
            self.resolved += 1
        elif outcome.end.why is None:
            self.measured += 1
        else:
            self.left += 1
            self.whys[str(outcome.end.refused)] += 1

    def __str__(self) -> str:
        left = ", ".join(f"{many} {why}" for why, many in self.whys.most_common())
        said = f"{self.resolved} resolved, {self.measured} measured, {self.left} left"
        return said + (f" ({left})" if left else "")


def resolve(  # noqa: PLR0913  (settings, by name)
    store: Store, episodes: Sequence[int], asker: Asker, pace: Pace,
    *, now: int, on_done: Callable[[], None] | None = None,
) -> Iterator[Outcome]:  # fmt: skip
    """One Outcome an episode, as they are done and kept; what is done stays done.

    When the caller leaves, what was learned so far is stored.
    """
    run = _Run(store, now)
    looks = engine.look(run.jobs(episodes), _Judge(), pace, Once(asker))
    try:
        for looked in looks:
            if on_done:
                on_done()
            yield from run.add(looked.subject, looked.verdict)
        yield from run.flush()
    finally:
        looks.close()
        for _ in run.flush():  # nobody hears of these any more
            pass


class _Judge:
    """What the engine asks of a job."""

    final = End

    def consider(self, subject: Job, answers: tuple[Answer, ...]) -> End | Way:
        """The next question."""
        if answers:
            subject.take(answers[-1])
        return subject.next()

    def unasked(self, host: str, last: Answer) -> End:
        """Its host was given up."""
        said = last.detail or f"it answers {last.status}"
        why = f"not asked: {host} has not answered the last requests ({said})"
        return End(why, Refused.PASSING)

    def bug(self, error: Exception) -> End:
        """A slip of ours; the others go on."""
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return End(f"podcat has a bug, please report it: {what}", Refused.NOTHING)


class _Run:
    def __init__(self, store: Store, now: int) -> None:
        self._store, self._now = store, now
        self._waiting: list[tuple[Job, End]] = []
        self._due = time.monotonic() + _SECONDS

    def jobs(self, episodes: Sequence[int]) -> Iterator[Job]:
        """The episodes, loaded as they are wanted."""
        yield from map(Job, self._store.wanted(episodes))

    def add(self, job: Job, end: End) -> Iterator[Outcome]:
        """One more that is done; those that are kept now."""
        self._waiting.append((job, end))
        if len(self._waiting) >= _BATCH or time.monotonic() >= self._due:
            yield from self.flush()

    def flush(self) -> Iterator[Outcome]:
        """Stores what waits."""
        waiting, self._waiting = self._waiting, []
        self._due = time.monotonic() + _SECONDS
        if not waiting:
            return
        outcomes = [self._outcome(job, end) for job, end in waiting]
        learned = [each for job, _ in waiting for each in job.learned]
        failed = {
            job.wanted.episode.id: Attempt(self._now, _tries(job), end.why, outcome.next_at)
            for (job, end), outcome in zip(waiting, outcomes, strict=True)
            if end.why is not None and outcome.next_at is not None
        }
        self._store.learn(learned, failed, self._now)
        yield from outcomes

    def _outcome(self, job: Job, end: End) -> Outcome:
        episode = job.wanted.episode
        next_at = None
        if end.why is not None:
            next_at = self._now + pause(end.refused or Refused.NOTHING, _tries(job))
        return Outcome(episode.id, episode.title, episode.playable, end, next_at)


def _tries(job: Job) -> int:
    return 1 + (job.wanted.attempt.tries if job.wanted.attempt else 0)


def pause(how: Refused, tries: int) -> int:
    """Seconds until the next try after so many in vain."""
    return int(min(PAUSES[how] * 2 ** min(tries - 1, 20), LONGEST))
