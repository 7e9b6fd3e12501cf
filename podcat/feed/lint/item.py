"""Rules about an RSS item: identity, dates, texts."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any, Final

from podcat.feed import values
from podcat.feed.lint.parsing import Feed, every, first, label, says, short, value, words
from podcat.feed.lint.rules import ADVICE, ERROR, WARNING, Hit, Rule, each
from podcat.feed.lint.sources import (
    APPLE,
    APPLE_RULES,
    APPLE_TAGS,
    PSP,
    PSP_SPEC,
    RSS,
    RSS_SPEC,
    W3C,
    issue,
    w3c,
)

# ---------------------------------------------------------------- identity


def _no_title(item: Any) -> Iterator[Hit]:
    if not says(item, "title") and not says(item, "itunes:title"):
        yield Hit(item)


def _no_guid(item: Any) -> Iterator[Hit]:
    if not says(item, "guid"):
        yield Hit(item)


def _same_guid(feed: Feed) -> Iterator[Hit]:
    seen = dict[str, str]()
    for item in feed.items:
        guid = says(item, "guid")
        if guid and guid in seen:
            yield Hit(first(item, "guid"), f"{guid} (see {seen[guid]})")
        seen.setdefault(guid, label(item) or "an item above")


def _no_permalink(item: Any) -> Iterator[Hit]:
    guid = first(item, "guid")
    stated = value(guid, "isPermaLink").lower()
    if words(guid) and stated in ("", "true") and not values.is_address(words(guid)):
        yield Hit(guid, words(guid))


def _strange_permalink(item: Any) -> Iterator[Hit]:
    guid = first(item, "guid")
    if guid is not None and value(guid, "isPermaLink") not in ("", "true", "false"):
        yield Hit(guid, value(guid, "isPermaLink"))


def _no_link(item: Any) -> Iterator[Hit]:
    if not says(item, "link") and first(item, "enclosure") is not None:
        yield Hit(item)


def leads_nowhere(item: Any) -> bool:
    """Whether there is nothing to open: no link, no file, no guid that is an address."""
    guid = first(item, "guid")
    permanent = value(guid, "isPermaLink") != "false" and values.is_address(words(guid))
    return not says(item, "link") and first(item, "enclosure") is None and not permanent


def _nowhere(item: Any) -> Iterator[Hit]:
    if leads_nowhere(item):
        yield Hit(item)


# ---------------------------------------------------------------- dates


def _date(item: Any) -> tuple[Any, values.MailDate] | None:
    element = first(item, "pubDate")
    return (element, values.mail_date(words(element))) if words(element) else None


def _no_date(item: Any) -> Iterator[Hit]:
    if not says(item, "pubDate"):
        yield Hit(item)


def _unreadable_date(item: Any) -> Iterator[Hit]:
    if (found := _date(item)) and found[1].when is None:
        yield Hit(found[0], words(found[0]))


def _inexact_date(item: Any) -> Iterator[Hit]:
    if (found := _date(item)) and found[1].when is not None and not found[1].is_exact:
        yield Hit(found[0], words(found[0]))


def _zoneless_date(item: Any) -> Iterator[Hit]:
    if (found := _date(item)) and not found[1].has_zone:
        yield Hit(found[0], words(found[0]))


def _wrong_weekday(item: Any) -> Iterator[Hit]:
    if (found := _date(item)) and not found[1].fits_weekday:
        yield Hit(found[0], words(found[0]))


def _future(feed: Feed) -> Iterator[Hit]:
    for item in feed.items:
        found = _date(item)
        if found and found[1].when and (found[1].when - feed.now).days >= 1:
            yield Hit(found[0], words(found[0]))


def _too_old(item: Any) -> Iterator[Hit]:
    found = _date(item)
    if found and found[1].when and found[1].when.year < 1990:
        yield Hit(found[0], words(found[0]))


def _order(feed: Feed) -> Iterator[Hit]:
    """The first item that stands below an older one; shows told from the start may."""
    if says(feed.channel, "itunes:type").lower() == "serial":
        return
    above = None
    for item in feed.items:
        found = _date(item)
        when = found[1].when if found else None
        if above and when and (when - above).days >= 1:
            yield Hit(found[0] if found else item, words(found[0]) if found else "")
            return
        above = when or above


# ---------------------------------------------------------------- texts

_TAG = re.compile(r"</?(?:a|b|br|div|em|i|img|li|ol|p|span|strong|u|ul)\b[^<>]*/?>", re.I)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{2,5}|#x[0-9a-f]{2,4});", re.I)
_ESCAPED = re.compile(
    r"&lt;/?(?:a|br|div|em|li|ol|p|span|strong|ul)\b(?:(?!&lt;|&gt;).){0,300}&gt;|"
    r"&amp;(?:amp|lt|gt|quot|nbsp|#\d{2,5});",
    re.I | re.S,
)
_DANGER = re.compile(r"<(iframe|script|object|embed|form|style|meta)\b", re.I)
_RELATIVE = re.compile(r"<(?:a|img)\b[^<>]*?\s(?:href|src)\s*=\s*[\"']?([^\"'\s<>]+)", re.I)
_SCHEMES = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|\{", re.I)
_RICH: Final = ("description", "content:encoded", "itunes:summary")
_PLAIN: Final = (
    "title", "link", "guid", "pubDate", "description", "language", "copyright", "content:encoded",
    "itunes:title", "itunes:author", "itunes:summary", "itunes:subtitle", "itunes:duration",
)  # fmt: skip


def _no_description(item: Any) -> Iterator[Hit]:
    if not any(says(item, name) for name in _RICH):
        yield Hit(item)


def _content_first(item: Any) -> Iterator[Hit]:
    names = [short(child) for child in item]
    wanted = {"description", "content:encoded"}
    if wanted <= set(names) and names.index("content:encoded") < names.index("description"):
        yield Hit(first(item, "content:encoded"))


def _parts(feed: Feed, names: tuple[str, ...]) -> Iterator[tuple[Any, str]]:
    for parent in (feed.channel, *feed.items):
        for name in names:
            for element in every(parent, name):
                yield element, words(element)


def _markup_in_title(feed: Feed) -> Iterator[Hit]:
    for element, said in _parts(feed, ("title", "itunes:title", "itunes:author")):
        if found := _TAG.search(said) or _ENTITY.search(said):
            yield Hit(element, found[0])


def _escaped_twice(feed: Feed) -> Iterator[Hit]:
    for element, said in _parts(feed, _RICH):
        found = _ESCAPED.search(said)
        # Notes about HTML quote it in a text that has real markup around.
        if found and not _TAG.search(said):
            yield Hit(element, found[0])


def _dangerous(feed: Feed) -> Iterator[Hit]:
    for element, said in _parts(feed, _RICH):
        if found := _DANGER.search(said):
            yield Hit(element, f"<{found[1].lower()}>")


def _relative_in_html(feed: Feed) -> Iterator[Hit]:
    for element, said in _parts(feed, _RICH):
        for found in _RELATIVE.finditer(said):
            if not _SCHEMES.match(found[1]):
                yield Hit(element, found[1])
                break


def _unescaped(feed: Feed) -> Iterator[Hit]:
    for element, _ in _parts(feed, _PLAIN):
        if len(element):
            yield Hit(element, short(element))


def _visible_cdata(feed: Feed) -> Iterator[Hit]:
    for element, said in _parts(feed, _PLAIN):
        if "<![CDATA[" in said or said.endswith("]]>"):
            yield Hit(element, short(element))


def _empty(feed: Feed) -> Iterator[Hit]:
    wanted = ("itunes:author", "itunes:summary", "itunes:subtitle", "itunes:title", "copyright",
              "itunes:keywords", "pubDate", "author", "category", "content:encoded")  # fmt: skip
    for element, said in _parts(feed, wanted):
        if not said and not len(element):
            yield Hit(element, short(element))


# ---------------------------------------------------------------- names

_CHANNEL_NAMES: Final = frozenset({
    "title", "link", "description", "language", "copyright", "managingEditor", "webMaster",
    "pubDate", "lastBuildDate", "category", "generator", "docs", "cloud", "ttl", "image", "rating",
    "textInput", "skipHours", "skipDays", "item",
})  # fmt: skip
_ITEM_NAMES: Final = frozenset({
    "title", "link", "description", "author", "category", "comments", "enclosure", "guid",
    "pubDate", "source",
})  # fmt: skip
_ITUNES_NAMES: Final = frozenset({
    "author", "block", "category", "complete", "duration", "email", "episode", "episodeType",
    "explicit", "image", "isClosedCaptioned", "keywords", "name", "new-feed-url", "order", "owner",
    "season", "subtitle", "summary", "title", "type", "applepodcastsverify",
})  # fmt: skip


def _unknown(feed: Feed) -> Iterator[tuple[Any, str, frozenset[str]]]:
    """Elements that nobody knows, with the name and the known ones."""
    for parent in (feed.channel, *feed.items):
        own = _CHANNEL_NAMES if parent is feed.channel else _ITEM_NAMES
        for child in parent:
            prefix, _, name = short(child).rpartition(":")
            known = {"": own, "itunes": _ITUNES_NAMES}.get(prefix)
            if known and name not in known:
                yield child, name, known


def _wrong_case(feed: Feed) -> Iterator[Hit]:
    for element, name, known in _unknown(feed):
        right = next((k for k in known if k.lower() == name.lower()), None)
        if right:
            yield Hit(element, f"<{short(element)}> is to be written {right}")


def _unknown_name(feed: Feed) -> Iterator[Hit]:
    for element, name, known in _unknown(feed):
        if name.lower() not in {k.lower() for k in known}:
            near = difflib.get_close_matches(name, sorted(known), 1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            yield Hit(element, f"<{short(element)}>{hint}")


RULES: Final = (
    Rule("item-title", ERROR, APPLE,
         "the item has no title; Apple refuses it", APPLE_TAGS, each(_no_title)),
    Rule("guid", WARNING, PSP,
         "the item has no guid; apps take its file's address, "
         "and a new address makes a second episode",
         PSP_SPEC, each(_no_guid)),
    Rule("guid-twice", ERROR, RSS,
         "another item has the same guid {}; apps show only one of them",
         f"{RSS_SPEC}#ltguidgtSubelementOfLtitemgt", _same_guid),
    Rule("guid-permalink", WARNING, RSS,
         'the guid {} is no address, so write isPermaLink="false"; '
         "else readers make an address of it, which changes when the feed moves",
         f"{RSS_SPEC}#ltguidgtSubelementOfLtitemgt", each(_no_permalink)),
    Rule("guid-permalink-value", WARNING, RSS,
         "isPermaLink is {}; write true or false",
         f"{RSS_SPEC}#ltguidgtSubelementOfLtitemgt", each(_strange_permalink)),
    Rule("item-link", ADVICE, PSP,
         "the item has no <link> to a page for people", PSP_SPEC, each(_no_link)),
    Rule("item-nowhere", WARNING, "feedparser",
         "the item has neither a link nor a file, so nothing can be opened; "
         "programs with feedparser fail on it",
         issue("kurtmckee/feedparser", 340), each(_nowhere)),
    Rule("date", WARNING, PSP,
         "the item has no pubDate; apps cannot order it, and podcast-archiver leaves it out",
         PSP_SPEC, each(_no_date)),
    Rule("date-form", ERROR, APPLE,
         "{} is no date; write it as Thu, 13 Jan 2022 08:00:00 +0000",
         APPLE_TAGS, each(_unreadable_date)),
    Rule("date-exact", WARNING, RSS,
         "the date {} has not the form of Thu, 13 Jan 2022 08:00:00 +0000; "
         "some apps cannot read it",
         w3c("error", "InvalidRFC2822Date"), each(_inexact_date)),
    Rule("date-zone", WARNING, W3C,
         "the date {} names no time zone; write +0000 or GMT",
         w3c("warning", "ProblematicalRFC822Date"), each(_zoneless_date)),
    Rule("date-weekday", WARNING, W3C,
         "the date {} was another day of the week",
         w3c("error", "IncorrectDOW"), each(_wrong_weekday)),
    Rule("date-future", WARNING, "AntennaPod",
         "the date {} is yet to come; AntennaPod leaves the item out, others keep it on top",
         w3c("warning", "ImplausibleDate"), _future),
    Rule("date-old", WARNING, W3C,
         "the date {} is older than podcasts are; it looks like a missing one",
         w3c("warning", "ImplausibleDate"), each(_too_old)),
    Rule("date-order", ADVICE, "yt-dlp",
         "this item of {} stands below an older one; "
         "programs that fetch the first few items miss it",
         RSS_SPEC, _order),
    Rule("item-description", ADVICE, APPLE,
         "the item has no description", APPLE_TAGS, each(_no_description)),
    Rule("description-first", ADVICE, W3C,
         "content:encoded stands before description; some readers show the one that comes last",
         w3c("warning", "NeedDescriptionBeforeContent"), each(_content_first)),
    Rule("title-markup", WARNING, APPLE,
         "{} stands in a title or a name, which is shown as it is; write plain text",
         APPLE_TAGS, _markup_in_title),
    Rule("escaped-twice", WARNING, W3C,
         "{} is escaped once too often; people see it instead of what it means",
         w3c("warning", "NotHtml"), _escaped_twice),
    Rule("html-danger", WARNING, W3C,
         "{} in a text is thrown away by readers; link to it instead",
         w3c("warning", "SecurityRisk"), _dangerous),
    Rule("html-relative", WARNING, W3C,
         "the address {} in a text leads nowhere from an app; write it in full",
         w3c("warning", "ContainsRelRef"), _relative_in_html),
    Rule("markup-unescaped", WARNING, RSS,
         "{} holds elements instead of text; many apps show nothing. Escape them or use CDATA",
         w3c("error", "UndefinedElement"), _unescaped),
    Rule("cdata-visible", WARNING, RSS,
         "{} shows people its CDATA marks; one CDATA section, or escaping, is enough",
         RSS_SPEC, _visible_cdata),
    Rule("empty", ADVICE, W3C,
         "<{}> is empty; leave it out", w3c("error", "NotBlank"), _empty),
    Rule("element-case", WARNING, APPLE,
         "{}; names of tags are case-sensitive, and apps do not see it",
         APPLE_RULES, _wrong_case),
    Rule("element-unknown", ADVICE, W3C,
         "no app knows {}", w3c("error", "UndefinedElement"), _unknown_name),
)  # fmt: skip
