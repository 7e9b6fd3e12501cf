"""Rules about OPML: what apps import as a list of feeds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from podcat.feed import values
from podcat.feed.lint.parsing import Feed, first, says, value, words
from podcat.feed.lint.rules import ADVICE, ERROR, WARNING, Hit, Rule
from podcat.feed.lint.sources import OPML, OPML_SPEC

_VERSIONS: Final = ("1.0", "1.1", "2.0")
_SUBSCRIBED: Final = f"{OPML_SPEC}#subscriptionLists"


def _outlines(feed: Feed) -> Iterator[Any]:
    return (e for e in feed.elements if e.tag == "outline")


def _subscriptions(feed: Feed) -> Iterator[Any]:
    """Outlines that mean a feed: by their type, or by an address of one."""
    for outline in _outlines(feed):
        if value(outline, "type").lower() in ("rss", "atom") or "xmlUrl" in outline.attrib:
            yield outline


def _version(feed: Feed) -> Iterator[Hit]:
    if value(feed.root, "version") not in _VERSIONS:
        yield Hit(feed.root, value(feed.root, "version") or "missing")


def _no_head(feed: Feed) -> Iterator[Hit]:
    if feed.root.find("head") is None:
        yield Hit(feed.root)


def _no_title(feed: Feed) -> Iterator[Hit]:
    head = first(feed.root, "head")
    if head is not None and not says(head, "title"):
        yield Hit(head)


def _no_body(feed: Feed) -> Iterator[Hit]:
    if feed.root.find("body") is None:
        yield Hit(feed.root)


def _nothing(feed: Feed) -> Iterator[Hit]:
    body = feed.root.find("body")
    if body is not None and next(_subscriptions(feed), None) is None:
        yield Hit(body)


def _no_text(feed: Feed) -> Iterator[Hit]:
    for outline in _outlines(feed):
        if not value(outline, "text"):
            yield Hit(outline)


def _no_address(feed: Feed) -> Iterator[Hit]:
    for outline in _subscriptions(feed):
        if not values.is_address(value(outline, "xmlUrl")):
            yield Hit(outline, value(outline, "xmlUrl") or "missing")


def _other_type(feed: Feed) -> Iterator[Hit]:
    for outline in _subscriptions(feed):
        if value(outline, "type") != "rss":
            yield Hit(outline, value(outline, "type") or "missing")


def _misspelt(feed: Feed) -> Iterator[Hit]:
    right = {"xmlurl": "xmlUrl", "htmlurl": "htmlUrl"}
    for outline in _outlines(feed):
        for name in outline.attrib:
            if name.lower() in right and name != right[name.lower()]:
                yield Hit(outline, f"{name} is to be written {right[name.lower()]}")


def _page_address(feed: Feed) -> Iterator[Hit]:
    for outline in _outlines(feed):
        url = value(outline, "htmlUrl")
        if url and not values.is_address(url):
            yield Hit(outline, url)


def _dates(feed: Feed) -> Iterator[Hit]:
    for name in ("dateCreated", "dateModified"):
        element = feed.root.find(f"head/{name}")
        if words(element) and not values.mail_date(words(element)).is_exact:
            yield Hit(element, f"{name} {words(element)}")


def _twice(feed: Feed) -> Iterator[Hit]:
    seen = set[str]()
    for outline in _subscriptions(feed):
        url = value(outline, "xmlUrl")
        if url and url in seen:
            yield Hit(outline, url)
        seen.add(url)


RULES: Final = (
    Rule("opml-version", WARNING, OPML,
         "the version is {}; write 2.0", f"{OPML_SPEC}#whatIsAnLtopmlgt", _version),
    Rule("opml-head", WARNING, OPML,
         "there is no <head>, which OPML demands", f"{OPML_SPEC}#whatIsALtheadgt", _no_head),
    Rule("opml-title", ADVICE, OPML,
         "the list has no <title>", f"{OPML_SPEC}#whatIsALtheadgt", _no_title),
    Rule("opml-body", ERROR, OPML,
         "there is no <body>; apps find nothing to import",
         f"{OPML_SPEC}#whatIsALtbodygt", _no_body),
    Rule("opml-nothing", WARNING, OPML,
         "no outline has an xmlUrl, so there is nothing to subscribe to", _SUBSCRIBED, _nothing),
    Rule("opml-text", WARNING, OPML,
         "an outline has no text, by which apps show it",
         f"{OPML_SPEC}#whatIsAnLtoutlinegt", _no_text),
    Rule("opml-address", ERROR, OPML,
         "the xmlUrl of an outline is {}; apps pass over what has no full address",
         _SUBSCRIBED, _no_address),
    Rule("opml-type", WARNING, OPML,
         "the type of an outline is {}; write rss, whatever the format of the feed",
         _SUBSCRIBED, _other_type),
    Rule("opml-case", WARNING, OPML,
         "{}; names of attributes are case-sensitive", _SUBSCRIBED, _misspelt),
    Rule("opml-page", WARNING, OPML,
         "the htmlUrl {} is no full address", _SUBSCRIBED, _page_address),
    Rule("opml-date", WARNING, OPML,
         "{} is no date such as Thu, 13 Jan 2022 08:00:00 +0000",
         f"{OPML_SPEC}#whatIsALtheadgt", _dates),
    Rule("opml-twice", WARNING, OPML,
         "{} stands there twice; some apps subscribe twice", _SUBSCRIBED, _twice),
)  # fmt: skip
