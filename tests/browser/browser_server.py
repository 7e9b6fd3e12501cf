"""What is served to the browser, and a tab that remembers what it asked for."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route, expect
from werkzeug.serving import make_server

from podcat.catalogue import open_catalogue
from podcat.config import Config
from podcat.model import Document, Embed, Person, Place
from podcat.model import Page as SourcePage
from podcat.web import create_app

SOURCE = SourcePage(
    url="https://www.npr.org/tags/125938785/kazakhstan",
    site="NPR",
    title="Stories About Kazakhstan",
    embeds=(
        Embed(
            provider="npr",
            id="669203831/669594276",
            place=Place(line=20),
            kind="audio",
            title="With a file",
            published="2018-11-21",
            audio_url="https://ondemand.npr.org/npr-mp4/npr/atc/ordeal.mp3",
            embed_url="https://www.npr.org/player/embed/669203831/669594276",
        ),
        Embed(
            provider="npr",
            id="764153179/768167031",
            place=Place(line=10),
            kind="audio",
            title="Told by relatives: a very long title about Karaganda-Temirtau-Ekibastuz-Semey",
            programme="All Things Considered",
            published="2019-10-08",
            duration=4112,
            embed_url="https://www.npr.org/player/embed/764153179/768167031",
            transcript_url="https://www.npr.org/transcripts/764153179",
            image_url="https://media.npr.org/picture.jpg",
            image_caption="A caption.",
            people=(Person("Emily Feng", "reporter", "correspondent"),),
            tags=("Kazakhstan",),
        ),
    ),
)


@dataclass
class Visit:
    """A tab, and the addresses elsewhere that it asked for."""

    page: Page
    address: str
    abroad: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """What the browser's console has as errors."""

    def go(self, path: str) -> Page:
        """Opens a path of ours."""
        self.page.goto(self.address + path)
        return self.page

    def quiet(self) -> Page:
        """Waits until nothing is asked of anyone any more."""
        self.page.wait_for_load_state("networkidle")
        return self.page


def watched(context: BrowserContext, address: str, others: Callable[[Route], None]) -> Visit:
    """A new tab; whatever it asks of addresses elsewhere is written down, then answered so."""
    visit = Visit(context.new_page(), address)

    def answer(route: Route) -> None:
        visit.abroad.append(route.request.url)
        others(route)

    context.route(lambda url: not url.startswith(address), answer)
    visit.page.on(
        "console", lambda m: visit.complaints.append(m.text) if m.type == "error" else None
    )
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    return visit


def at(page: Page, end: str) -> None:
    """Waits until the address of a page ends so: what one types is shown before it is in there."""
    expect(page).to_have_url(re.compile(re.escape(end) + "$"))


@contextmanager
def listening(app: Any) -> Iterator[str]:
    """Serves an application on a port of this machine; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def pages_of(config: Config) -> Iterator[str]:
    """Serves a catalogue that is there."""
    app = create_app(config)
    with listening(app) as address:
        yield address
    app.extensions["podcat"].close()


@contextmanager
def served(folder: Path, pages: Iterable[SourcePage]) -> Iterator[str]:
    """Serves a catalogue of these pages."""
    config = Config(database=f"sqlite:///{folder}/podcat.db", feeds=folder)
    with open_catalogue(config.database) as catalogue:
        for n, page in enumerate(pages):
            document = Document(f"page{n or ''}.html", b"x", page.url)
            catalogue.store(document, page, now=1_700_000_000)
    with pages_of(config) as address:
        yield address
