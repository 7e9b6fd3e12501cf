"""What was recognised, and why, in words for a page. Nothing here marks text safe."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from podcat.extract.explain import Sight, explain
from podcat.feed.notes import shorten
from podcat.model import Candidate, Document, Embed, Page, embed_json, page_json, strength
from podcat.text import format_duration
from podcat.web.adding.reading import Read
from podcat.web.present import provider_name
from podcat.web.site import site

_CARDS: Final = 200  # shown of one document; all of them are kept
_SIGHTS: Final = 200
_LONGEST: Final = 300
_OTHERS: Final = 5
_CHOSEN_OF: Final = ("people", "tags")
_ELSEWHERE: Final = ("page", "place")  # told beside the recording, and by the page itself


@dataclass(frozen=True)
class Other:
    """A value that lost."""

    rule: str
    value: str
    why: str


@dataclass(frozen=True)
class Reason:
    """Where the value of one field comes from."""

    field: str
    rule: str
    value: str
    others: tuple[Other, ...] = ()


@dataclass(frozen=True)
class Card:
    """One recording."""

    embed: Embed
    title: str
    episode: int | None
    """Which episode of the catalogue it is; None for a new one."""
    reasons: list[Reason]


@dataclass(frozen=True)
class Shown:
    """One document."""

    name: str
    page: Page
    cards: list[Card]
    hidden: int
    """Recordings that are not shown, because there are so many."""
    reasons: list[Reason]
    """For what the document says of itself."""
    passed: list[Sight] = field(default_factory=list)
    """What looks like a player, and was not taken."""


@dataclass(frozen=True)
class Preview:
    """Everything that came in."""

    documents: list[Shown]
    problems: list[str]
    recordings: int
    known: int
    """Those of them that the catalogue has already."""


def preview(read: Read) -> Preview:
    """In words."""
    foreseen = site().catalogue.foreseen(read.found)
    shown = [
        _shown(document, page, episodes)
        for (document, page), episodes in zip(read.found, foreseen, strict=True)
    ]
    every = [episode for episodes in foreseen for episode in episodes]
    known = sum(1 for episode in every if episode is not None)
    return Preview(shown, [shorten(p, _LONGEST) for p in read.problems], len(every), known)


def _shown(document: Document, page: Page, episodes: Sequence[int | None]) -> Shown:
    both = list(zip(page.embeds, episodes, strict=True))
    cards = [_card(page, embed, episode) for embed, episode in both[:_CARDS]]
    passed = [sight for sight in explain(document, page) if sight.recording is None]
    reasons = list(_reasons(page_json(page), page.provenance, page.candidates))
    return Shown(
        document.name, page, cards, len(both) - len(cards), reasons, passed[:_SIGHTS]
    )  # fmt: skip


def _card(page: Page, embed: Embed, episode: int | None) -> Card:
    unnamed = f"Recording without a title ({provider_name(embed.provider)})"
    title = shorten(embed.title or unnamed, _LONGEST)
    reasons = list(_reasons(embed_json(page, embed), embed.provenance, embed.candidates))
    return Card(embed, title, episode, reasons)


def _reasons(
    values: Mapping[str, Any], rules: Mapping[str, str], candidates: Iterable[Candidate]
) -> Iterator[Reason]:
    """Field, rule and value; with each what it was chosen over, as `extract --explain` tells."""
    every = list(candidates)
    for name, rule in rules.items():
        if name in _ELSEWHERE:
            continue
        value = _said(name, values.get(name))
        others = () if name in _CHOSEN_OF else tuple(_others(name, rule, value, every))
        yield Reason(name, rule, value, others)


def _others(name: str, rule: str, value: str, every: Iterable[Candidate]) -> Iterator[Other]:
    said = dict.fromkeys((c.rule, _said(name, c.value)) for c in every if c.field == name)
    for other, words in [pair for pair in said if pair != (rule, value)][:_OTHERS]:
        weaker = strength(other) < strength(rule)
        why = "weaker rule" if weaker else "a better source came first"
        yield Other(other, words, "the same" if words == value else why)


def _said(name: str, value: Any) -> str:
    """A value as people read it, and no longer than they do."""
    if name == "duration" and isinstance(value, int):
        return format_duration(value) or ""
    if isinstance(value, list):
        return shorten(", ".join(map(_one, value)), _LONGEST)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, str):
        return shorten(value or "", _LONGEST)
    return shorten(json.dumps(value, ensure_ascii=False, default=str), _LONGEST)


def _one(value: Any) -> str:
    return f"{value['name']} ({value['role']})" if isinstance(value, dict) else str(value)
