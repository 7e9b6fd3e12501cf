"""Rules about an RSS channel: what RSS itself, PSP-1 and the W3C validator want."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from podcat.feed import values
from podcat.feed.lint.parsing import Feed, every, first, says, short, words
from podcat.feed.lint.rules import ADVICE, ERROR, WARNING, Hit, Rule
from podcat.feed.lint.sources import (
    APPLE,
    APPLE_RULES,
    APPLE_TAGS,
    PSP,
    PSP_SPEC,
    RSS,
    RSS_SPEC,
    W3C,
    w3c,
)

LONGEST_TEXT: Final = 255  # characters, PSP-1 for every value it says nothing else of
LONGEST_DESCRIPTION: Final = 4000  # bytes, Apple and PSP-1
_CONTACT = re.compile(r"[^@\s()]+@[^@\s()]+(\s*\(.*\))?")
_RIGHTS = re.compile(r"(copyright|\(c\)|©|℗|&copy;)", re.I)
_ONCE_IN_CHANNEL: Final = (
    "title", "link", "description", "language", "copyright", "pubDate", "lastBuildDate", "ttl",
    "image", "itunes:author", "itunes:explicit", "itunes:image", "itunes:owner", "itunes:type",
    "podcast:guid", "podcast:locked", "podcast:medium", "podcast:updateFrequency",
)  # fmt: skip
_ONCE_IN_ITEM: Final = (
    "title", "link", "description", "guid", "pubDate", "author", "content:encoded",
    "itunes:duration", "itunes:episode", "itunes:episodeType", "itunes:explicit", "itunes:image",
    "itunes:season", "podcast:season", "podcast:episode", "podcast:chapters",
)  # fmt: skip


def _not_rss_2(feed: Feed) -> Iterator[Hit]:
    if feed.root.get("version") != "2.0":
        yield Hit(feed.root, feed.root.get("version") or "nothing")


def _no_channel(feed: Feed) -> Iterator[Hit]:
    if feed.channel is feed.root:
        yield Hit(feed.root)


def _without(name: str) -> Any:
    """A check for a channel that does not say this."""

    def check(feed: Feed) -> Iterator[Hit]:
        if feed.channel is not feed.root and not says(feed.channel, name):
            found = first(feed.channel, name)
            yield Hit(feed.channel if found is None else found)

    return check


def _no_items(feed: Feed) -> Iterator[Hit]:
    if feed.channel is not feed.root and not feed.items:
        yield Hit(feed.channel)


def _misplaced_items(feed: Feed) -> Iterator[Hit]:
    if feed.channel is not feed.root:
        yield from map(Hit, every(feed.root, "item"))


def _twice(feed: Feed) -> Iterator[Hit]:
    yield from _repeated(feed.channel, _ONCE_IN_CHANNEL)
    for item in feed.items:
        yield from _repeated(item, _ONCE_IN_ITEM)


def _repeated(parent: Any, names: tuple[str, ...]) -> Iterator[Hit]:
    counts = Counter(short(child) for child in parent)
    for name in names:
        if counts[name] > 1:
            yield Hit(list(every(parent, name))[1], name)


def _strange_language(feed: Feed) -> Iterator[Hit]:
    said = says(feed.channel, "language")
    if said and not values.is_language(said):
        yield Hit(first(feed.channel, "language"), said)


def _dates(feed: Feed) -> Iterator[Hit]:
    for name in ("pubDate", "lastBuildDate"):
        for element in every(feed.channel, name):
            date = values.mail_date(words(element))
            if words(element) and not (date.is_exact and date.fits_weekday):
                yield Hit(element, f"{name} {words(element)}")


def _built_tomorrow(feed: Feed) -> Iterator[Hit]:
    for name in ("pubDate", "lastBuildDate"):
        when = values.mail_date(says(feed.channel, name)).when
        if when and (when - feed.now).days >= 1:
            yield Hit(first(feed.channel, name), f"{name} {says(feed.channel, name)}")


def _ttl(feed: Feed) -> Iterator[Hit]:
    for element in every(feed.channel, "ttl"):
        if not values.whole(words(element)):
            yield Hit(element, words(element))


def _image(feed: Feed) -> Iterator[Hit]:
    for image in every(feed.channel, "image"):
        missing = [name for name in ("url", "title", "link") if not says(image, name)]
        if missing:
            yield Hit(image, " and no ".join(missing))


def _other_image(feed: Feed) -> Iterator[Hit]:
    for image in every(feed.channel, "image"):
        for name in ("title", "link"):
            ours, theirs = says(image, name), says(feed.channel, name)
            if ours and theirs and ours.rstrip("/") != theirs.rstrip("/"):
                yield Hit(first(image, name), f"{name} {ours}")


def _contacts(feed: Feed) -> Iterator[Hit]:
    elements = [e for n in ("managingEditor", "webMaster") for e in every(feed.channel, n)]
    elements += [e for item in feed.items for e in every(item, "author")]
    for element in elements:
        if words(element) and not _CONTACT.fullmatch(words(element)):
            yield Hit(element, f"{short(element)} {words(element)}")


def _rights(feed: Feed) -> Iterator[Hit]:
    element = first(feed.channel, "copyright")
    if _RIGHTS.match(words(element)):
        yield Hit(element, words(element))


def _long_description(feed: Feed) -> Iterator[Hit]:
    for parent in (feed.channel, *feed.items):
        for name in ("description", "itunes:summary"):
            size = len(says(parent, name).encode("utf-8", "replace"))
            if size > LONGEST_DESCRIPTION:
                yield Hit(first(parent, name), f"{name} of {size} bytes")


def _long_text(feed: Feed) -> Iterator[Hit]:
    for parent in (feed.channel, *feed.items):
        for name in ("title", "itunes:title", "itunes:author", "itunes:subtitle"):
            if len(says(parent, name)) > LONGEST_TEXT:
                yield Hit(first(parent, name), f"{name} of {len(says(parent, name))} characters")


RULES: Final = (
    Rule("rss-version", WARNING, APPLE,
         "the feed says version {}; Apple and most directories read RSS 2.0 only",
         RSS_SPEC, _not_rss_2),
    Rule("channel", ERROR, RSS,
         "there is no <channel>; apps find nothing to show", RSS_SPEC, _no_channel),
    Rule("channel-title", ERROR, RSS,
         "the feed has no title", RSS_SPEC, _without("title")),
    Rule("channel-description", ERROR, RSS,
         "the feed has no description", RSS_SPEC, _without("description")),
    Rule("channel-link", WARNING, RSS,
         "the feed has no <link> to a page for people", RSS_SPEC, _without("link")),
    Rule("no-items", WARNING, APPLE,
         "there is no item; Apple takes a podcast when one episode can be played",
         APPLE_RULES, _no_items),
    Rule("item-place", WARNING, RSS,
         "this item stands outside <channel>, where RSS 2.0 has none; many apps do not see it",
         RSS_SPEC, _misplaced_items),
    Rule("element-twice", WARNING, W3C,
         "there is more than one {}; apps take one of them, each its own",
         w3c("error", "DuplicateElement"), _twice),
    Rule("language-form", WARNING, APPLE,
         "the language {} is no code such as en or pt-BR",
         APPLE_TAGS, _strange_language),
    Rule("channel-date", WARNING, RSS,
         "{} is no date such as Thu, 13 Jan 2022 08:00:00 +0000",
         RSS_SPEC, _dates),
    Rule("channel-date-future", WARNING, W3C,
         "{} is yet to come", w3c("warning", "ImplausibleDate"), _built_tomorrow),
    Rule("ttl", WARNING, RSS,
         "ttl {} is no number of minutes", f"{RSS_SPEC}#ltttlgtSubelementOfLtchannelgt", _ttl),
    Rule("channel-image", WARNING, RSS,
         "<image> has no {}; it needs url, title and link",
         f"{RSS_SPEC}#ltimagegtSubelementOfLtchannelgt", _image),
    Rule("channel-image-words", ADVICE, W3C,
         "the image's {} differs from the feed's",
         w3c("warning", "ImageTitleDoesntMatch"), _other_image),
    Rule("contact", ADVICE, W3C,
         "{} is not of the form desk@example.org (Name); leave it out and use itunes:author",
         w3c("error", "InvalidContact"), _contacts),
    Rule("copyright", ADVICE, PSP,
         "copyright is to name holder and year, without the word or the sign: {}",
         PSP_SPEC, _rights),
    Rule("description-length", WARNING, APPLE,
         f"a {{}} is longer than the {LONGEST_DESCRIPTION} that Apple shows; shorten it "
         "(content:encoded may be longer)",
         APPLE_TAGS, _long_description),
    Rule("text-length", WARNING, PSP,
         f"a {{}} is longer than {LONGEST_TEXT}, and apps cut it", PSP_SPEC, _long_text),
)  # fmt: skip
