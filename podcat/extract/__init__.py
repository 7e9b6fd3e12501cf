"""Document -> Page with its Embeds. Pure: no network, no database."""

from __future__ import annotations

from dataclasses import replace

from podcat.extract import html_page, text_page, url_list
from podcat.extract.decode import decode
from podcat.extract.kind import is_html, is_list
from podcat.model import Document, Page

__all__ = ["extract"]


def extract(document: Document) -> Page:
    """Every recording that a document announces, in document order.

    Never raises on content: what is broken in the document is named in `Page.damage`.
    """
    decoded = decode(document)
    if is_list(document.content_type):
        page = url_list.read(decoded.text, document.url)
    elif is_html(decoded.text, document.content_type):
        page = html_page.read(decoded.text, document.url)
    else:
        page = text_page.read(decoded.text, document.url)
    return replace(page, encoding=decoded.encoding, damage=decoded.damage + page.damage)
