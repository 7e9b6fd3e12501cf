"""The player: it remembers, skips, follows, shares a moment, and plays on while one browses."""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browser_server import Visit, listening, served, watched
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from test_browser_axe import AXE, findings
from werkzeug.utils import send_file
from werkzeug.wrappers import Request, Response

from podcat.model import Candidate, Embed, Place
from podcat.model import Page as SourcePage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:unclosed file .*static:ResourceWarning"),
]

LENGTH = 600
DESCRIPTION = "Two talk.\n0:00 Welcome\n1:30 The railway\n5:00 Letters"
SUBTITLES = "WEBVTT\n\n" + "\n".join(
    f"{n:02}:00.000 --> {n:02}:05.000\n<v {'Ann' if n % 2 else 'Bob'}>What was said in minute {n}.\n"
    for n in range(10)
)


# ---------------------------------------------------------------- a file, and pages about it


def silence(seconds: int) -> bytes:
    """A WAV file with nothing to hear."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(3000)
        sound.writeframes(b"\x80" * 3000 * seconds)
    return file.getvalue()


@pytest.fixture(scope="module")
def files() -> Iterator[str]:
    """Where sound lies: `/talk.wav` in ranges; all else is missing."""
    sounds = {"/talk.wav": silence(LENGTH), "/other.wav": silence(60), "/film.wav": silence(60)}

    @Request.application
    def serve(request: Request) -> Response:
        if request.path not in sounds:
            return Response(status=404)
        sound = io.BytesIO(sounds[request.path])
        return send_file(sound, request.environ, mimetype="audio/wav", conditional=True)

    with listening(serve) as address:
        yield address


@pytest.fixture(scope="module")
def site(files: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Pages about a talk, another sound, and one whose file is missing."""
    folder = tmp_path_factory.mktemp("player")
    said = (Candidate("transcript", SUBTITLES, "test"),)
    embeds = (
        Embed("audio-file", Place(1), title="Talk", kind="audio", duration=LENGTH, tags=("Rail",),
              programme="Evening", audio_url=f"{files}/talk.wav", description=DESCRIPTION,
              candidates=said),
        Embed("audio-file", Place(2), title="Other", kind="audio", audio_url=f"{files}/other.wav"),
        Embed("audio-file", Place(3), title="Missing", kind="audio", audio_url=f"{files}/none.mp3"),
        Embed("audio-file", Place(4), title="Film", kind="video", audio_url=f"{files}/film.wav"),
    )  # fmt: skip
    page = SourcePage(url="https://talks.example/", site="Talks", embeds=embeds)
    with served(folder, [page]) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, site: str, files: str) -> Iterator[Callable[..., Visit]]:
    """Opens a tab; what it asks of others is counted, and of those only the files answer."""
    contexts: list[BrowserContext] = []

    def answer(route: Route) -> None:
        if route.request.url.startswith(files):
            route.continue_()
        else:
            route.abort()

    def open_tab(**settings: object) -> Visit:
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        contexts.append(context)
        return watched(context, site, answer)

    yield open_tab
    for context in contexts:
        context.close()


Open = Callable[..., Visit]
TALK, OTHER, MISSING, FILM = (f"/episodes/{number}" for number in (4, 3, 2, 1))


def button(page: Page, name: str) -> Any:
    return page.locator("#sound").get_by_role("button", name=name, exact=True)


def slider(page: Page) -> Any:
    return page.get_by_role("slider", name="Position")


def second(page: Page) -> float:
    return float(page.evaluate("document.querySelector('audio').currentTime"))


def until(page: Page, condition: str) -> None:
    """Waits for what must become true of the `<audio>` or `<video>` a. (The page's policy forbids the usual way.)"""
    for _ in range(250):
        if page.evaluate(f"(a => {condition})(document.querySelector('audio, video'))"):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never: {condition}")


def sounding(page: Page) -> None:
    """Waits until time goes by."""
    until(page, "!a.paused && a.readyState > 2 && a.played.length > 0")


def silent(tab: Visit) -> bool:
    """Whether nothing was asked of anybody else, now that all is quiet."""
    tab.quiet()
    return tab.abroad == []


