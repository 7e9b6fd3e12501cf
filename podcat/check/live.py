"""The live check: sightings in, a result an address out, as the answers come."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Final, Protocol

from podcat.check import engine, ignore
from podcat.check.asking import Ask, Consider, Subject, Verdict
from podcat.check.engine import Asker, Looked
from podcat.check.gather import Seen, gathered, key
from podcat.check.outage import Outages
from podcat.check.states import Result, Sighting, State
from podcat.net.answer import Answer
from podcat.net.pace import Pace

_BATCH: Final = 500
"""Addresses that are recalled, and results that are kept, at once."""


class Memory(Protocol):
    """What remembers results from run to run."""

    def recall(self, urls: Sequence[str], since: int) -> Mapping[str, Result]:
        """The last result of each of these addresses, where it is of `since` or later.

        `since` in seconds since 1970.
        """

    def keep(self, batch: Sequence[tuple[Looked, Result]]) -> None:
        """Takes results over."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which addresses are looked at; the others are `unchecked`."""

    include: tuple[re.Pattern[str], ...] = ()
    exclude: tuple[re.Pattern[str], ...] = ()

    def why_not(self, url: str) -> str | None:
        """Why an address is left out, or None."""
        if any(pattern.search(url) for pattern in self.exclude):
            return "excluded"
        if self.include and not any(pattern.search(url) for pattern in self.include):
            return "not included"
        return None


class Live:
    """One run of the live check."""

    def __init__(  # noqa: PLR0913  (settings, by name)
        self,
        sightings: Iterable[Sighting],
        asker: Asker,
        *,
        pace: Pace,
        consider: Consider,
        choice: Choice | None = None,
        memory: Memory | None = None,
        since: int | None = None,
    ) -> None:
        """`since`: what `memory` knows from then on is not asked again; in seconds since 1970."""
        self._seen = gathered(sightings)
        self._asker, self._pace, self._consider = asker, pace, consider
        self._choice = choice or Choice()
        self._memory, self._since = memory, since
        self._known: dict[str, Result] = {}
        self._unkept: list[tuple[Looked, Result]] = []
        self._outages = Outages()

    @property
    def total(self) -> int:
        """How many addresses there are."""
        return len(self._seen)

    def results(self, on_done: Callable[[], None] | None = None) -> Iterator[Result]:
        """One result an address, as they are done; what was done before the caller left is kept.

        `on_done` hears of each address, also of those whose result has to wait for the others.
        """
        looks = engine.look(self._subjects(), self._first_known, self._pace, self._asker)
        try:
            yield from self._answered(looks, on_done)
            yield from self._held()
        except KeyboardInterrupt:
            yield from self._held()  # they were found, so they are told
            raise
        finally:
            looks.close()
            for _ in self._held():  # nobody hears of these any more
                pass
            self._keep()

    def _answered(
        self, looks: Iterable[Looked], on_done: Callable[[], None] | None
    ) -> Iterator[Result]:
        for looked in looks:
            if on_done:
                on_done()
            if through := self._outages.through(looked):
                yield self._result(through)

    def _held(self) -> Iterator[Result]:
        return map(self._result, self._outages.rest())

    def _subjects(self) -> Iterator[Subject]:
        """All subjects; of each batch the known ones are recalled first."""
        seen = iter(self._seen.values())
        while batch := [each.subject for each in islice(seen, _BATCH)]:
            if self._memory and self._since is not None:
                self._known.update(self._recalled(batch, self._memory, self._since))
            yield from batch

    @staticmethod
    def _recalled(batch: Sequence[Subject], memory: Memory, since: int) -> dict[str, Result]:
        """What is known of these, as what they are now: a good page may be no good player."""
        known = memory.recall([subject.url for subject in batch], since)
        kinds = {subject.url: subject.kind for subject in batch}
        return {url: result for url, result in known.items() if result.kind == kinds[url]}

    def _first_known(self, subject: Subject, answers: tuple[Answer, ...]) -> Verdict | Ask:
        if not answers:
            if known := self._known.get(subject.url):
                return Verdict(known.state, known.detail, known.suggestion, "known")
            if self._seen[key(subject.url)].is_ignored:
                return Verdict(State.UNCHECKED, ignore.REASON, rule="choice")
            if why := self._choice.why_not(subject.url):
                return Verdict(State.UNCHECKED, why, rule="choice")
        return self._consider(subject, answers)

    def _result(self, looked: Looked) -> Result:
        seen = self._seen[key(looked.subject.url)]
        if known := self._known.pop(looked.subject.url, None):
            return replace(known, places=seen.where)
        result = _as_result(looked, seen)
        if self._memory and looked.verdict.rule != "choice":
            self._unkept.append((_without_bodies(looked), result))
            if len(self._unkept) >= _BATCH:
                self._keep()
        return result

    def _keep(self) -> None:
        batch, self._unkept = self._unkept, []
        if self._memory and batch:
            self._memory.keep(batch)


def _without_bodies(looked: Looked) -> Looked:
    return replace(looked, answers=tuple(replace(answer, body=b"") for answer in looked.answers))


def _as_result(looked: Looked, seen: Seen) -> Result:
    subject, verdict = looked.subject, looked.verdict
    detail = "; ".join((verdict.detail, *verdict.warnings))
    return Result(
        url=subject.url,
        kind=subject.kind,
        provider=subject.provider,
        id=subject.id,
        state=verdict.state,
        status=looked.answers[0].status if looked.answers else None,
        detail=detail if seen.where else f"{detail} (address built by rule)",
        suggestion=verdict.suggestion,
        places=seen.where,
        checked_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
