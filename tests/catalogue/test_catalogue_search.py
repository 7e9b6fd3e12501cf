"""What a search finds, and that no text whatever breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from catalogue_samples import all_of, embed, put, titles
from hypothesis import example, given, settings
from hypothesis import strategies as st

from podcat import text
from podcat.catalogue import Catalogue, open_catalogue
from podcat.catalogue.search import parse
from podcat.model import Person, Selection

Lent = Callable[[], AbstractContextManager[str]]

TITLES = (
    "It's raining in Łódź",
    "Новини дня: Ещё раз",
    "Crème brûlée à la carte",
    "An a-b test of C++",
    "Sea ice melts fast",
    "Ice in the sea",
    "हिन्दी समाचार",
)


@pytest.fixture(scope="module")
def shelf(lent: Lent) -> Iterator[Catalogue]:
    with lent() as url, open_catalogue(url) as catalogue:
        put(catalogue, *[embed(id=str(n), title=title) for n, title in enumerate(TITLES)])
        yield catalogue


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("it's", [0]),
        ("IT’S", [0]),
        ("łodz", [0]),
        ("lodz", []),  # ł has no mark to drop: it is a letter of its own
        ("новини", [1]),
        ("ЕЩЕ", [1]),
        ("creme brulee", [2]),
        ("CRÈME", [2]),
        ("a-b", [3]),
        ("c++", [3]),
        ("sea ice", [4, 5]),
        ("ice SEA", [4, 5]),
        ('"sea ice"', [4]),
        ('"sea  ICE', [4]),
        ('"ice sea"', []),
        ("ice -melts", [5]),
        ('ice -"sea ice"', [5]),
        ("-ice -a -it -новини", [6]),
        ("ice -sea", []),
        ("हिन्दी", [6]),
        ("sea AND NOT OR NEAR(", []),
        ("title:ice", []),
        ("ice*", [4, 5]),
        ("^ice", [4, 5]),
        ("ic", []),
        ("sea\x00ice", [4, 5]),
    ],
)
def test_finds(shelf: Catalogue, typed: str, found: list[int]) -> None:
    assert sorted(titles(shelf, q=typed), key=str) == sorted((TITLES[n] for n in found), key=str)
    assert shelf.count(Selection(q=typed)) == len(found)


@pytest.mark.parametrize(
    "typed", [None, "", "  ", '"', '""', "-", "- \"'", "+*^:()", "\ud800", "\0"]
)
def test_text_without_a_word_narrows_nothing(shelf: Catalogue, typed: str | None) -> None:
    assert len(all_of(shelf, q=typed)) == len(TITLES)


@settings(max_examples=80, deadline=None)
@given(st.text(st.characters(codec=None)) | st.text("ab \"-*^:(){}'\0\ud800"))
@example(" ".join(f"w{n}" for n in range(5000)))
@example("-" + " -".join(f"w{n}" for n in range(5000)))
@example('"' + "a " * 5000 + '"')
def test_no_text_breaks_a_search(shelf: Catalogue, typed: str) -> None:
    assert shelf.count(Selection(q=typed)) == len(all_of(shelf, q=typed))


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_a_title_is_found_by_its_own_words(any_shelf: Catalogue, title: str) -> None:
    put(any_shelf, embed(id=title, title=title))
    quoted = text.scrub(title).replace('"', " ").replace("-", " ")
    if parse(quoted):
        assert text.scrub(title).strip() in titles(any_shelf, q=quoted)


@pytest.fixture(scope="module")
def any_shelf(lent: Lent) -> Iterator[Catalogue]:
    with lent() as url, open_catalogue(url) as catalogue:
        yield catalogue


@pytest.mark.parametrize(
    "word",
    ["heading", "hourly", "ruiz", "topic", "described", "captioned", "paged", "spaces"],
)
def test_every_part_is_searched(catalogue: Catalogue, word: str) -> None:
    given_embed = embed(
        "x-spaces", id="1", title="Heading", programme="Hourly",
        people=(Person("Ana Ruiz", "host"),), tags=("Topic",), description="Described", image_caption="Captioned",
    )  # fmt: skip
    put(catalogue, given_embed, embed("npr", id="2"))
    put(catalogue, given_embed, title="Paged")
    assert [episode.provider_id for episode in all_of(catalogue, q=word)] == ["1"]


def test_words_that_are_gone_find_nothing(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", title="Provisional"), data="a")
    put(catalogue, embed(id="1", title="Final", rule="json/title"), data="b")
    assert titles(catalogue, q="provisional") == []
    assert titles(catalogue, q="final") == ["Final"]
