"""`podcat extract --explain`: what was seen, what was taken, and why the rest was not."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from podcat.extract import extract
from podcat.extract.explain import explain
from podcat.model import Document

Podcat = Callable[..., subprocess.CompletedProcess[str]]

NPR = "https://www.npr.org/player/embed/669203831/669594276"
PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><title>A page | Site</title><meta property="og:title" content="A page">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "A headline"}}</script>
</head><body>
<iframe src="{NPR}"></iframe>
<iframe src="https://maps.google.com/maps?q=x"></iframe>
<a href="{NPR}">Listen</a>
</body></html>
"""


def verdict(html: str, url: str | None = None) -> str:
    """What is said of the one thing that a page shows."""
    document = Document("page.html", f"<!doctype html><body>{html}".encode(), url)
    page = extract(document)
    (sight,) = explain(document, page)
    assert (sight.recording is None) == (not page.embeds)
    return sight.verdict


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (f'<iframe src="{NPR}"></iframe>', "recording 1, found by html/iframe"),
        ('<iframe src="https://maps.google.com/x"></iframe>', "map, advert or unknown player: host maps.google.com is no provider's"),
        (f'<iframe src="{NPR.replace("www.", "evil")}"></iframe>', "look-alike: evilnpr.org is not npr.org"),
        (f'<a href="{NPR.replace("npr.org", "npr.org.example.net")}">x</a>', "look-alike: www.npr.org.example.net is not www.npr.org"),
        (f'<a href="https://example.com/?u={NPR}">x</a>', f"{NPR} stands inside the query of another address: example.com is no provider's"),
        ('<iframe src="https://www.npr.org/player/embed/669203831"></iframe>', "id breaks the grammar: does not fit NPR's form /player/embed/{story}/{media}"),
        ('<iframe src="https://www.podomatic.com/embed/html5/episode/latest"></iframe>', "names nothing: a page of Podomatic that is no recording"),
        ('<a href="https://soundcloud.com/discover">x</a>', "names nothing: no player or recording of SoundCloud has such an address"),
        (f'<template><iframe src="{NPR}"></iframe></template>', "hidden in a template"),
        (f'<!-- <iframe src="{NPR}"></iframe> -->', "hidden in a comment"),
        ('<a href="https://someone.substack.com/p/a-post">I wrote</a>', "an article that need not hold sound: its link does not promise any"),
        ('<video src="https://media.example.com/f.mp4"></video>', "a film, no sound"),
        ('<iframe src=""></iframe>', "no address: it is empty"),
        ('<embed src="javascript:play()">', "no address"),
        ('<meta property="og:audio" content="https://a.example.com/talk.vtt">', "a text track, no sound"),
        ('<meta property="og:audio" content="https://a.example.com/live.m3u8">', "a stream, no file"),
        ('<script type="application/ld+json">{"@type": "Place"}</script>', "describes something that is no recording"),
        ('<script type="application/ld+json">{"@type": "PodcastEpisode"}</script>', "describes a recording, but not where it can be heard"),
        ('<link type="application/json+oembed" href="https://soundcloud.com/oembed?url=x">', "its url= names no recording of SoundCloud"),
    ],
)  # fmt: skip
def test_verdicts(html: str, reason: str) -> None:
    assert verdict(html) == reason


def test_links_within_a_providers_own_site_lead_to_other_pages() -> None:
    link = '<a href="https://soundcloud.com/abc/another">x</a>'
    assert (
        verdict(link, "https://soundcloud.com/abc/likes") == "a link within SoundCloud's own site"
    )


def test_the_menu_of_a_providers_own_site_is_not_worth_a_word() -> None:
    menu = b'<!doctype html><a href="#content">x</a><a href="/author/ana">x</a><a href="/">x</a>'
    document = Document("p", menu + b"<p>audio", "https://www.rferl.org/a/31661999.html")
    assert explain(document, extract(document)) == ()


def test_links_to_ordinary_pages_are_not_worth_a_word() -> None:
    document = Document("p", b'<!doctype html><a href="https://example.com/">x</a><p>audio')
    assert explain(document, extract(document)) == ()


def test_a_text_extract_is_explained_too() -> None:
    text = f'A Talk\n\n<iframe src="{NPR}">\nhttps://evilnpr.org/player/embed/1/2\n'
    document = Document("page.txt", text.encode())
    sights = explain(document, extract(document))
    assert [(s.place.line, s.recording, s.verdict.split(":")[0]) for s in sights] == [
        (3, 1, "recording 1, found by text/npr-player-address"),
        (4, None, "look-alike"),
    ]


@pytest.fixture
def named(tmp_path: Path) -> str:
    """A saved page with a player, a map and a link to the same player."""
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    return "page.html"


def test_the_table_tells_what_was_taken_and_what_lost(podcat: Podcat, named: str) -> None:
    lines = podcat("extract", "--explain", named).stdout.splitlines()
    cells = [" ".join(line.split()) for line in lines]
    assert "title page/json-ld A headline" in cells
    assert "page/og:title not A page (a better source came first)" in cells
    assert f"1. npr 669203831/669594276 ({named}:5 /html/body/iframe[1])" in cells
    assert f"a {NPR} 7 recording 1 again" in cells
    assert any(c.startswith("iframe https://maps.google.com") for c in cells)


def test_json_says_for_each_recording_where_it_was_seen(podcat: Podcat, named: str) -> None:
    (found,) = map(
        json.loads, podcat("extract", "--explain", "--format", "jsonl", named).stdout.splitlines()
    )
    assert [(s["carrier"], s["place"]["line"]) for s in found["seen"]] == [("iframe", 5), ("a", 7)]
    assert [s["carrier"] for s in found["passed_over"]] == ["json-ld NewsArticle", "iframe"]
    assert found["page"]["provenance"]["title"] == "page/json-ld"
    assert {"field": "title", "value": "A page", "rule": "page/og:title"} in found["page"][
        "candidates"
    ]


def test_json_of_a_document_without_recordings_says_what_was_passed_over(
    podcat: Podcat, tmp_path: Path
) -> None:
    (tmp_path / "map.html").write_text('<!doctype html><iframe src="https://maps.example.com/">')
    (found,) = map(
        json.loads,
        podcat("extract", "--explain", "--format", "jsonl", "map.html").stdout.splitlines(),
    )
    said: list[dict[str, Any]] = found["passed_over"]
    assert found["document"] == "map.html"
    assert [s["url"] for s in said] == ["https://maps.example.com/"]


def test_nothing_is_printed_beyond_the_contract_unless_asked(podcat: Podcat, named: str) -> None:
    (found,) = map(json.loads, podcat("extract", "--format", "jsonl", named).stdout.splitlines())
    assert not {"seen", "passed_over", "candidates"} & set(found)
    assert set(found["page"]) == {"url", "site", "title", "published", "byline"}
