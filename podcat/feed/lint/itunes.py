"""Rules about the tags of Apple Podcasts, which all directories read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from podcat.feed import categories, values
from podcat.feed.lint.parsing import Feed, every, first, says, value
from podcat.feed.lint.rules import ADVICE, ERROR, WARNING, Hit, Rule, each
from podcat.feed.lint.sources import (
    APPLE,
    APPLE_ART,
    APPLE_CATEGORIES,
    APPLE_TAGS,
    PSP,
    PSP_SPEC,
    W3C,
    w3c,
)

_EMAIL = re.compile(r"[^@\s<>()]+@[^@\s<>().]+(?:\.[^@\s<>().]+)+")
_SIZE = re.compile(r"(?<!\d)(\d{2,4})x(\d{2,4})(?!\d)")
_WIDTH = re.compile(r"[?&;](?:s|w|size|width)=(\d{2,4})(?!\d)")
_IMAGES: Final = frozenset({"jpg", "jpeg", "png"})
_OTHER_IMAGES: Final = frozenset(
    {"webp", "gif", "svg", "avif", "bmp", "tif", "tiff", "heic", "ico"}
)
_SMALLEST, _LARGEST = 1400, 3000  # pixels


def _podcast_without(is_missing: Callable[[Any], bool]) -> Callable[[Feed], Iterator[Hit]]:
    """A check for a channel with recordings that lacks something."""

    def check(feed: Feed) -> Iterator[Hit]:
        if feed.is_podcast and is_missing(feed.channel):
            yield Hit(feed.channel)

    return check


# ---------------------------------------------------------------- pictures


def _picture(parent: Any) -> str:
    return value(first(parent, "itunes:image"), "href")


def _pictures(feed: Feed) -> Iterator[tuple[Any, str]]:
    for parent in (feed.channel, *feed.items):
        for element in every(parent, "itunes:image"):
            yield element, value(element, "href")


def _no_href(feed: Feed) -> Iterator[Hit]:
    for element, url in _pictures(feed):
        if not url and element.getparent() is not feed.channel:
            yield Hit(element)


def _odd_picture(feed: Feed) -> Iterator[Hit]:
    for element, url in _pictures(feed):
        if values.extension(url) in _OTHER_IMAGES:
            yield Hit(element, url)


def _unnamed_picture(feed: Feed) -> Iterator[Hit]:
    url = _picture(feed.channel)
    if url and values.extension(url) not in _IMAGES | _OTHER_IMAGES:
        yield Hit(first(feed.channel, "itunes:image"), url)


def _picture_size(feed: Feed) -> Iterator[Hit]:
    """Judged where the address tells the size, as most services' addresses do."""
    url = _picture(feed.channel)
    found = _SIZE.search(url) or _WIDTH.search(url)
    sides = [int(side) for side in found.groups()] if found else []
    if sides and (len(set(sides)) > 1 or not _SMALLEST <= sides[0] <= _LARGEST):
        size = "x".join(map(str, sides if len(sides) > 1 else sides * 2))
        yield Hit(first(feed.channel, "itunes:image"), size)


# ---------------------------------------------------------------- what the show is


def _no_category(channel: Any) -> bool:
    return not any(value(e, "text") for e in every(channel, "itunes:category"))


def _unknown_category(feed: Feed) -> Iterator[Hit]:
    for outer in every(feed.channel, "itunes:category"):
        names = [value(inner, "text") for inner in every(outer, "itunes:category")]
        for below in names or [""]:
            name = value(outer, "text")
            path = name + categories.SEPARATOR + below if below else name
            if name and not categories.is_known(path):
                yield Hit(outer, path + _nearest(path))
                break


def _nearest(path: str) -> str:
    known = list(categories.all_names())
    near = difflib.get_close_matches(path[:100], known, 1, 0.6)
    by_end = [
        n for n in known if n.split(categories.SEPARATOR)[-1] == path.rsplit(" > ", maxsplit=1)[-1]
    ]
    found = next(iter(by_end + near), None)
    return f" (did you mean {found}?)" if found else ""


