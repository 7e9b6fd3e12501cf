"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from podcat import text
from podcat.feed.page import FeedPage, Item, clip, items, moment
from podcat.model import Episode

_VERSION = "https://jsonfeed.org/version/1.1"


def render(page: FeedPage[Episode]) -> bytes:
    """The page as JSON in UTF-8; equal pages give equal bytes."""
    feed = _without_unknown(_feed(page))
    return (json.dumps(feed, ensure_ascii=False, indent=2) + "\n").encode()


def _feed(page: FeedPage[Episode]) -> dict[str, Any]:
    channel = page.channel
    return {
        "version": _VERSION,
        "title": text.clean(channel.title) or channel.name or "podcat",
        "home_page_url": page.page_url,
        "feed_url": page.self_url,
        "description": text.clean(channel.description),
        "icon": page.image_url,
        "authors": _authors(channel.author),
        "language": channel.language,
        "next_url": page.next_url,
        "hubs": [{"type": "WebSub", "url": page.hub_url}] if page.hub_url else None,
        "_podcat": {"about": f"{page.base_url}/feeds", "guid": page.guid, "rss_url": page.rss_url},
        "items": [_item(item) for item in items(page)],
    }


def _item(item: Item) -> dict[str, Any]:
    episode = item.episode
    return {
        "id": episode.guid,
        "url": item.own_url,
        "external_url": _elsewhere(item),
        "title": item.title,
        "content_html": item.notes,
        "summary": clip(item.description),
        "image": item.image_url,
        "date_published": _internet_date(text.timestamp(episode.published)),
        "authors": _authors(*item.authors),
        "tags": [tag for tag in map(text.clean, episode.tags) if tag],
        "language": episode.language,
        "attachments": _attachments(item, episode.duration),
        "_podcat": {
            "guid": episode.guid,
            "provider": episode.provider,
            "provider_id": episode.provider_id,
            "duration": episode.duration or None,
            "status": episode.status,
            "first_seen": _internet_date(episode.first_seen),
        },
    }


def _elsewhere(item: Item) -> str | None:
    """The player, else the publisher's page, else the page it appears on."""
    url = item.player_url or item.link
    return url if url != item.own_url else None


def _internet_date(seconds: int | None) -> str | None:
    """RFC 3339 in UTC: `2022-01-13T00:00:00Z`."""
    when = moment(seconds)
    return when.isoformat().replace("+00:00", "Z") if when else None


def _authors(*names: str | None) -> list[dict[str, str]]:
    return [{"name": name} for name in map(text.clean, names) if name]


def _attachments(item: Item, duration: int | None) -> list[dict[str, Any]]:
    files = [*([item.enclosure] if item.enclosure else []), *item.alternates]
    return [
        {
            "url": file.url,
            "mime_type": file.type,
            # The same title on several makes them forms of one recording.
            "title": item.title if len(files) > 1 else None,
            "size_in_bytes": file.bytes,
            "duration_in_seconds": duration or None,
        }
        for file in files
    ]


def _without_unknown(value: Any) -> Any:
    """Without members that are null or an empty list (but for items), all texts scrubbed."""
    if isinstance(value, str):
        return text.scrub(value)
    if isinstance(value, list):
        return [_without_unknown(v) for v in value]
    if isinstance(value, Mapping):
        return {
            key: _without_unknown(v)
            for key, v in value.items()
            if v is not None and (v != [] or key == "items")
        }
    return value
