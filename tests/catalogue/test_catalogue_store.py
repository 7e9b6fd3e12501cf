"""Storing documents: what is new, what changes, what stays; nothing by halves."""

from __future__ import annotations

import pytest
from catalogue_samples import NOW, PAGE, all_of, dump, embed, only, put

from podcat.catalogue import Catalogue, Outcome, lengths
from podcat.catalogue import store as storing
from podcat.model import Candidate, Person


def test_new_episode_shows_what_the_document_says(catalogue: Catalogue) -> None:
    outcome = put(
        catalogue,
        embed(
            id="1/2", kind="audio", title="Sea Ice", description="Two lines.\nOf text.",
            programme="Science Hour", language="en", duration=266, published="2019-10-29",
            event_date="--01-13", embed_url="https://npr.example/p/2", link="https://npr.example/1",
            audio_url="https://cdn.example/a.mp3?x=1", image_url="https://npr.example/i.jpg",
            has_download=True, has_transcript=False, start=5,
            people=(Person("Ana Ruiz", "host"), Person("Bo Lind", "guest", "a diver")),
            tags=("Ice",),
        ),
        url=PAGE, title="All about ice", tags=("Sea",),
    )  # fmt: skip
    episode = only(catalogue)
    assert outcome == Outcome((episode.id,), frozenset({episode.id}))
    assert (episode.provider, episode.provider_id, episode.status) == ("npr", "1/2", "identified")
    assert (episode.title, episode.description) == ("Sea Ice", "Two lines.\nOf text.")
    assert (episode.duration, episode.start, episode.event_date) == (266, 5, "--01-13")
    assert episode.has_download is True
    assert episode.has_transcript is False
    assert episode.people == (Person("Ana Ruiz", "host"), Person("Bo Lind", "guest", "a diver"))
    assert episode.tags == ("Ice", "Sea")
    assert (episode.media_type, episode.playable) == ("audio/mpeg", True)
    assert (episode.page_url, episode.page_title) == (PAGE, "All about ice")
    assert episode.sort_at == 1_572_307_200
    assert (episode.first_seen, episode.changed_at) == (NOW, NOW)
    assert episode.guid.startswith("urn:uuid:")


