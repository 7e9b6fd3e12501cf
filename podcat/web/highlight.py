"""Words that a visitor searched for, marked where they stand. Everything is escaped."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup, escape

from podcat.catalogue.search import Query, hits, parse

_AROUND = 90
"""Characters before and after the first hit in a snippet."""
_SEARCHED = 4000
"""Characters of a text that are looked through for marks."""

_parsed = lru_cache(maxsize=64)(parse)


def marked(shown: str | None, typed: str | None) -> Markup:
    """The text, escaped, with `<mark>` around the words that were searched for."""
    return _marked(shown or "", _parsed(typed or ""))


def _marked(shown: str, query: Query) -> Markup:
    pieces: list[Markup] = []
    at = 0
    for start, end in hits(shown[:_SEARCHED], query) if query.wanted else ():
        pieces += [escape(shown[at:start]), Markup("<mark>{}</mark>").format(shown[start:end])]
        at = end
    return Markup("").join([*pieces, escape(shown[at:])])


def snippet(shown: str | None, typed: str | None) -> Markup | None:
    """The part of a long text around the first word searched for, marked; None without one."""
    query, whole = _parsed(typed or ""), " ".join((shown or "")[:_SEARCHED].split())
    found = hits(whole, query) if query.wanted else []
    if not found:
        return None
    start, end = max(0, found[0][0] - _AROUND), min(len(whole), found[0][1] + _AROUND)
    start = whole.find(" ", start, found[0][0]) + 1 if start else 0
    end = max(whole.rfind(" ", found[0][1], end), found[0][1]) if end < len(whole) else end
    before, after = "… " if start else "", " …" if end < len(whole) else ""
    return escape(before) + _marked(whole[start:end], query) + escape(after)
