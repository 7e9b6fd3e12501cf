"""What kind of document: HTML, or a plain-text extract that no HTML parser may see.

An extract holds bare `<iframe …>` lines that are never closed: a parser would swallow the rest.
"""

from __future__ import annotations

import re

_HEAD = 4096
_OPENS = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->)\s*+)*+"
    r"<(?:!doctype html|(?!iframe|embed|object)[a-z][a-z0-9-]*[\s/>])",
    re.I | re.S,
)
_STRUCTURE = re.compile(r"<(?:!doctype html|html|head|body)\b", re.I)
_CLOSED = re.compile(
    r"</(?:p|div|span|a|li|ul|td|tr|h[1-6]|article|section|script|blockquote)\s*>", re.I
)
_PLAYER_TAG = re.compile(r"\s*<(iframe|embed|object)\b", re.I)
_FRAME = re.compile(r"<iframe\b", re.I)
_BULLET = re.compile(r"(?:^|\n)\s*[•*]\s+\Z")
_INDENT = 200
_ENOUGH = 3


def is_list(content_type: str | None) -> bool:
    """Whether a document is stated to be a list of addresses (RFC 2483)."""
    return _stated(content_type) == "text/uri-list"


def _stated(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def is_html(text: str, content_type: str | None = None) -> bool:
    """Whether a text is HTML: as the server states it, else by its structure."""
    stated = _stated(content_type)
    if stated in ("text/html", "application/xhtml+xml"):
        return True
    if stated == "text/plain":
        return False
    if _OPENS.match(text[:_HEAD]) or _STRUCTURE.search(text[:_HEAD]):
        return True
    player = _PLAYER_TAG.match(text)
    if player and re.search(f"</{player[1]}", text, re.I):
        return True
    if "<" not in text:
        return False
    closed = zip(_CLOSED.finditer(text), range(_ENOUGH), strict=False)
    return sum(1 for _ in closed) == _ENOUGH and not _is_list(text)


def _is_list(text: str) -> bool:
    """Whether an iframe's tag stands at a bullet, as extracts show the lists of NPR."""
    for frame in _FRAME.finditer(text):
        before = text[max(0, frame.start() - _INDENT) : frame.start()]
        if before[-1:].isspace() and _BULLET.search(before):
            return True
    return False
