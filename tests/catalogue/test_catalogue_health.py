"""What is wrong with an episode, told by how its addresses stand; and where old copies are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from podcat.catalogue import Standing, health
from podcat.catalogue.archive import dated
from podcat.model import Episode

DAY = 86_400
NOW = 1_794_000_000  # 2026-11-06
FILE, PLAYER, PAGE = (f"https://a.example/{word}" for word in ("1.mp3", "player", "page"))
EPISODE = Episode(
    id=1, guid="urn:uuid:1", provider="npr", provider_id="1/2", status="identified", sort_at=0,
    first_seen=NOW - 90 * DAY, changed_at=0, audio_url=FILE, embed_url=PLAYER, link=PAGE,
)  # fmt: skip


def stand(word: str, since: int = NOW) -> Standing:
    failing = since if word in ("dead", "failing") else None
    return Standing("x", since, word, since, since, since, failing_since=failing)


def of(file: str, player: str, episode: Episode = EPISODE) -> tuple[str, bool] | None:
    words = {FILE: file, PLAYER: player, PAGE: "dead"}
    found = health.of(episode, {url: stand(word) for url, word in words.items() if word})
    return (found.word, found.file_only) if found else None


@pytest.mark.parametrize(
    ("file", "player", "expected"),
    [
        ("dead", "dead", ("dead", False)),
        ("dead", "failing", ("failing", False)),
        ("failing", "failing", ("failing", False)),
        ("dead", "alive", ("dead", True)),
        ("dead", "unknown", ("dead", True)),
        ("dead", "", ("dead", True)),
        ("failing", "alive", ("failing", True)),
        ("alive", "dead", None),
        ("unknown", "dead", None),
        ("", "", None),
    ],
)
def test_by_all_ways_in_which_it_can_be_heard(
    file: str, player: str, expected: tuple[str, bool] | None
) -> None:
    assert of(file, player) == expected


def test_a_page_counts_where_there_is_nothing_else() -> None:
    alone = replace(EPISODE, audio_url=None, embed_url=None)
    assert of("", "", alone) == ("dead", False)
    assert of("", "alive", replace(EPISODE, audio_url=None)) is None
    assert of("", "", replace(alone, link=None)) is None


def test_a_built_file_is_no_way() -> None:
    built = replace(EPISODE, derived=frozenset({"audio_url"}))
    assert of("dead", "alive", built) is None


def test_since_when_and_where_a_copy_is() -> None:
    standings = {FILE: stand("dead", NOW), PLAYER: stand("dead", NOW + DAY)}
    found = health.of(replace(EPISODE, published="2019-10-29"), standings)
    assert found
    assert (found.since, found.url) == (NOW + DAY, FILE)
    assert found.archived == f"https://web.archive.org/web/20191029/{FILE}"


@pytest.mark.parametrize(
    ("known", "stamp"),
    [
        ({"last_ok": NOW, "published": "2019-10-29", "first_seen": NOW}, "20261106212000"),
        ({"published": "2019-10-29T10:00:00Z", "first_seen": NOW}, "20191029"),
        ({"published": "2019-10"}, "201910"),
        ({"published": "2019"}, "2019"),
        ({"published": "--01-13", "first_seen": NOW}, "20261106"),
        ({"published": "1950-01-01", "first_seen": NOW}, "20261106"),
        ({}, "2"),
    ],
)
def test_the_date_of_a_copy(known: dict[str, object], stamp: str) -> None:
    assert dated(PAGE, **known) == f"https://web.archive.org/web/{stamp}/{PAGE}"  # type: ignore[arg-type]


def test_a_copy_of_a_copy_is_a_copy() -> None:
    kept = f"https://web.archive.org/web/2015/{PAGE}"
    assert dated(kept, last_ok=NOW) == f"https://web.archive.org/web/20261106212000/{PAGE}"
