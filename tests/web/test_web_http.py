"""Feeds over HTTP, as feed readers ask for them."""

from __future__ import annotations

import gzip
import itertools
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path

import brotli
import feedparser  # type: ignore[import-untyped]
import pytest
from flask.testing import FlaskClient
from lxml import etree
from web_samples import BRIEFING, many, store
from werkzeug.http import http_date
from werkzeug.test import TestResponse

from podcat.catalogue import Catalogue
from podcat.catalogue.overview import computed_guid
from podcat.config import Config
from podcat.errors import DatabaseError
from podcat.web import cached, create_app, faces, http
from podcat.web.http import Body, Cache

FEEDS = [
    "/feeds/kazakhstan.rss", "/feeds/kazakhstan.json", "/tags/kazakhstan.rss?provider=npr",
    "/episodes.json", "/pages/2.rss", "/feeds.opml",
]  # fmt: skip
LATER = "Fri, 01 Jan 2100 00:00:00 GMT"
EARLIER = "Thu, 01 Jan 1970 00:00:00 GMT"


# A time in the future that goes on by 10 seconds whenever somebody looks.
_TIMES = itertools.count(2_000_000_000, 10)


@pytest.fixture(autouse=True)
def _hurrying_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "now", lambda: next(_TIMES))
    monkeypatch.setattr(faces, "now", lambda: next(_TIMES))
    monkeypatch.setattr(cached, "now", lambda: next(_TIMES))


@pytest.fixture(params=FEEDS)
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# What a request accepts, and the coding of the answer.
CODINGS = {
    None: None, "": None, "identity": None, "deflate": None, "zstd": None, "gzip": "gzip",
    "GZip": "gzip", "x-gzip": "gzip", "gzip, deflate": "gzip", "gzip, deflate, br": "br",
    "gzip, deflate, br, zstd": "br", "br;q=0.5, gzip": "gzip", "br;q=1.0, gzip;q=0.8, *;q=0.1": "br",
    "deflate, gzip;q=0": None, "gzip;q=0.001": "gzip", "gzip ; q=0.5": "gzip", "*": "gzip",
    "*;q=0.5": "gzip", "*, gzip;q=0": None, "gzip;q=0, *": None, "br;q=0, *": "gzip",
    "identity, gzip;q=0.5": None, "identity;q=0.5, gzip": "gzip", "identity, br": "br",
    "identity;q=0, gzip": "gzip", "*;q=0, br": "br", "*;q=0, identity": None, "gzip;q=yes": None,
    "gzip;q=0.9;x=1, ,;": None, "compress, gzip": "gzip",
}  # fmt: skip
UNPACK = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}


@pytest.fixture(params=["identity", "gzip", "br"])
def coding(request: pytest.FixtureRequest) -> dict[str, str]:
    return {"Accept-Encoding": request.param}


@pytest.mark.parametrize("accepted", CODINGS)
def test_the_coding_is_one_that_was_asked_for(client: FlaskClient, accepted: str | None) -> None:
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    answer = client.get(FEEDS[0], headers=headers)
    assert answer.status_code == 200
    coding = answer.headers.get("Content-Encoding")
    assert coding == CODINGS[accepted]
    assert UNPACK[coding](answer.data) == client.get(FEEDS[0]).data


@pytest.mark.parametrize("accepted", ["identity;q=0", "*;q=0", "zstd, identity;q=0", "zstd, *;q=0"])
def test_who_refuses_all_codings_is_told(client: FlaskClient, accepted: str) -> None:
    answer = client.get(FEEDS[0], headers={"Accept-Encoding": accepted})
    assert answer.status_code == 406
    assert "gzip" in answer.get_data(as_text=True)
    assert "public" not in answer.headers["Cache-Control"]