def test_what_is_not_said_stays_unknown(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1"))
    episode = only(catalogue)
    unknown = ("title", "duration", "published", "audio_url", "has_download", "start", "media_type")
    assert [getattr(episode, name) for name in unknown] == [None] * len(unknown)
    assert episode.sort_at == NOW


def test_same_bytes_change_not_one_row(catalogue: Catalogue, url: str) -> None:
    embeds = (embed(id="1", title="One"), embed(status="unresolved", title="Two"))
    first = put(catalogue, *embeds, data="x", tags=("T",), url=PAGE)
    before, revision = dump(url), catalogue.revision()
    again = put(catalogue, *embeds, data="x", tags=("T",), url=PAGE, now=NOW + 99)
    assert (first.new, first.unresolved) == (2, 1)
    assert (again.unchanged, again.unresolved, again.episodes) == (2, 1, first.episodes)
    assert dump(url) == before
    assert catalogue.revision() == revision


def test_same_bytes_with_a_new_tag_add_the_tag(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1"), embed(id="2"), data="x", tags=("Old",))
    revision = catalogue.revision()
    assert put(catalogue, data="x", tags=("New",), now=NOW + 9).changed == 2
    assert {episode.tags for episode in all_of(catalogue, q="new")} == {("New", "Old")}
    assert {episode.changed_at for episode in all_of(catalogue)} == {NOW + 9}
    assert catalogue.revision() > revision


def test_another_document_that_says_the_same_leaves_the_episode_alone(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", title="One"), data="a", url=PAGE)
    outcome = put(catalogue, embed(id="1", title="One"), data="b", url=PAGE, now=NOW + 9)
    assert (outcome.new, outcome.changed, outcome.unchanged) == (0, 0, 1)
    assert only(catalogue).changed_at == NOW


def test_richer_adds_and_poorer_removes_nothing(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", title="One"), data="a")
    assert put(catalogue, embed(id="1", duration=60), data="b", now=NOW + 1).changed == 1
    assert put(catalogue, embed(id="1"), data="c", now=NOW + 2).unchanged == 1
    episode = only(catalogue)
    assert (episode.title, episode.duration, episode.changed_at) == ("One", 60, NOW + 1)


def test_stronger_rule_wins_whichever_comes_first(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", title="From the data", rule="json/data-audio"), data="a")
    put(catalogue, embed(id="1", title="A longer one from the text", rule="text/line"), data="b")
    assert only(catalogue).title == "From the data"


def test_candidates_are_all_kept_and_the_best_is_shown(catalogue: Catalogue) -> None:
    candidates = (
        Candidate("title", "Listen", "text/label"),
        Candidate("title", "Sea Ice", "json/title"),
        Candidate("duration", 60, "json/duration"),
    )
    given = embed(id="1", title="Sea Ice", duration=60, rule="json/x", candidates=candidates)
    put(catalogue, given, name="a.html")
    origins = catalogue.origins(only(catalogue).id)
    assert [(o.value, o.rule, o.document, o.seen_at, o.chosen) for o in origins
            if o.field == "title"] == [
        ("Sea Ice", "json/title", "a.html", NOW, True),
        ("Listen", "text/label", "a.html", NOW, False),
    ]  # fmt: skip
    assert [(o.field, o.value) for o in origins if o.chosen] == [
        ("provider", "npr"), ("id", "1"), ("status", "identified"),
        ("title", "Sea Ice"), ("duration", "60"),
    ]  # fmt: skip


def test_derived_address_is_marked_and_not_playable_until_a_document_states_it(
    catalogue: Catalogue,
) -> None:
    audio = "https://cdn.example/1.mp3"
    put(catalogue, embed(id="1", audio_url=audio, provenance={"audio_url": "derived/audio"}))
    episode = only(catalogue)
    assert (episode.derived, episode.playable) == (frozenset({"audio_url"}), False)
    assert all_of(catalogue, playable=True) == ()
    put(catalogue, embed(id="1", audio_url=audio, rule="json/audio"))
    assert (only(catalogue).derived, only(catalogue).playable) == (frozenset(), True)
    assert len(all_of(catalogue, playable=True)) == 1


def test_identified_beats_unresolved_in_either_order(catalogue: Catalogue) -> None:
    put(catalogue, embed(status="unresolved", title="Later today"), data="a", url=PAGE)
    assert put(catalogue, embed(id="1", title="Later today"), data="b", url=PAGE).unresolved == 0
    put(catalogue, embed(status="unresolved", title="Later today"), data="c", url=PAGE)
    assert only(catalogue).status == "identified"


def test_people_are_a_union_with_all_their_roles(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", people=(Person("BO LIND", "guest"), Person("Ana", "host"))))
    put(catalogue, embed(id="1", people=(Person("Bo Lind", "guest", "a diver"),)), now=NOW + 1)
    put(catalogue, embed(id="1", people=(Person("Bo Lind", "author"), Person("???", "host"))))
    assert set(only(catalogue).people) == {
        Person("Bo Lind", "guest", "a diver"), Person("Bo Lind", "author"), Person("Ana", "host"),
    }  # fmt: skip
    assert [(c.name, c.episodes) for c in catalogue.people()] == [("Ana", 1), ("Bo Lind", 1)]


def test_page_date_sorts_an_episode_without_its_own(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1"), data="a", url=PAGE)
    put(catalogue, embed(id="2"), data="b", url=PAGE, published="2020-01-02T03:04:05Z")
    assert {episode.sort_at for episode in all_of(catalogue)} == {1_577_934_245}


def test_a_corrected_page_corrects(catalogue: Catalogue) -> None:
    wrong = embed(id="1", title="A longer title that is wrong", duration=60)
    put(catalogue, wrong, data="a", url=PAGE, title="A long headline", name="old.txt")
    right = embed(id="1", title="Correct")
    put(catalogue, right, data="b", url=PAGE, title="Headline", name="new.txt", now=NOW + 9)
    episode = only(catalogue)
    assert (episode.title, episode.duration, episode.page_title) == ("Correct", 60, "Headline")
    assert episode.changed_at == NOW + 9
    said = [o for o in catalogue.origins(episode.id) if o.field == "title"]
    assert [(o.value, o.document, o.chosen) for o in said] == [
        ("Correct", "new.txt", True),
        ("A longer title that is wrong", "old.txt", False),
    ]


def test_a_text_of_a_page_does_not_correct_its_html(catalogue: Catalogue) -> None:
    html = embed(id="1", title="From the markup", rule="html/x")
    put(catalogue, html, data="a", url=PAGE, title="Markup", form="html")
    put(catalogue, embed(id="1", title="From the text"), data="b", url=PAGE, title="Text, longer")
    assert (only(catalogue).title, only(catalogue).page_title) == ("From the markup", "Markup")


def test_texts_without_measure_are_cut_at_a_word(catalogue: Catalogue) -> None:
    much = "word " * 300_000
    candidates = (Candidate("title", much, "text/a"), Candidate("description", much, "text/b"))
    put(
        catalogue,
        embed(id="1", title=much, programme=much, description=much, image_caption=much,
              people=(Person(much, "host", much),), tags=(much,), candidates=candidates),
        url=PAGE, title=much, byline=much, tags=("b" + much,),
    )  # fmt: skip
    episode, (page,) = only(catalogue), catalogue.pages()
    names = (episode.title, episode.programme, episode.people[0].name, *episode.tags,
             episode.page_title, page.byline)  # fmt: skip
    assert all(490 < len(name or "") <= 500 for name in names)
    assert episode.title == "word " * 99 + "word…"
    assert {len(text or "") for text in (episode.description, episode.image_caption)} == {10_000}
    stored = [o for o in catalogue.origins(episode.id) if o.field == "title"]
    assert [(o.value, o.chosen) for o in stored] == [(episode.title, True)]
    again = put(catalogue, embed(id="1"), data="x", tags=("b" + much,))
    assert again.unchanged == 1


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("one two", 7, "one two"),
        ("one two three", 8, "one two…"),
        ("one two three", 9, "one two…"),
        ("one  two three", 5, "one…"),
        ("abcdefghij", 5, "abcd…"),
        ("a bcdefghij", 6, "a bcd…"),
        ("line\nline two", 9, "line…"),
    ],
)
def test_where_a_text_is_cut(text: str, most: int, short: str) -> None:
    assert lengths.cut(text, most) == short
    assert len(short) <= most


def test_page_that_gets_a_title_changes_its_other_episodes(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1"), data="a", url=PAGE)
    put(catalogue, embed(id="2"), data="b", url=PAGE, title="Thaw", now=NOW + 5)
    assert {(e.page_title, e.changed_at) for e in all_of(catalogue, q="thaw")} == {
        ("Thaw", NOW + 5)
    }
    assert len(all_of(catalogue, q="thaw")) == 2


def test_revision_grows_with_every_document(catalogue: Catalogue) -> None:
    revisions = [catalogue.revision()]
    for data in "abc":
        put(catalogue, embed(id="1"), data=data)
        revisions.append(catalogue.revision())
    assert revisions == sorted(set(revisions))


def test_a_failure_midway_leaves_nothing(
    catalogue: Catalogue, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalogue, embed(id="0", title="Before"), data="a")
    before = dump(url)

    def fail(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(storing, "refresh", fail)
    with pytest.raises(KeyboardInterrupt):
        put(catalogue, embed(id="0", title="After, longer"), embed(id="1"), data="b")
    monkeypatch.undo()
    assert dump(url) == before
    assert put(catalogue, embed(id="1"), data="b").new == 1


def test_text_that_cannot_be_encoded_is_stored_without_it(catalogue: Catalogue) -> None:
    put(
        catalogue,
        embed(id="1\x00", title="A\ud800B", people=(Person("C\udfffD", "ho\x00st"),)),
        name="\udcff.txt", tags=("t\ud800",), title="p\x00", url="https://e.example/\ud800",
    )  # fmt: skip
    episode = only(catalogue)
    assert (episode.title, episode.people, episode.tags) == (
        "AB", (Person("CD", "host"),), ("t",),
    )  # fmt: skip


def test_page_without_embeds_is_stored(catalogue: Catalogue) -> None:
    assert put(catalogue, url=PAGE, title="Nothing here") == Outcome()
    assert [page.title for page in catalogue.pages()] == ["Nothing here"]


def test_statistics(catalogue: Catalogue) -> None:
    put(
        catalogue,
        embed(id="1", audio_url="https://c.example/1.mp3", people=(Person("Ana", "host"),)),
        embed(status="unresolved", title="Soon"),
        tags=("a", "b"),
    )
    assert catalogue.statistics() == {
        "documents": 1, "pages": 1, "episodes": 2, "playable": 1,
        "unresolved": 1, "people": 1, "tags": 2,
    }  # fmt: skip
