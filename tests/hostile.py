"""Texts that would run where a page forgot to escape, and how a page is searched for their traces."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import html

from podcat.model import Embed, Page, Person, Place

PAYLOADS = (
    "<script>hacked()</script>", "</title><script>hacked()</script>", "\"><img src=x onerror=hacked()>",
    "' onmouseover='hacked()", "\" onfocus=\"hacked()\" autofocus=\"", "<svg onload=hacked()>",
    "</script><script>hacked()</script>", "<!--<script>hacked()//", "]]><script>hacked()</script>",
    "<iframe srcdoc='<script>parent.hacked()</script>'>", "<a href='javascript:hacked()'>x</a>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=hacked()>",
    "{{ 7*7 }}{% import 'os' as o %}", "<base href=//evil.test/>", "<style>@import'//evil.test'</style>",
    "<meta http-equiv=refresh content=0;url=//evil.test>", "&lt;script&gt;hacked()&lt;/script&gt;",
    "\u202e<img/src/onerror=hacked()>", "<details open ontoggle=hacked()>", "\\u003cscript\\u003e",
)  # fmt: skip
ADDRESSES = (
    "javascript:hacked()", "JaVaScRiPt:hacked()", " javascript:hacked()", "java\tscript:hacked()",
    "data:text/html,<script>hacked()</script>", "vbscript:hacked()", "https://a.test/\" onload=\"hacked()",
    "https://a.test/<script>hacked()</script>", "//evil.test/x", "https://user:pass@evil.test/'><svg onload=hacked()>",
)  # fmt: skip
# Of our own templates; anything else came from a document.
_ELEMENTS_NEVER = {
    "object",
    "embed",
    "base",
    "applet",
    "style",
    "math",
    "template",
    "frame",
    "marquee",
}
_SCHEMES = {"", "http", "https", "data"}


def traces(page: str) -> list[str]:
    """Everything in a page that could run or lead astray and that our templates never write."""
    tree = html.document_fromstring(page)
    return [found for element in tree.iter() for found in _traces(element)]


def _traces(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str):
        return
    if element.tag in _ELEMENTS_NEVER:
        yield f"<{element.tag}>"
    if element.tag == "meta" and element.get("http-equiv"):
        yield "http-equiv"
    if element.tag == "script":
        yield from _script(element)
    for name, value in element.attrib.items():
        yield from _attribute(element.tag, name, value, element.get("rel"))


def _script(element: Any) -> Iterator[str]:
    if element.get("type") == "application/ld+json":
        json.loads(element.text)
        if "<" in element.text:
            yield "a tag in structured data"
    elif not (element.get("src") or "").startswith("/static/") or (element.text or "").strip():
        yield "a script that is not ours"


def _attribute(tag: str, name: str, value: str, relation: str | None) -> Iterator[str]:
    if name.startswith("on") or name in ("style", "srcdoc", "autofocus", "ping"):
        yield f"{tag}/@{name}"
    if name in ("href", "src", "action", "formaction", "poster", "data-src", "xlink:href"):
        scheme = urlsplit(value.strip()).scheme.lower()
        picture = value.startswith("data:image/svg+xml;base64,") and relation == "icon"
        subscribing = tag == "a" and scheme not in ("javascript", "data", "vbscript")
        if not (picture or subscribing or scheme in _SCHEMES - {"data"}):
            yield f"{tag}/@{name}={value[:60]}"


def page_of(number: int, payload: str) -> Page:
    """A page of which nothing is meant well."""
    address = ADDRESSES[number % len(ADDRESSES)]
    return Page(
        url=address, site=payload, title=payload, byline=payload, language=payload,
        embeds=(embed(number, payload, address),),
    )  # fmt: skip


def embed(number: int, payload: str, address: str) -> Embed:
    """A recording whose every text and address is hostile."""
    return Embed(
        provider="npr", id=f"{number}/{number}", place=Place(line=number), kind="audio",
        title=payload, description=f"{payload}\n{payload} and more", programme=payload,
        language=payload, published=payload, event_date=payload, duration=60,
        embed_url=address, link=address, audio_url=address, video_url=address,
        transcript_url=address, image_url=address, image_caption=payload, image_credit=payload,
        people=(Person(payload, payload, payload),), tags=(payload,),
        provenance={"title": payload, "link": payload},
    )  # fmt: skip
