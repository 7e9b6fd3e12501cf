"""Two parsers that podcast programs are built on read both kinds of item."""

from __future__ import annotations

import io
import warnings
from typing import Any

import pytest
from feed_samples import BASE, CHANNEL, SEGMENT, SELF, SPACE, UNRESOLVED, feed_page

from podcat.feed import rss

with warnings.catch_warnings():
    # feedparser 6 uses modules that newer Pythons deprecate; it is not ours to mend.
    warnings.simplefilter("ignore", DeprecationWarning)
    import feedparser  # type: ignore[import-untyped]
import podcastparser  # type: ignore[import-untyped]


@pytest.fixture(scope="module")
def rendered() -> bytes:
    return rss.render(feed_page(SEGMENT, SPACE, UNRESOLVED, next_url=f"{SELF}?after=1-1"))


@pytest.fixture(scope="module")
def parsed(rendered: bytes) -> Any:
    return feedparser.parse(io.BytesIO(rendered))


def test_feedparser_reads_the_channel(parsed: Any) -> None:
    assert not parsed.bozo
    assert parsed.feed.title == CHANNEL.title
    assert parsed.feed.link == f"{BASE}/feeds/kazakhstan"
    assert parsed.feed.language == "en"
    links = {link.rel: link.href for link in parsed.feed.links}
    assert links["self"] == SELF
    assert links["next"] == f"{SELF}?after=1-1"


def test_feedparser_reads_a_file(parsed: Any) -> None:
    entry = parsed.entries[0]
    (file,) = entry.enclosures
    assert (file.href, file.type, file.length) == (SEGMENT.audio_url, "audio/mpeg", "4260864")
    assert entry.title == SEGMENT.title
    assert entry.itunes_duration == "266"
    assert entry.published_parsed[:3] == (2019, 10, 9)


def test_feedparser_reads_a_player(parsed: Any) -> None:
    entry = parsed.entries[1]
    assert entry.enclosures == []
    assert entry.link == SPACE.embed_url
    assert entry.id == SPACE.guid
    assert entry.media_player["url"] == SPACE.embed_url
    assert entry.podcast_contentlink["href"] == SPACE.embed_url


def test_feedparser_reads_what_has_no_address(parsed: Any) -> None:
    assert parsed.entries[2].enclosures == []
    assert parsed.entries[2].link == f"{BASE}/episodes/11"


def test_podcastparser_reads_both(rendered: bytes) -> None:
    feed = podcastparser.parse(SELF, io.BytesIO(rendered))
    assert feed["title"] == CHANNEL.title
    assert feed["link"] == f"{BASE}/feeds/kazakhstan"
    episodes = {episode["guid"]: episode for episode in feed["episodes"]}
    segment, space = episodes[SEGMENT.guid], episodes[SPACE.guid]
    (file,) = segment["enclosures"]
    assert (file["url"], file["file_size"], file["mime_type"]) == (
        SEGMENT.audio_url,
        4260864,
        "audio/mpeg",
    )
    assert segment["total_time"] == 266
    assert segment["description"].startswith("Aibota Zhanibek's family was detained.")
    assert space["enclosures"] == []
    assert space["link"] == SPACE.embed_url
    assert space["published"] == SPACE.sort_at


def test_podcastparser_follows_to_the_next_page(rendered: bytes) -> None:
    feed = podcastparser.parse(SELF, io.BytesIO(rendered))
    assert feed["paged_feed_next"] == f"{SELF}?after=1-1"
