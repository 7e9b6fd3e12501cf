"""What a person says wins, stays, and can be taken back; a wrong merge is undone for good."""

from __future__ import annotations

import pytest
from catalogue_samples import NOW, PAGE, all_of, embed, only, put

from podcat.catalogue import Catalogue
from podcat.errors import NotFoundError, UsageError
from podcat.model import Person, Selection

AUDIO = "https://cdn.example/a.mp3"
ONE, TWO = "https://a.example/1", "https://b.example/2"


def test_an_edit_wins_and_survives_a_corrected_document(catalogue: Catalogue) -> None:
    said = embed(id="1", title="Said", duration=60, published="2020-01-01", rule="json/x")
    put(catalogue, said, data="a", url=PAGE)
    number = only(catalogue).id
    values = {"title": "Mine", "published": "2022-01-13", "duration": 90, "description": None}
    assert catalogue.edit(number, values, NOW + 5)
    for again in ("a", "b"):
        put(catalogue, embed(id="1", title="Corrected", rule="json/x"), data=again, url=PAGE)
    episode = only(catalogue)
    assert (episode.title, episode.duration, episode.sort_at) == ("Mine", 90, 1_642_032_000)
    assert episode.changed_at == NOW + 5
    assert all_of(catalogue, q="mine") == (episode,)
    assert all_of(catalogue, q="corrected") == ()
    first = next(o for o in catalogue.origins(number) if o.field == "title")
    assert (first.value, first.rule, first.document, first.seen_at, first.chosen) == (
        "Mine", "person/edit", "by hand", NOW + 5, True,
    )  # fmt: skip
    assert catalogue.edit(number, {}, clear=["title"])
    assert only(catalogue).title == "Corrected"


