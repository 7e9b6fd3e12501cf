"""How a recording stands on other sites: cards, structured data, oEmbed, frames, the sitemap."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import etree, html
from web_samples import many, store

from podcat.catalogue import Catalogue
from podcat.web import sitemap

BASE = "https://podcat.example"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def page(client: FlaskClient, path: str) -> Any:
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    return html.document_fromstring(answer.get_data(as_text=True))


def named(catalogue: Catalogue, words: str) -> int:
    """The number of the recording whose title has these words."""
    return next(e.id for e in catalogue.episodes().episodes if words in (e.title or ""))


def content(tree: Any, name: str) -> str:
    return str(tree.xpath(f"string(//meta[@property='{name}' or @name='{name}']/@content)"))


def test_cards_and_structured_data(client: FlaskClient, stored: Catalogue) -> None:
    tree = page(client, f"/episodes/{named(stored, 'Ordeal')}")
    address = tree.xpath("string(//link[@rel='canonical']/@href)")
    assert content(tree, "og:url") == address
    assert content(tree, "og:title").endswith("A Woman's Ordeal")
    assert content(tree, "og:audio").startswith("https://ondemand.npr.org/")
    assert content(tree, "og:image").endswith((".png", ".jpg", ".webp"))
    assert content(tree, "twitter:player").startswith(f"{BASE}/embed/")
    said = json.loads(tree.xpath("string(//script[@type='application/ld+json'])"))
    assert (said["@type"], said["url"]) == ("PodcastEpisode", address)
    assert said["associatedMedia"]["contentUrl"] == content(tree, "og:audio")
    assert said["datePublished"].startswith("2018")


def test_what_has_no_player_is_a_summary(client: FlaskClient, stored: Catalogue) -> None:
    tree = page(client, f"/episodes/{named(stored, 'Available later')}")
    assert content(tree, "twitter:card") == "summary"
    assert content(tree, "twitter:player") == ""
    said = json.loads(tree.xpath("string(//script[@type='application/ld+json'])"))
    assert not {"associatedMedia", "embedUrl", "duration"} & said.keys()


@pytest.mark.parametrize("form", ["json", "xml"])
def test_oembed_is_found_from_the_page_and_frames_it(
    client: FlaskClient, stored: Catalogue, form: str
) -> None:
    tree = page(client, f"/episodes/{named(stored, 'Ordeal')}")
    kind = {"json": "application/json+oembed", "xml": "text/xml+oembed"}[form]
    answer = client.get(tree.xpath(f"string(//link[@type='{kind}']/@href)").removeprefix(BASE))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    if form == "json":
        said = answer.get_json()
    else:
        said = {node.tag: node.text for node in etree.fromstring(answer.data)}
    assert (said["type"], said["version"], int(said["width"])) == ("rich", "1.0", 600)
    frame = html.fragment_fromstring(said["html"])
    framed = client.get(frame.get("src").removeprefix(BASE))
    assert framed.status_code == 200
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert html.document_fromstring(framed.text).xpath("//audio/@src")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400), ("url=https://other.example/episodes/1", 404), (f"url={BASE}/episodes", 404),
        (f"url={BASE}/episodes/999", 404), ("url=http://[", 404), ("url={0}&format=yaml", 501),
        ("url={0}&maxwidth=wide", 400), ("url={0}&maxwidth=320&maxheight=100", 200),
        ("url={0}?t=90%23x", 200),
    ],
)  # fmt: skip
def test_oembed_answers_for_our_recordings_alone(
    client: FlaskClient, stored: Catalogue, query: str, status: int
) -> None:
    number = named(stored, "Ordeal")
    answer = client.get("/oembed?" + query.replace("{0}", f"{BASE}/episodes/{number}"))
    assert answer.status_code == status
    if "maxwidth=320" in query:
        assert answer.get_json()["width"] == 320


def test_no_other_page_may_be_framed(client: FlaskClient) -> None:
    for path in ("/", "/episodes/1", "/feeds/newest", "/embed/999"):
        policy = client.get(path, follow_redirects=True).headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy


def test_a_link_starts_at_a_second(client: FlaskClient, stored: Catalogue) -> None:
    for path, start in (("episodes", "t=90"), ("episodes", "t=1:30"), ("embed", "t=90")):
        tree = page(client, f"/{path}/{named(stored, 'Ordeal')}?{start}")
        assert tree.xpath("string(//audio/@src)").endswith("#t=90")
    for nonsense in ("", "t=", "t=x", "t=-1", "t=0"):
        tree = page(client, f"/episodes/{named(stored, 'Ordeal')}?{nonsense}")
        assert "#t" not in tree.xpath("string(//audio/@src)")


def test_the_sitemap_has_every_recording(
    guest: FlaskClient, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(filled, many(10))
    monkeypatch.setattr(sitemap, "SIZE", 4)
    assert f"Sitemap: {BASE}/sitemap.xml" in guest.get("/robots.txt").text
    found: list[str] = []
    for place in locations(guest, "/sitemap.xml"):
        found += locations(guest, place.removeprefix(BASE))
    episodes = [address for address in found if "/episodes/" in address]
    assert len(episodes) == len(set(episodes)) == filled.statistics()["episodes"]
    for address in found:
        assert guest.get(address.removeprefix(BASE) or "/").status_code == 200
    filled.hide(1)
    assert f"{BASE}/episodes/1-" not in guest.get("/sitemap-1.xml").text
    assert guest.get("/sitemap-99.xml").status_code == 404


def locations(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.content_type == "application/xml; charset=utf-8"
    return [node.text or "" for node in etree.fromstring(answer.data).iter(f"{SITEMAP}loc")]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/programmes/all-things-considered", "podcat: All Things Considered"),
        ("/feeds/kazakhstan", "Kazakhstan in sound"), ("/tags/kazakhstan", None),
    ],
)  # fmt: skip
def test_a_show_is_told_as_a_series(
    client: FlaskClient, stored: Catalogue, path: str, name: str | None
) -> None:
    tree = page(client, path)
    found = [json.loads(one) for one in tree.xpath("//script[contains(@type, 'json')]/text()")]
    assert [one["name"] for one in found] == ([name] if name else [])
    for one in found:
        assert one["@type"] == "PodcastSeries"
        assert client.get(one["webFeed"].removeprefix(BASE)).status_code == 200
        assert one["url"] == BASE + path


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/", "/"), ("/episodes?provider=npr&tag=&x=1", "/episodes?provider=npr"),
        ("/search?until=2020&q=a", "/search?q=a&until=2020"), ("/feeds/newest", "/feeds/newest"),
    ],
)  # fmt: skip
def test_a_list_has_one_address(client: FlaskClient, asked: str, canonical: str) -> None:
    tree = page(client, asked)
    assert tree.xpath("string(//link[@rel='canonical']/@href)") == BASE + canonical


def test_a_recording_offers_its_badge(client: FlaskClient, stored: Catalogue) -> None:
    tree = page(client, f"/episodes/{named(stored, 'Ordeal')}")
    address = tree.xpath("string(//code[@data-copy='address of the badge'])")
    answer = client.get(address.removeprefix(BASE))
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
