"""Descriptions as people read them: paragraphs, lists, and addresses that can be followed.

Documents give text, and it is escaped here. What is made of it passes nh3 all the same, which lets
through these few elements alone: a slip here is then no hole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

import nh3
from markupsafe import Markup, escape

from podcat.urls import absolute

_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s<>\"'“”«»]{3,2000}", re.I)
_AFTER = ".,;:!?)]}…"  # what ends a sentence is no part of an address at its end
_POINT = re.compile(r"[-*•–]\s+(?=\S)")
_TAGS = {"p", "ul", "li", "a"}


def notes(text: str) -> Markup:
    """The text as HTML; lines that begin with a dash or dot are points of a list."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    made = "".join(_block(points, list(block)) for points, block in groupby(lines, _is_point))
    cleaned = nh3.clean(
        made, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"},
        link_rel="noreferrer",
    )  # fmt: skip
    return Markup(cleaned)  # noqa: S704


def _is_point(line: str) -> bool:
    return _POINT.match(line) is not None


def _block(points: bool, lines: list[str]) -> str:
    if not points:
        return "".join(f"<p>{_linked(line)}</p>" for line in lines)
    items = (f"<li>{_linked(_POINT.sub('', line, count=1))}</li>" for line in lines)
    return f"<ul>{''.join(items)}</ul>"


def _linked(line: str) -> str:
    return "".join(_pieces(line))


def _pieces(line: str) -> Iterator[str]:
    at = 0
    for found in _ADDRESS.finditer(line):
        shown = found[0].rstrip(_AFTER)
        url = absolute(shown if "://" in shown else f"https://{shown}")
        if url:
            yield escape(line[at : found.start()])
            yield Markup('<a href="{}">{}</a>').format(url, shown)
            at = found.start() + len(shown)
    yield escape(line[at:])
