from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from feed_samples import (
    BASE,
    CASES,
    CHANNEL,
    EPISODES,
    SEGMENT,
    SPACE,
    UNRESOLVED,
    Golden,
    feed_page,
)

from podcat.feed import jsonfeed
from podcat.model import Episode


def item_of(episode: Episode, **changes: Any) -> Any:
    return json.loads(jsonfeed.render(feed_page(replace(episode, **changes))))["items"][0]


def test_golden(golden: Golden) -> None:
    page = feed_page(
        *EPISODES,
        self_url=f"{BASE}/feeds/kazakhstan.json",
        rss_url=f"{BASE}/feeds/kazakhstan.rss",
        next_url=f"{BASE}/feeds/kazakhstan.json?after=1570579200-7",
    )
    golden(CASES / "all.json", jsonfeed.render(page))


def test_a_player_is_an_external_address_and_no_attachment() -> None:
    item = item_of(SPACE)
    assert item["external_url"] == SPACE.embed_url
    assert "attachments" not in item
    assert SPACE.embed_url in item["content_html"]


def test_a_file_is_an_attachment() -> None:
    assert item_of(SEGMENT)["attachments"] == [
        {
            "url": SEGMENT.audio_url,
            "mime_type": "audio/mpeg",
            "size_in_bytes": 4260864,
            "duration_in_seconds": 266,
        }
    ]


def test_unknown_is_left_out_and_never_zero() -> None:
    (attachment,) = item_of(SEGMENT, media_bytes=None, duration=None)["attachments"]
    assert set(attachment) == {"url", "mime_type"}


def test_an_unresolved_recording_has_an_address_of_its_own() -> None:
    item = item_of(UNRESOLVED)
    assert item["url"] == f"{BASE}/episodes/11"
    assert "external_url" not in item
    assert item["_podcat"] == {
        "guid": UNRESOLVED.guid,
        "provider": "rferl",
        "status": "unresolved",
        "first_seen": "2022-01-13T18:53:20Z",
    }


def test_an_empty_feed_has_an_empty_list() -> None:
    assert json.loads(jsonfeed.render(feed_page()))["items"] == []


def test_lone_surrogates_do_not_kill_a_feed() -> None:
    assert item_of(SEGMENT, title="a\ud800b", provider="p\udfff")["title"] == "ab"


def test_same_items_as_rss_in_a_playable_feed() -> None:
    page = feed_page(*EPISODES, channel=replace(CHANNEL, items="playable"))
    (item,) = json.loads(jsonfeed.render(page))["items"]
    assert item["id"] == SEGMENT.guid


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        ("2019-10-09", "2019-10-09T00:00:00Z"),
        ("2019-10-09T07:30:00-04:00", "2019-10-09T11:30:00Z"),
        (None, None),
        ("--01-13", None),
    ],
)
def test_the_date_is_the_documents_or_none(stated: str | None, date: str | None) -> None:
    item = item_of(SEGMENT, published=stated)
    assert item.get("date_published") == date
    assert item["_podcat"]["first_seen"] == "2022-01-13T18:53:20Z"


def test_a_title_without_end_is_cut() -> None:
    title = item_of(SEGMENT, title="word " * 1000)["title"]
    assert len(title) <= 255
    assert title.endswith("word…")
    assert len(item_of(SEGMENT, title="x" * 1000)["title"]) == 255
