"""podcat publishes no item that its own lint calls an error, and says what it left out."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from feed_samples import BASE, CHANNEL, EPISODES, SEGMENT, SELF, SPACE, feed_page
from hypothesis import example, given, settings
from hypothesis import strategies as st

from podcat.feed import Channel, FeedPage, jsonfeed, left_out, lint, opml, rss
from podcat.feed.lint import ERROR, WARNING
from podcat.model import Episode, Person

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
FILES = replace(CHANNEL, items="playable")
NO_TYPE = replace(SEGMENT, audio_url="https://e.example/listen/7", media_type=None)


def rules(page: FeedPage, *severities: str) -> set[str]:
    found = lint.lint(rss.render(page), page.self_url, NOW)
    found += lint.lint(jsonfeed.render(page), None, NOW)
    return {f.rule.id for f in found if f.rule.severity in (severities or (ERROR, WARNING))}


# ---------------------------------------------------------------- good feeds are good


def test_a_feed_of_files_has_no_error_and_no_warning() -> None:
    episode = replace(SEGMENT, image_url="https://e.example/aibota.jpg")
    assert rules(feed_page(episode, channel=FILES)) == set()


def test_players_beside_files_are_named_once() -> None:
    episode = replace(SEGMENT, image_url="https://e.example/aibota.jpg")
    assert rules(feed_page(episode, SPACE)) == {"enclosure"}


def test_paging_is_right_in_both_faces() -> None:
    page = feed_page(*EPISODES, next_url=f"{SELF}?after=1-1", first_url=SELF)
    assert not {rule for rule in rules(page) if "paging" in rule or "circle" in rule}


def test_a_list_of_feeds_is_right() -> None:
    outlines = [opml.Outline("A & B", f"{BASE}/feeds/a.rss", f"{BASE}/feeds/a", "<i>", "en")]
    assert lint.lint(opml.render("Feeds", outlines, 1642032000), None, NOW) == []


# ---------------------------------------------------------------- what the channel lacks


@pytest.mark.parametrize(
    ("changes", "severity", "rule"),
    [
        ({"language": None}, ERROR, "language"),
        ({"category": None}, ERROR, "itunes-category"),
        ({"category": "News > Podcasting"}, WARNING, "itunes-category-name"),
        ({"title": "x" * 256}, WARNING, "text-length"),
        ({"author": None}, lint.ADVICE, "itunes-author"),
        ({"owner_email": None}, lint.ADVICE, "itunes-owner"),
        ({"copyright": "© 2022 A"}, lint.ADVICE, "copyright"),
    ],
)
def test_what_a_channel_lacks(changes: dict[str, Any], severity: str, rule: str) -> None:
    channel = replace(FILES, **changes)
    assert rule in rules(feed_page(SEGMENT, channel=channel), severity)


def test_a_feed_of_players_is_not_measured_as_a_podcast() -> None:
    page = feed_page(SPACE, channel=Channel("bare", "Bare", "Bare"))
    assert rules(page) == {"nothing-to-play"}


def test_a_feed_that_only_this_machine_reaches() -> None:
    assert "address-local" in rules(feed_page(SEGMENT, self_url="http://127.0.0.1:8000/a.rss"))


# ---------------------------------------------------------------- what is left out


@pytest.mark.parametrize(
    ("episodes", "channel", "reasons"),
    [
        ((SEGMENT, SPACE), CHANNEL, []),
        ((replace(SEGMENT, guid=" \x00 "),), CHANNEL, ["has no guid"]),
        ((SEGMENT, replace(SEGMENT, id=8)), CHANNEL, ["has the guid of another one"]),
        ((SEGMENT, replace(SEGMENT, id=8, guid="b")), CHANNEL, []),
        ((SEGMENT, replace(SEGMENT, id=8, guid="b")), FILES, ["has the same file as another one"]),
        ((NO_TYPE,), FILES, ["has no file that apps can play"]),
        ((NO_TYPE,), CHANNEL, []),
    ],
)
def test_what_is_left_out_is_said(
    episodes: tuple[Episode, ...], channel: Channel, reasons: list[str]
) -> None:
    assert [reason for _, reason in left_out(episodes, channel)] == reasons
    data = rss.render(feed_page(*episodes, channel=channel))
    assert data.count(b"<item>") == len(episodes) - len(reasons)
    assert jsonfeed.render(feed_page(*episodes, channel=channel)).count(b'"content_html"') == (
        len(episodes) - len(reasons)
    )


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://e.example/player.html", "audio/mpeg"),
        ("https://e.example/7.mp3", "text/html"),
        ("https://e.example/7.mp3", "audio/мп3"),
        ("https://e.example/7.mp3", "audio/"),
        ("https://e.example/7.m3u8", "audio/mpegurl"),
    ],
)
def test_no_file_that_lint_would_refuse(url: str, kind: str) -> None:
    episode = replace(SEGMENT, audio_url=url, media_type=kind)
    assert b"<enclosure" not in rss.render(feed_page(episode))
    assert b"attachments" not in jsonfeed.render(feed_page(episode))


ANY = st.text(st.characters(exclude_categories=()), max_size=30)
TYPES = ANY | st.sampled_from(
    ["audio/mpeg", "audio/", "text/html", "AUDIO/MPEG; x", "audio/a b", ""]
)
ADDRESSES = ANY.map(lambda said: f"https://e.example/{said}") | st.sampled_from(
    ["https://e.example/a.mp3", "https://e.example/a.html", "a.mp3", "ftp://e.example/a.mp3", "//e.example/a.mp3"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(ANY, ANY, ADDRESSES, TYPES, st.none() | st.integers(-5, 10**13)), max_size=3)
)
@example([("", "", "https://e.example/a.html", "audio/mpeg", -1)] * 2)
@example([("g", "t", "https://e.example/a.mp3", "audio/mpeg", 1)] * 2)
def test_whatever_the_catalogue_holds_no_error_is_published(said: list[Any]) -> None:
    episodes = [
        replace(
            SEGMENT, id=n, guid=guid, title=title, description=title, audio_url=url, media_type=kind,
            media_bytes=size, link=url, page_url=url, embed_url=url, image_url=url,
            transcript_url=url, sort_at=size or 0, people=(Person(title, title, title),),
            tags=(title,), published=title, duration=size,
        )
        for n, (guid, title, url, kind, size) in enumerate(said)
    ]  # fmt: skip
    for channel in (CHANNEL, FILES):
        assert rules(feed_page(*episodes, channel=channel), ERROR) == set()
