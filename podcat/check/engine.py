"""The check's questions through the engine of `podcat.net`: links in, verdicts out."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import TypeAlias

from podcat.check.asking import Ask, Consider, Subject, Verdict
from podcat.check.states import State
from podcat.net import engine, schedule
from podcat.net.answer import Answer
from podcat.net.pace import Pace

Asker = engine.Asker
Looked: TypeAlias = schedule.Looked[Subject, Verdict]


def look(
    subjects: Iterable[Subject], consider: Consider, pace: Pace, asker: Asker
) -> Generator[Looked, None, None]:
    """One Looked a subject, in the order in which they are done; see `podcat.net.engine`."""
    yield from engine.look(subjects, _Judge(consider), pace, asker)


class _Judge:
    """What the engine asks of the check."""

    final = Verdict

    def __init__(self, consider: Consider) -> None:
        self._consider = consider

    def consider(self, subject: Subject, answers: tuple[Answer, ...]) -> Verdict | Ask:
        """As the rules say."""
        return self._consider(subject, answers)

    def unasked(self, host: str, last: Answer) -> Verdict:
        """What is said of a link whose host gave no answer to others."""
        if last.status == 429:
            detail = f"not asked: {host} wants no more requests for now (429)"
            return Verdict(State.UNCHECKED, detail, rule="engine/left-alone")
        detail = f"not asked: {host} has not answered the last requests ({last.detail})"
        return Verdict(State.UNREACHABLE, detail, rule="engine/left-alone")

    def bug(self, error: Exception) -> Verdict:
        """What is said of a link over which a rule stumbled."""
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        detail = f"podcat has a bug, please report it: {what}"
        return Verdict(State.UNCLEAR, detail, rule="engine/bug")
