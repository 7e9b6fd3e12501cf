"""The first real content, from the documents to the pages; and what the pages must not bring."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import feedparser  # type: ignore[import-untyped]
import pytest
from flask.testing import FlaskClient
from lxml import html

from podcat.catalogue import open_catalogue
from podcat.config import Config
from podcat.extract import extract
from podcat.model import Document
from podcat.web import create_app

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A visitor of what `podcat serve seeds/` shows."""
    database = f"sqlite:///{tmp_path_factory.mktemp('seeds')}/podcat.db"
    with open_catalogue(database) as catalogue:
        for path in sorted((ROOT / "seeds").glob("*.txt")):
            document = Document(str(path), path.read_bytes())
            catalogue.store(document, extract(document))
    app = create_app(Config(database=database, feeds=ROOT / "feeds"))
    yield app.test_client()
    app.extensions["podcat"].close()


def test_the_briefing(seeded: FlaskClient) -> None:
    page = html.document_fromstring(seeded.get("/people/bruce-pannier").data)
    (path,) = page.xpath("//article//h2/a/@href")
    text = " ".join(html.document_fromstring(seeded.get(path).data).text_content().split())
    for expected in (
        "Twitter Spaces: A Week That Changed Kazakhstan Forever...What's Next?", "1:08:32",
        "Held on 13 January (year not stated)", "Raushan Zhandayeva", "Alimana Zhanmukanova",
        "Reid Standish moderator", "Only announced",
    ):  # fmt: skip
        assert expected in text


def test_the_stories(seeded: FlaskClient) -> None:
    page = html.document_fromstring(seeded.get("/tags/kazakhstan?provider=npr").data)
    paths = page.xpath("//article//h2/a/@href")
    assert len(paths) == 6
    for path in paths:
        shown = html.document_fromstring(seeded.get(f"{path}?play=1").data)
        (address,) = shown.xpath("//iframe/@src")
        assert address.startswith("https://www.npr.org/player/embed/")
        assert "Photo: " in shown.text_content()


def test_the_declared_feed(seeded: FlaskClient) -> None:
    feed = feedparser.parse(seeded.get("/feeds/kazakhstan.rss").data)
    assert feed.feed.title == "Stories about Kazakhstan"
    assert len(feed.entries) >= 6
    assert all(entry.link for entry in feed.entries)


def test_many_visitors_at_once(seeded: FlaskClient) -> None:
    paths = ["/", "/episodes", "/feeds/newest.rss", "/tags/kazakhstan.json", "/status"] * 8

    def visit(path: str) -> tuple[int, bytes]:
        answer = seeded.application.test_client().get(path)
        return answer.status_code, answer.data

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(visit, paths))
    assert {status for status, _ in answers} == {200}
    assert len(set(answers)) == 5


def test_the_pages_bring_no_way_to_the_outside() -> None:
    """A visitor cannot make the server fetch anything: what could is not even loaded."""
    forbidden = ("podcat.net", "podcat.documents", "podcat.extract", "podcat.ingest", "requests")
    code = f"import sys, podcat.web; print([m for m in {forbidden} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("host", ['a"><script>alert(1)</script>', "evil.test/x", "a b", ""])
def test_a_forged_host_stays_text(seeded: FlaskClient, host: str) -> None:
    for path in ("/feeds", "/feeds/newest.rss", "/feeds.opml", "/nothing"):
        answer = seeded.get(path, headers={"Host": host})
        assert b"<script>alert" not in answer.data
        assert answer.status_code < 500
