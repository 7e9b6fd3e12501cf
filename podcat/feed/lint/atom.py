"""Rules about Atom and RSS 1.0, which feed readers know and podcast directories do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from podcat.feed import values
from podcat.feed.lint.parsing import Feed, every, first, label, says, short, value, words
from podcat.feed.lint.rules import ERROR, WARNING, Hit, Rule, Spot, each
from podcat.feed.lint.sources import APPLE, APPLE_RULES, ATOM, ATOM_SPEC, issue

_NEEDED: Final = ("atom:id", "atom:title", "atom:updated")


def _not_rss(feed: Feed) -> Iterator[Hit]:
    yield Hit(Spot(feed.root.sourceline), feed.kind)


def _lacks(feed: Feed) -> Iterator[Hit]:
    for parent in (feed.channel, *feed.items):
        for name in _NEEDED:
            if not says(parent, name):
                yield Hit(parent, name.removeprefix("atom:"))


def _dates(feed: Feed) -> Iterator[Hit]:
    for parent in (feed.channel, *feed.items):
        for name in ("atom:updated", "atom:published"):
            for element in every(parent, name):
                if words(element) and not values.internet_date(words(element)):
                    yield Hit(element, words(element))


def _same_id(feed: Feed) -> Iterator[Hit]:
    seen = dict[str, str | None]()
    for entry in feed.items:
        name = says(entry, "atom:id")
        if name and name in seen:
            yield Hit(first(entry, "atom:id"), f"{name} (see {seen[name]})")
        seen.setdefault(name, label(entry))


def _files(entry: Any) -> Iterator[Any]:
    return (link for link in every(entry, "atom:link") if value(link, "rel") == "enclosure")


def _page(entry: Any) -> Iterator[Hit]:
    for link in _files(entry):
        if values.is_page(value(link, "href"), value(link, "type")):
            yield Hit(link, value(link, "href"))


def _no_type(entry: Any) -> Iterator[Hit]:
    for link in _files(entry):
        if not values.is_mime(value(link, "type")):
            yield Hit(link)


def _addresses(feed: Feed) -> Iterator[Hit]:
    for link in (e for e in feed.elements if short(e) == "atom:link"):
        based = any("{http://www.w3.org/XML/1998/namespace}base" in e.attrib
                    for e in (link, *link.iterancestors()))  # fmt: skip
        if not based and not values.is_address(value(link, "href")):
            yield Hit(link, value(link, "href") or "nothing")


NOT_RSS: Final = Rule(
    "not-rss", WARNING, APPLE,
    "this is {}; Apple and most podcast directories read RSS 2.0 only", APPLE_RULES, _not_rss,
)  # fmt: skip

RULES: Final = (
    NOT_RSS,
    Rule("atom-required", WARNING, ATOM,
         "there is no <{}>, which Atom demands", f"{ATOM_SPEC}#section-4.1", _lacks),
    Rule("atom-date", WARNING, ATOM,
         "{} is no date such as 2022-01-13T08:00:00Z", f"{ATOM_SPEC}#section-3.3", _dates),
    Rule("atom-id-twice", ERROR, ATOM,
         "another entry has the same id {}; readers show only one of them",
         f"{ATOM_SPEC}#section-4.2.6", _same_id),
    Rule("atom-enclosure-page", ERROR, "gPodder, podget, castero",
         "the enclosure {} is a page; apps save its HTML as an episode. Link it as rel=alternate",
         f"{ATOM_SPEC}#section-4.2.7", each(_page)),
    Rule("atom-enclosure-type", WARNING, "AntennaPod",
         "the enclosure has no type such as audio/mpeg; some apps see no episode",
         issue("AntennaPod/AntennaPod", 2074), each(_no_type)),
    Rule("atom-address", WARNING, ATOM,
         "a link leads to {}; write the address in full, or say xml:base",
         f"{ATOM_SPEC}#section-4.2.7", _addresses),
)  # fmt: skip
