"""What came in by a form, as documents; what is wrong with a field."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from flask import request
from werkzeug.datastructures import FileStorage

from podcat import text, urls
from podcat.model import Document
from podcat.web.site import site

MOST_BYTES: Final = 16 * 2**20
"""Of one request; the limit for documents in the settings may be lower."""
MOST_FILES: Final = 20
_NAME: Final = 200
_UTF_8: Final = "; charset=utf-8"  # what a form sends is, whatever the page says of itself


class FormError(Exception):
    """Something in a field is wrong; `field` names it."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field
        self.problem = problem


def limit() -> int:
    """How many bytes one request may bring."""
    return min(site().config.document_bytes, MOST_BYTES)


def much() -> str:
    """The same in words."""
    return f"{limit() >> 20} MB" if limit() >= 2**20 else f"{limit()} bytes"


def sent() -> list[Document]:
    """The files, or else the text, that a form brought. Raises FormError."""
    url = _address()
    files = [file for file in request.files.getlist("file") if file.filename]
    if len(files) > MOST_FILES:
        raise FormError("file", f"That is {len(files)} files; {MOST_FILES} at once are the most.")
    if files:
        alone = url if len(files) == 1 else None
        return [_bounded(_uploaded(file, alone), "file") for file in files]
    html = request.form.get("html", "")
    if html.strip():
        return [_bounded(_pasted(html, url), "html")]
    field = "html" if "html" in request.form else "file"
    raise FormError(field, "Paste the page here." if field == "html" else "Choose a file.")


def _address() -> str | None:
    url = request.form.get("url", "").strip()
    if not url:
        return None
    if len(url) > urls.LONGEST or not urls.parse(url) or "//" not in url:
        raise FormError("url", "That is no address of a page; write it like https://example.org/a.")
    return url


def _uploaded(file: FileStorage, url: str | None) -> Document:
    name = PurePath((file.filename or "").replace("\\", "/")).name or "upload"
    return Document(_shown(name)[:_NAME], file.read(), url)


def _pasted(html: str, url: str | None) -> Document:
    name = _shown(url) if url else "pasted page"
    return Document(name, html.encode("utf-8", "replace"), url, _UTF_8)


def _bounded(document: Document, field: str) -> Document:
    if len(document.data) > limit():
        raise FormError(field, f"{document.name} is larger than {much()}.")
    return document


def _shown(name: str) -> str:
    return text.clean(name) or "upload"
