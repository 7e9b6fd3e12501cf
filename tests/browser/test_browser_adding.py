"""Adding from the browser: the bookmarklet on a page of another site, a file, and no mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from browser_server import Visit, pages_of
from playwright.sync_api import Page, Route, expect
from test_browser_axe import AXE, findings

from podcat.catalogue import Catalogue, open_catalogue
from podcat.config import Config

Open = Callable[..., Visit]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:unclosed file .*static:ResourceWarning"),
]

STORY = "https://news.example/story"
STRICT = "default-src 'none'; script-src 'none'; connect-src 'none'; form-action 'none'"
HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
PAGE = f"""<!doctype html><html lang="en"><head><meta charset="windows-1251"><title>Ж {HOSTILE}
</title></head><body><h1>Ж &lt;script&gt;document.title='owned'&lt;/script&gt;</h1>
<iframe src="https://www.npr.org/player/embed/764153179/768167031" title="An ordeal"></iframe>
<iframe src="https://maps.example/map"></iframe></body></html>"""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("adding")
    return Config(database=f"sqlite:///{folder}/podcat.db", feeds=folder)


@pytest.fixture(scope="module")
def catalogue(config: Config) -> Iterator[Catalogue]:
    with open_catalogue(config.database) as opened:
        yield opened


@pytest.fixture(scope="module")
def token(catalogue: Catalogue) -> str:
    return catalogue.new_add_token("Ana")


@pytest.fixture(scope="module")
def address(config: Config, token: str) -> Iterator[str]:
    """Where the pages are served, of a catalogue that somebody may add to."""
    with pages_of(config) as address:
        yield address


@pytest.fixture
def signed_in(visit: Open, token: str, catalogue: Catalogue) -> Open:
    """Opens a tab of somebody who is signed in."""

    def open_tab(**settings: object) -> Visit:
        tab = visit(**settings)
        number = catalogue.adder(token)
        assert number
        secret = catalogue.open_session(number)
        cookie = {"name": "podcat_add", "value": secret, "url": f"{tab.address}/add"}
        tab.page.context.add_cookies([cookie | {"sameSite": "Strict"}])  # type: ignore[list-item]
        tab.go("/add")
        return tab

    return open_tab


def at_story(tab: Visit, code: str, policy: str = STRICT) -> Page:
    """Presses the bookmark on a page of another site; what opens."""

    def answer(route: Route) -> None:
        headers = {"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8"}
        route.fulfill(body=PAGE, headers=headers)

    story = tab.page.context.new_page()
    story.route(STORY, answer)
    story.goto(STORY)
    with story.expect_popup() as popup:
        story.evaluate(code)
    return popup.value


def bookmark(tab: Visit) -> str:
    """The code of the bookmark, as a browser runs it."""
    href = tab.page.locator("[data-bookmarklet]").get_attribute("href") or ""
    assert href.startswith("javascript:")
    return unquote(href.removeprefix("javascript:"))


def fits(page: Page, width: int = 320) -> bool:
    """Whether nothing is wider than a small phone, with all folds open."""
    page.set_viewport_size({"width": width, "height": 640})
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    return bool(page.evaluate("document.documentElement.scrollWidth") <= width)


def test_a_page_hands_itself_over_and_is_kept_by_a_click(
    signed_in: Open, catalogue: Catalogue
) -> None:
    tab = signed_in()
    window = at_story(tab, bookmark(tab))
    complaints: list[str] = []
    window.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    expect(window.get_by_role("heading", level=1)).to_have_text("1 recording recognised")
    main = window.locator("main")
    for part in (STORY, "764153179/768167031", "host maps.example is no provider's"):
        expect(main).to_contain_text(part)
    assert "owned" not in window.title()
    assert main.locator("iframe, audio, video, img").count() == 0
    assert catalogue.statistics()["documents"] == 0, "kept without a click"
    assert fits(window)
    window.get_by_label("Tags").fill("Sea, Ice")
    window.get_by_role("button", name="Keep 1 recording").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("1 new recording")
    main.get_by_role("link", name="An ordeal").click()
    expect(main.get_by_role("link", name="Ice").first).to_be_visible()
    assert complaints == []
    assert tab.complaints == []


def test_who_is_not_signed_in_does_so_in_between(visit: Open, signed_in: Open, token: str) -> None:
    """And no page passes itself off as another site's."""
    code = bookmark(signed_in()).replace("location.href", "'https://www.npr.org/a-lie'")
    window = at_story(visit(), code)
    window.get_by_label("Your token").fill(token)
    window.get_by_role("button", name="Sign in").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("1 recording recognised")
    expect(window.locator("main")).not_to_contain_text("a-lie")


