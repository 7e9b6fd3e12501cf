"""Which pages lead to stories, and to which."""

from __future__ import annotations

import pytest

from podcat import urls
from podcat.extract import listing
from podcat.model import Document

SITE = "https://news.example"


@pytest.mark.parametrize(
    "path",
    [
        "/2022/01/13/1072/protests", "/a/kazakhstan-week/31654321.html", "/nx-s1-5123456/title",
        "/sections/goatsandsoda/2022/01/13/1072644/a-story", "/news/a-week-that-changed",
        "/articles/c4g2xq31l9po-12345", "/2022-01-13/talk", "/p/some-long-title", "/неделя-без-связи",
    ],
)  # fmt: skip
def test_what_looks_like_a_story(path: str) -> None:
    address = urls.parse(SITE + path)
    assert address
    assert listing.is_story(address)


@pytest.mark.parametrize(
    "path",
    [
        "/", "/news", "/tags/central-asia-in-depth", "/topics/12345", "/authors/ana-maria-lopez",
        "/series/423302056/hidden-brain", "/z/20023", "/about/how-we-work", "/images/2022/01/a.jpg",
        "/radio/live", "/2022/", "/search/what-is-new", "/programs/all-things-considered/",
    ],
)  # fmt: skip
def test_what_does_not(path: str) -> None:
    address = urls.parse(SITE + path)
    assert address
    assert not listing.is_story(address)


BODY = """<base href="/x/"><header><a href="/a/1/11111.html">top</a></header>
<div role="navigation"><a href="/a/2/22222.html">menu</a></div>
<main><article><header><h2><a href="31/33333.html#c">One</a></h2></header></article>
<a href="https://www.news.example/a/4/44444.html">Two</a> <a href="31/33333.html">One</a>
<a href="https://other.example/a/5/55555.html">elsewhere</a> <a href="javascript:x">no</a>
<a>none</a> <a href="mailto:a@news.example">mail</a><aside><a href="/a/6/66666.html">most read</a>
</aside></main><footer><a href="/a/7/77777.html">bottom</a></footer>"""
FOUND = (f"{SITE}/x/31/33333.html", "https://www.news.example/a/4/44444.html")


def stories(html: str, url: str | None = f"{SITE}/tags/almaty") -> tuple[str, ...]:
    return listing.stories(Document("a.html", f"<!doctype html>{html}".encode(), url, "text/html"))


def test_the_links_of_its_body_to_its_own_site() -> None:
    assert stories(BODY) == FOUND
    assert stories(f'<meta property="og:type" content="website">{BODY}') == FOUND


def test_a_story_is_no_listing() -> None:
    assert stories(f'<meta property="og:type" content="article">{BODY}') == ()
    assert stories(BODY, f"{SITE}/a/one-more-story/88888.html") == ()
    assert stories(BODY, None) == ()
    assert listing.stories(Document("a.txt", BODY.encode(), f"{SITE}/tags/x", "text/plain")) == ()


def test_there_is_an_end() -> None:
    many = "".join(f"<a href='/a/{n}/story.html'>x</a>" for n in range(10_000, 30_000))
    assert len(stories("<div>" * 1000 + many)) == listing.MOST
