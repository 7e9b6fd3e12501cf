"""Whatever pages say, a feed stays well-formed and what they say stays text."""

from __future__ import annotations

import json
from dataclasses import replace

from feed_samples import CHANNEL, NAMESPACES, SEGMENT, channel_of, feed_page, texts
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from podcat import text
from podcat.feed import FeedPage, jsonfeed, opml, rss
from podcat.feed.page import clip
from podcat.model import Person

NASTY = "<script>alert(1)</script><iframe src='https://e.example'></iframe>]]>&amp;&#0;<!-- "
ANY = st.text(st.characters(exclude_categories=())) | st.sampled_from([NASTY, "\ud800", "<", "&"])
ALLOWED = {"p", "ul", "li", "a", "div"}
COMMON = settings(max_examples=60, deadline=None)


def page_that_says(said: str) -> FeedPage:
    episode = replace(
        SEGMENT, title=said, description=said, image_caption=said, image_credit=said,
        page_title=said, people=(Person(said, said, said),), tags=(said,), provider_id=said,
        link=said, embed_url=f"https://e.example/{said}", page_url=f"https://e.example/?q={said}",
    )  # fmt: skip
    channel = replace(CHANNEL, title=said, description=said, author=said)
    return feed_page(episode, channel=channel)


def elements(fragment: str) -> set[str]:
    return {node.tag for node in html.fragment_fromstring(fragment, "div").iter()}


@COMMON
@given(ANY)
@example(NASTY)
def test_rss_is_well_formed_and_says_it_as_text(said: str) -> None:
    channel = channel_of(page_that_says(said))
    item = channel.find("item")
    known = text.clean(said)
    assert texts(item, "title") == [known or "Untitled recording (npr)"]
    assert texts(item, "category") == ([known] if known else [])
    assert elements(item.findtext("description") or "x") <= ALLOWED
    assert elements(channel.findtext("description")) <= ALLOWED
    notes = item.findtext("content:encoded", None, NAMESPACES)
    assert elements(notes) <= ALLOWED
    hrefs = html.fragment_fromstring(notes, "div").xpath("//a/@href")
    assert all(href.startswith("https://") for href in hrefs)


@COMMON
@given(ANY)
@example(NASTY)
def test_json_is_json_and_says_it_as_text(said: str) -> None:
    (item,) = json.loads(jsonfeed.render(page_that_says(said)))["items"]
    assert item["title"] == (text.clean(said) or "Untitled recording (npr)")
    assert elements(item["content_html"]) <= ALLOWED


@COMMON
@given(ANY, ANY)
def test_opml_is_well_formed(title: str, address: str) -> None:
    data = opml.render(title, [opml.Outline(title, address, address, title, title)])
    (outline,) = etree.fromstring(data).iter("outline")
    assert outline.get("type") == "rss"


@COMMON
@given(ANY)
def test_equal_pages_give_equal_bytes(said: str) -> None:
    assert rss.render(page_that_says(said)) == rss.render(page_that_says(said))
    assert jsonfeed.render(page_that_says(said)) == jsonfeed.render(page_that_says(said))


@given(st.text(), st.integers(3, 50))
def test_clip_keeps_to_its_bytes(plain: str, most: int) -> None:
    assert len(clip(plain, most).encode()) <= most