def test_the_headers(client: FlaskClient, path: str, coding: dict[str, str]) -> None:
    answer = client.get(path, headers=coding)
    named = answer.headers.get("Content-Encoding")
    assert answer.status_code == 200
    assert (named or "identity") == coding["Accept-Encoding"]
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["ETag"].startswith('"')
    assert answer.last_modified
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert UNPACK[named](answer.data) == client.get(path).data
    assert "Set-Cookie" not in answer.headers


def test_each_coding_has_its_own_validator(client: FlaskClient, path: str) -> None:
    tags = {
        client.get(path, headers={"Accept-Encoding": coding}).headers["ETag"]
        for coding in ("identity", "gzip", "br")
    }
    assert len(tags) == 3


def test_head_is_get_without_a_body(client: FlaskClient, path: str, coding: dict[str, str]) -> None:
    client.get(path)  # in the second of its rendering an earlier date is told
    got, head = client.get(path, headers=coding), client.head(path, headers=coding)
    assert head.status_code == 200
    assert head.data == b""
    for answer in (got, head):
        answer.headers.pop("Date", None)  # a second may pass between the two
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
    """In all codings, for GET and HEAD alike."""
    for coding in ("identity", "gzip", "br"):
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
    ask(path, headers=coding)  # in the second of a change the date told lies before it
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
    for kept in ("ETag", "Last-Modified", "Vary", "Cache-Control", "Access-Control-Allow-Origin"):
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
    again = {"If-Modified-Since": guest.get("/people/reid-standish.rss").headers["Last-Modified"]}
    store(filled, many(2), now=1_800_000_000)
    assert guest.get("/people/reid-standish.rss", headers=again).status_code == 304


