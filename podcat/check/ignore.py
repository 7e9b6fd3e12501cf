"""`podcat-ignore`, written beside an address: it is not looked at.

In HTML it stands in a comment, `<!-- podcat-ignore: the archive is fetched by hand -->`, in a text
anywhere in a line; it counts for its own line and for the one after it. Pure.
"""

from __future__ import annotations

import re
from typing import Final

from podcat.extract.decode import decode
from podcat.model import Document

REASON: Final = "ignored: podcat-ignore stands beside it"
_WORD: Final = "podcat-ignore"
_TRACES: Final = tuple(_WORD.encode(code) for code in ("ascii", "utf-16-le", "utf-32-le"))
_MARK = re.compile(rf"(?<![\w-]){_WORD}(?![\w-])")
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.S)


def lines(document: Document, form: str) -> frozenset[int]:
    """The lines of a document (`form` is html or text) whose addresses are ignored, from 1."""
    if not any(trace in document.data for trace in _TRACES):
        return frozenset()
    text = decode(document).text
    found: set[int] = set()
    for start, end in _marks(text, form):
        first, last = (text.count("\n", 0, place) + 1 for place in (start, end))
        found.update(range(first, last + 2))
    return frozenset(found)


def _marks(text: str, form: str) -> list[tuple[int, int]]:
    """From each mark to where what it stands in ends."""
    if form != "html":
        return [found.span() for found in _MARK.finditer(text)]
    return [
        (comment.start(1) + mark.start(), comment.end())
        for comment in _COMMENT.finditer(text)
        if (mark := _MARK.search(comment[1]))
    ]
