"""What a browser or an extension writes into a page that it saves: where the page came from."""

from __future__ import annotations

import html
import re
from typing import Final

from podcat import urls
from podcat.providers import registry

_HEAD: Final = 64 * 2**10
_SAVED_FROM: Final = re.compile(rb"<!--\s*saved from url=\(\d{1,6}\)\s*(\S{1,4096}?)\s*-->", re.I)
_SINGLE_FILE: Final = re.compile(
    rb"<!--\s*(?:Page saved with|Archive processed by) SingleFile\b[^>]{0,200}?"
    rb"\burl:\s*(https?://[^\s<>]{1,4096})",
    re.I,
)
_ATTRIBUTE: Final = re.compile(
    rb"<html\b[^>]{0,4096}\sdata-scrapbook-source=[\"']([^\"']{1,4096})", re.I
)
_META: Final = re.compile(
    rb"<meta name=[\"']?savepage-url[\"']? content=[\"']([^\"']{1,4096})[\"']", re.I
)
_CANONICAL: Final = re.compile(
    rb"<link\b(?:[^>]{0,500}?rel=[\"']canonical[\"'][^>]{0,500}?href=[\"']([^\"']{1,4096})"
    rb"|[^>]{0,500}?href=[\"']([^\"']{1,4096})[\"'][^>]{0,500}?rel=[\"']canonical[\"'])",
    re.I,
)


def address(data: bytes) -> str | None:
    """The address that a saved page states, or None.

    Of Chrome's and Internet Explorer's `saved from url=` (which names files on disks, too),
    SingleFile's comment, Save Page WE's meta element, WebScrapBook's attribute.
    """
    head = data[:_HEAD]
    for pattern in (_SAVED_FROM, _SINGLE_FILE, _ATTRIBUTE):
        if found := pattern.search(head):
            return _web(found[1])
    # Save Page WE writes it behind the styles, which it has put into the head.
    at = data.find(b"savepage-url")
    found = _META.search(data, max(0, at - 100), at + 5000) if at >= 0 else None
    return _web(found[1]) if found else None


def frame_address(data: bytes) -> str | None:
    """Where a saved frame came from: as it states it, or the recording that it calls its own."""
    canonical = _CANONICAL.search(data[:_HEAD])
    said = _web(canonical[1] or canonical[2]) if canonical else None
    match = registry().match(said) if said else None
    return address(data) or (said if match and match.is_recording else None)


def _web(value: bytes) -> str | None:
    text = html.unescape(value.decode("utf-8", "replace"))
    return text if urls.parse(text) else None