def play(page: Page) -> None:
    button(page, "Play").click()
    sounding(page)


# ---------------------------------------------------------------- what is remembered


def test_one_comes_back_to_the_same_second_and_nothing_is_asked_for_before(visit: Open) -> None:
    tab = visit()
    page = tab.go(TALK)
    expect(slider(page)).to_have_attribute("aria-valuetext", "0 seconds of 10 minutes")
    assert silent(tab)
    play(page)
    slider(page).fill("123")
    expect(slider(page)).to_have_attribute("aria-valuetext", re.compile("2 minutes 3 seconds of"))
    button(page, "Pause").click()
    left = int(second(page))
    tab.abroad.clear()
    tab.go("/tags")
    tab.go(TALK)
    expect(page.get_by_text(f"Goes on at 2:0{left - 120}")).to_be_visible()
    assert silent(tab), "the position was loaded for"
    play(page)
    assert left <= second(page) < left + 2
    tab.go(f"{TALK}?t=300")
    expect(page.get_by_text("Starts at 5:00")).to_be_visible()
    play(page)
    assert 300 <= second(page) < 302, "the link's second comes first"
    assert tab.complaints == []


def test_what_was_heard_to_the_end_begins_anew(visit: Open) -> None:
    tab = visit()
    page = tab.go(f"{TALK}?t=599")
    play(page)
    expect(button(page, "Play")).to_be_visible()
    expect(page.locator("html[data-playing]")).to_have_count(0)
    tab.go(TALK)
    expect(slider(page)).to_have_value("0")


def test_speed_holds_for_all_that_follows(visit: Open) -> None:
    tab = visit()
    page = tab.go(TALK)
    page.get_by_label("Speed").select_option("1.75")
    tab.go(OTHER)
    expect(page.get_by_label("Speed")).to_have_value("1.75")
    play(page)
    assert page.evaluate("document.querySelector('audio').playbackRate") == 1.75


# ---------------------------------------------------------------- moving about


