"""The HTML tree: parsed once, walked in document order, with small helpers on elements."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from functools import partial
from typing import Any

from lxml import etree

from podcat.extract import attributes, frames
from podcat.model import Place
from podcat.text import clean

Element = Any  # lxml's elements carry no types
DEEPEST = 2048
_LAYOUT = re.compile(
    r"</?(?:div|span|section|article|main|font|center|blockquote|table|tbody|tr|td|th|ul|ol|li|dl|dd|"
    r"b|i|u|em|strong|small|big|p|form|fieldset)\b[^<>]*>",
    re.I,
)


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


def empty_templates(root: Element) -> None:
    """A template is not part of the page until a script makes it so; a shadow root is shown.

    What stands in noscript stays: it is the page of those who run no scripts.
    """
    for template in root.iter("template"):
        if template.get("shadowrootmode") is None:
            template.clear(keep_tail=True)


def _parsed(text: str) -> tuple[Element, bool]:
    """(root, whether it is nested too deep to be read to its end)."""
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    root = etree.fromstring(text.encode("utf-8", "replace") or b"<html/>", parser)
    last = parser.error_log.last_error
    too_deep = last is not None and "Excessive depth" in last.message
    return (etree.Element("html") if root is None else root), too_deep


def parse(text: str) -> Tree:
    """The tree of an HTML text; what is broken is named, what can be read is read."""
    damage = []
    text, swollen = attributes.without_swollen_tags(text)
    if swollen:
        most = attributes.MOST
        damage.append(f"holds a tag of more than {most} attributes: emptied; save the page again")
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
    """The elements that can hold a recording, in document order.

    What is below one can be skipped, or marked as barren: looked through by a family of players
    that found nothing in it, so that it need not look through every part of it again.
    """

    def __init__(self, root: Element, tags: Iterable[str], marked: Set[Element]) -> None:
        """`tags` are looked at wherever they stand, `marked` are the others worth a look."""
        self._root = root
        # lxml makes tags with control characters, but cannot be asked for them.
        theirs = {element.tag for element in marked if element.tag.isprintable()}
        self._tags = theirs.union(tags)
        self._only = theirs.difference(tags)
        self._marked = marked
        self._passed: dict[str, set[Element]] = {}

    def __iter__(self) -> Iterator[tuple[Element, bool]]:
        """(element, whether it is a marked one)."""
        skipped = self._passed.setdefault("skipped", set())
        for element in self._root.iter(*self._tags):
            marked = element in self._marked
            if (marked or element.tag not in self._only) and element not in skipped:
                yield element, marked

    def skip(self, element: Element) -> None:
        """Leaves out what is below an element."""
        self._passed["skipped"].update(element.iter(*self._tags))

    def is_barren(self, family: str, element: Element) -> bool:
        """Whether this element is below one that the family found nothing in."""
        return element in self._passed.get(family, ())

    def mark_barren(self, family: str, element: Element) -> None:
        """Says that the family found nothing in an element."""
        self._passed.setdefault(family, set()).update(element.iter(*self._tags))


class Parts:
    """An element and all below it, looked through once."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self._by_class: dict[str, Element] = {}
        self._by_attribute: dict[str, list[tuple[Element, str]]] = {}
        for element in root.iter("*"):
            for name, value in element.items():
                if name == "class":
                    for each in value.split():
                        self._by_class.setdefault(each, element)
                else:
                    self._by_attribute.setdefault(name, []).append((element, value))

    def of_class(self, name: str) -> Element | None:
        """The first element that has a class, the root itself included."""
        return self._by_class.get(name)

    def having(self, attribute: str) -> list[tuple[Element, str]]:
        """The elements that have an attribute, each with its value."""
        return self._by_attribute.get(attribute, [])


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
    if element is None:
        return None
    return clean("".join(element.itertext()) if len(element) else element.text)


def place(element: Element) -> Callable[[], Place]:
    """Where an element stands, to be asked for when it is known to matter: a path is costly."""
    return partial(_place, element)


def _place(element: Element) -> Place:
    return Place(element.sourceline, element.getroottree().getpath(element))


_DECODER = json.JSONDecoder()


def json_at(text: str | None) -> Any:
    """The JSON value that a text is or begins with; None when it is none."""
    if not text:
        return None
    try:
        return _DECODER.raw_decode(text.lstrip())[0]
    except (ValueError, RecursionError):
        return None
