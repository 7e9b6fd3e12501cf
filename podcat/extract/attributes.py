"""Empties tags that a parser would choke on: its time grows with the square of the attributes.

A tag of 40,000 attributes costs it seconds; no page has one of three hundred.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

MOST: Final = 256
"""Attributes that a tag may have."""

_STEP = 512  # fewer characters than MOST attributes need
_END = re.compile(r"[^<>]*>?")
_QUOTED = re.compile(r"=\s*+(?:\"[^\"]*\"|'[^']*')")


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each stretch that begins with `<` and holds no bracket for long."""
    reached = 0
    for start in range(0, len(text) - _STEP, _STEP):
        piece = text[start : start + _STEP]
        if start < reached or "<" in piece or ">" in piece:
            continue
        end = _END.match(text, start)
        assert end is not None
        opened, reached = text.rfind("<", max(0, reached), start), end.end()
        if opened >= 0 and ">" not in text[opened:start]:
            yield opened, reached


def _is_swollen(tag: str) -> bool:
    """Whether a tag, or the rest of one behind a bracket in quotes, has too many attributes."""
    begins = tag[1:2]
    return (begins.isalpha() or begins in "\"'") and len(_QUOTED.sub("= ", tag).split()) > MOST


def without_swollen_tags(text: str) -> tuple[str, bool]:
    """The text with no attribute in tags of more than MOST, and whether there were any."""
    spans = [(start, end) for start, end in _runs(text) if _is_swollen(text[start:end])]
    kept, position = [], 0
    for start, end in spans:
        kept += [text[position:start], text[start:end].split(maxsplit=1)[0], ">"]
        position = end
    return "".join([*kept, text[position:]]), bool(spans)
