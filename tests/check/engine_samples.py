"""What the tests of the engine have in common."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable

from podcat.check.asking import Ask, Subject, Verdict
from podcat.check.engine import Looked, look
from podcat.check.states import State
from podcat.net.answer import Answer, Trouble
from podcat.net.pace import Pace

QUICK = Pace(threads=16, per_host=4, interval=0, timeout=5, retries=2, backoff=0.01)


class Asker:
    """Answers by a function, and remembers who was asked when."""

    def __init__(self, answers: Callable[[str], Answer] | None = None, takes: float = 0.0) -> None:
        self._answers, self._takes = answers or ok, takes
        self._lock = threading.Lock()
        self.asked: list[tuple[float, str]] = []
        self.running: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.was_cut = threading.Event()

    def look(self, url: str, *, limit: int, media: bool = False) -> Answer:  # noqa: ARG002
        host = url.split("/")[2]
        with self._lock:
            self.asked.append((time.monotonic(), url))
            for key in (host, "all"):
                self.running[key] += 1
                self.most[key] = max(self.most[key], self.running[key])
        self.was_cut.wait(self._takes)
        try:
            return self._answers(url)
        finally:
            with self._lock:
                self.running[host] -= 1
                self.running["all"] -= 1

    def cut(self) -> None:
        self.was_cut.set()

    def times(self, host: str) -> list[float]:
        """When a host was asked."""
        return sorted(at for at, url in self.asked if url.split("/")[2] == host)


def ok(url: str) -> Answer:
    return Answer(url, url, status=200)


def failed(trouble: Trouble, said: str = "no") -> Callable[[str], Answer]:
    return lambda url: Answer(url, url, trouble=trouble, detail=said)


def status(number: int, **headers: str) -> Callable[[str], Answer]:
    given = {name.replace("_", "-"): (value,) for name, value in headers.items()}
    return lambda url: Answer(url, url, status=number, headers=given)


def in_turn(*each: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """Another answer each time; the last one for ever."""
    left = list(each)

    def answer(url: str) -> Answer:
        now = left.pop(0) if len(left) > 1 else left[0]
        return now(url)

    return answer


def consider(subject: Subject, answers: tuple[Answer, ...]) -> Verdict | Ask:
    if not answers:
        return Ask(subject.url)
    return Verdict(State.OK, str(answers[-1].status or answers[-1].trouble))


def subjects(count: int, hosts: int = 1, start: int = 0) -> Iterable[Subject]:
    for number in range(start, start + count):
        yield Subject(f"http://{number % hosts}.example/{number}", "page")


def run(
    asker: Asker, given: Iterable[Subject] | None = None, pace: Pace = QUICK, judge: object = None
) -> list[Looked]:
    return list(look(given or subjects(1), judge or consider, pace, asker))  # type: ignore[arg-type]
