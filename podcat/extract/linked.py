"""Reads the values of schema.org nodes, whether JSON-LD or microdata gave them.

A node is a dictionary with `@type` and properties; a value is a text, a number, a node, or a list
of these. Whatever it is, nothing here raises on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from podcat import urls
from podcat.text import clean

Node = dict[str, Any]

_NAMESPACE = re.compile(r"[/#:]")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_LONGEST = 10_000
_MOST = 100
_DEEPEST = 2
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*", re.I)
_ADDRESS = re.compile(r"(?:https?:)?//", re.I)
_BY = re.compile(r"(?:by|von|par|por|автор:?)\s+(?=\S)", re.I)


def kinds(node: Any) -> frozenset[str]:
    """The types of a node without their namespace: `AudioObject`."""
    value = node.get("@type") if isinstance(node, dict) else None
    several = value if isinstance(value, list) else [value]
    return frozenset(_NAMESPACE.split(k)[-1].strip() for k in several if isinstance(k, str))


def each(value: Any) -> list[Any]:
    """The values of a property, one or many."""
    if value is None:
        return []
    return value[:_MOST] if isinstance(value, list) else [value]


def nodes(value: Any) -> Iterator[Node]:
    """The nodes among the values of a property."""
    return (one for one in each(value) if isinstance(one, dict))


def plain(text: str, longest: int = _LONGEST) -> str | None:
    """A text without the markup and the entities that sites leave in their data."""
    text = text[:longest]
    if "<" in text:
        text = _MARKUP.sub(" ", text)
    return clean(unescape(text) if "&" in text else text)


def text(value: Any, longest: int = _LONGEST) -> str | None:
    """The first text of a property; of a long one the beginning."""
    for one in each(value):
        said = one.get("@value") if isinstance(one, dict) else one
        if isinstance(said, str) and (found := plain(said, longest)):
            return found
    return None


def name(value: Any) -> str | None:
    """The name of what a property holds: its own text, or that of a node."""
    for one in each(value):
        found = (text(one.get("name")) if isinstance(one, dict) else None) or text(one)
        if found and not _ADDRESS.match(found):
            return found
    return None


def names(value: Any) -> tuple[str, ...]:
    """The names of what a property holds, each once; addresses are none."""
    found = (name(one) for one in each(value))
    return tuple(dict.fromkeys(unsigned(n) for n in found if n))


def unsigned(byline: str) -> str:
    """A name without the `By` before it."""
    return _BY.sub("", byline, count=1)


def address(value: Any, base: str | None = None, depth: int = 0) -> str | None:
    """The first address that a property holds, absolute."""
    for one in each(value):
        if isinstance(one, dict):
            inner = one.get("url") or one.get("contentUrl") or one.get("@id")
            found = address(inner, base, depth + 1) if depth < _DEEPEST else None
        else:
            found = urls.absolute(one, base) if isinstance(one, str) and one.strip() else None
        if found:
            return found
    return None


def language(value: Any) -> str | None:
    """A language tag: `en`, `pt-BR`; a language's name in words is none."""
    for one in each(value):
        said = [one.get(k) for k in ("alternateName", "name", "@value", "identifier")] \
            if isinstance(one, dict) else [one]  # fmt: skip
        for tag in said:
            if isinstance(tag, str) and _LANGUAGE.fullmatch(tag.strip()):
                return tag.strip()
    return None


def words(value: Any) -> tuple[str, ...]:
    """Keywords: a list of texts or terms, or one text with commas."""
    several = each(value)
    if len(several) == 1 and isinstance(several[0], str):
        several = re.split(r"[,;]", several[0][:_LONGEST])
    found = (name(one) for one in several)
    return tuple(dict.fromkeys(n for n in found if n and len(n) <= 80))
