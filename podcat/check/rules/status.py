"""No answer, or one whose status says it all."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from podcat.check.asking import Verdict
from podcat.check.judge import closed as closed_by
from podcat.check.judge import misfit as misfit_of
from podcat.check.judge import retired as retired_form
from podcat.check.rules.case import Case
from podcat.check.states import State
from podcat.net.answer import Trouble

# ---------------------------------------------------------------- before anybody is asked


def misfit(case: Case) -> Verdict | None:
    """It can be no address of what it is said to be."""
    return misfit_of(case.url, case.subject.refused)


def closed(case: Case) -> Verdict | None:
    """Its provider gave up."""
    return closed_by(case.match) if case.match else None


def retired(case: Case) -> Verdict | None:
    """Its form of player plays no more."""
    return retired_form(case.match) if case.match else None


def members_only(case: Case) -> Verdict | None:
    """Its provider tells nobody without an account."""
    return Verdict(State.UNCLEAR, case.checks.unclear) if case.checks.unclear else None


# ---------------------------------------------------------------- no answer

_TROUBLES: Final = {
    Trouble.NAME: "its host has no address",
    Trouble.REFUSED: "nobody answers at its host",
    Trouble.TIMEOUT: "does not answer in time",
    Trouble.TLS: "no safe connection",
    Trouble.BROKEN: "the connection broke off",
    Trouble.CODING: "its answer cannot be unpacked",
    Trouble.UNRECORDED: "is not in the recording",
    Trouble.LOOP: "redirects in a circle, or without end",
}


def private(case: Case) -> Verdict | None:
    """It leads into a private network, which is not asked."""
    if case.answer.trouble is not Trouble.PRIVATE:
        return None
    return Verdict(State.UNCHECKED, case.answer.detail or "leads to a private address: not asked")


def resting(case: Case) -> Verdict | None:
    """Its host, or one that it redirects to, wants to be left alone, so nobody asked."""
    if case.answer.trouble is not Trouble.RESTING:
        return None
    return Verdict(State.UNCHECKED, case.answer.detail or "its host is not asked for now")


def no_address(case: Case) -> Verdict | None:
    """It, or what it redirects to, cannot be asked for."""
    if case.answer.trouble is not Trouble.ADDRESS:
        return None
    if case.answer.hops:
        where = case.answer.hops[-1].location[:200]
        return Verdict(State.UNREACHABLE, f"redirects to {where}, which is no web address")
    return Verdict(State.MALFORMED, case.answer.detail or "not an http or https address")


def trouble(case: Case) -> Verdict | None:
    """No answer, or not the whole of a good one, after retries."""
    answer = case.answer
    if answer.status is not None and (answer.trouble is None or answer.status >= 400):
        return None  # a no is a no, though the rest of it did not come
    why = _TROUBLES.get(answer.trouble, "no answer") if answer.trouble else "no answer"
    tried = f" (tried {answer.tries} times)" if answer.tries > 1 else ""
    return Verdict(State.UNREACHABLE, f"{answer.detail or why}{_what_tls_means(case)}{tried}")


def _what_tls_means(case: Case) -> str:
    return ": browsers refuse it, too" if case.answer.trouble is Trouble.TLS else ""


# ---------------------------------------------------------------- a status

_GATES: Final = {
    401: "asks for a password",
    402: "wants programs to pay, which people need not",
    403: "is refused to programs; people may see it",
    407: "asks for the password of a proxy",
    429: "asks programs to come back later",
    451: "is withheld for legal reasons, at least here",
    999: "is refused to programs",  # no status of HTTP: LinkedIn's
}
_BRIEF: Final = frozenset({408, 425})
_WALL_HEADERS: Final = {
    "cf-mitigated": ("challenge",),
    "x-amzn-waf-action": ("challenge", "captcha"),
}


def answers(case: Case) -> str:
    """`answers 404 Not Found`, with the host when that is another than was asked."""
    status = case.answer.status or 0
    known = status in HTTPStatus._value2member_map_
    said = f"answers {status} {HTTPStatus(status).phrase if known else ''}".rstrip()
    start, end = case.way.start, case.way.end
    moved = start and end and start.host != end.host
    return f"{said} at {end.host}" if moved and end else said


def bot_wall(case: Case) -> Verdict | None:
    """A test that only browsers pass stands before it."""
    for name, values in _WALL_HEADERS.items():
        if case.answer.header(name).strip().lower() in values:
            said = f"{answers(case)}: a test that only browsers pass ({name})"
            return Verdict(State.GATED, said)
    return None


def not_there(case: Case) -> Verdict | None:
    """404 and 410."""
    if case.answer.status not in (404, 410):
        return None
    return Verdict(State.GONE, answers(case))


def toll(case: Case) -> Verdict | None:
    """TollBit sends programs to a gate of its own, or answers 402."""
    at_gate = any(host.startswith("tollbit.") for host in case.way.hosts)
    if not at_gate and not (case.answer.status == 402 and b"tollbit" in case.body.lower()):
        return None
    said = "its publisher lets programs in through TollBit only, for money; people see it"
    return Verdict(State.GATED, f"{answers(case)}: {said}")


def gate(case: Case) -> Verdict | None:
    """401, 402, 403, 407, 429, 451."""
    means = _GATES.get(case.answer.status or 0)
    if means is None:
        return None
    return Verdict(State.GATED, f"{answers(case)}: {means}{_when(case)}")


def _when(case: Case) -> str:
    later = case.answer.header("retry-after").strip()[:40]
    if later.isdecimal():
        return f", in {later} s"
    return f", after {later}" if later else ""


def server_error(case: Case) -> Verdict | None:
    """5xx, and what is as passing as they are."""
    status = case.answer.status or 0
    if status < 500 and status not in _BRIEF:
        return None
    tried = f" (tried {case.answer.tries} times)" if case.answer.tries > 1 else ""
    return Verdict(State.UNREACHABLE, answers(case) + tried)


def nothing_to_range(case: Case) -> Verdict | None:
    """416: the first bytes were asked for, and there are none."""
    if case.answer.status != 416:
        return None
    if case.size == 0:
        return Verdict(State.HOLLOW, "is empty: 0 bytes")
    return Verdict(State.UNCLEAR, f"{answers(case)}, though the file begins at its first byte")


def odd_status(case: Case) -> Verdict | None:
    """Any other status that is no success."""
    if 200 <= (case.answer.status or 0) < 300:
        return None
    return Verdict(State.UNCLEAR, answers(case))


def breaks_off(case: Case) -> Verdict | None:
    """The answer ended before the length that it declared."""
    if not case.is_cut_short:
        return None
    said = f"breaks off after {len(case.body)} bytes"
    declared = case.answer.header("content-length")
    return Verdict(State.UNREACHABLE, said + (f" of {declared}" if declared.isdecimal() else ""))


def empty(case: Case) -> Verdict | None:
    """Success, and nothing in it."""
    if case.body.strip():
        return None
    return Verdict(State.HOLLOW, f"{answers(case)}, and nothing in it")
