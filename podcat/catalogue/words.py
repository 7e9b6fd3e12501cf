"""The words of episodes in the index, as far as they are not there yet."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from html import unescape
from operator import itemgetter
from typing import Any

from podcat.catalogue import merge, search
from podcat.catalogue.database import Database, Row, Value, among
from podcat.catalogue.search import COLUMNS
from podcat.model import Episode

_SHOWN = {
    "title": "title", "programme": "programme", "description": "description",
    "provider": "provider", "caption": "image_caption",
}  # fmt: skip
# Texts of other tables by episode; in the order in which their words follow each other.
_NAMED = {
    "people": """SELECT DISTINCT c.episode_id, p.name FROM credits c
        JOIN people p ON p.id = c.person_id WHERE {} ORDER BY c.episode_id, p.name""",
    "tags": """SELECT c.episode_id, t.name FROM episode_tags c
        JOIN tags t ON t.id = c.tag_id WHERE {} ORDER BY c.episode_id, t.name""",
    "pages": """SELECT DISTINCT c.episode_id, p.title AS name FROM appearances c
        JOIN pages p ON p.id = c.page_id WHERE {} AND p.title IS NOT NULL
        ORDER BY c.episode_id, p.title""",
}
_TRANSCRIPTS = """SELECT c.episode_id, p.field, p.value, p.rule, p.document_id, d.page_id, p.picked,
        d.added_at
    FROM appearances c JOIN provenance p
    ON p.document_id = c.document_id AND p.position = c.position AND p.field = 'transcript'
    JOIN documents d ON d.id = c.document_id WHERE {}"""
_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMING = re.compile(
    rf"(?<!\S)(?:\d{{1,6}}\s+)?{_CLOCK}\s*-->\s*{_CLOCK}"
    r"(?: (?:align|line|position|region|size|vertical):\S{1,40}){0,6}"
)
_MARK = re.compile(r"</?(?:v(?:\.[^\s<>]{0,60})?\s+([^<>]{1,100})|[a-z][^<>]{0,60}|[\d:.]{4,20})>")
_LISTED = ", ".join(COLUMNS)
_INSERT = f"""INSERT INTO search (rowid, {_LISTED})
    VALUES (:rowid, {", ".join(f":{name}" for name in COLUMNS)})"""
_DELETE = "DELETE FROM search WHERE rowid = :rowid"

Words = dict[str, Value]


def index(db: Database, before: Sequence[Row], shown: Mapping[int, Mapping[str, Value]]) -> None:
    """Bring the index in line with what is shown of episodes.

    `before` has their rows as they were until now: they tell at which place their words stand.
    """
    own = of(db, shown)
    held = _held(db, [_place(row) for row in before])
    gone, new = [], []
    for row in before:
        number, old = row["id"], _place(row)
        wanted = {"rowid": _place({**shown[number], "id": number}), **own[number]}
        if held.get(old) != wanted:
            gone += [{"rowid": old}] if old in held else []
            new.append(wanted)
    # In order: FTS5 writes what it has gathered where a row comes before the last one.
    db.run_many(_DELETE, sorted(gone, key=itemgetter("rowid")))
    db.run_many(_INSERT, sorted(new, key=itemgetter("rowid")))


def forget(db: Database, rows: Iterable[Row]) -> None:
    """Take episodes out of the index; their rows tell where they stand in it."""
    db.run_many(_DELETE, [{"rowid": _place(row)} for row in rows])


def stale(db: Database, rows: Sequence[Row]) -> list[int]:
    """Those episodes of which the index holds other words than those shown."""
    own = of(db, {row["id"]: row for row in rows})
    held = _held(db, [_place(row) for row in rows])
    return [
        row["id"]
        for row in rows
        if held.get(_place(row)) != {"rowid": _place(row), **own[row["id"]]}
    ]


def of(db: Database, shown: Mapping[int, Mapping[str, Value]]) -> dict[int, Words]:
    """The words of each column of the index, by episode; `shown` has their own texts."""
    found: dict[int, Words] = {
        number: {name: search.folded(str(own[text] or "")) for name, text in _SHOWN.items()}
        for number, own in shown.items()
    }
    for column, ask in _NAMED.items():
        named: dict[int, list[str]] = defaultdict(list)
        for row in db.all(ask.format(among("c.episode_id", found))):
            named[row["episode_id"]].append(row["name"])
        for number, words in found.items():
            words[column] = search.folded(*named[number])
    spoken = transcripts(db, found)
    for number, words in found.items():
        words["transcript"] = search.folded(_heard(spoken.get(number)))
    return found


def _heard(transcript: str | None) -> str | None:
    """What is said in a transcript: subtitles without their times and marks."""
    if transcript is None or "-->" not in transcript:
        return transcript
    plain = _MARK.sub(r" \1 ", _TIMING.sub(" ", transcript.removeprefix("WEBVTT")))
    return unescape(plain)


def transcripts(db: Database, episodes: Iterable[int]) -> dict[int, str]:
    """What is spoken in those episodes of which a document says it, as the best rule has it."""
    claims: dict[int, list[merge.Claim]] = defaultdict(list)
    for row in db.all(_TRANSCRIPTS.format(among("c.episode_id", episodes))):
        claims[row["episode_id"]].append(merge.claim(row))
    return {number: merge.choose(own)["transcript"][0] for number, own in claims.items()}


def indexed(db: Database, episodes: Iterable[Episode]) -> dict[int, frozenset[str]]:
    """The words by which each of these episodes is found, as the index has them."""
    places = {search.place(one.sort_at, one.id): one.id for one in episodes}
    return {
        places[place]: frozenset(" ".join(str(words[name]) for name in COLUMNS).split())
        for place, words in _held(db, list(places)).items()
    }


def _held(db: Database, places: Sequence[int]) -> dict[int, Words]:
    rows = db.all(f"SELECT rowid, {_LISTED} FROM search WHERE {among('rowid', places)}")
    return {row["rowid"]: dict(row) for row in rows}


def _place(row: Mapping[str, Any]) -> int:
    return search.place(row["sort_at"], row["id"])
