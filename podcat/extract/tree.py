"""The HTML tree: parsed once, walked in document order, with small helpers on elements."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from lxml import etree

from podcat.extract import frames
from podcat.model import Place
from podcat.text import clean

Element = Any  # lxml's elements carry no types
DEEPEST = 2048
# The parser's time grows with the square of a tag's attributes.
_HUGE_TAG = re.compile(r"<[a-z][^<>]{65536,}+>?", re.I)
_LAYOUT = re.compile(
    r"</?(?:div|span|section|article|main|font|center|blockquote|table|tbody|tr|td|th|ul|ol|li|dl|dd|"
    r"b|i|u|em|strong|small|big|p|form|fieldset)\b[^<>]*>",
    re.I,
)

# Not part of the page as its readers see it; a lazy frame repeats its address in noscript. A
# template with `shadowrootmode` is shown.
_HIDDEN = frozenset({"template", "noscript"})


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed document: its root, and one line for each thing broken in it."""

    root: Element
    damage: tuple[str, ...]


def _cut(text: str) -> str | None:
    """Whether a document ends inside a tag, a comment or a script: a download cut short."""
    tail = text[-5000:]
    if tail.rfind("<!--") > tail.rfind("-->"):
        return "a comment"
    lowered = tail.lower()
    if lowered.rfind("<script") > lowered.rfind("</script"):
        return "a script"
    opened = tail.rfind("<")
    if opened > tail.rfind(">") and re.match(r"</?[a-z]", tail[opened:], re.I):
        return "a tag"
    return None


def _parsed(text: str) -> tuple[Element, bool]:
    """(root, whether it is nested too deep to be read to its end)."""
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    root = etree.fromstring(text.encode("utf-8", "replace") or b"<html/>", parser)
    too_deep = any("Excessive depth" in entry.message for entry in parser.error_log)
    return (etree.Element("html") if root is None else root), too_deep


def parse(text: str) -> Tree:
    """The tree of an HTML text; what is broken is named, what can be read is read."""
    damage = []
    if _HUGE_TAG.search(text):
        text = _HUGE_TAG.sub(" ", text)
        damage.append("holds a tag of more than 64 KiB: left out; save the page again")
    root, too_deep = _parsed(text)
    if too_deep:
        root, _ = _parsed(_LAYOUT.sub(" ", text))
        damage.append(f"is nested deeper than {DEEPEST} elements: read without its layout")
    if "srcdoc" in text:
        frames.unfold(root, lambda inner: _parsed(inner)[0])
    if inside := _cut(text):
        damage.append(f"ends inside {inside}: read up to there; save the page again")
    return Tree(root, tuple(damage))


class Walk:
    """The elements in document order; what is below one can be skipped, or marked as barren.

    Barren is a subtree that a family of players has looked through and found nothing in, so that
    it need not look through every part of it again.
    """

    def __init__(self, root: Element) -> None:
        self._walker = etree.iterwalk(root, events=("start", "end"))
        self._barren: dict[str, Element] = {}

    def __iter__(self) -> Iterator[Element]:
        for event, element in self._walker:
            if event == "end":
                self._barren = {f: e for f, e in self._barren.items() if e is not element}
            elif element.tag in _HIDDEN and element.get("shadowrootmode") is None:
                self._walker.skip_subtree()
            elif isinstance(element.tag, str):
                yield element

    def skip(self) -> None:
        """Leaves out what is below the element of this step."""
        self._walker.skip_subtree()

    def is_barren(self, family: str) -> bool:
        """Whether this element is below one that the family found nothing in."""
        return family in self._barren

    def mark_barren(self, family: str, element: Element) -> None:
        """Says that the family found nothing in an element."""
        self._barren.setdefault(family, element)


def classes(element: Element) -> frozenset[str]:
    """The class names of an element."""
    return frozenset((element.get("class") or "").split())


def with_class(root: Element, name: str) -> Element | None:
    """The first element below (or the root itself) that has a class."""
    found = _HAS_CLASS(root, name=f" {name} ")
    return found[0] if found else None


_HAS_CLASS = etree.XPath(
    "descendant-or-self::*[contains(concat(' ', normalize-space(@class), ' '), $name)][1]"
)


def words(element: Element | None) -> str | None:
    """The text of an element on one line, or None."""
    return None if element is None else clean("".join(element.itertext()))


def place(element: Element) -> Callable[[], Place]:
    """Where an element stands, to be asked for when it is known to matter: a path is costly."""
    return partial(_place, element)


def _place(element: Element) -> Place:
    return Place(element.sourceline, element.getroottree().getpath(element))


def json_at(text: str | None) -> Any:
    """The JSON value that a text is or begins with; None when it is none."""
    try:
        return json.JSONDecoder().raw_decode((text or "").lstrip())[0]
    except (ValueError, RecursionError):
        return None
