"""A catalogue goes out, comes in again, and is the same; copies; what the doctor finds."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from catalogue_samples import NOW, PAGE, all_of, embed, put

from podcat.catalogue import Attempt, Catalogue, open_catalogue
from podcat.errors import DatabaseError, SourceError
from podcat.model import Person, Place, Refusal

AUDIO = "https://cdn.example/a.mp3"


def fill(catalogue: Catalogue) -> Catalogue:
    """Of everything something: joined, split, edited, tagged, hidden, corrected, refused."""
    ana = Person("Ana Ruiz", "host", "a diver")
    put(catalogue, embed(id="1", title="Ice", duration=60, people=(ana,), tags=("Ice", "Sea")),
        embed(title="T", duration=60), embed(title="T", duration=90), data="a", url=PAGE,
        tags=("Told",), refused=(Refusal("https://www.npr.org/x", "npr", "no id", Place(3)),))  # fmt: skip
    put(catalogue, embed("voa", id="9", title="Nine", audio_url=AUDIO), data="b",
        url="https://b.example/", now=NOW + 1)  # fmt: skip
    put(catalogue, embed(id="1", audio_url=AUDIO, people=(Person("ANA RUIZ", "guest"),)), data="c",
        url=PAGE, form="html", title="Heading ж", now=NOW + 2)  # fmt: skip
    put(catalogue, embed("audio-file", audio_url=AUDIO + "2"), data="d", name="d.html", now=NOW + 3)
    put(catalogue, embed("x-spaces", status="unresolved"), data="e", name="e.html", now=NOW + 4)
    put(catalogue, data="f", url="https://c.example/", now=NOW + 5)
    first, *_, last = sorted(e.id for e in all_of(catalogue))
    catalogue.edit(first, {"title": "Mine", "description": None}, NOW + 6)
    catalogue.tag(first, ["By hand"], NOW + 7)
    catalogue.tag(first, ["Sea"], NOW + 7, wanted=False)
    catalogue.hide(last, NOW + 8)
    put(catalogue, embed(id="5", audio_url=AUDIO + "5"), data="g", url="https://d.example/1")
    put(catalogue, embed(id="5"), data="h", url="https://d.example/2", now=NOW + 9)
    five = catalogue.find(str(max(e.id for e in all_of(catalogue))))
    catalogue.split(five, ["https://d.example/2"], NOW + 10)
    catalogue.feed_guid("ice", "https://podcat.example/feeds/ice.rss")
    catalogue.new_token("ice", "Ana", NOW)
    catalogue.new_token("ice", "Bo", NOW + 1)
    catalogue.revoke_token(1, NOW + 2)
    catalogue.new_add_token("Cy", NOW + 3)
    catalogue.watch("https://d.example/feed", ("Ice",), NOW, 900)
    catalogue.learn([], {five: Attempt(NOW, 2, "its player answers 500", NOW + 900)}, NOW)
    return catalogue


@pytest.fixture
def full(catalogue: Catalogue) -> Catalogue:
    return fill(catalogue)


@pytest.fixture
def filled_file(in_file: Catalogue) -> Catalogue:
    return fill(in_file)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Catalogue]:
    with open_catalogue(f"sqlite:///{tmp_path}/other.db") as opened:
        yield opened


def lines(catalogue: Catalogue) -> list[str]:
    return list(catalogue.export())


def test_export_into_an_empty_catalogue_gives_the_same_export(
    full: Catalogue, other: Catalogue
) -> None:
    exported = lines(full)
    loaded = other.load(exported, "x.jsonl")
    assert (loaded.documents, loaded.known) == (8, 0)
    assert lines(other) == exported
    assert all_of(other) == all_of(full)
    assert other.pages() == full.pages()
    assert list(other.links()) == list(full.links())
    assert list(other.refusals()) == list(full.refusals())
    for episode in all_of(full):
        assert other.detail(episode.id) == full.detail(episode.id)
        assert other.attempt(episode.id) == full.attempt(episode.id)
    assert other.reasons() == full.reasons()
    assert any(full.attempt(episode.id) for episode in all_of(full))
    assert all_of(other, q="ice") == all_of(full, q="ice") != ()
    assert list(other.findings()) == []


def test_a_number_that_leaves_no_room_for_others_is_not_taken_over(
    full: Catalogue, other: Catalogue
) -> None:
    moving = next(e for e in all_of(full) if not full.detail(e.id).aliases)
    for number in (10**15, 2**28, -1, 0):
        moved = [json.loads(line) for line in lines(full)]
        for line in moved:
            if line["kind"] == "episode" and line["id"] == moving.id:
                line["id"] = number
            for seen in line.get("appearances", ()):
                seen["episode"] = number if seen["episode"] == moving.id else seen["episode"]
        other.load(map(json.dumps, moved), "x.jsonl")
        assert 0 < next(e.id for e in all_of(other) if e.guid == moving.guid) < 2**28
    assert {e.guid for e in all_of(other, q="ice")} == {e.guid for e in all_of(full, q="ice")}


def test_export_says_what_there_is(full: Catalogue) -> None:
    found = [json.loads(line) for line in lines(full)]
    kinds = list(dict.fromkeys(line["kind"] for line in found))
    assert kinds == [
        "catalogue",
        "person",
        "tag",
        "page",
        "episode",
        "document",
        "split",
        "feed",
        "token",
        "source",
    ]
    episode = next(line for line in found if line["kind"] == "episode")
    assert (episode["shown"]["title"], len(episode["aliases"])) == ("Mine", 1)
    assert [edit["field"] for edit in episode["edits"]] == ["description", "title"]
    document = next(line for line in found if line["kind"] == "document")
    first = document["appearances"][0]
    assert "id:npr:1" in first["keys"]
    assert ["title", "Ice", "text/line", 1] in first["values"]
    assert {m["name"] for m in first["mentions"]} == {"Ana Ruiz", "Ice", "Sea", "Told"}


def test_a_token_of_before_there_were_scopes_opens_its_feed(
    full: Catalogue, other: Catalogue
) -> None:
    token = full.new_token("ice")
    found = [json.loads(line) for line in lines(full)]
    old = [{k: v for k, v in line.items() if k != "scope"} for line in found]
    other.load(map(json.dumps, old), "x.jsonl")
    assert other.opens(token, "ice")
    assert not other.adding()


def test_an_export_of_before_attempts_were_kept_is_read(full: Catalogue, other: Catalogue) -> None:
    found = [json.loads(line) for line in lines(full)]
    old = [{k: v for k, v in line.items() if k != "attempt"} for line in found]
    assert other.load(map(json.dumps, old), "x.jsonl").documents == 8
    other.load(lines(full), "x.jsonl")  # what is known here is not told what was tried elsewhere
    assert other.reasons() == ()


def test_importing_again_changes_nothing(full: Catalogue, other: Catalogue) -> None:
    exported = lines(full)
    for catalogue in (other, full):
        catalogue.load(exported, "x.jsonl")
        revision = catalogue.revision()
        again = catalogue.load(exported, "x.jsonl")
        assert (again.episodes, again.documents, again.known) == (0, 0, 8)
        assert catalogue.revision() == revision
        assert lines(catalogue) == exported


def test_two_catalogues_become_one(full: Catalogue, other: Catalogue) -> None:
    put(other, embed("voa", id="77", title="Only here"), data="z", url="https://z.example/")
    put(other, embed(id="1", title="Ice", programme="Later show"), data="y", url="https://y.example/",
        now=NOW + 50)  # fmt: skip
    before = {e.guid for e in all_of(other)}
    other.load(lines(full), "x.jsonl", NOW + 99)
    assert before <= {e.guid for e in all_of(other)}
    assert other.count() == full.count() + 1
    (ice,) = all_of(other, q="programme:later-show")
    assert (ice.title, ice.duration) == ("Mine", 60)
    assert len(other.appearances(ice.id)) == 4
    assert list(other.findings()) == []
    exported = lines(other)
    other.load(lines(full), "x.jsonl")
    assert lines(other) == exported


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (["x"], 1),
        (["{}"], 1),
        (['{"kind":"catalogue","version":99}'], 1),
        (['{"kind":"page","id":1,"key":"k"}'], 1),
        (['{"kind":"catalogue","version":1}', '{"kind":"mystery"}'], 2),
        (['{"kind":"catalogue","version":1}', '{"kind":"page","id":"x","key":"k"}'], 2),
        (['{"kind":"catalogue","version":1}', "[" * 100_000], 2),
        (['{"kind":"catalogue","version":1}', '{"kind":"document","sha256":"a","page":1}'], 2),
        (["[]"], 1),
        (["null"], 1),
    ],
)
def test_what_is_no_export_is_refused_whole(full: Catalogue, text: list[str], line: int) -> None:
    before = lines(full)
    with pytest.raises(SourceError, match=f"x: line {line} is not of an export"):
        full.load([*text], "x")
    assert lines(full) == before


# ---------------------------------------------------------------- backup


def test_a_backup_of_a_catalogue_in_use_opens(filled_file: Catalogue, tmp_path: Path) -> None:
    target = tmp_path / "copies" / "podcat.db"
    target.parent.mkdir()
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            put(filled_file, embed(id=f"w{(number := number + 1)}"), data=f"w{number}")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            assert filled_file.backup(target) == target.stat().st_size
            with open_catalogue(f"sqlite:///{target}", create=False) as copy:
                assert copy.count() >= 5
                assert list(copy.findings()) == []
            for beside in ("-wal", "-shm"):
                Path(f"{target}{beside}").unlink(missing_ok=True)
    finally:
        stop.set()
        writer.join()
    assert [p.name for p in target.parent.iterdir()] == ["podcat.db"]


def test_a_backup_that_fails_leaves_what_was_there(
    filled_file: Catalogue, tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from podcat.catalogue import care

    target = tmp_path / "copy.db"
    target.write_bytes(b"before")

    def fail(source: Path, made: Path, wait: float) -> None:
        made.write_bytes(b"half")
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(care, "_copy", fail)
    with pytest.raises(DatabaseError, match="disk full"):
        filled_file.backup(target)
    assert target.read_bytes() == b"before"
    assert not list(tmp_path.glob(".podcat-*"))
    for wrong in (path, tmp_path, tmp_path / "nowhere" / "x.db"):
        with pytest.raises(DatabaseError):
            filled_file.backup(wrong)


# ---------------------------------------------------------------- doctor


def test_a_good_catalogue_is_well(full: Catalogue, catalogue: Catalogue) -> None:
    assert list(full.findings()) == []


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (
            "DELETE FROM search WHERE rowid & 536870911 = 1",
            "the search index is wrong for 1 episodes",
        ),
        (
            "UPDATE search SET title = 'other' WHERE rowid & 536870911 = 1",
            "the search index is wrong for 1",
        ),
        (
            "UPDATE search SET rowid = rowid + 536870912 WHERE rowid & 536870911 = 1",
            "the search index is wrong for 1",
        ),
        (
            "INSERT INTO search (rowid, title) VALUES (536870913, 'x')",
            "the search index is wrong for 1",
        ),
        ("INSERT INTO search (rowid, title) VALUES (999, 'x')", "the search index is wrong for 1"),
    ],
)
def test_the_index_is_mended(filled_file: Catalogue, path: Path, damage: str, said: str) -> None:
    exported = lines(filled_file)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(damage)
    (finding,) = filled_file.findings()
    assert finding.fixable
    assert finding.what.startswith(said)
    filled_file.rebuild_index()
    assert list(filled_file.findings()) == []
    assert lines(filled_file) == exported
    assert [e.id for e in all_of(filled_file, q="mine")] == [1]


def test_a_damaged_index_is_mended(filled_file: Catalogue, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE search_data SET block = zeroblob(9) WHERE id > 10")
    found = list(filled_file.findings())
    assert "the search index is damaged" in [f.what for f in found]
    filled_file.rebuild_index()
    assert list(filled_file.findings()) == []
    assert [e.id for e in all_of(filled_file, q="mine")] == [1]


def test_orphans_are_named(filled_file: Catalogue, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM appearances WHERE episode_id = 1")
    said = [f.what for f in filled_file.findings()]
    assert "1 episodes are on no page" in said
    assert any("rows lead nowhere" in line for line in said)
