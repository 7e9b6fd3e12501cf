"""Looks at many addresses at once, politely, and hands each answer to whoever judges it."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final, Generic, Protocol, TypeVar

from podcat.net.answer import Answer
from podcat.net.pace import Pace, is_passing, wait_of
from podcat.net.schedule import Looked, Question, S, Schedule, Task, V

S_contra = TypeVar("S_contra", contravariant=True)

ASKS: Final = 6
"""Most looks for one subject."""
_LEAVING: Final = 0.5  # seconds for threads to notice that they were cut


class Asker(Protocol):
    """Who gets answers; `net.Looker` is one. Called from many threads."""

    def look(self, url: str, *, limit: int, media: bool = False) -> Answer:
        """What an address answers; nothing is raised."""

    def cut(self) -> None:
        """Ends all looks that are under way."""


class Judge(Protocol[S_contra, V]):
    """Who says what to ask, and what came of it."""

    final: type[V]
    """What a subject's end is; whatever else `consider` says is a question."""

    def consider(self, subject: S_contra, answers: tuple[Answer, ...]) -> V | Question:
        """Judges a subject by the answers so far, or asks; asked first with none at all."""

    def unasked(self, host: str, last: Answer) -> V:
        """The end of a subject whose host was given up after it gave others no answer."""

    def bug(self, error: Exception) -> V:
        """The end of a subject over which we stumbled."""


def look(
    subjects: Iterable[S], judge: Judge[S, V], pace: Pace, asker: Asker
) -> Generator[Looked[S, V], None, None]:
    """One Looked a subject, in the order in which they are done.

    Subjects are taken as the work goes on, and little is kept of them: any number will do. When
    the caller leaves, by an exception or by closing the iterator, what is under way is dropped.
    """
    run = _Run(judge, pace, asker)
    try:
        yield from run.results(subjects)
    finally:
        run.end()


class _Run(Generic[S, V]):
    def __init__(self, judge: Judge[S, V], pace: Pace, asker: Asker) -> None:
        self._judge, self._pace, self._asker = judge, pace, asker
        self._schedule = Schedule(pace, judge.unasked)
        self._threads: list[threading.Thread] = []

    def results(self, subjects: Iterable[S]) -> Iterator[Looked[S, V]]:
        schedule = self._schedule
        for subject in subjects:
            first = self._considered(subject, ())
            if isinstance(first, self._judge.final):
                yield Looked(subject, first)
            else:
                schedule.add(Task(subject, first))
                self._start()
            yield from schedule.collect(wait=schedule.is_full)
        while schedule.pending:
            yield from schedule.collect(wait=True)
        yield from schedule.collect()

    def _start(self) -> None:
        """One more thread, if there is work for one more."""
        if len(self._threads) < min(self._pace.threads, self._schedule.pending):
            thread = threading.Thread(target=self._work, name="look", daemon=True)
            self._threads.append(thread)
            thread.start()

    def end(self) -> None:
        """Sends the threads home; those that are under way are cut."""
        self._schedule.close()
        if self._schedule.pending:
            self._asker.cut()
        until = time.monotonic() + _LEAVING
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0.0))

    # ---------------------------------------------------------------- in threads

    def _work(self) -> None:
        task: Task | None = None
        came: Looked[S, V] | Task | None = None
        while task := self._schedule.exchange(task, came):
            try:
                came = self._done(task)
            except Exception as error:  # a mistake of ours must not take a thread away
                came = Looked(task.subject, self._judge.bug(error), task.answers)

    def _done(self, task: Task) -> Looked[S, V] | Task | None:
        """What becomes of a task: a result, a task for more, or None if it is to be tried again."""
        answer = task.instead or self._answer(task)
        if not task.instead and is_passing(answer):
            wait = wait_of(answer, math.inf)
            # Whoever wants to be left alone for longer is not asked again before.
            patient = wait is None or wait <= self._pace.longest
            if patient and self._schedule.again(task, answer, wait):
                return None
        answers = (*task.answers, answer)
        said = self._considered(task.subject, answers)
        if isinstance(said, self._judge.final):
            return Looked(task.subject, said, answers)
        if len(answers) >= ASKS:
            raise RuntimeError(f"more than {ASKS} questions")
        return Task(task.subject, said, answers)

    def _answer(self, task: Task) -> Answer:
        ask = task.ask
        answer = self._asker.look(ask.url, limit=ask.limit, media=ask.media)
        return replace(answer, tries=task.tries + 1) if task.tries else answer

    def _considered(self, subject: S, answers: tuple[Answer, ...]) -> Any:
        try:
            return self._judge.consider(subject, answers)
        except Exception as error:  # a rule that fails must not end the run
            return self._judge.bug(error)
