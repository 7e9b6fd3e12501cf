"""Reads a page's JSON-LD as people write it: in several blocks, with slips, with references."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

from podcat.extract.linked import Node, each
from podcat.extract.tree import Element

_TYPE = "application/ld+json"
_LONGEST = 1_000_000
_MOST_VALUES = 20_000
_DEEPEST = 4
# What wraps the JSON for the sake of old browsers and XHTML.
_BEFORE = re.compile(r"(?:\ufeff|\s|<!--|//|/\*|\*/|<!\[CDATA\[)+")
# Every string and comment is taken whole, an unclosed one to the end, so time stays linear.
_PART = re.compile(
    r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)|<!--|-->', re.S
)
_COMMA = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|,(?=\s*+[}\]])', re.S)


def _strings(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith('"') else ""


def _mended(text: str) -> str:
    """JSON without comments and without commas before a closing bracket."""
    return _COMMA.sub(_strings, _PART.sub(_strings, text))


def _decoded(text: str) -> Iterator[Any]:
    """The JSON values that stand one after another; what follows a slip is lost."""
    decoder, at = json.JSONDecoder(strict=False), 0
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        yield value
        while at < len(text) and text[at] not in "{[":
            at += 1


def _values(text: str) -> list[Any]:
    begun = _BEFORE.match(text)
    text = text[begun.end() :] if begun else text
    if re.match(r"[\[{\s]*&(?:quot|#34);", text):
        text = unescape(text)
    for attempt in (str, _mended):
        found: list[Any] = []
        try:
            for value in _decoded(attempt(text)):
                found.append(value)  # noqa: PERF402  (what stands before a slip is kept)
        except (ValueError, RecursionError):
            if attempt is str:
                continue
        return found
    return []


def _top(value: Any, depth: int = 0) -> Iterator[Node]:
    """The nodes of a block: itself, the items of its lists and of its graphs."""
    for one in each(value) if depth <= _DEEPEST else ():
        if isinstance(one, list):
            yield from _top(one, depth + 1)
        elif isinstance(one, dict):
            yield one
            yield from _top(one.get("@graph"), depth + 1)


def _inner(values: list[Any]) -> Iterator[Node]:
    """All nodes at any depth."""
    waiting, count = list(values), 0
    while waiting and count < _MOST_VALUES:
        value = waiting.pop()
        count += 1
        if isinstance(value, dict):
            yield value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("@id"), str) and (
        value.keys() <= {"@id", "@type"}
    )  # fmt: skip


def _resolve(values: list[Any]) -> None:
    """Puts the nodes themselves in the place of references to them."""
    every = list(_inner(values))
    known = {n["@id"]: n for n in every if isinstance(n.get("@id"), str) and not _is_reference(n)}

    def meant(value: Any) -> Any:
        return known.get(value["@id"], value) if _is_reference(value) else value

    for node in every if known else ():
        for key, value in node.items():
            if isinstance(value, dict):
                node[key] = meant(value)
            elif isinstance(value, list):
                node[key] = [meant(one) for one in value]


def _holding(scripts: Iterable[Element]) -> Iterator[Element]:
    """The elements that hold a page's JSON-LD; what stands in a template is not the page's."""
    for script in scripts:
        kind = script.get("type")
        if not kind or kind.partition(";")[0].strip().lower() != _TYPE:
            continue
        if next(script.iterancestors("template"), None) is None:
            yield script


def read(scripts: Iterable[Element]) -> list[tuple[Node, Element]]:
    """The top nodes of the JSON-LD in a page's scripts, each with the element that holds it."""
    room, blocks = _LONGEST, []
    for script in _holding(scripts):
        room -= len(script.text or "")
        if room >= 0:
            blocks.append((_values(script.text or ""), script))
    values = [value for block, _ in blocks for value in block]
    _resolve(values)
    return [(node, script) for block, script in blocks for node in _top(block)]
