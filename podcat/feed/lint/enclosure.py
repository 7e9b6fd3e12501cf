"""Rules about what an item brings to play."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from podcat.feed import values
from podcat.feed.lint.item import leads_nowhere
from podcat.feed.lint.parsing import Feed, every, first, label, qualified, value
from podcat.feed.lint.rules import ADVICE, ERROR, WARNING, Hit, Rule, each
from podcat.feed.lint.sources import (
    APPLE,
    APPLE_RULES,
    APPLE_TAGS,
    MEDIA_SPEC,
    RSS,
    RSS_SPEC,
    W3C,
    issue,
    w3c,
)

_SMALLEST: Final = 16 * 1024  # bytes, below which AntennaPod does not believe a length
_SECTION: Final = f"{RSS_SPEC}#ltenclosuregtSubelementOfLtitemgt"
# Names that are in use for one and the same kind of file.
_SAME: Final = (
    {"audio/mpeg", "audio/mp3", "audio/x-mp3", "audio/mpeg3", "audio/x-mpeg", "audio/mpg"},
    {"audio/mp4", "audio/x-m4a", "audio/m4a", "audio/aac", "audio/x-m4b", "audio/m4b",
     "audio/x-aac", "audio/aacp", "video/mp4", "video/x-m4v", "video/m4v", "audio/mp4a-latm"},
    {"audio/ogg", "audio/opus", "audio/vorbis", "application/ogg", "video/ogg", "audio/x-vorbis"},
    {"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"},
    {"audio/flac", "audio/x-flac"},
    {"audio/webm", "video/webm"},
    {"video/quicktime"},
)  # fmt: skip
_USUAL: Final = {
    "audio/mp3": "audio/mpeg",
    "audio/x-mp3": "audio/mpeg",
    "audio/mpeg3": "audio/mpeg",
    "audio/x-mpeg": "audio/mpeg",
    "audio/mpg": "audio/mpeg",
    "audio/m4a": "audio/x-m4a",
    "video/m4v": "video/x-m4v",
}
_NOBODY_KNOWS: Final = ("application/octet-stream", "binary/octet-stream")


def _files(item: Any) -> Iterator[tuple[Any, str, str]]:
    """Enclosures with their address and type."""
    for element in every(item, "enclosure"):
        yield element, value(element, "url"), value(element, "type")


def _nothing_to_play(feed: Feed) -> Iterator[Hit]:
    if feed.items and not feed.is_podcast:
        yield Hit(feed.channel)


def _no_enclosure(feed: Feed) -> Iterator[Hit]:
    for item in feed.items if feed.is_podcast else ():
        said_otherwise = leads_nowhere(item) or any(_media_unnamed(item))
        if _has_no_file(item) and not said_otherwise:
            yield Hit(item)


def _no_address(item: Any) -> Iterator[Hit]:
    for element, url, _ in _files(item):
        if not values.is_address(url):
            yield Hit(element, url or "nothing")


def _no_type(item: Any) -> Iterator[Hit]:
    for element, _, mime in _files(item):
        if not values.is_mime(mime):
            yield Hit(element, mime or "nothing")


def _page(item: Any) -> Iterator[Hit]:
    for element, url, mime in _files(item):
        if values.is_address(url) and values.is_mime(mime) and values.is_page(url, mime):
            yield Hit(element, url)


def _no_media(item: Any) -> Iterator[Hit]:
    for element, url, mime in _files(item):
        playable = values.family(mime) in ("audio", "video") and "mpegurl" not in mime.lower()
        document = values.bare(mime) in ("application/pdf", "application/epub+zip")
        known = values.bare(mime) in _NOBODY_KNOWS or document
        if values.is_mime(mime) and not (playable or known or values.is_page(url, mime)):
            yield Hit(element, mime)


def _says_nothing(item: Any) -> Iterator[Hit]:
    for element, _, mime in _files(item):
        if values.bare(mime) in _NOBODY_KNOWS:
            yield Hit(element, mime)


def _no_length(item: Any) -> Iterator[Hit]:
    for element, _, _ in _files(item):
        if values.whole(value(element, "length")) is None:
            yield Hit(element, value(element, "length") or "missing")


def _zero_length(item: Any) -> Iterator[Hit]:
    for element, _, _ in _files(item):
        if values.whole(value(element, "length")) == 0:
            yield Hit(element)


def _small(item: Any) -> Iterator[Hit]:
    for element, _, mime in _files(item):
        size = values.whole(value(element, "length")) or 0
        if 0 < size < _SMALLEST and values.family(mime) in ("audio", "video"):
            yield Hit(element, str(size))


def _several(item: Any) -> Iterator[Hit]:
    files = list(_files(item))
    if len(files) > 1:
        yield Hit(files[1][0], str(len(files)))


def _same_file(feed: Feed) -> Iterator[Hit]:
    seen = dict[str, Any]()
    for item in feed.items:
        for element, url, _ in _files(item):
            if url and seen.setdefault(url, item) is not item:
                yield Hit(element, f"“{label(seen[url])}” has the same file {url}")


def _extension(item: Any) -> Iterator[Hit]:
    for element, url, mime in _files(item):
        playable = values.family(mime) in ("audio", "video")
        known = values.extension(url) in values.APPLE_PLAYS | values.PAGES
        if values.is_address(url) and playable and not known:
            yield Hit(element, url)


def _other_type(item: Any) -> Iterator[Hit]:
    for element, url, mime in _files(item):
        stated, built = values.bare(mime), values.type_by_extension(url)
        groups = [group for group in _SAME if stated in group]
        if built and groups and not any(built in group for group in groups):
            yield Hit(element, f"{mime} for a .{values.extension(url)}")


def _odd_type(item: Any) -> Iterator[Hit]:
    for element, _, mime in _files(item):
        if usual := _USUAL.get(values.bare(mime)):
            yield Hit(element, f"{mime} is not registered; write {usual}")


def _media_page(feed: Feed) -> Iterator[Hit]:
    for element in feed.root.iter(qualified("media:content")):
        if values.is_page(value(element, "url"), value(element, "type")):
            yield Hit(element, value(element, "url"))


def _media_unnamed(item: Any) -> Iterator[Hit]:
    for element in item.iter(qualified("media:content")) if _has_no_file(item) else ():
        named = any(value(element, name) for name in ("type", "medium"))
        if not named and not values.extension(value(element, "url")):
            yield Hit(element, value(element, "url"))


def _has_no_file(item: Any) -> bool:
    return first(item, "enclosure") is None


def _media_group(feed: Feed) -> Iterator[Hit]:
    for group in feed.root.iter(qualified("media:group")):
        if len(list(every(group, "media:content"))) < 2:
            yield Hit(group)


RULES: Final = (
    Rule("nothing-to-play", WARNING, APPLE,
         "no item brings a recording, so Apple and podcast indexes do not take this feed; "
         "feed readers do",
         APPLE_RULES, _nothing_to_play),
    Rule("enclosure", WARNING, APPLE,
         "the item brings no recording; Apple and podcast indexes leave it out",
         APPLE_TAGS, _no_enclosure),
    Rule("enclosure-address", ERROR, RSS,
         "the enclosure's address is {}; apps need one that begins with https://",
         _SECTION, each(_no_address)),
    Rule("enclosure-type", ERROR, "AntennaPod, Pocket Casts",
         "the enclosure's type is {}; without one such as audio/mpeg there is no episode",
         issue("AntennaPod/AntennaPod", 2074), each(_no_type)),
    Rule("enclosure-page", ERROR, "gPodder, podget, castero",
         "the enclosure {} is a page; apps save its HTML as an episode. "
         "Link it with podcast:contentLink and media:player instead",
         APPLE_RULES, each(_page)),
    Rule("enclosure-no-media", WARNING, APPLE,
         "an enclosure of type {} is nothing that podcast apps play",
         APPLE_RULES, each(_no_media)),
    Rule("enclosure-type-unknown", WARNING, W3C,
         "{} does not say what the file is; write audio/mpeg or what it is",
         w3c("warning", "NonSpecificMediaType"), each(_says_nothing)),
    Rule("enclosure-length", WARNING, RSS,
         "the enclosure's length is {}; it is to be the bytes of the file, 0 if nobody knows",
         w3c("error", "UseZeroForUnknown"), each(_no_length)),
    Rule("enclosure-length-zero", ADVICE, APPLE,
         "the enclosure's length is 0; apps cannot say how large the file is",
         APPLE_TAGS, each(_zero_length)),
    Rule("enclosure-length-small", WARNING, "AntennaPod",
         "the enclosure is said to have {} bytes; are those seconds or kilobytes?",
         issue("DIYgod/RSSHub", 9287), each(_small)),
    Rule("enclosures", WARNING, RSS,
         "the item has {} enclosures; apps take one of them, each its own. "
         "Put the others into podcast:alternateEnclosure",
         w3c("warning", "DuplicateEnclosure"), each(_several)),
    Rule("enclosure-twice", WARNING, APPLE,
         "{}; Apple leaves the second out", APPLE_RULES, _same_file),
    Rule("enclosure-extension", WARNING, APPLE,
         "the path of {} does not end in .mp3, .m4a, .mp4, .m4v or .mov; "
         "Apple goes by that alone and leaves the item out",
         APPLE_RULES, each(_extension)),
    Rule("enclosure-type-wrong", WARNING, W3C,
         "{} does not fit; some apps believe the type, some the extension",
         APPLE_TAGS, each(_other_type)),
    Rule("enclosure-type-name", ADVICE, "IANA",
         "{}", "https://www.iana.org/assignments/media-types/", each(_odd_type)),
    Rule("media-content-page", ERROR, "gPodder, AntennaPod",
         "media:content {} is a page; apps download it as a recording. "
         "Use media:player instead",
         f"{MEDIA_SPEC}#media-player", _media_page),
    Rule("media-content-type", WARNING, "AntennaPod",
         "media:content {} says neither type nor medium; some apps play it as a recording",
         f"{MEDIA_SPEC}#media-content", each(_media_unnamed)),
    Rule("media-group", ADVICE, W3C,
         "a media:group is for several versions of one thing; put the only one into the item",
         w3c("error", "MediaGroupWithoutAlternatives"), _media_group),
)  # fmt: skip
