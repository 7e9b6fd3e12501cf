"""Every address of the contract, as a visitor meets it."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from web_samples import BRIEFING, STORIES, many, store
from werkzeug.test import TestResponse

from podcat.catalogue import Catalogue
from podcat.model import Embed, Place
from podcat.model import Page as SourcePage
from podcat.web.site import STATIC

LISTS = [
    "/", "/episodes", "/search", "/search?q=ordeal", "/tags/kazakhstan", "/people/reid-standish",
    "/programmes/all-things-considered", "/providers/npr", "/providers/soundcloud", "/pages/1",
    "/feeds/kazakhstan", "/feeds/files", "/feeds/newest",
]  # fmt: skip
OTHERS = [
    "/tags", "/people", "/programmes", "/providers", "/pages", "/feeds", "/status", "/healthz",
    "/feeds.opml",
]  # fmt: skip
UNKNOWN = [
    "/nothing", "/episodes/999", "/episodes/x", "/episodes/99999999999999999999", "/tags/nothing",
    "/people/nobody", "/programmes/none", "/providers/none", "/pages/999", "/pages/x",
    "/feeds/none", "/feeds/none.rss", "/tags/nothing.json", "/pages/999.rss", "/static/none.css",
    "/pages/999999999999999999",
]  # fmt: skip


def face(path: str, ending: str) -> str:
    where, _, query = path.partition("?")
    return f"{where}.{ending}" + (f"?{query}" if query else "")


def tree(response: TestResponse) -> Any:
    return html.document_fromstring(response.get_data(as_text=True))


def following(response: TestResponse) -> str:
    """Address of the next part of a list, or nothing."""
    links = tree(response).xpath("//nav[@class='pager']/a[@rel='next']/@href")
    return str(links[0]) if links else ""


def titles(response: TestResponse) -> list[str]:
    links = tree(response).xpath("//*[contains(@class, 'entry-title')]/a")
    return [link.text_content() for link in links]


# ---------------------------------------------------------------- all of them


@pytest.mark.parametrize("path", LISTS)
def test_a_list_has_three_faces(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200
    rss, feed = client.get(face(path, "rss")), client.get(face(path, "json"))
    assert rss.content_type == "application/rss+xml; charset=utf-8"
    assert feed.content_type == "application/feed+json"
    assert rss.data.startswith(b"<?xml")
    assert json.loads(feed.data)["version"] == "https://jsonfeed.org/version/1.1"


@pytest.mark.parametrize("path", LISTS)
def test_a_list_tells_feed_readers_of_its_feeds(client: FlaskClient, path: str) -> None:
    page = tree(client.get(path))
    found = {a.get("type"): a.get("href") for a in page.xpath("//head/link[@rel='alternate']")}
    assert found == {
        "application/rss+xml": f"https://podcat.example{face(path, 'rss')}",
        "application/feed+json": f"https://podcat.example{face(path, 'json')}",
    }
    assert all(a.get("title") for a in page.xpath("//head/link[@rel='alternate']"))


@pytest.mark.parametrize("path", OTHERS)
def test_other_pages_answer(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", UNKNOWN)
def test_what_is_not_there_is_a_page_that_helps(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    page = tree(answer)
    assert page.xpath("//main//form//input[@name='q']")
    assert page.xpath("//main//a[starts-with(@href, '/episodes/')]")


@pytest.mark.parametrize("path", ["/", "/tags/kazakhstan.rss", "/search.json", "/pages/1"])
@pytest.mark.parametrize(
    ("name", "value"), [("since", "soon"), ("until", "x"), ("after", "x"), ("playable", "perhaps")]
)
def test_a_bad_question_is_named(client: FlaskClient, path: str, name: str, value: str) -> None:
    answer = client.get(path, query_string={name: value})
    assert answer.status_code == 400
    assert tree(answer).xpath(f"//main//code[text()='{name}']")


@pytest.mark.parametrize("path", [*LISTS, *OTHERS, *UNKNOWN, "/episodes/1", "/?since=x"])
def test_no_page_sets_a_cookie_or_lets_foreign_code_in(client: FlaskClient, path: str) -> None:
    answer = client.get(path, follow_redirects=True)
    assert "Set-Cookie" not in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert ("frame-src" in policy) == (path == "/episodes/1")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"]


@pytest.mark.parametrize("path", [*LISTS, *OTHERS[:-2], "/episodes/1", "/episodes/1?play=1", "/no"])
def test_pages_are_sound(client: FlaskClient, path: str) -> None:
    """What every page needs for keyboards and screen readers."""
    page = tree(client.get(path, follow_redirects=True))
    assert page.get("lang") == "en"
    assert [e.tag for e in page.xpath("//main | //header[@class='top'] | //footer")]
    assert page.xpath("string(//body/*[1]/@href)") == "#main"
    assert page.xpath("count(//h1)") == 1
    levels = [int(h.tag[1]) for h in page.xpath("//h1|//h2|//h3|//h4")]
    assert all(b - a <= 1 for a, b in pairwise(levels)), levels
    for field in page.xpath("//input[@type!='hidden'] | //select"):
        assert page.xpath(f"//label[@for='{field.get('id')}']"), field.get("name")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert not page.xpath(
        "//script[not(@src or @type='application/ld+json')] | //style | //@style | //@onclick"
    )
    assert all(img.get("alt") is not None for img in page.xpath("//img"))


def test_only_reading_is_possible(client: FlaskClient) -> None:
    answer = client.post("/episodes")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert tree(answer).xpath("//h1")


# ---------------------------------------------------------------- lists


def test_a_list_shows_what_is_known(client: FlaskClient) -> None:
    page = tree(client.get("/people/reid-standish"))
    (entry,) = page.xpath("//article")
    text = " ".join(entry.text_content().split())
    assert "Twitter Spaces: A Week That Changed Kazakhstan Forever" in text
    assert "1:08:32" in text
    assert "13 January (year not stated)" in text
    assert "Player only" in text
    assert entry.xpath(".//time/@datetime") == ["01-13", "PT4112S"]
    assert entry.xpath(".//a[@href='/people/raushan-zhandayeva']")
    assert entry.xpath(".//a[@href='/tags/kazakhstan']")
    assert entry.xpath(".//a[@href='/providers/rferl']")


def test_no_date_is_invented(client: FlaskClient) -> None:
    (entry,) = tree(client.get("/search?q=available+later")).xpath("//article")
    assert "date not stated" in entry.text_content()
    assert "Only announced" in entry.text_content()
    assert not entry.xpath(".//time")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("q=ordeal", ["A Woman's Ordeal"]),
        ("programme=All+Things+Considered", ["'Illegal Superstition'"]),
        ("provider=x-spaces", ["A Space"]),
        ("since=2019&until=2019-10-08", ["'Illegal Superstition'"]),
        ("playable=1", ["A Woman's Ordeal"]),
        ("person=reid-standish&tag=kazakhstan", [BRIEFING.embeds[0].title]),
        ("tag=kazakhstan&q=nothing+at+all", []),
    ],
)
def test_conditions_hold_in_every_face(
    client: FlaskClient, question: str, expected: list[str]
) -> None:
    assert titles(client.get(f"/episodes?{question}")) == expected
    feed = json.loads(client.get(f"/episodes.json?{question}").data)
    assert [item["title"] for item in feed["items"]] == expected
    rss = client.get(f"/episodes.rss?{question}").data
    assert rss.count(b"<item>") == len(expected)


def test_conditions_can_be_seen_and_taken_away(client: FlaskClient) -> None:
    page = tree(client.get("/tags/kazakhstan?provider=npr&playable=1"))
    chips = page.xpath("//ul[@class='chips']//a/@href")
    assert chips == [
        "/tags/kazakhstan?playable=1", "/tags/kazakhstan?provider=npr", "/tags/kazakhstan",
    ]  # fmt: skip
    assert page.xpath("//form//input[@name='provider']/@value") == ["npr"]


def test_filtering_again_keeps_what_was_asked(client: FlaskClient) -> None:
    page = tree(client.get("/episodes?tag=kazakhstan&tag=second&person=unheard-of"))
    (form,) = page.xpath("//main//form")
    kept = {(e.get("name"), e.get("value")) for e in form.xpath(".//input[@type='hidden']")}
    kept |= {(e.getparent().get("name"), e.get("value")) for e in form.xpath(".//*[@selected]")}
    assert kept == {("tag", "kazakhstan"), ("tag", "second"), ("person", "unheard-of")}


def test_an_empty_result_says_what_to_do(client: FlaskClient) -> None:
    page = tree(client.get("/episodes?q=xyzzy"))
    assert page.xpath("//*[@class='empty']//a[@href='/episodes']")


@pytest.mark.parametrize("path", ["/", "/episodes", "/pages", "/tags", "/feeds/newest"])
def test_an_empty_catalogue_says_how_to_fill_it(app: Flask, path: str) -> None:
    page = tree(app.test_client().get(path))
    assert "podcat add" in page.xpath("string(//*[@class='empty'])")


@pytest.mark.parametrize("path", ["/episodes", "/tags/many", "/feeds/newest", "/"])
def test_going_on_meets_each_recording_once(
    guest: FlaskClient, filled: Catalogue, path: str
) -> None:
    store(filled, many(75))
    seen: list[str] = []
    while path:
        page = guest.get(path)
        seen += titles(page)
        path = following(page)
    ours = [title for title in seen if title.startswith("Recording ")]
    assert len(ours) == len(set(ours)) == 75
    assert len(seen) == len(set(seen))


def test_another_spelling_leads_to_the_one_address(client: FlaskClient) -> None:
    answer = client.get("/tags/KAZAKHSTAN?provider=npr")
    assert (answer.status_code, answer.location) == (301, "/tags/kazakhstan?provider=npr")


def test_slugs_keep_their_script(guest: FlaskClient, filled: Catalogue) -> None:
    store(filled, many(1, tag="Қазақстан тарихы"))
    assert titles(guest.get("/tags/қазақстан-тарихы")) == ["Recording 0"]
    page = tree(guest.get("/tags"))
    assert "Қазақстан тарихы" in page.text_content()


def test_a_source_page_keeps_its_order(client: FlaskClient) -> None:
    page = client.get("/pages/2")
    assert titles(page) == [embed.title for embed in STORIES.embeds]
    feed = json.loads(client.get("/pages/2.json").data)
    assert [item["title"] for item in feed["items"]] == titles(page)
    assert titles(client.get("/pages/2?playable=1")) == ["A Woman's Ordeal"]


def test_pages_are_listed_a_part_at_a_time(guest: FlaskClient, filled: Catalogue) -> None:
    for n in range(60):
        page = replace(many(1), url=f"https://www.npr.org/page/{n}", title=f"Page {n}")
        store(filled, page, f"{n}.html")
    seen: list[str] = []
    path = "/pages"
    while path:
        answer = guest.get(path)
        seen += titles(answer)
        path = following(answer)
    assert len(seen) == len(set(seen)) == 62


# ---------------------------------------------------------------- errors


def test_a_database_out_of_reach_is_an_apology(tmp_path: Path) -> None:
    from podcat.config import Config
    from podcat.web import create_app

    folder = tmp_path / "no" / "such"
    app = create_app(Config(database=f"sqlite:///{folder}/podcat.db", feeds=tmp_path))
    for path in ("/", "/episodes.rss", "/feeds/newest.json", "/status", "/episodes/1"):
        answer = app.test_client().get(path)
        assert answer.status_code == 503, path
        assert "Retry-After" in answer.headers
        text = answer.get_data(as_text=True)
        assert "out of reach" in text
        assert str(tmp_path) not in text
    assert app.test_client().get("/healthz").status_code == 503


def test_a_fault_of_ours_is_an_apology_without_details(
    app: Flask, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(type(app.extensions["podcat"].catalogue), "episode", fail)
    answer = app.test_client().get("/episodes/1")
    assert answer.status_code == 500
    assert "secret" not in answer.get_data(as_text=True)


def test_health_is_plain_text(client: FlaskClient) -> None:
    assert client.get("/healthz").data == b"ok\n"


def test_each_rule_of_the_stylesheet_stands_where_it_seems_to() -> None:
    """One brace too few, and half of the rules hold on paper alone."""
    depth = 0
    for number, line in enumerate((STATIC / "style.css").read_text("utf-8").splitlines(), 1):
        if line.startswith("/* ---"):
            assert depth == 0, f"line {number}: the block before it is open"
        depth += line.count("{") - line.count("}")
    assert depth == 0


def test_a_bare_file_is_called_so_once(guest: FlaskClient, catalogue: Catalogue) -> None:
    embed = Embed("audio-file", Place(1), title="Bare", audio_url="https://audio.example/bare.mp3")
    store(catalogue, SourcePage(url="https://bare.example/", embeds=(embed,)))
    for path in ("/episodes", "/search?q=bare"):
        marks = tree(guest.get(path)).xpath("//article[contains(., 'Bare')]//*[@class='marks']")
        assert marks[0].text_content().count("Audio file") == 1
