"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from podcat.check.asking import Ask, Verdict
from podcat.check.rules.case import Case

KINDS = ("player", "page", "audio", "transcript", "image")

Look = Callable[[Case], "Verdict | Ask | None"]
"""Judges a case, wants another answer, or has nothing to say."""
Remark = Callable[[Case], "str | None"]
"""Says what is not good, though it changes no state."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to call an address something."""

    id: str
    says: str
    """What it sees, and what that means."""
    source: str
    """Who says so."""
    look: Look
    kinds: tuple[str, ...] = KINDS


@dataclass(frozen=True, slots=True)
class Note:
    """One reason to warn."""

    id: str
    says: str
    source: str
    look: Remark
    kinds: tuple[str, ...] = KINDS
