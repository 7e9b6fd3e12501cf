"""How often a source is looked at: learned from how often something new was there. Pure.

A look that finds something new halves the pause, one that finds nothing makes it half as long
again, between a quarter of an hour and a week. A source that fails is left alone twice as long
each time. What its feed, its Cache-Control or its Retry-After asks for is not undercut.
"""

from __future__ import annotations

import re
import time
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Final

from podcat.catalogue import Source
from podcat.net.answer import Answer

MINUTE: Final = 60  # seconds; so are all of these
HOUR: Final = 60 * MINUTE
LEAST: Final = 15 * MINUTE
FIRST: Final = HOUR
"""Before anything is known."""
DAY: Final = 24 * HOUR
MOST: Final = 7 * DAY

_HEAD: Final = 2**16
"""Bytes in which a channel speaks of itself."""
_ITEM: Final = re.compile(rb"<(?:\w{1,20}:)?(?:item|entry)[\s>]", re.I)
_TTL: Final = re.compile(rb"<ttl>\s{0,20}(\d{1,6})\s{0,20}</ttl>", re.I)
_PERIOD: Final = re.compile(
    rb"<(?:\w{1,20}:)?updatePeriod>\s{0,20}(hourly|daily|weekly|monthly|yearly)", re.I
)
_FREQUENCY: Final = re.compile(rb"<(?:\w{1,20}:)?updateFrequency>\s{0,20}(\d{1,4})", re.I)
_SKIPS: Final = re.compile(rb"<skip(?:Hours|Days)>.{0,3000}?</skip(?:Hours|Days)>", re.I | re.S)
_SKIPPED_HOUR: Final = re.compile(rb"<hour>\s{0,9}(\d{1,2})\s{0,9}</hour>", re.I)
_SKIPPED_DAY: Final = re.compile(rb"<day>\s{0,9}((?:mon|tues|wednes|thurs|fri|satur|sun)day)", re.I)
_DAYS: Final = (
    b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday",
)  # fmt: skip
_MAX_AGE: Final = re.compile(r"(?<![\w-])max-age\s{0,9}=\s{0,9}\"?(\d{1,20})")
_STALE: Final = re.compile(r"(?<![\w-])no-(?:cache|store)(?![\w-])")
_PERIODS: Final = {
    b"hourly": HOUR, b"daily": 24 * HOUR, b"weekly": MOST, b"monthly": MOST, b"yearly": MOST,
}  # fmt: skip


def seen(source: Source, now: int, *, new: bool, more: bool = False) -> Source:
    """A source after a look that went well; `more` says that not all could be read so far."""
    longer = source.pause // 2 if new else source.pause * 3 // 2
    if more or source.last_checked is None:
        longer = source.pause  # what was there before says nothing of how often something comes
    pause = min(max(longer, LEAST, source.least), MOST)
    # Where the rest of a list is read, its own pause is no reason to be slow.
    wait = max(LEAST, min(source.least, HOUR)) if more else pause
    return replace(
        source, last_checked=now, last_changed=now if new else source.last_changed,
        next_at=_welcome(now + wait, source.skips), pause=pause, failures=0, why=None,
    )  # fmt: skip


def _welcome(moment: int, skips: int) -> int:
    """The first moment from then on at which a look is wanted; the same where none ever is."""
    found = moment
    for _ in range(8 * 24):
        at = time.gmtime(found)
        if not skips & (1 << at.tm_hour | 1 << (24 + at.tm_wday)):
            return found
        found += HOUR - found % HOUR
    return moment


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


def _head(data: bytes) -> bytes:
    head = data[:_HEAD]
    first = _ITEM.search(head)
    return head[: first.start()] if first else head


def fresh(answer: Answer, now: float) -> int:
    """Seconds for which its server calls an answer fresh (RFC 9111, 4.2); at most a day.

    That is said for all files of a kind more often than for one source: so it counts less than
    what a feed says.
    """
    control = answer.header("cache-control").lower()
    stated = _MAX_AGE.search(control)
    if stated and not _STALE.search(control):
        age = answer.header("age").strip()
        seconds = int(stated[1][:9]) - (int(age[:9]) if age.isdecimal() else 0)
    elif stated or _STALE.search(control):
        seconds = 0
    else:
        date = _moment(answer.header("date"))
        seconds = int(_moment(answer.header("expires")) - (date or now))
    return min(max(seconds, 0), DAY)


def _moment(stated: str) -> float:
    try:
        return parsedate_to_datetime(stated).timestamp()
    except (ValueError, TypeError, OverflowError):
        return 0.0


def skips(data: bytes) -> int:
    """Hours and days at which a feed wants no looks, as bits: hours in UTC, days from Monday."""
    found = 0
    for block in _SKIPS.finditer(_head(data)):
        for hour in _SKIPPED_HOUR.findall(block[0]):
            found |= 1 << int(hour) % 24 if int(hour) <= 24 else 0
        for day in _SKIPPED_DAY.findall(block[0]):
            found |= 1 << (24 + _DAYS.index(day.lower()))
    return found


def least(data: bytes) -> int:
    """Seconds below which a feed wants no looks: its `ttl`, its `sy:updatePeriod`; 0 for none."""
    head = _head(data)
    found = [int(ttl[1]) * MINUTE for ttl in [_TTL.search(head)] if ttl]
    if period := _PERIOD.search(head):
        often = _FREQUENCY.search(head)
        found.append(_PERIODS[period[1].lower()] // max(int(often[1]) if often else 1, 1))
    return min(max(found, default=0), MOST)
