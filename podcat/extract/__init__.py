"""Document -> Page with its Embeds. Pure: no network, no database."""

from __future__ import annotations

from dataclasses import replace

from podcat.extract import html_page, text_page, traces, url_list
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


def extract(document: Document) -> Page:
    """Every recording that a document announces, in document order.

    Never raises on content: what is broken in the document is named in `Page.damage`.
    """
    decoded = decode(document)
    if is_list(document.content_type):
        page = url_list.read(decoded.text, document.url)
    elif is_html(decoded.text, document.content_type):
        page = _html(document, decoded)
    else:
        page = text_page.read(decoded.text, document.url, decoded.source)
    return replace(page, encoding=decoded.encoding, damage=decoded.damage + page.damage)
