"""Whether a server may be asked: its robots.txt first, and how much of it in one go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, Protocol

from podcat import urls
from podcat.catalogue import Catalogue, Robots
from podcat.net import robots
from podcat.net.answer import Answer, Trouble
from podcat.work import rhythm
from podcat.work.hosts import Delays

SECONDS: Final = 60.0
"""As long as one run may ask a host, by the pauses that it wants between two requests."""
KNOWN_FOR: Final = 24 * rhythm.HOUR
"""Seconds for which a robots.txt counts (RFC 9309, 2.4)."""
SILENT_FOR: Final = rhythm.HOUR
"""The same for one that was not to be had."""
ROBOTS: Final = "/robots.txt"


class Subject(Protocol):
    """One address to be had."""

    url: str
    first: bool
    """Whether its server's robots.txt is asked for first."""


class Ask(NamedTuple):
    """One more look."""

    url: str
    limit: int
    media: bool = False


class Came(NamedTuple):
    """The end of one address: its answer, or why nobody asked."""

    answer: Answer | None
    why: str = ""
    passing: bool = False
    """Whether it may be otherwise the next time."""
    later: bool = False
    """Whether there was no time for it, or its host rests: nothing is known of it."""


class Judge:
    """What the engine asks: for a server's robots.txt first, where that is not known."""

    final = Came

    def __init__(
        self, catalogue: Catalogue, limit: int, delays: Delays, clock: Callable[[], float]
    ) -> None:
        self._catalogue, self._limit, self._delays, self._clock = catalogue, limit, delays, clock
        self._manners: dict[str, robots.Manners] = {}
        self._asked: Counter[str] = Counter()

    def recall(self, wanted: Iterable[str]) -> None:
        """What is known of the servers of these addresses."""
        now = int(self._clock())
        origins = {robots.origin(url) or "" for url in wanted} - self._manners.keys()
        for known in self._catalogue.robots(origins, now - KNOWN_FOR).values():
            manners = robots.Manners(known.status, known.rules)
            if not manners.silent or known.read_at > now - SILENT_FOR:
                self._learn(known.origin, manners)

    def _learn(self, origin: str, manners: robots.Manners) -> None:
        self._manners[origin] = manners
        self._delays.learned(origin, manners.delay)

    def consider(self, subject: Subject, answers: tuple[Answer, ...]) -> Came | Ask:
        """The end of an address, or what to ask next."""
        origin = robots.origin(subject.url)
        if origin is None:
            return Came(None, "is not an http or https address")
        if answers and not subject.first:
            return Came(answers[-1])
        if answers:
            if answers[-1].trouble is Trouble.RESTING:
                return Came(answers[-1])
            self._keep(origin, answers[-1])
        manners = self._manners.get(origin)
        subject.first = manners is None
        if manners is None:
            return Ask(origin + ROBOTS, robots.LIMIT)
        if manners.silent:
            return Came(None, _silent(manners, answers), passing=True)
        return self._permitted(subject, manners)

    def _permitted(self, subject: Subject, manners: robots.Manners) -> Came | Ask:
        if not manners.permits(subject.url):
            return Came(None, "its robots.txt forbids it to programs")
        if not self._has_time(urls.site_of(subject.url) or ""):
            return Came(None, later=True)
        return Ask(subject.url, self._limit)

    def _has_time(self, host: str) -> bool:
        """Whether a host can be asked once more in this run, by its Crawl-delay."""
        self._asked[host] += 1
        return (self._asked[host] - 1) * self._delays.get(host, 0.0) <= SECONDS

    def _keep(self, origin: str, answer: Answer) -> None:
        if origin in self._manners:
            return
        rules = answer.body.decode("utf-8-sig", "replace")
        status = _status(answer)
        self._catalogue.keep_robots(Robots(origin, int(self._clock()), status, rules))
        self._learn(origin, robots.Manners(status, rules))

    def unasked(self, host: str, last: Answer) -> Came:
        """The end of one whose host was given up."""
        said = last.detail or f"it answers {last.status}"
        return Came(None, f"not asked: {host} has not answered the last requests ({said})", True)

    def bug(self, error: Exception) -> Came:
        """The end of one over which we stumbled."""
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return Came(None, f"podcat has a bug, please report it: {what}")


def _status(answer: Answer) -> int | None:
    """What a robots.txt answered; None where nothing is known of it, as where it is cut off.

    One that redirects too often is not there (RFC 9309, 2.3.1.2), nor is one that does to nowhere.
    """
    if answer.trouble in (Trouble.LOOP, Trouble.ADDRESS) and answer.hops:
        return answer.hops[-1].status
    return None if answer.trouble else answer.status


def _silent(manners: robots.Manners, answers: tuple[Answer, ...]) -> str:
    said = f"answers {manners.status}" if manners.status else "gives no answer"
    why = f"its robots.txt {said}, so nothing is asked for"
    detail = answers[-1].detail if answers else ""
    return f"{why} ({detail})" if detail else why
