"""Rules about addresses: links between feeds, paging, hubs, and the form of any address."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urldefrag

from podcat import urls
from podcat.feed import values
from podcat.feed.lint.parsing import Feed, every, short, value
from podcat.feed.lint.rules import ADVICE, WARNING, Hit, Rule
from podcat.feed.lint.sources import (
    APPLE,
    APPLE_RULES,
    PAGING_SPEC,
    PSP,
    PSP_SPEC,
    W3C,
    WEBSUB_SPEC,
    w3c,
)

# The registered relations that feeds use; others are mistakes more often than not.
_RELATIONS: Final = frozenset({
    "", "alternate", "self", "hub", "next", "previous", "first", "last", "current", "related",
    "via", "enclosure", "license", "payment", "prev-archive", "next-archive", "search", "author",
    "http://podlove.org/deep-link", "http://podlove.org/simple-chapters", "replies", "edit",
    "service", "me", "icon", "describedby", "privacy-policy", "terms-of-service", "copyright",
    "http://schemas.google.com/g/2005#feed", "http://schemas.google.com/g/2005#post", "canonical",
})  # fmt: skip
_PAGING: Final = ("next", "previous", "first", "last")
_FETCHED: Final = frozenset({
    "enclosure", "itunes:image", "url", "podcast:transcript", "podcast:chapters", "atom:link",
    "media:content", "media:thumbnail", "podcast:image",
})  # fmt: skip


def _links(feed: Feed, *relations: str) -> Iterator[Any]:
    for link in every(feed.channel, "atom:link"):
        if value(link, "rel") in relations:
            yield link


def _no_self(feed: Feed) -> Iterator[Hit]:
    if feed.channel is not feed.root and next(_links(feed, "self", "hub"), None) is None:
        yield Hit(feed.channel)


def _other_self(feed: Feed) -> Iterator[Hit]:
    for link in _links(feed, "self"):
        stated = value(link, "href")
        if feed.url and stated and urldefrag(stated)[0] != urldefrag(feed.url)[0]:
            yield Hit(link, stated)


def _odd_relation(feed: Feed) -> Iterator[Hit]:
    for link in every(feed.channel, "atom:link"):
        relation = value(link, "rel")
        if relation.lower() not in _RELATIONS:
            hint = " (write previous)" if relation == "prev" else ""
            yield Hit(link, relation + hint)


def _circle(feed: Feed) -> Iterator[Hit]:
    here = {feed.url, *(value(link, "href") for link in _links(feed, "self"))} - {None}
    for link in _links(feed, "next", "previous"):
        if value(link, "href") in here:
            yield Hit(link, value(link, "rel"))


def _paging_twice(feed: Feed) -> Iterator[Hit]:
    for relation in _PAGING:
        found = list(_links(feed, relation))
        if len({value(link, "href") for link in found}) > 1:
            yield Hit(found[1], relation)


def _hub_alone(feed: Feed) -> Iterator[Hit]:
    for hub in _links(feed, "hub"):
        if next(_links(feed, "self"), None) is None:
            yield Hit(hub)


def _not_an_address(feed: Feed) -> Iterator[Hit]:
    for element, url in feed.addresses:
        if not values.is_address(url) and not url.lower().startswith(("mailto:", "tel:")):
            yield Hit(element, f"{url} in <{short(element)}>")


def _not_ascii(feed: Feed) -> Iterator[Hit]:
    files = [(e, value(e, "url")) for item in feed.items for e in every(item, "enclosure")]
    for element, url in (*feed.addresses, *files):
        if values.is_address(url) and (not url.isascii() or " " in url):
            yield Hit(element, url)


def _fetched(feed: Feed) -> Iterator[tuple[Any, str]]:
    """What apps fetch by themselves: files, pictures, feeds."""
    yield from ((e, url) for e, url in feed.addresses if short(e) in _FETCHED)
    yield from ((e, value(e, "url")) for item in feed.items for e in every(item, "enclosure"))


def _insecure(feed: Feed) -> Iterator[Hit]:
    for element, url in _fetched(feed):
        if url.lower().startswith("http:") and not _is_local(url):
            yield Hit(element, url)


def _local(feed: Feed) -> Iterator[Hit]:
    """The first one: where the base address is wrong, all are."""
    found = next(((e, url) for e, url in _fetched(feed) if _is_local(url)), None)
    if found:
        yield Hit(*found)


def _is_local(url: str) -> bool:
    address = urls.parse(url)
    try:
        host = ipaddress.ip_address(address.host) if address else None
    except ValueError:
        return address is not None and address.host in ("localhost", "localhost.localdomain")
    return host is not None and host.is_private


RULES: Final = (
    Rule("atom-self", WARNING, PSP,
         'the feed does not say its own address; add <atom:link rel="self" href="…" '
         'type="application/rss+xml"/>',
         PSP_SPEC, _no_self),
    Rule("atom-self-other", WARNING, W3C,
         "the feed says that its address is {}, but it was found at another",
         w3c("warning", "SelfDoesntMatchLocation"), _other_self),
    Rule("atom-relation", WARNING, W3C,
         "a link has the relation {}, which nobody follows",
         w3c("warning", "UnregisteredAtomLinkRel"), _odd_relation),
    Rule("paging-circle", WARNING, "RFC 5005",
         "rel={} leads back to this page; gPodder and AntennaPod would walk in a circle",
         PAGING_SPEC, _circle),
    Rule("paging-twice", WARNING, "RFC 5005",
         "there are two different links rel={}; apps follow either", PAGING_SPEC, _paging_twice),
    Rule("hub-without-self", WARNING, "WebSub",
         "a hub is named, but no rel=self that one could subscribe to",
         f"{WEBSUB_SPEC}#discovery", _hub_alone),
    Rule("address", WARNING, W3C,
         "{} is no full address; apps complete it each in their own way, or not at all",
         w3c("warning", "ContainsRelRef"), _not_an_address),
    Rule("address-ascii", WARNING, APPLE,
         "the address {} has letters that addresses cannot have; percent-encode them",
         APPLE_RULES, _not_ascii),
    Rule("address-http", ADVICE, APPLE,
         "{} is fetched without encryption, which phones refuse or warn of; use https",
         "https://developer.apple.com/documentation/security/preventing-insecure-network-connections",
         _insecure),
    Rule("address-local", WARNING, APPLE,
         "{} is an address of this machine or network; nobody else reaches it",
         APPLE_RULES, _local),
)  # fmt: skip
