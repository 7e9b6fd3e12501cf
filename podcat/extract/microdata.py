"""Reads a page's microdata into nodes of the same form as its JSON-LD."""

from __future__ import annotations

from typing import Any

from lxml import etree

from podcat.extract.linked import Node
from podcat.extract.tree import Element, words

_MARKED = etree.XPath("//*[@itemprop or @itemscope]")
_MOST = 5000
# Where an element holds its value, if not in its text.
_ATTRIBUTE = {
    "meta": "content", "a": "href", "area": "href", "link": "href", "audio": "src", "video": "src",
    "source": "src", "iframe": "src", "embed": "src", "img": "src", "track": "src",
    "object": "data", "time": "datetime", "data": "value", "meter": "value",
}  # fmt: skip


def _value(element: Element) -> str | None:
    for attribute in (_ATTRIBUTE.get(element.tag), "content"):
        stated: str | None = element.get(attribute) if attribute else None
        if stated:
            return stated
    if element.tag in ("audio", "video"):
        source = element.find("source")
        return None if source is None else source.get("src")
    return words(element)


def _add(node: Node, names: str, value: Any) -> None:
    for name in names.split():
        node.setdefault(name, []).append(value)


def _referred(root: Element, scope: Element) -> list[Element]:
    """The elements that an item takes properties from although they stand elsewhere."""
    named = (scope.get("itemref") or "").split()[:20]
    found = (root.xpath("//*[@id=$name]", name=name) for name in named)
    return [e for elements in found for e in elements[:1]]


def _owner(element: Element, items: dict[Element, Node], lent: dict[Element, Element]) -> Any:
    """The element of the item that a property belongs to."""
    if element in lent:
        return lent[element]
    near = next((e for e in element.iterancestors() if e in items or e in lent), None)
    return lent.get(near, near)


def read(root: Element) -> list[tuple[Node, Element]]:
    """The top items of a page in order, each with its element."""
    marked = _MARKED(root)[:_MOST]
    scopes = [e for e in marked if e.get("itemscope") is not None]
    items: dict[Element, Node] = {e: {"@type": (e.get("itemtype") or "").split()} for e in scopes}
    lent = {e: scope for scope in scopes if scope.get("itemref") for e in _referred(root, scope)}
    top = []
    for element in marked if scopes else ():
        names, item = element.get("itemprop"), items.get(element)
        owner = _owner(element, items, lent) if names else None
        if names and owner is not None and owner is not element:
            _add(items[owner], names, item if item is not None else _value(element))
        elif item is not None:
            top.append((item, element))
    return top
