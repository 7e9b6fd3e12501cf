"""What a list can be narrowed by: links that add or take away a condition, each with a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import methodcaller
from typing import Any, Final

from podcat.catalogue import Count, Facets
from podcat.catalogue.facets import NAMED
from podcat.catalogue.records import ALIVE, DEAD, FAILING, UNKNOWN
from podcat.model import Selection
from podcat.web.present import provider_name
from podcat.web.query import EVERYTHING, Query
from podcat.web.site import site

HEALTHS: Final = {
    ALIVE: "Answers", FAILING: "Failing", DEAD: "Dead", UNKNOWN: "Not known",
}  # fmt: skip
"""What can be believed of a recording, in words."""
FIRST: Final = 6
"""Choices that are shown at once; the others are behind a click."""


@dataclass(frozen=True)
class Choice:
    """One condition."""

    key: str
    """By which it is told from others: `tag=ice`."""
    name: str
    episodes: int
    path: str
    """Of the list with this condition; where it is chosen, without."""
    chosen: bool = False


@dataclass(frozen=True)
class Group:
    """Conditions of one kind."""

    title: str
    first: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()


def facets_of(selection: Selection) -> Facets:
    """What a selection can be narrowed by; of the whole catalogue it is counted once a change."""
    if selection != EVERYTHING:
        return site().remembered(selection, lambda: site().catalogue.facets(selection))
    whole: Facets = site().once("facets", methodcaller("all_facets"))
    kinds = ("tags", "people", "programmes", "providers")
    named: dict[str, Any] = {kind: site().counts(kind)[:NAMED] for kind in kinds}
    return replace(whole, **named)


def groups(path: str, query: Query, fixed: Selection, facets: Facets) -> list[Group]:
    """The conditions of each kind for a list at a path; `fixed` is what it is of anyway."""
    asking = _Asking(path, query, facets)
    named = (
        ("Tags", "tag", facets.tags, fixed.tags),
        ("People", "person", facets.people, fixed.people),
        ("Programmes", "programme", facets.programmes, (fixed.programme,)),
        ("Providers", "provider", _with_names(facets.providers), (fixed.provider,)),
    )
    kinds = [
        (title, asking.named(name, [c for c in counts if c.slug not in own]))
        for title, name, counts, own in named
    ]
    kinds += [
        ("Years", asking.years()),
        ("Audio file", asking.files()),
        ("Health", asking.healths()),
    ]
    return [_group(title, tuple(choices)) for title, choices in kinds if choices]


def _group(title: str, choices: tuple[Choice, ...]) -> Group:
    # One more line takes no more room than the words that hide it.
    cut = FIRST if len(choices) > FIRST + 1 else len(choices)
    return Group(title, choices[:cut], choices[cut:])


def _with_names(counts: Iterable[Count]) -> list[Count]:
    return [replace(count, name=provider_name(count.slug)) for count in counts]


@dataclass(frozen=True)
class _Asking:
    """A question, and how its answer can be narrowed."""

    path: str
    query: Query
    facets: Facets

    def named(self, name: str, counts: Iterable[Count]) -> list[Choice]:
        """Choices of what has a name of its own; those chosen come first."""
        chosen = self.query.values(name)
        found = [
            Choice(f"{name}={c.slug}", c.name, c.episodes,
                   self.path + self.query.without(name, c.slug), chosen=True)
            if c.slug in chosen else
            Choice(f"{name}={c.slug}", c.name, c.episodes,
                   self.path + self.query.narrowed(**{name: c.slug}))
            for c in counts
        ]  # fmt: skip
        return sorted(self._telling(found), key=lambda choice: not choice.chosen)

    def years(self) -> list[Choice]:
        """One year each."""
        chosen = self.query.value("since"), self.query.value("until")
        found = (
            Choice(f"year={year.slug}", year.name, year.episodes,
                   self.path + self.query.without_all("since", "until"), chosen=True)
            if chosen == (year.slug, year.slug) else
            Choice(f"year={year.slug}", year.name, year.episodes,
                   self.path + self.query.narrowed(since=year.slug, until=year.slug))
            for year in self.facets.years
        )  # fmt: skip
        return list(self._telling(found))

    def files(self) -> list[Choice]:
        """With and without an audio file."""
        words = (("1", "With: for podcast apps"), ("0", "Without: player only"))
        counts = [Count(value, word, self.facets.playable[int(value)]) for value, word in words]
        return self._of_few("playable", counts)

    def healths(self) -> list[Choice]:
        """As far as anything is known."""
        if not any(n for health, n in self.facets.health.items() if health != UNKNOWN):
            return []
        counts = [Count(key, word, self.facets.health.get(key, 0)) for key, word in HEALTHS.items()]
        return self._of_few("health", counts)

    def _of_few(self, name: str, counts: Iterable[Count]) -> list[Choice]:
        return self.named(name, [count for count in counts if count.episodes])

    def _telling(self, choices: Iterable[Choice]) -> Iterator[Choice]:
        """Without those that all have: they would narrow nothing."""
        for choice in choices:
            narrows = choice.episodes < self.facets.episodes or not self.facets.complete
            if choice.chosen or narrows:
                yield choice
