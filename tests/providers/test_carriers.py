"""Players that no plain address in an iframe shows: scripts, data attributes, files, links."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import pytest

from podcat.extract import extract
from podcat.model import Document, Page, embed_json
from podcat.providers import registry

UPLOAD = "463fa99c-b84c-464e-95fe-d679dd91c938"
SHOW = "7bc4f231-9280-445a-a62b-b5727083ddca"
SUBSTACK = escape(json.dumps({"label": "A talk", "mediaUploadId": UPLOAD, "duration": 61.5}))
PODIGEE = "https://cloudonaut.podigee.io/72-serverless/embed?context=external"
PODIGEE_SCRIPT = (
    "https://player.podigee-cdn.net/podcast-player/javascripts/podigee-podcast-player.js"
)

CARRIERS = {
    "script with its address in data": (
        f'<script class="podigee-podcast-player" src="{PODIGEE_SCRIPT}" data-configuration="{PODIGEE}"></script>',
        "podigee", "cloudonaut/72-serverless",
    ),
    "script behind a consent gate": (
        f'<script type="text/plain" data-usercentrics="Podigee" src="{PODIGEE_SCRIPT}" data-configuration="{PODIGEE}"></script>',
        "podigee", "cloudonaut/72-serverless",
    ),
    "script": (
        '<script src="https://www.buzzsprout.com/1121972/15967567-a-title.js?container_id=p&player=small"></script>',
        "buzzsprout", "1121972/15967567",
    ),
    "script whose address waits for consent": (
        f'<script type="text/plain" data-src="https://api.podcache.net/embedded-episode-player/sh/{SHOW}/ep/{UPLOAD}"></script>',
        "redcircle", f"{SHOW}/{UPLOAD}",
    ),
    "script of a film": (
        '<script src="https://fast.wistia.com/embed/medias/b6al55s35k.jsonp" async></script>',
        "wistia", "b6al55s35k",
    ),
    "audioboom": (
        '<div class="ab-player" data-boourl="https://audioboom.com/boos/1234567-a-short-talk/embed/v2"></div>',
        "audioboom", "1234567",
    ),
    "spreaker": (
        '<a class="spreaker-player" href="https://www.spreaker.com/episode/8744402" data-resource="episode_id=8744402">A talk</a>',
        "spreaker", "8744402",
    ),
    "spreaker, a show": (
        '<a class="spreaker-player" data-resource="show_id=1433865" data-theme="light">A show</a>',
        "spreaker", "1433865",
    ),
    "zencastr": (
        '<blockquote class="zenplayer" data-episode-href="https://zencastr.com/z/6nm7PLty"></blockquote>',
        "zencastr", "6nm7PLty",
    ),
    "substack": (
        f'<div class="native-audio-embed" data-attrs="{SUBSTACK}"></div>', "substack", UPLOAD,
    ),
    "file of a provider": (
        '<audio controls><source src="https://traffic.megaphone.fm/BWG2907286286.mp3"></audio>',
        "megaphone", "BWG2907286286",
    ),
    "address in the words of the page": (
        "<p>https://zen.ai/embed/6nm7PLty</p>", "zencastr", "6nm7PLty",
    ),
    "upper case, no scheme, bare ampersands": (
        "<IFRAME SRC='//player.ausha.co/?showId=4qgQzfO219p2&podcastId=YK049s1DdWXX&t=0'></IFRAME>",
        "ausha", "YK049s1DdWXX",
    ),
    "kept by the Wayback Machine, with its fragment": (
        '<iframe src="https://web.archive.org/web/2015if_/http://www.wnyc.org/widgets/ondemand_player/wnyc/#file=/audio/json/1111057/"></iframe>',
        "wnyc", "1111057",
    ),
    "lazy": (
        '<iframe src="about:blank" data-src="https://www.podbean.com/player-v2/?i=gmyyz-d6e065a-pb"></iframe>',
        "podbean", "gmyyz-d6e065a-pb",
    ),
}  # fmt: skip


def read(html: str, url: str | None = None) -> Page:
    return extract(Document("page", f"<html><body>{html}</body></html>".encode(), url))


def one(html: str) -> dict[str, Any]:
    page = read(html)
    (embed,) = page.embeds
    return embed_json(page, embed)


@pytest.mark.parametrize(("html", "provider", "id_"), CARRIERS.values(), ids=CARRIERS.keys())
def test_carrier(html: str, provider: str, id_: str) -> None:
    embed = one(html)
    assert (embed["provider"], embed["id"], embed["status"]) == (provider, id_, "identified")


@pytest.mark.parametrize(
    "html",
    [
        '<div class="native-audio-embed" data-attrs="{"></div>',
        '<div class="native-audio-embed" data-attrs="[]"></div>',
        '<div class="native-audio-embed" data-attrs=\'{"mediaUploadId": 7}\'></div>',
        '<div class="ab-player" data-boourl="https://audioboom.com.evil.test/posts/1234567"></div>',
        '<div class="another" data-boourl="https://audioboom.com/posts/1234567"></div>',
        '<a class="spreaker-player" data-resource="user_id=7">Someone</a>',
        '<blockquote class="zenplayer" data-episode-href="https://zencastr.com/"></blockquote>',
        '<script data-configuration="playerConfiguration"></script>',
        '<script src="https://fast.wistia.com/assets/external/E-v1.js"></script>',
        '<script src="https://www.buzzsprout.com/1121972/15967567"></script>',
        '<script src="https://player.vimeo.com/api/player.js"></script>',
    ],
)
def test_no_carrier(html: str) -> None:
    page = read(html)
    assert (page.embeds, page.refused) == ((), ())


def test_json_that_names_a_recording_describes_it() -> None:
    embed = one(CARRIERS["substack"][0])
    assert (embed["title"], embed["duration"]) == ("A talk", 61)
    assert embed["audio_url"] == f"https://api.substack.com/api/v1/audio/upload/{UPLOAD}/src"
    assert embed["provenance"]["audio_url"] == "derived/provider-template"


def test_a_file_that_a_rule_gives_is_marked() -> None:
    page = read('<iframe src="https://www.buzzsprout.com/17/42-a?iframe=true"></iframe>')
    (embed,) = page.embeds
    assert embed.audio_url == "https://www.buzzsprout.com/17/42.mp3"
    assert "audio_url" in embed.derived
    assert "embed_url" not in embed.derived


def test_a_file_that_the_page_has_is_the_same_recording_and_not_derived() -> None:
    page = read(
        '<iframe src="https://audioboom.com/posts/123-a/embed/v4"></iframe>'
        '<a href="https://audioboom.com/posts/123.mp3">Download</a>'
    )
    (embed,) = page.embeds
    assert (embed.provider, embed.id) == ("audioboom", "123")
    assert "audio_url" not in embed.derived


def test_an_address_that_names_its_file_states_it() -> None:
    page = read(
        '<iframe src="https://player.blubrry.com/?media_url=https://a.test/b.mp3"></iframe>'
    )
    (embed,) = page.embeds
    assert (embed.id, embed.audio_url) == ("https://a.test/b.mp3", "https://a.test/b.mp3")
    assert "audio_url" not in embed.derived


def test_a_page_without_an_id_is_unresolved_and_one() -> None:
    link = '<a href="https://some-show.captivate.fm/episode/a-talk{}">{}</a>'
    page = read(link.format("", "Listen") + link.format("?utm_source=x", "The long talk"))
    (embed,) = page.embeds
    assert (embed.provider, embed.id, embed.status) == ("captivate", None, "unresolved")
    assert embed.link == "https://some-show.captivate.fm/episode/a-talk"
    assert embed.title == "The long talk"


def test_a_post_counts_only_where_it_promises_sound() -> None:
    post = '<a href="https://someone.substack.com/p/a-post">{}</a>'
    assert read(post.format("I wrote on this")).embeds == ()
    assert read(post.format("Listen to this")).embeds


def test_the_link_inside_bandcamps_player_is_its_page() -> None:
    embed = one(
        '<p><iframe src="https://bandcamp.com/EmbeddedPlayer/album=15785/size=large/">'
        '<a href="https://someone.bandcamp.com/album/a-record">A record by Someone</a></iframe></p>'
    )
    assert (embed["id"], embed["title"]) == ("album/15785", "A record by Someone")
    assert embed["link"] == "https://someone.bandcamp.com/album/a-record"


@pytest.mark.parametrize(
    "url",
    [
        "https://creators.spotify.com/pod/show/myshow",
        "https://omny.fm/shows/some-show",
        "https://art19.com/shows/some-show/episodes",
        "https://www.listennotes.com/podcasts/some-show-a1B2c3D4e5F/",
        "https://www.bbc.co.uk/programmes/genres",
        "https://hearthis.at/set/a-set/",
        "https://www.podomatic.com/embed/html5/episode/latest",
    ],
)
def test_other_pages_of_a_provider_are_no_mistake(url: str) -> None:
    assert registry().match(url) is None
    assert registry().refusal(url) is None


@pytest.mark.parametrize(
    ("url", "provider"),
    [
        ("https://play.libsyn.com/embed/show/id/12345", "libsyn"),
        ("https://omny.fm/shows/some-show/embed", "omny"),
        ("https://omny.fm/shows/some%20show/a-clip/embed", "omny"),
        ("https://open.firstory.me/embed/story/latest", "firstory"),
        ("https://widget.spreaker.com/player?episode_id=latest", "spreaker"),
        ("https://embeds.audioboom.com.evil.test/posts/latest/embed/v4", None),
    ],
)
def test_a_broken_player_is_a_mistake(url: str, provider: str | None) -> None:
    refusal = registry().refusal(url)
    assert (refusal[0].key if refusal else None) == provider
