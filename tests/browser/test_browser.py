"""The pages as people meet them: by mouse, by keyboard, without JavaScript, on a phone, at night."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser_server import Visit
from playwright.sync_api import Page, expect

Open = Callable[..., Visit]
pytestmark = [
    pytest.mark.browser,
    # The small server of these tests leaves a stylesheet open when the browser hangs up in the
    # middle; podcat serves with another one.
    pytest.mark.filterwarnings("ignore:unclosed file .*static:ResourceWarning"),
]

PLAYER = "https://www.npr.org/player/embed/764153179/768167031"
PATHS = [
    "/", "/episodes", "/episodes?tag=kazakhstan&provider=npr", "/search?q=nothing-at-all", "/tags",
    "/people/emily-feng", "/pages", "/pages/1", "/feeds", "/feeds/newest", "/status",
    "/episodes/1", "/episodes/2", "/nothing",
]  # fmt: skip


@pytest.fixture
def at_episode(visit: Open) -> Open:
    def open_episode(**settings: object) -> Visit:
        tab = visit(**settings)
        tab.go("/episodes/1")
        return tab

    return open_episode


# ---------------------------------------------------------------- the player


def test_nothing_is_asked_of_others_before_the_click(at_episode: Open) -> None:
    tab = at_episode()
    tab.quiet()
    assert tab.abroad == []
    assert tab.page.locator("iframe").count() == 0
    tab.page.get_by_role("link", name="Listen in NPR").click()
    frame = tab.page.locator("iframe")
    expect(frame).to_have_attribute("src", PLAYER)
    expect(tab.page.frame_locator("iframe").get_by_text("the provider's player")).to_be_visible()
    assert PLAYER in tab.abroad
    assert "play=1" not in tab.page.url, "the page was loaded anew"
    assert tab.complaints == []


def test_a_file_is_not_fetched_before_play(visit: Open) -> None:
    tab = visit()
    page = tab.go("/episodes/2")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    tab.quiet()
    assert tab.abroad == []


def test_the_player_comes_without_javascript_too(at_episode: Open) -> None:
    tab = at_episode(java_script_enabled=False)
    tab.quiet()
    assert tab.abroad == []
    tab.page.get_by_role("link", name="Listen in NPR").click()
    expect(tab.page.locator("iframe")).to_have_attribute("src", PLAYER)
    assert "play=1" in tab.page.url
    assert PLAYER in tab.abroad


def test_what_plays_goes_on_when_the_player_comes(visit: Open) -> None:
    tab = visit()
    page = tab.go("/episodes/2")
    page.locator("audio").evaluate("element => { element.mine = true; }")
    page.get_by_role("link", name="Load NPR").click()
    expect(page.locator("iframe")).to_be_visible()
    assert page.locator("audio").evaluate("element => element.mine") is True


def test_a_failed_load_falls_back_to_the_plain_link(at_episode: Open) -> None:
    tab = at_episode()
    tab.page.evaluate("() => { window.fetch = () => Promise.reject(new Error('offline')); }")
    tab.page.get_by_role("link", name="Listen in NPR").click()
    expect(tab.page.locator("iframe")).to_be_visible()
    assert "play=1" in tab.page.url


# ---------------------------------------------------------------- keyboard


def focused(page: Page) -> str:
    return str(
        page.evaluate(
            "() => { const e = document.activeElement;"
            " return e.id || e.dataset.load || e.className || e.tagName; }"
        )
    )


def test_the_skip_link_leads_to_the_content(visit: Open) -> None:
    page = visit().go("/")
    page.keyboard.press("Tab")
    assert focused(page) == "skip"
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert focused(page) == "main"


def test_tabbing_meets_search_and_player_and_shows_where_it_is(at_episode: Open) -> None:
    page = at_episode().page
    met: list[str] = []
    while "player" not in met and len(met) < 40:
        page.keyboard.press("Tab")
        met.append(focused(page))
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2, f"no focus ring on {met[-1]}"
    assert met[0] == "skip"
    assert met.index("q") < met.index("player")
    page.keyboard.press("Enter")
    expect(page.locator("iframe")).to_be_visible()
    assert focused(page) == "player"


def test_searching_by_keyboard(visit: Open) -> None:
    page = visit().go("/")
    page.get_by_label("Search the catalogue").fill("relatives")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=relatives")
    expect(page.get_by_role("heading", level=2)).to_have_text(
        ["Told by relatives: a very long title about Karaganda-Temirtau-Ekibastuz-Semey"]
    )


def test_filters_leave_no_empty_parts_in_the_address(visit: Open) -> None:
    page = visit().go("/episodes")
    page.get_by_text("Dates, file, health").click()
    page.get_by_label("Audio file", exact=True).select_option("0")
    page.get_by_label("From").fill("2019")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/episodes?since=2019&playable=0")
    expect(page.get_by_role("article")).to_have_count(1)
    page.go_back()
    expect(page.get_by_label("Until")).to_be_enabled()


def test_without_javascript_filters_work_too(visit: Open) -> None:
    page = visit(java_script_enabled=False).go("/episodes")
    page.get_by_text("Dates, file, health").click()
    page.get_by_label("Audio file", exact=True).select_option("1")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("article")).to_have_count(1)


# ---------------------------------------------------------------- how it looks


def test_nothing_is_wider_than_a_small_phone(visit: Open) -> None:
    tab = visit(viewport={"width": 320, "height": 640})
    for path in PATHS:
        page = tab.go(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_night_is_dark_and_day_is_light(visit: Open) -> None:
    def brightness(scheme: str) -> tuple[float, float]:
        page = visit(color_scheme=scheme).go("/")
        ground, text = page.evaluate(BRIGHTNESS)
        return ground, text

    (day_ground, day_text), (night_ground, night_text) = brightness("light"), brightness("dark")
    assert day_ground - day_text > 0.7
    assert night_text - night_ground > 0.7


@pytest.mark.parametrize("path", ["/", "/episodes/1?play=1", "/feeds"])
def test_the_browser_has_nothing_to_complain_of(visit: Open, path: str) -> None:
    tab = visit()
    tab.go(path)
    tab.quiet()
    assert tab.complaints == []


_COLOURS = """
const parts = (text) => text.match(/[\\d.]+/g).map(Number);
const channel = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
"""
BRIGHTNESS = f"""() => {{{_COLOURS}
  const style = getComputedStyle(document.body);
  return [light(parts(style.backgroundColor)), light(parts(style.color))];
}}"""
