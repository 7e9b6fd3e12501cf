"""What a rule is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from podcat import text

ERROR: Final = "error"
"""Someone refuses the feed or the item."""
WARNING: Final = "warning"
"""Someone shows it wrongly, or not at all."""
ADVICE: Final = "advice"
"""It would be better otherwise."""
SEVERITIES: Final = (ERROR, WARNING, ADVICE)

_LONGEST_QUOTE: Final = 120  # characters of a feed's own words in a message


class Spot(NamedTuple):
    """A place in a feed that is no XML: its line, and the item it belongs to."""

    line: int | None = None
    item: str | None = None


class Hit(NamedTuple):
    """One place that breaks a rule."""

    place: Any = None
    """An element of XML, a `Spot`, or None for the whole."""
    said: str = ""
    """What stands there; it goes into the rule's sentence."""


Check = Callable[[Any], Iterable[Hit]]
"""Yields what breaks a rule in a parsed feed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table of rules."""

    id: str
    severity: str
    who: str
    """Who says so, or who suffers: a specification, a directory, an app."""
    sentence: str
    """What is wrong and what to do; `{}` stands for what was found."""
    source: str
    """Address where the rule is written down or was seen."""
    check: Check


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with one place of a feed."""

    rule: Rule
    message: str
    line: int | None
    item: str | None
    """Title of the item, or its guid, or None outside items."""

    def to_json(self, feed: str) -> dict[str, Any]:
        """The finding as an object; `feed` is what a person calls the feed."""
        return {
            "feed": feed,
            "rule": self.rule.id,
            "severity": self.rule.severity,
            "who": self.rule.who,
            "line": self.line,
            "item": self.item,
            "message": self.message,
            "source": self.rule.source,
        }


def quoted(said: str) -> str:
    """A feed's own words, fit to be printed: one line, no control characters, not long."""
    plain = text.clean(said[: 4 * _LONGEST_QUOTE]) or ""
    plain = "".join(filter(str.isprintable, plain))
    return plain if len(plain) <= _LONGEST_QUOTE else plain[: _LONGEST_QUOTE - 1] + "…"


def sentence(rule: Rule, said: str) -> str:
    """The rule's sentence about what was found."""
    return rule.sentence.replace("{}", quoted(said))


def each(check: Callable[[Any], Iterable[Hit]]) -> Check:
    """A check of one item as a check of a feed."""

    def on_all(feed: Any) -> Iterator[Hit]:
        for item in feed.items:
            yield from check(item)

    return on_all