def test_a_person_may_say_that_there_is_none(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", title="T", description="Wrong"), url=PAGE)
    catalogue.edit(only(catalogue).id, {"description": None})
    assert only(catalogue).description is None


def test_tags_by_hand(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", tags=("Ice", "Sea")), data="a", url=PAGE)
    number = only(catalogue).id
    assert catalogue.tag(number, ["Mine"])
    assert not catalogue.tag(number, ["mine"])
    catalogue.tag(number, ["ICE"], wanted=False)
    put(catalogue, embed(id="1", tags=("Ice",)), data="b", url=PAGE, tags=("Ice",))
    assert only(catalogue).tags == ("Mine",)
    catalogue.tag(number, ["Ice"])
    assert only(catalogue).tags == ("Ice", "Mine")


def test_a_hidden_episode_is_nowhere_but_can_be_shown(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", title="Gone", tags=("T",), people=(Person("Ana", "host"),),
                         programme="Show", audio_url=AUDIO), data="a", url=PAGE)  # fmt: skip
    put(catalogue, embed(id="2", title="Here"), data="b", url=PAGE)
    gone = next(e for e in all_of(catalogue) if e.title == "Gone")
    assert catalogue.hide(gone.id, NOW + 1)
    put(catalogue, embed(id="1", title="Gone"), data="c", url=PAGE)
    assert [e.title for e in all_of(catalogue)] == ["Here"]
    assert (catalogue.count(), all_of(catalogue, q="gone"), catalogue.episode(gone.id)) == (
        1,
        (),
        None,
    )
    page = catalogue.pages()[0].id
    assert [e.title for e in catalogue.page_episodes(page)] == ["Here"]
    nothing = (catalogue.tags(), catalogue.people(), catalogue.programmes())
    assert nothing == ((), (), ())
    assert [c.episodes for c in catalogue.providers()] == [1]
    assert [catalogue.name_of(kind, slug) for kind, slug in
            (("tag", "t"), ("person", "ana"), ("programme", "show"))] == [None] * 3  # fmt: skip
    counts = catalogue.statistics()
    assert [counts[n] for n in ("episodes", "playable", "people", "tags")] == [1, 0, 0, 0]
    assert AUDIO not in {link.url for link in catalogue.links()}
    assert catalogue.link_counts()["audio"] == 0
    assert catalogue.newest_change(Selection(q="gone")) is None
    assert catalogue.detail(gone.id).hidden
    assert catalogue.hide(gone.id, hidden=False)
    assert catalogue.count() == 2


def test_edits_go_with_an_episode_that_is_joined(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1"), data="a", url=ONE)
    put(catalogue, embed("voa", id="9", audio_url=AUDIO), data="b", url=TWO)
    old, young = sorted(all_of(catalogue), key=lambda e: e.id)
    catalogue.edit(old.id, {"title": "Of the older"})
    catalogue.edit(young.id, {"title": "Of the younger", "language": "kk"})
    put(catalogue, embed(id="1", audio_url=AUDIO), data="c", url=ONE)
    assert (only(catalogue).title, only(catalogue).language) == ("Of the older", "kk")


# ---------------------------------------------------------------- finding


def test_an_episode_is_found_by_all_its_names(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1"), data="a", url=ONE)
    put(catalogue, embed("voa", id="9", audio_url=AUDIO), data="b", url=TWO)
    old, young = sorted(all_of(catalogue), key=lambda e: e.id)
    put(catalogue, embed(id="1", audio_url=AUDIO), data="c", url=ONE)
    names = [
        str(old.id), old.guid, old.guid.removeprefix("urn:uuid:"), old.guid.upper().replace("URN:UUID", "urn:uuid"),
        f"https://podcat.example/base/episodes/{old.id}-some-title?play=1", f"/episodes/{old.id}",
        str(young.id), young.guid, f"https://podcat.example/episodes/{young.id}",
    ]  # fmt: skip
    assert {catalogue.find(name) for name in names} == {old.id}
    detail = catalogue.detail(young.id)
    assert [(a.id, a.guid) for a in detail.aliases] == [(young.id, young.guid)]
    assert detail.keys == ("address:cdn.example/a.mp3", "id:npr:1", "id:voa:9")


@pytest.mark.parametrize(
    "name", ["99", "", "x", "urn:uuid:0", "https://a.example/1", "9" * 30, "\0"]
)
def test_a_name_of_nothing(catalogue: Catalogue, name: str) -> None:
    with pytest.raises(NotFoundError):
        catalogue.find(name)


# ---------------------------------------------------------------- a wrong merge


def merged(catalogue: Catalogue) -> tuple[int, int]:
    """Two episodes that one wrong address has joined; the numbers of the older and the younger."""
    put(catalogue, embed(id="1", title="One"), data="a", url=ONE)
    put(catalogue, embed("voa", id="9", title="Nine"), data="b", url=TWO)
    old, young = sorted(e.id for e in all_of(catalogue))
    put(catalogue, embed(id="1", title="One", audio_url=AUDIO), data="c", url=ONE)
    put(catalogue, embed("voa", id="9", title="Nine", audio_url=AUDIO), data="d", url=TWO)
    assert catalogue.count() == 1
    return old, young


def test_a_split_gives_number_and_guid_back_and_holds(catalogue: Catalogue) -> None:
    old, young = merged(catalogue)
    assert catalogue.split(old, [TWO]) == (young,)
    titles = {e.id: e.title for e in all_of(catalogue)}
    assert titles == {old: "One", young: "Nine"}
    put(catalogue, embed("voa", id="9", title="Nine!", audio_url=AUDIO), data="e", url=TWO)
    put(catalogue, embed(id="1", title="One", audio_url=AUDIO), data="f", url=ONE + "?utm_source=x")
    assert {e.id for e in all_of(catalogue)} == {old, young}
    assert len(catalogue.appearances(young)) == 3
    assert catalogue.unsplit(young) == (old,)
    assert only(catalogue).id == old
    assert catalogue.find(str(young)) == old


def test_a_split_of_what_never_was_an_episode_makes_one(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", title="T"), data="a", url=ONE)
    put(catalogue, embed(id="1", title="T"), data="b", url=TWO)
    old = only(catalogue)
    page = str(catalogue.appearances(old.id)[0].page_id)
    (new,) = catalogue.split(old.id, [page])
    assert {e.id for e in all_of(catalogue)} == {old.id, new}
    kept = catalogue.episode(old.id)
    assert kept is not None
    assert kept.guid == old.guid
    assert catalogue.appearances(new)[0].url == ONE


@pytest.mark.parametrize(("pages", "error"), [
    ([ONE, TWO], UsageError), (["https://c.example/"], NotFoundError), (["77"], NotFoundError),
])  # fmt: skip
def test_a_split_that_cannot_be(
    catalogue: Catalogue, pages: list[str], error: type[Exception]
) -> None:
    old, _ = merged(catalogue)
    with pytest.raises(error):
        catalogue.split(old, pages)
    assert catalogue.count() == 1
    with pytest.raises(UsageError):
        catalogue.unsplit(old)
