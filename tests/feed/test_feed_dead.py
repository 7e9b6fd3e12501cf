"""What feeds do with recordings that are known to be dead."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import pytest
from feed_samples import CHANNEL, JANUARY_13, SEGMENT
from lxml import etree

from podcat.feed import FeedPage, jsonfeed, left_out, rss


@dataclass(frozen=True)
class Known:
    since: int
    archived: str


COPY = "https://web.archive.org/web/20220101/https://files.example/1.mp3"
DEAD = {SEGMENT.id: Known(JANUARY_13, COPY)}
OTHER = replace(SEGMENT, id=8, guid="urn:uuid:2", title="x" * 255, audio_url=None)


def page(way: str, *episodes: object) -> FeedPage:
    channel = replace(CHANNEL, dead=way)
    return FeedPage(
        channel, "g", "https://a.example/f.rss", "https://a.example/f", "https://a.example",
        episodes or (SEGMENT, OTHER), dead=DEAD | {8: DEAD[SEGMENT.id]} if episodes else DEAD,
    )  # type: ignore[arg-type]  # fmt: skip


def titles(shown: FeedPage) -> list[str]:
    found = etree.fromstring(rss.render(shown)).findall("channel/item/title")
    return [item.text or "" for item in found]


def test_kept_unless_said_otherwise() -> None:
    assert CHANNEL.dead == "keep"
    assert rss.render(page("keep")) == rss.render(replace(page("keep"), dead={}))


def test_marked_in_title_and_notes() -> None:
    assert titles(page("mark")) == [f"{SEGMENT.title} (no longer online)", "x" * 255]
    first = json.loads(jsonfeed.render(page("mark")))["items"][0]
    assert first["content_html"].startswith(
        "<p>It has not been reachable since 13 January 2022.</p>"
    )
    assert f'<a href="{COPY}">An old copy' in first["content_html"]
    assert first["id"] == SEGMENT.guid


def test_a_long_title_keeps_its_mark() -> None:
    (title,) = titles(page("mark", OTHER))
    assert title.endswith("… (no longer online)")
    assert len(title) <= 255


def test_left_out_and_named() -> None:
    shown = page("leave out")
    assert titles(shown) == ["x" * 255]
    assert list(left_out(shown.episodes, shown.channel, shown.dead)) == [
        (SEGMENT, "is dead since 13 January 2022")
    ]
    assert list(left_out(shown.episodes, shown.channel)) == []


@pytest.mark.parametrize("way", ["keep", "mark"])
def test_nothing_else_is_left_out(way: str) -> None:
    shown = page(way)
    assert list(left_out(shown.episodes, shown.channel, shown.dead)) == []
