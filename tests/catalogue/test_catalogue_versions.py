"""Versions: of a page that is corrected, and of the schema."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from catalogue_samples import NOW, PAGE, all_of, embed, only, put

from podcat.catalogue import Catalogue, open_catalogue, schema
from podcat.model import Person

HERE = Path(__file__).parent
ANA, BO = Person("Ana", "host"), Person("Bo", "guest")


# ---------------------------------------------------------------- a corrected page


def test_people_and_tags_of_a_corrected_page_are_corrected(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", people=(ANA, BO), tags=("Ice", "Sea")), data="a", url=PAGE)
    outcome = put(catalogue, embed(id="1", people=(BO,), tags=("Ice",)), data="b", url=PAGE,
                  now=NOW + 1)  # fmt: skip
    episode = only(catalogue)
    assert (outcome.changed, episode.people, episode.tags) == (1, (BO,), ("Ice",))
    assert episode.changed_at == NOW + 1
    assert [t.name for t in catalogue.tags()] == ["Ice"]
    assert catalogue.count() == len(all_of(catalogue, q="ice")) == 1
    assert all_of(catalogue, q="sea") == all_of(catalogue, people=("ana",)) == ()
    said = [(o.value, o.chosen) for o in catalogue.origins(episode.id) if o.field == "people"]
    assert said == [("Bo (guest)", True), ("Ana (host), Bo (guest)", False)]


def test_what_other_pages_and_forms_say_stays(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", tags=("Ice",)), data="a", url=PAGE)
    put(catalogue, embed(id="1", tags=("Sea",)), data="b", url=PAGE, form="html")
    put(catalogue, embed(id="1", tags=("Sky",)), data="c", url="https://b.example/")
    put(catalogue, embed(id="1"), data="d", url=PAGE, form="html")
    assert only(catalogue).tags == ("Ice", "Sky")


def test_a_tag_given_while_adding_outlives_a_correction(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", tags=("Ice",)), data="a", url=PAGE, tags=("Mine",))
    put(catalogue, embed(id="1"), data="b", url=PAGE)
    assert only(catalogue).tags == ("Mine",)


@pytest.mark.parametrize("later", [0, 5])
def test_old_bytes_added_again_change_nothing(catalogue: Catalogue, later: int) -> None:
    old = embed(id="1", title="A longer title that is wrong", people=(ANA,), tags=("Wrong",))
    put(catalogue, old, data="a", url=PAGE)
    put(catalogue, embed(id="1", title="Right", people=(BO,)), data="b", url=PAGE, now=NOW + later)
    before = only(catalogue)
    outcome = put(catalogue, old, data="a", url=PAGE, now=NOW + 99)
    assert (outcome.changed, outcome.unchanged) == (0, 1)
    assert only(catalogue) == before
    assert (before.title, before.people, before.tags) == ("Right", (BO,), ())


def test_the_version_added_last_counts_in_whatever_order_they_come(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", title="Right", tags=("Ice",)), data="b", url=PAGE, now=NOW + 5,
        title="New")  # fmt: skip
    put(catalogue, embed(id="1", title="Wrong", tags=("Sea",)), data="a", url=PAGE, title="Old")
    episode = only(catalogue)
    assert (episode.title, episode.tags, episode.page_title) == ("Right", ("Ice",), "New")
    assert episode.first_seen == NOW


# ---------------------------------------------------------------- schema 1


@pytest.fixture
def old(path: Path) -> Path:
    """A catalogue of schema 1: podcat 0.2 made it of five documents."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(schema.migrations("sqlite")[1])
        connection.executescript((HERE / "version_1.sql").read_text("utf-8"))
        connection.execute("PRAGMA user_version = 1")
    return path


def test_a_catalogue_of_schema_1_shows_the_same(old: Path) -> None:
    with open_catalogue(f"sqlite:///{old}") as catalogue:
        found = {e.id: e for e in all_of(catalogue)}
        ice = found[1]
        assert sorted(found) == [1, 3, 4]
        assert (ice.title, ice.description, ice.duration) == ("Sea Ice", "Words of the page", 266)
        assert (ice.people, ice.tags) == ((Person("Ana Ruiz", "reporter", "a diver"),), ("Arctic",))
        assert catalogue.episode(2) == ice
        assert len(catalogue.appearances(1)) == 3
        assert {o.value for o in catalogue.origins(1) if o.field == "title"} == {"Sea Ice"}
        assert len(list(catalogue.refusals())) == 1
        assert catalogue.feed_guid("kazakhstan", "https://other.example/") == (
            "762283ff-4c5d-549a-a85d-cbbb1480881c"
        )


def test_a_catalogue_of_schema_1_goes_on(old: Path) -> None:
    with open_catalogue(f"sqlite:///{old}") as catalogue:
        before = {e.id: e.guid for e in all_of(catalogue)}
        put(catalogue, embed(id="1/2", title="Sea Ice", rule="html/x"), data="new", url=PAGE,
            form="html", now=NOW + 50)  # fmt: skip
        put(catalogue, embed("audio-file", audio_url="https://cdn.example/talk.mp3"), data="more")
        assert {e.id: e.guid for e in all_of(catalogue)} == before
        assert catalogue.episode(4) is not None
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.newest("sqlite"),)


def test_a_migration_that_fails_leaves_schema_1(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = schema.migrations("sqlite")
    broken = scripts | {2: scripts[2] + "SELECT * FROM nowhere;\n"}
    monkeypatch.setattr(schema, "migrations", lambda _: broken)
    with pytest.raises(Exception, match="nowhere"):
        open_catalogue(f"sqlite:///{old}").close()
    monkeypatch.undo()
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM episode_keys").fetchone()[0] > 0


def test_a_name_is_spelt_best_in_whatever_order_versions_come(tmp_path: Path) -> None:
    spelt = set()
    for order in ((0, 1), (1, 0)):
        with open_catalogue(f"sqlite:///{tmp_path}/{order[0]}.db") as catalogue:
            for number in order:
                person = Person(("Bo", "BO")[number], "host")
                put(catalogue, embed(id="1", people=(person,)), data=str(number), url=PAGE,
                    now=NOW + number)  # fmt: skip
            spelt.add(only(catalogue).people)
    assert spelt == {(Person("Bo", "host"),)}
