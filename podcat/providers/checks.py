"""What a provider's file says of looking at its players: section [check].

alive    regular expressions; a living player page holds what one of them finds
dead     regular expressions; a page where one of them finds something is not the player
without  the state of a player page that holds nothing of `alive`
unclear  why nobody can tell without an account, so that nobody asks
retired  host to whose players no longer play
oembed   status of the provider's oEmbed service to the state that it means
named    the address that is handed to that service, where it is not the recording's page
canary   a recording that is surely there: if the service denies it, it denies everything
lookup   an address that tells whether the recording is there, and
nothing  a regular expression that finds something in its answer when it is not
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from podcat.providers.templates import Lazy

STATES: Final = frozenset({"gone", "hollow", "unclear", "unframeable", "gated"})
"""What may be said of a player by the words of its provider."""


@dataclass(frozen=True, slots=True)
class Checks:
    """Section [check] of a provider's file; see above."""

    alive: tuple[Lazy, ...] = ()
    dead: tuple[Lazy, ...] = ()
    without: str | None = None
    unclear: str | None = None
    retired: Mapping[str, str] = field(default_factory=dict)
    oembed: Mapping[str, str] = field(default_factory=dict)
    named: str | None = None
    canary: str | None = None
    lookup: str | None = None
    nothing: Lazy | None = None

    def patterns(self) -> Iterator[Lazy]:
        """All that a page is searched for."""
        yield from (*self.alive, *self.dead)
        if self.nothing:
            yield self.nothing


def read(table: Mapping[str, Any]) -> Checks:
    """The section as it stands in the file, its keys known to be good.

    Raises ValueError for a state that nobody can be in.
    """
    for state in (*table.get("oembed", {}).values(), table.get("without")):
        if state is not None and state not in STATES:
            raise ValueError(f"{state!r} is no state of a player: known are {_listed()}")
    return Checks(
        alive=tuple(map(_lazy, table.get("alive", ()))),
        dead=tuple(map(_lazy, table.get("dead", ()))),
        without=table.get("without"),
        unclear=table.get("unclear"),
        retired=table.get("retired", {}),
        oembed=table.get("oembed", {}),
        named=table.get("named"),
        canary=table.get("canary"),
        lookup=table.get("lookup"),
        nothing=_lazy(table["nothing"]) if "nothing" in table else None,
    )


def _listed() -> str:
    return ", ".join(sorted(STATES))


def _lazy(text: str) -> Lazy:
    return Lazy(partial(_compiled, text))


def _compiled(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.I)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from None
