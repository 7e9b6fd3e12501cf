"""Both databases give the same answers to the same calls: rows, ids, cursors, search, order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from catalogue_samples import NOW, PAGE, dump, embed, put
from hypothesis import example, given, settings
from hypothesis import strategies as st
from postgres_server import Server

from podcat.catalogue import Catalogue, open_catalogue
from podcat.extract import extract
from podcat.model import END, Cursor, Document, Person, Selection

ROOT = Path(__file__).parents[2]
Both = tuple[Catalogue, Catalogue]
LONG = "é" * 9_000
TITLES = (
    "Sea ice melts", "ice Sea", "It's raining in Łódź", "Новини дня: Ещё раз", "Қазақстан әні",
    "हिन्दी समाचार", "أخبار اليوم", "ｆｕｌｌ width", "1e5 3d a1-b2 10.5", "the and of", "É E e Z z a A",
    "x" * 3000, "ﷺ ﷺ", "\U0001f399 emoji", "under_score per%cent", "'quoted' \\back", "Straße İzmir ſ",
)  # fmt: skip


def fill(catalogue: Catalogue) -> None:
    """Everything that could come out differently."""
    for number, title in enumerate(TITLES):
        put(
            catalogue,
            embed(id=str(number), title=title, programme=title[:5], description=f"{title} {LONG}" if number == 3 else title[::-1],
                  people=(Person(title[:7], "host", title), Person("Ana", "guest")), tags=(title[:3], "all")),
            embed("voa", id=str(number % 5), title=f"{title} again", audio_url=f"https://c.example/{number % 5}.mp3"),
            url=f"{PAGE}?p={number}", title=f"Page {title}", published=f"20{number % 7 + 10}-01-01", now=NOW + number,
        )  # fmt: skip
    put(catalogue, embed(title="Sea ice melts", description="d"), data="weak", url=f"{PAGE}?p=0")
    put(catalogue, embed(id="0", title="Sea ice melts"), data="weak2", url=f"{PAGE}?p=0")
    words = " ".join(f"{n:x}é" * 40 for n in range(8000))  # more than a tsvector takes
    people = tuple(Person(words[at : at + 480], "host") for at in range(0, len(words), 480))
    put(catalogue, embed(id="many", title="Many", people=people, description=words), data="many")
    noise = "".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(60))  # cannot be packed
    put(catalogue, embed(title=f"T {noise[:480]}", audio_url=f"https://c.example/{noise}.mp3", description=noise),
        data="long", url=f"https://e.example/{noise}")  # fmt: skip
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        document = Document(path.name, path.read_bytes())
        catalogue.store(document, extract(document), ("kazakhstan",), NOW)


@pytest.fixture(scope="module")
def urls(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    with postgres.lent() as url:
        yield f"sqlite:///{tmp_path_factory.mktemp('same')}/a.db", url


@pytest.fixture(scope="module")
def both(urls: tuple[str, str]) -> Iterator[Both]:
    with open_catalogue(urls[0]) as one, open_catalogue(urls[1]) as other:
        fill(one)
        fill(other)
        yield one, other


def same(both: Both, ask: Any) -> Any:
    """The one answer of both."""
    one, other = (ask(catalogue) for catalogue in both)
    assert one == other
    return one


def test_every_row(both: Both, urls: tuple[str, str]) -> None:
    one, other = map(dump, urls)
    assert one == other
    assert len(one) > 300


def walk(catalogue: Catalogue, selection: Selection) -> list[tuple[object, Cursor | None]]:
    pages, after = [], None
    while True:
        listing = catalogue.episodes(selection, after=after, limit=3)
        pages.append((listing.episodes, listing.next))
        if (after := listing.next) is None:
            break
    before: Cursor | None = END
    while before is not None:
        listing = catalogue.episodes(selection, before=before, limit=3)
        pages.append((listing.episodes, listing.previous))
        before = listing.previous
    return pages  # type: ignore[return-value]


@pytest.mark.parametrize(
    "selection",
    [
        {}, {"q": "ice"}, {"tags": ("all",)}, {"people": ("ana",)}, {"provider": "voa"},
        {"playable": True}, {"q": "again", "tags": ("kazakhstan",)}, {"q": "ic* -kaz*", "tags": ("sea",)}, {"q": "kazakh*", "provider": "npr"}, {"tags": ("all", "sea")},
        {"since": NOW, "q": "page"}, {"programme": "sea-i"},
    ],
)  # fmt: skip
def test_pages_and_their_cursors(both: Both, selection: dict[str, Any]) -> None:
    chosen = Selection(**selection)
    assert same(both, lambda c: walk(c, chosen))
    assert same(both, lambda c: (c.count(chosen), c.newest_change(chosen)))[0] >= 0


def test_everything_else(both: Both) -> None:
    for kind in ("tags", "people", "programmes", "providers", "statistics", "revision", "pages"):
        assert same(both, lambda c, kind=kind: getattr(c, kind)())
    assert same(both, lambda c: list(c.links()))
    assert same(both, lambda c: list(c.refusals())) is not None
    numbers = same(both, lambda c: [e.id for e in c.episodes(limit=500).episodes])
    for number in (*range(1, max(numbers) + 2), 10**30, -1):
        for method in ("episode", "appearances", "origins", "page_episodes", "page"):
            same(both, lambda c, m=method, n=number: getattr(c, m)(n))


WORDS = st.sampled_from(
    ["sea", "ice", "again", "page", "nosuch", "дня", "e", "npr", "all", "समाचार"]
)
BEGINNINGS = st.sampled_from(
    ["se", "ic", "aga", "pa", "no", "дн", "kazakh", "समा", "10", "sea", "ﷺ"]
)
OPEN = st.lists(WORDS, max_size=2).flatmap(
    lambda words: BEGINNINGS.map(lambda begun: f'"{" ".join([*words, begun])}*"')
)
PARTS = (
    WORDS
    | st.lists(WORDS, min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"')
    | BEGINNINGS.map("{}*".format)
    | OPEN
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["", "", "-"]), PARTS).map("".join), max_size=4).map(
        " ".join
    )
    | st.text(st.characters(codec=None))
    | st.sampled_from(TITLES)
)
@example('"ice melts sea"')  # the end of a title and the beginning of its programme
@example('"' + "x" * 3000 + '"')
@example("é" * 9_000)
@example("x" * 600)
@example("'sea' | !ice:* & \\")
@example('-ice -"sea ice"')
@example('"ice mel*" -ki* -"a ag*"')
@example("é" * 9_000 + "*")
@example("'sea'* \\* se':*")
def test_search(both: Both, typed: str) -> None:
    chosen = Selection(q=typed)
    same(both, lambda c: (c.count(chosen), c.episodes(chosen, limit=5), c.tally(chosen)))
    same(both, lambda c: c.episodes(chosen, limit=50, order="relevance"))
