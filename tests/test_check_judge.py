"""Addresses judged without asking anybody."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter

import pytest

from podcat.catalogue import Refused
from podcat.check import BROKEN, Place, Result, Sighting, State, is_broken, judge, report
from podcat.check.addresses import from_catalogue, from_pages
from podcat.check.judge import _of_match
from podcat.model import Candidate, Document, Embed, Link, Page, Refusal
from podcat.model import Place as Spot
from podcat.providers import registry

PLAYER = "https://www.npr.org/player/embed/764153179/768167031"
GLUED = PLAYER + "%3Fautoplay%3D1"
FLASH = "https://www.npr.org/v2/?i=764153179&m=768167031&t=audio"
NOW = dt.datetime(2024, 5, 1, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))


def seen(url: str, kind: str = "player", line: int = 1, refused: str | None = None) -> Sighting:
    return Sighting(url, kind, "npr", "1/2", Place("a.html", line), refused)


def one(url: str, kind: str = "player", refused: str | None = None) -> Result:
    (result,) = judge([seen(url, kind, refused=refused)], NOW)
    return result


def test_what_fits_the_grammar_is_not_called_good() -> None:
    result = one(PLAYER)
    assert (result.state, result.detail) == ("unchecked", "offline: fits the grammar of NPR")
    assert result.status is None


@pytest.mark.parametrize(
    "url",
    ["https://example.org/a.mp3", "https://www.npr.org/2019/10/29/764153179/story", "http://x.y/"],
)
def test_what_has_no_grammar_is_not_looked_at(url: str) -> None:
    assert (one(url).state, one(url).detail) == ("unchecked", "offline: not looked at")


def test_an_id_that_breaks_the_grammar_is_malformed() -> None:
    result = one("https://www.npr.org/player/embed/764153179")
    assert (result.state, result.suggestion) == ("malformed", None)
    assert "NPR" in result.detail


def test_what_was_meant_is_suggested() -> None:
    assert one(GLUED).state == "malformed"
    assert one(GLUED).suggestion == PLAYER


def test_what_reading_refused_is_malformed_for_its_reason() -> None:
    result = one(GLUED, refused="because")
    assert (result.state, result.detail, result.suggestion) == ("malformed", "because", PLAYER)


@pytest.mark.parametrize("url", ["", "npr", "ftp://example.org/x", "https://[/", "http://"])
def test_what_is_no_address_is_malformed(url: str) -> None:
    assert one(url).state == "malformed"


def test_an_old_player_is_gone_and_the_new_one_is_suggested() -> None:
    result = one(FLASH)
    assert (result.state, result.suggestion) == ("gone", PLAYER)
    assert result.detail == "NPR's Flash player plays no more"


def test_a_closed_provider_is_gone() -> None:
    match = registry().match(PLAYER)
    assert match is not None
    closed = dataclasses.replace(match.provider, closed=dt.date(2021, 3, 31))
    verdict = _of_match(dataclasses.replace(match, provider=closed))
    assert (verdict.state, verdict.detail) == ("gone", "NPR closed on 2021-03-31")


def test_an_address_is_reported_once_with_all_its_places() -> None:
    other = "https://example.org/"
    results = list(judge([seen(PLAYER), seen(other), seen(PLAYER, "page", 7), seen(PLAYER)], NOW))
    assert [r.url for r in results] == [PLAYER, other]
    assert results[0].places == (Place("a.html", 1), Place("a.html", 7))
    assert results[0].kind == "player"


def test_the_keys_and_their_order_are_the_contract() -> None:
    assert one(PLAYER).to_json() == {
        "url": PLAYER,
        "kind": "player",
        "provider": "npr",
        "id": "1/2",
        "state": "unchecked",
        "status": None,
        "detail": "offline: fits the grammar of NPR",
        "suggestion": None,
        "places": [{"document": "a.html", "line": 1}],
        "checked_at": "2024-05-01T10:00:00Z",
    }
    assert list(one(PLAYER).to_json()) == [
        "url", "kind", "provider", "id", "state", "status", "detail", "suggestion", "places",
        "checked_at",
    ]  # fmt: skip


def test_the_states_are_the_contract() -> None:
    assert list(State) == [
        "ok", "moved", "malformed", "gone", "hollow", "unclear", "unframeable", "gated",
        "unreachable", "unchecked",
    ]  # fmt: skip
    assert {"malformed", "gone", "hollow", "unframeable"} == BROKEN


def test_only_players_need_to_be_framed() -> None:
    player = dataclasses.replace(one(PLAYER), state=State.UNFRAMEABLE)
    assert is_broken(player)
    assert not is_broken(dataclasses.replace(player, kind="page"))
    assert is_broken(one(PLAYER), frozenset({State.UNCHECKED}))
    assert not is_broken(one(PLAYER))


# ---------------------------------------------------------------- collecting


def test_every_address_of_an_embed_is_collected_with_its_line() -> None:
    embed = Embed(
        "npr",
        Spot(4),
        id="1/2",
        embed_url="p",
        link="l",
        audio_url="a",
        video_url="v",
        transcript_url="t",
        image_url="i",
    )
    page = Page(embeds=(embed,), refused=(Refusal("r", "npr", "because", Spot(2)),))
    found = list(from_pages([(Document("a.html", b""), page)]))
    assert [(s.url, s.kind) for s in found] == [
        ("r", "player"), ("p", "player"), ("l", "page"), ("a", "audio"), ("v", "audio"),
        ("t", "transcript"), ("i", "image"),
    ]  # fmt: skip
    assert found[0] == Sighting("r", "player", "npr", None, Place("a.html", 2), "because")
    assert {s.place for s in found[1:]} == {Place("a.html", 4)}
    assert {(s.provider, s.id) for s in found[1:]} == {("npr", "1/2")}


def collected(embed: Embed) -> list[tuple[str, str]]:
    found = from_pages([(Document("a.html", b""), Page(embeds=(embed,)))])
    return [(sighting.url, sighting.kind) for sighting in found]


FOUND = {"embed_url": "html/iframe", "link": "html/iframe"}


def written(*given: str) -> tuple[Candidate, ...]:
    return tuple(Candidate("player", url, "html/iframe") for url in given)


@pytest.mark.parametrize("url", [PLAYER, PLAYER.replace("https", "http"), FLASH])
def test_an_address_is_collected_as_the_document_has_it(url: str) -> None:
    embed = Embed("npr", Spot(4), embed_url=PLAYER, provenance=FOUND, candidates=written(url))
    assert collected(embed) == [(url, "player")]


def test_every_way_in_which_a_player_is_written_is_collected() -> None:
    given = written(FLASH, PLAYER, FLASH)
    embed = Embed("npr", Spot(4), embed_url=PLAYER, provenance=FOUND, candidates=given)
    assert collected(embed) == [(FLASH, "player"), (PLAYER, "player")]


def test_the_address_of_a_page_is_that_of_a_page() -> None:
    space = "https://twitter.com/i/spaces/1vAxRkVzzdAKl"
    link = "https://x.com/i/spaces/1vAxRkVzzdAKl"
    embed = Embed("x-spaces", Spot(4), link=link, provenance=FOUND, candidates=written(space))
    assert collected(embed) == [(space, "page")]


def test_what_another_rule_saw_is_collected_though_one_would_build_it() -> None:
    link = "https://www.rferl.org/a/31123456.html"
    player = "https://www.rferl.org/embed/player/0/31123456.html?type=audio"
    candidates = (
        *written(player),
        Candidate("link", link, "derived/provider-template"),
        Candidate("link", link, "html/title-link"),
    )
    built = {"link": "derived/provider-template"}
    embed = Embed("rferl", Spot(4), link=link, candidates=candidates, provenance=built)
    assert collected(embed) == [(player, "player"), (link, "page")]
    seen_nowhere = dataclasses.replace(embed, candidates=candidates[:2])
    assert collected(seen_nowhere) == [(player, "player")]


def test_what_a_rule_built_is_not_collected_from_a_document() -> None:
    built = {"transcript_url": "derived/provider-template", "audio_url": "html/audio"}
    embed = Embed("npr", Spot(4), transcript_url="t", audio_url="a", provenance=built)
    assert collected(embed) == [("a", "audio")]


def test_the_catalogue_gives_what_it_vouches_for() -> None:
    link = Link(PLAYER, "player", "npr", "1/2", "a.html", 3)
    assert list(from_catalogue([link])) == [seen(PLAYER, line=3)]


def test_the_catalogue_gives_what_was_refused() -> None:
    (result,) = judge(from_catalogue([], [Refused(GLUED, "npr", "because", "a.html", 7)]), NOW)
    assert (result.state, result.detail, result.suggestion) == ("malformed", "because", PLAYER)
    assert result.places == (Place("a.html", 7),)


def test_what_a_rule_built_is_marked() -> None:
    built = Link(PLAYER, "player", "npr", "1/2", "", None)
    (result,) = judge(from_catalogue([built]), NOW)
    assert result.detail == "offline: fits the grammar of NPR (address built by rule)"
    assert result.to_json()["places"] == []
    ((page, _),) = report.by_page([result])
    assert page == "(in no document: built by rule)"
    (result,) = judge(from_catalogue([built, dataclasses.replace(built, document="a.html")]), NOW)
    assert result.detail == "offline: fits the grammar of NPR"


# ---------------------------------------------------------------- for people


def test_the_summary_begins_with_the_worst() -> None:
    counts = Counter({State.UNCHECKED: 3, State.OK: 1, State.MALFORMED: 1})
    assert report.summary(counts) == "5 addresses: 1 malformed, 1 ok, 3 unchecked"
    assert report.summary(Counter()) == "0 addresses"
    assert report.summary(Counter({State.OK: 1})) == "1 address: 1 ok"


def test_a_row_says_where_and_what_to_do() -> None:
    (result,) = judge([seen(GLUED, line=3), seen(GLUED, line=9)], NOW)
    ((page, ((where, state, kind, url, detail),)),) = report.by_page([result])
    assert (page, where, state, kind, url) == ("a.html", "3,9", "malformed", "player", GLUED)
    assert detail.endswith(f"; try {PLAYER}")
