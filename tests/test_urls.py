"""Addresses are judged by their parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podcat import urls


@pytest.mark.parametrize(
    ("url", "absolute"),
    [
        ("//www.npr.org/a", "https://www.npr.org/a"),
        ("HTTP://WWW.NPR.ORG:80/A?b#c", "http://www.npr.org/A?b#c"),
        (" https://a.test/x\n/y ", "https://a.test/x/y"),
        ("https://user:secret@a.test/", "https://a.test/"),
        ("https://bücher.test/ж", "https://xn--bcher-kva.test/%D0%B6"),
        ("https://[::1]:8000/", "https://[::1]:8000/"),
        ("https:\\\\a.test\\x?y=\\z", "https://a.test/x?y=%5Cz"),
        ("https://evil.test\\@a.test/x", "https://evil.test/@a.test/x"),
        ("https://a.test/\ud800ж?\udfff", "https://a.test/%EF%BF%BD%D0%B6?%EF%BF%BD"),
        ("https://a.test/\ud83d\ude00", "https://a.test/%F0%9F%98%80"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://a.test/", None),
        ("https://a b.test/", None),
        ("https://a.test:x/", None),
        ("https://[::1", None),
        ("", None),
        (None, None),
        ("https://a.test/" + "x" * 5000, None),
    ],
)
def test_absolute(url: str | None, absolute: str | None) -> None:
    assert urls.absolute(url) == absolute


def test_relative_addresses_take_their_page() -> None:
    assert (
        urls.absolute("/a/1.html", "https://www.rferl.org/x/") == "https://www.rferl.org/a/1.html"
    )
    assert urls.absolute("a.mp3", None) is None


@pytest.mark.parametrize(
    ("host", "pattern", "fits"),
    [
        ("npr.org", "npr.org", True),
        ("www.npr.org", "npr.org", False),
        ("rus.azattyq.org", "*.azattyq.org", True),
        ("azattyq.org", "*.azattyq.org", True),
        ("evilazattyq.org", "*.azattyq.org", False),
        ("azattyq.org.evil.test", "*.azattyq.org", False),
    ],
)
def test_on_host(host: str, pattern: str, fits: bool) -> None:
    assert urls.on_host(host, pattern) is fits


@pytest.mark.parametrize(
    "other",
    [
        "http://www.npr.org/2019/a/",
        "https://npr.org/2019/a?utm_source=x",
        "https://web.archive.org/web/20200101000000/https://www.npr.org/2019/a",
        "https://www.npr.org/2019/a#top",
    ],
)
def test_the_same_page(other: str) -> None:
    assert urls.page_key(other) == urls.page_key("https://www.npr.org/2019/a")


def test_links_of_an_archived_page_lead_to_what_it_keeps() -> None:
    kept = urls.absolute("/web/20100101000000/http://www.npr.org/v2/?i=1&m=2", "https://x.test/")
    assert kept == "http://www.npr.org/v2/?i=1&m=2"
    assert urls.absolute("/web/design/http", "https://x.test/") == "https://x.test/web/design/http"


def test_another_query_is_another_page() -> None:
    one, other = "https://a.test/?id=1", "https://a.test/?id=2"
    assert urls.page_key(one) != urls.page_key(other)


@pytest.mark.parametrize(
    ("url", "second"),
    [
        ("https://a.test/?t=95", 95),
        ("https://a.test/?start=95", 95),
        ("https://a.test/#t=1m35s", 95),
        ("https://a.test/?t=9h38m43s", 34723),
        ("https://a.test/?t=audio", None),
        ("https://a.test/?t=0", None),
    ],
)
def test_start_of(url: str, second: int | None) -> None:
    address = urls.parse(url)
    assert address
    assert urls.start_of(address) == second


@given(st.text(max_size=120))
def test_no_address_is_too_strange(url: str) -> None:
    absolute = urls.absolute(url, "https://a.test/b/")
    urls.page_key(url)
    if absolute is not None:
        assert absolute.isascii()
        assert absolute.startswith(("http://", "https://"))


# ---------------------------------------------------------------- files behind measuring services

FILE = "https://cdn.example.org/shows/ice.mp3"
BEHIND = "cdn.example.org/shows/ice.mp3"


@pytest.mark.parametrize(
    "url",
    [
        f"https://dts.podtrac.com/redirect.mp3/{BEHIND}",
        f"https://www.podtrac.com/pts/redirect.mp3/{BEHIND}?source=feed",
        f"https://play.podtrac.com/npr-510289/{BEHIND}",
        f"https://chtbl.com/track/9EE2G/{BEHIND}",
        f"https://chrt.fm/track/9EE2G/{BEHIND}",
        f"https://pdst.fm/e/{BEHIND}",
        f"https://op3.dev/e/{BEHIND}",
        f"https://op3.dev/e,pg=1234/https://{BEHIND}",
        f"https://pscrb.fm/rss/p/{BEHIND}",
        f"https://verifi.podscribe.com/rss/p/{BEHIND}",
        f"https://mgln.ai/e/123/{BEHIND}",
        f"https://claritaspod.com/measure/{BEHIND}",
        f"https://arttrk.com/p/ABC12/{BEHIND}",
        f"https://prfx.byspotify.com/e/{BEHIND}",
        f"https://pdst.fm/e/chtbl.com/track/1/pscrb.fm/rss/p/https://op3.dev/e/http://www.{BEHIND}",
        f"https://l.facebook.com/l.php?u=https%3A%2F%2F{BEHIND}%3Ffbclid%3D1",
        f"https://web.archive.org/web/2020/https://pdst.fm/e/{BEHIND}",
        f"{FILE}?token=abc&Expires=9&Signature=x%3D&X-Amz-Date=1&utm_source=z#t=9",
    ],
)
def test_one_file_behind_whatever_counts_its_downloads(url: str) -> None:
    assert urls.media_key(url) == urls.media_key(FILE) == BEHIND


@pytest.mark.parametrize(
    "url",
    [
        "https://pdst.fm/e/",
        "https://pdst.fm/e/not-an-address",
        "https://pdst.fm.evil.example/e/cdn.example.org/shows/ice.mp3",
        "https://evilchtbl.com/track/1/cdn.example.org/shows/ice.mp3",
        f"{FILE}?id=2",
        "nonsense:",
        None,
    ],
)
def test_other_files_stay_others(url: str | None) -> None:
    assert urls.media_key(url) != BEHIND


def test_a_tower_of_prefixes_ends() -> None:
    assert urls.media_key("https://pdst.fm/e/" * 200 + BEHIND) is not None
