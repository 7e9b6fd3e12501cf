"""What pages say of themselves, however it is put: never a crash, never a long wait."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podcat.extract import extract, html_linked, html_meta, json_ld, tree
from podcat.extract.explain import explain
from podcat.model import Document, Page

MP3 = "https://media.example.com/talks/lamps-0412.mp3"
KEYS = [
    "@type", "@id", "@graph", "name", "headline", "url", "contentUrl", "embedUrl", "associatedMedia", "audio",
    "author", "actor", "contributor", "host", "datePublished", "duration", "partOfSeries", "isPartOf", "image",
    "keywords", "transcript", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "inLanguage", "encoding",
]  # fmt: skip
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20),
    st.sampled_from([
        "AudioObject", "PodcastEpisode", "NewsArticle", "VideoObject", "Role", "Person", "#a", MP3, "PT4M",
        "2021-04-12", "https://www.npr.org/player/embed/669203831/669594276", "//", "http://[", "en",
    ]),
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=25,
)


def read(html: str, url: str | None = None) -> Page:
    return extract(Document("p", f"<!doctype html><html>{html}".encode(), url))


def ld(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'


@given(VALUES, VALUES)
def test_no_node_is_too_strange(one: Any, other: Any) -> None:
    document = Document("p", f"<!doctype html>{ld(one)}{ld(other)}<audio src='{MP3}'>".encode())
    page = extract(document)
    assert page.embeds
    explain(document, page)


@given(st.text(alphabet='{}[]",:\\/*\n<!->@typeAudioObject ', max_size=120))
def test_no_json_is_too_broken(text: str) -> None:
    read(ld(text) + "<audio>")


def test_nodes_may_refer_to_one_another_in_a_circle() -> None:
    graph = [
        {"@id": "#a", "@type": "PodcastEpisode", "name": "A", "isPartOf": {"@id": "#b"}, "audio": {"@id": "#c"}},
        {"@id": "#b", "@type": "PodcastSeason", "isPartOf": {"@id": "#b"}, "episode": [{"@id": "#a"}]},
        {"@id": "#c", "@type": "AudioObject", "contentUrl": MP3, "encoding": [{"@id": "#c"}, {"@id": "#a"}]},
    ]  # fmt: skip
    (embed,) = read(ld({"@graph": graph})).embeds
    assert (embed.title, embed.audio_url) == ("A", MP3)


@pytest.mark.parametrize(
    "text",
    [
        '{"@type":"AudioObject","x":' + "[" * 300_000,
        '{"a":"' + '\\"' * 250_000,
        "{" + "/*" * 250_000,
        "{" + "," * 500_000 + "}",
        "{" + "//" * 250_000,
        '{"@graph":[' + '{"@id":"#a","@type":"AudioObject"},' * 20_000 + "]}",
        '{"@type":"NewsArticle","description":"' + "<a" * 200_000 + '"}',
    ],
    ids=["deep", "quotes", "comments", "commas", "slashes", "nodes", "tags"],
)
def test_time_stays_small(text: str) -> None:
    began = time.process_time()
    read(ld(text) + "<audio>")
    assert time.process_time() - began < 10


def test_a_dense_circle_is_walked_once() -> None:
    refs = [{"@id": f"#{n}"} for n in range(80)]
    graph = [
        {"@id": f"#{n}", "@type": "AudioObject", "contentUrl": f"https://a.example.com/f{n}.mp3",
         "url": refs[::-1], "image": refs, "author": refs, "isPartOf": refs,
         **dict.fromkeys(("audio", "encoding", "associatedMedia", "hasPart", "mainEntity"), refs)}
        for n in range(80)
    ]  # fmt: skip
    began = time.process_time()
    assert read(ld({"@graph": graph})).embeds
    assert time.process_time() - began < 10


def test_several_blocks_are_one_graph() -> None:
    page = read(
        ld({"@type": "NewsArticle", "headline": "A", "author": {"@id": "#p"}, "audio": {"@id": "#s"}})
        + ld([{"@id": "#p", "@type": "Person", "name": "Ana Ro"}, {"@id": "#s", "@type": "AudioObject", "contentUrl": MP3}])
    )  # fmt: skip
    assert page.byline == "Ana Ro"
    assert [e.audio_url for e in page.embeds] == [MP3]


def test_of_several_works_the_one_with_the_pages_address_speaks_for_it() -> None:
    works = [
        {"@type": "NewsArticle", "headline": h, "url": f"https://a.example.com/{h}"} for h in "abc"
    ]
    assert read(ld(works) + "<audio>", "https://a.example.com/b").title == "b"
    other = read(ld(works) + "<title>All of them</title><audio>", "https://a.example.com/")
    assert other.title == "All of them"


@pytest.mark.parametrize(
    ("meta", "field", "value"),
    [
        ('<meta name="parsely-pub-date" content="2021-04-12T06:00:00Z">', "published", "2021-04-12T06:00:00Z"),
        ('<meta name="DC.date.issued" content="2021-04-12">', "published", "2021-04-12"),
        ('<meta itemprop="datePublished" content="2021-04-12">', "published", "2021-04-12"),
        ('<meta property="og:updated_time" content="2021-04-13">', "modified", "2021-04-13"),
        ('<meta name="cXenseParse:author" content="By Ana Ro">', "byline", "Ana Ro"),
        ('<meta name="author" content="https://example.com/ana">', "byline", None),
        ('<meta property="article:tag" content="lamps"><meta property="article:tag" content="a, b">', "tags", ("lamps", "a, b")),
        ('<meta name="news_keywords" content="lamps, harbors">', "tags", ("lamps", "harbors")),
        ('<meta name="keywords" content="news, weather, sport">', "tags", ()),
        ('<nav><a rel="tag" href="/t">Menu</a></nav>', "tags", ()),
        ('<p><a rel="nofollow tag" href="/t">Lamps</a></p>', "tags", ("Lamps",)),
        ('<meta name="twitter:image:src" content="//i.example.com/a.jpg">', "image_url", "https://i.example.com/a.jpg"),
        ('<meta http-equiv="Content-Language" content="pt-br">', "language", "pt-br"),
        ('<meta property="og:locale" content="pt_BR">', "language", "pt-BR"),
    ],
)  # fmt: skip
def test_names_of_meta_elements(meta: str, field: str, value: Any) -> None:
    assert getattr(read(meta + "<audio>"), field) == value


def test_published_and_modified_stay_apart() -> None:
    page = read('<meta property="article:modified_time" content="2021-04-13"><audio>')
    assert (page.published, page.modified) == (None, "2021-04-13")


def test_other_values_are_kept_with_their_rules() -> None:
    page = read(
        ld({"@type": "NewsArticle", "headline": "A"})
        + '<meta property="og:title" content="B"><h1>C</h1><audio>'
    )
    titles = [(c.value, c.rule) for c in page.candidates if c.field == "title"]
    assert titles == [("A", "page/json-ld"), ("B", "page/og:title"), ("C", "page/h1")]
    assert page.provenance["title"] == "page/json-ld"


# ---------------------------------------------------------------- whose values


EPISODE = {"@type": "PodcastEpisode", "name": "A talk of lamps", "url": "https://a.example.com/e"}
CARDS = '<meta property="og:image" content="https://i.example.com/a.jpg"><meta property="article:published_time" content="2021-04-12">'


def test_an_article_lends_its_player_no_date_and_no_picture() -> None:
    (embed,) = read(
        CARDS + '<iframe src="https://omny.fm/shows/a-show/a-clip/embed"></iframe>'
    ).embeds
    assert (embed.published, embed.image_url, embed.language) == (None, None, None)


def test_the_page_of_an_episode_says_of_it_what_it_says_of_itself() -> None:
    (embed,) = read(CARDS + ld({**EPISODE, "audio": MP3}), "https://a.example.com/e").embeds
    assert (embed.published, embed.image_url) == ("2021-04-12", "https://i.example.com/a.jpg")
    assert embed.provenance["published"] == "page/article:published_time"
    assert embed.provenance["title"] == "json/json-ld"


def test_an_article_with_its_own_sound_lends_the_headline_only() -> None:
    article = {
        "@type": "NewsArticle",
        "headline": "Lamps",
        "datePublished": "2021-04-12",
        "audio": MP3,
    }
    (embed,) = read(ld(article)).embeds
    assert (embed.title, embed.published) == ("Lamps", None)


def test_two_recordings_get_nothing_of_the_page() -> None:
    embeds = read(
        CARDS + ld({**EPISODE, "audio": MP3}) + '<audio src="/other.mp3"></audio>',
        "https://a.example.com/e",
    ).embeds
    assert [e.image_url for e in embeds] == [None, None]


# ---------------------------------------------------------------- one recording or two


def files(html: str) -> list[str | None]:
    return [e.audio_url for e in read(html).embeds]


def test_a_card_never_adds_a_sound_to_those_of_the_page() -> None:
    og = '<meta property="og:audio" content="https://a.example.com/x/of-the-page.mp3">'
    shown = "https://b.example.com/y/shown-here.mp3"
    assert files(f'{og}<audio src="{shown}"></audio>') == [shown]
    assert files(og) == ["https://a.example.com/x/of-the-page.mp3"]


def test_a_file_that_holds_the_id_of_a_player_is_that_recordings() -> None:
    (embed,) = read(
        '<iframe src="https://www.npr.org/player/embed/669203831/669594276"></iframe>'
        '<meta property="og:audio" content="https://ondemand.npr.org/x.mp3?story=669203831&d=4">'
    ).embeds
    assert embed.audio_url == "https://ondemand.npr.org/x.mp3?story=669203831&d=4"
    assert embed.provenance["audio_url"] == "page/og:audio"


def test_files_of_one_name_in_different_folders_are_two() -> None:
    one, other = (
        "https://a.example.com/one/audio-file.mp3",
        "https://a.example.com/two/audio-file.mp3",
    )
    node = {"@type": "AudioObject", "contentUrl": other}
    assert sorted(map(str, files(f'<audio src="{one}"></audio>{ld(node)}'))) == [one, other]


def test_bare_addresses_of_an_article_are_a_recording_each() -> None:
    several = [f"https://a.example.com/talks/part-{n}.mp3" for n in range(4)]
    assert files(ld({"@type": "NewsArticle", "headline": "H", "audio": several})) == several


def test_a_film_is_no_recording_unless_the_page_shows_its_player() -> None:
    film = {
        "@type": "VideoObject",
        "name": "F",
        "embedUrl": "https://www.youtube.com/embed/aqz-KE-bpKQ",
    }
    assert read(ld(film) + "<audio>").embeds == ()
    assert [
        e.title for e in read(ld(film) + '<iframe src="//youtu.be/aqz-KE-bpKQ"></iframe>').embeds
    ] == ["F"]


def test_metadata_costs_no_second_parse(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    real = json_ld.read
    monkeypatch.setattr(json_ld, "read", lambda scripts: calls.append("json") or real(scripts))
    root = tree.parse(f"<html>{ld(EPISODE)}</html>").root
    meta = html_meta.read(root, None)
    html_linked.read(html_linked.Findings(), meta, None)
    assert calls == ["json"]
