"""Rules about JSON Feed 1.1."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from podcat.feed import values
from podcat.feed.lint.parsing import JsonFeed, JsonItem
from podcat.feed.lint.rules import ADVICE, ERROR, WARNING, Hit, Rule, each
from podcat.feed.lint.sources import JSON_FEED, JSON_SPEC

_VERSIONS: Final = ("https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1")
_TOP: Final = f"{JSON_SPEC}#top-level-a-name-top-level-a"
_ITEMS: Final = f"{JSON_SPEC}#items-a-name-items-a"
_FILES: Final = f"{JSON_SPEC}#attachments-a-name-attachments-a"
_FEED_TYPES: Final[Mapping[str, type]] = {
    "version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str,
    "user_comment": str, "next_url": str, "icon": str, "favicon": str, "author": dict,
    "authors": list, "language": str, "expired": bool, "hubs": list, "items": list,
}  # fmt: skip
_ITEM_TYPES: Final[Mapping[str, type]] = {
    "id": str, "url": str, "external_url": str, "title": str, "content_html": str,
    "content_text": str, "summary": str, "image": str, "banner_image": str, "date_published": str,
    "date_modified": str, "author": dict, "authors": list, "tags": list, "language": str,
    "attachments": list,
}  # fmt: skip
_JSON_WORDS: Final = {str: "a text", dict: "an object", list: "a list", bool: "true or false"}
_FEED_ADDRESSES: Final = ("home_page_url", "feed_url", "next_url", "icon", "favicon")
_ITEM_ADDRESSES: Final = ("url", "external_url", "image", "banner_image")


def _said(item: JsonItem) -> dict[str, Any]:
    return item.said if isinstance(item.said, dict) else {}


def _texts(holder: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The members of these names that are texts and say something."""
    for name in names:
        found = holder.get(name)
        if isinstance(found, str) and found.strip():
            yield name, found.strip()


# ---------------------------------------------------------------- the feed


def _version(feed: JsonFeed) -> Iterator[Hit]:
    if feed.said.get("version") not in _VERSIONS:
        yield Hit(feed.spot("version"), str(feed.said.get("version", "missing")))


def _no_title(feed: JsonFeed) -> Iterator[Hit]:
    title = feed.said.get("title")
    if title is None or title == "":
        yield Hit(feed.spot("title"))


def _no_items(feed: JsonFeed) -> Iterator[Hit]:
    if "items" not in feed.said:
        yield Hit()


def _types(feed: JsonFeed) -> Iterator[Hit]:
    for name, found in _wrong_types(feed.said, _FEED_TYPES):
        yield Hit(feed.spot(name), f"{name} is to be {found}")
    for item in feed.items:
        known = {k: v for k, v in _ITEM_TYPES.items() if k != "id"}
        for name, found in _wrong_types(_said(item), known):
            yield Hit(item.spot, f"{name} is to be {found}")


def _wrong_types(holder: Mapping[str, Any], types: Mapping[str, type]) -> Iterator[tuple[str, str]]:
    for name, wanted in types.items():
        if name in holder and not isinstance(holder[name], wanted):
            yield name, _JSON_WORDS[wanted]
    tags = holder.get("tags")
    if isinstance(tags, list) and not all(isinstance(tag, str) for tag in tags):
        yield "tags", "a list of texts"


def _unknown(feed: JsonFeed) -> Iterator[Hit]:
    for name in feed.said:
        if name not in _FEED_TYPES and not name.startswith("_"):
            yield Hit(feed.spot(name), name)
    for item in feed.items:
        for name in _said(item):
            if name not in _ITEM_TYPES and not name.startswith("_"):
                yield Hit(item.spot, name)


def _no_feed_url(feed: JsonFeed) -> Iterator[Hit]:
    for name in ("feed_url", "home_page_url"):
        if not feed.said.get(name):
            yield Hit(None, name)


def _circle(feed: JsonFeed) -> Iterator[Hit]:
    following = feed.said.get("next_url")
    if following and following in (feed.said.get("feed_url"), feed.url):
        yield Hit(feed.spot("next_url"))


