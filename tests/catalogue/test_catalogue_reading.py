"""Lists by their definition: whichever way they are read, on both databases, page by page."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import pytest
from catalogue_samples import NOW, all_of, embed, put, titles
from hypothesis import given, settings
from hypothesis import strategies as st
from postgres_server import Server

from podcat import text
from podcat.catalogue import (
    Catalogue,
    Listing,
    Tally,
    facets,
    longest,
    open_catalogue,
    read,
    relevance,
    walks,
)
from podcat.catalogue.search import NUMBERS, Phrase, place
from podcat.model import Cursor, Episode, Person, Selection

sys.path.append(str(Path(__file__).parents[1] / "bench"))

Lent = Callable[..., AbstractContextManager[str]]
Both = tuple[Catalogue, Catalogue]
DATES = (
    "0001-01-01", "1066-10-14", "1850-05-05", "1969-12-31", "1970-01-01", "2020-01-01",
    "2020-01-01T00:00:01Z", "2021-01", "2242-03-16", "9999-12-31", None,
)  # fmt: skip
WORDS = ("ice", "sea", "fire", "wind")
PEOPLE = ("Ana Ruiz", "Bo Ruiz", "Cy Lind", "Di")


@pytest.fixture(scope="module")
def both(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    with ExitStack() as stack:
        urls = (
            f"sqlite:///{tmp_path_factory.mktemp('reading')}/a.db",
            stack.enter_context(postgres.lent()),
        )
        one, other = (stack.enter_context(open_catalogue(url)) for url in urls)
        for catalogue in (one, other):
            put(catalogue, *map(recording, range(60)), now=NOW)
            catalogue.hide(7, NOW)
            catalogue.hide(20, NOW)
        yield one, other


def recording(n: int) -> Any:
    words = [word for at, word in enumerate(WORDS) if n % (at + 2) == 0]
    return embed(
        ("npr", "voa", "rferl")[n % 3], id=str(n), title=" ".join([*words, f"n{n}"]), published=DATES[n % 11],
        description=" ".join(words[::-1] * (n % 4)) or None, programme=("Day", "Night", None)[n % 5 % 3],
        people=tuple(Person(name, role) for at, name in enumerate(PEOPLE) if n % (at + 3) == 0
                     for role in ("host", "guest")[: n % 2 + 1]),
        tags=tuple(f"t{k}" for k in (2, 3, 50) if n % k == 0), audio_url=f"https://c.example/{n}.mp3" if n % 7 else None,
    )  # fmt: skip


def said(episode: Episode) -> list[list[str]]:
    parts = [
        episode.title, episode.programme, episode.description, episode.provider,
        " ".join(sorted({p.name for p in episode.people})), " ".join(sorted(episode.tags)),
    ]  # fmt: skip
    return [text.words(part or "") for part in parts]


def belongs(episode: Episode, asked: dict[str, Any]) -> bool:
    """What a selection means, episode by episode."""
    words = [word for column in said(episode) for word in column]
    slugs = [text.slug(p.name) for p in episode.people]
    tags = [text.slug(tag) for tag in episode.tags]
    judges: dict[str, Callable[[Any], bool]] = {
        "word": lambda v: v in words,
        "minus": lambda v: v not in words,
        "tag": lambda v: v in tags,
        "no tag": lambda v: v not in tags,
        "person": lambda v: v in slugs,
        "part": lambda v: any(f"-{v}-" in f"-{slug}-" for slug in slugs),
        "no part": lambda v: not any(f"-{v}-" in f"-{slug}-" for slug in slugs),
        "programme": lambda v: text.slug(episode.programme or "") == v,
        "no programme": lambda v: text.slug(episode.programme or "") != v,
        "provider": lambda v: episode.provider == v,
        "no provider": lambda v: episode.provider != v,
        "playable": lambda v: episode.playable == v,
        "since": lambda v: episode.sort_at >= text.span(v)[0],  # type: ignore[index]
        "until": lambda v: episode.sort_at < text.span(v)[1],  # type: ignore[index]
    }
    return all(judges[name](value) for name, values in asked.items() for value in values)


def selection(asked: dict[str, Any], typed: bool) -> Selection:
    """The same asked, as far as possible by a query, or by the parts of a selection."""
    prefixes = {
        "word": "{}", "minus": "-{}", "no tag": "-tag:{}", "part": "person:{}", "no part": "-person:{}",
        "no programme": "-programme:{}", "no provider": "-provider:{}",
    }  # fmt: skip
    if typed:
        prefixes |= {k: f"{k}:{{}}" for k in ("tag", "programme", "provider", "since", "until")}
        prefixes["playable"] = "playable:{}"
    found = [prefixes[name].format({True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value)
             for name, values in asked.items() if name in prefixes for value in values]  # fmt: skip
    own: dict[str, Any] = {"q": " ".join(found) or None}
    for name in asked.keys() - prefixes.keys():
        value = asked[name]
        if name in ("tag", "person"):
            own[{"tag": "tags", "person": "people"}[name]] = tuple(value)
        elif name in ("since", "until"):
            span = text.span(value[0])
            assert span is not None
            own[name] = span[name == "until"]
        else:
            own[name] = value[0]
    return Selection(**own)


def some(values: list[Any], most: int = 1) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)


YEARS = ["0001", "1850", "1969", "1970", "2020", "2020-01-01", "2242", "9998"]
ASKED = st.fixed_dictionaries({}, optional={
    "word": some([*WORDS, "n12", "npr", "nosuch"], 2), "minus": some([*WORDS, "npr", "n3"], 2),
    "tag": some(["t2", "t3", "t50", "no"], 2), "no tag": some(["t2", "t3", "no"]),
    "person": some(["ana-ruiz", "di", "no"], 2), "part": some(["ruiz", "ana", "lind", "no"], 2),
    "no part": some(["ruiz", "di"]), "programme": some(["day", "night", "no"]), "no programme": some(["day"]),
    "provider": some(["npr", "voa", "no"]), "no provider": some(["npr", "rferl"]), "playable": some([True, False]),
    "since": some(YEARS), "until": some(YEARS),
})  # fmt: skip


def walk(catalogue: Catalogue, chosen: Selection, limit: int, order: str) -> Iterator[Listing]:
    after: Cursor | None = None
    for _ in range(70):
        listing = catalogue.episodes(chosen, after=after, limit=limit, order=order)
        yield listing
        if (after := listing.next) is None:
            return
    pytest.fail("the pages go round in circles")


@settings(max_examples=150)
@given(
    asked=ASKED, typed=st.booleans(), limit=st.sampled_from([1, 2, 7, 100]),
    looked_at=st.sampled_from([1, 4, 1000]), ranked=st.sampled_from([1, 5, 2000]), few=st.sampled_from([1, 5, 5000]),
)  # fmt: skip
def test_pages_hold_each_episode_that_belongs_once_and_in_order(  # noqa: PLR0917
    both: Both, asked: dict[str, Any], typed: bool,
    limit: int, looked_at: int, ranked: int, few: int,
) -> None:  # fmt: skip
    from podcat.catalogue import postgres

    chosen = selection(asked, typed)
    expected = [e.id for e in all_of(both[0]) if belongs(e, asked)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(walks, "LOOKED_AT", looked_at)
        patched.setattr(relevance, "RANKED", ranked)
        patched.setattr(postgres, "_FEW", few)
        answers = [_read(catalogue, chosen, limit, expected) for catalogue in both]
    assert answers[0] == answers[1]
    best = [episode.id for page in answers[0] for episode in page.episodes]
    assert best[ranked:] == expected[ranked:]


def _read(
    catalogue: Catalogue, chosen: Selection, limit: int, expected: list[int]
) -> list[Listing]:
    """The pages by relevance, after all else has been found to be as expected."""
    found = [e.id for page in walk(catalogue, chosen, limit, "newest") for e in page.episodes]
    assert found == expected
    assert catalogue.count(chosen) == catalogue.tally(chosen).episodes == len(expected)
    pages = list(walk(catalogue, chosen, limit, "relevance"))
    best = [e.id for page in pages for e in page.episodes]
    assert sorted(best) == sorted(expected)
    whole = catalogue.episodes(chosen, limit=100, order="relevance").episodes
    assert [e.id for e in whole] == best
    return pages


def test_places_are_in_the_order_of_time(both: Both) -> None:
    for catalogue in both:
        listed = [(e.sort_at, e.id) for e in all_of(catalogue)]
        rows = [row["rowid"] for row in catalogue._db.all("SELECT rowid FROM search ORDER BY 1")]
        assert listed == sorted(listed, reverse=True)
        assert {place(*each) for each in listed} < set(rows)
        assert [row % NUMBERS for row in rows if row % NUMBERS not in (7, 20)] == [
            number for _, number in reversed(listed)
        ]
        assert {abs(moment) for moment, _ in listed if abs(moment) >= 2**33} == {2**33}


@pytest.mark.parametrize(
    "after",
    [(10**30, 1), (-(10**30), 1), (2**33, 10**18), (-(2**33), -5), (0, 0), (1_577_836_800, 10**18)],
)
def test_any_cursor_is_a_place(both: Both, after: tuple[int, int]) -> None:
    assert abs(place(*after)) < 2**63
    for catalogue in both:
        older = [e.id for e in all_of(catalogue, q="ice") if (e.sort_at, e.id) < after]
        for order in ("newest", "relevance"):
            listing = catalogue.episodes(Selection(q="ice"), after=Cursor(*after), limit=99, order=order)  # fmt: skip
            assert [e.id for e in listing.episodes] == older


def test_an_episode_that_moves_in_time_is_found_where_it_is(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", title="Ice A"), data="a", now=NOW)
    put(catalogue, embed(id="2", title="Ice B", published="2030-01-01"), data="b")
    assert titles(catalogue, q="ice") == ["Ice B", "Ice A"]
    put(catalogue, embed(id="1", title="Ice A", published="2031-01-01"), data="c")
    assert titles(catalogue, q="ice") == ["Ice A", "Ice B"]
    assert titles(catalogue, q="ice since:2031") == ["Ice A"]
    assert len(catalogue._db.all("SELECT rowid FROM search")) == 2
    catalogue.edit(2, {"published": "1901-01-01"})
    assert titles(catalogue, q="ice until:1969") == ["Ice B"]
    assert list(catalogue.findings()) == []


# ---------------------------------------------------------------- relevance

FITTING = (
    embed(id="1", title="Melting", description="of the sea ice in the sea, ice everywhere, sea ice", published="2025-01-01"),
    embed(id="2", title="Sea and ice", published="2024-01-01"),
    embed(id="3", title="Sea ice", description="more sea ice", published="2023-01-01"),
    embed(id="4", title="Weather", people=(Person("Sea Ice", "host"),), published="2022-01-01"),
    embed(id="5", title="Sea ice", published="2021-01-01"),
    embed(id="6", title="Sea ice", published="2020-01-01"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("sea ice", "325641"),
        ('"sea ice"', "35641"),
        ("sea", "325641"),
        ("melting sea", "1"),
        ("-melting", "23456"),
        ("tag:none", ""),
        ("since:2021 -fire", "12345"),
    ],
)
def test_best_first(catalogue: Catalogue, typed: str, best: str) -> None:
    put(catalogue, *FITTING)
    listing = catalogue.episodes(Selection(q=typed), order="relevance")
    assert "".join(e.provider_id or "" for e in listing.episodes) == best


def test_a_word_counts_less_the_more_often_it_was_said() -> None:
    def score(title: str, *sought: str) -> float:
        row = dict.fromkeys(relevance._WEIGHTS, "") | {"title": title}
        return relevance.score(row, [Phrase(tuple(each.split())) for each in sought])

    def score_of_beginning(title: str, sought: str) -> float:
        row = dict.fromkeys(relevance._WEIGHTS, "") | {"title": title}
        return relevance.score(row, [Phrase(tuple(sought.split()), begins=True)])

    once, twice, thrice = (score(" ".join(["ice"] * n), "ice") for n in (1, 2, 3))
    assert 0 < thrice - twice < twice - once < once
    assert score("icecream", "ice") == score("ice sea", "sea ice") == 0
    assert score("sea ice", "sea ice") == score("sea", "sea")
    assert score_of_beginning("icecream ice", "ic") == twice
    assert score_of_beginning("old icecream", "old ice") == once
    assert score_of_beginning("nice", "ic") == score_of_beginning("ice", "old ice") == 0


def test_what_is_not_ranked_comes_after_by_time(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalogue, *FITTING)
    monkeypatch.setattr(relevance, "RANKED", 3)
    pages = list(walk(catalogue, Selection(q="sea ice"), 2, "relevance"))
    assert [[e.provider_id for e in p.episodes] for p in pages] == [["3", "2"], ["1", "4"], ["5", "6"]]  # fmt: skip


# ---------------------------------------------------------------- numbers


def test_a_tally_of_a_large_catalogue_ends_somewhere(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = (Person("Ana", "host"), Person("Ana", "guest"))
    put(catalogue, *[embed(id=str(n), title=f"T {n % 3}", tags=("a",) if n % 2 else (),
                           people=people if n < 5 else (), published=f"20{n + 10}-01-01") for n in range(21)])  # fmt: skip
    asked = {"one list": Selection(tags=("a",)), "two": Selection(q="t", tags=("a",)), "minus": Selection(q="-0"),
             "none": Selection(q="t -t"), "words": Selection(q="t -2"), "person": Selection(people=("ana",)),
             "times": Selection(q="t until:2013"), "years": Selection(since=0)}  # fmt: skip
    told = [10, 10, 14, 0, 14, 5, 4, 21]
    assert [catalogue.tally(each) for each in asked.values()] == [Tally(n) for n in told]
    catalogue.hide(next(e.id for e in all_of(catalogue, q="t 1")))
    monkeypatch.setattr(read, "_SMALL", 20)
    monkeypatch.setattr(read, "_COUNTED", 12)
    assert {name: catalogue.tally(each) for name, each in asked.items()} == {
        "one list": Tally(9), "two": Tally(0, complete=False), "minus": Tally(0, complete=False),
        "none": Tally(0), "words": Tally(12, complete=False), "person": Tally(5),
        "times": Tally(4), "years": Tally(12, complete=False),
    }  # fmt: skip
    monkeypatch.setattr(read, "_COUNTED", 20)
    assert catalogue.tally(Selection(q="t")) == Tally(20)
    assert catalogue.tally(Selection()) == Tally(20)


def test_the_first_of_what_there_is(catalogue: Catalogue) -> None:
    people = (Person("Ana", "host"), Person("Ana", "guest"))
    put(catalogue, embed(id="1", programme="Week", tags=("a", "b"), people=people),
        embed(id="2", programme="WEEK", tags=("b", "c")), embed("voa", id="3", programme="Week"),
        embed("voa", id="4", programme="Day", people=(Person("Bo", "host"),)),
        embed("rferl", id="5", programme="Day", tags=("a", "d"), people=people))  # fmt: skip
    catalogue.hide(*(e.id for e in all_of(catalogue) if e.provider_id == "5"))
    for kind, expected in (
        ("tags", [("b", 2), ("a", 1), ("c", 1)]), ("people", [("ana", 1), ("bo", 1)]),
        ("programmes", [("week", 3), ("day", 1)]), ("providers", [("npr", 2), ("voa", 2)]),
    ):  # fmt: skip
        counts = getattr(catalogue, kind)()
        assert [(c.slug, c.episodes) for c in counts] == expected
        assert getattr(catalogue, kind)(1) == counts[:1]
    assert [c.name for c in catalogue.programmes()] == ["Week", "Day"]
    assert catalogue.name_of("programme", "nosuch") is None


# ---------------------------------------------------------------- how much is looked at

CHEAP = (
    {}, {"tags": ("t0",)}, {"people": ("p0",)}, {"provider": "npr"}, {"programme": "programme-0"}, {"q": "w0"},
    {"q": "w400"}, {"q": "-w400"}, {"q": "w0 w1"}, {"q": "w0", "tags": ("t200",)}, {"q": "w400", "tags": ("t0",)},
    {"q": "w0", "people": ("p300",)}, {"q": "person:p300"}, {"q": "w0 person:p300"}, {"playable": True},
    {"q": "w0 playable:no"}, {"q": "w0 since:2010-01-01 until:2010-02-01"}, {"tags": ("t0", "t200")},
    {"q": "w0 -w0"}, {"q": "tag:t0 -tag:t0"}, {"q": "person:nosuch"}, {"provider": "nosuch", "q": "w0"},
)  # fmt: skip


@pytest.fixture(scope="module")
def small_and_large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    import catalogue_fill

    with ExitStack() as stack:
        found = []
        for count in (500, 4_000):
            url = f"sqlite:///{tmp_path_factory.mktemp('steps')}/a.db"
            catalogue_fill.fill(url, count)
            found.append(stack.enter_context(open_catalogue(url)))
        yield found[0], found[1]


@pytest.mark.parametrize("values", CHEAP, ids=str)
@pytest.mark.parametrize("ask", ["newest", "longest", "relevance", "tally", "facets"])
def test_steps_do_not_grow_with_the_catalogue(
    small_and_large: Both, monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], ask: str
) -> None:
    monkeypatch.setattr(walks, "LOOKED_AT", 20)
    monkeypatch.setattr(relevance, "RANKED", 20)
    monkeypatch.setattr(read, "_SMALL", 20)
    monkeypatch.setattr(read, "_COUNTED", 20)
    monkeypatch.setattr(longest, "SORTED", 100)
    monkeypatch.setattr(facets, "NEWEST", 20)
    monkeypatch.setattr(facets, "MEETING", 20)
    chosen = Selection(**values)
    small, large = (steps(catalogue, chosen, ask) for catalogue in small_and_large)
    assert large < 2 * small + 400


def steps(catalogue: Catalogue, chosen: Selection, ask: str) -> int:
    """Tens of steps of SQLite's machine."""
    taken = 0

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection: sqlite3.Connection = catalogue._db._connection()  # type: ignore[attr-defined]
    connection.set_progress_handler(step, 10)
    try:
        if ask == "tally":
            catalogue.tally(chosen)
        elif ask == "facets":
            catalogue.facets(chosen)
        else:
            catalogue.episodes(chosen, limit=10, order=ask)
    finally:
        connection.set_progress_handler(None, 0)
    return taken
