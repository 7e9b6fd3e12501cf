"""Finds the few elements of a page that say more than their tag does.

Looking at every element costs as much as parsing the page; what to look for is therefore first
searched in the text, and only what occurs there is asked of the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from podcat.extract import html_carriers, html_npr, html_pangea
from podcat.extract.tree import Element
from podcat.providers import registry

_ATTRIBUTES = frozenset(
    {"data-audio", "data-play-all", "data-primary-audio-id", "data-embed-url"}
) | frozenset(html_carriers.ATTRIBUTES)
_STEMS = "|".join(sorted({name[5:9] for name in _ATTRIBUTES}))
_WRITTEN = re.compile(rf"data-(?:{_STEMS})")
# Classes of each family's players, and what to search for: no class without one of these.
_CLASSES = html_npr.MODULES | html_pangea.ROOTS
_PIECES = {
    "npr": {"resaudio", "audio-module"},
    "rferl": html_pangea.ROOTS,
    "voa": html_pangea.ROOTS,
}
_HINT = re.compile("audio|mmp|pholder")  # in each of the classes: taking names apart is slow
_SMALL = 2**16
# What these load late is looked at wherever they stand, or is no sound.
_BY_THEMSELVES = frozenset({"img", "source", "picture", "svg"})
_MANY = 5000
_OPENS = re.compile(r"<([a-zA-Z][\w-]*)[^>]*\Z")
_LONGEST = 4096
_WITH_ADDRESS = etree.XPath("//text()[contains(., '//')]")
_HOST = re.compile(r"//([\w.-]+)")


def _places(text: str, word: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def _tag_around(text: str, place: int) -> str | None:
    """The tag in whose attributes a place in the text is, or None when that is not plain."""
    start = text.rfind("<", max(0, place - _LONGEST), place)
    opens = _OPENS.match(text, start, place) if start >= 0 else None
    return opens[1].lower() if opens else None


def _tags(text: str) -> set[str] | None:
    """The tags that carry an attribute or a class of a player; None for any tag."""
    places = [found.start() for found in _WRITTEN.finditer(text)]
    for piece in _families(text):
        places += islice(_places(text, piece), _MANY)
    if len(places) > _MANY or "DATA-" in text:
        return None
    tags = {_tag_around(text, place) for place in places}
    return None if None in tags else {tag for tag in tags if tag}


def _by_attributes(root: Element, text: str) -> set[Element]:
    """Elements that are a player by their class, or hold its data or name it to a script."""
    tags = _tags(text)
    found = root.iter("*") if tags is None else root.iter(*tags) if tags else ()
    return {e for e in found if _counts(e)}


def _counts(element: Element) -> bool:
    if not _ATTRIBUTES.isdisjoint(element.keys()):
        return element.tag not in _BY_THEMSELVES
    names = element.get("class") or ""
    return bool(_HINT.search(names)) and not _CLASSES.isdisjoint(names.split())


def _families(text: str) -> set[str]:
    """What to search for of the families whose sites the page names; a fragment names none."""
    if len(text) < _SMALL:
        return set().union(*_PIECES.values())
    hosts = set(_HOST.findall(text))
    owners = {owner.key for host in hosts if (owner := registry().provider_of(host.lower()))}
    return {name for key in owners & _PIECES.keys() for name in _PIECES[key]}


def _quoted(root: Element) -> int:
    """How many addresses stand in scripts and in embed code, which are looked at anyway."""
    apart = root.iter("script", "style", "code", "textarea")
    return sum(
        etree.tostring(e, method="text", encoding="unicode", with_tail=False).count("//")
        for e in apart
    )


def _by_words(root: Element) -> set[Element]:
    """Elements in whose own words an address on a provider's host stands."""
    said = etree.tostring(root, method="text", encoding="unicode")
    if said.count("//") <= _quoted(root):
        return set()
    if not any(registry().provider_of(host.lower()) for host in set(_HOST.findall(said))):
        return set()
    found = _WITH_ADDRESS(root)
    parents = {t.getparent() if t.is_text else t.getparent().getparent() for t in found}
    return parents - {None}


def of(root: Element, text: str) -> set[Element]:
    """The elements of a page that are worth a closer look."""
    return _by_attributes(root, text) | _by_words(root)
