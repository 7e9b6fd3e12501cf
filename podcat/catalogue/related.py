"""What else there is with the same people, about the same, from the same programme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from podcat import text
from podcat.catalogue import paging, read
from podcat.catalogue.asked import asked
from podcat.catalogue.database import Database, Row
from podcat.catalogue.records import Related
from podcat.model import Episode, Selection

_LISTS: Final = 5
"""People, and tags, whose lists are looked at."""
_OF_ONE: Final = 3
"""Episodes of one list, as long as other lists have any."""


class _Spot(NamedTuple):
    id: int
    sort_at: int


class _Shared(NamedTuple):
    """What episodes have in common with this one."""

    kind: str
    slug: str
    name: str
    selection: Selection


def related(db: Database, episode: Episode, most: int = 6) -> tuple[Related, ...]:
    """At most so many others: with the same people, then about the same, then of the programme.

    The newest of each list, each episode once; grouped by what they share.
    """
    met = {episode.id}
    lists = [(shared, _newest(db, shared, most)) for shared in _shared(episode)]
    chosen: dict[int, list[int]] = defaultdict(list)
    for portion in (_OF_ONE, most):
        for number, (_, ids) in enumerate(lists):
            fresh = [one for one in ids if one not in met][: portion - len(chosen[number])]
            fresh = fresh[: most + 1 - len(met)]
            chosen[number] += fresh
            met.update(fresh)
    episodes = {one.id: one for one in read.by_ids(db, sorted(met))}
    return tuple(
        Related(shared.kind, shared.slug, shared.name, episodes[one])
        for number, (shared, ids) in enumerate(lists)
        for one in ids
        if one in chosen[number] and one in episodes
    )


def _shared(episode: Episode) -> Iterator[_Shared]:
    people = {text.slug(person.name): person.name for person in episode.people}
    for slug, name in list(people.items())[:_LISTS]:
        yield _Shared("person", slug, name, Selection(people=(slug,)))
    for name in episode.tags[:_LISTS]:
        slug = text.slug(name)
        yield _Shared("tag", slug, name, Selection(tags=(slug,)))
    if episode.programme and text.words(episode.programme):
        slug = text.slug(episode.programme)
        yield _Shared("programme", slug, episode.programme, Selection(programme=slug))


def _newest(db: Database, shared: _Shared, most: int) -> list[int]:
    place = paging.Place(most + 1)
    part = paging.page(db, asked(shared.selection), _SPOTS, place, paging.NEWEST)
    return [spot.id for spot in part.found]


def _spots(_: Database, rows: Sequence[Row]) -> tuple[_Spot, ...]:
    return tuple(_Spot(row["id"], row["sort_at"]) for row in rows)


_SPOTS: Final = paging.Shape("e.id, e.sort_at", _spots)
