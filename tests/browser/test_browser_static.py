"""A site of files in a real browser: what `podcat build` wrote, shown by a plain file server."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from browser_server import SOURCE, Visit, at
from playwright.sync_api import Page, expect

from podcat import text
from podcat.catalogue import Catalogue, open_catalogue
from podcat.config import Config
from podcat.model import Document, Embed, Person, Place, Selection
from podcat.model import Page as SourcePage
from podcat.publish import build

Open = Callable[..., Visit]
pytestmark = pytest.mark.browser
BASE = "https://audio.example/some/where"
MORE = SourcePage(
    url="https://www.rferl.org/a/1.html",
    site="RFE/RL",
    title="Straße und Maß",
    embeds=tuple(
        Embed(
            provider="rferl",
            id=str(30000000 + n),
            place=Place(line=n),
            title=title,
            published=f"20{10 + n}-01-01",
            description="Relatives and others <b>constructor</b>",
            people=(Person("Ёлка Дзержинская", "host"),),
        )
        for n, title in enumerate(
            (
                "ÇALIŞMA İstanbul ırmak",
                "Қазақстан туралы",
                "ΣΊΣΥΦΟΣ ς",
                "हिन्दी में",
                "東京の話",
                "كتاب",
            )
        )
    ),
)
QUESTIONS = (
    "relatives", "RELATIVES", "emily feng", "npr -relatives", '"told by"', "strasse", "Straße MASS",
    "елка", "Ёлка", "calisma", "istanbul", "ırmak", "irmak", "казакстан", "қазақстан", "σισυφος",
    "हिन्दी", "東京の話", "كتاب", "constructor", "nothing-at-all", "rferl", "karaganda temirtau",
    "file with", "one e",
)  # fmt: skip


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """The catalogue that the site is of."""
    folder = tmp_path_factory.mktemp("static")
    with open_catalogue(f"sqlite:///{folder}/podcat.db") as catalogue:
        for page in (SOURCE, MORE):
            catalogue.store(Document(page.title or "", b"x", page.url), page, now=1_700_000_000)
        config = Config(f"sqlite:///{folder}/podcat.db", base_url=BASE, feeds=folder)
        assert build(config, folder / "host" / "some" / "where").problems == []
        catalogue.folder = folder / "host"  # type: ignore[attr-defined]
        yield catalogue


@pytest.fixture(scope="module")
def address(stored: Catalogue) -> Iterator[str]:
    """Where the files are shown, below a path."""
    folder: Path = stored.folder  # type: ignore[attr-defined]
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/some/where"
    server.shutdown()
    thread.join()
    server.server_close()


def titles(page: Page) -> list[str]:
    expect(page.locator("#found")).not_to_be_empty()
    return [title.strip() for title in page.locator("#hits h2").all_inner_texts()]


def test_search_finds_what_the_server_finds(visit: Open, stored: Catalogue) -> None:
    tab = visit()
    page = tab.go("/search/")
    for question in QUESTIONS:
        page.get_by_label("Words").fill(question)
        page.get_by_label("Words").press("Enter")
        page.wait_for_function(
            "([q]) => document.querySelector('#found').dataset.of === q", arg=[question]
        )
        found = stored.episodes(Selection(q=question)).episodes
        assert titles(page) == [episode.title for episode in found], question
    assert tab.abroad == []
    assert tab.complaints == []


def test_search_as_one_types(visit: Open) -> None:
    tab = visit()
    page = tab.go("/")
    page.get_by_label("Search the catalogue").fill("relativ")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=relativ")
    expect(page.locator("#found")).to_have_text("7 recordings")
    page.get_by_label("Words").press("End")
    page.get_by_label("Words").press_sequentially("es tol")
    expect(page.locator("#found")).to_have_text("1 recording")
    at(page, "/search/?q=relatives+tol")
    page.get_by_role("link", name="Told by relatives").click()
    page.wait_for_url("**/some/where/episodes/*/")
    page.go_back()
    expect(page.locator("#hits h2")).to_have_count(1)
    assert (tab.abroad, tab.complaints) == ([], [])


def test_what_is_found_is_text(visit: Open) -> None:
    page = visit().go("/search/?q=constructor")
    expect(page.locator("#hits li")).to_have_count(6)
    assert page.locator("#hits b").count() == 0


def test_words_are_folded_as_on_the_server(visit: Open) -> None:
    page = visit().go("/search/")
    # Ideographs and syllables of Korean, which are many, are all of a kind.
    numbers = (*range(0x80, 0x3500), *range(0x9F00, 0xAD00), *range(0xD700, 0x10000))
    signs = [chr(n) for n in numbers if unicodedata.category(chr(n))[0] in "LNM"]
    given = [f"{sign}x {sign}" for sign in signs]
    # Marks of Arabic on Latin letters stand nowhere; those of all scripts with marks do.
    given += [f"e{sign}x" for sign in signs if unicodedata.name(sign, "").startswith("COMBINING")]
    script = page.locator("[data-module]").get_attribute("data-module")
    found = page.evaluate(
        """async ([script, given]) => {
            const { words } = await import(script);
            return given.map((one) => words(one).join(" "));
        }""",
        [script, given],
    )
    both = zip(given, found, strict=True)
    wrong = [one.encode("unicode-escape") for one, folded in both if folded != said(one)]
    assert wrong == []


def said(given: str) -> str:
    return " ".join(text.words(given))


def test_the_rest_works_as_on_a_server(visit: Open) -> None:
    tab = visit(color_scheme="light")
    page = tab.go("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    day = page.evaluate(ground)
    page.get_by_role("button", name="Colours").click()
    page.get_by_role("button", name="Colours").click()
    assert page.evaluate(ground) != day
    page.get_by_role("link", name="Told by relatives").click()
    assert tab.abroad == []
    page.get_by_role("link", name="Listen in NPR").click()
    expect(page.locator("iframe")).to_have_attribute(
        "src", "https://www.npr.org/player/embed/764153179/768167031"
    )
    assert "/episodes/" in page.url, "the player came into the page"
    assert tab.complaints == []


@pytest.mark.parametrize(("given", "told"), [("75", "1:15"), ("1:02:03", "1:02:03")])
def test_a_link_to_a_moment_starts_there(visit: Open, given: str, told: str) -> None:
    tab = visit()
    page = tab.go("/")
    path = page.get_by_role("link", name="With a file").get_attribute("href")
    page.goto(f"{page.url.removesuffix('/some/where/')}{path}?t={given}")
    expect(page.locator("#sound [data-show=state]")).to_have_text(f"Starts at {told}")
    expect(page.locator("#sound [data-show=now]")).to_have_text(told)
    assert tab.abroad == []
    assert tab.complaints == []


def test_without_javascript_the_way_to_the_lists_is_shown(visit: Open) -> None:
    page = visit(java_script_enabled=False).go("/search/?q=relatives")
    page.get_by_role("link", name="the list of all").click()
    page.wait_for_url("**/some/where/episodes/")
    expect(page.get_by_role("article")).to_have_count(8)
