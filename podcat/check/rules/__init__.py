"""Judges answers: a table of small rules, each with its evidence.

`consider` is asked first without any answer, then again with each answer that it wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from podcat.check.asking import Ask, Subject, Verdict
from podcat.check.rules.case import Case
from podcat.check.rules.rule import Note, Rule
from podcat.check.rules.table import AFTER, BEFORE, NOTES, SECOND
from podcat.check.states import State
from podcat.net.answer import Answer

__all__ = ["Note", "Rule", "consider", "listed", "notes", "rule"]

_WELL = frozenset({State.OK, State.MOVED})
_NOTED = frozenset({State.OK, State.MOVED, State.UNCLEAR})


def consider(subject: Subject, answers: tuple[Answer, ...]) -> Verdict | Ask:
    """What is to be said of an address by the answers so far, or the next address to ask."""
    case = Case(subject, answers)
    if not answers:
        return _first(BEFORE, case) or case.first
    found = _first(AFTER, case)
    if isinstance(found, Verdict) and found.state in _WELL:
        found = _first(SECOND, case) or found
    if isinstance(found, Verdict) and found.state in _NOTED:
        found = replace(found, warnings=tuple(said for _, said in notes(case)))
    return found if found is not None else Verdict(State.UNCLEAR, "no rule knows such an answer")


def _first(rules: Iterable[Rule], case: Case) -> Verdict | Ask | None:
    """The verdict or the wish of the first rule that has one."""
    for each in rules:
        if case.kind in each.kinds and (found := each.look(case)):
            return found if isinstance(found, Ask) else replace(found, rule=each.id)
    return None


def notes(case: Case) -> Iterator[tuple[Note, str]]:
    """What is not good of an address that answers, with the reason for each."""
    for each in NOTES:
        if case.kind in each.kinds and (said := each.look(case)):
            yield each, said


def listed() -> tuple[Rule | Note, ...]:
    """Everything that is looked at, in order."""
    return (*BEFORE, *AFTER, *SECOND, *NOTES)


def rule(name: str) -> Rule | Note | None:
    """The rule of a name, as it stands in a verdict."""
    return next((each for each in listed() if each.id == name), None)
