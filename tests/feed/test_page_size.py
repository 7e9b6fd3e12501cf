"""Every page of a feed is below 1 MB, whatever its episodes hold; the next one begins there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import feedparser  # type: ignore[import-untyped]
import pytest
from feed_samples import CHANNEL, SEGMENT, SELF, SPACE, feed_page

from podcat import urls
from podcat.feed import FeedPage, jsonfeed, rss
from podcat.feed.page import PAGE_BYTES, fitted
from podcat.model import Cursor, Episode, Person

Render = Callable[[FeedPage], bytes]
render_in_each_format = pytest.mark.parametrize("render", [rss.render, jsonfeed.render])


def address(after: Cursor | None, before: Cursor | None) -> str:
    return f"{SELF}?after={after}" if after else f"{SELF}?before={before}" if before else SELF


def long_ones(count: int) -> list[Episode]:
    """Newest first, with descriptions of 10,000 characters of every width."""
    texts = ("word " * 2000, "сөз & " * 1666, "<b>\n" * 2500, "語" * 10_000)
    return [
        replace(
            (SEGMENT, SPACE)[n % 2],
            id=count - n,
            sort_at=10**9 - n // 3,
            guid=f"urn:uuid:{n}",
            audio_url=f"https://media.example/{n}.mp3" if n % 2 == 0 else None,
            description=texts[n % len(texts)],
        )
        for n in range(count)
    ]


@render_in_each_format
def test_pages_are_cut_and_the_next_begins_with_what_was_left_out(render: Render) -> None:
    episodes = long_ones(150)
    seen, pages, where = 0, 0, 0
    while where < len(episodes):
        page = feed_page(*episodes[where:], self_url=SELF)
        data = fitted(page, render, address)
        assert len(data) <= PAGE_BYTES
        kept = data.count(b"<item>") or data.count(b'"content_html"')
        seen, pages, where = seen + kept, pages + 1, where + kept
        following = f"?after={episodes[where - 1].sort_at}-{episodes[where - 1].id}"
        assert (following.encode() in data) is (where < len(episodes))
        assert len(data) > PAGE_BYTES // 2 or where == len(episodes)
    assert seen == 150
    assert 1 < pages < 10


def test_what_fits_is_left_alone() -> None:
    page = feed_page(SEGMENT, SPACE)
    assert fitted(page, rss.render, address) == rss.render(page)


def test_a_cut_page_knows_the_first() -> None:
    data = fitted(feed_page(*long_ones(200)), rss.render, address)
    links = {link.rel: link.href for link in feedparser.parse(data).feed.links}
    assert links["first"] == SELF
    assert links["next"].startswith(f"{SELF}?after=999999")


@pytest.mark.parametrize("text", ["&", "x\n", "<", '"', "語", "\U0001f399", "x \n", "]]>", "\t"])
@render_in_each_format
def test_one_episode_is_never_too_large(render: Render, text: str) -> None:
    """As long as one document may be, and more than it may hold, in all places at once."""
    lot = text * (400_000 // len(text))
    url = f"https://media.example/?{text.strip() * urls.LONGEST}"[: urls.LONGEST // 2]
    worst = replace(
        SEGMENT,
        title=lot, description=lot, programme=lot, image_caption=lot, image_credit=lot,
        page_title=lot, people=(Person(lot, lot, lot),) * 1000, tags=(lot,) * 1000,
        audio_url=f"{url}.mp3", embed_url=url, link=f"{url}1", page_url=f"{url}2",
        transcript_url=f"{url}3", image_url=f"{url}4",
    )  # fmt: skip
    data = fitted(feed_page(worst, channel=CHANNEL), render, address)
    assert len(data) <= PAGE_BYTES
    assert len(data) > 1000
