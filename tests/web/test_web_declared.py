"""Declared feeds over a catalogue in which something does not belong to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from lxml import html
from web_samples import store

from podcat import config as configuration
from podcat.catalogue import Catalogue
from podcat.config import Config
from podcat.errors import ConfigError
from podcat.model import Embed, Page, Place
from podcat.web import create_app

# Of the samples: 2018 A Woman's Ordeal (file, npr), 2019 'Illegal Superstition' (npr), and three
# without a date: the briefing (rferl), Available later today (npr), A Space (x-spaces).
ORDEAL, ILLEGAL = "A Woman's Ordeal", "'Illegal Superstition'"

Declare = Callable[[str], FlaskClient]


@pytest.fixture
def declare(config: Config, filled: Catalogue) -> Iterator[Declare]:
    """A visitor of a site with one more feed, `some`; the argument is TOML."""
    apps = []

    def write(body: str) -> FlaskClient:
        head = 'title = "Some"\ndescription = "D"\n'
        (config.feeds / "some.toml").write_text(head + body, encoding="utf-8")
        apps.append(create_app(config))
        return apps[-1].test_client()

    yield write
    for app in apps:
        app.extensions["podcat"].close()


def titles(client: FlaskClient, query: str = "") -> list[str]:
    """Of the feed in all its faces, which must agree; and of the counts that are told."""
    feed = json.loads(client.get(f"/feeds/some.json{query}").data)
    found = [item["title"] for item in feed["items"]]
    assert client.get(f"/feeds/some.rss{query}").data.count(b"<item>") == len(found)
    page = html.document_fromstring(client.get(f"/feeds/some{query}").data)
    shown = [a.text_content() for a in page.xpath("//*[contains(@class, 'entry-title')]/a")]
    assert shown == found
    told = page.xpath("string(//p[@class='facts']/span[1])")
    assert told.startswith(f"{len(found)} recording")
    return found


def test_the_oldest_first(declare: Declare) -> None:
    client = declare(
        'order = "oldest"\nlimit = 1\n[selection]\nprovider = "npr"\nuntil = 2019-12-31'
    )
    path, seen = "/feeds/some.json", []
    while path:
        feed = json.loads(client.get(path).data)
        seen += [item["title"] for item in feed["items"]]
        path = feed.get("next_url")
    assert seen == [ORDEAL, ILLEGAL]
    rss = client.get("/feeds/some.rss").text
    assert "<itunes:type>serial</itunes:type>" in rss
    last = html.fromstring(rss.encode()).xpath("//*[@rel='last']/@href")
    assert (
        json.loads(client.get(last[0].replace(".rss", ".json")).data)["items"][0]["title"]
        == ILLEGAL
    )
    page = html.document_fromstring(client.get("/feeds/some").data)
    shown = page.xpath("//*[contains(@class, 'entry-title')]/a")
    assert [a.text_content() for a in shown] == [ORDEAL, ILLEGAL]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('[selection]\nq = "ordeal"', [ORDEAL]),
        ("[selection]\nsince = 2018-01-01\nuntil = 2018-12-31", [ORDEAL]),
        ('[selection]\nuntil = 2019-12-31\nprovider = "npr"', [ILLEGAL, ORDEAL]),
        ('[selection]\nuntil = 2019-12-31\nplayable = false', [ILLEGAL]),
        ("[selection]\nplayable = true", [ORDEAL]),
        ('items = "playable"\n[selection]\nprovider = "npr"', [ORDEAL]),
    ],
)  # fmt: skip
def test_a_declared_feed_is_what_it_declares(
    declare: Declare, body: str, expected: list[str]
) -> None:
    client = declare(body)
    assert titles(client) == expected
    page = html.document_fromstring(client.get("/feeds").data)
    (card,) = page.xpath("//section[h2/a[@href='/feeds/some']]")
    files = int(ORDEAL in expected)
    said = card.xpath("string(p[@class='fine'])")
    assert said.startswith(f"{len(expected)} recording")
    assert said.endswith(f"{files} with an audio file")


@pytest.mark.parametrize(
    ("body", "query", "expected"),
    [
        ('[selection]\nq = "woman"', "?q=ordeal", [ORDEAL]),
        ('[selection]\nq = "superstition"', "?q=ordeal", []),
        ("[selection]\nuntil = 2019-12-31", "?until=2018", [ORDEAL]),
        ("[selection]\nuntil = 2018-12-31", "?until=2019", [ORDEAL]),
        ("[selection]\nsince = 2019-01-01\nuntil = 2019-12-31", "?since=2018", [ILLEGAL]),
        ("[selection]\nuntil = 2018-12-31", "?since=2019", []),
        ("[selection]\nplayable = true", "?playable=0", []),
        ("[selection]\nplayable = false", "?playable=1", []),
        ("[selection]\nplayable = true", "?playable=1", [ORDEAL]),
        ('items = "playable"', "?playable=0", []),
        ('[selection]\nq = "ordeal"', "?q=%22", []),
    ],
)
def test_a_question_narrows_a_declared_feed(
    declare: Declare, body: str, query: str, expected: list[str]
) -> None:
    assert titles(declare(body), query) == expected


@pytest.mark.parametrize("path", ["/search", "/", "/tags/kazakhstan", "/pages/2", "/feeds/newest"])
def test_a_question_without_a_word_finds_nothing_and_says_so(
    client: FlaskClient, path: str
) -> None:
    for text in ('"', "*"):
        page = html.document_fromstring(client.get(path, query_string={"q": text}).data)
        assert f"There is no word in “{text}”" in page.xpath("string(//*[@class='empty'])")
        assert not page.xpath("//article")


@pytest.mark.parametrize(
    "query", ["provider=nope", "tag=%00", "q=%00", "&".join(f"tag=t{n}" for n in range(1200))]
)
@pytest.mark.parametrize("path", ["/episodes", "/tags/kazakhstan.rss", "/feeds/newest.json"])
def test_a_question_that_cannot_be_meant_is_named(
    client: FlaskClient, path: str, query: str
) -> None:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 400
    name = query.partition("=")[0]
    assert html.document_fromstring(answer.data).xpath(f"//main//code[text()='{name}']")


# ---------------------------------------------------------------- feeds that nobody declared


FEED = """
[feed]
author = "Example Desk"
language = "en"
category = "News > Politics"
image = "https://podcat.example/art.png"
explicit = true
owner_name = "Desk"
owner_email = "desk@example.org"
"""


@pytest.mark.parametrize("path", ["/tags/kazakhstan", "/episodes", "/pages/1", "/feeds/newest"])
def test_lists_borrow_what_the_settings_say(config: Config, filled: Catalogue, path: str) -> None:
    settings = config.feeds / "podcat.conf"
    settings.write_text(FEED, encoding="utf-8")
    app = create_app(configuration.load(settings, config.database))
    rss = app.test_client().get(f"{path}.rss").get_data(as_text=True)
    for expected in (
        "<itunes:author>Example Desk<", "<language>en<", '<itunes:category text="Politics"',
        '<itunes:image href="https://podcat.example/art.png"', "<itunes:explicit>true<",
        "<itunes:email>desk@example.org<", "<itunes:name>Desk<",
    ):  # fmt: skip
        assert expected in rss
    feed = json.loads(app.test_client().get(f"{path}.json").data)
    assert (feed["icon"], feed["language"]) == ("https://podcat.example/art.png", "en")
    app.extensions["podcat"].close()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('auther = "x"', "[feed]: no key 'auther'; did you mean 'author'?"),
        ('title = "x"', "[feed]: no key 'title'"),
        ("author = 1", "[feed]: author must be text in quotes"),
        ('category = "Politics"', "[feed]: category cannot be 'Politics'"),
    ],
)
def test_what_the_settings_say_wrong_is_named(config: Config, line: str, said: str) -> None:
    settings = config.feeds / "podcat.conf"
    settings.write_text(f"[feed]\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        create_app(configuration.load(settings, config.database))
    assert said in str(caught.value)


def test_settings_of_feeds_are_a_table(config: Config) -> None:
    settings = config.feeds / "podcat.conf"
    settings.write_text('feed = "x"', encoding="utf-8")
    with pytest.raises(ConfigError, match="'feed' must be a table"):
        configuration.load(settings, None)


def test_what_apps_would_refuse_is_left_out_and_named(
    declare: Declare, config: Config, filled: Catalogue
) -> None:
    place, url = Place(line=1), "https://stream.example/listen/1"
    live = Embed("audio-file", place, title="A stream", audio_url=url, kind="audio")
    store(filled, Page(url="https://e.example/", title="E", embeds=(live,)), "stream.html")
    client = declare('items = "playable"')
    assert "A stream" not in client.get("/feeds/some.rss").text
    page = html.document_fromstring(client.get("/feeds/some").data)
    (note,) = page.xpath("//section[@aria-labelledby='contents']/p[@class='note']")
    assert note.text_content() == (
        "Not in the feed, because apps would refuse it: “A stream” has no file that apps can play."
    )
    assert "apps would refuse it" not in client.get("/feeds/kazakhstan").text


def test_the_cover_of_feeds_that_have_none_is_there(guest: FlaskClient) -> None:
    feed = html.fromstring(guest.get("/feeds/newest.rss").data)
    url = feed.xpath("string(//image/url)")
    with guest.get(url.removeprefix("https://podcat.example")) as cover:
        assert (cover.status_code, cover.content_type) == (200, "image/png")
        data = cover.data
    assert data[16:24] == (1400).to_bytes(4, "big") * 2  # width and height


def test_the_shows_of_a_feeds_recordings_are_its_podroll(
    guest: FlaskClient, filled: Catalogue
) -> None:
    show = "https://show.example/feed.xml"
    file = Embed("audio-file", Place(1), title="S", audio_url="https://show.example/s.mp3")
    store(filled, Page(url=show, title="The Show", form="feed", embeds=(file,)))
    rolled = b'feedUrl="https://show.example/feed.xml" title="The Show"/>'
    assert rolled in guest.get("/feeds/newest.rss").data
    assert rolled not in guest.get("/feeds/newest.rss?provider=npr").data
