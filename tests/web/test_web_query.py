"""Questions in addresses: what they mean, and which part of a bad one is named."""

from __future__ import annotations

import datetime as dt

import pytest
from werkzeug.datastructures import MultiDict

from podcat.errors import QueryError
from podcat.model import Cursor, Selection
from podcat.web.query import Query, narrowed, nothing_of, read_query


def ask(*pairs: tuple[str, str]) -> Query:
    return read_query(MultiDict(pairs))


def second(year: int, month: int, day: int) -> int:
    return int(dt.datetime(year, month, day, tzinfo=dt.UTC).timestamp())


def test_no_question_is_everything() -> None:
    assert ask().selection == Selection()
    assert str(ask()) == ""


def test_each_parameter_narrows() -> None:
    asked = ask(
        ("q", " two  words "), ("tag", "Kazakhstan"), ("tag", "Қазақстан"),
        ("person", "Reid Standish"), ("programme", "All Things Considered"),
        ("provider", "npr"), ("playable", "yes"),
    ).selection  # fmt: skip
    assert asked == Selection(
        q="two words",
        tags=("kazakhstan", "қазақстан"),
        people=("reid-standish",),
        programme="all-things-considered",
        provider="npr",
        playable=True,
    )


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("2022", (2022, 1, 1), (2023, 1, 1)),
        ("2022-12", (2022, 12, 1), (2023, 1, 1)),
        ("2022-02", (2022, 2, 1), (2022, 3, 1)),
        ("2024-02-29", (2024, 2, 29), (2024, 3, 1)),
        ("2022-12-31", (2022, 12, 31), (2023, 1, 1)),
    ],
)
def test_a_date_is_as_long_as_it_is_exact(
    text: str, first: tuple[int, int, int], after: tuple[int, int, int]
) -> None:
    asked = ask(("since", text), ("until", text)).selection
    assert (asked.since, asked.until) == (second(*first), second(*after))


def test_equal_questions_have_one_address() -> None:
    one = ask(("provider", "npr"), ("q", "a b"), ("tag", "Kazakhstan"), ("until", ""), ("x", "y"))
    other = ask(("tag", "kazakhstan"), ("tag", "Kazakhstan"), ("q", "a  b"), ("provider", "npr"))
    assert str(one) == str(other) == "?q=a+b&tag=kazakhstan&provider=npr"


def test_a_condition_can_be_taken_away_and_the_list_starts_again() -> None:
    asked = ask(("tag", "a"), ("tag", "b"), ("after", "5-6"))
    assert asked.after == Cursor(5, 6)
    assert str(asked) == "?tag=a&tag=b&after=5-6"
    assert asked.without("tag", "a") == "?tag=b"


def test_a_further_condition_stands_in_its_place_and_the_list_starts_again() -> None:
    asked = ask(("tag", "a"), ("provider", "npr"), ("after", "5-6"), ("order", "oldest"))
    assert asked.narrowed(tag="b") == "?tag=a&tag=b&provider=npr&order=oldest"
    assert asked.narrowed(tag="a") == "?tag=a&provider=npr&order=oldest"
    assert asked.narrowed(provider="voa") == "?tag=a&provider=voa&order=oldest"
    assert asked.narrowed(since="2019", until="2019") == (
        "?tag=a&provider=npr&since=2019&until=2019&order=oldest"
    )
    assert asked.without_all("tag", "since") == "?provider=npr&order=oldest"


@pytest.mark.parametrize(("given", "health"), [("ok", "alive"), ("DEAD", "dead")])
def test_health_in_the_words_of_the_catalogue(given: str, health: str) -> None:
    asked = ask(("health", given))
    assert (asked.selection.health, str(asked)) == (health, f"?health={health}")


def test_two_healths_are_none() -> None:
    both = narrowed(Selection(health="dead"), ask(("health", "failing")).selection)
    assert both == nothing_of(Selection(health="dead"))


def test_a_cursor_may_lie_before_1970() -> None:
    assert ask(("after", str(Cursor(-86400, 7)))).after == Cursor(-86400, 7)


@pytest.mark.parametrize(
    "name", ["q", "tag", "person", "programme", "provider", "since", "until", "playable", "after"]
)
def test_no_parameter_is_given_without_end(name: str) -> None:
    with pytest.raises(QueryError) as caught:
        ask(*((name, "npr") for _ in range(11)))
    assert caught.value.parameter == name


def test_ten_tags_can_be_asked_for() -> None:
    assert len(ask(*(("tag", f"t{n}") for n in range(10))).selection.tags) == 10


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("since", "yesterday"), ("since", "2022-13"), ("since", "2022-02-30"), ("since", "0000"),
        ("since", "٢٠٢٢"), ("until", "22"), ("until", "9999-12-31"), ("after", "x"),
        ("after", "1-2-3"), ("after", "99999999999999999-1"), ("playable", "maybe"),
        ("q", "x" * 201), ("q", "\0"), ("tag", "\0"), ("tag", "\u200b"), ("provider", "nope"),
        ("health", "fine"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(name: str, value: str) -> None:
    with pytest.raises(QueryError) as caught:
        ask((name, value))
    assert caught.value.parameter == name


def test_one_choice_at_a_time() -> None:
    with pytest.raises(QueryError, match="provider"):
        ask(("provider", "npr"), ("provider", "voa"))


def test_a_lists_own_selection_stays() -> None:
    both = narrowed(Selection(tags=("a",), provider="npr"), Selection(tags=("b", "a"), q="x"))
    assert both == Selection(q="x", tags=("a", "b"), provider="npr")
    with pytest.raises(QueryError, match="provider"):
        narrowed(Selection(provider="npr"), Selection(provider="voa"))


@pytest.mark.parametrize(
    ("fixed", "asked", "both"),
    [
        (Selection(q="a b"), Selection(), Selection(q="a b")),
        (Selection(q="a b"), Selection(q="c"), Selection(q="a b c")),
        (Selection(q='"a b'), Selection(q="c"), Selection(q='"a b" c')),
        (Selection(since=5, until=9), Selection(), Selection(since=5, until=9)),
        (Selection(since=5, until=9), Selection(since=3, until=7), Selection(since=5, until=7)),
        (Selection(since=-5), Selection(since=0, until=0), Selection(since=0, until=0)),
        (Selection(playable=False), Selection(), Selection(playable=False)),
        (Selection(playable=True), Selection(playable=True), Selection(playable=True)),
        (Selection(), Selection(playable=False), Selection(playable=False)),
        (Selection(programme="p"), Selection(programme="p"), Selection(programme="p")),
    ],
)
def test_all_that_is_fixed_holds_beside_all_that_is_asked(
    fixed: Selection, asked: Selection, both: Selection
) -> None:
    assert narrowed(fixed, asked) == both


@pytest.mark.parametrize("playable", [True, False])
def test_what_contradicts_itself_is_nothing_however_it_is_narrowed(playable: bool) -> None:
    none = narrowed(Selection(playable=playable), Selection(playable=not playable))
    assert narrowed(none, Selection(since=-9, until=9)).until == none.since == 0


@pytest.mark.parametrize("text", ['"', "*", "…", "--", '""'])
def test_a_question_without_a_word_is_no_episode(text: str) -> None:
    asked = ask(("q", text), ("since", "2000"))
    assert asked.wordless
    assert asked.selection.since == asked.selection.until
    assert not ask(("q", "-a")).wordless
    assert not ask().wordless
