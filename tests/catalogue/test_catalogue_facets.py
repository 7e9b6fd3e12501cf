"""What a selection can be narrowed by: the counts are those of the lists that the links lead to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from catalogue_samples import NOW, all_of, embed, put, titles
from hypothesis import given, settings
from hypothesis import strategies as st

from podcat import text
from podcat.catalogue import Catalogue, Check, Count, Facets, Timeline, facets, open_catalogue, read
from podcat.check.history import standing
from podcat.model import Embed, Episode, Person, Selection

Lent = Callable[..., AbstractContextManager[str]]
DAY = 86_400
PEOPLE = ("Ana Ruiz", "Bo Lind")


def sample(number: int) -> Embed:
    """Everything meets everything, one in a few times; some have no date, file, programme."""
    people = [Person(name, "host") for n, name in enumerate(PEOPLE) if number % (n + 2) == 0]
    people += [Person(p.name, "author") for p in people]
    values = {
        "title": f"T {'even' if number % 2 == 0 else 'odd'}",
        "published": f"{2015 + number % 5}-{number % 12 + 1:02}-11" if number % 4 else None,
        "programme": ["Week", "WEEK", "Week", None][number % 4],
        "audio_url": f"https://c.example/{number}.mp3" if number % 3 else None,
    }
    given = {name: value for name, value in values.items() if value}
    tags = tuple(f"t{n}" for n in (2, 3, 5) if number % n == 0)
    provider = ["npr", "voa"][number % 2]
    return embed(provider, id=str(number), people=tuple(people), tags=tags, **given)


@pytest.fixture(scope="module")
def filled(lent: Lent) -> Iterator[Catalogue]:
    with lent() as url, open_catalogue(url) as catalogue:
        put(catalogue, *map(sample, range(60)))
        catalogue.hide(all_of(catalogue)[7].id, NOW)
        yield catalogue


SELECTIONS = st.builds(
    Selection,
    q=st.sampled_from([None, None, "even", "-even", "t tag:t3", "person:ruiz"]),
    tags=st.sampled_from([(), (), ("t2",), ("t2", "t5")]),
    people=st.sampled_from([(), (), ("ana-ruiz",), ("nobody",)]),
    programme=st.sampled_from([None, None, "week"]),
    provider=st.sampled_from([None, None, "voa"]),
    since=st.sampled_from([None, None, 1_483_228_800]),
    until=st.sampled_from([None, None, 1_546_300_800, 0]),
    playable=st.sampled_from([None, None, True, False]),
)


def naive(episodes: tuple[Episode, ...]) -> dict[str, Counter[str]]:
    """Counted one by one, as somebody would who reads the list."""
    return {
        "tags": Counter(text.slug(t) for e in episodes for t in e.tags),
        "people": Counter(s for e in episodes for s in {text.slug(p.name) for p in e.people}),
        "programmes": Counter(text.slug(e.programme) for e in episodes if e.programme),
        "providers": Counter(e.provider for e in episodes),
        "years": Counter(str(datetime.fromtimestamp(e.sort_at, UTC).year) for e in episodes),
    }


def told(counts: tuple[Count, ...]) -> dict[str, int]:
    return {count.slug: count.episodes for count in counts}


@settings(max_examples=40)
@given(SELECTIONS)
def test_counts_are_those_of_the_listed_episodes(filled: Catalogue, selection: Selection) -> None:
    listed = filled.episodes(selection, limit=1000).episodes
    found = filled.facets(selection)
    assert (found.episodes, found.complete) == (len(listed), True)
    for kind, expected in naive(listed).items():
        assert told(getattr(found, kind)) == expected
    assert found.playable == (sum(not e.playable for e in listed), sum(e.playable for e in listed))
    assert found.health == ({"unknown": len(listed)} if listed else {})
    undated = sum(e.sort_at == e.first_seen for e in listed)
    assert sum(bar.episodes for bar in found.timeline.bars) == len(listed) - undated
    assert found.timeline.undated == undated


def test_a_count_is_what_its_link_leads_to(filled: Catalogue) -> None:
    found = filled.facets(Selection(tags=("t2",)))
    for count in found.people:
        asked = Selection(tags=("t2",), people=(count.slug,))
        assert filled.count(asked) == count.episodes
    for bar in found.timeline.bars:
        since, until = text.span(bar.since), text.span(bar.until)
        assert since
        assert until
        asked = Selection(tags=("t2",), since=since[0], until=until[1])
        listed = filled.episodes(asked, limit=100).episodes
        assert sum(e.sort_at != e.first_seen for e in listed) == bar.episodes


def test_most_come_first_and_the_commonest_spelling_names_a_programme(filled: Catalogue) -> None:
    found = filled.facets(Selection())
    assert [c.slug for c in found.tags] == ["t2", "t3", "t5"]
    assert found.programmes[0].name == "Week"
    assert [c.slug for c in found.years] == sorted(told(found.years), reverse=True)


def test_the_whole_catalogue_by_its_indexes_is_the_same(filled: Catalogue) -> None:
    one_by_one, at_once = filled.facets(Selection()), filled.all_facets()
    named = dict.fromkeys(("tags", "people", "programmes", "providers"), ())
    assert at_once == replace(one_by_one, **named)  # type: ignore[arg-type]


def test_of_a_large_catalogue_the_newest_are_counted(
    filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "_SMALL", 20)
    monkeypatch.setattr(facets, "NEWEST", 10)
    monkeypatch.setattr(facets, "MEETING", 5)
    for selection, most in (
        (Selection(tags=("t2",)), 10), (Selection(q="even"), 10),
        (Selection(tags=("t2",), provider="npr"), 5), (Selection(q="even tag:t2"), 5),
    ):  # fmt: skip
        found = filled.facets(selection)
        assert (found.episodes, found.complete) == (most, False)
        listed = filled.episodes(selection, limit=most).episodes
        assert told(found.tags) == naive(listed)["tags"]
    assert filled.facets(Selection(tags=("t2", "t3", "t5"))).complete is True


def test_of_nothing_there_is_nothing(catalogue: Catalogue) -> None:
    assert catalogue.facets(Selection()) == catalogue.all_facets() == Facets()
    put(catalogue, embed(id="1"))
    assert catalogue.facets(Selection(since=0, until=0)).timeline == Timeline()


# ---------------------------------------------------------------- the timeline


@pytest.mark.parametrize(
    ("dates", "unit", "bars"),
    [
        (["2020-02-28", "2020-03-01"], "day", 3),
        (["2020-02-28"], "day", 1),
        (["2020-01-31", "2020-05-01", "2020-05-02"], "month", 5),
        (["1969-12-31", "1970-03-05"], "month", 4),
        (["2011-01-01", "2020-12-31"], "month", 120),
        (["1943-05-05", "2022-01-01"], "year", 80),
        (["1899-05-05", "2022-01-01"], "decade", 14),
    ],
)
def test_a_timeline_has_bars_that_can_be_told_apart(
    catalogue: Catalogue, dates: list[str], unit: str, bars: int
) -> None:
    put(catalogue, *[embed(id=str(n), published=date) for n, date in enumerate(dates)])
    for found in (catalogue.facets(Selection()), catalogue.all_facets()):
        line = found.timeline
        assert (line.unit, len(line.bars)) == (unit, bars)
        assert line.bars[0].episodes
        assert line.bars[-1].episodes
        assert sum(bar.episodes for bar in line.bars) == len(dates)


def test_a_decade_ends_with_its_ninth_year(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", published="1899-01-01"), embed(id="2", published="2022-01-01"))
    first = catalogue.facets(Selection()).timeline.bars[0]
    assert (first.since, first.until, first.episodes) == ("1890", "1899", 1)


# ---------------------------------------------------------------- health


def look(catalogue: Catalogue, url: str, *states: str) -> None:
    checks = [Check(url, "player", state, NOW + n * DAY) for n, state in enumerate(states)]
    catalogue.record_checks(checks, standing)


def healths(catalogue: Catalogue) -> dict[str, list[str | None]]:
    listed = {h: titles(catalogue, health=h) for h in ("alive", "failing", "dead", "unknown")}
    counted = catalogue.facets(Selection()).health
    assert counted == {health: len(found) for health, found in listed.items() if found}
    assert catalogue.all_facets().health == counted
    return {health: found for health, found in listed.items() if found}


def test_health_follows_the_looks_at_addresses(catalogue: Catalogue) -> None:
    file, player = "https://c.example/1.mp3", "https://p.example/1"
    put(catalogue, embed(id="1", title="Both", audio_url=file, embed_url=player),
        embed(id="2", title="Player", embed_url=player))  # fmt: skip
    catalogue.gather_links(NOW)
    assert healths(catalogue) == {"unknown": ["Both", "Player"]}
    look(catalogue, player, "ok")
    assert healths(catalogue) == {"alive": ["Both", "Player"]}
    look(catalogue, player, "ok", "unreachable")
    assert healths(catalogue) == {"failing": ["Player"], "unknown": ["Both"]}
    look(catalogue, player, "ok", "gone", "gone")
    look(catalogue, file, "ok", "gone", "gone")
    assert healths(catalogue) == {"dead": ["Both", "Player"]}
    assert {one.word for one in catalogue.healths(all_of(catalogue)).values()} == {"dead"}


def test_health_follows_the_addresses_of_an_episode(catalogue: Catalogue) -> None:
    player = "https://p.example/1"
    look(catalogue, player, "ok", "gone", "gone")
    put(catalogue, embed(id="1", title="P", embed_url=player))
    assert healths(catalogue) == {"unknown": ["P"]}
    catalogue.gather_links(NOW)
    assert healths(catalogue) == {"dead": ["P"]}
    put(catalogue, embed(id="1", title="P", audio_url="https://c.example/1.mp3"), data="new")
    catalogue.gather_links(NOW)
    assert healths(catalogue) == {"unknown": ["P"]}
