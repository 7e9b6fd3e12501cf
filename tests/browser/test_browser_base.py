"""What all pages have: the switch of colours, pictures when asked for, going on without a reload."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser_server import Visit
from playwright.sync_api import Browser, Page, expect

Open = Callable[..., Visit]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:unclosed file .*static:ResourceWarning"),
]


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_colours_are_the_systems_until_somebody_chooses(visit: Open) -> None:
    tab = visit(color_scheme="dark")
    page = tab.go("/")
    night = ground(page)
    switch = page.get_by_role("button", name="Colours")
    expect(switch).to_have_accessible_name("Colours: as the system")
    switch.click()
    expect(switch).to_have_accessible_name("Colours: light")
    day = ground(page)
    assert day != night
    tab.go("/episodes")
    assert ground(page) == day, "the choice was forgotten"
    page.get_by_role("button", name="Colours").click()
    assert ground(page) == night
    assert tab.complaints == []


def test_pictures_of_others_come_when_they_are_asked_for(visit: Open) -> None:
    tab = visit()
    page = tab.go("/episodes")
    tab.quiet()
    assert tab.abroad == []
    page.get_by_role("button", name="Pictures").click()
    expect(page.locator("img.thumb")).to_have_attribute("src", "https://media.npr.org/picture.jpg")
    tab.quiet()
    assert tab.abroad == ["https://media.npr.org/picture.jpg"]
    tab.go("/people/emily-feng")
    tab.quiet()
    assert len(tab.abroad) == 2, "the choice was forgotten"
    expect(
        page.locator("img.thumb")
    ).to_be_hidden()  # our answer is no picture: none is better than a broken one


def test_without_a_click_and_without_javascript_no_picture_is_asked_for(visit: Open) -> None:
    tab = visit(java_script_enabled=False)
    tab.go("/episodes")
    tab.quiet()
    assert tab.abroad == []
    expect(tab.page.get_by_role("button", name="Pictures")).to_have_count(0)


# ---------------------------------------------------------------- on without a reload


def playing(visit: Open, path: str = "/") -> Visit:
    """A tab in which something is taken to play; a mark on its window shows a reload."""
    tab = visit()
    tab.go(path)
    tab.page.evaluate("document.documentElement.dataset.playing = ''; window.same = true")
    return tab


def same(page: Page) -> bool:
    return page.evaluate("window.same === true") is True


def test_what_plays_is_not_stopped_by_a_click(visit: Open) -> None:
    tab = playing(visit)
    page = tab.page
    page.get_by_role("link", name="People", exact=True).first.click()
    page.wait_for_url("**/people")
    expect(page).to_have_title("People · podcat")
    expect(page.get_by_role("navigation", name="Main").get_by_text("People")).to_have_attribute(
        "aria-current", "page"
    )
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_role("link", name="Emily Feng").click()
    page.wait_for_url("**/people/emily-feng")
    expect(page.locator("link[rel=alternate]").first).to_have_attribute(
        "href", f"{tab.address}/people/emily-feng.rss"
    )
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("People")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Audio, found where it hides")
    assert same(page)
    assert tab.complaints == []


def test_the_switch_of_pictures_is_there_where_pictures_are(visit: Open) -> None:
    page = playing(visit, "/people").page
    switch = page.get_by_role("button", name="Pictures")
    expect(switch).to_be_hidden()
    page.get_by_role("link", name="Episodes", exact=True).click()
    expect(switch).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("People")
    expect(switch).to_be_hidden()
    assert same(page)


def test_a_search_goes_on_too_without_empty_parts(visit: Open) -> None:
    page = playing(visit, "/episodes").page
    page.get_by_label("Search the catalogue").fill("relatives")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=relatives")
    expect(page.get_by_role("article")).to_have_count(1)
    assert same(page)


def test_what_is_no_page_of_ours_is_opened_as_usual(visit: Open) -> None:
    page = playing(visit).page
    with page.expect_response("**/feeds.opml"):
        page.get_by_role("link", name="OPML").click()


def test_when_nothing_plays_links_are_links(visit: Open) -> None:
    tab = visit()
    page = tab.go("/")
    page.evaluate("window.same = true")
    page.get_by_role("link", name="People", exact=True).first.click()
    page.wait_for_url("**/people")
    assert not same(page)


# ---------------------------------------------------------------- what is meant ill


def test_nothing_of_a_document_runs(browser: Browser, hostile_address: str) -> None:
    """A real parser, which makes of broken markup what no other does."""
    context = browser.new_context()
    page, run, abroad = context.new_page(), [], []
    page.expose_function("hacked", lambda: run.append(page.url))
    page.on("request", lambda request: abroad.append(request.url))
    paths = ["/", "/search?q=%3Cscript%3Ehacked()%3C/script%3E", "/tags", "/people", "/pages"]
    for path in [*paths, *(f"/episodes/{n}" for n in range(1, 21)), "/embed/2", "/nothing"]:
        page.goto(hostile_address + path)
        links = page.locator("main a[href^='#'], [data-load]").all()
        for link in [link for link in links if link.is_visible()][:2]:
            link.click()
    page.wait_for_load_state("networkidle")
    assert run == []
    assert [url for url in abroad if not url.startswith((hostile_address, "data:"))] == []
    context.close()