def _explicit(feed: Feed) -> Iterator[Hit]:
    for parent in (feed.channel, *feed.items):
        said = says(parent, "itunes:explicit")
        if said and said not in ("true", "false"):
            right = "true" if said.lower() in ("yes", "explicit", "true") else "false"
            yield Hit(first(parent, "itunes:explicit"), f"{said}; write {right}")


def _no_owner(channel: Any) -> bool:
    return not any(says(owner, "itunes:email") for owner in every(channel, "itunes:owner"))


def _odd_email(feed: Feed) -> Iterator[Hit]:
    for owner in every(feed.channel, "itunes:owner"):
        email = says(owner, "itunes:email")
        if email and not _EMAIL.fullmatch(email):
            yield Hit(first(owner, "itunes:email"), email)


def _odd_value(name: str, right: tuple[str, ...]) -> Callable[[Feed], Iterator[Hit]]:
    """A check for a tag that takes a few values only, whatever the case of its letters."""

    def check(feed: Feed) -> Iterator[Hit]:
        for parent in (feed.channel, *feed.items):
            said = says(parent, name)
            if said and said.lower() not in right:
                yield Hit(first(parent, name), said)

    return check


def _unnumbered(feed: Feed) -> Iterator[Hit]:
    if says(feed.channel, "itunes:type").lower() == "serial":
        for item in feed.items:
            full = says(item, "itunes:episodeType").lower() in ("", "full")
            if full and not says(item, "itunes:episode"):
                yield Hit(item)


def _moving(feed: Feed) -> Iterator[Hit]:
    said = says(feed.channel, "itunes:new-feed-url")
    selves = {value(e, "href") for e in every(feed.channel, "atom:link") if e.get("rel") == "self"}
    if said and said not in selves | {feed.url}:
        yield Hit(first(feed.channel, "itunes:new-feed-url"), said)


def _closing(name: str) -> Callable[[Feed], Iterator[Hit]]:
    def check(feed: Feed) -> Iterator[Hit]:
        for parent in (feed.channel, *feed.items):
            if says(parent, name).lower() == "yes":
                yield Hit(first(parent, name))

    return check


# ---------------------------------------------------------------- episodes


def _odd_duration(item: Any) -> Iterator[Hit]:
    said = says(item, "itunes:duration")
    number = values.whole(said)
    if said and not number and not (values.is_clock(said) and said.strip("0:")):
        yield Hit(first(item, "itunes:duration"), said)


def _clock(item: Any) -> Iterator[Hit]:
    said = says(item, "itunes:duration")
    if values.is_clock(said) and said.strip("0:"):
        yield Hit(first(item, "itunes:duration"), said)


def _no_duration(item: Any) -> Iterator[Hit]:
    if first(item, "enclosure") is not None and not says(item, "itunes:duration"):
        yield Hit(item)


def _odd_number(item: Any) -> Iterator[Hit]:
    for name in ("itunes:episode", "itunes:season"):
        if says(item, name) and not values.whole(says(item, name)):
            yield Hit(first(item, name), f"{name} {says(item, name)}")


