"""The quick scan of a page's bytes never passes over a page on which a recording is found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podcat.extract import html_page, traces
from podcat.extract.decode import decode
from podcat.model import Document, Page
from podcat.providers import registry

HERE = Path(__file__).parent
# More than the scan lets pass unread because it may be a piece of a page.
WORDS = "<p>Seven words that name nothing at all.</p>\n" * 500

PAGES = sorted(
    p
    for folder in ("cases", "families/npr", "families/rferl")
    for p in (HERE / folder).glob("*.html")
)
SNIPPETS = [
    json.loads(line)["html"]
    for line in (HERE.parent / "providers" / "snippets.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper-case tags": lambda t: re.sub(r"<[a-z]+", lambda m: m[0].upper(), t),
    "slashes as numbers": lambda t: t.replace("://", ":&#x2F;&#47;"),
    "dots as numbers": lambda t: re.sub(r"(?<=//)[\w.-]+", lambda m: m[0].replace(".", "&#46;"), t),
    "letters as numbers": lambda t: re.sub(
        r"(?<=//)(www|\w)", lambda m: f"&#{ord(m[0][0])};" + m[0][1:], t
    ),
    "upper-case hosts": lambda t: re.sub(r"(?<=//)[\w.-]+", lambda m: m[0].upper(), t),
    "archived": lambda t: re.sub(
        r'(["\'])(https?://)', r"\1https://web.archive.org/web/20200101000000if_/\2", t
    ),
}


def whole(text: str) -> str:
    """A page of the text among words enough."""
    return f"<!doctype html><html><body>{WORDS}{text}{WORDS}</body></html>"


def as_published(text: str) -> str:
    """A piece of a publisher's own page with what such a page always has: links to the publisher."""
    markup = {"https://www.npr.org/": "resaudio|audio-module|data-audio", "https://www.rferl.org/": "c-mmp|media-pholder",
              "https://www.spreaker.com/": "spreaker-player", "https://example.substack.com/": "native-audio-embed"}  # fmt: skip
    homes = [home for home, classes in markup.items() if re.search(classes, text)]
    return text + "".join(f'<link rel="home" href="{home}">' for home in homes)


def passed_over(text: str) -> Page | None:
    """What full extraction finds on a page that the scan would leave unread."""
    if traces.any_in(text.encode("utf-8", "replace"), None):
        return None
    return html_page.read(text, None)


@pytest.mark.parametrize("disguise", DISGUISES)
def test_no_page_with_a_recording_is_passed_over(disguise: str) -> None:
    texts = [decode(Document(p.name, p.read_bytes())).text + WORDS for p in PAGES]
    texts += [whole(snippet) for snippet in SNIPPETS]
    for text in texts:
        page = passed_over(DISGUISES[disguise](as_published(text)))
        assert page is None or not (page.embeds or page.refused), text.replace(WORDS, "")


def test_pages_without_a_player_are_passed_over() -> None:
    links = "".join(
        f'<a href="https://{host}/about">x</a>' for host in ("twitter.com", "www.youtube.com")
    )
    prose = "<p>Listen &amp; read: the radio&#8217;s player&nbsp;played audio at 3.14.</p>"
    assert passed_over(whole(links + prose)) is not None


def examples() -> list[str]:
    return [e["url"] for provider in registry().providers.values() for e in provider.examples]


CARRIERS = (
    '<iframe src="{}"></iframe>', "<iframe data-src='{}'></iframe>", '<a href="{}">Listen</a>',
    "<p>Hear it: {} or not</p>", '<input value="&lt;iframe src=&quot;{}&quot;&gt;">',
    '<audio src="{}"></audio>', '<script src="{}"></script>', '<embed src="{}">',
    '<meta property="og:audio" content="{}">', '<meta name="twitter:player" content="{}">',
    '<script type="application/ld+json">{{"@type": "AudioObject", "contentUrl": "{}"}}</script>',
    '<div data-player=\'{{"url": "{}"}}\'></div>',
)  # fmt: skip


@settings(max_examples=150)
@given(st.sampled_from(examples()), st.sampled_from(CARRIERS), st.sampled_from(sorted(DISGUISES)))
def test_scan_and_extraction_agree(url: str, carrier: str, disguise: str) -> None:
    text = DISGUISES[disguise](whole(carrier.format(url)))
    page = passed_over(text)
    assert page is None or not (page.embeds or page.refused)


def test_what_is_small_is_always_read() -> None:
    assert traces.any_in(b'<div class="native-audio-embed"></div>', None)
