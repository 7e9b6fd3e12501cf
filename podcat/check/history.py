"""How an address stands after all looks at it. Pure.

One look says what was seen; a standing says what is to be believed. It is dead only after two
answers that it is gone (404, 410) at least a day apart, or after three failures of any sort, each
at least three days after the one before; until then it is failing. What can never be good again
is dead at once: an address that its provider's grammar excludes, a player of a closed provider.
The rule follows InternetArchiveBot's (three failures, three days apart), which kept Wikipedia's
links from being called dead for a bad afternoon.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

from podcat.catalogue.records import ALIVE, DEAD, FAILING, UNKNOWN, Check, Standing
from podcat.check.states import State

DAY: Final = 86_400  # seconds; so are all of these
GONE_APART, GONE_STRIKES = DAY, 2
FAILURES_APART, FAILURE_STRIKES = 3 * DAY, 3
ALIVE_AGAIN, JITTER = 7 * DAY, DAY
DEAD_AGAIN = 30 * DAY

GOOD: Final = frozenset({State.OK, State.MOVED, State.UNFRAMEABLE})
"""Somebody who follows the link gets there. That a player forbids frames is no death."""
SILENT: Final = frozenset({State.GATED, State.UNCLEAR, State.UNCHECKED})
"""These say nothing: neither that it is alive nor that it is not."""
OUTAGE: Final = "engine/outage"
"""The rule by which a provider as a whole is down: that says nothing of one of its items."""


def standing(previous: Standing | None, check: Check) -> Standing:
    """How an address stands after one more look.

    A look that is older than the last one known changes nothing.
    """
    if previous and check.checked_at < previous.last_checked:
        return previous
    seen = _seen(previous, check)
    if check.state in SILENT or check.rule == OUTAGE:
        return _due(seen, check)
    return _due(_alive(seen) if check.state in GOOD else _failed(seen, check), check)


def rests(stands: Standing, now: int) -> bool:
    """Whether an address need not be looked at again so far.

    What fails is looked at whenever somebody checks, and so is what nobody could look at.
    """
    told = stands.health in (ALIVE, DEAD) or stands.state in (State.GATED, State.UNCLEAR)
    return told and stands.health != FAILING and stands.due_at > now


def is_final(check: Check) -> bool:
    """Whether there is nothing to wait for: nobody had to be asked to know it."""
    asked = check.status is not None or "answers" in check.evidence
    return check.state == State.MALFORMED or (check.state == State.GONE and not asked)


def _seen(previous: Standing | None, check: Check) -> Standing:
    now = check.checked_at
    if previous is None:
        return Standing(check.state, now, UNKNOWN, now, now, now)
    since = previous.since if previous.state == check.state else now
    return replace(previous, state=check.state, since=since, last_checked=now)


def _alive(seen: Standing) -> Standing:
    now = seen.last_checked
    recovered = now if seen.health in (FAILING, DEAD) else seen.recovered_at
    return replace(
        seen, health=ALIVE, last_ok=now, recovered_at=recovered, failing_since=None,
        dead_since=None, failures=0, strikes=0, struck_at=None, gone=0, gone_at=None,
    )  # fmt: skip


def _failed(seen: Standing, check: Check) -> Standing:
    now = seen.last_checked
    struck = seen.struck_at is None or now - seen.struck_at >= FAILURES_APART
    is_gone = check.state == State.GONE
    gone = is_gone and (seen.gone_at is None or now - seen.gone_at >= GONE_APART)
    failed = replace(
        seen,
        failures=seen.failures + 1,
        failing_since=now if seen.failing_since is None else seen.failing_since,
        recovered_at=None,
        strikes=seen.strikes + struck,
        struck_at=now if struck else seen.struck_at,
        gone=seen.gone + gone,
        gone_at=now if gone else seen.gone_at,
    )
    if seen.health != DEAD and not (_is_dead(failed) or is_final(check)):
        return replace(failed, health=FAILING)
    dead_since = now if failed.dead_since is None else failed.dead_since
    return replace(failed, health=DEAD, dead_since=dead_since)


def _is_dead(failed: Standing) -> bool:
    return failed.gone >= GONE_STRIKES or failed.strikes >= FAILURE_STRIKES


def _due(after: Standing, check: Check) -> Standing:
    wait = {DEAD: DEAD_AGAIN, FAILING: FAILURES_APART}.get(after.health)
    if wait is None:
        wait = ALIVE_AGAIN + _jitter(check)
    elif after.health == FAILING and check.state == State.GONE:
        wait = GONE_APART
    return replace(after, due_at=check.checked_at + wait)


def _jitter(check: Check) -> int:
    """So that a catalogue checked in one go is not due in one go; the same for the same look."""
    digest = hashlib.sha256(f"{check.checked_at} {check.url}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:4]) % (2 * JITTER + 1) - JITTER
