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
    NAMESPACES,
    SEGMENT,
    SELF,
    SPACE,
    UNRESOLVED,
    Golden,
    channel_of,
    feed_page,
    item_of,
    texts,
    values,
)
from lxml import html

from podcat.feed import Channel, jsonfeed, rss
from podcat.feed.page import clip
from podcat.model import Person, Show

_PODCAST = "{https://podcastindex.org/namespace/1.0}"
_ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"


def test_golden(golden: Golden) -> None:
    page = feed_page(*EPISODES, next_url=f"{BASE}/feeds/kazakhstan.rss?after=1570579200-7")
    golden(CASES / "all.rss", rss.render(page))


def test_golden_of_a_feed_that_declares_nothing(golden: Golden) -> None:
    channel = Channel("bare", "Bare", "Nothing declared.")
    page = feed_page(SPACE, channel=channel, updated=None, json_url=None)
    golden(CASES / "bare.rss", rss.render(page))


def test_there_is_no_processing_instruction() -> None:
    assert rss.render(feed_page()).count(b"<?") == 1  # the XML declaration


def test_a_recording_with_a_file_is_an_enclosure() -> None:
    item = item_of(SEGMENT)
    assert dict(item.find("enclosure").attrib) == {
        "url": SEGMENT.audio_url,
        "length": "4260864",
        "type": "audio/mpeg",
    }
    assert item.find("media:player", NAMESPACES) is None
    assert values(item, "podcast:contentLink", "href") == [
        f"{BASE}/episodes/7-illegal-superstition-china-jails-muslims-for-practicing-islam-relatives-say"
    ]


def test_a_recording_without_a_file_leads_to_its_player() -> None:
    item = item_of(SPACE)
    link = item.find("podcast:contentLink", NAMESPACES)
    assert (link.get("href"), link.text) == (SPACE.embed_url, "Listen in the player")
    assert values(item, "media:player", "url") == [SPACE.embed_url]
    assert f'<a href="{SPACE.embed_url}">' in item.findtext("content:encoded", None, NAMESPACES)
    assert item.find("enclosure") is None


def test_a_recording_without_any_address_leads_to_us() -> None:
    item = item_of(UNRESOLVED)
    assert item.findtext("title") == "Untitled recording (rferl)"
    assert item.findtext("link") == f"{BASE}/episodes/11"
    assert values(item, "podcast:contentLink", "href") == [f"{BASE}/episodes/11"]


@pytest.mark.parametrize(
    ("changes", "link"),
    [
        ({}, SEGMENT.link),
        ({"link": None}, SEGMENT.page_url),
        ({"link": None, "page_url": None, "title": "Қазақ үні"},
         f"{BASE}/episodes/7-%D2%9B%D0%B0%D0%B7%D0%B0%D2%9B-%D2%AF%D0%BD%D1%96"),
    ],
)  # fmt: skip
def test_link_is_the_publishers_page_or_the_next_best(changes: dict[str, Any], link: str) -> None:
    assert item_of(SEGMENT, **changes).findtext("link") == link


def test_link_of_a_player_is_the_player_and_no_page_with_other_recordings() -> None:
    assert item_of(SPACE).findtext("link") == SPACE.embed_url
    assert item_of(SPACE, link=SEGMENT.link).findtext("link") == SEGMENT.link
    assert item_of(SPACE, embed_url=None).findtext("link") == SPACE.page_url


@pytest.mark.parametrize(
    "changes",
    [
        {"media_type": "text/html"},
        {"media_type": "text/html; charset=utf-8"},
        {"media_type": "application/x-mpegURL"},
        {"media_type": "audio/x-mpegurl"},
        {"media_type": "audio"},
        {"media_type": None, "audio_url": "https://www.npr.org/player/embed/1/2"},
        {"media_type": None, "audio_url": "https://e.example/a.html?file=a.mp3"},
        {"derived": frozenset({"audio_url"})},
    ],
)
def test_a_page_or_a_guess_is_never_an_enclosure(changes: dict[str, Any]) -> None:
    item = item_of(SEGMENT, **changes)
    assert item.find("enclosure") is None
    assert values(item, "media:player", "url") == [SEGMENT.embed_url]