def _hubs(feed: JsonFeed) -> Iterator[Hit]:
    hubs = feed.said.get("hubs")
    for hub in hubs if isinstance(hubs, list) else ():
        if not isinstance(hub, dict) or not (hub.get("type") and hub.get("url")):
            yield Hit(feed.spot("hubs"))


def _language(feed: JsonFeed) -> Iterator[Hit]:
    for _, said in _texts(feed.said, ("language",)):
        if not values.is_language(said):
            yield Hit(feed.spot("language"), said)
    for item in feed.items:
        for _, said in _texts(_said(item), ("language",)):
            if not values.is_language(said):
                yield Hit(item.spot, said)


def _old_author(feed: JsonFeed) -> Iterator[Hit]:
    if str(feed.said.get("version", "")).endswith("1.1"):
        if "author" in feed.said:
            yield Hit(feed.spot("author"))
        yield from (Hit(item.spot) for item in feed.items if "author" in _said(item))


def _authors(feed: JsonFeed) -> Iterator[Hit]:
    if _nameless(feed.said):
        yield Hit(feed.spot("authors"))
    yield from (Hit(item.spot) for item in feed.items if _nameless(_said(item)))


def _nameless(holder: Mapping[str, Any]) -> bool:
    authors = holder.get("authors")
    return isinstance(authors, list) and not all(
        isinstance(a, dict) and any(a.get(n) for n in ("name", "url", "avatar")) for a in authors
    )


def _addresses(feed: JsonFeed) -> Iterator[Hit]:
    for name, url in _texts(feed.said, _FEED_ADDRESSES):
        if not values.is_address(url):
            yield Hit(feed.spot(name), f"{name} {url}")
    for item in feed.items:
        for name, url in _texts(_said(item), _ITEM_ADDRESSES):
            if not values.is_address(url):
                yield Hit(item.spot, f"{name} {url}")


# ---------------------------------------------------------------- items


def _no_object(item: JsonItem) -> Iterator[Hit]:
    if not isinstance(item.said, dict):
        yield Hit(item.spot)


def _no_id(item: JsonItem) -> Iterator[Hit]:
    if isinstance(item.said, dict) and item.said.get("id") in (None, ""):
        yield Hit(item.spot)


def _odd_id(item: JsonItem) -> Iterator[Hit]:
    found = _said(item).get("id")
    if found not in (None, "") and not isinstance(found, str):
        yield Hit(item.spot, str(found))


def _same_id(feed: JsonFeed) -> Iterator[Hit]:
    seen = set[str]()
    for item in feed.items:
        found = _said(item).get("id")
        if found in (None, ""):
            continue
        if str(found) in seen:
            yield Hit(item.spot, str(found))
        seen.add(str(found))


def _no_content(item: JsonItem) -> Iterator[Hit]:
    if isinstance(item.said, dict) and not {"content_html", "content_text"} & set(item.said):
        yield Hit(item.spot)


def _dates(item: JsonItem) -> Iterator[Hit]:
    for name, said in _texts(_said(item), ("date_published", "date_modified")):
        if not values.internet_date(said):
            yield Hit(item.spot, f"{name} {said}")


def _future(feed: JsonFeed) -> Iterator[Hit]:
    for item in feed.items:
        for name, said in _texts(_said(item), ("date_published",)):
            when = values.internet_date(said)
            if when and (when - feed.now).days >= 1:
                yield Hit(item.spot, f"{name} {said}")


def _attachments(item: JsonItem) -> Iterator[dict[str, Any]]:
    found = _said(item).get("attachments")
    for each_one in found if isinstance(found, list) else ():
        yield each_one if isinstance(each_one, dict) else {}


def _of_attachments(is_wrong: Callable[[str, str], bool]) -> Callable[[JsonItem], Iterator[Hit]]:
    """A check of each attachment's address and type."""

    def check(item: JsonItem) -> Iterator[Hit]:
        for file in _attachments(item):
            url, mime = (str(file.get(name) or "") for name in ("url", "mime_type"))
            if is_wrong(url, mime):
                yield Hit(item.spot, url or "nothing")

    return check


