"""Finding in a real browser: the list follows what is typed and clicked, and nothing is reloaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from browser_server import Visit, at, served
from playwright.sync_api import Page, Route, expect

from podcat.model import Embed, Person, Place
from podcat.model import Page as SourcePage

Open = Callable[..., Visit]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:unclosed file .*static:ResourceWarning"),
]

MANY = SourcePage(
    url="https://news.example/many",
    title="Many",
    embeds=tuple(
        Embed(
            provider="npr",
            id=str(n),
            place=Place(line=n + 1),
            title=f"{'Sea' if n % 4 else 'Ice'} report {n}",
            published=f"20{15 + n % 3}-{n % 12 + 1:02}-01",
            duration=60 * n,
            people=(Person(f"Person {n}", "host"),),
            tags=("Kept",) if n < 10 else ("Left",),
        )
        for n in range(48)
    ),
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a catalogue that is worth searching is served."""
    folder = tmp_path_factory.mktemp("find")
    with served(folder, [MANY]) as address:
        yield address


def marked(page: Page) -> Page:
    """A page that would lose its mark by being loaded anew."""
    page.evaluate("() => { window.mine = true; }")
    return page


def is_same(page: Page) -> bool:
    return page.evaluate("window.mine") is True


def count(page: Page, words: str) -> None:
    expect(page.locator("#results .count")).to_have_text(words)


def test_the_list_follows_what_is_typed(visit: Open) -> None:
    tab = visit()
    tab.go("/tags")
    page = marked(tab.go("/search"))
    page.get_by_label("Words").press_sequentially("ice", delay=20)
    count(page, "12 recordings")
    at(page, "/search?q=ice*")
    expect(page.get_by_role("status")).to_have_text("12 recordings")
    expect(page.get_by_label("Words")).to_be_focused()
    expect(page).to_have_title(re.compile(r"Search: ice\*"))
    assert "q=ice" in str(page.locator("head link[rel=alternate]").first.get_attribute("href"))
    page.keyboard.press("Escape")
    count(page, "48 recordings")
    at(page, "/search")
    assert is_same(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tags")
    assert tab.complaints == []
    assert tab.abroad == []


def test_a_word_is_found_before_it_is_whole(visit: Open) -> None:
    """While one types; what is sent off is taken as it stands, and leads on to what begins so."""
    tab = visit()
    page = marked(tab.go("/search"))
    field = page.get_by_label("Words")
    field.press_sequentially("ic", delay=20)
    count(page, "12 recordings")
    at(page, "/search?q=ic*")
    page.get_by_label("Narrow this list").get_by_role("link", name="Kept").click()
    count(page, "3 recordings")
    expect(field).to_have_value("ic")
    field.press("Enter")
    count(page, "0 recordings")
    at(page, "/search?q=ic&tag=kept")
    page.get_by_role("link", name="Words that begin with “ic”").click()
    count(page, "3 recordings")
    assert is_same(page)
    expect(field).to_have_value("ic*")
    field.fill('"ice rep')
    count(page, "0 recordings")
    at(page, "/search?q=%22ice+rep&tag=kept")  # nothing is guessed in a quotation
    assert tab.complaints == []
    assert tab.abroad == []


def test_the_newest_word_wins(visit: Open) -> None:
    """Whatever comes back last: a word that is typed on is not waited for any more."""
    page = marked(visit().go("/search"))
    held: list[Route] = []
    page.route("**/search?q=sea*", lambda route: held.append(route))  # noqa: PLW0108  (it takes functions)
    field = page.get_by_label("Words")
    with page.expect_request("**/search?q=sea*"):
        field.fill("sea")
    field.fill("ice")
    count(page, "12 recordings")
    for route in held:
        route.fulfill(body="<p>too late</p>", content_type="text/html")
    page.wait_for_timeout(100)
    count(page, "12 recordings")
    assert is_same(page)


def test_a_click_beside_the_list_narrows_it_and_back_widens_it(visit: Open) -> None:
    tab = visit()
    page = marked(tab.go("/episodes"))
    beside = page.get_by_label("Narrow this list")
    beside.get_by_role("link", name="Kept").click()
    count(page, "10 recordings")
    at(page, "/episodes?tag=kept")
    expect(beside.get_by_role("link", name="Remove: Kept")).to_be_focused()
    page.get_by_label("Words").press_sequentially("ice")
    count(page, "3 recordings")
    at(page, "/episodes?q=ice*&tag=kept")  # what was clicked holds for what is typed
    page.go_back()
    count(page, "48 recordings")
    at(page, "/episodes")
    assert is_same(page)
    assert tab.complaints == []
    assert tab.abroad == []


def test_a_condition_behind_more_stays_in_sight(visit: Open) -> None:
    page = marked(visit().go("/episodes"))
    people = page.locator("#narrow section", has_text="People")
    people.get_by_text("more").click()
    people.get_by_role("link", name="Person 17", exact=True).click()
    count(page, "1 recording")
    expect(page.locator("#narrow").get_by_role("link", name="Remove: Person 17")).to_be_focused()
    assert is_same(page)


def test_the_timeline_can_be_used_by_keyboard(visit: Open) -> None:
    page = marked(visit().go("/episodes"))
    label = page.locator(".timeline a", has=page.locator("text", has_text="2016"))
    label.focus()
    page.keyboard.press("Enter")
    count(page, "16 recordings")
    at(page, "?since=2016&until=2016")
    page.get_by_role("link", name="February 2016: 4 recordings").focus()
    page.keyboard.press("Enter")
    count(page, "4 recordings")
    assert is_same(page)


def test_without_javascript_conditions_are_links(visit: Open) -> None:
    page = visit(java_script_enabled=False).go("/episodes")
    page.get_by_label("Narrow this list").get_by_role("link", name="Kept").click()
    count(page, "10 recordings")
    page.get_by_label("Words").fill("ice")
    page.keyboard.press("Enter")
    count(page, "3 recordings")


def test_names_are_found_as_one_types(visit: Open) -> None:
    page = marked(visit().go("/people"))
    page.get_by_label("Name").press_sequentially("person 41")
    count(page, "1 of 48")
    at(page, "/people?q=person+41")
    assert is_same(page)


@pytest.mark.parametrize("path", ["/", "/episodes", "/tags/kept", "/people"])
def test_nothing_is_wider_than_a_small_phone(visit: Open, path: str) -> None:
    tab = visit(viewport={"width": 320, "height": 640})
    page = tab.go(path)
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    tab.quiet()
    assert tab.abroad == []
