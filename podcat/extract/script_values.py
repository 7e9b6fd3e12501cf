"""An object in a script, in the forms in which pages write one.

JSON; JSON in a text, perhaps in base64 or escaped for HTML; or an object as scripts write it, with
bare names, single quotes and a comma too many, of which flat names and plain values are read.
"""

from __future__ import annotations

import base64
import binascii
import re
from html import unescape
from typing import Any, Final

from podcat.extract.tree import json_at

_LONGEST: Final = 200_000
_MOST: Final = 400  # values
_CALLED = re.compile(r"[\s\w.(]{0,40}(?=[\"'])")
_TEXT = re.compile(r"\"((?:[^\"\\\n]|\\.)*+)\"|'((?:[^'\\\n]|\\.)*+)'")
_PAIR = re.compile(
    r"[{,]\s*+([\"']?)([A-Za-z_$][\w$]{0,60})\1\s*+:\s*+"
    r"(?:\"((?:[^\"\\\n]|\\.)*+)\"|'((?:[^'\\\n]|\\.)*+)'|(-?\d{1,15}(?:\.\d{1,9})?)\b)"
)
# A text that nothing closes ends with its line: to try again within it would take for ever.
_BRACE = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?|[{}]")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))", re.S)
_PLAIN: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "v": "", "\n": ""}
_FOR_ADDRESSES = str.maketrans("-_", "+/")


def unpacked(text: str) -> str | None:
    """What a text says in base64, also in that of addresses; None when it is no such text."""
    same = text.strip().rstrip("=").translate(_FOR_ADDRESSES)
    try:
        plain = base64.b64decode(same + "=" * (-len(same) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return plain if plain.isprintable() or "\n" in plain else None


def object_at(text: str) -> dict[str, Any] | None:
    """The object that a text begins with; None when it is none."""
    text = text[:_LONGEST].lstrip()
    if text.startswith("{"):
        if "&quot;" in text[:200]:
            text = unescape(text)
        found = json_at(text)
        return found if isinstance(found, dict) else _written(text)
    start = _CALLED.match(text)
    said = _TEXT.match(text, start.end()) if start else None
    return _in_text(said[1] or said[2] or "") if said else None


def _in_text(said: str) -> dict[str, Any] | None:
    """The object that a script's text holds, to be parsed or unpacked by it."""
    for plain in (_unescaped(said), said):
        found = json_at(unpacked(plain) or plain)
        if isinstance(found, dict):
            return found
    return None


def _written(text: str) -> dict[str, Any] | None:
    """An object as scripts write it; of those inside it, what it does not say itself."""
    found: dict[str, Any] = {}
    inside = _object(text)
    for number, pair in enumerate(_PAIR.finditer(inside)):
        if number >= _MOST:
            break
        value = pair[5] if pair[5] is not None else _unescaped(pair[3] or pair[4] or "")
        found.setdefault(pair[2], float(value) if pair[5] is not None else value)
    return found or None


def _object(text: str) -> str:
    """Up to the brace that closes the first one; the objects inside it are left out."""
    kept, depth, start = [], 0, 0
    for place in _BRACE.finditer(text):
        if place[0] not in "{}":
            continue
        before, depth = depth, depth + (1 if place[0] == "{" else -1)
        if before == 1 and depth == 2:
            kept.append(text[start : place.start()])
        if before == 2 and depth == 1:
            start = place.end()
        if depth == 0:
            return "".join((*kept, text[start : place.end()]))
    return "".join((*kept, text[start:] if depth == 1 else ""))


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    # Of what is beyond the first 65 536 characters scripts write the two halves.
    halves = _ESCAPE.sub(_character, text).encode("utf-16-le", "surrogatepass")
    return halves.decode("utf-16-le", "replace")


def _character(seen: re.Match[str]) -> str:
    code = seen[1] or seen[2]
    if code:
        return chr(int(code, 16))
    return _PLAIN.get(seen[3], seen[3])
