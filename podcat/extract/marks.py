"""Finds the few elements of a page that say more than their tag does.

Looking at every element costs as much as parsing the page; what to look for is therefore first
searched in the text, and only what occurs there is asked of the tree.
"""

from __future__ import annotations

import re

from lxml import etree

from podcat.extract import html_carriers, html_npr, html_pangea
from podcat.extract.tree import Element, classes
from podcat.providers import registry

_ATTRIBUTES = frozenset(
    {"data-audio", "data-play-all", "data-primary-audio-id", "data-embed-url"}
) | frozenset(html_carriers.ATTRIBUTES)
_STEMS = "|".join(sorted({name[5:9] for name in _ATTRIBUTES}))
_WRITTEN = re.compile(rf"data-(?:{_STEMS})[\w-]*")
_CLASSES = html_npr.MODULES | html_pangea.ROOTS
_WITH_CLASS = etree.XPath("//@class/..")
_WITH_ADDRESS = etree.XPath("//text()[contains(., '//')]")
_HOST = re.compile(r"//([\w.-]+)")


def _by_attribute(root: Element, text: str) -> set[Element]:
    """Elements whose attributes hold a player's data or name one to a script."""
    upper = "DATA-" in text
    written = _ATTRIBUTES if upper else _ATTRIBUTES.intersection(_WRITTEN.findall(text))
    return {element for name in written for element in root.xpath(f"//@{name}/..")}


def _by_class(root: Element, text: str) -> set[Element]:
    """Elements that are the players of a family whose markup is known."""
    present = [name for name in _CLASSES if name in text]
    if not present:
        return set()
    found = (e for e in _WITH_CLASS(root) if any(name in e.get("class") for name in present))
    return {element for element in found if classes(element) & _CLASSES}


def _by_words(root: Element) -> set[Element]:
    """Elements in whose own words an address on a provider's host stands."""
    said = etree.tostring(root, method="text", encoding="unicode")
    if not any(registry().provider_of(host.lower()) for host in set(_HOST.findall(said))):
        return set()
    found = _WITH_ADDRESS(root)
    parents = {t.getparent() if t.is_text else t.getparent().getparent() for t in found}
    return parents - {None}


def of(root: Element, text: str) -> set[Element]:
    """The elements of a page that are worth a closer look."""
    return _by_attribute(root, text) | _by_class(root, text) | _by_words(root)