@pytest.mark.parametrize(
    ("stated", "url", "kind"),
    [
        (None, "https://e.example/a.MP3?x=1", "audio/mpeg"),
        ("application/octet-stream", "https://e.example/a.m4a", "audio/x-m4a"),
        ("Audio/MPEG; charset=x", "https://e.example/stream", "audio/mpeg"),
        ("video/mp4", "https://e.example/a.mp3", "video/mp4"),
    ],
)
def test_type_as_stated_else_by_extension(stated: str | None, url: str, kind: str) -> None:
    item = item_of(SEGMENT, media_type=stated, audio_url=url)
    assert values(item, "enclosure", "type") == [kind]


def test_a_derived_file_is_not_shown_at_all() -> None:
    page = feed_page(replace(SEGMENT, derived=frozenset({"audio_url"})))
    assert b"20191009_me.mp3" not in rss.render(page)


def test_the_same_file_stands_once() -> None:
    again = replace(SEGMENT, id=8, guid="urn:uuid:another")
    first, second = channel_of(feed_page(SEGMENT, again)).findall("item")
    assert first.find("enclosure") is not None
    assert second.find("enclosure") is None
    assert values(second, "media:player", "url") == [SEGMENT.embed_url]


def test_a_playable_feed_has_only_items_with_a_file() -> None:
    page = feed_page(*EPISODES, channel=replace(CHANNEL, items="playable"))
    channel = channel_of(page)
    assert texts(channel, "item/guid") == [SEGMENT.guid]


def test_item_dates_are_utc_and_english() -> None:
    assert texts(item_of(SPACE), "pubDate") == ["Thu, 13 Jan 2022 00:00:00 +0000"]
    assert texts(item_of(SPACE, sort_at=10**18), "pubDate") == []


def test_guid_is_no_permalink() -> None:
    guid = item_of(SPACE).find("guid")
    assert (guid.text, guid.get("isPermaLink")) == (SPACE.guid, "false")


def test_people_keep_their_roles() -> None:
    people = item_of(SPACE).findall("podcast:person", NAMESPACES)
    assert [(p.text, p.get("role"), p.get("group")) for p in people] == [
        ("Reid Standish", "moderator", "cast"),
        ("Raushan Zhandayeva", "guest", "cast"),
        ("Reid Standish", "author", "writing"),
    ]


def test_a_person_without_name_or_role_does_no_harm() -> None:
    item = item_of(SPACE, people=(Person(" ", "guest"), Person("Ann", "")))
    (person,) = item.findall("podcast:person", NAMESPACES)
    assert (person.text, dict(person.attrib)) == ("Ann", {"group": "cast"})
    assert "<ul><li>Ann</li></ul>" in item.findtext("content:encoded", None, NAMESPACES)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.vtt", "text/vtt"), ("a.SRT", "application/x-subrip"), ("a.json", "application/json"),
     ("764153179", "text/html"), ("a.txt", "text/plain"), ("?id=5&format=vtt", "text/vtt"),
     ("t?file=1.SRT&x=1", "application/x-subrip"), ("t?vtt=no", "text/html"),
     ("t?about=jsonp", "text/html"), ("a.vtt?format=json", "text/vtt")],
)  # fmt: skip
def test_transcripts_have_a_type(name: str, kind: str) -> None:
    item = item_of(SEGMENT, transcript_url=f"https://e.example/{name}")
    assert values(item, "podcast:transcript", "type") == [kind]


def test_description_is_html_of_a_plain_text_and_stands_before_the_notes() -> None:
    item = item_of(SEGMENT)
    names = [node.tag.rpartition("}")[2] for node in item]
    assert names.index("description") < names.index("encoded")
    assert "<their>" not in item.findtext("description")
    read = html.fromstring(item.findtext("description"))
    assert "She tells <their> story & hers." in read.text_content()


@pytest.mark.parametrize(
    "said", ["word " * 5000, "&" * 5000, "ж" * 5000, ("<&>" * 7 + "plain ") * 500]
)
def test_a_long_description_is_cut_and_the_notes_are_whole(said: str) -> None:
    item = item_of(SEGMENT, description=said)
    assert 1000 < len(item.findtext("description").encode()) <= 4000
    assert item.findtext("description").endswith("…")
    notes = html.fromstring(item.findtext("content:encoded", None, NAMESPACES)).text_content()
    assert said.strip() in notes


def test_clip_cuts_at_a_word() -> None:
    assert clip("one two three", 13) == "one two three"
    assert clip("one two three", 12) == "one two…"
    assert clip("жжжж", 7) == "жж…"