RULES: Final = (
    Rule("itunes-image", ERROR, APPLE,
         'the feed has no <itunes:image href="…">; Apple wants a square JPEG or PNG of 1400 to '
         "3000 pixels",
         APPLE_TAGS, _podcast_without(lambda channel: not _picture(channel))),
    Rule("itunes-image-href", WARNING, APPLE,
         "itunes:image has no href with the picture's address", APPLE_TAGS, _no_href),
    Rule("itunes-image-type", WARNING, APPLE,
         "Apple shows JPEG and PNG only, not {}", APPLE_ART, _odd_picture),
    Rule("itunes-image-extension", ADVICE, APPLE,
         "the address of the picture {} does not end in .jpg or .png, as Apple asks",
         APPLE_ART, _unnamed_picture),
    Rule("itunes-image-size", WARNING, APPLE,
         f"by its address the picture has {{}} pixels; "
         f"Apple wants a square of {_SMALLEST} to {_LARGEST}",
         APPLE_ART, _picture_size),
    Rule("itunes-category", ERROR, APPLE,
         'the feed has no <itunes:category text="…">; take one of Apple\'s, such as News',
         APPLE_TAGS, _podcast_without(_no_category)),
    Rule("itunes-category-name", WARNING, APPLE,
         "Apple has no category {}; apps file the feed under nothing",
         APPLE_CATEGORIES, _unknown_category),
    Rule("language", ERROR, APPLE,
         "the feed does not say its language; add <language>en</language> or what it is",
         APPLE_TAGS, _podcast_without(lambda channel: not says(channel, "language"))),
    Rule("itunes-explicit", ERROR, APPLE,
         "the feed does not say whether it is explicit; "
         "add <itunes:explicit>false</itunes:explicit>",
         APPLE_TAGS, _podcast_without(lambda channel: not says(channel, "itunes:explicit"))),
    Rule("itunes-explicit-value", WARNING, W3C,
         "itunes:explicit is {}", w3c("error", "InvalidTrueFalse"), _explicit),
    Rule("itunes-author", ADVICE, APPLE,
         "the feed names no itunes:author",
         APPLE_TAGS, _podcast_without(lambda channel: not says(channel, "itunes:author"))),
    Rule("itunes-owner", ADVICE, "Spotify",
         "the feed has no itunes:owner with an itunes:email; "
         "Spotify and others send a code there to prove ownership",
         w3c("warning", "MissingItunesEmail"), _podcast_without(_no_owner)),
    Rule("itunes-email", WARNING, W3C,
         "{} is no mail address", w3c("error", "InvalidContact"), _odd_email),
    Rule("itunes-type", WARNING, APPLE,
         "itunes:type is {}; it can be episodic or serial",
         APPLE_TAGS, _odd_value("itunes:type", ("episodic", "serial"))),
    Rule("itunes-serial", WARNING, APPLE,
         "the show is serial, but this episode has no itunes:episode; apps show it out of order",
         APPLE_TAGS, _unnumbered),
    Rule("itunes-new-feed-url", WARNING, APPLE,
         "itunes:new-feed-url sends subscribers away to {}; leave it out if that is not meant",
         APPLE_TAGS, _moving),
    Rule("itunes-block", ADVICE, APPLE,
         "itunes:block hides this from Apple and other directories",
         APPLE_TAGS, _closing("itunes:block")),
    Rule("itunes-block-value", WARNING, APPLE,
         "itunes:block is {}, which blocks nothing; write Yes, or leave it out",
         APPLE_TAGS, _odd_value("itunes:block", ("yes", "no"))),
    Rule("itunes-complete", ADVICE, APPLE,
         "itunes:complete says that nothing comes any more; apps ask less often or never",
         APPLE_TAGS, _closing("itunes:complete")),
    Rule("itunes-duration", ADVICE, APPLE,
         "the item does not say its itunes:duration", APPLE_TAGS, each(_no_duration)),
    Rule("itunes-duration-form", WARNING, W3C,
         "itunes:duration {} is no length; write whole seconds",
         w3c("error", "InvalidDuration"), each(_odd_duration)),
    Rule("itunes-duration-seconds", ADVICE, PSP,
         "itunes:duration {} is better written in seconds", PSP_SPEC, each(_clock)),
    Rule("itunes-number", WARNING, APPLE,
         "{} is no number from 1 on", w3c("error", "InvalidPositiveInteger"), each(_odd_number)),
    Rule("itunes-episode-type", WARNING, APPLE,
         "itunes:episodeType is {}; it can be full, trailer or bonus",
         APPLE_TAGS, _odd_value("itunes:episodeType", ("full", "trailer", "bonus"))),
)  # fmt: skip