# ---------------------------------------------------------------- If-Modified-Since by itself


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One number: the time, which stands still."""
    times = [3_000_000_000]
    for module in (http, faces, cached):
        monkeypatch.setattr(module, "now", lambda: times[0])
    return times


def since(client: FlaskClient, path: str, date: object) -> int:
    headers = {"If-Modified-Since": http_date(date) if isinstance(date, int) else str(date)}
    return client.get(path, headers=headers).status_code


def test_two_changes_in_one_second_are_both_seen(
    guest: FlaskClient, filled: Catalogue, clock: list[int], path: str
) -> None:
    for count in range(3):
        before = guest.get(path)
        store(filled, many(1 + count, tag="Kazakhstan"), f"{count}.html")
        changed = guest.get(path).data != before.data
        assert changed or not path.startswith("/feeds/")
        if changed:
            assert since(guest, path, before.headers["Last-Modified"]) == 200
            assert since(guest, path, clock[0]) == 200  # who goes by the time of the visit
    clock[0] += 60
    assert since(guest, path, guest.get(path).headers["Last-Modified"]) == 304


def test_an_older_state_of_the_catalogue_is_a_change(
    guest: FlaskClient, filled: Catalogue, clock: list[int]
) -> None:
    """What changed lies before what a reader has: `podcat add` with a date in the past."""
    clock[0] += 60
    guest.get("/episodes.rss")
    clock[0] += 60
    before = guest.get("/episodes.rss").headers["Last-Modified"]
    store(filled, many(1), now=1_000_000_000)
    assert since(guest, "/episodes.rss", before) == 200


def test_a_title_that_changed_is_seen_after_a_restart(
    config: Config, guest: FlaskClient, clock: list[int]
) -> None:
    path = "/feeds/kazakhstan.rss"
    guest.get(path)
    clock[0] += 60
    before = guest.get(path).headers["Last-Modified"]
    declared = config.feeds / "kazakhstan.toml"
    declared.write_text(declared.read_text().replace("in sound", "aloud"))
    clock[0] += 60
    again = create_app(config)
    assert since(again.test_client(), path, before) == 200
    again.extensions["podcat"].close()


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


def links_of(client: FlaskClient, url: str) -> tuple[list[str], dict[str, str]]:
    """The ids on one page of a feed, and its links by relation."""
    answer = client.get(url.removeprefix("https://podcat.example"))
    assert answer.status_code == 200
    return read_fast(answer.data)


def read_fast(feed: bytes) -> tuple[list[str], dict[str, str]]:
    """What feedparser reads, too, ten times slower: ids, and links by relation."""
    channel = etree.fromstring(feed).find("channel")
    assert channel is not None
    links = channel.findall("{http://www.w3.org/2005/Atom}link")
    ids = [str(found.text) for found in channel.iterfind("item/guid")]
    return ids, {str(link.get("rel")): str(link.get("href")) for link in links}


@pytest.mark.parametrize("question", ["", "?provider=npr", "?q=recording"])
def test_feeds_go_back_as_they_went_on(
    guest: FlaskClient, filled: Catalogue, question: str
) -> None:
    """The pages backwards from the last hold the same, though they begin elsewhere."""
    store(filled, many(230))
    ids, first = links_of(guest, f"/tags/many.rss{question}")
    assert "previous" not in first
    forwards, where = list(ids), first["next"]
    while where:
        ids, links = links_of(guest, where)
        assert (links["first"], links["last"]) == (first["self"], first["last"])
        before, _ = links_of(guest, links["previous"])
        assert before == forwards[-100:]
        forwards += ids
        where = links.get("next", "")
    ids, links = links_of(guest, first["last"])
    assert "next" not in links
    backwards = ids
    while where := links.get("previous", ""):
        ids, links = links_of(guest, where)
        after, _ = links_of(guest, links["next"])
        assert after == backwards[:100]
        backwards = ids + backwards
    assert backwards == forwards
    assert len(forwards) == 230


def test_the_parts_of_a_page_of_a_site_go_back_too(guest: FlaskClient, filled: Catalogue) -> None:
    page = many(95)
    long = [replace(one, description="A long story. " * 1400) for one in page.embeds]
    store(filled, replace(page, embeds=tuple(long)))
    ids, links = links_of(guest, "/pages/3.rss")
    rest, last = links_of(guest, links["next"])
    assert links_of(guest, last["previous"])[0][-10:] == ids[-10:]
    assert links_of(guest, links["last"])[0][-10:] == rest[-10:]


@pytest.mark.parametrize("question", ["?before=x", "?before=1-1&after=1-1", "?after=", "?before="])
def test_a_place_that_is_none(guest: FlaskClient, question: str) -> None:
    answer = guest.get(f"/episodes.rss{question}")
    assert answer.status_code == (200 if question.endswith("=") else 400)


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


def test_no_visit_makes_a_guid_stay(read_config: Config, stored: Catalogue) -> None:
    app = create_app(replace(read_config, base_url=None))
    for path in ("/tags/kazakhstan.rss", "/episodes.rss", "/pages/1.rss", "/people.rss"):
        app.test_client().get(path, headers={"Host": "evil.example"})
    for host in ("evil.example", "other.example:8000"):
        tree = etree.fromstring(
            app.test_client().get("/tags/kazakhstan.rss", headers={"Host": host}).data
        )
        found = tree.findtext("channel/{https://podcastindex.org/namespace/1.0}guid")
        assert found == computed_guid(f"http://{host}/tags/kazakhstan.rss")
    app.extensions["podcat"].close()


def test_a_guid_is_kept_at_the_start_and_only_under_a_base_url(
    config: Config, filled: Catalogue
) -> None:
    def kept(url: str) -> str:
        return filled.feed_guid("kazakhstan", url, keep=False)

    for base, expected in (
        (None, "https://now.example/feeds/kazakhstan.rss"),
        ("https://podcat.example/p", "https://podcat.example/p/feeds/kazakhstan.rss"),
        ("https://moved.example", "https://podcat.example/p/feeds/kazakhstan.rss"),
    ):
        app = create_app(replace(config, base_url=base))
        assert kept("https://now.example/feeds/kazakhstan.rss") == computed_guid(expected)
        app.extensions["podcat"].close()


def test_no_feed_waits_for_another_program_that_writes(
    config: Config, filled: Catalogue, patience: float
) -> None:
    path = config.database.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        app = create_app(config)
        for where in ("/feeds/kazakhstan.rss", "/pages/2.rss", "/tags/kazakhstan.json"):
            assert app.test_client().get(where).status_code == 200
        assert time.monotonic() - begun < patience / 2
        app.extensions["podcat"].close()
        writer.execute("ROLLBACK")


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


# ---------------------------------------------------------------- a hub

HUB = "https://hub.example/?a=b"


def relations(answer: TestResponse) -> dict[str, str]:
    """The addresses in the Link headers."""
    lines = answer.headers.getlist("Link")
    return {rel.strip().removeprefix('rel=').strip('"'): url[1:-1]
            for url, _, rel in (line.partition(";") for line in lines)}  # fmt: skip


@pytest.fixture
def told(read_config: Config, stored: Catalogue) -> Iterator[FlaskClient]:
    """A visitor of a catalogue that has a hub."""
    app = create_app(replace(read_config, hub=HUB))
    yield app.test_client()
    app.extensions["podcat"].close()


@pytest.mark.parametrize("name", ["kazakhstan", "newest", "files"])
def test_declared_feeds_name_the_hub(told: FlaskClient, name: str) -> None:
    path = f"/feeds/{name}.rss"
    got = told.get(path)
    links = {link["rel"]: link for link in feedparser.parse(got.data).feed.links}
    assert links["hub"]["href"] == HUB
    assert links["self"]["href"] == f"https://podcat.example{path}"
    again = told.get(path, headers={"If-None-Match": got.headers["ETag"]})
    for answer in (got, told.head(path), again):
        assert relations(answer) == {"hub": HUB, "self": f"https://podcat.example{path}"}
    page = told.get(f"/feeds/{name}.json")
    assert json.loads(page.data)["hubs"] == [{"type": "WebSub", "url": HUB}]
    assert relations(page) == {"hub": HUB, "self": f"https://podcat.example/feeds/{name}.json"}


@pytest.mark.parametrize(
    "path",
    ["/feeds/newest.rss?after=1-1", "/feeds/newest.json?q=ordeal", "/tags/kazakhstan.rss",
     "/pages/1.json", "/episodes.rss"],
)  # fmt: skip
def test_no_hub_is_named_that_is_not_told(told: FlaskClient, path: str) -> None:
    answer = told.get(path)
    assert relations(answer) == {}
    assert HUB.encode() not in answer.data


def test_no_hub_is_named_where_there_is_none(client: FlaskClient, read_config: Config) -> None:
    app = create_app(replace(read_config, hub=HUB, base_url=None))
    for visitor in (client, app.test_client()):
        answer = visitor.get("/feeds/newest.json")
        assert relations(answer) == {}
        assert "hubs" not in json.loads(answer.data)
    app.extensions["podcat"].close()


# ---------------------------------------------------------------- large pages


@pytest.mark.parametrize("path", ["/feeds/newest", "/tags/many", "/pages/3"])
@pytest.mark.parametrize("face", ["rss", "json"])
def test_no_page_of_a_feed_is_larger_than_a_megabyte(
    guest: FlaskClient, filled: Catalogue, path: str, face: str
) -> None:
    page = many(95)
    long = [replace(one, description="A long story. " * 1400) for one in page.embeds]
    store(filled, replace(page, embeds=tuple(long)))
    where, seen, sizes = f"{path}.{face}", [], []
    while where:
        data = guest.get(where.removeprefix("https://podcat.example")).data
        sizes.append(len(data))
        if face == "rss":
            ids, links = read_fast(data)
            seen += ids
            assert links["first"] == f"https://podcat.example{path}.rss"
            where = links.get("next", "")
        else:
            feed = json.loads(data)
            seen += [item["id"] for item in feed["items"]]
            where = feed.get("next_url", "")
    assert max(sizes) <= 1_000_000
    assert len(sizes) in (2, 3)
    assert len(seen) == len(set(seen)) == (100 if "newest" in path else 95)


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


BAD_HOSTS = [
    "", " ", "evil.example/x", "a@b", "x y", "]", "évil", "h:99999", "h:", "[", "a?b", "a#b",
    "evil.example /episodes",
]  # fmt: skip


@pytest.mark.parametrize("host", BAD_HOSTS)
@pytest.mark.parametrize(
    "path", ["/providers/npr.rss", "/", "/feeds", "/episodes//1", "/feeds.opml"]
)
def test_a_host_that_is_none_is_refused(client: FlaskClient, host: str, path: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "public" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "host", ["localhost:8000", "[::1]:8000", "my_app", "EXAMPLE.org.", "1.2.3.4"]
)
def test_a_host_of_any_kind_is_let_in(client: FlaskClient, host: str) -> None:
    assert client.get("/feeds", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/episodes//1", "/episodes/1"), ("/episodes//1?play=1", "/episodes/1?play=1"),
    ],
)  # fmt: skip
def test_slashes_too_many_lead_to_our_own_address(
    client: FlaskClient, path: str, leads_to: str
) -> None:
    bare, _, _ = path.partition("?")
    forged = {"HTTP_HOST": "evil.example", "PATH_INFO": bare}
    answer = client.get(path, environ_overrides=forged)
    assert (answer.status_code, answer.headers["Location"]) == (308, leads_to)


# ---------------------------------------------------------------- the cache


def test_the_cache_renders_once_for_each_state() -> None:
    cache = Cache()
    made: list[int] = []

    def render() -> Body:
        made.append(1)
        return Body(b"x")

    for revision in (1, 1, 2, 2):
        cache.get("a", revision, render)
    assert len(made) == 2


def test_who_waits_for_one_feed_keeps_nobody_else_waiting() -> None:
    cache, begun, go_on = Cache(), threading.Event(), threading.Event()
    made: list[str] = []

    def slow() -> Body:
        begun.set()
        assert go_on.wait(10)
        made.append("slow")
        return Body(b"slow")

    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(cache.get, "slow", 1, slow) for _ in range(2)]
        assert begun.wait(10)
        quick = pool.submit(cache.get, "quick", 1, lambda: Body(b"quick"))
        try:
            assert quick.result(5).plain == b"quick"
        finally:
            go_on.set()
        assert [each.result(5).plain for each in waiting] == [b"slow", b"slow"]
    assert made == ["slow"]


def test_a_feed_that_fails_is_tried_again() -> None:
    cache = Cache()

    def fail() -> Body:
        raise DatabaseError("x.db", "is locked")

    with pytest.raises(DatabaseError):
        cache.get("a", 1, fail)
    assert cache.get("a", 1, lambda: Body(b"x")).plain == b"x"


def test_a_change_leaves_other_feeds_in_the_cache() -> None:
    cache = Cache()
    for key in ("a", "b"):
        cache.get(key, 1, lambda: Body(b"x"))
    cache.get("a", 2, lambda: Body(b"y"))
    assert cache.get("b", 1, lambda: Body(b"new")).plain == b"x"


def test_the_cache_stays_within_bounds() -> None:
    size = Body(b"x" * 100).size
    cache = Cache(longest=2 * size)
    made: list[str] = []

    def body(name: str) -> Callable[[], Body]:
        def render() -> Body:
            made.append(name)
            return Body(b"x" * 100)

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


def test_all_processes_tell_one_date_of_a_declared_feed(
    config: Config, filled: Catalogue, clock: list[int]
) -> None:
    path = "/feeds/kazakhstan.rss"

    def told() -> str:
        app = create_app(config)
        client = app.test_client()
        client.get(path)
        clock[0] += 90
        date = client.get(path).headers["Last-Modified"]
        assert since(client, path, date) == 304
        app.extensions["podcat"].close()
        return date

    first = told()
    assert told() == first
    clock[0] -= 100  # the clock is put back behind the first date
    store(filled, many(1, tag="Kazakhstan"), "more.html")
    assert parsedate_to_datetime(told()) > parsedate_to_datetime(first)
