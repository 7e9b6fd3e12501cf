"""Bytes into a feed that rules can be applied to. Every byte comes from outside."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any, Final

from lxml import etree

from podcat.feed import values
from podcat.feed.lint.rules import Spot, quoted

RSS, RDF, ATOM, OPML, JSON = "RSS", "RSS 1.0", "Atom", "OPML", "JSON Feed"
MOST_ITEMS: Final = 10_000
MOST_ELEMENTS: Final = 300_000
MOST_HITS: Final = 1_000  # of one rule
_LONGEST: Final = 400_000  # characters of one text

NAMESPACES: Final = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "media": "http://search.yahoo.com/mrss/",
}
# The specification of the podcast namespace asks to take these for the same.
ALIASES: Final = {
    f"{scheme}://github.com/{owner}/podcast-namespace/blob/main/docs/1.0.md": NAMESPACES["podcast"]
    for scheme in ("http", "https")
    for owner in ("Podcastindex-org", "podcastindex-org")
}
_PREFIXES: Final = {uri: prefix for prefix, uri in NAMESPACES.items()}
_ROOTS: Final = {"rss": RSS, "RDF": RDF, "feed": ATOM, "opml": OPML}


# ---------------------------------------------------------------- what kind it is

_HEAD: Final = 65_536
_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?(rss|RDF|feed|opml)[\s>/]")
# What may stand before the root, and how it ends.
_BEFORE: Final = ((b"<?", b"?>"), (b"<!--", b"-->"), (b"<!DOCTYPE", b">"))
_FEED_RDF: Final = b"purl.org/rss/1.0"
_FEED_ATOM: Final = b"http://www.w3.org/2005/Atom"
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org')
_JSON_ALIKE: Final = (b'"items"', (b'"content_html"', b'"content_text"', b'"home_page_url"'))


def kind_of(data: bytes) -> str | None:
    """Which kind of feed some bytes are, told by their beginning, or None.

    JSON is a feed when it says so itself or has a feed's members: most JSON is something else.
    """
    head = _ascii(data[:_HEAD])
    if head.startswith(b"{"):
        items, members = _JSON_ALIKE
        alike = items in data and any(member in data for member in members)
        return JSON if alike or _JSON_FEED.search(data) else None
    found = _ROOT.match(_after_prolog(head))
    kind = _ROOTS[found[1].decode()] if found else None
    if (kind == RDF and _FEED_RDF not in head) or (kind == ATOM and _FEED_ATOM not in head):
        return None
    return kind


def _after_prolog(head: bytes) -> bytes:
    """What is left behind declarations and comments."""
    while True:
        head = head.lstrip()
        ends = [end for begin, end in _BEFORE if head.startswith(begin)]
        if not ends:
            return head
        before, inside, after = head.partition(b"[")
        if ends == [b">"] and inside and b">" not in before:
            head = after.partition(b"]")[2]  # a DOCTYPE with declarations of its own
        head = head.partition(ends[0])[2]


def _ascii(data: bytes) -> bytes:
    """The beginning without a mark of its encoding and without the NULs of UTF-16."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        data = data.removeprefix(mark)
    return (data.replace(b"\0", b"") if b"\0" in data[:64] else data).lstrip()


# ---------------------------------------------------------------- XML


@dataclass
class Feed:
    """A feed of any kind of XML, with what was asked of it before."""

    kind: str
    root: Any
    data: bytes
    url: str | None
    """Where it was fetched from, if that is known."""
    now: dt.datetime

    @cached_property
    def channel(self) -> Any:
        """The element that holds what is said of the whole; the root where there is none."""
        inside = self.root.find("channel") if self.kind == RSS else None
        return self.root if inside is None else inside

    @cached_property
    def items(self) -> list[Any]:
        """The items or entries, at most MOST_ITEMS."""
        name = qualified("atom:entry") if self.kind == ATOM else "item"
        return list(islice(self.channel.iterchildren(name), MOST_ITEMS))

    @cached_property
    def elements(self) -> list[Any]:
        """All elements, at most MOST_ELEMENTS."""
        return list(islice(self.root.iter(etree.Element), MOST_ELEMENTS))

    @cached_property
    def addresses(self) -> list[tuple[Any, str]]:
        """All addresses with their elements, but for those of enclosures and guids."""
        return [found for element in self.elements for found in _addresses(element)]

    @cached_property
    def is_podcast(self) -> bool:
        """Whether any item brings a recording; what is said of podcasts holds for no other."""
        files = (e for item in self.items for e in item.iterchildren("enclosure"))
        return any(values.is_recording(value(e, "url"), value(e, "type")) for e in files)


# Elements whose text is an address, and attributes that are one.
_TEXTS: Final = frozenset({"link", "url", "comments", "docs", "itunes:new-feed-url"})
_ATTRIBUTES: Final = ("href", "url", "img", "feedUrl", "accountUrl")
_LOOKED_AT: Final = frozenset({"", *NAMESPACES})


def _addresses(element: Any) -> Iterator[tuple[Any, str]]:
    name = short(element)
    if name.rpartition(":")[0] not in _LOOKED_AT or name == "enclosure":
        return
    if name in _TEXTS and words(element):
        yield element, words(element)
    for attribute in _ATTRIBUTES if element.attrib else ():
        if found := value(element, attribute):
            yield element, found


