"""Rules about the tags of the podcast namespace (Podcasting 2.0)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from podcat.feed import values
from podcat.feed.lint import taxonomy
from podcat.feed.lint.parsing import NAMESPACES, Feed, every, first, says, value, words
from podcat.feed.lint.rules import ADVICE, WARNING, Hit, Rule, each
from podcat.feed.lint.sources import PODCAST_SPEC, PODCASTING, PSP, PSP_SPEC, podcast_tag

_MEDIUMS: Final = (
    "podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course",
)  # fmt: skip
_TRANSCRIPTS: Final = (
    "text/vtt", "application/x-subrip", "application/srt", "text/srt", "text/html", "text/plain",
    "application/json",
)  # fmt: skip
_CHAPTERS: Final = ("application/json+chapters", "application/json")
_CHANNEL, _ITEM, _BOTH = ("channel",), ("item", "liveItem"), ("channel", "item", "liveItem")
# Tag: where it belongs, and the attributes that it must have.
_TAGS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "alternateEnclosure": (_ITEM, ("type",)),
    "block": (_CHANNEL, ()),
    "chapters": (_ITEM, ("url", "type")),
    "chat": (_BOTH, ("server", "protocol")),
    "contentLink": (_ITEM, ("href",)),
    "episode": (_ITEM, ()),
    "funding": (_BOTH, ("url",)),
    "guid": (_CHANNEL, ()),
    "image": (_BOTH, ("href",)),
    "images": (_BOTH, ("srcset",)),
    "integrity": (("alternateEnclosure",), ("type", "value")),
    "license": (_BOTH, ()),
    "liveItem": (_CHANNEL, ("status", "start")),
    "liveValue": (_ITEM, ("uri", "protocol")),
    "location": (_BOTH, ()),
    "locked": (_CHANNEL, ()),
    "medium": (_CHANNEL, ()),
    "person": (_BOTH, ()),
    "podping": (_CHANNEL, ()),
    "podroll": (_CHANNEL, ()),
    "publisher": (_CHANNEL, ()),
    "remoteItem": (
        ("channel", "podroll", "publisher", "valueTimeSplit", "item", "liveItem"), ("feedGuid",),
    ),
    "season": (_ITEM, ()),
    "socialInteract": (_BOTH, ("protocol",)),
    "soundbite": (_ITEM, ("startTime", "duration")),
    "source": (("alternateEnclosure",), ("uri",)),
    "trailer": (_CHANNEL, ("url", "pubdate")),
    "transcript": (_ITEM, ("url", "type")),
    "txt": (_BOTH, ()),
    "updateFrequency": (_CHANNEL, ()),
    "value": (_BOTH, ("type", "method")),
    "valueRecipient": (("value", "valueTimeSplit"), ("type", "address", "split")),
    "valueTimeSplit": (("value",), ("startTime", "duration")),
}  # fmt: skip
_TEXTS: Final = (
    "person", "funding", "contentLink", "location", "guid", "locked", "medium", "season",
    "episode", "license", "txt", "trailer",
)  # fmt: skip
_LONGEST: Final = 128  # characters; aggregators may cut what is longer
_DECIMAL = re.compile(r"\d{1,9}(\.\d{1,9})?", re.A)
_URI: Final = f"{{{NAMESPACES['podcast']}}}"


def _tags(feed: Feed) -> Iterator[tuple[Any, str]]:
    """All elements of the namespace that stand in the channel or its items."""
    below = chain.from_iterable(item.iterdescendants() for item in feed.items)
    others = (e for child in feed.channel if child.tag != "item" for e in child.iter())
    for element in chain(others, below):
        if isinstance(element.tag, str) and element.tag.startswith(_URI):
            yield element, element.tag.removeprefix(_URI)


def _parent(element: Any) -> str:
    return str(element.getparent().tag).rpartition("}")[2]


def _unknown(feed: Feed) -> Iterator[Hit]:
    for element, name in _tags(feed):
        if name not in _TAGS:
            near = difflib.get_close_matches(name, _TAGS, 1)
            yield Hit(element, f"podcast:{name}" + (f" (did you mean {near[0]}?)" if near else ""))


def _misplaced(feed: Feed) -> Iterator[Hit]:
    for element, name in _tags(feed):
        places = _TAGS[name][0] if name in _TAGS else ()
        if places and _parent(element) not in places:
            where = "an item" if places == _ITEM else f"<{places[0]}>"
            yield Hit(element, f"podcast:{name} belongs into {where}")


def _no_attribute(feed: Feed) -> Iterator[Hit]:
    for element, name in _tags(feed):
        needed = _TAGS[name][1] if name in _TAGS else ()
        missing = [attribute for attribute in needed if not value(element, attribute)]
        if missing:
            yield Hit(element, f"podcast:{name} has no {' and no '.join(missing)}")


def _no_words(feed: Feed) -> Iterator[Hit]:
    for element, name in _tags(feed):
        if name in _TEXTS and not words(element):
            yield Hit(element, f"podcast:{name}")


def _long_words(feed: Feed) -> Iterator[Hit]:
    for element, name in _tags(feed):
        if (
            name in ("person", "funding", "location", "soundbite")
            and len(words(element)) > _LONGEST
        ):
            yield Hit(element, f"podcast:{name}")


# ---------------------------------------------------------------- the show


def _no_guid(feed: Feed) -> Iterator[Hit]:
    if feed.is_podcast and first(feed.channel, "podcast:guid") is None:
        yield Hit(feed.channel)


def _odd_guid(feed: Feed) -> Iterator[Hit]:
    said = says(feed.channel, "podcast:guid")
    if said and not values.is_uuid(said):
        yield Hit(first(feed.channel, "podcast:guid"), said)


def _other_version(feed: Feed) -> Iterator[Hit]:
    said = says(feed.channel, "podcast:guid")
    if values.is_uuid(said) and said[14] != "5":
        yield Hit(first(feed.channel, "podcast:guid"), said)


def _no_lock(feed: Feed) -> Iterator[Hit]:
    if feed.is_podcast and first(feed.channel, "podcast:locked") is None:
        yield Hit(feed.channel)


def _odd_lock(feed: Feed) -> Iterator[Hit]:
    said = says(feed.channel, "podcast:locked")
    if said and said.lower() not in ("yes", "no"):
        yield Hit(first(feed.channel, "podcast:locked"), said)


def _odd_medium(feed: Feed) -> Iterator[Hit]:
    said = says(feed.channel, "podcast:medium")
    if said and said.removesuffix("L") not in _MEDIUMS and said != "mixed":
        yield Hit(first(feed.channel, "podcast:medium"), said)


# ---------------------------------------------------------------- episodes


def _transcript_type(item: Any) -> Iterator[Hit]:
    for element in every(item, "podcast:transcript"):
        mime = values.bare(value(element, "type"))
        if mime and mime not in _TRANSCRIPTS:
            yield Hit(element, mime)


def _chapters_type(item: Any) -> Iterator[Hit]:
    for element in every(item, "podcast:chapters"):
        mime = values.bare(value(element, "type"))
        if mime and mime not in _CHAPTERS:
            yield Hit(element, mime)


def _roles(feed: Feed) -> Iterator[Hit]:
    for parent in (feed.channel, *feed.items):
        for element in every(parent, "podcast:person"):
            for name, known in (("role", taxonomy.ROLES), ("group", taxonomy.GROUPS)):
                said = value(element, name).lower()
                if said and said not in known:
                    yield Hit(element, f"{name} {said}")


def _no_source(item: Any) -> Iterator[Hit]:
    for element in every(item, "podcast:alternateEnclosure"):
        if first(element, "podcast:source") is None:
            yield Hit(element)


def _alternate_page(item: Any) -> Iterator[Hit]:
    for element in every(item, "podcast:alternateEnclosure"):
        if values.bare(value(element, "type")) in ("text/html", "application/xhtml+xml"):
            yield Hit(element)


def _no_thread(feed: Feed) -> Iterator[Hit]:
    for parent in (feed.channel, *feed.items):
        for element in every(parent, "podcast:socialInteract"):
            disabled = value(element, "protocol") == "disabled"
            if not disabled and not value(element, "uri"):
                yield Hit(element)


def _odd_number(item: Any) -> Iterator[Hit]:
    for name in ("podcast:season", "podcast:episode"):
        said = says(item, name)
        right = values.whole(said) if name == "podcast:season" else _DECIMAL.fullmatch(said)
        if said and right is None:
            yield Hit(first(item, name), f"{name} {said}")


RULES: Final = (
    Rule("podcast-unknown", ADVICE, PODCASTING,
         "no app knows {}", PODCAST_SPEC, _unknown),
    Rule("podcast-place", WARNING, PODCASTING,
         "{}; where it stands nobody looks for it", PODCAST_SPEC, _misplaced),
    Rule("podcast-attribute", WARNING, PODCASTING,
         "{}; apps pass over it", PODCAST_SPEC, _no_attribute),
    Rule("podcast-empty", WARNING, PODCASTING,
         "{} says nothing; write what it is, or leave it out", PODCAST_SPEC, _no_words),
    Rule("podcast-length", WARNING, PODCASTING,
         f"the text of {{}} is longer than {_LONGEST} characters; apps cut it",
         PODCAST_SPEC, _long_words),
    Rule("podcast-guid", ADVICE, PSP,
         "the feed has no podcast:guid; with one it stays the same podcast when it moves",
         PSP_SPEC, _no_guid),
    Rule("podcast-guid-form", WARNING, PODCASTING,
         "the podcast:guid {} is no UUID; indexes give the feed another",
         podcast_tag("guid"), _odd_guid),
    Rule("podcast-guid-version", ADVICE, PODCASTING,
         "the podcast:guid {} is not the UUID (version 5) of the feed's first address",
         podcast_tag("guid"), _other_version),
    Rule("podcast-locked", ADVICE, PSP,
         "the feed has no podcast:locked; yes keeps other hosts from taking it over",
         PSP_SPEC, _no_lock),
    Rule("podcast-locked-value", WARNING, PODCASTING,
         "podcast:locked is {}; write yes or no", podcast_tag("locked"), _odd_lock),
    Rule("podcast-medium", WARNING, PODCASTING,
         "podcast:medium {} is none of the known ones, such as podcast or video",
         podcast_tag("medium"), _odd_medium),
    Rule("transcript-type", WARNING, PODCASTING,
         "a transcript of type {} is shown nowhere; write text/vtt or application/x-subrip",
         podcast_tag("transcript"), each(_transcript_type)),
    Rule("chapters-type", WARNING, PODCASTING,
         "chapters of type {} are read nowhere; write application/json+chapters",
         podcast_tag("chapters"), each(_chapters_type)),
    Rule("person-taxonomy", ADVICE, PODCASTING,
         "the person's {} is none of the taxonomy's; apps show it as it is or not at all",
         podcast_tag("person"), _roles),
    Rule("alternate-source", WARNING, PODCASTING,
         "podcast:alternateEnclosure has no podcast:source, so there is nothing to play",
         podcast_tag("alternate-enclosure"), each(_no_source)),
    Rule("alternate-page", WARNING, PODCASTING,
         "podcast:alternateEnclosure is a page; it is for recordings. Use podcast:contentLink",
         podcast_tag("content-link"), each(_alternate_page)),
    Rule("social-interact", WARNING, PODCASTING,
         "podcast:socialInteract has no uri of the post to answer to",
         podcast_tag("social-interact"), _no_thread),
    Rule("podcast-number", WARNING, PODCASTING,
         "{} is no number", podcast_tag("episode"), each(_odd_number)),
)  # fmt: skip
