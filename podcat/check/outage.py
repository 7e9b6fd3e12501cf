"""A provider whose items fail by more than half in one run is down, or shuts us out.

SoundCloud's and Spotify's public interfaces have answered 404 for whatever was asked, for hours:
no recording was gone. So failures of a provider wait for the end of the run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from podcat.check.asking import Verdict
from podcat.check.engine import Looked
from podcat.check.states import State
from podcat.providers import registry

LEAST: Final = 5
"""Fewer failures than this say nothing about a provider."""
_FAILED: Final = frozenset({State.GONE, State.HOLLOW, State.UNREACHABLE})


@dataclass(slots=True)
class _Tally:
    looks: int = 0
    failed: int = 0
    held: deque[Looked] = field(default_factory=deque)


class Outages:
    """Lets results through, except for failures of providers."""

    def __init__(self) -> None:
        self._tallies: dict[str, _Tally] = {}

    def through(self, looked: Looked) -> Looked | None:
        """The result, or None while it is held."""
        provider = looked.subject.provider
        if provider not in registry().providers or not _was_asked(looked):
            return looked
        tally = self._tallies.setdefault(provider, _Tally())
        tally.looks += 1
        if looked.verdict.state not in _FAILED:
            return looked
        tally.failed += 1
        # Of what was answered the bodies are read, and would fill the memory.
        bare = tuple(replace(answer, body=b"") for answer in looked.answers)
        tally.held.append(replace(looked, answers=bare))
        return None

    def rest(self) -> Iterator[Looked]:
        """The failures that were held, as what they turned out to be; each once, whoever asks."""
        while self._tallies:
            provider, tally = next(iter(self._tallies.items()))
            is_out = tally.failed >= LEAST and tally.failed * 2 > tally.looks
            while tally.held:
                looked = tally.held.popleft()
                yield _excused(looked, provider, tally) if is_out else looked
            del self._tallies[provider]


def _was_asked(looked: Looked) -> bool:
    return bool(looked.answers) or looked.verdict.rule.startswith("engine/")


def _excused(looked: Looked, provider: str, tally: _Tally) -> Looked:
    name = registry().providers[provider].name
    detail = (
        f"{tally.failed} of {tally.looks} addresses of {name} failed in this run, which looks "
        f"like an outage or a block of the provider and nobody's fault ({looked.verdict.detail})"
    )
    return replace(looked, verdict=Verdict(State.UNREACHABLE, detail, rule="engine/outage"))
