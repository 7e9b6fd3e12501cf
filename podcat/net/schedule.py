"""Who is asked next: hosts by the moment from which they may be asked, each with its own queue.

No thread ever sleeps for a host. All state is behind one lock, which is taken once a task.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Generic, Protocol, TypeVar

from podcat import urls
from podcat.net.answer import Answer
from podcat.net.pace import Pace, is_unserved

WINDOW: Final = 10_000
"""Subjects that are taken in before they can be asked: enough to have many hosts at hand."""
HELD: Final = 32 * 2**20
"""Bytes of answers that wait for something; at more no new subject is asked."""
_HOSTS: Final = 1000
_TICK: Final = 0.05  # seconds between two looks at the clock, by one of those who wait
_ANOTHER: Final = 200  # bytes that an answer takes beside its body


S = TypeVar("S")
V = TypeVar("V")


class Question(Protocol):
    """One more look: an address, and as what."""

    @property
    def url(self) -> str:
        """The address."""

    @property
    def media(self) -> bool:
        """Whether no more than the first bytes are asked for, by Range."""

    @property
    def limit(self) -> int:
        """Most bytes of the answer that are read."""


Unasked = Callable[[str, Answer], Any]
"""What is said of a subject whose host, named, was given up after that answer to another one."""


@dataclass(frozen=True)  # no slots: a generic class that has them cannot be called by its alias
class Looked(Generic[S, V]):
    """What came of one subject."""

    subject: S
    verdict: V
    answers: tuple[Answer, ...] = ()


_Looked = Looked[Any, Any]


@dataclass(slots=True, eq=False)
class Task:
    """One look to be had."""

    subject: Any
    ask: Question
    answers: tuple[Answer, ...] = ()
    """To what was asked before."""
    tries: int = 0
    instead: Answer | None = None
    """What counts as the answer, where the host is not to be asked any more."""
    host: str = field(init=False)
    """Whose patience it takes."""

    def __post_init__(self) -> None:
        self.host = urls.site_of(self.ask.url) or ""


@dataclass(slots=True, eq=False)
class _Host:
    name: str
    not_before: float = 0.0
    running: int = 0
    cold: deque[Task] = field(default_factory=deque)
    """Not asked yet."""
    warm: deque[Task] = field(default_factory=deque)
    """To be asked again, or for more: they go first."""
    queued: bool = False
    gated: bool = False
    """Whether `cold` has to wait until answers are read."""
    waited: float = 0.0
    """Seconds for which it has been waited for."""
    unserved: int = 0
    """Links in a row without an answer."""
    last: Answer | None = None
    """What it said to the last of these, once it is given up."""

    def matters(self, now: float) -> bool:
        """Whether there is anything to remember of it."""
        busy = self.running or self.cold or self.warm or self.queued or self.not_before > now
        return bool(busy or self.waited or self.unserved)


class Schedule:
    """Tasks in, results out; threads come for tasks and bring back what became of them."""

    def __init__(self, pace: Pace, unasked: Unasked) -> None:
        self._pace, self._unasked = pace, unasked
        self._hosts: dict[str, _Host] = {}
        self._heap: list[tuple[float, int, _Host]] = []
        self._delayed: list[tuple[float, int, Task]] = []
        self._gated: list[_Host] = []
        self._most = _HOSTS
        self._number = count()
        self._lock = threading.Lock()
        self._work = threading.Condition(self._lock)
        self._news = threading.Condition(self._lock)
        self._results: deque[_Looked] = deque()
        self._idle = 0
        self._leads = False
        self._held = 0
        self._closed = False
        self.pending = 0
        """Tasks that have no result yet."""

    # ---------------------------------------------------------------- the one who reads results

    def add(self, task: Task) -> None:
        """Takes a task in."""
        with self._lock:
            self.pending += 1
            host = self._host(task.host)
            host.cold.append(task)
            self._queue(host)
            if self._idle:
                self._work.notify()

    @property
    def is_full(self) -> bool:
        """Whether no more should be taken in for now."""
        return self.pending >= WINDOW

    def collect(self, *, wait: bool = False) -> Iterator[_Looked]:
        """The results there are; with `wait` at least one, if there is a task."""
        if not (self._results or wait):
            return
        with self._lock:
            while wait and self.pending and not self._results:
                self._news.wait()
            found = list(self._results)
            self._results.clear()
            self._held -= sum(_weight(looked.answers) for looked in found)
            self._open()
        yield from found

    def close(self) -> None:
        """Sends all threads home."""
        with self._lock:
            self._closed = True
            self._work.notify_all()

    # ---------------------------------------------------------------- threads

    def exchange(self, task: Task | None, came: _Looked | Task | None) -> Task | None:
        """Brings what became of a task, and gets another one; None when it is over.

        None for what `again` has taken back.
        """
        with self._lock:
            if task:
                self._settle(task, came)
            return self._take()

    def again(self, task: Task, answer: Answer, wait: float | None) -> bool:
        """Puts a task back for another try, unless it or its host has had enough of them.

        `wait` is for how many seconds the whole host wants to be left alone.
        """
        delay = self._pace.delay(task.tries)
        with self._lock:
            if task.tries >= self._pace.retries or self._closed:
                return False
            now = time.monotonic()
            if wait is not None:
                host = self._host(urls.site_of(answer.final_url) or task.host)
                if not self._postpone(host, now + max(wait, delay)):
                    return False
                delay = max(host.not_before - now, 0.0)
            task.tries += 1
            self._held += _weight(task.answers)
            heapq.heappush(self._delayed, (now + delay, next(self._number), task))
            return True

    def _postpone(self, host: _Host, until: float) -> bool:
        longer = until - max(host.not_before, time.monotonic())
        if longer > 0:
            if host.waited + longer > self._pace.max_wait:
                return False
            host.waited += longer
            host.not_before = until
        return True

    def _settle(self, task: Task, came: _Looked | Task | None) -> None:
        host = self._host(task.host)
        host.running -= 1
        if isinstance(came, Task):
            self._held += _weight(came.answers)
            more = self._host(came.host)
            more.warm.append(came)
            self._queue(more)
        elif came:
            self._judge(host, task, came)
            self._finish(came)
        self._queue(host)

    def _judge(self, host: _Host, task: Task, came: _Looked) -> None:
        """Counts how often a host has failed in a row."""
        if task.instead or not came.answers:
            return
        answer = came.answers[-1]
        if not is_unserved(answer):
            host.unserved = 0
            return
        host.unserved += 1
        if host.unserved >= self._pace.give_up:
            host.last = answer

    def _finish(self, looked: _Looked) -> None:
        self.pending -= 1
        self._held += _weight(looked.answers)
        self._results.append(looked)
        if len(self._results) == 1 or not self.pending:
            self._news.notify()

    def _take(self) -> Task | None:
        while not self._closed:
            now = time.monotonic()
            if task := self._next(now):
                ready = bool(self._heap) and self._heap[0][0] <= now
                if self._idle and (ready or not self._leads):
                    self._work.notify()
                return task
            self._sleep(now)
        return None

    def _sleep(self, now: float) -> None:
        """Waits for work; only one of those who wait looks at the clock."""
        self._idle += 1
        leads = not self._leads
        self._leads = True
        try:
            self._work.wait(self._until(now) if leads else None)
        finally:
            self._idle -= 1
            if leads:
                self._leads = False

    def _until(self, now: float) -> float:
        soon = [heap[0][0] for heap in (self._heap, self._delayed) if heap]
        return max(min([*soon, now + _TICK]) - now, 0.001)

    # ---------------------------------------------------------------- hosts

    def _host(self, name: str) -> _Host:
        if host := self._hosts.get(name):
            return host
        if len(self._hosts) >= self._most:
            self._forget(time.monotonic())
        return self._hosts.setdefault(name, _Host(name))

    def _forget(self, now: float) -> None:
        """Hosts are as many as links may be: those with nothing to remember go."""
        self._hosts = {name: host for name, host in self._hosts.items() if host.matters(now)}
        self._most = 2 * len(self._hosts) + _HOSTS

    def _queue(self, host: _Host) -> None:
        ready = host.warm or (host.cold and not host.gated)
        if ready and not host.queued and self._may_run(host):
            host.queued = True
            heapq.heappush(self._heap, (host.not_before, next(self._number), host))

    def _may_run(self, host: _Host) -> bool:
        return host.last is not None or host.running < self._pace.per_host

    def _next(self, now: float) -> Task | None:
        while self._delayed and self._delayed[0][0] <= now:
            _, _, task = heapq.heappop(self._delayed)
            host = self._host(task.host)
            host.warm.append(task)
            self._queue(host)
        while self._heap and self._heap[0][0] <= now:
            _, _, host = heapq.heappop(self._heap)
            host.queued = False
            if host.not_before > now and host.last is None:
                self._queue(host)  # it was postponed meanwhile
            elif task_ := self._of(host, now):
                return task_
        return None

    def _of(self, host: _Host, now: float) -> Task | None:
        """The next task of a host that may be asked now."""
        if host.last is not None:
            return self._left_alone(host, host.last)
        if host.warm:
            task = host.warm.popleft()
            self._held -= _weight(task.answers)
        elif self._held < HELD:
            task = host.cold.popleft()
        else:
            host.gated = True
            self._gated.append(host)
            return None
        host.running += 1
        host.not_before = now + self._pace.gap(host.name)
        self._queue(host)
        return task

    def _left_alone(self, host: _Host, last: Answer) -> Task | None:
        """Settles what waits for a host that was given up; what knows something is judged."""
        while host.cold or host.warm:
            task = (host.warm or host.cold).popleft()
            if task.answers:
                self._held -= _weight(task.answers)
                task.instead = last
                host.running += 1
                self._queue(host)
                return task
            self._finish(Looked(task.subject, self._unasked(host.name, last)))
        return None

    def _open(self) -> None:
        """Lets hosts in again that waited for answers to be read."""
        if self._gated and self._held < HELD:
            gated, self._gated = self._gated, []
            for host in gated:
                host.gated = False
                self._queue(host)
            self._work.notify(len(gated))


def _weight(answers: tuple[Answer, ...]) -> int:
    return sum(len(answer.body) + _ANOTHER for answer in answers)
