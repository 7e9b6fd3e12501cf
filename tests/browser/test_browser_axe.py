"""axe-core looks at every page, by day and by night: all its rules, best practices too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:unclosed file .*static:ResourceWarning"),
]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
# One of each template, and what it looks like when it is empty, asked too much, or wrong.
PATHS = (
    "/", "/episodes", "/search?q=relatives", "/search?q=nothing-at-all", "/tags", "/providers/npr",
    "/people/emily-feng", "/pages", "/pages/1", "/feeds", "/feeds/newest", "/status", "/episodes/1",
    "/episodes/1?play=1", "/episodes/2?t=90", "/embed/1", "/embed/2", "/nothing", "/episodes?since=x",
)  # fmt: skip


def findings(page: Page, *rules: str) -> list[str]:
    """What axe finds: rule, what it is about, where."""
    found = page.evaluate(
        "(rules) => axe.run(document, {iframes: false, runOnly: rules.length ? rules : undefined})",
        rules,
    )
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:120]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.fixture(scope="module")
def lens(browser: Browser, address: str) -> Iterator[Callable[[str], Page]]:
    """Opens a path, with all that can be unfolded, in a tab that has axe."""
    context = browser.new_context(reduced_motion="reduce", color_scheme="light")
    context.route(lambda url: not url.startswith(address), lambda route: route.abort())
    page = context.new_page()

    def look(path: str) -> Page:
        page.emulate_media(color_scheme="light")
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        page.evaluate(AXE)
        return page

    yield look
    context.close()


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(lens: Callable[[str], Page], path: str) -> None:
    page = lens(path)
    assert findings(page) == []
    page.emulate_media(color_scheme="dark")  # which changes colours alone
    assert findings(page, "color-contrast") == []


def test_axe_would_find_something(lens: Callable[[str], Page]) -> None:
    page = lens("/")
    page.evaluate("document.querySelector('.brand').textContent = ''")
    page.evaluate("document.querySelector('.lead').style.color = 'light-dark(#000, #333)'")
    assert [one.partition(":")[0] for one in findings(page)] == ["link-name"]
    page.emulate_media(color_scheme="dark")
    assert [one.partition(":")[0] for one in findings(page, "color-contrast")] == ["color-contrast"]
