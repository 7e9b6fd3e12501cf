"""Every list has a page that helps to subscribe to it, and any set of things is an OPML file."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from lxml import etree, html

from podcat.feed.lint import lint
from podcat.web.qr import qr


def outlines(client: FlaskClient, path: str) -> dict[str, str]:
    """Path of the feed by title; every one of them is there."""
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "text/x-opml")
    found = {}
    for outline in etree.fromstring(answer.data).iter("outline"):
        feed = outline.get("xmlUrl", "").removeprefix("https://podcat.example")
        assert client.get(feed).status_code == 200
        assert (
            client.get(
                outline.get("htmlUrl", "").removeprefix("https://podcat.example")
            ).status_code
            == 200
        )
        found[outline.get("title", "").partition(": ")[2]] = feed
    return found


@pytest.mark.parametrize(
    "path",
    ["/", "/episodes", "/search", "/tags/kazakhstan", "/people/reid-standish", "/providers/npr"],
)
@pytest.mark.parametrize("question", ["", "?q=recording", "?playable=1&since=2018"])
def test_a_list_leads_to_its_own_page_to_subscribe(
    client: FlaskClient, path: str, question: str
) -> None:
    page = html.document_fromstring(client.get(path + question).data)
    (link,) = page.xpath("//p[@class='faces']/a[.='Subscribe']/@href")
    answer = client.get(link)
    assert answer.status_code == 200
    shown = html.document_fromstring(answer.data)
    (rss,) = page.xpath("//p[@class='faces']/a[.='RSS']/@href")
    assert rss in shown.xpath("//p[@class='formats']/a/@href")
    assert rss in shown.xpath("string(//p[@class='address'])")
    assert rss in shown.xpath("//link[@rel='alternate']/@href")
    titles = "//*[contains(@class, 'entry-title')]/a"
    names = [a.text_content() for a in shown.xpath(titles)]
    assert names == [a.text_content() for a in page.xpath(titles)]


@pytest.mark.parametrize("path", ["/subscribe/tags/nosuch", "/subscribe/providers/nosuch"])
def test_nothing_to_subscribe_to(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_another_spelling_leads_to_the_one(client: FlaskClient) -> None:
    answer = client.get("/subscribe/tags/Kazakhstan?q=x")
    assert (answer.status_code, answer.location) == (301, "/subscribe/tags/kazakhstan?q=x")


def test_a_set_of_things_as_opml(client: FlaskClient) -> None:
    asked = "/feeds.opml?tag=Kazakhstan&person=reid-standish&provider=npr&tag=kazakhstan"
    assert outlines(client, asked) == {
        "Kazakhstan": "/tags/kazakhstan.rss",
        "Reid Standish": "/people/reid-standish.rss",
        "NPR": "/providers/npr.rss",
    }
    for wrong in ("?tag=nosuch", "?person=…", "?provider=nosuch"):
        assert client.get(f"/feeds.opml{wrong}").status_code == 404


@pytest.mark.parametrize("name", ["tags", "people", "programmes", "providers"])
def test_a_feed_of_each(client: FlaskClient, name: str) -> None:
    page = html.document_fromstring(client.get(f"/{name}").data)
    listed = page.xpath("//ul[contains(@class, 'counted')]/li/a/@href")
    found = outlines(client, f"/{name}.opml")
    assert [f"{path}.rss" for path in listed] == list(found.values())


def test_lint_has_nothing_to_say_of_them(client: FlaskClient) -> None:
    for path in ("/feeds.opml", "/tags.opml", "/feeds.opml?tag=kazakhstan"):
        findings = lint(client.get(path).data)
        assert [f for f in findings if f.severity == "error"] == []


def test_a_phone_can_read_the_address(client: FlaskClient) -> None:
    page = html.document_fromstring(client.get("/feeds/kazakhstan").data)
    (code,) = page.xpath("//figure[@class='code']/*[local-name()='svg']")
    assert code.get("viewbox") or code.get("viewBox")
    assert qr("https://podcat.example/" + "x" * 3000) is None
