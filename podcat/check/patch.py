"""Changes in the bytes of a document: nothing else changes, whatever its encoding. Pure."""

from __future__ import annotations

import re
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from podcat.extract.decode import decode
from podcat.model import Document

_UNITS: Final = {"utf-16": "H", "utf-32": "I"}
# Here a byte of an ASCII letter can be half of another letter, or letters of a switched alphabet.
_SHARED: Final = frozenset({
    "cp932", "cp949", "gb18030", "big5hkscs", "johab", "iso2022_jp", "hz", "shift_jis",
})  # fmt: skip
_CONTEXT: Final = 3
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: what stands between two units of a view gives way to another text."""

    start: int
    end: int
    text: str
    """As it is to stand there, in ASCII."""
    old: str
    new: str
    """The addresses, without the escapes of the place."""
    why: str


class View:
    """The bytes of a document as text, one character for each unit of its encoding.

    ASCII is ASCII in it, all else is as it comes: it is looked at, and written back as it was.
    """

    def __init__(self, document: Document) -> None:
        self.encoding = decode(document).encoding
        self.data = document.data
        self._kind = _UNITS.get(self.encoding[:6], "")
        self.text = self._opened()
        self._starts: list[int] | None = None

    @property
    def is_shared(self) -> bool:
        """Whether what looks like ASCII may be part of something else."""
        return self.encoding in _SHARED

    def line(self, place: int) -> int:
        """The line of a place, from 1."""
        if self._starts is None:
            self._starts = [0, *(found.end() for found in _BREAK.finditer(self.text))]
        return bisect_right(self._starts, place)

    def shown(self, text: str) -> str:
        """A part of the view as people read it."""
        return self._bytes(text).decode(self.encoding, "replace")

    def patched(self, edits: Sequence[Edit]) -> bytes:
        """The bytes with these changes."""
        kept = len(self._bytes(self.text))
        return self._bytes(changed(self.text, edits)) + self.data[kept:]

    def _opened(self) -> str:
        if not self._kind:
            return self.data.decode("latin-1")
        units = array(self._kind)
        units.frombytes(self.data[: len(self.data) // units.itemsize * units.itemsize])
        self._order(units)
        if self._kind == "I" and any(unit > sys.maxunicode for unit in units):
            return ""
        return "".join(map(chr, units))

    def _bytes(self, text: str) -> bytes:
        if not self._kind:
            return text.encode("latin-1")
        units = array(self._kind, map(ord, text))
        self._order(units)
        return units.tobytes()

    def _order(self, units: array[int]) -> None:
        if self.encoding.endswith("be") == (sys.byteorder == "little"):
            units.byteswap()


def changed(text: str, edits: Sequence[Edit], start: int = 0, end: int | None = None) -> str:
    """A text, or the part of it between two places, with the edits that are in it."""
    parts, place = [], start
    for edit in edits:
        parts += [text[place : edit.start], edit.text]
        place = edit.end
    return "".join([*parts, text[place:end]])


# ---------------------------------------------------------------- as a unified diff


@dataclass(frozen=True, slots=True)
class _Block:
    """Whole lines, from `first` to before `last`, and the edits in them."""

    first: int
    last: int
    edits: tuple[Edit, ...]


def unified(name: str, view: View, edits: Sequence[Edit]) -> Iterator[str]:
    """The changes as lines of a unified diff, without their ends."""
    lines = _split(view.text)
    starts = _starts(lines)
    if edits:
        yield f"--- {name}"
        yield f"+++ {name}"
    moved = 0
    for hunk in _hunks(_blocks(starts, edits)):
        shown = list(_hunk(view, lines, starts, hunk))
        old = sum(line[0] in " -" for line in shown)
        new = sum(line[0] in " +" for line in shown)
        first = max(0, hunk[0].first - _CONTEXT) + 1
        yield f"@@ -{first},{old} +{first + moved},{new} @@"
        for line in shown:
            yield from _printed(line)
        moved += new - old


def _split(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _starts(lines: Sequence[str]) -> list[int]:
    starts, place = [], 0
    for line in lines:
        starts.append(place)
        place += len(line)
    return [*starts, place]


def _blocks(starts: Sequence[int], edits: Sequence[Edit]) -> list[_Block]:
    blocks: list[_Block] = []
    for edit in edits:
        first = bisect_right(starts, edit.start) - 1
        last = bisect_right(starts, edit.end - 1)
        if blocks and first < blocks[-1].last:
            before = blocks.pop()
            first, together = before.first, (*before.edits, edit)
            last = max(last, before.last)
        else:
            together = (edit,)
        blocks.append(_Block(first, last, together))
    return blocks


def _hunks(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    together: list[_Block] = []
    for block in blocks:
        if together and block.first - together[-1].last > 2 * _CONTEXT:
            yield together
            together = []
        together.append(block)
    if together:
        yield together


def _hunk(
    view: View, lines: Sequence[str], starts: Sequence[int], blocks: Sequence[_Block]
) -> Iterator[str]:
    place = max(0, blocks[0].first - _CONTEXT)
    for block in blocks:
        yield from (f" {view.shown(line)}" for line in lines[place : block.first])
        yield from (f"-{view.shown(line)}" for line in lines[block.first : block.last])
        new = changed(view.text, block.edits, starts[block.first], starts[block.last])
        yield from (f"+{view.shown(line)}" for line in _split(new))
        place = block.last
    yield from (f" {view.shown(line)}" for line in lines[place : place + _CONTEXT])


def _printed(line: str) -> Iterator[str]:
    yield line.removesuffix("\n")
    if not line.endswith("\n"):
        yield "\\ No newline at end of file"
