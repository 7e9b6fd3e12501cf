"""A real browser over a real server on this machine; nothing ever leaves it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from browser_server import SOURCE, Visit, served, watched
from hostile import PAYLOADS, page_of
from playwright.sync_api import Browser, BrowserContext, Route, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
STUB = "<!doctype html><title>stub</title><p>the provider's player</p>"


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the pages are served."""
    with served(tmp_path_factory.mktemp("browser"), [SOURCE]) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


def _stub(route: Route) -> None:
    route.fulfill(body=STUB, content_type="text/html")


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Opens a tab with given settings; whatever it asks of others is answered here."""
    contexts: list[BrowserContext] = []

    def open_tab(**settings: object) -> Visit:
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        contexts.append(context)
        return watched(context, address, _stub)

    yield open_tab
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def hostile_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a catalogue is served of which nothing is meant well."""
    pages = [page_of(number, payload) for number, payload in enumerate(PAYLOADS, 1)]
    with served(tmp_path_factory.mktemp("hostile"), pages) as address:
        yield address
