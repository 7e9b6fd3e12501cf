"""Choosing what is shown: one best value, whatever the order."""

from __future__ import annotations

from typing import Any

import pytest
from catalogue_samples import PAGE, embed, only, put
from hypothesis import given, settings
from hypothesis import strategies as st

from podcat.catalogue import Catalogue
from podcat.catalogue.identity import apart, identities, ids_of
from podcat.catalogue.merge import Claim, better_name, choose, current, decode, encode, fuller
from podcat.catalogue.search import NUMBERS
from podcat.model import CARRIERS, Person, strength

QUICK = settings(max_examples=50, deadline=None)
NAMES = st.sampled_from(["Ana", "ANA", "ana", "Aná", "Añá", "ANÁ", "Ana-"])
CLAIMS = st.lists(
    st.builds(
        Claim,
        st.sampled_from(["title", "kind"]),
        st.sampled_from(["a", "b", "bb", "ccc"]),
        st.sampled_from([f"{carrier}/r" for carrier in CARRIERS] + ["text/s", "other"]),
        st.integers(1, 3),
        st.integers(1, 2),
        st.booleans(),
    ),
    max_size=8,
)


@QUICK
@given(CLAIMS, st.randoms(use_true_random=False))
def test_choice_does_not_depend_on_order(claims: list[Claim], random: Any) -> None:
    assert choose(random.sample(claims, len(claims))) == choose(claims)


@QUICK
@given(CLAIMS)
def test_choice_is_something_said_and_nothing_stronger_was_said(claims: list[Claim]) -> None:
    for field, (value, rule) in choose(claims).items():
        said = [claim for claim in current(claims) if claim.field == field]
        assert (value, rule) in {(claim.value, claim.rule) for claim in said}
        assert strength(rule) == max(strength(claim.rule) for claim in said)


@QUICK
@given(CLAIMS)
def test_a_weaker_word_changes_nothing(claims: list[Claim]) -> None:
    strong = [claim for claim in claims if strength(claim.rule) > strength("derived/")]
    weaker = [claim for claim in claims if strength(claim.rule) <= strength("derived/")]
    before = choose(strong)
    after = choose(strong + [Claim(c.field, "new" + c.value, c.rule, 9, 9, True) for c in weaker])
    assert {field: after[field] for field in before} == before


@pytest.mark.parametrize(
    ("claims", "best"),
    [
        ([("bb", 1, False), ("a", 2, True)], "a"),
        ([("bb", 1, True), ("a", 2, True), ("a", 3, True)], "a"),
        ([("a", 1, True), ("bb", 2, True)], "bb"),
        ([("b", 1, True), ("a", 2, True)], "a"),
    ],
    ids=["picked", "most documents", "longest", "first in the alphabet"],
)
def test_equally_strong(claims: list[tuple[str, int, bool]], best: str) -> None:
    given_claims = [
        Claim("title", value, "text/x", document, document, picked)
        for value, document, picked in claims
    ]
    assert choose(given_claims)["title"] == (best, "text/x")


def test_of_two_versions_of_a_page_the_later_counts() -> None:
    first = Claim("title", "A long one that is wrong", "text/x", 1, 1, True)
    second = Claim("title", "Right", "text/x", 2, 1, True)
    for claims in ([first, second], [second, first]):
        assert choose(claims)["title"] == ("Right", "text/x")
        assert current(claims) == [second]


@pytest.mark.parametrize(
    "other",
    [
        Claim("title", "Another page", "text/x", 2, 2, True),
        Claim("title", "Another rule", "text/y", 2, 1, True),
        Claim("kind", "another field", "text/x", 2, 1, True),
        Claim("title", "The same document", "text/x", 1, 1, True),
    ],
    ids=["page", "rule", "field", "document"],
)
def test_a_later_document_corrects_nothing_else(other: Claim) -> None:
    claim = Claim("title", "A", "text/x", 1, 1, True)
    assert current([claim, other]) == [claim, other]


def test_yes_beats_no() -> None:
    claims = [Claim("has_download", value, "text/x", 1, 1, True) for value in ("false", "true")]
    assert choose(claims)["has_download"][0] == "true"


@QUICK
@given(NAMES, NAMES, NAMES)
def test_names_and_texts_are_chosen_in_any_order(one: str, two: str, three: str) -> None:
    for best in (better_name, fuller):
        assert best(one, two) == best(two, one)
        assert best(best(one, two) or "", three) == best(one, best(two, three) or "")


@QUICK
@given(st.integers() | st.booleans() | st.text() | st.none() | st.floats())
def test_no_value_breaks_a_field(value: Any) -> None:
    for field in ("duration", "has_download", "title", "start"):
        if (stored := encode(field, value)) is not None:
            assert isinstance(decode(field, stored), str if field == "title" else int)


# ---------------------------------------------------------------- keys

EMBEDS = st.lists(
    st.builds(
        embed,
        st.sampled_from(["npr", "voa", "audio-file"]),
        id=st.none() | st.sampled_from(["1", "a:b"]),
        title=st.none() | st.text(max_size=4),
        duration=st.none() | st.integers(0, 3),
        audio_url=st.none() | st.sampled_from(["https://e.example/a", "nonsense:"]),
    ),
    max_size=4,
)


@QUICK
@given(EMBEDS, st.booleans())
def test_every_embed_has_a_key_and_always_the_same(embeds: list[Any], has_address: bool) -> None:
    found = identities(embeds, "page", has_address)
    assert found == identities(embeds, "page", has_address)
    for given_embed, identity in zip(embeds, found, strict=True):
        assert identity.keys
        assert len(set(identity.keys)) == len(identity.keys)
        if given_embed.id:
            assert identity.ids[given_embed.provider] == {given_embed.id}


@QUICK
@given(EMBEDS)
def test_nothing_is_apart_from_itself(embeds: list[Any]) -> None:
    for identity in identities(embeds, "page", True):
        assert not apart(identity.ids, ids_of(identity.keys), by_hint=True)


def test_an_embed_that_names_two_files_proves_them_one(catalogue: Catalogue) -> None:
    audio, video = "https://e.example/a.mp3", "https://e.example/a.mp4"
    put(catalogue, embed("audio-file", audio_url=audio), data="a")
    put(catalogue, embed("audio-file", video_url=video), data="b")
    put(catalogue, embed("audio-file", audio_url=audio, video_url=video), data="c")
    assert (only(catalogue).audio_url, only(catalogue).video_url) == (audio, video)


def test_people_stand_as_the_page_lists_them(catalogue: Catalogue) -> None:
    zoe, ana = Person("Zoe", "host"), Person("Ana", "host")
    put(catalogue, embed(id="1", people=(zoe, ana)), data="a")
    put(catalogue, embed(id="1", people=(Person("Bo", "host"), zoe)), data="b")
    assert [person.name for person in only(catalogue).people] == ["Bo", "Zoe", "Ana"]


def test_a_joined_episode_leaves_no_words_behind(catalogue: Catalogue, url: str) -> None:
    put(catalogue, embed(title="T"), data="a", url=PAGE)
    put(catalogue, embed(id="1"), data="b")
    put(catalogue, embed(id="1", title="T"), data="c", url=PAGE)
    assert [row["rowid"] % NUMBERS for row in catalogue._db.all("SELECT rowid FROM search")] == [
        only(catalogue).id
    ]
    if url.startswith("sqlite:"):  # the other one checks at every COMMIT
        assert catalogue._db.all("PRAGMA foreign_key_check") == []
