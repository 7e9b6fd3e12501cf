"""Looks at many addresses at once, politely, and hands each to whoever judges it."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from typing import Final, Protocol

from podcat.check.asking import MEDIA_BYTES, PAGE_BYTES, Ask, Consider, Subject, Verdict
from podcat.check.pace import Pace, is_passing, wait_of
from podcat.check.schedule import Looked, Schedule, Task
from podcat.check.states import State
from podcat.net.answer import Answer

ASKS: Final = 6
"""Most looks for one subject."""
_LEAVING: Final = 0.5  # seconds for threads to notice that they were cut


class Asker(Protocol):
    """Who gets answers; `net.Looker` is one. Called from many threads."""

    def look(self, url: str, *, limit: int, media: bool = False) -> Answer:
        """What an address answers; nothing is raised."""

    def cut(self) -> None:
        """Ends all looks that are under way."""


def look(
    subjects: Iterable[Subject], consider: Consider, pace: Pace, asker: Asker
) -> Generator[Looked, None, None]:
    """One Looked a subject, in the order in which they are done.

    Subjects are taken as the work goes on, and little is kept of them: any number will do. When
    the caller leaves, by an exception or by closing the iterator, what is under way is dropped.
    """
    run = _Run(consider, pace, asker)
    try:
        yield from run.results(subjects)
    finally:
        run.end()


class _Run:
    def __init__(self, consider: Consider, pace: Pace, asker: Asker) -> None:
        self._consider, self._pace, self._asker = consider, pace, asker
        self._schedule = Schedule(pace)
        self._threads: list[threading.Thread] = []

    def results(self, subjects: Iterable[Subject]) -> Iterator[Looked]:
        schedule = self._schedule
        for subject in subjects:
            first = self._considered(subject, ())
            if isinstance(first, Verdict):
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
        came: Looked | Task | None = None
        while task := self._schedule.exchange(task, came):
            try:
                came = self._done(task)
            except Exception as error:  # a mistake of ours must not take a thread away
                came = Looked(task.subject, _bug(error), task.answers)

    def _done(self, task: Task) -> Looked | Task | None:
        """What becomes of a task: a result, a task for more, or None if it is to be tried again."""
        answer = task.instead or self._answer(task)
        if not task.instead and is_passing(answer):
            wait = wait_of(answer, self._pace.longest)
            if self._schedule.again(task, answer, wait):
                return None
        answers = (*task.answers, answer)
        said = self._considered(task.subject, answers)
        if isinstance(said, Verdict):
            return Looked(task.subject, said, answers)
        if len(answers) >= ASKS:
            raise RuntimeError(f"more than {ASKS} questions")
        return Task(task.subject, said, answers)

    def _answer(self, task: Task) -> Answer:
        ask = task.ask
        limit = MEDIA_BYTES if ask.media else PAGE_BYTES
        answer = self._asker.look(ask.url, limit=limit, media=ask.media)
        return replace(answer, tries=task.tries + 1) if task.tries else answer

    def _considered(self, subject: Subject, answers: tuple[Answer, ...]) -> Verdict | Ask:
        try:
            return self._consider(subject, answers)
        except Exception as error:  # a rule that fails must not end the run
            return _bug(error)


def _bug(error: Exception) -> Verdict:
    what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return Verdict(State.UNCLEAR, f"podcat has a bug, please report it: {what}", rule="engine/bug")