def test_skips_and_keys_move(visit: Open) -> None:
    tab = visit()
    page = tab.go(f"{TALK}?t=100")
    button(page, "Forward 30 seconds").click()
    button(page, "Back 15 seconds").click()
    assert second(page) == 115, "before anything is loaded"
    page.locator("#main").focus()
    for key, wanted in (("l", 145), ("ArrowRight", 175), ("j", 160), ("ArrowLeft", 145)):
        page.keyboard.press(key)
        assert second(page) == wanted
    assert tab.abroad == []
    page.keyboard.press("k")
    sounding(page)
    page.keyboard.press("m")
    expect(button(page, "Mute")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press(">")
    expect(page.get_by_label("Speed")).to_have_value("1.25")
    page.keyboard.press("<")
    expect(page.get_by_label("Speed")).to_have_value("1")
    page.keyboard.press("Space")
    expect(button(page, "Play")).to_be_visible()
    title = page.evaluate("navigator.mediaSession.metadata.title")
    assert title == "Talk"


def test_keys_mean_letters_in_fields_and_nothing_when_switched_off(visit: Open) -> None:
    tab = visit()
    page = tab.go(f"{TALK}?t=100")
    expect(button(page, "Play")).to_be_visible()
    page.get_by_label("Search the catalogue").press_sequentially("jkl m")
    expect(page.get_by_label("Search the catalogue")).to_have_value("jkl m")
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Keys are on").uncheck()
    page.locator("#main").focus()
    page.keyboard.press("l")
    assert second(page) == 100
    page.get_by_label("Keys are on").check()
    page.locator("#main").focus()
    page.keyboard.press("l")
    assert second(page) == 130


def test_chapters_and_transcript_jump_and_follow(visit: Open) -> None:
    tab = visit()
    page = tab.go(TALK)
    expect(button(page, "Play")).to_be_visible()
    page.get_by_role("link", name="The railway").click()
    sounding(page)
    assert 90 <= second(page) < 93
    assert "t=" not in page.url, "the page was left"
    now = page.locator("#chapters [aria-current]")
    expect(now).to_contain_text("The railway")
    expect(page.locator("#sound .part")).to_have_text("The railway")
    page.locator(".transcript summary").click()
    spoken = page.locator("#transcript p:has([aria-current])")
    expect(spoken).to_contain_text("minute 1.")
    page.locator("#transcript").get_by_role("link", name="8:00").click()
    expect(spoken).to_contain_text("Bob What was said in minute 8.")
    expect(spoken).to_be_in_viewport()
    expect(now).to_contain_text("Letters")
    button(page, "Pause").click()
    slider(page).fill("0")
    expect(now).to_contain_text("Welcome")
    assert tab.complaints == []


def test_axe_finds_nothing_while_it_plays(visit: Open) -> None:
    tab = visit(viewport={"width": 1000, "height": 500}, reduced_motion="reduce")
    page = tab.go(f"{TALK}?t=100")
    play(page)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.locator(".transcript").scroll_into_view_if_needed()
    expect(page.get_by_role("region", name="Now playing")).to_be_visible()
    page.evaluate(AXE)
    assert findings(page) == []
    page.emulate_media(color_scheme="dark")
    assert findings(page, "color-contrast") == []


# ---------------------------------------------------------------- on while one browses


def test_it_plays_on_while_one_browses(visit: Open) -> None:
    tab = visit()
    page = tab.go(f"{TALK}?t=60")
    play(page)
    dock = page.get_by_role("region", name="Now playing")
    expect(dock).to_be_hidden()
    page.get_by_role("link", name="Tags", exact=True).first.click()
    page.wait_for_url("**/tags")
    expect(dock).to_be_visible()
    at = second(page)
    until(page, f"a.currentTime > {at + 0.2}")
    page.keyboard.press("l")
    until(page, "a.currentTime > 90")
    page.get_by_role("link", name="Episodes", exact=True).click()
    page.wait_for_url("**/episodes")
    dock.get_by_role("button", name="Pause").click()
    expect(dock.get_by_role("button", name="Play")).to_be_visible()
    dock.get_by_role("link", name="Talk").click()
    page.wait_for_url(re.compile(r"/episodes/4-talk$"))
    expect(button(page, "Play")).to_be_visible()
    expect(dock).to_be_hidden()
    expect(page.locator("audio")).to_have_count(1)
    assert second(page) > 90
    expect(slider(page)).to_have_value(str(int(second(page))))
    play(page)
    assert tab.complaints == []


def test_the_way_back_to_a_shared_moment_does_not_turn_time_back(visit: Open) -> None:
    tab = visit()
    page = tab.go(f"{TALK}?t=60")
    play(page)
    page.get_by_role("link", name="Tags", exact=True).first.click()
    page.wait_for_url("**/tags")
    page.keyboard.press("l")
    until(page, "a.currentTime > 90")
    page.go_back()
    expect(button(page, "Pause")).to_be_visible()
    until(page, "a.readyState > 2")
    assert second(page) > 90
    assert tab.complaints == []


def test_another_sound_takes_the_place_of_the_first(visit: Open) -> None:
    tab = visit()
    page = tab.go(f"{TALK}?t=60")
    play(page)
    page.get_by_role("link", name="Episodes", exact=True).click()
    page.get_by_role("link", name="Other").click()
    page.wait_for_url("**/episodes/3-other")
    dock = page.get_by_role("region", name="Now playing")
    expect(dock).to_contain_text("Talk")
    button(page, "Play").click()
    expect(dock).to_be_hidden()
    expect(page.locator("audio")).to_have_count(1)
    sounding(page)
    page.get_by_role("link", name="Tags", exact=True).first.click()
    expect(dock).to_contain_text("Other")
    dock.get_by_role("button", name="Stop and close").click()
    expect(dock).to_be_hidden()
    expect(page.locator("audio")).to_have_count(0)
    tab.go(TALK)
    expect(page.get_by_text(re.compile("Goes on at 1:0"))).to_be_visible()
    assert tab.complaints == []


def test_a_film_goes_on_in_the_dock_and_back_in_its_place(visit: Open) -> None:
    tab = visit()
    page = tab.go(FILM)
    play(page)
    page.get_by_role("link", name="Tags", exact=True).first.click()
    expect(page.locator("#dock video")).to_be_visible()
    sounding(page)
    page.go_back()
    expect(page.locator("#sound video")).to_be_visible()
    expect(page.locator("video")).to_have_count(1)
    expect(button(page, "Pause")).to_be_visible()
    sounding(page)
    page.locator("video").click()
    expect(button(page, "Play")).to_be_visible()
    assert tab.complaints == []


# ---------------------------------------------------------------- share


def test_share_from_here(visit: Open) -> None:
    tab = visit(permissions=["clipboard-read", "clipboard-write"])
    tab.page.add_init_script("navigator.share = async (what) => { window.sent = what; }")
    page = tab.go(f"{TALK}?t=125")
    expect(button(page, "Play")).to_be_visible()
    page.get_by_text("Share", exact=True).click()
    link = f"{tab.address}/episodes/4-talk"
    share = page.locator("#share")
    expect(share.get_by_text(f"{link}?t=125", exact=True)).to_be_visible()
    expect(share).to_contain_text(f'src="{tab.address}/embed/4?t=125"')
    share.get_by_role("button", name="Copy the link").click()
    expect(share.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{link}?t=125"
    share.get_by_role("button", name="Send…").click()
    assert page.evaluate("window.sent") == {"title": "Talk", "url": f"{link}?t=125"}
    share.get_by_label("Start at 2:05").uncheck()
    expect(share.get_by_text(link, exact=True)).to_be_visible()
    expect(share).to_contain_text(f'src="{tab.address}/embed/4"')
    assert tab.complaints == []


def test_a_browser_that_allows_nothing_plays_and_shows_the_link(visit: Open) -> None:
    tab = visit()
    tab.page.add_init_script("""
        for (const name of ['clipboard', 'share', 'mediaSession'])
          Object.defineProperty(Navigator.prototype, name, { value: undefined });
        Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no'); } });
    """)
    page = tab.go(f"{TALK}?t=125")
    play(page)
    button(page, "Pause").click()
    page.get_by_text("Share", exact=True).click()
    link = page.locator("#share code").first
    expect(link).to_have_text(re.compile(rf"{tab.address}/episodes/4-talk\?t=12[5-7]"))
    expect(page.locator("#share").get_by_role("button")).to_have_count(0)
    assert tab.complaints == []


def test_the_frame_for_other_sites_plays(visit: Open) -> None:
    tab = visit(viewport={"width": 340, "height": 180})
    page = tab.go("/embed/4?t=75")
    expect(page.get_by_text("Starts at 1:15")).to_be_visible()
    assert silent(tab)
    assert page.evaluate("document.documentElement.scrollHeight") <= 180, "the frame cuts it off"
    play(page)
    button(page, "Pause").click()
    assert tab.complaints == []


# ---------------------------------------------------------------- when things are missing


def test_a_file_that_does_not_play_says_so(visit: Open, files: str) -> None:
    tab = visit()
    page = tab.go(MISSING)
    trouble = page.get_by_text("This file does not play here.")
    expect(button(page, "Play")).to_be_visible()
    expect(trouble).to_be_hidden()
    button(page, "Play").click()
    expect(trouble).to_be_visible()
    expect(trouble.get_by_role("link")).to_have_attribute("href", f"{files}/none.mp3")
    expect(button(page, "Play")).to_be_visible()
    expect(page.locator("html[data-playing]")).to_have_count(0)
    asked = len(tab.abroad)
    button(page, "Play").click()
    page.wait_for_timeout(200)
    assert len(tab.abroad) > asked, "it was not tried once more"


def test_without_javascript_the_browser_plays_and_times_are_links(visit: Open) -> None:
    tab = visit(java_script_enabled=False)
    page = tab.go(TALK)
    expect(page.locator("audio[controls]")).to_be_visible()
    expect(page.get_by_role("button", name="Mute")).to_have_count(0)
    page.get_by_role("link", name="The railway").click()
    page.wait_for_url("**/episodes/4-talk?t=90#sound")
    assert str(page.locator("audio").get_attribute("src")).endswith("/talk.wav#t=90")
    page.get_by_text("Share", exact=True).click()
    expect(page.get_by_text(f"{tab.address}/episodes/4-talk", exact=True)).to_be_visible()
    assert tab.abroad == []
