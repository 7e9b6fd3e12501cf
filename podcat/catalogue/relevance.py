"""The newest hits of a search, ordered by how well they fit its words.

The score is computed here from the folded words, by neither database, so both give one order; and
of some thousand hits alone: to rank all hits of a common word takes a database half a second in a
million.
"""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from podcat.catalogue import walks
from podcat.catalogue.asked import Asked
from podcat.catalogue.database import Database, Row, batches
from podcat.catalogue.search import Phrase, place
from podcat.model import Cursor

RANKED: Final = 2_000
"""How many of the newest hits are ranked."""
# Not of what is spoken: to read it for thousands of hits would take seconds.
_WEIGHTS: Final = {
    "title": 8.0, "people": 4.0, "tags": 4.0, "programme": 3.0, "description": 2.0,
    "caption": 1.0, "pages": 1.0, "provider": 1.0,
}  # fmt: skip
_SATURATION: Final = 1.2
"""BM25's k1: a word that occurs twice counts more than once, but not twice as much."""


def ranked(db: Database, asked: Asked) -> tuple[list[Cursor], Cursor | None]:
    """The newest hits, best first, newest first where they are equal; and the oldest of them.

    The latter is None where these are all hits.
    """
    newest = _newest(db, asked)
    scores = _scores(db, newest, asked.words.wanted)
    best = sorted(newest, key=lambda one: (-scores.get(one.id, 0.0), -one.sort_at, -one.id))
    return best, newest[-1] if len(newest) == RANKED else None


def _newest(db: Database, asked: Asked) -> list[Cursor]:
    way = walks.way(db, asked, many=RANKED)
    if way is None:
        return []
    sql, values = way.statement("e.sort_at, e.id")
    rows = db.all(f"{sql} LIMIT {RANKED}", **values)
    return [Cursor(row["sort_at"], row["id"]) for row in rows]


def _scores(db: Database, hits: Sequence[Cursor], phrases: Sequence[Phrase]) -> dict[int, float]:
    scores: dict[int, float] = {}
    for batch in batches(hits):
        ids = {place(one.sort_at, one.id): one.id for one in batch}
        listed = ",".join(map(str, ids))
        sql = f"SELECT rowid, {', '.join(_WEIGHTS)} FROM search WHERE rowid IN ({listed})"
        for row in db.all(sql):
            scores[ids[row["rowid"]]] = score(row, phrases)
    return scores


def score(row: Row, phrases: Sequence[Phrase]) -> float:
    """How well the words of an episode fit: more in its title and names than in its text."""
    return sum(
        weight * times / (times + _SATURATION)
        for column, weight in _WEIGHTS.items()
        for phrase in phrases
        if (times := _times(row[column], phrase))
    )


def _times(words: str, phrase: Phrase) -> int:
    if phrase.words[0] not in words:  # most are not, and this is quickly said
        return 0
    # Blanks are doubled so that each word has its own on both sides.
    after = "" if phrase.begins else " "
    return f" {words.replace(' ', '  ')} ".count(f" {'  '.join(phrase.words)}{after}")