def test_notes_name_picture_people_and_sources() -> None:
    notes = html.fromstring(
        f"<div>{item_of(SEGMENT).findtext('content:encoded', None, NAMESPACES)}</div>"
    )
    said = notes.text_content()
    assert "Aibota Zhanibek was born in China and now lives in Almaty. (Emily Feng/NPR)" in said
    assert "Emily Feng (reporter)" in said
    assert [a.get("href") for a in notes.iter("a")] == [
        SEGMENT.embed_url,
        SEGMENT.link,
        SEGMENT.page_url,
        SEGMENT.transcript_url,
        f"{BASE}/episodes/7-illegal-superstition-china-jails-muslims-for-practicing-islam-relatives-say",
    ]


def test_a_feed_without_title_still_is_one() -> None:
    channel = channel_of(feed_page(channel=Channel("some", "\x00", " ")))
    assert texts(channel, "title") == texts(channel, "description") == ["some"]


def test_links_to_other_pages_and_to_a_hub() -> None:
    pages = {f"{name}_url": f"{SELF}?{name}" for name in ("first", "previous", "next", "last")}
    channel = channel_of(feed_page(SEGMENT, hub_url="https://hub.example/", **pages))
    links = [dict(link.attrib) for link in channel.findall("atom:link", NAMESPACES)]
    hub = {"rel": "hub", "href": "https://hub.example/"}
    assert [link["rel"] for link in links] == [
        "self", "hub", "first", "previous", "next", "last", "alternate",
    ]  # fmt: skip
    assert links[1] == hub
    for link in links[2:6]:
        expected = {"href": f"{SELF}?{link['rel']}", "type": "application/rss+xml"}
        assert link == {"rel": link["rel"]} | expected


def test_a_film_stands_beside_the_sound_of_a_recording() -> None:
    film = "https://e.example/film.m3u8"
    item = item_of(replace(SEGMENT, video_url=film))
    (other,) = item.findall(_PODCAST + "alternateEnclosure")
    assert (other.get("type"), other[0].get("uri")) == ("application/x-mpegURL", film)
    assert item.find("enclosure").get("url") == SEGMENT.audio_url
    for video in (SEGMENT.audio_url, "https://e.example/film.html"):
        item = item_of(replace(SEGMENT, video_url=video))
        assert item.find(_PODCAST + "alternateEnclosure") is None
    guessed = replace(SEGMENT, video_url=film, derived=frozenset({"video_url"}))
    assert item_of(guessed).find(_PODCAST + "alternateEnclosure") is None
    both = jsonfeed.render(feed_page(replace(SEGMENT, video_url=film)))
    assert len(json.loads(both)["items"][0]["attachments"]) == 2


def test_a_space_is_where_it_is_talked_about() -> None:
    talk = item_of(SPACE).find(_PODCAST + "socialInteract")
    assert dict(talk.attrib) == {"protocol": "twitter", "uri": SPACE.embed_url}
    rferl = item_of(replace(SPACE, provider="rferl"))
    assert rferl.find(_PODCAST + "socialInteract") is None


def test_a_channel_names_the_shows_that_its_episodes_are_from() -> None:
    show = Show("https://e.example/show.rss", "917393e3-1b1e-5cef-ace4-edaa54e1f810", "The Show")
    (podroll,) = channel_of(feed_page(SEGMENT, shows=(show,))).findall(_PODCAST + "podroll")
    assert [dict(remote.attrib) for remote in podroll] == [
        {"feedGuid": show.guid, "feedUrl": show.url, "title": "The Show"}
    ]
    assert channel_of(feed_page(SEGMENT)).find(_PODCAST + "podroll") is None


def test_how_often_something_new_is_to_be_expected() -> None:
    channel = channel_of(feed_page(channel=replace(CHANNEL, frequency="weekly")))
    (said,) = channel.findall(_PODCAST + "updateFrequency")
    assert (said.text, said.get("rrule")) == ("weekly", "FREQ=WEEKLY")
    assert channel_of(feed_page()).find(_PODCAST + "updateFrequency") is None


def test_a_feed_without_a_picture_of_its_own_has_ours() -> None:
    for image in (None, "art.png"):
        channel = channel_of(feed_page(channel=replace(CHANNEL, image=image)))
        ours = f"{BASE}/static/cover.png"
        assert channel.find("image/url").text == ours
        assert channel.find(_ITUNES + "image").get("href") == ours
