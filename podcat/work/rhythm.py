"""How often a source is looked at: learned from how often something new was there. Pure.

A look that finds something new halves the pause, one that finds nothing makes it half as long
again, between a quarter of an hour and a week. A source that fails is left alone twice as long
each time. What its feed, or its Retry-After, asks for is never undercut.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from podcat.catalogue import Source

MINUTE: Final = 60  # seconds; so are all of these
HOUR: Final = 60 * MINUTE
LEAST: Final = 15 * MINUTE
FIRST: Final = HOUR
"""Before anything is known."""
MOST: Final = 7 * 24 * HOUR

_HEAD: Final = 2**16
"""Bytes in which a channel speaks of itself."""
_ITEM: Final = re.compile(rb"<(?:\w{1,20}:)?(?:item|entry)[\s>]", re.I)
_TTL: Final = re.compile(rb"<ttl>\s{0,20}(\d{1,6})\s{0,20}</ttl>", re.I)
_PERIOD: Final = re.compile(
    rb"<(?:\w{1,20}:)?updatePeriod>\s{0,20}(hourly|daily|weekly|monthly|yearly)", re.I
)
_FREQUENCY: Final = re.compile(rb"<(?:\w{1,20}:)?updateFrequency>\s{0,20}(\d{1,4})", re.I)
_PERIODS: Final = {
    b"hourly": HOUR, b"daily": 24 * HOUR, b"weekly": MOST, b"monthly": MOST, b"yearly": MOST,
}  # fmt: skip


def seen(source: Source, now: int, *, new: bool, more: bool = False) -> Source:
    """A source after a look that went well; `more` says that not all could be read so far."""
    longer = source.pause // 2 if new else source.pause * 3 // 2
    if more or source.last_checked is None:
        longer = source.pause  # what was there before says nothing of how often something comes
    pause = min(max(longer, LEAST, source.least), MOST)
    wait = max(LEAST, source.least) if more else pause
    return replace(
        source, last_checked=now, last_changed=now if new else source.last_changed,
        next_at=now + wait, pause=pause, failures=0, why=None,
    )  # fmt: skip


def failed(source: Source, now: int, why: str, after: float = 0.0) -> Source:
    """A source after a look that failed; `after` is for how long its host wants no other."""
    failures = source.failures + 1
    wait = min(max(source.pause, LEAST) * 2 ** min(failures - 1, 12), MOST)
    return replace(
        source, last_checked=now, next_at=now + max(wait, int(after)), failures=failures, why=why
    )


def postponed(source: Source, now: int) -> Source:
    """A source that could not be asked, which says nothing of it."""
    return replace(source, next_at=now + LEAST)


def least(data: bytes) -> int:
    """Seconds below which a feed wants no looks: its `ttl`, its `sy:updatePeriod`; 0 for none."""
    head = data[:_HEAD]
    if first := _ITEM.search(head):
        head = head[: first.start()]
    found = [int(ttl[1]) * MINUTE for ttl in [_TTL.search(head)] if ttl]
    if period := _PERIOD.search(head):
        often = _FREQUENCY.search(head)
        found.append(_PERIODS[period[1].lower()] // max(int(often[1]) if often else 1, 1))
    return min(max(found, default=0), MOST)
