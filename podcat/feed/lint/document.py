"""Rules about the bytes of a feed: what keeps programs from reading it at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from podcat.feed.lint import parsing
from podcat.feed.lint.parsing import NAMESPACES, Feed
from podcat.feed.lint.rules import ADVICE, ERROR, WARNING, Hit, Rule, Spot
from podcat.feed.lint.sources import APPLE, APPLE_RULES, APPLE_TAGS, W3C, XML, XML_SPEC, issue

_LARGE: Final = 5_000_000  # bytes; the W3C validator reads no more, some apps less
_ENCODING = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_STYLESHEET = re.compile(rb"<\?xml-stylesheet[^>]*?xsl")
_CONTROL = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:[0-8]|1[124-9]|2\d|3[01]|x0?[0-8bcef]|x1[0-9a-f]);", re.I
)

_UNDEFINED_NAMESPACE: Final = 201
# libxml2's numbers for what is not well-formed, in plain words.
_PLAIN: Final = {
    4: "there is nothing in it",
    5: "something stands after its end",
    23: "an & stands alone; write &amp;",
    26: "&nbsp; and its like are HTML's; write the character itself, or &#160;",
    64: "something stands before <?xml; that must come first",
    68: "an & or < stands alone; write &amp; or &lt;",
    74: "an end tag is broken",
    76: "an element is closed by the wrong end tag",
    77: "it ends too early",
    63: "a CDATA section is not closed with ]]>",
    89: "its entities grow without end",
}


# ---------------------------------------------------------------- before it is parsed


def control_characters(data: bytes) -> Iterator[Hit]:
    """Of the bytes, which no XML may hold, not even escaped."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:64]
    found = None if wide else _CONTROL.search(data)
    if found:
        yield Hit(Spot(data[: found.start()].count(b"\n") + 1), repr(found[0])[2:-1])


def wrong_encoding(data: bytes) -> Iterator[Hit]:
    """Bytes that are not what the encoding that they declare has."""
    declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    name = declared[1].decode() if declared else "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:64]:
        return
    try:
        data.decode(name)
    except UnicodeDecodeError as error:
        yield Hit(Spot(data[: error.start].count(b"\n") + 1), name)
    except LookupError:
        yield Hit(Spot(1), name)


def not_well_formed(error: etree.XMLSyntaxError) -> tuple[Rule, Hit]:
    """What the parser met, in plain words where there are some."""
    said = str(error.msg).partition(", line")[0]
    if error.code == _UNDEFINED_NAMESPACE:
        # "Namespace prefix dc on creator is not defined"
        return PREFIX, Hit(Spot(error.lineno), ":".join(said.split()[2:5:2]))
    return WELL_FORMED, Hit(Spot(error.lineno), _PLAIN.get(error.code or 0, said))


# ---------------------------------------------------------------- of the whole document


def _not_utf8(feed: Feed) -> Iterator[Hit]:
    name = feed.root.getroottree().docinfo.encoding or "UTF-8"
    if name.upper() not in ("UTF-8", "UTF8", "US-ASCII", "ASCII"):
        yield Hit(Spot(1), name)


def _no_declaration(feed: Feed) -> Iterator[Hit]:
    if not _ENCODING.match(feed.data.removeprefix(b"\xef\xbb\xbf")):
        yield Hit(Spot(1))


def _doctype(feed: Feed) -> Iterator[Hit]:
    if feed.root.getroottree().docinfo.doctype:
        yield Hit(Spot(1))


def _stylesheet(feed: Feed) -> Iterator[Hit]:
    if found := _STYLESHEET.search(feed.data[:4096]):
        yield Hit(Spot(feed.data[: found.start()].count(b"\n") + 1))


def _large(feed: Feed) -> Iterator[Hit]:
    if len(feed.data) > _LARGE:
        yield Hit(None, f"{len(feed.data) / 1e6:.1f} MB")
    elif is_vast(feed):
        yield Hit(None, f"{parsing.MOST_ELEMENTS} elements or more")


def is_vast(feed: Feed) -> bool:
    """Whether a feed has so many elements that judging them all would take long."""
    return len(feed.elements) >= parsing.MOST_ELEMENTS


def _strange_namespace(feed: Feed) -> Iterator[Hit]:
    used = {element.tag.rpartition("}")[0][1:] for element in feed.elements}
    for prefix, uri in feed.root.nsmap.items():
        right = NAMESPACES.get(prefix or "")
        if right and uri in used and uri not in {right, *parsing.ALIASES}:
            yield Hit(feed.root, f'xmlns:{prefix}="{uri}"')


BYTES: Final = (
    Rule("control-character", ERROR, XML,
         "the control character {} stands in the feed, and nobody can read the whole; leave it out",
         f"{XML_SPEC}#charsets", control_characters),
    Rule("encoding", ERROR, XML,
         "these bytes are not {}, as the first line says (UTF-8 if it says nothing); "
         "save the feed as UTF-8",
         f"{XML_SPEC}#charencoding", wrong_encoding),
)  # fmt: skip
"""Checked before parsing: their checks take bytes."""

WELL_FORMED: Final = Rule(
    "well-formed", ERROR, XML,
    "is not well-formed XML: {}; most apps read nothing of it",
    f"{XML_SPEC}#sec-well-formed", lambda _: (),
)  # fmt: skip
PREFIX: Final = Rule(
    "prefix-undeclared", ERROR, XML,
    "{} has a prefix that is declared nowhere; add its xmlns to <rss>",
    "https://www.w3.org/TR/xml-names/", lambda _: (),
)  # fmt: skip
BY_PARSING: Final = (WELL_FORMED, PREFIX)
"""Found by parsing; all else is judged when it is mended."""

RULES: Final = (
    Rule("utf-8", WARNING, APPLE,
         "the feed is in {}; Apple wants UTF-8", APPLE_TAGS, _not_utf8),
    Rule("xml-declaration", ADVICE, APPLE,
         'begin the feed with <?xml version="1.0" encoding="UTF-8"?>', APPLE_TAGS, _no_declaration),
    Rule("doctype", WARNING, W3C,
         "the feed has a DOCTYPE; careful readers refuse those, so leave it out",
         "https://github.com/tiran/defusedxml#how-to-avoid-xml-vulnerabilities", _doctype),
    Rule("stylesheet", ADVICE, "Chromium",
         "browsers give up XSL style sheets and warn of them; "
         "leave it out and link a page for people",
         "https://developer.chrome.com/docs/web-platform/deprecating-xslt", _stylesheet),
    Rule("feed-size", WARNING, W3C,
         "the feed has {}, and some readers stop before that; "
         "put older items on further pages (rel=next)",
         issue("ttlequals0/MinusPod", 67), _large),
    Rule("namespace", WARNING, APPLE,
         "{} is not the address that apps compare with, letter by letter; "
         "they see none of its tags",
         APPLE_RULES, _strange_namespace),
)  # fmt: skip
