"""Feeds over HTTP, as feed readers ask for them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import feedparser  # type: ignore[import-untyped]
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from web_samples import BRIEFING, many, store
from werkzeug.test import TestResponse

from podcat.catalogue import Catalogue
from podcat.config import Config
from podcat.errors import DatabaseError
from podcat.web import create_app
from podcat.web.faces import computed_guid
from podcat.web.http import Body, Cache, make_body

FEEDS = [
    "/feeds/kazakhstan.rss", "/feeds/kazakhstan.json", "/tags/kazakhstan.rss?provider=npr",
    "/episodes.json", "/pages/2.rss", "/feeds.opml",
]  # fmt: skip
LATER = "Fri, 01 Jan 2100 00:00:00 GMT"
EARLIER = "Thu, 01 Jan 1970 00:00:00 GMT"


@pytest.fixture(params=FEEDS)
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["identity", "gzip", "gzip, deflate", "deflate, gzip;q=0"])
def coding(request: pytest.FixtureRequest) -> dict[str, str]:
    return {"Accept-Encoding": request.param}


def test_the_headers(client: FlaskClient, path: str, coding: dict[str, str]) -> None:
    answer = client.get(path, headers=coding)
    packed = coding["Accept-Encoding"].startswith("gzip")
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding") == ("gzip" if packed else None)
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["ETag"].startswith('"')
    assert answer.headers["Last-Modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    plain = gzip.decompress(answer.data) if packed else answer.data
    assert plain == client.get(path).data


def test_each_coding_has_its_own_validator(client: FlaskClient, path: str) -> None:
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert plain.headers["ETag"] != packed.headers["ETag"]


def test_head_is_get_without_a_body(client: FlaskClient, path: str, coding: dict[str, str]) -> None:
    got, head = client.get(path, headers=coding), client.head(path, headers=coding)
    assert head.status_code == 200
    assert head.data == b""
    assert dict(head.headers) == dict(got.headers)


@pytest.mark.parametrize(
    ("match", "since", "status"),
    [
        ("same", None, 304), ("other", None, 200), ("*", None, 304), ("weak", None, 304),
        (None, "same", 304), (None, "later", 304), (None, "earlier", 200), (None, "nonsense", 200),
        ("same", "earlier", 304), ("other", "same", 200), ("same", "same", 304),
        ("list", None, 304),
    ],
)  # fmt: skip
def test_validators(
    client: FlaskClient, path: str, match: str | None, since: str | None, status: int
) -> None:
    """In both codings, for GET and HEAD alike."""
    for coding in ("identity", "gzip"):
        for method in ("get", "head"):
            ask = getattr(client, method)
            check_validators(ask, path, {"Accept-Encoding": coding}, (match, since), status)


def check_validators(
    ask: Callable[..., TestResponse],
    path: str,
    coding: dict[str, str],
    conditions: tuple[str | None, str | None],
    status: int,
) -> None:
    first = ask(path, headers=coding)
    tag = first.headers["ETag"]
    matches = {"same": tag, "other": '"x"', "*": "*", "weak": f"W/{tag}", "list": f'"x", {tag}'}
    dates = {"same": first.headers["Last-Modified"], "later": LATER, "earlier": EARLIER,
             "nonsense": "soon"}  # fmt: skip
    match, since = conditions
    headers = coding | ({"If-None-Match": matches[match]} if match else {})
    headers |= {"If-Modified-Since": dates[since]} if since else {}
    answer = ask(path, headers=headers)
    assert answer.status_code == status
    for kept in ("ETag", "Vary", "Cache-Control", "Access-Control-Allow-Origin"):
        assert answer.headers[kept] == first.headers[kept]
    if status == 304:
        assert answer.data == b""
        assert "Content-Type" not in answer.headers


def test_a_browser_gets_the_same_bytes(client: FlaskClient, path: str) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml", "User-Agent": "Mozilla/5.0"}
    assert client.get(path, headers=browser).data == client.get(path).data


def test_nothing_changed_gives_the_same_bytes_after_a_restart(
    client: FlaskClient, read_config: Config, path: str
) -> None:
    again = create_app(read_config)
    assert again.test_client().get(path).data == client.get(path).data
    packed = {"Accept-Encoding": "gzip"}
    assert (
        again.test_client().get(path, headers=packed).data == client.get(path, headers=packed).data
    )
    again.extensions["podcat"].close()


def test_a_change_shows_at_once(guest: FlaskClient, filled: Catalogue) -> None:
    before = guest.get("/feeds/newest.rss")
    store(filled, many(1), now=1_800_000_000)
    headers = {"If-None-Match": before.headers["ETag"]}
    after = guest.get("/feeds/newest.rss", headers=headers)
    assert after.status_code == 200
    assert b"Recording 0" in after.data
    assert before.last_modified
    assert after.last_modified
    assert after.last_modified > before.last_modified


def test_a_change_elsewhere_leaves_a_feed_alone(guest: FlaskClient, filled: Catalogue) -> None:
    before = guest.get("/people/reid-standish.rss")
    store(filled, many(1), now=1_800_000_000)
    after = guest.get("/people/reid-standish.rss")
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])
    assert after.headers["Last-Modified"] == before.headers["Last-Modified"]


# ---------------------------------------------------------------- what is in them


def test_a_feed_knows_its_address_and_its_page(client: FlaskClient) -> None:
    path = "/tags/kazakhstan.rss?provider=npr"
    feed = feedparser.parse(client.get(path).data)
    links = {link["rel"]: link["href"] for link in feed.feed.links}
    assert links["self"] == f"https://podcat.example{path}"
    assert feed.feed.link == "https://podcat.example/tags/kazakhstan?provider=npr"
    assert len(feed.entries) == 2


def test_declared_feeds_say_what_they_declare(client: FlaskClient) -> None:
    feed = feedparser.parse(client.get("/feeds/kazakhstan.rss").data)
    assert (feed.feed.title, feed.feed.language) == ("Kazakhstan in sound", "en")
    assert len(feed.entries) == 3


def test_a_feed_of_files_holds_nothing_else(client: FlaskClient) -> None:
    feed = feedparser.parse(client.get("/feeds/files.rss").data)
    assert [entry.title for entry in feed.entries] == ["A Woman's Ordeal"]
    assert feed.entries[0].enclosures


@pytest.mark.parametrize("path", ["/tags/many", "/feeds/newest", "/search"])
def test_feeds_go_on_by_cursor(guest: FlaskClient, filled: Catalogue, path: str) -> None:
    store(filled, many(230))
    seen: list[str] = []
    where = f"https://podcat.example{path}.rss"
    first = where
    while where:
        feed = feedparser.parse(guest.get(where.removeprefix("https://podcat.example")).data)
        links = {link["rel"]: link["href"] for link in feed.feed.links}
        assert links["self"] == where
        assert links["first"] == first
        seen += [entry.id for entry in feed.entries]
        where = links.get("next", "")
    assert len(seen) == len(set(seen)) == (230 if "many" in path else 235)
    page = json.loads(guest.get(f"{path}.json").data)
    assert page["next_url"].startswith(f"https://podcat.example{path}.json?after=")


def guid(client: FlaskClient, path: str) -> str:
    tree = etree.fromstring(client.get(path).data)
    return str(tree.findtext("channel/{https://podcastindex.org/namespace/1.0}guid"))


def test_the_guid_is_the_one_that_the_rule_gives_and_stays_when_we_move(
    client: FlaskClient, read_config: Config
) -> None:
    here = guid(client, "/feeds/kazakhstan.rss")
    assert here == computed_guid("https://podcat.example/feeds/kazakhstan.rss")
    moved = create_app(replace(read_config, base_url="https://elsewhere.example"))
    assert guid(moved.test_client(), "/feeds/kazakhstan.rss") == here
    moved.extensions["podcat"].close()


def test_a_visitors_question_writes_nothing(client: FlaskClient, stored: Catalogue) -> None:
    before = stored.revision()
    path = "/tags/kazakhstan.rss?q=ordeal"
    assert guid(client, path) == computed_guid(f"https://podcat.example{path}")
    assert stored.revision() == before


def test_without_the_right_to_write_the_guid_is_computed(
    guest: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise DatabaseError("podcat.db", "is read-only")

    monkeypatch.setattr(type(app.extensions["podcat"].catalogue), "feed_guid", refuse)
    expected = computed_guid("https://podcat.example/feeds/kazakhstan.rss")
    assert guid(guest, "/feeds/kazakhstan.rss") == expected


def test_the_guid_rule_matches_the_specifications_example() -> None:
    expected = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    assert computed_guid("https://mp3s.nashownotes.com/pc20rss.xml") == expected


def test_opml_lists_every_feed(client: FlaskClient) -> None:
    tree = etree.fromstring(client.get("/feeds.opml").data)
    assert client.get("/feeds.opml").content_type == "text/x-opml"
    assert tree.xpath("//outline/@xmlUrl") == [
        "https://podcat.example/feeds/newest.rss",
        "https://podcat.example/feeds/files.rss",
        "https://podcat.example/feeds/kazakhstan.rss",
    ]


# ---------------------------------------------------------------- where we are reached


def test_without_a_base_url_the_visitors_own_address_counts(
    read_config: Config, stored: Catalogue
) -> None:
    app = create_app(replace(read_config, base_url=None))
    answer = app.test_client().get("/feeds/newest.rss", base_url="http://localhost:8000")
    assert b'href="http://localhost:8000/feeds/newest.rss"' in answer.data
    other = app.test_client().get("/feeds/newest.rss", base_url="http://127.0.0.1:8000")
    assert b"localhost" not in other.data
    app.extensions["podcat"].close()


@pytest.mark.parametrize("stripped", [True, False])
def test_under_a_path_of_a_proxy(read_config: Config, stored: Catalogue, stripped: bool) -> None:
    app = create_app(replace(read_config, base_url="https://example.org/sounds"))
    prefix = "" if stripped else "/sounds"
    page = app.test_client().get(f"{prefix}/episodes").get_data(as_text=True)
    assert 'href="/sounds/people"' in page
    assert 'href="https://example.org/sounds/episodes.rss"' in page
    feed = app.test_client().get(f"{prefix}/episodes.json").get_json(force=True)
    assert feed["items"][0]["id"]
    assert feed["feed_url"] == "https://example.org/sounds/episodes.json"
    app.extensions["podcat"].close()


# ---------------------------------------------------------------- the cache


def test_the_cache_renders_once_for_each_state() -> None:
    cache = Cache()
    made: list[int] = []

    def render() -> Body:
        made.append(1)
        return make_body(b"x", None)

    for revision in (1, 1, 2, 2):
        cache.get("a", revision, render)
    assert len(made) == 2


def test_the_cache_stays_within_bounds() -> None:
    size = make_body(b"x" * 100, None).size
    cache = Cache(longest=2 * size)
    made: list[str] = []

    def body(name: str) -> Callable[[], Body]:
        def render() -> Body:
            made.append(name)
            return make_body(b"x" * 100, None)

        return render

    for name in ("a", "b", "a", "c", "a", "b"):
        cache.get(name, 1, body(name))
    assert made == ["a", "b", "c", "b"]


def test_the_environment_configures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PODCAT_DATABASE", f"sqlite:///{tmp_path}/other.db")
    monkeypatch.setenv("PODCAT_FEEDS", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    app = create_app()
    assert app.extensions["podcat"].config == Config(
        database=f"sqlite:///{tmp_path}/other.db", feeds=tmp_path
    )
    assert app.test_client().get("/healthz").status_code == 200
    app.extensions["podcat"].close()


def test_the_briefing_is_in_the_feed_with_its_length(client: FlaskClient) -> None:
    feed = json.loads(client.get("/people/reid-standish.json").data)
    assert feed["items"][0]["title"] == BRIEFING.embeds[0].title
