"""The longest first, in pages, both ways, on both databases; and what is akin to an episode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import pytest
from catalogue_samples import all_of, embed, put
from hypothesis import given, settings
from hypothesis import strategies as st

from podcat.catalogue import Catalogue, longest, open_catalogue
from podcat.catalogue.paging import LONGEST
from podcat.model import END, Cursor, Episode, Person, Selection

Lent = Callable[..., AbstractContextManager[str]]
LENGTHS = (60, None, 90, 60, 3600, None, 90, 5, 60)


@pytest.fixture(scope="module")
def filled(lent: Lent) -> Iterator[Catalogue]:
    with lent() as url, open_catalogue(url) as catalogue:
        put(catalogue, *[
            embed(id=str(n), title="odd" if n % 2 else "even", published=f"2020-01-{n % 4 + 1:02}",
                  tags=("all", *(("few",) if n % 9 == 0 else ())),
                  **({"duration": LENGTHS[n % 9]} if LENGTHS[n % 9] else {}))
            for n in range(27)
        ])  # fmt: skip
        yield catalogue


def by_length(episodes: tuple[Episode, ...]) -> list[int]:
    """Longest first, unknown last, of equal ones the newest first."""
    key = lambda e: (-1 if e.duration is None else e.duration, e.sort_at, e.id)  # noqa: E731
    return [e.id for e in sorted(episodes, key=key, reverse=True)]


SELECTIONS = (
    Selection(), Selection(tags=("all",)), Selection(q="odd"), Selection(tags=("few",)),
    Selection(q="-odd", since=1_577_923_200), Selection(people=("nobody",)),
    Selection(q="person:nobody"),
)  # fmt: skip


@pytest.mark.parametrize("sorted_at_once", [2_000, 4])
@given(selection=st.sampled_from(SELECTIONS), limit=st.sampled_from([1, 2, 5, 26, 27, 28]))
@settings(max_examples=25)
def test_pages_lose_and_double_nothing(
    filled: Catalogue, sorted_at_once: int, selection: Selection, limit: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(longest, "SORTED", sorted_at_once)
        expected = by_length(filled.episodes(selection, limit=100).episodes)
        ask = partial(filled.episodes, selection, limit=limit, order=LONGEST)
        pages, after = [ask()], None
        while (after := pages[-1].next) is not None:
            pages.append(ask(after=after))
            assert len(pages) < 40, "the pages go round in circles"
        assert [e.id for page in pages for e in page.episodes] == expected
        back = [ask(before=END)]
        while (before := back[-1].previous) is not None:
            back.append(ask(before=before))
            assert len(back) < 40, "the pages go round in circles"
        assert [e.id for page in back[::-1] for e in page.episodes] == expected


def test_what_has_no_known_length_comes_last(filled: Catalogue) -> None:
    lengths = [e.duration for e in filled.episodes(order=LONGEST, limit=100).episodes]
    assert lengths[0] == 3600
    assert lengths[-6:] == [None] * 6
    assert None not in lengths[:-6]


def test_a_place_that_is_no_more_has_nothing_after_it(filled: Catalogue) -> None:
    assert filled.episodes(after=Cursor(5, 999_999), order=LONGEST).episodes == ()


# ---------------------------------------------------------------- akin


def akin(catalogue: Catalogue, episode: Episode) -> list[tuple[str, str, str | None]]:
    return [(r.kind, r.name, r.episode.title) for r in catalogue.related(episode)]


def test_people_come_before_tags_and_the_programme(catalogue: Catalogue) -> None:
    ana, bo = Person("Ana Ruiz", "host"), Person("Bo Lind", "guest")
    put(
        catalogue,
        embed(id="0", title="This", people=(ana, bo), tags=("Ice",), programme="Week"),
        embed(id="1", title="A1", people=(ana,), tags=("Ice",), published="2019-01-01"),
        embed(id="2", title="A2", people=(ana,), published="2020-01-01"),
        embed(id="3", title="I", tags=("Ice",), programme="Week", published="2021-01-01"),
        embed(id="4", title="W", programme="WEEK", published="2018-01-01"),
        embed(id="5", title="Other", programme="Day", published="2022-01-01"),
    )
    this = next(e for e in all_of(catalogue) if e.title == "This")
    assert akin(catalogue, this) == [
        ("person", "Ana Ruiz", "A2"), ("person", "Ana Ruiz", "A1"),
        ("tag", "Ice", "I"), ("programme", "Week", "W"),
    ]  # fmt: skip
    assert [r.episode.title for r in catalogue.related(this, 2)] == ["A2", "A1"]


def test_one_person_leaves_room_for_others_and_fills_it_where_there_are_none(
    catalogue: Catalogue,
) -> None:
    ana = Person("Ana", "host")
    put(catalogue, embed(id="0", title="This", people=(ana,), tags=("Ice",)),
        embed(id="99", title="Ice", tags=("Ice",)),
        *[embed(id=str(n), title=f"A{n}", people=(ana,), published=f"2020-01-{n:02}")
          for n in range(1, 10)])  # fmt: skip
    this = next(e for e in all_of(catalogue) if e.title == "This")
    assert [r[2] for r in akin(catalogue, this)] == ["A9", "A8", "A7", "A6", "A5", "Ice"]


def test_nothing_is_akin_to_what_shares_nothing(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="0", title="This"), embed(id="1", title="That", tags=("x",)))
    for episode in all_of(catalogue):
        assert catalogue.related(episode) == ()


def test_hidden_ones_are_not_akin(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="0", title="This", tags=("x",)), embed(id="1", tags=("x",)))
    this, that = (e for e in sorted(all_of(catalogue), key=lambda e: e.title != "This"))
    assert len(catalogue.related(this)) == 1
    catalogue.hide(that.id, 5)
    assert catalogue.related(this) == ()
