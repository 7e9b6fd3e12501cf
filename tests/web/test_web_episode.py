"""The page of one recording."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from web_samples import BRIEFING, STORIES, store

from podcat.catalogue import Catalogue
from podcat.feed import episode_url
from podcat.model import Embed, Person, Selection


def page_of(client: FlaskClient, stored: Catalogue, title: str, query: str = "") -> Any:
    (episode,) = stored.episodes(Selection(q=title)).episodes
    answer = client.get(f"/episodes/{episode.id}{query}", follow_redirects=True)
    assert answer.status_code == 200
    return html.document_fromstring(answer.get_data(as_text=True))


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def test_the_address_has_the_title_in_it_and_matches_the_feeds(
    client: FlaskClient, stored: Catalogue
) -> None:
    for episode in stored.episodes().episodes:
        for given in (f"{episode.id}", f"{episode.id}-another-title"):
            answer = client.get(f"/episodes/{given}?play=1")
            assert answer.status_code == 301
            base, _, query = answer.location.partition("?")
            assert query == "play=1"
            assert f"https://podcat.example{base}" == episode_url("https://podcat.example", episode)
            assert client.get(base).status_code == 200


def test_what_is_known_is_shown(client: FlaskClient, stored: Catalogue) -> None:
    text = words(page_of(client, stored, "week that changed").xpath("//main")[0])
    for expected in (
        "1:08:32", "Held on 13 January (year not stated)", "Reid Standish", "moderator",
        "RFE/RL correspondent", "Raushan Zhandayeva", "Kazakhstan in sound", "31654399",
        "A Week That Changed Kazakhstan", "line 27", "text/title-line", "briefing.txt",
        "other candidate",
    ):  # fmt: skip
        assert expected in text
    assert "date not stated" not in text


def test_a_built_address_is_called_so(client: FlaskClient, stored: Catalogue) -> None:
    page = page_of(client, stored, "superstition")
    (link,) = page.xpath("//a[@href='https://www.npr.org/transcripts/764153179']")
    assert "address built by rule, not confirmed" in words(link.getparent())
    (stated,) = page.xpath("//main//section//li/a[text()='Page of the recording']")
    assert "not confirmed" not in words(stated.getparent())
    assert "Photo: Emily Feng/NPR" in words(page)


def test_the_way_back_to_the_source(client: FlaskClient, stored: Catalogue) -> None:
    page = page_of(client, stored, "superstition")
    assert page.xpath(f"//a[@href='{STORIES.url}']")
    assert page.xpath("//section[@aria-labelledby='appears']//a[starts-with(@href, '/pages/')]")


# ---------------------------------------------------------------- players


def test_a_player_comes_only_when_asked_for(client: FlaskClient, stored: Catalogue) -> None:
    page = page_of(client, stored, "superstition")
    assert not page.xpath("//iframe | //audio | //template")
    (load,) = page.xpath("//a[@data-load]/@href")
    assert load.endswith("?play=1#player")
    page = page_of(client, stored, "superstition", "?play=1")
    (frame,) = page.xpath("//iframe")
    assert frame.get("src") == "https://www.npr.org/player/embed/764153179/768167031"
    assert frame.get("sandbox") == "allow-scripts allow-same-origin allow-popups"
    assert "Illegal Superstition" in frame.get("title")
    assert frame.get("referrerpolicy")
    assert frame.get("allow") == "encrypted-media"


def test_a_file_plays_in_the_browsers_own_controls(client: FlaskClient, stored: Catalogue) -> None:
    page = page_of(client, stored, "ordeal")
    (audio,) = page.xpath("//audio")
    assert audio.get("preload") == "none"
    assert audio.get("controls") is not None
    assert audio.get("src") == "https://ondemand.npr.org/npr-mp4/npr/atc/ordeal.mp3"


def test_a_space_is_a_link(client: FlaskClient, stored: Catalogue) -> None:
    page = page_of(client, stored, "a space", "?play=1")
    assert not page.xpath("//iframe")
    assert page.xpath("//section[@id='player']//a[@href='https://x.com/i/spaces/1YqKDqWqdPLGV']")


def test_what_is_only_announced_says_so(client: FlaskClient, stored: Catalogue) -> None:
    page = page_of(client, stored, "available later", "?play=1")
    assert not page.xpath("//iframe")
    assert "names neither" in words(page.xpath("//section[@id='player']")[0])


@pytest.mark.parametrize(
    "address",
    [
        "https://evilnpr.org/player/embed/1/2",
        "https://www.npr.org.evil.test/player/embed/1/2",
        "http://www.npr.org/player/embed/1/2",
        "javascript:alert(1)",
        "https://podcat.example/episodes/1",
    ],
)
def test_only_a_providers_own_address_is_framed(
    guest: FlaskClient, filled: Catalogue, address: str
) -> None:
    odd = replace(STORIES.embeds[0], id="1/2", title="Odd one", embed_url=address, candidates=())
    store(filled, replace(STORIES, url="https://www.npr.org/odd", embeds=(odd,)), "odd.html")
    page = page_of(guest, filled, "odd one", "?play=1")
    assert not page.xpath("//iframe")
    assert not page.xpath("//a[starts-with(@href, 'javascript')]")


# ---------------------------------------------------------------- hostile documents

ATTACK = (
    "</title><script>alert(1)</script><iframe src='https://evil.test'></iframe>"
    '"><img src=x onerror=alert(1)>\'"{{ 7*7 }}'
)


def hostile() -> Embed:
    return Embed(
        provider="npr", id="3/4", place=BRIEFING.embeds[0].place, kind="audio",
        title=ATTACK, description=ATTACK, programme=ATTACK, language='en" onload="x',
        embed_url="https://www.npr.org/player/embed/3/4", link="javascript:alert(1)",
        transcript_url="data:text/html,<script>alert(1)</script>",
        image_url="javascript:alert(1)", image_caption=ATTACK, image_credit=ATTACK,
        people=(Person(ATTACK, ATTACK, ATTACK),), tags=(ATTACK,),
    )  # fmt: skip


def test_nothing_from_a_document_is_live(guest: FlaskClient, filled: Catalogue) -> None:
    page = replace(BRIEFING, url="javascript:alert(1)", title=ATTACK, site=ATTACK,
                   byline=ATTACK, embeds=(hostile(),))  # fmt: skip
    store(filled, page, ATTACK)
    (episode,) = (e for e in filled.episodes().episodes if "alert" in (e.title or ""))
    number = max(entry.id for entry in filled.pages(limit=10))
    paths = [
        "/", "/episodes", "/search?q=alert", "/tags", "/people", "/programmes", "/pages",
        f"/pages/{number}", f"/episodes/{episode.id}", "/feeds", "/feeds/newest", "/no/such",
        "/episodes?q=<script>alert(1)</script>", "/<script>alert(1)</script>",
        "/episodes?since=<script>alert(1)</script>",
    ]  # fmt: skip
    for path in paths:
        answer = guest.get(path, follow_redirects=True)
        tree = html.document_fromstring(answer.get_data(as_text=True))
        sources = tree.xpath("//script/@src")
        data = tree.xpath("//script[@type='application/ld+json']")
        assert len(tree.xpath("//script")) - len(data) == len(sources) == 1, path
        assert all(json.loads(one.text) and "<" not in one.text for one in data)
        assert sources[0].startswith("/static/")
        assert not tree.xpath("//iframe"), path
        assert not tree.xpath("//@onerror | //@onload"), path
        assert not tree.xpath(
            "//*[not(@rel='icon')][starts-with(@href,'javascript') or starts-with(@href,'data') "
            "or starts-with(@src,'javascript') or @src='x']"
        ), path
        assert "49" not in tree.xpath("string(//h1)")
