"""Plain aligned tables for people, in any script."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from podcat.errors import shown

_MEASURED = 200  # rows that decide the widths; what comes later is printed as it comes
_GAP = "  "
_SMALLEST = 12


def width(text: str) -> int:
    """Columns that a text takes in a terminal."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def lines(
    headers: Sequence[str], rows: Iterable[Sequence[str | int | None]], room: int | None = None
) -> Iterator[str]:
    """The table line by line; nothing when there are no rows.

    Cells may come from anybody's page: what would steer the terminal does not reach it.
    With `room` columns, the last column and then the widest ones are cut to fit.
    """
    texts = (["" if cell is None else shown(str(cell)) for cell in row] for row in rows)
    first = list(islice(texts, _MEASURED))
    if not first:
        return
    widths = _fitted(
        [max(map(width, column)) for column in zip(headers, *first, strict=True)], room
    )
    for row in chain([list(headers)], first, texts):
        cells = (_padded(cell, wide, room) for cell, wide in zip(row, widths, strict=True))
        yield _GAP.join(cells).rstrip()


def room() -> int | None:
    """Columns of the terminal; None where stdout is no terminal and nothing is cut."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _fitted(widths: list[int], room: int | None) -> list[int]:
    while room and sum(widths) + len(_GAP) * (len(widths) - 1) > room:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= _SMALLEST:
            break
        widths[widest] -= 1
    return widths


def _padded(cell: str, wide: int, room: int | None) -> str:
    missing = wide - width(cell)
    if missing < 0 and room:
        return _cut(cell, wide - 1) + "…"
    return cell + " " * max(0, missing)


def _cut(text: str, wide: int) -> str:
    used = 0
    for index, character in enumerate(text):
        used += _columns(character)
        if used > wide:
            return text[:index]
    return text
