"""How fast to ask, how long to wait, and when to ask again."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Final

from podcat.net.answer import Answer, Trouble

_AGAIN: Final = frozenset({Trouble.NAME, Trouble.REFUSED, Trouble.TIMEOUT, Trouble.BROKEN})
_LATER: Final = frozenset({429, 503})  # may say in Retry-After when
_NEVER: Final = frozenset({501, 505, 511})  # the same tomorrow as today
_EARLY: Final = frozenset({408, 425})
_GAPS: Final = random.Random()  # noqa: S311  (nobody gains by guessing)


@dataclass(frozen=True, slots=True)
class Pace:
    """Polite unless it is turned up. All times in seconds."""

    threads: int = 64
    """Requests under way at once."""
    per_host: int = 4
    """The same for one host."""
    interval: float = 0.05
    """Between the beginnings of two requests to one host."""
    timeout: float = 20.0
    """For one look, redirects included."""
    retries: int = 2
    backoff: float = 0.5
    """Before the first retry; doubled for each other."""
    longest: float = 60.0
    """Retry-After that is waited for; what asks for more is not asked again in this run."""
    max_wait: float = 120.0
    """Most that one host is waited for in one run: it must not hold up the others."""
    give_up: int = 5
    """After so many links of a host in a row that it did not serve, it is left alone."""
    gaps: Mapping[str, float] = field(default_factory=dict)
    """As `interval`, of hosts that want more than that; may grow while a run goes on."""

    def gap(self, host: str) -> float:
        """Between the beginnings of two requests to a host."""
        return max(self.interval, self.gaps.get(host, 0.0))

    def delay(self, tries: int) -> float:
        """Before another try; never quite the same, lest all come at once."""
        return self.backoff * 2.0**tries * _GAPS.uniform(0.5, 1.0)


POLITE: Final = Pace(per_host=2, interval=0.25)
"""For `--polite`."""


def is_passing(answer: Answer) -> bool:
    """Whether another try may give another answer."""
    if answer.status is None or answer.trouble is Trouble.BROKEN:
        return answer.trouble in _AGAIN
    failed = answer.status >= 500 and answer.status not in _NEVER
    return failed or answer.status == 429 or answer.status in _EARLY


def wait_of(answer: Answer, longest: float) -> float | None:
    """Seconds for which a host wants to be left alone, `longest` at most.

    None where it says nothing of the kind; 0 is what a host says with 429 and without a time.
    Retry-After has seconds or a date (RFC 9110, 10.2.3).
    """
    if answer.status not in _LATER:
        return None
    stated = answer.header("retry-after").strip()
    if not stated:
        return 0.0 if answer.status == 429 else None
    if stated.isdecimal():
        return min(float(stated[:9]), longest)
    try:
        moment = parsedate_to_datetime(stated)
    except (ValueError, TypeError, OverflowError):
        return 0.0
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return min(max(zoned.timestamp() - time.time(), 0.0), longest)


def is_unserved(answer: Answer) -> bool:
    """Whether it was the host, not the address, that gave no answer."""
    if answer.status == 429:
        return True
    return answer.status is None and answer.trouble in _AGAIN
