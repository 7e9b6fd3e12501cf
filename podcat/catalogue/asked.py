"""What a selection asks for, words and filters of its query and its own parts together. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from podcat.catalogue import search
from podcat.catalogue.search import Filter, Query
from podcat.model import Selection


@dataclass(frozen=True, slots=True)
class Asked:
    """Conditions that all must hold."""

    words: Query
    """Without filters: those are in the other parts."""
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    """Slugs, as tags."""
    parts: tuple[str, ...] = ()
    """Parts of the slugs of people: `ruiz`."""
    programme: str | None = None
    provider: str | None = None
    playable: int | None = None
    health: str | None = None
    since: int | None = None
    """First second that belongs to it."""
    until: int | None = None
    """First second after it."""
    unwanted: tuple[Filter, ...] = ()
    """Tags, parts of people, programmes and providers that must not be."""
    nothing: bool = False
    """Whether it contradicts itself: to look for such episodes would be to look at all."""


def asked(selection: Selection) -> Asked:
    """The conditions of a selection."""
    query = search.parse(selection.q)
    filters = tuple(map(_positive, query.filters))
    wanted = {name: _values(filters, name) for name in _NAMES}
    programmes = _all(selection.programme, wanted["programme"])
    providers = _all(selection.provider, wanted["provider"])
    playables = _all(_number(selection.playable), wanted["playable"])
    since = max(_all(selection.since, wanted["since"]), default=None)
    until = min(_all(selection.until, wanted["until"]), default=None)
    unwanted = tuple(each for each in filters if not each.wanted)
    contrary = (
        any(len(set(values)) > 1 for values in (programmes, providers, playables))
        or any(each.value in wanted[each.name] for each in unwanted)
        or any(one.implies(other) for one in query.wanted for other in query.unwanted)
        or (since is not None and until is not None and since >= until)
    )
    return Asked(
        words=Query(query.wanted, query.unwanted),
        tags=tuple(dict.fromkeys((*selection.tags, *wanted["tag"]))),
        people=tuple(dict.fromkeys(selection.people)),
        parts=tuple(dict.fromkeys(wanted["person"])),
        programme=next(iter(programmes), None),
        provider=next(iter(providers), None),
        playable=next(iter(playables), None),
        health=selection.health, since=since, until=until, unwanted=unwanted, nothing=contrary,
    )  # fmt: skip


_NAMES: Final = ("tag", "person", "programme", "provider", "since", "until", "playable")
_OTHERWISE: Final = {"since": "until", "until": "since", "playable": "playable"}


def _positive(each: Filter) -> Filter:
    """`-since:` is `until:`, `-playable:yes` is `playable:no`."""
    if each.wanted or each.name not in _OTHERWISE:
        return each
    value = 1 - int(each.value) if each.name == "playable" else each.value
    return Filter(_OTHERWISE[each.name], value)


def _values(filters: Iterable[Filter], name: str) -> list[Any]:
    return [each.value for each in filters if each.wanted and each.name == name]


def _all(own: str | int | None, typed: list[Any]) -> list[Any]:
    return typed if own is None else [own, *typed]


def _number(choice: bool | None) -> int | None:
    return None if choice is None else int(choice)
