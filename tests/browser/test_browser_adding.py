"""Adding from the browser: the bookmarklet on a page of another site, a file, and no mouse."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from browser_server import Visit
from playwright.sync_api import Page, Route, expect
from werkzeug.serving import make_server

from podcat.catalogue import Catalogue, open_catalogue
from podcat.config import Config
from podcat.web import create_app

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
    app = create_app(config)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["podcat"].close()


@pytest.fixture
def signed_in(visit: Open, token: str) -> Open:
    def open_tab(**settings: object) -> Visit:
        tab = visit(**settings)
        page = tab.go("/add")
        page.get_by_label("Your token").fill(token)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="From the page itself")).to_be_visible()
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


def test_a_page_hands_itself_over_and_is_kept_by_a_click(
    signed_in: Open, catalogue: Catalogue
) -> None:
    tab = signed_in()
    window = at_story(tab, bookmark(tab))
    complaints: list[str] = []
    window.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    expect(window.get_by_role("heading", level=1)).to_have_text("1 recording recognised")
    expect(window.get_by_text(STORY).first).to_be_visible()
    card = window.get_by_role("article")
    expect(card.locator("dl")).to_contain_text("764153179/768167031")
    window.get_by_text("Passed over: 1").click()
    expect(window.get_by_text("host maps.example is no provider's")).to_be_visible()
    assert "owned" not in window.title()
    assert window.locator("main iframe, main audio, main video, main img").count() == 0
    assert catalogue.statistics()["episodes"] == 0, "kept without a click"
    window.get_by_label("Tags").fill("Sea, Ice")
    window.get_by_role("button", name="Keep 1 recording").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("1 new recording")
    window.locator("main").get_by_role("link").nth(1).click()
    window.wait_for_url("**/episodes/1-*")
    expect(window.get_by_role("link", name="Ice").first).to_be_visible()
    assert complaints == []
    assert tab.complaints == []


def test_who_is_not_signed_in_does_so_in_between(visit: Open, signed_in: Open, token: str) -> None:
    code = bookmark(signed_in())
    window = at_story(visit(), code)
    window.get_by_label("Your token").fill(token)
    window.get_by_role("button", name="Sign in").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("1 recording recognised")


def test_a_page_cannot_pass_itself_off_as_another_sites(signed_in: Open) -> None:
    tab = signed_in()
    code = bookmark(tab).replace("location.href", "'https://www.npr.org/a-lie'")
    window = at_story(tab, code)
    expect(window.get_by_role("heading", level=1)).to_have_text("1 recording recognised")
    expect(window.locator("main")).not_to_contain_text("a-lie")


def test_a_window_without_a_page_says_what_to_do(signed_in: Open) -> None:
    tab = signed_in()
    expect(tab.go("/add/window").get_by_role("status").first).to_contain_text("save the page")
    tab.go("/add/window").get_by_role("link", name="Other ways").click()
    expect(tab.page.get_by_role("heading", name="From files")).to_be_visible()


def test_the_bookmark_is_dragged_and_not_pressed(signed_in: Open) -> None:
    tab = signed_in()
    link = tab.page.locator("[data-bookmarklet]")
    link.click()
    expect(tab.page.locator("#bookmarklet-note")).to_be_visible()
    assert tab.complaints == [], "the browser refused to run it"
    tab.page.evaluate(
        """document.addEventListener('dragstart', (event) => {
             document.title = event.dataTransfer.getData('text/uri-list'); })"""
    )
    link.hover()
    tab.page.mouse.down()
    tab.page.mouse.move(600, 500, steps=5)
    tab.page.mouse.up()
    assert tab.page.title().startswith("javascript:")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_by_keyboard_alone(signed_in: Open, tmp_path: Path, scripts: bool) -> None:
    saved = tmp_path / "<img src=x>&.html"
    saved.write_text(PAGE.replace("windows-1251", "utf-8"), "utf-8")
    tab = signed_in(java_script_enabled=scripts)
    tab.page.get_by_label("Saved pages").set_input_files(saved)
    address = tab.page.get_by_label("Where it is from (if it is one page)")
    address.fill(f"{STORY}-{scripts}")
    address.press("Enter")
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("1 recording recognised")
    tab.page.get_by_label("Tags").focus()
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_role("link", name="Add another")).to_be_visible()
    tab.page.get_by_role("link", name="Add another").press("Enter")
    tab.page.get_by_role("button", name="Sign out").press("Enter")
    expect(tab.page.get_by_label("Your token")).to_be_visible()
    tab.quiet()
    assert (tab.abroad, tab.complaints) == ([], [])


def test_what_is_too_large_is_said_before_it_is_sent(signed_in: Open, tmp_path: Path) -> None:
    (tmp_path / "large.html").write_bytes(b"x" * (16 * 2**20 + 1))
    tab = signed_in()
    tab.page.get_by_label("Saved pages").set_input_files(tmp_path / "large.html")
    tab.page.get_by_role("button", name="Look at it").first.click()
    said = tab.page.get_by_label("Saved pages").evaluate("field => field.validationMessage")
    assert "16 MB" in said
    assert tab.page.url.endswith("/add")


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wider_than_the_window(signed_in: Open, width: int) -> None:
    tab = signed_in(viewport={"width": width, "height": 640})
    paths = [tab.page]
    paths.append(at_story(tab, bookmark(tab)))
    expect(paths[1].get_by_role("heading", level=1)).to_have_text("1 recording recognised")
    for page in paths:
        page.set_viewport_size({"width": width, "height": 640})
        for details in page.locator("details").all():
            details.evaluate("element => { element.open = true; }")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
