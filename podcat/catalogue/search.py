"""What people type into a search box, as words. No text is wrong; none reaches a database raw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from podcat import text

_PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<plain>[^\s"]+))')
_MOST_WORDS = 64
_LONGEST = 500
"""Characters of a word that tell; PostgreSQL takes 2046 bytes."""
_MOST_BYTES = 120_000
"""Bytes of the different words of one column; PostgreSQL takes 1 MB for all columns together."""

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """Folded words; a phrase is words that stand side by side."""

    wanted: tuple[Phrase, ...] = ()
    """All of these occur."""
    unwanted: tuple[Phrase, ...] = ()
    """None of these occurs."""

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)


def parse(typed: str | None) -> Query:
    """The query of a text: every word must occur, `"a phrase"` as it stands, `-word` must not.

    Without a single word the query is empty (false). Words beyond the 64th are left out.
    """
    wanted: dict[Phrase, None] = {}
    unwanted: dict[Phrase, None] = {}
    for part in _PART.finditer(typed or ""):
        found = _words(part["phrase"] or part["plain"] or "")[:_MOST_WORDS]
        if not found:
            continue
        if part["minus"]:
            unwanted[tuple(found)] = None
        elif part["phrase"]:
            wanted[tuple(found)] = None
        else:
            wanted |= {(word,): None for word in found}
    return Query(tuple(wanted)[:_MOST_WORDS], tuple(unwanted)[:_MOST_WORDS])


def folded(*texts: str | None) -> str:
    """Words of some texts as they are indexed: folded, separated by blanks.

    Where there are more different words than a column takes, the rest is left out.
    """
    words = [word for part in texts if part for word in _words(part)]
    joined = " ".join(words)
    return joined if len(joined) < _MOST_BYTES // 4 else " ".join(_within(words))


def _words(typed: str) -> list[str]:
    return [word[:_LONGEST] for word in text.words(typed)]


def _within(words: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    room = _MOST_BYTES
    for word in words:
        if word not in seen:
            seen.add(word)
            room -= len(word.encode())
        if room < 0:
            return
        yield word
