from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from feed_samples import CHANNEL, SEGMENT, SPACE, feed_page

from podcat.feed import Channel, FeedPage, preflight
from podcat.feed.preflight import ERROR, WARNING
from podcat.model import Episode


def rules(page: FeedPage) -> dict[str, str]:
    return {finding.rule: finding.level for finding in preflight.inspect(page)}


def test_a_good_feed_passes() -> None:
    assert preflight.inspect(feed_page(SEGMENT)) == []


@pytest.mark.parametrize(
    ("changes", "rule", "level"),
    [
        ({"image": None}, "channel-image", ERROR),
        ({"image": "art.png"}, "channel-image", ERROR),
        ({"language": None}, "channel-language", ERROR),
        ({"category": None}, "channel-category", ERROR),
        ({"title": " "}, "channel-title", ERROR),
        ({"description": ""}, "channel-description", ERROR),
        ({"title": "x" * 256}, "channel-title-length", WARNING),
        ({"description": "ж" * 2001}, "channel-description-length", WARNING),
        ({"author": None}, "channel-author", WARNING),
        ({"owner_email": None}, "channel-owner", WARNING),
        ({"copyright": "© 2022 A"}, "channel-copyright", WARNING),
    ],
)
def test_what_the_channel_lacks(changes: dict[str, Any], rule: str, level: str) -> None:
    page = feed_page(SEGMENT, channel=replace(CHANNEL, **changes))
    assert rules(page) == {rule: level}


@pytest.mark.parametrize(
    ("episodes", "expected"),
    [
        ((), {"no-playable": ERROR}),
        ((SPACE,), {"no-playable": ERROR, "player-only": WARNING}),
        ((SEGMENT, SPACE), {"player-only": WARNING}),
        ((replace(SEGMENT, title="x" * 256),), {"title-length": WARNING}),
        ((replace(SEGMENT, audio_url="https://e.example/a.ogg"),), {"extension": WARNING}),
        ((SEGMENT, SEGMENT), {"same-guid": WARNING, "same-file": WARNING}),
    ],
)
def test_what_the_items_lack(episodes: tuple[Episode, ...], expected: dict[str, str]) -> None:
    assert rules(feed_page(*episodes)) == expected


def test_a_feed_over_http_is_noted() -> None:
    assert rules(feed_page(SEGMENT, self_url="http://e.example/a.rss")) == {"https": WARNING}


def test_the_worst_comes_first() -> None:
    page = feed_page(SPACE, channel=Channel("bare", "Bare", "Bare"))
    levels = [finding.level for finding in preflight.inspect(page)]
    assert levels == sorted(levels)
    assert set(levels) == {ERROR, WARNING}