def parse_xml(data: bytes, kind: str, url: str | None, now: dt.datetime) -> Feed:
    """The feed. Raises etree.XMLSyntaxError.

    Nothing is fetched, entities are not resolved, and libxml2's own limits on depth, size and
    growth hold.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        attribute_defaults=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    feed = Feed(kind, etree.fromstring(data, parser), data, url, now)
    for element in feed.elements:
        uri, _, name = element.tag.rpartition("}")
        if uri[1:] in ALIASES:
            element.tag = f"{{{ALIASES[uri[1:]]}}}{name}"
    return feed


@lru_cache(maxsize=1024)
def qualified(name: str) -> str:
    """`itunes:image` as lxml writes it."""
    prefix, colon, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if colon else name


def short(element: Any) -> str:
    """The name of an element as people write it: `itunes:image`."""
    uri, brace, local = element.tag.rpartition("}")
    prefix = _PREFIXES.get(uri[1:], element.prefix) if brace else None
    return f"{prefix}:{local}" if prefix else local


def every(parent: Any, name: str) -> Iterator[Any]:
    """The children of that name."""
    found: Iterator[Any] = parent.iterchildren(qualified(name))
    return found


def first(parent: Any, name: str) -> Any:
    """The first child of that name, or None."""
    return next(every(parent, name), None)


def words(element: Any) -> str:
    """What an element says, without blanks around it; nothing for None."""
    return "" if element is None else "".join(element.itertext())[:_LONGEST].strip()


def says(parent: Any, name: str) -> str:
    """What the first child of that name says."""
    return words(first(parent, name))


def value(element: Any, attribute: str) -> str:
    """An attribute without blanks around it; nothing where it is missing."""
    return "" if element is None else (element.get(attribute) or "").strip()


def label(element: Any) -> str | None:
    """Title of the item that an element belongs to, or its guid; None outside items."""
    while element is not None and short(element) not in ("item", "atom:entry", "outline"):
        element = element.getparent()
    if element is None:
        return None
    named = (says(element, n) for n in ("title", "itunes:title", "guid", "atom:title", "atom:id"))
    own = value(element, "text") or value(element, "title")
    return quoted(next(filter(None, named), own)) or None


# ---------------------------------------------------------------- JSON


class JsonError(ValueError):
    """What keeps bytes from being a JSON Feed, with its line."""

    def __init__(self, problem: str, line: int | None = None) -> None:
        super().__init__(problem)
        self.line = line


@dataclass
class JsonItem:
    """One item with its place."""

    said: Any
    line: int | None

    @property
    def spot(self) -> Spot:
        """Its place, for what is found in it."""
        names = (self.said.get(n) for n in ("title", "id")) if isinstance(self.said, dict) else ()
        named = next((str(name) for name in names if name), "")
        return Spot(self.line, quoted(named) or None)


@dataclass
class JsonFeed:
    """A JSON Feed; `said` is its object."""

    said: dict[str, Any]
    lines: dict[str, int]
    """Line of each member of the feed."""
    items: list[JsonItem]
    url: str | None
    now: dt.datetime
    kind: str = field(default=JSON)

    def spot(self, member: str) -> Spot:
        """The place of a member of the feed."""
        return Spot(self.lines.get(member))


def parse_json(data: bytes, url: str | None, now: dt.datetime) -> JsonFeed:
    """The feed. Raises JsonError."""
    try:
        plain = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JsonError("is not in UTF-8", data[: error.start].count(b"\n") + 1) from None
    try:
        said = json.loads(plain)
        if not isinstance(said, dict):
            raise JsonError("is no object", 1)
        lines, items = _placed(plain)
    except json.JSONDecodeError as error:
        raise JsonError(f"{error.msg} in column {error.colno}", error.lineno) from None
    except (RecursionError, ValueError) as error:
        raise JsonError(f"cannot be read: {type(error).__name__}") from None
    return JsonFeed(said, lines, items, url, now)


_BLANK = re.compile(r"[\s,:]*")


def _placed(plain: str) -> tuple[dict[str, int], list[JsonItem]]:
    """Lines of the members, and the items with theirs. The text is known to be JSON."""
    lines, items = dict[str, int](), list[JsonItem]()
    counter = _Lines(plain)
    for key, start in _members(plain):
        lines[key] = counter.of(start)
        if key == "items" and plain[start] == "[":
            items = [
                JsonItem(v, counter.of(at)) for v, at in islice(_list(plain, start), MOST_ITEMS)
            ]
    return lines, items


_decoder: Final = json.JSONDecoder()


def _members(plain: str) -> Iterator[tuple[str, int]]:
    """Each key of the outer object, and where its value begins."""
    at = _after(plain, plain.index("{") + 1)
    while plain[at] == '"':
        key, at = _decoder.raw_decode(plain, at)
        at = _after(plain, at)
        yield key, at
        at = _after(plain, _decoder.raw_decode(plain, at)[1])


def _list(plain: str, start: int) -> Iterator[tuple[Any, int]]:
    at = _after(plain, start + 1)
    while plain[at] != "]":
        found, end = _decoder.raw_decode(plain, at)
        yield found, at
        at = _after(plain, end)


def _after(plain: str, at: int) -> int:
    blank = _BLANK.match(plain, at)
    return blank.end() if blank else at


class _Lines:
    """Line numbers of growing positions."""

    def __init__(self, plain: str) -> None:
        self._plain, self._at, self._line = plain, 0, 1

    def of(self, position: int) -> int:
        self._line += self._plain.count("\n", self._at, max(position, self._at))
        self._at = max(position, self._at)
        return self._line
