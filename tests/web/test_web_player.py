"""The player of an episode's page as the server writes it: chapters, transcript, share, frames."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from web_samples import store

from podcat.catalogue import open_catalogue
from podcat.config import Config
from podcat.model import Candidate, Embed, Page, Place
from podcat.web import create_app, moments

CASES = Path(__file__).parent / "moments"
CHAPTERS = json.loads((CASES / "chapters.json").read_text("utf-8"))
TRANSCRIPTS = sorted(p for p in (CASES / "transcripts").iterdir() if p.suffix != ".json")
SUBTITLES = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v Ann>Good morning & "welcome".

00:01:15.000 --> 00:01:18.000
<v Bob>&lt;script&gt;alert(1)&lt;/script&gt;
"""
DESCRIPTION = "Two talk.\n0:00 Welcome\n(1:15) The <b>railway</b>\nThank you."


# ---------------------------------------------------------------- moments, as files


@pytest.mark.parametrize("case", CHAPTERS, ids=lambda c: c["why"])
def test_chapters_of_a_description(case: dict[str, Any]) -> None:
    lines = "\n".join(case["description"])
    found, rest = moments.chapters(lines, case["length"])
    assert [list(chapter) for chapter in found] == case["chapters"]
    assert rest.split("\n") == (case.get("rest", case["description"]) or [""])


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda p: p.name)
def test_passages_of_a_transcript(path: Path, golden: Callable[[Path, bytes], None]) -> None:
    passages = moments.passages(path.read_bytes().decode())
    lines = ",\n ".join(json.dumps(passage, ensure_ascii=False) for passage in passages)
    golden(path.with_name(path.name + ".json"), f"[{lines}]\n".encode())


def test_no_case_is_left_over() -> None:
    made = {p.name + ".json" for p in TRANSCRIPTS}
    assert {p.name for p in (CASES / "transcripts").glob("*.json")} == made


SAID = st.text(st.sampled_from("0123456789:.,-> \n<v>&;WEBTaä\u202e"), max_size=300)


@given(SAID)
def test_no_text_is_too_strange(text: str) -> None:
    chapters, rest = moments.chapters(text, None)
    assert chapters or rest == text
    for given_ in (text, f"WEBVTT\n\n{text}", f"WEBVTT {text}"):
        for passage in moments.passages(given_):
            assert passage.start >= 0
            assert passage.text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n" + "<v " * 300_000, "WEBVTT\n\n" + " " * 1_900_000, "WEBVTT" + " \n" * 200_000,
        "WEBVTT " + "00:00:00.000 --> " * 20_000, "1\n00:00:00,000 --> 00:00:01,000\n" + "<" * 10**6,
        "WEBVTT" + " 7" * 200_000, "x" * 3_000_000,
    ],
    ids=lambda t: repr(t[:12]),
)  # fmt: skip
def test_long_nonsense_is_soon_done(text: str) -> None:
    assert len(moments.passages(text)) <= 1
    assert moments.chapters(text)[0] == ()


