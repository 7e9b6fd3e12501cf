"""OPML 2.0: a list of feeds that podcast apps import at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import format_datetime

from lxml import etree

from podcat import text
from podcat.feed.page import moment


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed: its title, its absolute address, and the page for people."""

    title: str
    xml_url: str
    html_url: str | None = None
    description: str | None = None
    language: str | None = None


def render(title: str, outlines: Iterable[Outline], created: int | None = None) -> bytes:
    """The feeds as OPML in UTF-8; equal input gives equal bytes.

    `created` is in seconds since 1970 and comes from the data; without it no date is written.
    """
    opml = etree.Element("opml", {"version": "2.0"})
    head = etree.SubElement(opml, "head")
    etree.SubElement(head, "title").text = text.clean(title) or "podcat"
    if when := moment(created):
        etree.SubElement(head, "dateCreated").text = format_datetime(when)
    body = etree.SubElement(opml, "body")
    for outline in outlines:
        etree.SubElement(body, "outline", _attributes(outline))
    return bytes(etree.tostring(opml, pretty_print=True, encoding="UTF-8", xml_declaration=True))


def _attributes(outline: Outline) -> dict[str, str]:
    title = text.clean(outline.title) or outline.xml_url
    values = {
        "text": title,
        "title": title,
        "type": "rss",
        "xmlUrl": outline.xml_url,
        "htmlUrl": outline.html_url,
        "description": text.clean(outline.description),
        "language": outline.language,
    }
    return {key: text.scrub(value) for key, value in values.items() if value}
