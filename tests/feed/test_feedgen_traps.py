"""Each known defect of feedgen as a test of our output; numbered as in the list we keep of them."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import feedgen.util
import pytest
from feed_samples import (
    BASE,
    CHANNEL,
    EPISODES,
    NAMESPACES,
    SEGMENT,
    SELF,
    SPACE,
    channel_of,
    feed_page,
    item_of,
    texts,
    values,
)
from lxml import etree

import podcat
from podcat.feed import rss
from podcat.model import Episode


@pytest.mark.parametrize(("explicit", "word"), [(False, "false"), (True, "true")])
def test_01_explicit_is_true_or_false(explicit: bool, word: str) -> None:
    channel = channel_of(feed_page(SEGMENT, channel=replace(CHANNEL, explicit=explicit)))
    assert texts(channel, "itunes:explicit") == [word]
    assert texts(channel, "item/itunes:explicit") == [word]


@pytest.mark.parametrize("name", ["a.png?s=1400", "a.jpeg", "a.webp", "a"])
def test_02_images_of_any_extension_are_kept(name: str) -> None:
    url = f"https://img.example/{name}"
    episode = replace(SEGMENT, image_url=url)
    channel = channel_of(feed_page(episode, channel=replace(CHANNEL, image=url)))
    assert values(channel, "itunes:image", "href") == [url]
    assert values(channel, "item/itunes:image", "href") == [url]


def test_03_link_is_the_page_for_people() -> None:
    page = feed_page(SEGMENT, next_url=f"{SELF}?after=1-1", first_url=SELF)
    channel = channel_of(page)
    assert texts(channel, "link") == [f"{BASE}/feeds/kazakhstan"]
    assert texts(channel, "item/link") == [SEGMENT.link]


def test_04_all_atom_links_are_written() -> None:
    channel = channel_of(feed_page(next_url=f"{SELF}?after=1-1&tag=a", first_url=SELF))
    links = {n.get("rel"): n.get("href") for n in channel.findall("atom:link", NAMESPACES)}
    assert links == {
        "self": SELF,
        "first": SELF,
        "next": f"{SELF}?after=1-1&tag=a",
        "alternate": f"{BASE}/feeds/kazakhstan.json",
    }


def test_05_links_keep_their_types() -> None:
    channel = channel_of(feed_page(SEGMENT))
    assert channel.getparent().tag == "rss"
    types = values(channel, "atom:link", "type")
    assert types == ["application/rss+xml", "application/feed+json"]


@pytest.mark.parametrize("size", [None, 0, -1])
def test_06_unknown_length_of_a_file_is_zero(size: int | None) -> None:
    assert values(item_of(SEGMENT, media_bytes=size), "enclosure", "length") == ["0"]


def test_06_no_enclosure_without_a_type() -> None:
    item = item_of(SEGMENT, audio_url="https://cdn.example/stream/1", media_type=None)
    assert item.find("enclosure") is None


def test_07_build_date_comes_from_the_data() -> None:
    assert texts(channel_of(feed_page(updated=0)), "lastBuildDate") == [
        "Thu, 01 Jan 1970 00:00:00 +0000"
    ]
    assert texts(channel_of(feed_page(updated=None)), "lastBuildDate") == []


def test_08_items_stand_in_the_order_given() -> None:
    channel = channel_of(feed_page(*EPISODES))
    assert texts(channel, "item/guid") == [episode.guid for episode in EPISODES]


BAD = "a\x00b\x1b\x0c\ud800\uffff\ufffec"


def test_09_forbidden_characters_do_not_kill_a_feed() -> None:
    episode = replace(
        SEGMENT, title=BAD, description=BAD, guid=BAD, tags=(BAD,), image_caption=BAD,
        people=(replace(SEGMENT.people[0], name=BAD, role=BAD),), page_title=BAD,
        provider=BAD, link=f"https://e.example/{BAD}", audio_url=f"https://e.example/{BAD}.mp3",
        media_type=f"audio/{BAD}",
    )  # fmt: skip
    channel = replace(CHANNEL, title=BAD, description=BAD, author=BAD, copyright=BAD, language=BAD)
    rendered = channel_of(feed_page(episode, channel=channel, guid=BAD))
    assert texts(rendered, "title") == texts(rendered, "item/title") == ["abc"]
    assert texts(rendered, "item/podcast:person") == ["abc"]
    assert texts(rendered, "item/guid") == ["abc"]


def test_10_items_hold_only_known_elements() -> None:
    item = item_of(SEGMENT)
    prefixes = {etree.QName(node).namespace for node in item.iter()} - {None}
    assert prefixes <= set(NAMESPACES.values())
    assert texts(item, "itunes:episodeType") == ["full"]


def test_11_author_is_written_without_an_email() -> None:
    channel = channel_of(feed_page(SPACE, channel=replace(CHANNEL, owner_email=None)))
    assert texts(channel, "itunes:author") == ["Example Desk"]
    assert texts(channel, "item/itunes:author") == ["Reid Standish, Raushan Zhandayeva"]
    assert channel.find("itunes:owner", NAMESPACES) is None
    assert channel.find(".//author") is None


def test_12_channel_image_has_title_and_link_of_the_channel() -> None:
    image = channel_of(feed_page()).find("image")
    assert {node.tag: node.text for node in image} == {
        "url": CHANNEL.image,
        "title": CHANNEL.title,
        "link": f"{BASE}/feeds/kazakhstan",
    }


def test_13_categories_may_hold_quotes() -> None:
    category = 'A "quoted" one > B & C'
    channel = channel_of(feed_page(SEGMENT, channel=replace(CHANNEL, category=category)))
    assert values(channel, "itunes:category", "text") == ['A "quoted" one']
    assert values(channel, "itunes:category/itunes:category", "text") == ["B & C"]
    assert texts(channel, "item/category") == ["Kazakhstan", 'China "Xinjiang"']


@pytest.mark.parametrize(("seconds", "written"), [(266, ["266"]), (0, []), (None, []), (-5, [])])
def test_14_duration_in_seconds_or_not_at_all(seconds: int | None, written: list[str]) -> None:
    assert texts(item_of(SEGMENT, duration=seconds), "itunes:duration") == written


@pytest.mark.parametrize("episode", EPISODES, ids=lambda e: e.provider)
def test_15_no_media_group_nor_content(episode: Episode) -> None:
    item = item_of(episode)
    assert item.find(".//media:group", NAMESPACES) is None
    assert item.find(".//media:content", NAMESPACES) is None


def test_16_rss_can_be_the_first_import() -> None:
    where = str(Path(podcat.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import podcat.feed.rss"],
        env=os.environ | {"PYTHONPATH": where},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


def test_17_only_one_thread_at_a_time_touches_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    real, held = feedgen.util.locale.setlocale, []

    def watched(*arguments: Any) -> Any:
        held.append(rss._LOCK.locked())
        return real(*arguments)

    monkeypatch.setattr(feedgen.util.locale, "setlocale", watched)
    page = feed_page(*EPISODES)
    with ThreadPoolExecutor(4) as pool:
        rendered = list(pool.map(rss.render, [page] * 12))
    assert len(set(rendered)) == 1
    assert held
    assert all(held)


def test_18_no_guid_twice() -> None:
    again = replace(SEGMENT, id=8, guid=SPACE.guid)
    assert texts(channel_of(feed_page(SPACE, again)), "item/guid") == [SPACE.guid]


@pytest.mark.parametrize(
    "url", ["/a.mp3", "ftp://e.example/a.mp3", "javascript://e.example/a.mp3", "a"]
)
def test_18_only_absolute_web_addresses(url: str) -> None:
    item = item_of(
        SEGMENT, audio_url=url, embed_url=url, link=url, page_url=url, image_url=url,
        transcript_url=url,
    )  # fmt: skip
    own = f"{BASE}/episodes/7-illegal-superstition"
    assert item.find("enclosure") is None
    assert item.find("media:player", NAMESPACES) is None
    assert item.findtext("link").startswith(own)
    addresses = [v for node in item.iter() for k, v in node.items() if k in ("url", "href")]
    assert all(address.startswith(own) for address in addresses)


def test_19_the_extension_shadows_nothing_and_namespaces_stand_once() -> None:
    data = rss.render(feed_page(*EPISODES))
    root = etree.fromstring(data)
    assert root.nsmap == NAMESPACES
    assert data.count(b"xmlns:") == len(NAMESPACES)
    assert root[0].find("image") is not None
    assert root[0].find("link") is not None


def test_20_nothing_given_is_changed() -> None:
    page = feed_page(*EPISODES)
    first = rss.render(page)
    assert page == feed_page(*EPISODES)
    assert rss.render(page) == first
    item = channel_of(page).findall("item")[0]
    assert texts(item, "category") == ["Kazakhstan"]
