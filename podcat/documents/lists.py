"""Lists of addresses: one on a line, or the bookmarks that a browser exports."""

from __future__ import annotations

import codecs
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from podcat import urls
from podcat.model import Document
from podcat.providers import registry

CONTENT_TYPE: Final = "text/uri-list"
"""What a list is told to be when it is read (RFC 2483): an address on a line, `#` for notes."""

_LINE: Final = re.compile(r"(https?://[^\s<>\"\x00-\x1f\x7f-\x9f]+)(?:\s++(.*+))?", re.I)
_NETSCAPE: Final = re.compile(r"\s*<!doctype netscape-bookmark-file-1>", re.I)
_LINK: Final = re.compile(
    r"<a\b[^<>]{0,8000}?\bhref\s*=\s*[\"']([^\"'<>]{1,4096})[\"'][^<>]{0,200000}>([^<]{0,1000})",
    re.I,
)
_JSON_HEAD: Final = re.compile(r"\s*\{")
_JSON_SIGNS: Final = ('"roots"', '"text/x-moz-place')
_BROKEN: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
_BEGIN: Final = re.compile(r"\s*(?:https?://|#|\{|<!doctype netscape)", re.I)
_SITEMAP: Final = re.compile(r"<(\w{1,20}:)?(?:urlset|sitemapindex)[\s>]", re.I)
# What a sitemap says of an address, and where that ends. `image:loc` and `video:loc` are no pages,
# so `loc` counts with the prefix of the sitemap alone; alternates in other languages are links.
_FACT: Final = re.compile(
    r"<(?:/(\w{1,20}:)?(?:url|sitemap)\s{0,9}|(\w{1,20}:)?(loc|lastmod|publication_date))>"
    r"(?:\s{0,99}(?:<!\[CDATA\[\s{0,99})?([^<>\]]{1,4096}))?",
    re.I,
)
_HEAD: Final = 4096
_MOST: Final = 100_000
_ENDS: Final = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Entry:
    """An address in a list."""

    line: int
    url: str
    title: str | None = None
    changed: str | None = None
    """When what is there changed, as a sitemap says it."""

    @property
    def named(self) -> bool:
        """Whether the address alone says which recording it is."""
        match = registry().match(self.url)
        return match is not None and match.is_recording


@dataclass(frozen=True, slots=True)
class Listing:
    """A document that is a list of addresses."""

    document: Document
    entries: tuple[Entry, ...]
    bookmarks: bool
    """Whether it holds whatever a person once kept, not pages meant for podcat."""
    sitemap: bool = False
    """Whether it lists the pages of a site, or other such lists (sitemaps.org)."""


def listing(name: str, data: bytes, url: str | None = None) -> Listing | None:
    """The list that some bytes are, or None."""
    head = _text(data[:_HEAD])
    is_sitemap = head.lstrip().startswith("<") and _SITEMAP.search(head) is not None
    if not (is_sitemap or _BEGIN.match(head)):
        return None
    text = _ENDS.sub("\n", _text(data))
    if _NETSCAPE.match(text):
        return _bookmarks(name, list(_netscape(text)), url)
    if _JSON_HEAD.match(text) and any(sign in text for sign in _JSON_SIGNS):
        return _bookmarks(name, list(_json(text)), url)
    if is_sitemap:
        return replace(_bookmarks(name, list(_sitemap(text)), url), bookmarks=False, sitemap=True)
    entries = _plain(text)
    document = Document(name, data, url, CONTENT_TYPE)
    return Listing(document, tuple(entries[:_MOST]), False) if entries else None


_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _text(data: bytes) -> str:
    return data.decode("utf-16" if data.startswith(_WIDE) else "utf-8-sig", "replace")


def _plain(text: str) -> list[Entry]:
    """The entries when every line that says something is an address; else none."""
    entries = []
    for number, line in enumerate(text.split("\n"), 1):
        said = line.strip()
        if said and not said.startswith("#"):
            found = _LINE.fullmatch(said)
            if not found or not urls.parse(found[1]):
                return []
            entries.append(Entry(number, found[1], found[2]))
    return entries


def _bookmarks(name: str, entries: list[Entry], url: str | None) -> Listing:
    """Bookmarks as a list with each address where the export has it."""
    lines: list[str] = []
    placed = []
    for entry in entries[:_MOST]:
        lines += [""] * (entry.line - 1 - len(lines))
        lines.append(f"{entry.url} {entry.title or ''}".rstrip())
        placed.append(replace(entry, line=len(lines)))
    data = "\n".join(lines).encode("utf-8", "replace")
    return Listing(Document(name, data, url, f"{CONTENT_TYPE}; charset=utf-8"), tuple(placed), True)


def _netscape(text: str) -> Iterator[Entry]:
    for number, line in enumerate(text.split("\n"), 1):
        for found in _LINK.finditer(line):
            yield from _entry(number, html.unescape(found[1]), html.unescape(found[2]))


def _sitemap(text: str) -> Iterator[Entry]:
    """The pages of a sitemap: their facts stand in any order."""
    root = _SITEMAP.search(text)
    prefix = (root[1] or "").lower() if root else ""
    line, at = 1, 0
    facts: dict[str, str] = {}
    entries: list[Entry] = []
    for found in _FACT.finditer(text):
        if found[3] is None:
            if (found[1] or "").lower() == prefix:
                yield from _stamped(entries, facts)
                facts, entries = {}, []
            continue
        name, said = found[3].lower(), html.unescape(found[4] or "").strip()
        if name == "loc" and (found[2] or "").lower() == prefix:
            yield from _stamped(entries, facts) if entries else ()  # its end is missing
            facts = {} if entries else facts
            line, at = line + text.count("\n", at, found.start(4)), found.start(4)
            entries = list(_entry(line, said, ""))
        elif name != "loc" and said:
            facts.setdefault(name, said[:64])
    yield from _stamped(entries, facts)


def _stamped(entries: Iterable[Entry], facts: Mapping[str, str]) -> Iterator[Entry]:
    """With when they changed; news say when they were published, and are not changed often."""
    stamp = facts.get("lastmod") or facts.get("publication_date")
    yield from (replace(entry, changed=stamp) for entry in entries)


def _json(text: str) -> Iterator[Entry]:
    """Firefox's backup (`uri`, `title`) or Chromium's own file (`url`, `name`)."""
    try:
        waiting: list[Any] = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    lines = _Lines(text)
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict):
            address, title = node.get("uri", node.get("url")), node.get("title", node.get("name"))
            if isinstance(address, str):
                line = lines.of(address)
                yield from _entry(line, address, title if isinstance(title, str) else "")
            waiting += reversed([v for v in node.values() if isinstance(v, (list, dict))])


class _Lines:
    """Finds the lines of addresses that are asked for in the order in which they stand."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line, self._at = 1, 0

    def of(self, address: str) -> int:
        """The line of an address; the last one known for one that is written in another way."""
        if self._at < 0:
            return self._line
        found = self._text.find(json.dumps(address, ensure_ascii=False), self._at)
        if found < 0:
            self._at = -1  # to search the whole text again for each address would take for ever
            return self._line
        self._line += self._text.count("\n", self._at, found)
        self._at = found
        return self._line


def _entry(line: int, url: str, title: str) -> Iterator[Entry]:
    if "//" in url and urls.parse(url) and not _BROKEN.search(url):
        yield Entry(line, url, " ".join(title.split()) or None)
