"""The search index of a site of files, read by `static-search.js`.

`index.json` says where each shard of words begins; a shard has words with the episodes they stand
in; `records/N.json` has what is shown of fifty episodes, and `times/N.json` the places in time of
ten thousand, so that the newest come first. Words are folded as everywhere (podcat.text), and a
shard ends at certain words wherever they stand: one more word changes one shard.
"""

from __future__ import annotations

import hashlib
import heapq
import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, Final
from zlib import crc32

from podcat.catalogue import Catalogue
from podcat.model import Episode

RECORDS: Final = 50
TIMES: Final = 10_000
_AT_ONCE: Final = 500  # episodes read at a time
_RUN: Final = 1_000_000  # pairs of a word and an episode that are held in memory
_LEAST, _MOST, _ONE_IN = 16_000, 128_000, 32
"""Bytes of a shard, and how many words end one between them."""

Write = Callable[[str, bytes], None]
Shown = Callable[[Episode], list[Any]]
_Line = tuple[bytes, str, list[int]]
"""A word as it is sorted and as it is, and the episodes it stands in."""


def write_index(catalogue: Catalogue, shown: Shown, drafts: Path, write: Write) -> None:
    """Writes all files of the index; `shown` is what a record says of an episode.

    `drafts` is a folder for what does not fit in memory.
    """
    runs, times = _Runs(drafts), _Times(write)
    for episodes in _blocks(catalogue):
        for number, own in groupby(episodes, lambda one: one.id // RECORDS):
            write(f"records/{number}.json", _json({str(one.id): shown(one) for one in own}))
        runs.add(catalogue.indexed(episodes))
        times.add(episodes)
    times.close()
    shards = list(_write_shards(runs.merged(), write))
    said = {"records": RECORDS, "times": TIMES, "shards": shards, "known": times.blocks}
    write("index.json", _json(said))


def _blocks(catalogue: Catalogue) -> Iterator[tuple[Episode, ...]]:
    """All episodes by their ids, so many at a time that no record is cut in two."""
    for start in range(0, catalogue.highest_id() + 1, _AT_ONCE):
        ids = [number for number, _, _ in catalogue.titles(start - 1, start + _AT_ONCE - 1)]
        if ids:
            yield catalogue.by_ids(ids)


class _Times:
    """The places in time of episodes, in blocks."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._block: dict[int, int] = {}
        self.blocks: list[int] = []

    def add(self, episodes: Iterable[Episode]) -> None:
        for one in episodes:
            if self._block and next(iter(self._block)) // TIMES != one.id // TIMES:
                self.close()
            self._block[one.id] = one.sort_at

    def close(self) -> None:
        """Writes what is there; a place is missing (0) where an id has no episode."""
        if not self._block:
            return
        number = next(iter(self._block)) // TIMES
        places = [self._block.get(number * TIMES + n, 0) for n in range(TIMES)]
        while not places[-1]:
            places.pop()
        self._write(f"times/{number}.json", _json(places))
        self.blocks.append(number)
        self._block.clear()


# ---------------------------------------------------------------- words


class _Runs:
    """Words with their episodes, sorted in files and merged from them: memory stays bounded."""

    def __init__(self, drafts: Path) -> None:
        self._drafts = drafts
        self._held: dict[str, array[int]] = {}
        self._pairs = 0
        self._files: list[Path] = []

    def add(self, words: Mapping[int, Iterable[str]]) -> None:
        """Episodes come in the order of their ids."""
        for number in sorted(words):
            for word in words[number]:
                self._held.setdefault(word, array("q")).append(number)
                self._pairs += 1
        if self._pairs > _RUN:
            self._put()

    def _put(self) -> None:
        path = self._drafts / f"words-{len(self._files)}"
        with path.open("w", encoding="utf-8") as file:
            for word in sorted(self._held, key=_order):
                file.write(f"{word} {' '.join(map(str, self._held[word]))}\n")
        self._files.append(path)
        self._held.clear()
        self._pairs = 0

    def merged(self) -> Iterator[tuple[str, list[int]]]:
        """All words in order, each with all its episodes."""
        self._put()
        with ExitStack() as opened:
            runs = [
                _lines(opened.enter_context(path.open(encoding="utf-8"))) for path in self._files
            ]
            for _, same in groupby(heapq.merge(*runs, key=itemgetter(0)), itemgetter(0)):
                lines = list(same)
                yield lines[0][1], [number for _, _, own in lines for number in own]
        for path in self._files:
            path.unlink()


def _lines(run: IO[str]) -> Iterator[_Line]:
    for line in run:
        word, *numbers = line.split()
        yield _order(word), word, list(map(int, numbers))


def _order(word: str) -> bytes:
    """What JavaScript compares."""
    return word.encode("utf-16-be", "surrogatepass")


def _write_shards(words: Iterable[tuple[str, list[int]]], write: Write) -> Iterator[list[str]]:
    """Writes the shards; the first word of each and its name."""
    entries: list[str] = []
    first, size = "", 0
    for word, numbers in words:
        first = first or word
        gaps = [b - a for a, b in pairwise([0, *numbers])]
        entries.append(
            f"{json.dumps(word, ensure_ascii=False)}:{json.dumps(gaps, separators=(',', ':'))}"
        )
        size += len(entries[-1])
        if size > _MOST or (size > _LEAST and crc32(word.encode()) % _ONE_IN == 0):
            yield _shard(first, entries, write)
            entries, first, size = [], "", 0
    if entries:
        yield _shard(first, entries, write)


def _shard(first: str, entries: list[str], write: Write) -> list[str]:
    name = hashlib.sha256(first.encode()).hexdigest()[:12]
    write(f"words/{name}.json", ("{" + ",\n".join(entries) + "}").encode())
    return [first, name]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
