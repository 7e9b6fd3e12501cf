"""Document -> Page with its Embeds. Pure: no network, no database."""

from __future__ import annotations

from dataclasses import replace

from podcat.errors import SourceError
from podcat.extract import html_page, syndication, text_page, traces, url_list
from podcat.extract.decode import Decoded, decode
from podcat.extract.kind import is_html, is_list
from podcat.model import Document, Page

__all__ = ["extract"]


def _html(document: Document, decoded: Decoded) -> Page:
    wide = decoded.encoding.startswith(("utf-16", "utf-32"))
    data = decoded.text.encode("utf-8", "replace") if wide else document.data
    if not traces.any_in(data, document.url):
        return html_page.blank(document.url)
    return html_page.read(decoded.text, document.url)


def _feed(document: Document) -> Page | None:
    if not syndication.is_feed(document.data):
        return None
    try:
        found = syndication.read(document)
    except SourceError:
        return None
    return found if isinstance(found, Page) else None


def extract(document: Document) -> Page:
    """Every recording that a document announces, in document order.

    Never raises on content: what is broken in the document is named in `Page.damage`.
    """
    if (page := _feed(document)) is not None:
        return page
    decoded = decode(document)
    if is_list(document.content_type):
        page = url_list.read(decoded.text, document.url)
    elif is_html(decoded.text, document.content_type):
        page = _html(document, decoded)
    else:
        page = text_page.read(decoded.text, document.url, decoded.source)
    return replace(page, encoding=decoded.encoding, damage=decoded.damage + page.damage)
