"""Which embeds become one episode, and which never do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import pytest
from catalogue_samples import NOW, PAGE, all_of, embed, only, put, shown
from hypothesis import given, settings
from hypothesis import strategies as st

from podcat.catalogue import Catalogue, open_catalogue
from podcat.model import Embed, Episode, Person

Lent = Callable[[], AbstractContextManager[str]]
AUDIO = "https://cdn.example/ice.mp3"


def count(catalogue: Catalogue) -> int:
    return catalogue.count()


# ---------------------------------------------------------------- one recording


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"id": "1"}, {"id": "1", "title": "T"}, id="id"),
        pytest.param(
            {"audio_url": AUDIO}, {"audio_url": AUDIO + "?utm_source=x#t"}, id="audio address"
        ),
        pytest.param({"video_url": AUDIO}, {"audio_url": AUDIO}, id="audio is the video"),
        pytest.param({"title": "T", "duration": 9}, {"title": "t!", "duration": 9}, id="length"),
        pytest.param(
            {"id": "1", "title": "T", "duration": 9}, {"title": "T", "duration": 9}, id="hint"
        ),
    ],
)
def test_joined_on_different_pages(
    catalogue: Catalogue, one: dict[str, Any], other: dict[str, Any]
) -> None:
    put(catalogue, embed(**one), url="https://a.example/1")
    put(catalogue, embed(**other), url="https://a.example/2")
    assert count(catalogue) == 1
    assert len(catalogue.appearances(only(catalogue).id)) == 2


def test_bare_file_is_the_episode_whose_audio_it_is(catalogue: Catalogue) -> None:
    put(catalogue, embed("audio-file", audio_url=AUDIO), data="a")
    guid = only(catalogue).guid
    put(catalogue, embed("npr", id="1", audio_url=AUDIO), data="b")
    episode = only(catalogue)
    assert (episode.provider, episode.provider_id, episode.guid) == ("npr", "1", guid)


TEXT = embed(
    title="Sea Ice", description="Words of the page", people=(Person("Ana Ruiz", "reporter"),)
)
HTML = embed(
    id="1/2", title="Sea Ice", duration=266, audio_url=AUDIO, programme="Morning", rule="json/audio"
)


def put_text(catalogue: Catalogue) -> None:
    put(catalogue, TEXT, data="text", name="a.txt", url=PAGE, title="Ice", byline="Ana Ruiz")


def put_html(catalogue: Catalogue) -> None:
    put(catalogue, HTML, data="html", name="a.html", url=PAGE + "?utm_source=x", title="Ice, again",
        form="html", published="2019-10-29")  # fmt: skip


def test_text_then_html_equals_html_then_text(lent: Lent) -> None:
    seen: list[tuple[Episode, object]] = []
    for steps in [(put_text, put_html), (put_html, put_text)]:
        with lent() as url, open_catalogue(url) as catalogue:
            for step in steps:
                step(catalogue)
            seen.append((shown(only(catalogue)), catalogue.pages()))
    assert seen[0] == seen[1]
    episode = seen[0][0]
    assert (episode.description, episode.duration) == ("Words of the page", 266)
    assert (episode.page_title, episode.page_url) == ("Ice, again", PAGE)


def test_two_episodes_turn_out_to_be_one(catalogue: Catalogue) -> None:
    put(catalogue, embed(title="Sea Ice", people=(Person("Ana", "host"),)), data="a", url=PAGE,
        tags=("Old",))  # fmt: skip
    put(catalogue, embed(id="1", people=(Person("Ana", "host", "a diver"),)), data="b",
        tags=("Young",))  # fmt: skip
    young, old = sorted(all_of(catalogue), key=lambda e: -e.id)
    outcome = put(catalogue, embed(id="1", title="Sea Ice"), data="c", url=PAGE, now=NOW + 7)
    episode = only(catalogue)
    assert outcome.changed == 1
    assert (episode.id, episode.guid, episode.changed_at) == (old.id, old.guid, NOW + 7)
    assert (episode.provider_id, episode.tags) == ("1", ("Old", "Young"))
    assert episode.people == (Person("Ana", "host", "a diver"),)
    assert {a.document for a in catalogue.appearances(episode.id)} == {"page.txt"}
    assert len(catalogue.appearances(episode.id)) == 3
    assert catalogue.episode(young.id) == episode
    assert [e.id for e in all_of(catalogue, q="young")] == [old.id]


def test_guid_stays_when_an_id_becomes_known(catalogue: Catalogue) -> None:
    put_text(catalogue)
    guid = only(catalogue).guid
    put_html(catalogue)
    assert only(catalogue).guid == guid


def test_guid_is_the_same_in_every_catalogue(lent: Lent) -> None:
    guids = set()
    for number in range(2):
        with lent() as url, open_catalogue(url) as catalogue:
            put(catalogue, *[embed(id=str(n)) for n in range(number + 1)])
            guids |= {e.guid for e in all_of(catalogue) if e.provider_id == "0"}
    assert guids == {"urn:uuid:864f772a-1e68-5638-8551-6318fc9c9353"}


def test_nameless_embeds_of_a_page_read_twice_are_the_same(catalogue: Catalogue) -> None:
    both = (embed(status="unresolved", line=1), embed(status="unresolved", line=9))
    put(catalogue, *both, data="a", url=PAGE)
    assert put(catalogue, *both, data="b", url=PAGE).unchanged == 2


# ---------------------------------------------------------------- different recordings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            embed(id="1", title="T", duration=9), embed(id="2", title="T", duration=9), id="ids"
        ),
        pytest.param(
            embed(id="1", audio_url=AUDIO), embed(id="2", audio_url=AUDIO), id="ids, one file"
        ),
        pytest.param(
            embed("audio-file", title="T", audio_url=AUDIO),
            embed("audio-file", title="T", audio_url=AUDIO + "2"),
            id="files",
        ),
        pytest.param(embed(title="T"), embed("voa", title="T"), id="providers"),
        pytest.param(embed(title="T"), embed(title="U"), id="titles"),
    ],
)
def test_kept_apart_on_one_page(catalogue: Catalogue, one: Embed, other: Embed) -> None:
    put(catalogue, one, data="a", url=PAGE)
    put(catalogue, other, data="b", url=PAGE)
    put(catalogue, one, other, data="c", url=PAGE)
    assert count(catalogue) == 2


def test_same_title_on_pages_without_address_or_on_others_is_no_hint(catalogue: Catalogue) -> None:
    put(catalogue, embed(title="News"), data="a")
    put(catalogue, embed(title="News"), data="b")
    put(catalogue, embed(title="News"), data="c", url="https://a.example/1")
    put(catalogue, embed(title="News"), data="d", url="https://a.example/2")
    assert count(catalogue) == 4


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_hint_at_two_episodes_joins_neither(catalogue: Catalogue, order: Sequence[int]) -> None:
    documents = [(embed(title="T"),), (embed(id="1", title="T"), embed(id="2", title="T"))]
    for number in order:
        put(catalogue, *documents[number], data=str(number), url=PAGE)
    assert sorted(e.provider_id or "" for e in all_of(catalogue)) == ["", "1", "2"]


def test_lengths_tell_recordings_of_one_title_apart(catalogue: Catalogue) -> None:
    put(catalogue, embed(title="T", duration=60), embed(title="T", duration=90), data="a", url=PAGE)
    put(catalogue, embed(id="1", title="T", duration=60), embed(id="2", title="T", duration=90),
        data="b", url=PAGE)  # fmt: skip
    assert {(e.provider_id, e.duration) for e in all_of(catalogue)} == {("1", 60), ("2", 90)}


# ---------------------------------------------------------------- any order

RULES = ("json/a", "html/b", "text/c", "derived/d")
PAGES = ("https://a.example/1", "https://a.example/2", None)


@st.composite
def descriptions(draw: st.DrawFn) -> Embed:
    """What one document knows of one of three recordings: more or less of the truth."""
    number = draw(st.integers(1, 3))
    provider = draw(st.sampled_from(["npr", "npr", "audio-file"]))
    audio = f"https://cdn.example/{number}.mp3"
    values: dict[str, Any] = {
        "id": f"{number}/7", "title": f"Recording {number}", "duration": 60 * number,
        "audio_url": audio,
    }  # fmt: skip
    known = draw(st.sets(st.sampled_from(sorted(values))))
    known = (known | {"audio_url"}) - {"id"} if provider == "audio-file" else known
    values = {name: values[name] for name in known}
    words = st.sampled_from(["a", "b", "bb", "c d"])
    values |= draw(st.fixed_dictionaries({}, optional={
        "description": words, "programme": words, "published": st.sampled_from(["2020", "2020-02"]),
        "has_download": st.booleans(), "start": st.integers(0, 12), "kind": words,
        "people": st.lists(
            st.builds(Person, st.sampled_from(["Bo", "BO", "Ana"]),
                      st.sampled_from(["host", "guest"]), st.sampled_from([None, "x", "y", "zz"])), max_size=2).map(tuple),
        "tags": st.lists(st.sampled_from(["Ice", "ICE", "Sea"]), max_size=2).map(tuple),
        "status": st.sampled_from(["identified", "unresolved"]),
    }))  # fmt: skip
    return embed(provider, rule=draw(st.sampled_from(RULES)), **values)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "embeds": draw(st.lists(descriptions(), max_size=3)),
        "url": draw(st.sampled_from(PAGES)),
        "title": draw(st.sampled_from([None, "P", "Pp", "Q"])),
        "published": draw(st.sampled_from([None, "2021-01-01", "2021-01-02T00:00:00Z"])),
        "form": draw(st.sampled_from(["text", "html"])),
    }


def outcome_of(lent: Lent, told: Sequence[tuple[int, dict[str, Any]]]) -> object:
    with lent() as url, open_catalogue(url) as catalogue:
        for number, document in told:
            page = {name: value for name, value in document.items() if name != "embeds"}
            put(catalogue, *document["embeds"], data=str(number), name=str(number), **page)
        pages = sorted(repr((p.url, p.title, p.published)) for p in catalogue.pages())
        return sorted(repr(shown(e)) for e in all_of(catalogue)), pages


Told = list[tuple[int, dict[str, Any]]]


def with_versions_in_order(told: Told) -> Told:
    """The same, but with the documents of each page in the order of their numbers."""
    waiting: dict[Any, Told] = {}
    for number, document in sorted(told, key=lambda each: each[0]):
        waiting.setdefault(document["url"] or number, []).append((number, document))
    return [waiting[document["url"] or number].pop(0) for number, document in told]


@settings(max_examples=10, deadline=None)
@given(st.lists(documents(), min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_order_of_pages_does_not_matter(
    lent: Lent, told: list[dict[str, Any]], random: Any
) -> None:
    numbered = list(enumerate(told))
    shuffled = with_versions_in_order(random.sample(numbered, len(numbered)))
    assert outcome_of(lent, numbered) == outcome_of(lent, shuffled)


# ---------------------------------------------------------------- title and length, prefixes


@pytest.mark.parametrize("other", ["https://b.example/1", None])
def test_title_and_length_join_only_within_one_site(
    catalogue: Catalogue, other: str | None
) -> None:
    put(catalogue, embed(title="T", duration=9), data="a", url="https://a.example/1")
    put(catalogue, embed(title="T", duration=9), data="b", url=other)
    assert count(catalogue) == 2


def test_a_document_without_an_address_may_say_its_site(catalogue: Catalogue) -> None:
    put(catalogue, embed(title="T", duration=9), data="a", url="https://www.a.example/1")
    put(catalogue, embed(title="T", duration=9), data="b", site="www.a.example")
    put(catalogue, embed(title="T", duration=9), data="c", site="A name: no host")
    assert count(catalogue) == 2


def test_a_measured_address_is_that_of_the_file(catalogue: Catalogue) -> None:
    measured = "https://pdst.fm/e/chtbl.com/track/1/cdn.example/ice.mp3?token=1"
    put(catalogue, embed("audio-file", audio_url=AUDIO), data="a", url="https://a.example/")
    put(catalogue, embed(id="1", audio_url=measured), data="b", url="https://b.example/")
    assert only(catalogue).provider_id == "1"


def test_a_chance_likeness_found_late_takes_apart_what_a_hint_had_joined(
    catalogue: Catalogue,
) -> None:
    put(catalogue, embed(title="T"), data="a", url=PAGE)
    put(catalogue, embed(id="1", title="T"), data="b", url=PAGE)
    joined = only(catalogue)
    put(catalogue, embed(id="2", title="T"), data="c", url=PAGE)
    assert sorted(e.provider_id or "" for e in all_of(catalogue)) == ["", "1", "2"]
    kept = catalogue.episode(joined.id)
    assert kept is not None
    assert (kept.guid, kept.provider_id) == (joined.guid, None)


def test_an_episode_joined_and_taken_apart_is_itself_again(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1"), data="a", url="https://a.example/1")
    put(catalogue, embed(title="T"), data="b", url=PAGE)
    old, young = sorted(all_of(catalogue), key=lambda e: e.id)
    put(catalogue, embed(id="1", title="T"), data="c", url=PAGE)
    assert (only(catalogue).id, only(catalogue).guid) == (old.id, old.guid)
    put(catalogue, embed(id="2", title="T"), data="d", url=PAGE)
    again = catalogue.episode(young.id)
    assert again is not None
    assert (again.id, again.guid, again.title) == (young.id, young.guid, "T")
