"""JSON Feed (https://www.jsonfeed.org/version/1.1/) of others, as what RSS would say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from podcat.extract.said import LONGEST, Said

_BEGIN: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,99}\{")
_VERSION: Final = re.compile(
    rb"\"version\"\s{0,9}:\s{0,9}\"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version", re.I
)
_MOST: Final = 1000
"""Attachments, authors, tags of one item."""
_NEAR: Final = 2**20
"""Bytes in which the next id is looked for."""
_MISSES: Final = 20
"""Ids that may be written in a way that is not found, before no other is looked for."""


def is_feed(data: bytes) -> bool:
    """Whether bytes are a JSON Feed: by the version that it has to state, wherever that stands."""
    return _BEGIN.match(data) is not None and _VERSION.search(data) is not None


def parsed(data: bytes) -> dict[str, Any] | None:
    """The feed, or None for what is not to be read."""
    try:
        found = json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def channel(feed: Mapping[str, Any]) -> Said:
    """What a feed says of itself."""
    links = {"self": _text(feed.get("feed_url")), "next": _text(feed.get("next_url"))}
    return Said(
        {name: _text(feed.get(name)) for name in ("title", "language")},
        {"link": [{"rel": rel, "href": url, "": ""} for rel, url in links.items() if url]},
    )


def items(feed: Mapping[str, Any], data: bytes) -> Iterator[Said]:
    """What it says of its items; their lines are those of their ids in the bytes."""
    line, at, misses = 1, 0, 0
    listed = feed.get("items")
    for item in listed if isinstance(listed, list) else ():
        if _is(item):
            found = data.find(_sign(item), at, at + _NEAR) if misses < _MISSES else -1
            if found >= 0:
                line, at = line + data.count(b"\n", at, found), found
            else:
                misses += 1
            yield _item(item, line)


def _sign(item: Mapping[str, Any]) -> bytes:
    """The id as it is written, more often than not."""
    stated = item.get("id")
    plain = stated if isinstance(stated, (str, int)) else None
    return json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace")


def _item(item: Mapping[str, Any], line: int) -> Said:
    attachments = [one for one in _list(item, "attachments") if _is(one)]
    authors = [one for one in (*_list(item, "authors"), item.get("author")) if _is(one)]
    lengths = (_number(one.get("duration_in_seconds")) for one in attachments)
    pages = (_text(item.get(name)) for name in ("url", "external_url"))
    texts = {name: _text(item.get(name)) for name in ("title", "summary", "language")}
    return Said(
        texts | {
            "guid": _text(item.get("id")), "published": _text(item.get("date_published")),
            "description": _text(item.get("content_html")) or _text(item.get("content_text")),
            "duration": next(filter(None, lengths), ""),
        },
        {
            "link": [{"": url} for url in pages if url],
            "enclosure": [
                {"url": _text(one.get("url")), "type": _text(one.get("mime_type")), "": ""}
                for one in attachments
            ],
            "image": [{"href": _text(item.get("image")) or _text(item.get("banner_image"))}],
            "person": [{"": _text(one.get("name")), "role": "author"} for one in authors],
            "category": [{"": _text(tag)} for tag in _list(item, "tags")],
        },
        line,
    )  # fmt: skip


def _is(value: Any) -> bool:
    return isinstance(value, dict)


def _list(item: Mapping[str, Any], name: str) -> list[Any]:
    found = item.get(name)
    return found[:_MOST] if isinstance(found, list) else []


def _text(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**18 else ""  # some number their items
    return value[:LONGEST].strip() if isinstance(value, str) else ""


def _number(value: Any) -> str:
    """Whole seconds of a length that is one."""
    good = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(int(value)) if good and 0 < value < 10**7 else ""
