"""What pages do where there is much: an order by relevance, numbers that are not counted to the end."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree, html
from web_samples import BRIEFING, store

from podcat.catalogue import Catalogue, Tally, read, relevance
from podcat.feed import fragments, rss
from podcat.model import Embed, Episode, Fragment, Page, Place, Selection
from podcat.web import create_app, faces, indexes, lists, site
from podcat.web.present import tallied


def tree(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200
    return html.document_fromstring(answer.get_data(as_text=True))


def titles(page: Any) -> list[str]:
    return [a.text_content() for a in page.xpath("//*[contains(@class, 'entry-title')]/a")]


def recordings(count: int) -> Page:
    """The older, the more often they say `sea`, but for those that say it in their title."""
    return Page(url="https://news.example/sea", embeds=tuple(
        Embed("npr", Place(n), id=str(n), title="The sea" if n == count - 1 else f"Title {n}",
              status="identified", description="sea " * (n + 1), published=f"{2020 - n}-01-01",
              tags=("Water",), provenance=dict.fromkeys(("provider", "title"), "text/x"))
        for n in range(count)
    ))  # fmt: skip


# ---------------------------------------------------------------- order


def test_the_best_come_first_where_asked(guest: FlaskClient, filled: Catalogue) -> None:
    store(filled, recordings(3))
    newest, best = (tree(guest, f"/search?q=sea{order}") for order in ("", "&order=relevance"))
    assert titles(newest) == ["Title 0", "Title 1", "The sea"]
    assert titles(best) == ["The sea", "Title 1", "Title 0"]
    chosen = "//p[@aria-label='Order']/a[@aria-current]/text()"
    assert (newest.xpath(chosen), best.xpath(chosen)) == (["Newest first"], ["Best first"])
    assert newest.xpath("//p[@aria-label='Order']/a/@href") == [
        "/search?q=sea", "/search?q=sea&order=oldest", "/search?q=sea&order=relevance"
    ]  # fmt: skip
    assert best.xpath("//form//input[@name='order']/@value") == ["relevance"]
    orders = tree(guest, "/tags/kazakhstan").xpath("//p[@aria-label='Order']/a/text()")
    assert orders == ["Newest first", "Oldest first"]  # nothing fits best without words


def test_the_oldest_come_first_where_asked(
    guest: FlaskClient, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 30)
    store(filled, recordings(75))
    newest = [title for page in walked(guest, "/episodes") for title in titles(page)]
    pages = list(walked(guest, "/episodes?order=oldest"))
    assert [title for page in pages for title in titles(page)] == newest[::-1]
    assert pages[0].xpath("//nav[@class='pager']/a/text()") == ["Newer recordings"]
    assert pages[1].xpath("//nav[@class='pager']/a/text()") == ["Oldest", "Newer recordings"]


def walked(guest: FlaskClient, path: str) -> Iterator[Any]:
    """All pages of a list, by the link to the next one."""
    while path:
        page = tree(guest, path)
        yield page
        path = next(iter(page.xpath("//nav[@class='pager']/a[@rel='next']/@href")), "")


def test_feeds_come_by_time_unless_they_are_asked_otherwise(
    guest: FlaskClient, filled: Catalogue
) -> None:
    store(filled, recordings(3))
    page = tree(guest, "/search?q=sea&order=relevance")
    assert set(page.xpath("//link[@rel='alternate']/@href")) == {
        f"https://podcat.example/search.{face}?q=sea" for face in ("rss", "json")
    }
    feed = guest.get("/search.json?q=sea&order=relevance").get_json()
    assert [item["title"] for item in feed["items"]] == ["The sea", "Title 1", "Title 0"]
    assert feed["feed_url"] == "https://podcat.example/search.json?q=sea&order=relevance"


def test_going_on_by_relevance(
    guest: FlaskClient, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(filled, recordings(75))
    monkeypatch.setattr(relevance, "RANKED", 40)
    path, seen = "/search?q=sea&order=relevance", []
    while path:
        page = tree(guest, path)
        seen += titles(page)
        path = next(iter(page.xpath("//nav[@class='pager']/a[@rel='next']/@href")), "")
    assert seen[:2] == ["Title 39", "Title 38"]
    assert seen[40:] == [*(f"Title {n}" for n in range(40, 74)), "The sea"]
    assert len(set(seen)) == 75


@pytest.mark.parametrize("path", ["/search", "/tags/kazakhstan.rss", "/feeds/newest", "/pages/1"])
@pytest.mark.parametrize("query", ["order=best", "order=newest&order=relevance"])
def test_another_order_is_a_bad_question(
    guest: FlaskClient, filled: Catalogue, path: str, query: str
) -> None:
    answer = guest.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert b"<code>order</code>" in answer.data


def test_newest_is_no_part_of_an_address(guest: FlaskClient, filled: Catalogue) -> None:
    answer = guest.get("/tags/KAZAKHSTAN?order=newest&provider=npr")
    assert answer.headers["Location"] == "/tags/kazakhstan?provider=npr"
    answer = guest.get("/tags/KAZAKHSTAN?order=relevance&q=a")
    assert answer.headers["Location"] == "/tags/kazakhstan?q=a&order=relevance"


# ---------------------------------------------------------------- numbers


def test_a_number_says_where_it_was_not_counted_to_the_end(
    guest: FlaskClient, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(filled, recordings(75))
    monkeypatch.setattr(read, "_SMALL", 40)
    monkeypatch.setattr(read, "_COUNTED", 40)
    monkeypatch.setattr(lists, "PAGE", 30)

    def said(path: str) -> str:
        return str(tree(guest, path).xpath("string(//p[@role='status'])"))

    assert said("/search?q=sea") == "at least 40 recordings"
    assert said("/search?q=sea+title&tag=water&since=2000") == "21 recordings"
    assert said("/search?q=sea+title&tag=water") == "at least 30 recordings"
    assert said("/search?q=sea&since=1980") == "at least 40 recordings"
    assert said("/search?q=sea&since=1981") == "40 recordings"
    assert said("/tags/water") == "75 recordings"  # the list of tags knows
    assert said("/episodes") == f"{filled.count()} recordings"
    assert "at least 40 recordings" in guest.get("/feeds/newest").get_data(as_text=True)


def test_a_number_in_words() -> None:
    assert [tallied(Tally(1), "recording"), tallied(Tally(2000, complete=False), "recording"),
            tallied(Tally(2000))] == ["1 recording", "at least 2,000 recordings", "2,000"]  # fmt: skip


def test_lists_of_names_end_somewhere(
    guest: FlaskClient, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "MOST", 1)
    monkeypatch.setattr(indexes, "MOST", 1)
    page = tree(guest, "/people")
    assert len(page.xpath("//ul[contains(@class, 'grid')]/li")) == 1
    assert "These 1 have the most recordings" in page.text_content()


def test_what_takes_long_to_count_is_counted_behind_the_scenes(
    app: Flask, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "_LONG", 0.0)
    monkeypatch.setattr(site, "_REST", 0)
    shared, counted = app.extensions["podcat"], []

    def count(catalogue: Catalogue) -> int:
        counted.append(catalogue.revision())
        return len(counted)

    assert [shared.once("n", count) for _ in range(3)] == [1, 1, 1]
    store(filled, recordings(2))
    assert shared.once("n", count) == 1  # nobody waits
    deadline = time.monotonic() + 60
    while shared.once("n", count) != 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert counted == sorted(set(counted))
    assert len(counted) == 2
    monkeypatch.setattr(site, "_LONG", 60.0)
    store(filled, BRIEFING, "again.txt")
    assert shared.once("n", count) == 3  # what is counted fast is never old


# ---------------------------------------------------------------- feeds from what was rendered


def test_a_new_episode_costs_one_item(
    app: Flask, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[int] = []

    def counted(episodes: Sequence[Episode]) -> dict[int, Fragment]:
        rendered.append(len(episodes))
        return render(episodes)

    render = fragments.render
    monkeypatch.setattr(fragments, "render", counted)
    store(filled, recordings(20))
    assert_joined(app, filled, rendered, [25])
    assert_joined(app, filled, rendered, [])  # by another process, from what the first one kept
    new = Embed("npr", Place(1), id="9/9", status="identified", title="New", provenance={})
    store(filled, Page(url="https://news.example/new", embeds=(new,)))
    assert_joined(app, filled, rendered, [1])


def assert_joined(app: Flask, catalogue: Catalogue, rendered: list[int], cost: list[int]) -> None:
    """The feed of everything is what feedgen makes of it; and how many items that took."""
    del rendered[:]
    fresh = create_app(app.extensions["podcat"].config)
    data = fresh.test_client().get("/feeds/newest.rss").data
    fresh.extensions["podcat"].close()
    assert rendered == cost
    shown = etree.fromstring(data)[0]
    assert shown.xpath("item/guid/text()") == [e.guid for e in catalogue.episodes().episodes]
    with app.test_request_context(base_url="https://podcat.example"):
        channel = app.extensions["podcat"].channels["newest"]
        source = faces.Source(channel, "/feeds/newest", declared=True)
        listing = catalogue.part(Selection(), source.place, "newest")
        page = faces._page(source, "rss", listing)
        assert data == rss.render(page)
