"""A feed joined from items that were rendered one by one is the feed, byte for byte."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from feed_samples import CHANNEL, EPISODES, SEGMENT, SPACE, UNRESOLVED, feed_page
from hypothesis import example, given, settings
from hypothesis import strategies as st

from podcat.feed import FeedPage, fragments, rss
from podcat.feed.channel import PLAYABLE, Channel
from podcat.model import Episode, Person, Piece

ANY = st.text(st.characters(exclude_categories=())) | st.sampled_from(
    [
        "<item>",
        "    <item>\n",
        "</channel>",
        "<itunes:explicit>false</itunes:explicit>",
        "\ud800",
        "]]>",
    ]
)


def pieces(page: FeedPage[Episode]) -> FeedPage[Piece]:
    """The page with its items as they would have been kept, each rendered by itself."""
    kept = {e.id: fragments.render([e])[e.id] for e in page.episodes}
    assert kept == fragments.render(page.episodes)
    found = tuple(Piece(e.id, e.sort_at, e.changed_at, e.guid, kept[e.id]) for e in page.episodes)
    values = {field.name: getattr(page, field.name) for field in fields(page)}
    return FeedPage(**values | {"episodes": found})


def joined(page: FeedPage[Piece]) -> bytes:
    return b"".join(fragments.join(page, fragments.head(page), page.episodes))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"channel": Channel("bare", "Bare", "Bare")},
        {"channel": replace(CHANNEL, explicit=True)},
        {"channel": replace(CHANNEL, items=PLAYABLE)},
        {"base_url": "http://127.0.0.1:8000"},
        {"base_url": "https://[2001:db8::1]/below/%7Eit"},
        {"next_url": "https://podcat.example/feeds/kazakhstan.rss?after=1-2&q=a"},
    ],
)
@pytest.mark.parametrize("episodes", [(), (SEGMENT,), EPISODES])
def test_joined_is_rendered(episodes: tuple[Episode, ...], changes: dict[str, Any]) -> None:
    page = feed_page(*episodes, **changes)
    assert fragments.joinable(pieces(page))
    assert joined(pieces(page)) == rss.render(page)


@settings(max_examples=60, deadline=None)
@given(ANY, ANY)
@example("    <item>\n", "  </channel>\n</rss>\n")
def test_joined_is_rendered_whatever_pages_say(one: str, two: str) -> None:
    episode = replace(
        SEGMENT, title=one, description=two, image_caption=one, tags=(one, two),
        people=(Person(one, two, one),), link=f"https://e.example/{one}", page_title=two,
    )  # fmt: skip
    page = feed_page(episode, replace(SPACE, title=two), channel=replace(CHANNEL, explicit=True))
    assert joined(pieces(page)) == rss.render(page)


def test_more_items_than_are_joined_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "_SIZE", 2)
    page = feed_page(*EPISODES)
    parts = list(fragments.join(page, fragments.head(page), pieces(page).episodes))
    assert len(parts) == 4
    assert b"".join(parts) == rss.render(page)


def test_what_cannot_be_joined_is_known() -> None:
    twice = feed_page(SEGMENT, replace(SEGMENT, id=8, guid="urn:x:8"))
    assert not fragments.joinable(pieces(twice))  # the second item has to stand without its file
    once = replace(twice, channel=replace(CHANNEL, items=PLAYABLE))  # or is left out
    assert joined(pieces(once)) == rss.render(once)
    assert not fragments.joinable(pieces(feed_page(SEGMENT, base_url="https://e.example/a&b")))
    missing = feed_page(Piece(7, 1, 1, "urn:x:7"))
    assert not fragments.joinable(missing)
    assert not fragments.is_neutral(replace(SEGMENT, description=f"see {fragments.BASE}/x"))
    assert all(map(fragments.is_neutral, (SEGMENT, SPACE, UNRESOLVED)))
