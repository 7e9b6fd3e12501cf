"""Frames that hold their document in the page itself: `<iframe srcdoc="…">`.

SingleFile saves every frame so, our reader of MHTML puts those of an archive back so, and some
pages write their players so. The document becomes a part of the page's tree, at its place.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any, Final

from podcat.providers import registry

Element = Any  # lxml's elements carry no types

_DEEPEST: Final = 3
_MOST: Final = 200
_ORIGINAL: Final = ("data-sf-original-src", "data-savepage-src", "data-savepage-currentsrc")
_COMMENT: Final = re.compile(
    r"<!--\s*(?:Page saved with|Archive processed by) SingleFile\b[^>]{0,200}?"
    r"\burl:\s*(https?://[^\s<>]{1,4096})",
    re.I,
)
_HEAD: Final = 64 * 2**10


def unfold(root: Element, parse: Callable[[str], Element]) -> None:
    """Gives frames with `srcdoc` their own address back, or what is in them as their content."""
    waiting = [(frame, 1) for frame in _frames(root)]
    for _ in range(_MOST):
        if not waiting:
            return
        frame, depth = waiting.pop()
        inner = _opened(frame, parse)
        if inner is not None and depth < _DEEPEST:
            waiting += [(each, depth + 1) for each in _frames(frame)]


def _frames(root: Element) -> list[Element]:
    return [frame for frame in root.iter("iframe", "frame") if frame.get("srcdoc")]


def _opened(frame: Element, parse: Callable[[str], Element]) -> Element | None:
    """The body that a frame has been given, or None where its address says all."""
    text = frame.attrib.pop("srcdoc")
    if address := _address(frame, text):
        frame.set("src", address)
        return None
    body = parse(text).find("body")
    if body is None:
        return None
    # The parser counts a tag's line where the tag ends.
    line = max(1, (frame.sourceline or 1) - text.count("\n"))
    for element in body.iter():
        element.sourceline = min(line + (element.sourceline or 1) - 1, 2**31 - 1)
    frame.text = None
    frame.append(body)
    return body


def _address(frame: Element, text: str) -> str | None:
    """The player that a frame was before it was saved; a frame that is none is looked into."""
    said = [frame.get(name) for name in ("src", *_ORIGINAL)]
    if comment := _COMMENT.search(text[:_HEAD]):
        said.append(html.unescape(comment[1]))
    return next((url for url in said if url and registry().match(url)), None)
