"""Where redirects lead: to the thing itself elsewhere, to a gate, or away from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from podcat import urls
from podcat.check.asking import Verdict
from podcat.check.rules.case import Case
from podcat.check.states import State
from podcat.net import astray

PERMANENT: Final = frozenset({301, 308})
MANY: Final = 5
"""More redirects than this are said: some podcast apps give up."""


def _led(case: Case) -> urls.Address | None:
    """Where redirects led to, if to another place than was asked for."""
    return case.way.end if case.answer.hops else None


def parked(case: Case) -> Verdict | None:
    """To a trader in names: the site was given up."""
    end = _led(case)
    return _lost(case) if end and astray.is_parked(end) else None


def login(case: Case) -> Verdict | None:
    """To a page where one logs in."""
    return _at_gate(case, astray.to_login)


def consent(case: Case) -> Verdict | None:
    """To a page that asks for consent."""
    return _at_gate(case, astray.to_consent)


def _at_gate(
    case: Case, gate: Callable[[urls.Address, urls.Address], str | None]
) -> Verdict | None:
    end, start = _led(case), case.way.start
    said = gate(start, end) if start and end else None
    return Verdict(State.GATED, said) if said else None


def to_missing(case: Case) -> Verdict | None:
    """To the page of its site for things that are not there."""
    end = _led(case)
    return _lost(case) if end and astray.is_missing(end) else None


def to_home(case: Case) -> Verdict | None:
    """To a front page."""
    end = _led(case)
    return _lost(case) if end and astray.is_home(end) else None


def _lost(case: Case) -> Verdict | None:
    end, start = _led(case), case.way.start
    said = astray.lost(start, end) if start and end else None
    return Verdict(State.HOLLOW, said) if said else None


# ---------------------------------------------------------------- moved


def moved(case: Case) -> Verdict | None:
    """For good: every redirect on the way is permanent."""
    hops = case.answer.hops
    if not hops or any(hop.status not in PERMANENT for hop in hops):
        return None
    if counts_visits(case) or is_passing(case.answer.final_url):
        return None
    new = new_address(case)
    if new is None:
        return None
    return Verdict(State.MOVED, f"moved for good ({_statuses(case)})", new)


def counts_visits(case: Case) -> bool:
    """Whether the way begins at a counter: who leaves it out is not counted any more."""
    start = case.way.start
    return start is not None and urls.counted(start) is not start


def is_passing(url: str) -> bool:
    """Whether an address lets one in for a while only."""
    address = urls.parse(url)
    return address is not None and any(map(urls.is_token, address.parameters()))


def new_address(case: Case) -> str | None:
    """The final address, with the fragment of the old one, as browsers carry it along."""
    end, given = case.way.end, urls.parse(case.url)
    if end is None or given is None:
        return None
    new = replace(end, fragment=end.fragment or given.fragment)
    return None if str(new) == str(given) else urls.absolute(str(new))


def _statuses(case: Case) -> str:
    return ", ".join(dict.fromkeys(str(hop.status) for hop in case.answer.hops))


# ---------------------------------------------------------------- remarks


def many(case: Case) -> str | None:
    """More redirects than every podcast app follows."""
    count = len(case.answer.hops)
    return f"redirects {count} times: some apps give up" if count > MANY else None


def by_https(case: Case) -> str | None:
    """An http address that its server answers by https, though not for good."""
    if moved(case):
        return None
    given, end = urls.parse(case.url), case.way.end
    if given is None or end is None or str(replace(given, scheme="https", fragment="")) != str(end):
        return None
    return f"is answered by https: write {end}" if given.scheme == "http" else None
