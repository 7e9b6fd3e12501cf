"""Whatever a document, a visitor or a declared feed says is shown as text, on every page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hostile import ADDRESSES, PAYLOADS, page_of, traces
from lxml import etree
from web_samples import store

from podcat.catalogue import Catalogue, open_catalogue
from podcat.config import Config
from podcat.web import create_app


def declared(payload: str) -> str:
    text = "'''" + payload.replace("'", "’") + "'''"
    return f"""title = {text}
description = {text}
author = {text}
owner_name = {text}
copyright = {text}
[selection]
q = {text}
"""


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, Catalogue]]:
    """A visitor of a catalogue of which nothing is meant well."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "feeds").mkdir()
    for number, payload in enumerate(PAYLOADS):
        path = folder / "feeds" / f"feed-{number}.toml"
        path.write_text(declared(payload), encoding="utf-8")
    config = Config(
        database=f"sqlite:///{folder}/podcat.db", feeds=folder / "feeds",
        title=PAYLOADS[0], base_url="https://podcat.example",
    )  # fmt: skip
    with open_catalogue(config.database) as catalogue:
        for number, payload in enumerate(PAYLOADS, 1):
            store(catalogue, page_of(number, payload), f"{payload}.html")
        app = create_app(config)
        yield app.test_client(), catalogue
        app.extensions["podcat"].close()


LISTS = (
    "/", "/episodes", "/episodes?order=oldest", "/tags", "/people", "/programmes", "/providers",
    "/providers/npr", "/pages", "/feeds", "/status", "/search?q=hacked",
)  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_lists_show_texts_as_texts(visited: tuple[FlaskClient, Catalogue], path: str) -> None:
    answer = visited[0].get(path)
    assert answer.status_code == 200
    assert traces(answer.text) == []
    assert "49" not in answer.text or "{{ 7*7 }}" in answer.text


def test_pages_of_one_thing_show_texts_as_texts(visited: tuple[FlaskClient, Catalogue]) -> None:
    client, catalogue = visited
    episodes = catalogue.episodes(limit=100).episodes
    assert len(episodes) == len(PAYLOADS)
    paths = [f"/episodes/{e.id}{more}" for e in episodes for more in ("", "?play=1", "?t=90")]
    paths += [f"/embed/{e.id}" for e in episodes]
    paths += [f"/pages/{page.id}" for page in catalogue.pages(limit=100)]
    for kind, counts in (("tags", catalogue.tags(100)), ("people", catalogue.people(100)),
                         ("programmes", catalogue.programmes(100))):  # fmt: skip
        paths += [f"/{kind}/{quote(count.slug)}" for count in counts]
    paths += [f"/feeds/feed-{number}" for number in range(len(PAYLOADS))]
    for path in paths:
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        assert traces(answer.text) == [], path


@pytest.mark.parametrize("payload", [*PAYLOADS, *ADDRESSES])
def test_what_a_visitor_types_is_text(visited: tuple[FlaskClient, Catalogue], payload: str) -> None:
    client, typed = visited[0], quote(payload, safe="")
    asked = [
        f"/search?q={typed}", f"/episodes?tag={typed}&person={typed}", f"/episodes?since={typed}",
        f"/episodes?provider={typed}", f"/episodes?after={typed}", f"/episodes?order={typed}",
        f"/episodes?playable={typed}", f"/tags/{typed}", f"/{typed}", f"/feeds/{typed}",
        f"/subscribe/search?q={typed}", f"/episodes/1?t={typed}", f"/pages?after={typed}",
        f"/oembed?url={typed}", f"/episodes?{typed}={typed}",
    ]  # fmt: skip
    for path in asked:
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code in (200, 400, 404), path
        if answer.mimetype == "text/html":
            assert traces(answer.text) == [], path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_feeds_and_maps_are_whole(visited: tuple[FlaskClient, Catalogue]) -> None:
    client, _ = visited
    paths = ["/episodes.rss", "/feeds.opml", "/tags.opml", "/sitemap-lists.xml", "/sitemap-1.xml"]
    paths += [f"/feeds/feed-{number}.rss" for number in range(len(PAYLOADS))]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        etree.fromstring(answer.data)


def test_the_traces_would_be_found() -> None:
    for payload in PAYLOADS[:7]:
        ways = f"<p>{payload}</p><p title=\"{payload}\"></p><p title='{payload}'></p>"
        assert traces(f"<html><body>{ways}</body></html>"), payload
    for address in ADDRESSES[:3]:
        assert traces(f'<html><body><a href="{address}">x</a></body></html>'), address


def test_a_folder_of_feeds(tmp_path: Path) -> None:
    """The declared texts above are read as they stand."""
    (tmp_path / "x.toml").write_text(declared(PAYLOADS[0]), encoding="utf-8")
    app = create_app(Config(database=f"sqlite:///{tmp_path}/podcat.db", feeds=tmp_path))
    assert app.extensions["podcat"].channels["x"].title == PAYLOADS[0]
    app.extensions["podcat"].close()
