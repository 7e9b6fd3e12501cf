"""The picture of a page or a recording, with its caption and whose it is."""

from __future__ import annotations

from posixpath import basename

from lxml import etree

from podcat.extract import linked
from podcat.extract.linked import Node
from podcat.extract.tree import Element, words
from podcat.text import clean

Picture = dict[str, str | None]

_CREDITS = ("creditText", "creator", "author", "copyrightHolder", "copyrightNotice")
_CREDIT = etree.XPath(
    "(.//*[contains(@class, 'credit') or contains(@class, 'copyright') or "
    "contains(@itemprop, 'copyrightHolder') or contains(@itemprop, 'creditText')])[1]"
)
_OWN_WORDS = etree.XPath(
    ".//text()[not(ancestor::*[contains(@class, 'credit') or contains(@class, 'copyright') or "
    "contains(@class, 'hide-caption') or contains(@class, 'toggle-caption') or "
    "contains(@itemprop, 'copyrightHolder') or contains(@itemprop, 'creditText')])]"
)
_MOST = 50
_LONGEST = 2000


def of_node(node: Node, base: str | None) -> Picture:
    """What a node says of its picture."""
    for key in ("image", "thumbnailUrl", "thumbnail"):
        if found := linked.address(node.get(key), base):
            picture = next(linked.nodes(node.get(key)), {})
            credit = (linked.name(picture.get(k)) for k in _CREDITS)
            return {
                "image": found,
                "image_caption": linked.text(picture.get("caption")),
                "image_credit": next(filter(None, credit), None),
            }
    return {}


def _file_name(url: str | None) -> str:
    return basename((url or "").partition("?")[0]).lower()


def _shows(figure: Element, name: str) -> bool:
    shown = (i.get(a) for i in figure.iter("img") for a in ("src", "data-src", "data-original"))
    return any(_file_name(url) == name for url in shown if url)


def in_figure(figures: list[Element], image: str | None) -> Picture:
    """Caption and credit that stand with the page's picture in its text."""
    name = _file_name(image)
    for figure in figures[:_MOST]:
        if name and _shows(figure, name):
            caption = figure.find(".//figcaption")
            said = clean("".join(_OWN_WORDS(caption))) if caption is not None else None
            credit = next(iter(_CREDIT(figure)), None)
            return {
                "image_caption": said if said and len(said) <= _LONGEST else None,
                "image_credit": words(credit),
            }
    return {}
