"""A real browser over a real server on this machine; nothing ever leaves it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser_server import SOURCE, Visit
from hostile import PAYLOADS, page_of
from playwright.sync_api import Browser, BrowserContext, Route, sync_playwright
from werkzeug.serving import make_server

from podcat.catalogue import open_catalogue
from podcat.config import Config
from podcat.model import Document
from podcat.model import Page as SourcePage
from podcat.web import create_app

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


@contextmanager
def served(folder: Path, pages: Iterable[SourcePage]) -> Iterator[str]:
    """Serves a catalogue of these pages."""
    config = Config(database=f"sqlite:///{folder}/podcat.db", feeds=folder)
    with open_catalogue(config.database) as catalogue:
        for n, page in enumerate(pages):
            document = Document(f"page{n or ''}.html", b"x", page.url)
            catalogue.store(document, page, now=1_700_000_000)
    app = create_app(config)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["podcat"].close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Opens a tab with given settings; whatever it asks of others is answered here."""
    contexts: list[BrowserContext] = []

    def open_tab(**settings: object) -> Visit:
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        contexts.append(context)
        visit = Visit(context.new_page(), address)

        def answer(route: Route) -> None:
            visit.abroad.append(route.request.url)
            route.fulfill(body=STUB, content_type="text/html")

        context.route(lambda url: not url.startswith(address), answer)
        visit.page.on(
            "console", lambda m: visit.complaints.append(m.text) if m.type == "error" else None
        )
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        return visit

    yield open_tab
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def hostile_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a catalogue is served of which nothing is meant well."""
    pages = [page_of(number, payload) for number, payload in enumerate(PAYLOADS, 1)]
    with served(tmp_path_factory.mktemp("hostile"), pages) as address:
        yield address
