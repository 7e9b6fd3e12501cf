"""What was learned by asking for a player belongs to its episode, and to nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from catalogue_samples import NOW, PAGE, embed, only, put

from podcat.catalogue import Catalogue, open_catalogue
from podcat.catalogue.resolving import Attempt, Learned, Reason
from podcat.model import Candidate, Embed, Place, Selection

PLAYER = "https://www.npr.org/player/embed/1/2"
FILE = "https://media.example/1.mp3"
RULE = "json/npr-audio-model"
EVERYTHING = Selection()


def said(number: str = "1/2", **values: Any) -> Embed:
    """What a player said, as a rule of JSON gives it."""
    candidates = tuple(Candidate(name, value, RULE) for name, value in values.items())
    own = {name: v for name, v in values.items() if name not in ("media_bytes", "media_type")}
    return Embed(
        "npr",
        Place(7),
        id=number,
        provenance=dict.fromkeys(own, RULE),
        candidates=candidates,
        **own,
    )


def learn(catalogue: Catalogue, number: int, now: int = NOW + 9, **values: Any) -> set[int]:
    own = catalogue.episode(number)
    assert own
    told = said(own.provider_id or "1/2", **values)
    return catalogue.learn([Learned(number, PLAYER, told)], {}, now)


def test_what_was_learned_is_shown_with_its_origin(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1/2", title="From the page"), url=PAGE)
    before = only(catalogue)
    assert learn(catalogue, before.id, audio_url=FILE, media_bytes=1000, duration=60) == {before.id}
    after = only(catalogue)
    assert (after.id, after.guid) == (before.id, before.guid)
    assert (after.media_url, after.media_bytes, after.duration) == (FILE, 1000, 60)
    assert after.title == "From the page"
    (origin,) = [o for o in catalogue.origins(after.id) if o.field == "audio_url"]
    assert (origin.value, origin.rule, origin.document, origin.chosen) == (FILE, RULE, PLAYER, True)


def test_no_origin_is_without_a_rule_where_another_has_one(catalogue: Catalogue) -> None:
    named = dict.fromkeys(("provider", "id", "status"), "html/iframe")
    put(catalogue, embed(id="1/2", provenance=named), url=PAGE)
    number = only(catalogue).id
    learn(catalogue, number, audio_url=FILE)
    rules = {o.field: o.rule for o in catalogue.origins(number)}
    assert {rules[name] for name in named} == {"html/iframe"}
    assert rules["audio_url"] == RULE


def test_a_player_is_no_page_and_no_place_of_its_episode(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="3/4", line=1), embed(id="1/2", line=5), url=PAGE)
    one, other = catalogue.page_episodes(1)
    learn(catalogue, other.id, audio_url=FILE)
    learn(catalogue, one.id, audio_url="https://media.example/3.mp3")
    assert [e.id for e in catalogue.page_episodes(1)] == [one.id, other.id]
    assert len(catalogue.pages()) == 1
    (place,) = catalogue.appearances(other.id)
    assert (place.url, place.document, place.place.line) == (PAGE, "page.txt", 5)


def test_the_same_again_changes_nothing(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1/2"), url=PAGE)
    number = only(catalogue).id
    learn(catalogue, number, audio_url=FILE)
    revision = catalogue.revision()
    assert learn(catalogue, number, NOW + 99, audio_url=FILE) == set()
    assert catalogue.revision() == revision
    assert learn(catalogue, number, NOW + 99, audio_url=FILE + "?2") == {number}
    assert only(catalogue).audio_url == FILE + "?2"


def test_what_a_person_said_stays(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1/2"), url=PAGE)
    number = only(catalogue).id
    catalogue.edit(number, {"title": "By hand", "audio_url": "https://mine.example/a.mp3"})
    learn(catalogue, number, audio_url=FILE, title="By machine")
    assert (only(catalogue).title, only(catalogue).media_url) == (
        "By hand", "https://mine.example/a.mp3",
    )  # fmt: skip


def test_an_episode_without_an_id_learns_its_own(catalogue: Catalogue) -> None:
    """And whoever names that later is the same recording."""
    put(catalogue, embed(title="Announced", status="unresolved"), url=PAGE)
    before = only(catalogue)
    learn(catalogue, before.id, title="Announced", audio_url=FILE)
    after = only(catalogue)
    assert (after.guid, after.provider_id, after.status) == (before.guid, "1/2", "identified")
    put(catalogue, embed(id="1/2"), url="https://other.example/x", data="other")
    assert only(catalogue).guid == before.guid


def test_a_split_stays_split(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1/2"), url=PAGE, data="a")
    put(catalogue, embed(id="1/2"), url="https://other.example/x", data="b")
    whole = only(catalogue).id
    (off,) = catalogue.split(whole, ["https://other.example/x"])
    learn(catalogue, off, audio_url=FILE)
    assert catalogue.episode(off).playable  # type: ignore[union-attr]
    assert not catalogue.episode(whole).playable  # type: ignore[union-attr]
    learn(catalogue, whole, audio_url="https://media.example/whole.mp3")
    assert catalogue.episode(off).media_url == FILE  # type: ignore[union-attr]


def test_one_file_of_two_recordings_joins_them_not(catalogue: Catalogue) -> None:
    """As where all players of a provider play the same sorry."""
    put(catalogue, embed(id="1/2"), embed(id="3/4"), url=PAGE)
    one, other = catalogue.page_episodes(1)
    first = Learned(one.id, PLAYER, said(audio_url=FILE))
    second = Embed("npr", Place(1), id="3/4", audio_url=FILE, provenance={"audio_url": RULE})
    catalogue.learn([first, Learned(other.id, PLAYER + "3", second)], {}, NOW)
    assert {e.id for e in catalogue.page_episodes(1)} == {one.id, other.id}


def test_attempts_rest_until_they_are_due(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1/2"), embed(id="3/4", audio_url=FILE), url=PAGE)
    one, other = catalogue.page_episodes(1)
    assert set(catalogue.unresolved(EVERYTHING, NOW)) == {one.id, other.id}
    learn(catalogue, other.id, media_bytes=5)
    assert catalogue.unresolved(EVERYTHING, NOW) == [one.id]
    failed = Attempt(NOW, 1, "it names no file", NOW + 100)
    catalogue.learn([], {one.id: failed}, NOW)
    assert catalogue.attempt(one.id) == failed
    assert catalogue.unresolved(EVERYTHING, NOW + 99) == []
    assert catalogue.unresolved(EVERYTHING, NOW + 99, again=True) == [one.id]
    assert catalogue.unresolved(EVERYTHING, NOW + 100, only=[one.id, other.id]) == [one.id]
    (wanted,) = catalogue.wanted([one.id])
    assert (wanted.pages, wanted.attempt) == ((PAGE,), failed)
    learn(catalogue, one.id, audio_url=FILE + "?1", media_bytes=7)
    assert catalogue.attempt(one.id) is None
    assert catalogue.unresolved(EVERYTHING, NOW + 999) == []


def test_reasons_are_counted(catalogue: Catalogue) -> None:
    put(catalogue, *(embed(id=f"{n}/{n}") for n in range(1, 6)), url=PAGE)
    assert catalogue.reasons() == ()
    before = catalogue.attempts_made()
    one, two, three, hidden, found = (e.id for e in catalogue.page_episodes(1))
    tried = {
        one: Attempt(NOW, 1, "it rests", NOW + 200), two: Attempt(NOW, 3, "it rests", NOW + 100),
        three: Attempt(NOW, 1, "it is gone", NOW + 50), hidden: Attempt(NOW, 1, "it rests", NOW),
        found: Attempt(NOW, 1, "its host does not say how long its file is", NOW),
    }  # fmt: skip
    catalogue.learn([], tried, NOW)
    catalogue.hide(hidden)
    learn(catalogue, found, audio_url=FILE)
    assert catalogue.reasons() == (
        Reason("it rests", 2, NOW + 100), Reason("it is gone", 1, NOW + 50),
    )  # fmt: skip
    assert catalogue.attempts_made() > before


def test_an_export_takes_it_along(catalogue: Catalogue, tmp_path: Path) -> None:
    put(catalogue, embed(id="1/2"), embed(id="3/4"), url=PAGE)
    learn(catalogue, catalogue.page_episodes(1)[1].id, audio_url=FILE, media_bytes=1000)
    exported = list(catalogue.export())
    with open_catalogue(f"sqlite:///{tmp_path}/other.db") as other:
        other.load(exported, "x.jsonl")
        assert list(other.export()) == exported
        assert [e.media_url for e in other.page_episodes(1)] == [None, FILE]
        assert other.unresolved(EVERYTHING, NOW) == [other.page_episodes(1)[0].id]


def test_another_recordings_id_joins_nothing(catalogue: Catalogue) -> None:
    """Whatever a page says that was asked for, no two recordings become one by it."""
    put(catalogue, embed(id="1/2"), embed(id="3/4"), url=PAGE)
    one, other = catalogue.page_episodes(1)
    catalogue.learn([Learned(other.id, PLAYER, said("1/2", audio_url=FILE))], {}, NOW)
    assert [(e.id, e.playable) for e in catalogue.page_episodes(1)] == [
        (one.id, False), (other.id, True),
    ]  # fmt: skip
