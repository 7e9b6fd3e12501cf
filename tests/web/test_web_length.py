"""Titles without end, and counts over everything."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from lxml import html
from web_samples import STORIES, many, store

from podcat.catalogue import Catalogue
from podcat.model import Page

ENDLESS = "word " * 80 + "END"


def endless() -> Page:
    page = many(1)
    embed = replace(page.embeds[0], title=ENDLESS, published="2024-01-01")
    return replace(page, title=ENDLESS, embeds=(embed,))


@pytest.mark.parametrize(
    "path",
    [
        "/", "/episodes", "/tags/many", "/pages", "/pages/3", "/feeds/newest", "/nothing",
        "/episodes.rss", "/episodes.json", "/pages/3.rss", "/pages/3.json",
    ],
)  # fmt: skip
def test_a_title_is_cut_wherever_it_is_one_of_many(
    guest: FlaskClient, filled: Catalogue, path: str
) -> None:
    store(filled, endless(), now=1_800_000_000)
    answer = guest.get(path).get_data(as_text=True)
    assert "word…" in answer
    assert "END" not in answer
    assert "word " * 60 not in answer


def test_the_episodes_own_page_has_it_all(guest: FlaskClient, filled: Catalogue) -> None:
    store(filled, endless(), now=1_800_000_000)
    page = html.document_fromstring(guest.get("/episodes/6", follow_redirects=True).data)
    assert page.xpath("string(//h1)") == ENDLESS
    assert len(page.xpath("string(//title)")) < 320


def test_the_status_counts_links_as_the_catalogue_lists_them(
    guest: FlaskClient, filled: Catalogue
) -> None:
    both = replace(
        STORIES.embeds[1],
        id="1/2",
        embed_url="https://www.npr.org/player/embed/1/2",
        audio_url="https://e.example/a.mp4",
        video_url="https://e.example/a.mp4",
        image_url="https://e.example/a.png",
    )
    only_video = replace(
        both, id="3/4", embed_url=None, audio_url=None, video_url="https://e.example/b.mp4"
    )
    store(filled, replace(many(0), embeds=(both, only_video)))
    once = {(link.kind, link.url, link.provider, link.id) for link in filled.links()}
    listed = Counter(kind for kind, *_ in once)
    assert filled.link_counts() == listed
    assert listed["audio"] == 3
    page = html.document_fromstring(guest.get("/status").data)
    shown = page.xpath("//section[@aria-labelledby='links-known']//dd/text()")
    kinds = ("player", "page", "audio", "transcript", "image")
    assert [int(number) for number in shown] == [listed[kind] for kind in kinds]
