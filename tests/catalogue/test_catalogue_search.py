"""What a search finds, and that no text whatever breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from catalogue_samples import NOW, PAGE, all_of, embed, put, titles
from hypothesis import example, given, settings
from hypothesis import strategies as st

from podcat import text
from podcat.catalogue import Catalogue, open_catalogue
from podcat.catalogue.asked import asked
from podcat.catalogue.search import begun, hits, parse
from podcat.model import Candidate, Person, Selection

Lent = Callable[[], AbstractContextManager[str]]

TITLES = (
    "It's raining in Łódź",
    "Новини дня: Ещё раз",
    "Crème brûlée à la carte",
    "An a-b test of C++",
    "Sea ice melts fast",
    "Ice in the sea",
    "हिन्दी समाचार",
    "新闻联播 2022",
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
        ("-ice -a -it -новини", [6, 7]),
        ("ice -sea", []),
        ("हिन्दी", [6]),
        ("sea AND NOT OR NEAR(", []),
        ("title:ice", []),
        ("ice*", [4, 5]),
        ("^ice", [4, 5]),
        ("ic", []),
        ("sea\x00ice", [4, 5]),
        # Words that begin so.
        ("ic*", [4, 5]),
        ("BRÛ*", [2]),
        ("нов*", [1]),
        ("हि*", []),  # one letter and its sign: too short to ask for, and no word
        ("हिन*", [6]),
        ("brulee* ca*", [2]),
        ("rain* -ło*", []),
        ("sea -melt*", [5]),
        ("-ic* -но* -te* -rain*", [2, 6, 7]),
        ('"ice me*"', [4]),
        ('"sea ic*', [4]),
        ('"se* ice"', []),  # only the last word of a phrase can be open
        ('-"ice me*" ic*', [5]),
        ("a-te*", [3]),
        ("m*", []),
        ("1* ice", []),
        ("ice* -ice", []),
        ("ice -ic*", []),
        ('ice "sea ice" -se*', []),
        ("melt* -melted", [4]),
        ("ic**", [4, 5]),
        ("*ce", []),
        ("ic*e", []),
        ("ic *", []),
        ("c++*", [3]),
        ("text:ic*", []),
        ("fastest*", []),
        ("新*", [7]),
        ("新闻*", [7]),
        ("闻*", []),
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


@pytest.mark.parametrize(
    ("typed", "further"),
    [
        ("kazakh", "kazakh*"),
        ("sea kaz", "sea kaz*"),
        ('"central as', '"central as*'),
        ("新", "新*"),
        ("k", None),
        ("kazakh*", None),
        ('"central asia"', None),
        ("-kazakh", None),
        ("tag:kazakh", None),
        ("kazakh!", None),
        ("kazakh* kazakh", None),
        ("", None),
    ],
)
def test_what_a_star_would_add(typed: str, further: str | None) -> None:
    assert begun(typed) == further


@pytest.mark.parametrize(
    ("typed", "nothing"),
    [
        ("ice -ice", True),
        ("ice -ic*", True),
        ("ices* -ic*", True),
        ("ice* -ice*", True),
        ('"sea ice" -ice', True),
        ('"sea ice*" -"sea ic*"', True),
        ("ice* -ice", False),
        ('"sea ice*" -ice', False),
        ('ice -"sea ic*"', False),
        ("ice -nic*", False),
    ],
)
def test_what_contradicts_itself_is_not_looked_for(typed: str, nothing: bool) -> None:
    assert asked(Selection(q=typed)).nothing is nothing


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


def test_words_that_begin_so_are_found_within_a_shorter_list(catalogue: Catalogue) -> None:
    for number, tag in enumerate(("Land", "Land", "Sea", "Land")):
        put(catalogue, embed(id=str(number), title="An ice report", tags=(tag,)))
    for typed in ("ic*", '"ice rep*"', '-"ice re*" rep*'):
        found = [one.provider_id for one in all_of(catalogue, q=typed, tags=("sea",))]
        assert found == ([] if typed.startswith("-") else ["2"]), typed


def test_words_that_are_gone_find_nothing(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", title="Provisional"), data="a")
    put(catalogue, embed(id="1", title="Final", rule="json/title"), data="b")
    assert titles(catalogue, q="provisional") == []
    assert titles(catalogue, q="final") == ["Final"]


# ---------------------------------------------------------------- prefixes

RECORDINGS = (
    embed("npr", id="1", title="Ice", people=(Person("Ana Ruiz", "host"),), tags=("Sea ice", "Cold"),
          programme="Morning Edition", published="2020-05-01", audio_url="https://c.example/1.mp3"),
    embed("voa", id="2", title="Ice", people=(Person("Айгүл Қасым", "guest"),), tags=("Қазақстан",),
          published="2021-05-01"),
    embed("npr", id="3", title="Fire", tags=("Cold",), published="2022-05-01"),
)  # fmt: skip


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    folder = tmp_path_factory.mktemp("varied")
    with open_catalogue(f"sqlite:///{folder}/a.db") as catalogue:
        put(catalogue, *RECORDINGS)
        yield catalogue


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("tag:cold", "13"),
        ("tag:COLD ice", "1"),
        ('tag:"Sea ice"', "1"),
        ("tag:sea-ice", "1"),
        ("-tag:cold", "2"),
        ("ice -tag:cold", "2"),
        ("tag:қазақстан", "2"),
        ("person:ruiz", "1"),
        ('person:"Ana Ruiz"', "1"),
        ("person:ana-r", ""),
        ("person:айгүл", "2"),
        ("-person:ruiz", "23"),
        ("provider:npr", "13"),
        ("provider:NPR -provider:voa", "13"),
        ("provider:nobody", ""),
        ('programme:"morning edition"', "1"),
        ("-programme:morning-edition", "23"),
        ("since:2021", "23"),
        ("until:2020", "1"),
        ("since:2021-05-01 until:2021-05-01", "2"),
        ("-since:2021", "1"),
        ("-until:2021", "3"),
        ("playable:yes", "1"),
        ("playable:NO", "23"),
        ("tag:cold playable:0 since:2022", "3"),
        # What cannot be meant is words.
        ("since:soon", ""),
        ("tag:", ""),
        ('tag:""', ""),
        ("playable:maybe", ""),
        ("colour:ice", ""),
        ("x-tag:cold", ""),
        ("https://ice", ""),
        ("ice:", "12"),
        (":ice", "12"),
        ("ICE", "12"),
    ],
)
def test_prefixes(varied: Catalogue, typed: str, found: str) -> None:
    assert sorted(e.provider_id or "" for e in all_of(varied, q=typed)) == list(found)


PREFIXED = st.lists(
    st.builds(
        "{}{}:{}".format,
        st.sampled_from(["", "-", "--", '"']),
        st.sampled_from(
            ["tag", "person", "since", "until", "provider", "programme", "playable", "x"]
        ),
        st.text(max_size=5) | st.sampled_from(['"a b', "0000", "9999-99", "%", "_", "'"]),
    ),
    max_size=20,
).map(" ".join)


@settings(max_examples=80, deadline=None)
@given(PREFIXED)
@example("tag:a " * 500)
@example("since:9999 until:9999-12-31 -until:0001")
def test_no_prefix_breaks_a_search(varied: Catalogue, typed: str) -> None:
    assert varied.count(Selection(q=typed)) == len(all_of(varied, q=typed))


@pytest.mark.parametrize(
    ("shown", "typed", "marked"),
    [
        ("Sea ice melts", "ICE", ["ice"]),
        ("Crème brûlée", "creme", ["Crème"]),
        ("Новости: Ещё раз", "еще", ["Ещё"]),
        ("ice sea ice", '"sea ice"', ["sea", "ice"]),
        ("ice sea", '"sea ice"', []),
        ("It's raining", "it's", ["It", "s"]),
        ("Straße", "strasse", ["Straße"]),
        ("nothing", "-nothing tag:nothing", []),
        ("هذا الخبر", "الخبر", ["الخبر"]),
        ("Kazakhstan, Kazakhs and kazoos", "kazakh*", ["Kazakhstan", "Kazakhs"]),
        ("Central Asia, East Asia", '"central as*"', ["Central", "Asia"]),
        ("nothing", "-noth* n*", []),
        ("Ещё", "ещ*", ["Ещё"]),
        ("", "x", []),
    ],
)
def test_where_hits_stand(shown: str, typed: str, marked: list[str]) -> None:
    assert [shown[start:end] for start, end in hits(shown, parse(typed))] == marked


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text())
def test_hits_are_within_the_text_and_apart(shown: str, typed: str) -> None:
    found = hits(shown, parse(typed))
    ends = [0, *(place for span in found for place in span), len(shown)]
    assert ends == sorted(ends)


# ---------------------------------------------------------------- what is spoken


def spoken(*words: str) -> tuple[Candidate, ...]:
    return tuple(Candidate("transcript", each, "json/schema-org") for each in words)


def test_what_is_spoken_is_searched(catalogue: Catalogue) -> None:
    said = "Ana: The lamps went out at once.\nBo: Всё погасло сразу."
    put(catalogue, embed(id="1", title="T", candidates=spoken(said)), data="a", url=PAGE)
    for typed in ("lamps", '"at once bo"', "все", '"went out" -sea'):
        assert titles(catalogue, q=typed) == ["T"], typed
    assert titles(catalogue, q='"lamps t"') == []
    assert catalogue.transcript(1) == said
    assert catalogue.transcript(2) is None
    assert list(catalogue.findings()) == []


@pytest.mark.parametrize("ends", ["\n", " "])  # data of pages has lost its line ends
def test_times_and_marks_of_a_transcript_are_no_words(catalogue: Catalogue, ends: str) -> None:
    said = (
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500 align:start\n<v.loud Ana Bek>The lamps &amp; fires\n\n"
        "2\n00:59.000 --> 01:01:00.000\n<c.lime>went out</c> at <00:59.500>19:30.\n"
    )
    put(catalogue, embed(id="1", title="T", candidates=spoken(said.replace("\n", ends))), url=PAGE)
    for typed in ('"lamps fires went out at 19 30"', "ana", '"bek the lamps"'):
        assert titles(catalogue, q=typed) == ["T"], typed
    for typed in ("00", "59", "000", "500", "align", "webvtt", "lime", "amp", "v", "2"):
        assert titles(catalogue, q=typed) == [], typed


def test_a_corrected_transcript_takes_the_place_of_the_first(catalogue: Catalogue) -> None:
    for number, words in enumerate(("the lamb", "the lamp")):
        one = embed(id="1", title="T", candidates=spoken(words))
        put(catalogue, one, data=words, url=PAGE, now=NOW + number)
    assert (titles(catalogue, q="lamb"), titles(catalogue, q="lamp")) == ([], ["T"])
    (origin,) = (o for o in catalogue.origins(1) if o.value == "the lamb")
    assert origin.field == "transcript"
