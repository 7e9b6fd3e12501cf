"""What visitors find their way by: conditions with numbers, a timeline, what is akin."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import html
from web_samples import many, store

from podcat.catalogue import Catalogue, Check
from podcat.check.history import standing
from podcat.model import Embed, Page, Person, Place
from podcat.web import indexes

NOW = 1_794_000_000  # 2026-11-06


def tree(client: FlaskClient, path: str) -> html.HtmlElement:
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200, path
    return html.document_fromstring(answer.data)


def said(element: html.HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def choices(client: FlaskClient, path: str) -> dict[str, tuple[str, str]]:
    """Key to the path and the number of each condition offered."""
    found = tree(client, path).xpath("//*[@id='narrow']//li")
    return {
        li.xpath(".//a/@data-swap")[0]: (li.xpath(".//a/@href")[0], said(li.xpath("./span")[0]))
        for li in found
    }


def titles(client: FlaskClient, path: str) -> list[str]:
    return [said(h) for h in tree(client, path).xpath("//main//*[@class='entry-title']")]


# ---------------------------------------------------------------- conditions


def test_each_condition_leads_to_as_many_as_it_says(client: FlaskClient) -> None:
    offered = choices(client, "/episodes")
    assert {"tag=kazakhstan", "provider=npr", "playable=1", "year=2018", "person=reid-standish",
            "programme=all-things-considered"} <= offered.keys()  # fmt: skip
    for path, number in offered.values():
        assert len(titles(client, path)) == int(number), path


def test_conditions_add_up_and_can_be_taken_away(client: FlaskClient) -> None:
    first = choices(client, "/episodes")["tag=kazakhstan"][0]
    both = choices(client, first)["provider=npr"][0]
    assert dict(parse_qsl(urlsplit(both).query)) == {"tag": "kazakhstan", "provider": "npr"}
    assert choices(client, both)["tag=kazakhstan"][0] == "/episodes?provider=npr"
    assert "Remove: Kazakhstan" in said(tree(client, both).get_element_by_id("narrow"))


def test_a_year_is_one_condition(client: FlaskClient) -> None:
    path = choices(client, "/episodes?since=2018&q=a")["year=2018"][0]
    assert path == "/episodes?q=a&since=2018&until=2018"
    assert choices(client, path)["year=2018"][0] == "/episodes?q=a"


def test_what_all_have_is_not_offered(client: FlaskClient) -> None:
    offered = choices(client, "/tags/kazakhstan?provider=npr")
    assert "tag=kazakhstan" not in offered
    assert "provider=npr" in offered, "what is chosen can be taken away"
    assert choices(client, "/episodes?q=nothing-fits-this") == {}
    assert choices(client, "/programmes/all-things-considered") == {}, "one is all there is"


def test_an_order_stays_where_conditions_change(client: FlaskClient) -> None:
    path = choices(client, "/episodes?order=longest")["provider=npr"][0]
    assert path == "/episodes?provider=npr&order=longest"


def test_the_longest_come_first_in_every_face(client: FlaskClient) -> None:
    by_length = titles(client, "/episodes?order=longest")
    assert by_length[:2] == ["Twitter Spaces: A Week That Changed Kazakhstan Forever",
                             "'Illegal Superstition'"]  # fmt: skip
    feed = client.get("/episodes.json?order=longest").get_json()
    assert [item["title"] for item in feed["items"]][:2] == by_length[:2]
    current = tree(client, "/episodes?order=longest").xpath("//a[@aria-current='true']")
    assert [said(a) for a in current] == ["Longest first"]


def test_a_large_number_is_told_as_far_as_it_was_counted(
    guest: FlaskClient, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(filled, many(60), "many.html")
    monkeypatch.setattr("podcat.catalogue.read._SMALL", 10)
    monkeypatch.setattr("podcat.catalogue.facets.NEWEST", 20)
    page = tree(guest, "/tags/many")
    assert "Counted over the newest 20." in said(page.get_element_by_id("narrow"))
    assert choices(guest, "/tags/many")["provider=npr"][1] == "at least 20+"
    assert "tag=many" not in choices(guest, "/tags/many")
    assert "the newest 20 alone" in said(page.xpath("//figcaption")[0])


# ---------------------------------------------------------------- words that begin so


def offered_beginnings(client: FlaskClient, path: str) -> list[tuple[str, str]]:
    found = tree(client, path).xpath("//*[@id='results']//*[@class='beginnings']/a")
    return [(said(a), a.get("href")) for a in found]


@pytest.mark.parametrize(
    ("path", "words", "further"),
    [
        ("/search?q=zhandayev", "zhandayev", "/search?q=zhandayev%2A"),
        ("/search?q=Raushan+Zhan", "Zhan", "/search?q=Raushan+Zhan%2A"),
        ("/tags/kazakhstan?q=zhand&playable=0&order=longest", "zhand",
         "/tags/kazakhstan?q=zhand%2A&playable=0&order=longest"),
    ],
)  # fmt: skip
def test_a_word_that_may_be_only_a_beginning(
    client: FlaskClient, path: str, words: str, further: str
) -> None:
    assert titles(client, path) == []
    assert offered_beginnings(client, path) == [(f"Words that begin with “{words}”", further)]
    week = "Twitter Spaces: A Week That Changed Kazakhstan Forever"
    assert [title[: len(week)] for title in titles(client, further)] == [week]
    assert offered_beginnings(client, further) == []


def test_few_hits_offer_words_that_begin_so_many_do_not(client: FlaskClient) -> None:
    assert len(titles(client, "/search?q=week")) == 1
    (_, further), *others = offered_beginnings(client, "/search?q=week")
    assert (further, others) == ("/search?q=week%2A", [])
    assert len(titles(client, "/search?q=kazakhstan")) > 3
    for path in ("/search?q=kazakhstan", "/search?q=x", "/search?q=%22no+such%22", "/search",
                 "/search?q=week+-nosuch", "/search?q=tag:nosuch", "/search?q=*"):  # fmt: skip
        assert offered_beginnings(client, path) == [], path


def test_words_that_begin_so_are_marked_and_in_every_face(client: FlaskClient) -> None:
    assert "<mark>Kazakhstan</mark>" in client.get("/search?q=kaza*").text
    found = titles(client, "/search?q=kaza*")
    assert len(found) == len(titles(client, "/search?q=kazakhstan")) > 3
    items = client.get("/search.json?q=kaza*").get_json()["items"]
    assert [item["title"] for item in items] == found
    assert client.get("/search.rss?q=kaza*").text.count("<item>") == len(found)
    assert choices(client, "/search?q=kaza*")["provider=npr"][0] == "/search?q=kaza%2A&provider=npr"


def test_ways_to_ask_are_told_where_one_searches(client: FlaskClient) -> None:
    (told,) = tree(client, "/search").xpath("//details[@class='asking']")
    assert "kazakh*Words that begin so" in said(told)
    assert not tree(client, "/episodes").xpath("//details[@class='asking']")


# ---------------------------------------------------------------- health


@pytest.fixture
def dead(filled: Catalogue) -> str:
    """The title of a recording whose player is gone."""
    episode = next(e for e in filled.episodes().episodes if e.title == "'Illegal Superstition'")
    assert episode.embed_url
    filled.gather_links(NOW)
    looks = [Check(episode.embed_url, "player", "gone", NOW + n * 86_400) for n in range(3)]
    filled.record_checks(looks, standing)
    return "'Illegal Superstition'"


def test_health_is_a_condition(guest: FlaskClient, dead: str) -> None:
    path, number = choices(guest, "/episodes")["health=dead"]
    assert (path, number) == ("/episodes?health=dead", "1")
    assert titles(guest, path) == [dead]
    assert "Health: dead" in said(tree(guest, path).xpath("//*[@class='chips']")[0])
    feed = guest.get("/episodes.json?health=dead").get_json()
    assert [item["title"] for item in feed["items"]] == [dead]
    assert dead not in titles(guest, "/episodes?health=ok")


def test_health_is_not_offered_before_anybody_looked(client: FlaskClient) -> None:
    assert not any(key.startswith("health=") for key in choices(client, "/episodes"))


def test_what_is_no_health_is_named(client: FlaskClient) -> None:
    answer = client.get("/episodes?health=fine")
    assert answer.status_code == 400
    assert "health" in answer.text


# ---------------------------------------------------------------- the timeline


def test_bars_and_labels_lead_to_what_they_stand_for(guest: FlaskClient, filled: Catalogue) -> None:
    store(filled, many(40), "many.html")
    page = tree(guest, "/tags/many")
    bars = page.xpath("//figure[@class='timeline']//a[title]")
    assert len(bars) == 40
    for bar in bars[:1] + bars[-1:]:
        found = re.fullmatch(r"(.+): 1 recording", said(bar.xpath("./title")[0]))
        assert found
        assert len(titles(guest, bar.get("href"))) == 1
    labels = page.xpath("//figure[@class='timeline']//a[text]")
    assert [a.get("href") for a in labels][-1] == "/tags/many?since=2010-02&until=2010-02"
    assert all(bar.get("tabindex") == "-1" for bar in bars), "the keyboard goes by the labels"
    assert not any(label.get("tabindex") for label in labels)


def test_a_timeline_says_what_stands_at_no_date_of_its_own(client: FlaskClient) -> None:
    caption = said(tree(client, "/").xpath("//figcaption")[0])
    assert caption.startswith("By ")
    assert "3 recordings without a date are not in it." in caption


def test_one_day_or_none_is_no_timeline(guest: FlaskClient, filled: Catalogue) -> None:
    for path in ("/episodes?since=2018-11-21&until=2018-11-21", "/search?q=nothing-fits-this"):
        assert not tree(guest, path).xpath("//figure[@class='timeline']")
    for day in range(3):
        found = Embed("npr", Place(1), id=f"{day}/1", title="No date", tags=("undated",))
        page = Page(url=f"https://news.example/{day}", embeds=(found,))
        store(filled, page, f"{day}.html", NOW + day * 86_400)
    assert len(titles(guest, "/tags/undated")) == 3
    assert not tree(guest, "/tags/undated").xpath("//figure[@class='timeline']")


# ---------------------------------------------------------------- akin, and long indexes


def test_an_episode_leads_on_to_what_is_akin(guest: FlaskClient, filled: Catalogue) -> None:
    reid = Person("Reid Standish", "guest")
    other = Embed("npr", Place(1), id="7/8", title="Reid again", people=(reid,))
    store(filled, Page(url="https://news.example/", embeds=(other,)), "again.html")
    number = next(e.id for e in filled.episodes().episodes if e.people and e.title != "Reid again")
    part = tree(guest, f"/episodes/{number}").xpath("//section[@aria-labelledby='more']")[0]
    headings = [said(h) for h in part.xpath(".//h3")]
    assert headings == ["With Reid Standish", "About Kazakhstan"]
    assert said(part.xpath(".//ul")[0]) == "Reid again"
    assert len(part.xpath(".//li")) == 3


def test_what_is_like_nothing_leads_nowhere(client: FlaskClient, stored: Catalogue) -> None:
    alone = next(e.id for e in stored.episodes().episodes if e.title == "A Space")
    assert not tree(client, f"/episodes/{alone}").xpath("//section[@aria-labelledby='more']")


def test_a_long_index_can_be_searched(
    guest: FlaskClient, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexes, "_MANY", 1)
    assert not tree(guest, "/programmes").xpath("//form[@data-live]")
    assert tree(guest, "/people").xpath("//form[@data-live]")
    page = tree(guest, "/people?q=ZHAN")
    assert [said(a) for a in page.xpath("//ul[contains(@class, 'grid')]//a")] == [
        "Raushan Zhandayeva"
    ]
    assert said(page.xpath("//*[@class='count']")[0]) == "1 of 2"
    assert "No name here begins with “nobody”" in said(tree(guest, "/people?q=nobody"))
    assert [said(a) for a in tree(guest, "/providers?q=x").xpath("//ul[contains(@class, 'grid')]//a")]  # fmt: skip