def _odd_sizes(item: JsonItem) -> Iterator[Hit]:
    for file in _attachments(item):
        for name in ("size_in_bytes", "duration_in_seconds"):
            found = file.get(name, 1)
            if isinstance(found, bool) or not isinstance(found, (int, float)) or found < 0:
                yield Hit(item.spot, f"{name} {found}")


WELL_FORMED: Final = Rule(
    "json", ERROR, JSON_FEED,
    "is not JSON: {}; nobody reads anything of it",
    "https://www.rfc-editor.org/rfc/rfc8259", lambda _: (),
)  # fmt: skip
"""Found by parsing; all else is judged when it is mended."""

RULES: Final = (
    Rule("json-version", ERROR, JSON_FEED,
         f"the version is {{}}; readers want {_VERSIONS[-1]}", _TOP, _version),
    Rule("json-title", ERROR, JSON_FEED, "the feed has no title", _TOP, _no_title),
    Rule("json-items", ERROR, JSON_FEED, "the feed has no list of items", _TOP, _no_items),
    Rule("json-type", WARNING, JSON_FEED,
         "{}; strict readers refuse the feed", JSON_SPEC, _types),
    Rule("json-unknown", ADVICE, JSON_FEED,
         "{} is no member of JSON Feed; names of one's own begin with _",
         f"{JSON_SPEC}#extensions-a-name-extensions-a", _unknown),
    Rule("json-feed-url", ADVICE, JSON_FEED,
         "the feed does not say its {}", _TOP, _no_feed_url),
    Rule("json-circle", WARNING, JSON_FEED,
         "next_url leads back to this page; readers would walk in a circle", _TOP, _circle),
    Rule("json-hubs", WARNING, JSON_FEED,
         "a hub needs type and url",
         f"{JSON_SPEC}#subscribing-to-real-time-notifications-a-name-subscribing-to-real-time-notifications-a",
         _hubs),
    Rule("json-language", WARNING, JSON_FEED,
         "the language {} is no code such as en or pt-BR", _TOP, _language),
    Rule("json-author", ADVICE, JSON_FEED,
         "author is of version 1; write authors, a list, beside it or instead", _TOP, _old_author),
    Rule("json-authors", WARNING, JSON_FEED,
         "an author needs a name, a url or an avatar", _TOP, _authors),
    Rule("json-address", WARNING, JSON_FEED,
         "{} is no full address; readers complete it each in their own way, or not at all",
         JSON_SPEC, _addresses),
    Rule("json-item", ERROR, JSON_FEED, "an item is no object", _ITEMS, each(_no_object)),
    Rule("json-id", ERROR, JSON_FEED,
         "the item has no id; readers leave it out", _ITEMS, each(_no_id)),
    Rule("json-id-text", WARNING, JSON_FEED,
         "the id {} is no text; put it in quotes", _ITEMS, each(_odd_id)),
    Rule("json-id-twice", ERROR, JSON_FEED,
         "another item has the same id {}; readers show only one of them", _ITEMS, _same_id),
    Rule("json-content", WARNING, JSON_FEED,
         "the item has neither content_html nor content_text; one of them is demanded",
         _ITEMS, each(_no_content)),
    Rule("json-date", WARNING, JSON_FEED,
         "{} is no date such as 2022-01-13T08:00:00Z", _ITEMS, each(_dates)),
    Rule("json-date-future", WARNING, JSON_FEED,
         "{} is yet to come; some readers leave the item out, others keep it on top",
         _ITEMS, _future),
    Rule("json-attachment", ERROR, JSON_FEED,
         "the address of an attachment is {}; it needs a full one", _FILES,
         each(_of_attachments(lambda url, _: not values.is_address(url)))),
    Rule("json-attachment-type", ERROR, JSON_FEED,
         "the attachment {} has no mime_type such as audio/mpeg", _FILES,
         each(_of_attachments(lambda _, mime: not values.is_mime(mime)))),
    Rule("json-attachment-page", ERROR, JSON_FEED,
         "the attachment {} is a page; readers offer to play it. Use external_url", _FILES,
         each(_of_attachments(lambda url, mime: mime != "" and values.is_page(url, mime)))),
    Rule("json-attachment-size", WARNING, JSON_FEED,
         "{} is no number", _FILES, each(_odd_sizes)),
)  # fmt: skip
