"""What a look at a link can say: a closed set of states, with the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class State(StrEnum):
    """All that can be said of an address."""

    OK = "ok"
    MOVED = "moved"
    MALFORMED = "malformed"
    GONE = "gone"
    HOLLOW = "hollow"
    UNCLEAR = "unclear"
    UNFRAMEABLE = "unframeable"
    GATED = "gated"
    UNREACHABLE = "unreachable"
    UNCHECKED = "unchecked"


BROKEN: Final = frozenset({State.MALFORMED, State.GONE, State.HOLLOW, State.UNFRAMEABLE})
"""States that fail a check, where nothing else is asked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address stands."""

    document: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """An address in one place, with what its reader knew of it."""

    url: str
    kind: str
    """player, page, audio, transcript or image"""
    provider: str | None
    id: str | None
    place: Place | None
    """None where a rule built the address, and no document has it."""
    refused: str | None = None
    """Why reading took it for no recording of its provider."""
    page_url: str | None = None
    """The page that has it, where that is known."""
    ignored: bool = False
    """Whether a person wrote `podcat-ignore` beside it."""


@dataclass(frozen=True, slots=True)
class Result:
    """One look at one address, in all the places where it stands.

    An address without a place was built by a rule.
    """

    url: str
    kind: str
    provider: str | None
    id: str | None
    state: State
    status: int | None
    """HTTP status, or None where nobody asked."""
    detail: str
    suggestion: str | None
    places: tuple[Place, ...]
    checked_at: str

    def to_json(self) -> dict[str, Any]:
        """The contract's object."""
        values = {name: getattr(self, name) for name in self.__slots__}
        values["places"] = [{"document": p.document, "line": p.line} for p in self.places]
        return values


def is_broken(result: Result, states: frozenset[State] = BROKEN) -> bool:
    """Whether this result fails the check; only a player needs to be framed."""
    if result.state is State.UNFRAMEABLE and result.kind != "player":
        return False
    return result.state in states
