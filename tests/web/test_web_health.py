"""What visitors read of the health of links."""

from __future__ import annotations

import time

import pytest
from flask.testing import FlaskClient
from lxml import html
from web_samples import store

from podcat.catalogue import Catalogue, Check
from podcat.check.history import DAY, standing
from podcat.model import Embed, Page, Place
from podcat.web import status

NOW = 1_794_000_000  # 2026-11-06
PLAYER = "https://www.npr.org/player/embed/1/2"


def look(catalogue: Catalogue, url: str, *states: str) -> None:
    checks = [
        Check(url, "player", state, NOW + n * DAY, status={"gone": 404, "ok": 200}.get(state))
        for n, state in enumerate(states)
    ]
    catalogue.record_checks(checks, standing)


@pytest.fixture
def player(filled: Catalogue) -> str:
    embed = Embed("npr", Place(1), id="1/2", title="Once", embed_url=PLAYER)
    store(filled, Page(url="https://news.example/", embeds=(embed,)), "once.html")
    return PLAYER


def number_of(catalogue: Catalogue, url: str) -> int:
    return next(e.id for e in catalogue.episodes().episodes if e.embed_url == url)


def words(guest: FlaskClient, path: str, xpath: str = "//main") -> str:
    answer = guest.get(path, follow_redirects=True)
    assert answer.status_code == 200
    found = html.document_fromstring(answer.data).xpath(xpath)
    return " ".join(" ".join(" ".join(part.itertext()).split()) for part in found)


def test_nothing_is_said_before_anybody_looked(guest: FlaskClient) -> None:
    assert "None of them has been looked at" in words(guest, "/status")
    assert not words(guest, "/", "//*[contains(@class, 'badge dead')]")


def test_a_dead_player(guest: FlaskClient, filled: Catalogue, player: str) -> None:
    look(filled, player, "ok", "gone", "gone")
    page = words(guest, f"/episodes/{number_of(filled, player)}")
    assert "has not answered since 7 November 2026: it is taken for dead" in page
    assert "dead since 7 November 2026 (is gone), seen alive on 6 November 2026" in page
    answer = guest.get(f"/episodes/{number_of(filled, player)}", follow_redirects=True)
    copies = html.document_fromstring(answer.data).xpath("//a[contains(@href, 'web.archive.org')]")
    assert {a.get("href") for a in copies} == {
        f"https://web.archive.org/web/20261106212000/{player}"
    }
    assert {a.text for a in copies} >= {"copy of 6 November 2026"}
    badge = words(guest, "/", "//*[contains(@class, 'badge dead')]")
    assert badge == "Recording dead : Has not answered since 7 November 2026."


def test_a_failing_one_is_not_called_dead(
    guest: FlaskClient, filled: Catalogue, player: str
) -> None:
    look(filled, player, "gone")
    page = words(guest, f"/episodes/{number_of(filled, player)}")
    assert "failing since 6 November 2026 (is gone), never seen alive" in page
    assert "dead" not in words(guest, "/", "//main//li").lower()


def test_what_is_well_has_no_badge(guest: FlaskClient, filled: Catalogue, player: str) -> None:
    look(filled, player, "ok")
    assert "seen alive on 6 November 2026" in words(guest, f"/episodes/{number_of(filled, player)}")
    assert "dead" not in words(guest, "/").lower()
    assert words(guest, "/", "//*[contains(@class, 'failing')]") == ""


def test_a_space_that_nobody_can_look_at_is_not_dead(guest: FlaskClient, filled: Catalogue) -> None:
    space = next(e for e in filled.episodes().episodes if e.embed_url)
    assert space.embed_url
    look(filled, space.embed_url, "unclear", "unclear", "unclear")
    page = words(guest, f"/episodes/{space.id}")
    assert "answers, and does not tell whether it is there; looked at on 8 November 2026" in page


def test_the_status_tells_states_failures_and_recoveries(
    guest: FlaskClient, filled: Catalogue, player: str
) -> None:
    filled.gather_links(NOW)
    look(filled, player, "gone", "gone")
    page = words(guest, "/status")
    assert "Looked at last on 2026-11-07 21:20 UTC" in page
    assert "gone is gone 1" in page
    assert "NPR 0 0 1" in page
    assert "Player " + player[:20] in page
    look(filled, player, "gone", "gone", "gone", "ok")
    page = words(guest, "/status")
    assert "Nothing fails." in page
    assert "answers again since 9 November 2026" in page


def test_the_status_says_how_many_are_due(
    guest: FlaskClient, filled: Catalogue, player: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.gather_links(NOW)
    look(filled, player, "ok")
    many = len(filled.due(int(time.time()), 99))
    assert many > 1
    assert f" {many} addresses are due for another look" in words(guest, "/status")
    monkeypatch.setattr(status, "MOST_DUE", 1)
    assert "At least 1 address is due" in words(guest, "/status")


def test_what_is_hidden_or_not_ours_is_not_on_the_status(
    guest: FlaskClient, filled: Catalogue, player: str
) -> None:
    filled.gather_links(NOW)
    look(filled, player, "gone")
    look(filled, "https://elsewhere.example/secret", "gone")
    filled.hide(number_of(filled, player), NOW)
    page = words(guest, "/status")
    assert "secret" not in page
    assert player not in page


def test_a_dead_page_has_a_copy_of_the_day_it_was_published(
    guest: FlaskClient, filled: Catalogue
) -> None:
    found = next(e for e in filled.episodes().episodes if e.page_url)
    assert found.page_url
    look(filled, found.page_url, "gone", "gone")
    page = words(guest, f"/episodes/{found.id}")
    assert "dead since 6 November 2026 (is gone), never seen alive, " in page


# ---------------------------------------------------------------- badges


def badge(guest: FlaskClient, path: str) -> tuple[str, str]:
    """What a badge says, and the colour it says it in."""
    answer = guest.get(path)
    assert answer.content_type.startswith("image/svg+xml")
    drawn = html.fragment_fromstring(answer.text)
    shown = " ".join(drawn.xpath("//text/text()"))
    assert shown == drawn.get("aria-label").replace(":", "")
    return shown, drawn.xpath("string(//path[2]/@fill)")


def test_badges_say_how_a_recording_and_all_links_are(
    guest: FlaskClient, filled: Catalogue, player: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("podcat.web.site._LONG", 60)  # a slow machine counts while we wait, too
    path = f"/badges/episodes/{number_of(filled, player)}.svg"
    colours = {badge(guest, "/badges/links.svg"), badge(guest, path)}
    assert {said for said, _ in colours} == {"links not checked", "recording not checked"}
    filled.gather_links(NOW)
    for states, recording, links in (
        (["ok"], "recording alive", "links 100 % alive"),
        (["ok", "gone"], "recording failing", "links 0 % alive"),
        (["ok", "gone", "gone"], "recording dead", "links 0 % alive"),
    ):
        look(filled, player, *states)
        said = badge(guest, path), badge(guest, "/badges/links.svg")
        assert [words for words, _ in said] == [recording, links]
        colours |= set(said)
    assert len({colour for _, colour in colours}) == 4
    assert guest.get("/badges/episodes/999999.svg").status_code == 404
