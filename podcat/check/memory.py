"""Remembers looks in a catalogue, and knows what need not be looked at again."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from podcat.catalogue import Catalogue, Check
from podcat.catalogue.records import ALIVE, DEAD, FAILING
from podcat.check import history
from podcat.check.engine import Looked
from podcat.check.states import Result, State
from podcat.errors import DatabaseError
from podcat.net.answer import Answer

_STAMP: Final = "%Y-%m-%dT%H:%M:%SZ"
_WORDS: Final = {DEAD: "died", ALIVE: "came back", FAILING: "began to fail"}


class Memory:
    """What `Live` asks before it asks anybody, and tells what it has seen.

    A failure is never taken for the last word: only good looks are recalled. With `due`, what is
    recalled is what is not due again: dead links, too, which had many looks.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        now: int,
        *,
        due: bool = False,
        on_problem: Callable[[Exception], None] | None = None,
    ) -> None:
        self._catalogue, self._now, self._due = catalogue, now, due
        self._on_problem = on_problem
        self._lost = False
        self.recalled = 0
        self.changes: Counter[str] = Counter()
        """What became of links that had been looked at before: `died`, `came back`, …"""

    def recall(self, urls: Sequence[str], since: int) -> Mapping[str, Result]:
        """The last look at each of these addresses, where it will do."""
        checks = self._catalogue.recall(urls, 0 if self._due else since)
        good = self._rested(urls) if self._due else _good(checks)
        found = {url: as_result(check) for url, check in checks.items() if url in good}
        self.recalled += len(found)
        return found

    def _rested(self, urls: Sequence[str]) -> set[str]:
        standings = self._catalogue.standings(urls)
        return {url for url, standing in standings.items() if history.rests(standing, self._now)}

    def keep(self, batch: Sequence[tuple[Looked, Result]]) -> None:
        """Store looks. A catalogue that cannot be written is a problem told once."""
        checks = [as_check(*each) for each in batch if each[1].state is not State.UNCHECKED]
        if self._lost or not checks:
            return
        try:
            changes = self._catalogue.record_checks(checks, history.standing)
        except DatabaseError as error:
            self._lost = True
            if self._on_problem is None:
                raise
            self._on_problem(error)
            return
        self.changes.update(
            _WORDS[change.after]
            for change in changes
            if change.before and change.before != change.after and change.after in _WORDS
            and (change.after, change.before) != (ALIVE, "unknown")
        )  # fmt: skip

    @property
    def told(self) -> str:
        """`since the last check: 1 died, 2 came back`; empty when nothing changed."""
        parts = [f"{self.changes[word]} {word}" for word in _WORDS.values() if self.changes[word]]
        return "since the last check: " + ", ".join(parts) if parts else ""


def _good(checks: Mapping[str, Check]) -> set[str]:
    return {url for url, check in checks.items() if check.state in history.GOOD}


def as_result(check: Check) -> Result:
    """A look as the check prints it; who asked for it adds the places."""
    when = dt.datetime.fromtimestamp(check.checked_at, dt.UTC).strftime(_STAMP)
    return Result(
        check.url, check.kind, check.provider, check.id, State(check.state), check.status,
        check.detail, check.suggestion, (), when,
    )  # fmt: skip


def as_check(looked: Looked, result: Result) -> Check:
    """A look as it is stored, with what is worth keeping of the answers."""
    when = dt.datetime.strptime(result.checked_at, _STAMP).replace(tzinfo=dt.UTC)
    return Check(
        result.url, result.kind, str(result.state), int(when.timestamp()), result.provider,
        result.id, result.status, looked.verdict.detail, result.suggestion, looked.verdict.rule,
        evidence(looked),
    )  # fmt: skip


def evidence(looked: Looked) -> dict[str, Any]:
    """Hops, type, length, trouble of every answer, and what else was not good."""
    found: dict[str, Any] = {}
    if looked.answers:
        found["answers"] = [_answer(answer) for answer in looked.answers]
    if looked.verdict.warnings:
        found["warnings"] = list(looked.verdict.warnings)
    return found


def _answer(answer: Answer) -> dict[str, Any]:
    hops = [{"status": hop.status, "to": hop.location} for hop in answer.hops]
    values = {
        "url": answer.url,
        "hops": hops,
        "status": answer.status,
        "type": answer.header("content-type"),
        "length": answer.header("content-range") or answer.header("content-length"),
        "trouble": answer.trouble and str(answer.trouble),
        "detail": answer.detail,
        "seconds": round(answer.seconds, 3),
        "tries": answer.tries,
    }
    return {name: value for name, value in values.items() if value not in ("", None, [])}