def test_a_click_that_comes_at_once_keeps_nothing(signed_in: Open) -> None:
    """The second half of a double click that was meant for a window in front."""
    tab = signed_in()
    tab.page.get_by_label("HTML or text of the page").fill(PAGE)
    tab.page.get_by_role("button", name="Look at it").nth(1).click()
    button = tab.page.get_by_role("button", name="Keep")
    expect(button).to_be_enabled()
    tab.page.evaluate("dispatchEvent(new Event('focus'))")
    button.click(force=True)
    expect(button).to_be_enabled()
    assert tab.page.url.endswith("/add/preview")


def test_the_page_of_ways_to_add(signed_in: Open, tmp_path: Path) -> None:
    tab = signed_in()
    page, link = tab.page, tab.page.locator("[data-bookmarklet]")
    link.click()
    expect(page.locator("#bookmarklet-note")).to_be_visible()
    assert tab.complaints == [], "the browser refused to run it"
    page.evaluate(
        """document.addEventListener('dragstart', (event) => {
             document.title = event.dataTransfer.getData('text/uri-list'); })"""
    )
    link.hover()
    page.mouse.down()
    page.mouse.move(600, 500, steps=5)
    page.mouse.up()
    assert page.title().startswith("javascript:")
    (tmp_path / "large.html").write_bytes(b"x" * (16 * 2**20 + 1))
    page.get_by_label("Saved pages").set_input_files(tmp_path / "large.html")
    page.get_by_role("button", name="Look at it").first.click()
    said = page.get_by_label("Saved pages").evaluate("field => field.validationMessage")
    assert "16 MB" in said
    assert page.url.endswith("/add")
    assert fits(page)
    expect(tab.go("/add/window").locator("#handover-note")).to_contain_text("save the page")


def test_a_file_by_keyboard_alone_and_without_javascript(
    visit: Open, token: str, tmp_path: Path
) -> None:
    saved = tmp_path / "<img src=x>&.html"
    saved.write_text(PAGE.replace("windows-1251", "utf-8"), "utf-8")
    tab = visit(java_script_enabled=False)
    page = tab.go("/add")
    page.get_by_label("Your token").fill(token)
    page.keyboard.press("Enter")
    page.get_by_label("Saved pages").set_input_files(saved)
    address = page.get_by_label("Where it is from (if it is one page)")
    address.fill(f"{STORY}-file")
    address.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 recording recognised")
    page.get_by_label("Tags").press("Enter")
    page.get_by_role("link", name="Add another").press("Enter")
    page.get_by_role("button", name="Sign out").press("Enter")
    expect(page.get_by_label("Your token")).to_be_visible()
    tab.quiet()
    assert (tab.abroad, tab.complaints) == ([], [])


def test_axe_finds_nothing_where_one_adds(visit: Open, signed_in: Open) -> None:
    page = visit(reduced_motion="reduce").go("/add")
    assert found_in(page) == []
    page = signed_in(reduced_motion="reduce").page
    assert found_in(page) == []
    page.get_by_label("Saved pages").set_input_files(
        {"name": "page.html", "mimeType": "text/html", "buffer": PAGE.encode("cp1251")}
    )
    page.get_by_role("button", name="Look at it").first.click()
    page.wait_for_url("**/add/preview")
    assert found_in(page) == []


def found_in(page: Page) -> list[str]:
    """What axe finds by day, and of colours by night."""
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    page.evaluate(AXE)
    day = findings(page)
    page.emulate_media(color_scheme="dark")
    night = findings(page, "color-contrast")
    page.emulate_media(color_scheme="light")
    return day + night
