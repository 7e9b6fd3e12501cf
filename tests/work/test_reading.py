"""What an answer holds, whatever it is."""

from __future__ import annotations

import gzip

import pytest

from podcat.net.answer import Answer
from podcat.work.reading import FEED, PAGE, SITEMAP, read

URL = "https://a.example/x"
LIMIT = 2**20
MAP = (
    b'<?xml version="1.0"?><!-- a --><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    b"<url><loc>https://a.example/1</loc><changefreq>daily</changefreq>"
    b"<lastmod>2026-01-02</lastmod></url><url><loc>https://a.example/2</loc></url>"
    b"<url><lastmod>2026-03-01</lastmod><loc>https://a.example/3</loc></url></urlset>"
)
RSS = b"\xef\xbb\xbf<?xml version='1.0'?>\n<?xml-stylesheet href='x'?>\n<rss><channel>%s</channel></rss>"


def answer(body: bytes, **more: object) -> Answer:
    return Answer(URL, URL, status=200, body=body, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("data", [MAP, gzip.compress(MAP)], ids=["plain", "packed"])
def test_a_sitemap(data: bytes) -> None:
    found = read(answer(data), LIMIT)
    assert found.kind == SITEMAP
    assert [(one.url[-1], one.stamp) for one in found.listed] == [
        ("3", "2026-03-01"), ("1", "2026-01-02"), ("2", ""),
    ]  # fmt: skip


NEWS = b"""<?xml version="1.0" encoding="UTF-8"?>
<sm:urlset xmlns:sm="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<sm:url>
  <xhtml:link rel="alternate" hreflang="kk" href="https://a.example/kk/1"/>
  <sm:loc><![CDATA[ https://a.example/1?a=1&b=2 ]]></sm:loc>
  <news:news><news:publication_date> 2026-05-01T10:00:00Z </news:publication_date>
    <news:title>&lt;loc&gt;https://a.example/no&lt;/loc&gt;</news:title></news:news>
  <image:image><image:loc>https://a.example/1.jpg</image:loc></image:image>
  <video:video><video:publication_date>2020-01-01</video:publication_date></video:video>
</sm:url>
<sm:url><news:publication_date>2026-05-02</news:publication_date><sm:lastmod>2026-05-03</sm:lastmod>
  <sm:loc>https://a.example/2</sm:loc></sm:url>
<sm:url><sm:loc>https://a.example/3</sm:loc>
<sm:url><sm:loc>https://a.example/4</sm:loc><sm:lastmod></sm:lastmod></sm:url>
</sm:urlset>"""


def test_a_news_sitemap_with_all_that_sitemaps_hold_beside_pages() -> None:
    found = read(answer(NEWS), LIMIT)
    assert [(one.url, one.stamp) for one in found.listed] == [
        ("https://a.example/2", "2026-05-03"),
        ("https://a.example/1?a=1&b=2", "2026-05-01T10:00:00Z"),
        ("https://a.example/3", ""),
        ("https://a.example/4", ""),
    ]


def test_a_feed() -> None:
    items = (
        b"<item><title>A</title><link>https://a.example/1</link>"
        b"<enclosure url='https://a.example/1.mp3' type='audio/mpeg'/></item>"
        b"<item><title>B</title><link>https://a.example/2</link></item>"
    )
    found = read(answer(RSS % items), LIMIT)
    assert (found.kind, found.problem) == (FEED, None)
    assert [one.title for _, page in found.pages for one in page.embeds] == ["A"]
    assert [one.url for one in found.listed] == ["https://a.example/2"]


JSON_FEED = r"""
{
  "title": "Talks", "language": "kk", "next_url": "https:\/\/a.example\/feed.json?page=2",
  "items": [
    {"id": "7", "url": "https://a.example/1", "title": "One", "content_html": "<p>Of it</p>",
     "date_published": "2026-01-02T03:04:05Z", "authors": [{"name": "Ann"}], "tags": ["A", 3],
     "attachments": [
       {"url": "https://a.example/1.jpg", "mime_type": "image/jpeg"},
       {"url": "https://a.example/1.mp3", "mime_type": "audio/mpeg", "duration_in_seconds": 61.5}]},
    {"id": 8, "url": "https://a.example/2", "content_text": "A story without sound"},
    {"id": "9", "external_url": "https://www.npr.org/player/embed/900000001/910000001"},
    null, 5, {"attachments": [null, {"url": 7}], "authors": 9, "tags": "x"}
  ],
  "version": "https:\/\/jsonfeed.org\/version\/1.1"
}"""


def test_a_json_feed() -> None:
    found = read(answer(JSON_FEED.encode()), LIMIT)
    assert (found.kind, found.problem) == (FEED, None)
    assert found.following == "https://a.example/feed.json?page=2"
    assert [one.url for one in found.listed] == ["https://a.example/2"]
    ((_, page),) = found.pages
    one, other = page.embeds
    assert (one.title, one.description, one.programme) == ("One", "Of it", "Talks")
    assert (one.audio_url, one.duration, one.link) == ("https://a.example/1.mp3", 61, "https://a.example/1")  # fmt: skip
    assert (one.published, one.language) == ("2026-01-02T03:04:05Z", "kk")
    assert [(who.name, who.role) for who in one.people] == [("Ann", "author")]
    assert (one.tags, one.place.line) == (("A", "3"), 5)
    assert (other.provider, other.id) == ("npr", "900000001/910000001")


NEXT = {
    "RSS": RSS % b"<atom:link rel='next' href='https://a.example/f?2'/>",
    "an archive": RSS % b"<atom:link rel='prev-archive' href='https://a.example/f?2'/>",
    "Atom": b"<feed xmlns='http://www.w3.org/2005/Atom'><link rel='next' href='https://a.example/f?2'/></feed>",
}  # fmt: skip


@pytest.mark.parametrize("data", NEXT.values(), ids=NEXT)
def test_older_items_of_a_feed(data: bytes) -> None:
    assert read(answer(data), LIMIT).following == "https://a.example/f?2"


def test_the_same_said_in_other_bytes_is_the_same() -> None:
    page = b"<!doctype html><title>T</title><input value='%d'><audio src='/1.mp3'></audio>"
    first, second = (read(answer(page % number), LIMIT) for number in (1, 2))
    assert (first.kind, len(first.pages[0][1].embeds)) == (PAGE, 1)
    assert first.digest == second.digest
    other = read(answer(page.replace(b"1.mp3", b"2.mp3") % 1), LIMIT)
    assert other.digest != first.digest


HOSTILE = (
    b"", b"\x00" * 9999, b"<" * 99_999, b"<rss>" * 9_999, b"<urlset>" + b"<url><loc>" * 9_999,
    b"<urlset><url><loc>http://[</loc></url><url><loc>javascript:x</loc></url></urlset>",
    b"\x1f\x8b\x08\x00broken", gzip.compress(bytes(2**24)), b"\x89PNG\r\n\x1a\n" + bytes(99),
    b"<!" * 9_999 + b"<rss>", b"<opml><outline xmlUrl='https://a.example/f'/></opml>",
    b'{"version":"https://jsonfeed.org/version/1"', b'{"version":"https://jsonfeed.org/version/1"}',
    b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 99_999,
    b'{"version":"https://jsonfeed.org/version/1","items":[{"id":' + b"9" * 9_999 + b"}]}",
    b'{"version":"https://jsonfeed.org/version/1","items":{"a":1},"next_url":["x"],"title":{}}',
    b"<feed xmlns='x'><entry><link href='//[::1'/></entry></feed>", b"%PDF-1.4 " * 99,
)  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_any_bytes_end_in_what_is_there_or_in_words(body: bytes) -> None:
    found = read(answer(body), LIMIT)
    assert not [one for _, page in found.pages for one in page.embeds]
    assert all(one.url.startswith("http") for one in found.listed)


def test_what_is_too_large_says_so() -> None:
    assert read(answer(b"<html>", whole=False), 6).problem == "is larger than the limit of 6 bytes"
