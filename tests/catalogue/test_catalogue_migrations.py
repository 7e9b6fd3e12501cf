"""A catalogue of an earlier podcat is brought up to date as it is, and a failure leaves it so."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from catalogue_samples import NOW, dump, embed, put, titles

from podcat.catalogue import open_catalogue, schema
from podcat.catalogue.search import FURTHEST, place_of
from podcat.errors import DatabaseError
from podcat.model import Selection

Lent = Callable[..., AbstractContextManager[str]]
MIGRATIONS = schema.migrations
EARLIER = sorted(MIGRATIONS("sqlite"))[:-1]
EPISODE = """INSERT INTO episodes (guid, provider, status, sort_at, first_seen, changed_at, title)
    VALUES ('{0}', 'npr', 'identified', {1}, 5, 5, '{0}')"""
WORDS = "title, programme, people, tags, description, caption, pages, provider"
EARLY = 2
"""Up to this schema, time had no bounds and words stood at the number of their episode."""
OLD = (
    EPISODE.format("Newer", 20),
    EPISODE.format("Older", 10),
    EPISODE.format("Oldest", "{oldest}"),
    "INSERT INTO tags (slug, name) VALUES ('t', 'T')",
    "INSERT INTO people (slug, name) VALUES ('p', 'P')",
    "INSERT INTO episode_tags (episode_id, tag_id) SELECT id, 1 FROM episodes",
    """INSERT INTO credits (episode_id, person_id, role, position)
    SELECT id, 1, 'host', 0 FROM episodes""",
    f"""INSERT INTO search (rowid, {WORDS})
    SELECT {{place}}, lower(title) || ' old', '', '', '', '', '', '', 'npr' FROM episodes""",
)


def only_up_to(monkeypatch: pytest.MonkeyPatch, number: int, more: str | None = None) -> None:
    def known(database: str) -> dict[int, str]:
        scripts = {n: script for n, script in MIGRATIONS(database).items() if n <= number}
        return scripts | ({number + 1: more} if more else {})

    monkeypatch.setattr(schema, "migrations", known)


@pytest.mark.parametrize("version", EARLIER)
def test_from_every_earlier_version(
    lent: Lent, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    with lent(empty=True) as url:
        with monkeypatch.context() as patched:
            only_up_to(patched, version)
            with open_catalogue(url) as old, old._db.transaction():
                oldest = -(2**34) if version <= EARLY else -FURTHEST
                place = "id" if version <= EARLY else place_of("episodes")
                for statement in OLD:
                    old._db.run(statement.format(oldest=oldest, place=place))
        with open_catalogue(url) as catalogue:
            assert titles(catalogue, tags=("t",)) == ["Newer", "Older", "Oldest"]
            assert titles(catalogue, people=("p",)) == ["Newer", "Older", "Oldest"]
            assert titles(catalogue, q="old") == ["Newer", "Older", "Oldest"]
            assert titles(catalogue, q="old -newer since:1970") == ["Older"]
            oldest = catalogue.episodes(Selection(q="oldest")).episodes[0]
            assert oldest.sort_at == -FURTHEST
            put(catalogue, embed(id="1", published="2020-01-01", title="Third", tags=("T",)))
            assert titles(catalogue, tags=("t",)) == ["Third", "Newer", "Older", "Oldest"]
            assert titles(catalogue, q="third") == ["Third"]


def test_a_migration_that_fails_changes_nothing(
    lent: Lent, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lent() as url:
        with open_catalogue(url) as catalogue:
            put(catalogue, embed(id="1"), now=NOW)
        before = dump(url)
        script = (
            "DELETE FROM search;\nALTER TABLE tags ADD COLUMN more INTEGER;\nDROP TABLE nosuch;\n"
        )
        with monkeypatch.context() as patched:
            only_up_to(patched, max(MIGRATIONS("sqlite")), script)
            with pytest.raises(DatabaseError, match=r"nosuch|lacks tables"):
                open_catalogue(url)
        assert dump(url) == before


def test_lists_follow_an_episode_that_moves_in_time(lent: Lent) -> None:
    with lent() as url, open_catalogue(url) as catalogue:
        put(catalogue, embed(id="1", title="A", tags=("T",)), data="a", now=NOW)
        put(catalogue, embed(id="2", title="B", tags=("T",), published="2030-01-01"), data="b")
        assert titles(catalogue, tags=("t",)) == ["B", "A"]
        put(catalogue, embed(id="1", title="A", published="2031-01-01"), data="c")
        assert titles(catalogue, tags=("t",)) == ["A", "B"]
