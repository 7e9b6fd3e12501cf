"""Judges by status alone, until the rules stand here."""

from __future__ import annotations

from podcat.check.asking import Ask, Subject, Verdict
from podcat.check.judge import judge
from podcat.check.states import Sighting, State
from podcat.net.answer import Answer, Trouble

_GATED = frozenset({401, 402, 403, 429, 451})


def consider(subject: Subject, answers: tuple[Answer, ...]) -> Verdict | Ask:
    """A verdict by the status of the one answer."""
    if not answers:
        seen = Sighting(
            subject.url, subject.kind, subject.provider, subject.id, None, subject.refused
        )
        (result,) = judge([seen])
        if result.state is State.UNCHECKED:
            return Ask(subject.url, media=subject.kind in ("audio", "image"))
        return Verdict(result.state, result.detail, result.suggestion, "offline")
    answer = answers[-1]
    if answer.trouble is Trouble.PRIVATE:
        return Verdict(State.UNCHECKED, answer.detail, rule="private")
    if answer.status is None:
        return Verdict(State.UNREACHABLE, answer.detail, rule="trouble")
    return _by_status(answer, answer.status)


def _by_status(answer: Answer, status: int) -> Verdict:
    said = f"answers {status}"
    if status in (404, 410):
        return Verdict(State.GONE, said, rule="status")
    if status in _GATED:
        return Verdict(State.GATED, said, rule="status")
    if status >= 400:
        return Verdict(State.UNREACHABLE, said, rule="status")
    if b"Page not found" in answer.body:
        return Verdict(State.HOLLOW, "says that the page is not found", rule="soft")
    if answer.hops and all(hop.status in (301, 308) for hop in answer.hops):
        return Verdict(State.MOVED, said, answer.final_url, rule="moved")
    return Verdict(State.OK, said, rule="status")