# ---------------------------------------------------------------- on the page


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A visitor of recordings with a file, with a player that can start anywhere, with another."""
    folder = tmp_path_factory.mktemp("player")
    config = Config(
        database=f"sqlite:///{folder}/p.db", base_url="https://podcat.example", feeds=folder
    )
    with open_catalogue(config.database) as catalogue:
        store(catalogue, talks(), "talks.html")
    made = create_app(config)
    yield made.test_client()
    made.extensions["podcat"].close()


def talks() -> Page:
    said = (Candidate("transcript", SUBTITLES, "test"),)
    both: dict[str, Any] = {"kind": "audio", "description": DESCRIPTION, "duration": 600}
    file = Embed(provider="audio-file", place=Place(1), title='With "a" file',
                 audio_url="https://talks.example/a.mp3", candidates=said, **both)  # fmt: skip
    players = [
        Embed(provider=provider, id=id_, place=Place(2), title=f"In {provider}", embed_url=url,
              candidates=said, **both)
        for provider, id_, url in (
            ("spotify", "episode/3POP8fAw3I2qhiIWIJEUNr",
             "https://open.spotify.com/embed/episode/3POP8fAw3I2qhiIWIJEUNr"),
            ("audioboom", "6479208", "https://embeds.audioboom.com/posts/6479208/embed/v4"),
        )
    ]  # fmt: skip
    return Page(url="https://talks.example/", embeds=(file, *players))


FILE, SPOTIFY, AUDIOBOOM = 3, 2, 1  # the first on the page is the newest


def tree(pages: FlaskClient, path: str) -> Any:
    answer = pages.get(path, follow_redirects=True)
    assert answer.status_code == 200
    return html.document_fromstring(answer.get_data(as_text=True))


def test_chapters_and_passages_are_links_to_their_second(pages: FlaskClient) -> None:
    page = tree(pages, f"/episodes/{FILE}")
    assert page.xpath("//*[@id='chapters']//a/@href") == ["?t=0#sound", "?t=75#sound"]
    assert "The <b>railway</b>" in page.xpath("string(//*[@id='chapters'])")
    assert page.xpath("//*[@id='transcript']//a/@data-t") == ["1", "75"]
    assert page.xpath("//*[@id='transcript']//strong/text()") == ["Ann", "Bob"]
    assert "<script>alert(1)</script>" in page.xpath("string(//*[@id='transcript'])")
    prose = page.xpath("//*[@class='prose']/p/text()")
    assert prose == ["Two talk.", "Thank you."], "chapters are listed once"


def test_without_a_file_the_providers_player_is_told_the_second(pages: FlaskClient) -> None:
    page = tree(pages, f"/episodes/{SPOTIFY}")
    assert page.xpath("//*[@id='chapters']//a/@href")[1] == "?play=1&t=75#player"
    assert "It starts at 1:15." in tree(pages, f"/episodes/{SPOTIFY}?t=75").text_content()
    page = tree(pages, f"/episodes/{SPOTIFY}?play=1&t=75")
    (frame,) = page.xpath("//iframe")
    assert frame.get("src").endswith("/3POP8fAw3I2qhiIWIJEUNr?t=75")
    assert frame.get("sandbox") == "allow-scripts allow-same-origin allow-popups"
    assert frame.get("allow") == "encrypted-media"
    framed = tree(pages, f"/embed/{SPOTIFY}?play=1&t=75")
    assert framed.xpath("string(//iframe/@src)").endswith("?t=75")


def test_a_player_that_cannot_start_there_is_not_asked_to(pages: FlaskClient) -> None:
    asked = tree(pages, f"/episodes/{AUDIOBOOM}?t=75").text_content()
    assert "It cannot be told to start at 1:15" in asked
    page = tree(pages, f"/episodes/{AUDIOBOOM}?play=1&t=75")
    assert page.xpath("//*[@id='chapters']//li")
    assert not page.xpath("//*[@id='chapters']//a")
    address = "https://embeds.audioboom.com/posts/6479208/embed/v4"
    assert page.xpath("//iframe/@src") == [address]


def test_the_script_comes_only_where_there_is_a_file(pages: FlaskClient) -> None:
    page = tree(pages, f"/episodes/{FILE}?t=1:30")
    (sound,) = page.xpath("//*[@data-module]")
    with pages.get(sound.get("data-module")) as script:
        assert script.status_code == 200
    assert (sound.get("data-length"), sound.get("data-start")) == ("600", "90")
    assert sound.get("data-title") == 'With "a" file'
    assert sound.xpath("./audio[@controls][@preload='none']")
    for path in ("/", f"/episodes/{SPOTIFY}"):
        assert not tree(pages, path).xpath("//*[@data-module]")


def test_share_has_a_link_and_the_code_of_a_frame(pages: FlaskClient) -> None:
    page = tree(pages, f"/episodes/{FILE}")
    (share,) = page.xpath("//*[@id='share']")
    link, code, _badge = share.xpath(".//code/text()")
    assert link == page.xpath("string(//link[@rel='canonical']/@href)")
    frame = html.fragment_fromstring(code)
    assert frame.get("src") == f"https://podcat.example/embed/{FILE}"
    assert frame.get("title") == 'With "a" file'
    said = pages.get(f"/oembed?url={link}?t=90").get_json()
    assert html.fragment_fromstring(said["html"]).get("src") == frame.get("src") + "?t=90"


def test_a_frame_of_a_file_has_its_player_alone(pages: FlaskClient) -> None:
    page = tree(pages, f"/embed/{FILE}?t=90")
    assert page.xpath("string(//audio/@src)").endswith("#t=90")
    assert page.xpath("//*[@data-module]")
    assert not page.xpath("//*[@id='player'] | //*[@id='share']")
