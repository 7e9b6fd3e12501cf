"""Feeds of others as pages with embeds; OPML as addresses; nothing hostile does harm."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from podcat.errors import SourceError
from podcat.extract import extract, syndication
from podcat.model import Document, Page, Person

RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:media="http://search.yahoo.com/mrss/" xmlns:podcast="https://podcastindex.org/namespace/1.0">
<channel><title>Sea Hour</title><link>https://sea.example/</link><language>en</language>
<atom:link rel="self" href="https://sea.example/feed.rss"/><itunes:author>Nobody</itunes:author>
<item><title>Ice &amp; Salt</title><link>https://sea.example/ice</link>
  <description>short</description>
  <content:encoded><![CDATA[<p>Long <b>words</b></p><p>and more<script>x</script></p>]]></content:encoded>
  <pubDate>Tue, 29 Oct 2019 05:02:00 -0400</pubDate><itunes:duration>4:26</itunes:duration>
  <enclosure url="https://pdst.fm/e/cdn.example/ice.mp3?token=9" type="audio/mpeg" length="1"/>
  <itunes:image href="https://sea.example/i.jpg"/><category>North</category>
  <podcast:person role="Guest">Bo Lind</podcast:person>
  <podcast:transcript url="https://sea.example/ice" type="text/html"/>
  <podcast:transcript url="" type="text/vtt"/>
  <podcast:transcript url="https://sea.example/ice.json" type="application/json"/>
  <podcast:transcript url="https://sea.example/ice.vtt" type="text/vtt"/>
  <guid isPermaLink="false">x-1</guid></item>
<item><title>From NPR</title>
  <media:player url="https://www.npr.org/player/embed/764153179/768167031"/></item>
<item><title>Moving</title><enclosure url="https://cdn.example/m.mp4" type="video/mp4"/>
  <author>Ana Ruiz</author></item>
<item><title>Words alone</title><link>https://sea.example/words</link></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="kk"><title>Теңіз</title>
<link rel="self" href="https://sea.example/atom"/>
<entry><title type="html">Мұз</title><link href="https://sea.example/1"/>
<link rel="enclosure" href="https://cdn.example/1.mp3" type="audio/mpeg"/>
<published>2022-01-13T09:30:00Z</published><summary>Сөз</summary>
<author><name>Айгүл</name></author><category term="Солтүстік"/></entry></feed>"""


def read(text: str | bytes) -> Page:
    data = text if isinstance(text, bytes) else text.encode()
    found = syndication.read(Document("feed.xml", data))
    assert isinstance(found, Page)
    return found


def test_rss() -> None:
    page = read(RSS)
    assert (page.title, page.url, page.site, page.form, page.language) == (
        "Sea Hour", "https://sea.example/feed.rss", "sea.example", "feed", "en",
    )  # fmt: skip
    ice, npr, moving = page.embeds
    assert (ice.provider, ice.id, ice.title, ice.programme) == (
        "audio-file", None, "Ice & Salt", "Sea Hour",
    )  # fmt: skip
    assert (ice.duration, ice.published) == (266, "2019-10-29T05:02:00-04:00")
    assert ice.description is not None
    assert ice.description.startswith("Long words\nand more")
    assert (ice.audio_url, ice.link) == (
        "https://pdst.fm/e/cdn.example/ice.mp3?token=9", "https://sea.example/ice",
    )  # fmt: skip
    assert (ice.image_url, ice.transcript_url) == (
        "https://sea.example/i.jpg", "https://sea.example/ice.vtt",
    )  # fmt: skip
    assert (ice.people, ice.tags) == ((Person("Bo Lind", "guest"),), ("North",))
    assert set(ice.provenance.values()) == {"html/feed"}
    assert (npr.provider, npr.id, npr.audio_url) == ("npr", "764153179/768167031", None)
    assert (moving.video_url, moving.audio_url) == ("https://cdn.example/m.mp4", None)
    assert moving.people == (Person("Ana Ruiz", "author"),)


def test_atom() -> None:
    (entry,) = read(ATOM).embeds
    assert (entry.title, entry.audio_url, entry.link) == (
        "Мұз", "https://cdn.example/1.mp3", "https://sea.example/1",
    )  # fmt: skip
    assert (entry.published, entry.description) == ("2022-01-13T09:30:00Z", "Сөз")
    assert (entry.people, entry.tags) == ((Person("Айгүл", "author"),), ("Солтүстік",))


def test_broken_markup_is_read_as_far_as_it_goes() -> None:
    assert read(RSS[: RSS.index("<item><title>Moving")]).embeds[0].title == "Ice & Salt"


def test_opml_lists_each_feed_once() -> None:
    opml = """<opml version="2.0"><body><outline text="A"><outline text="Sea" title="Sea Hour"
      xmlUrl="https://sea.example/feed.rss"/><outline XMLURL="https://sea.example/feed.rss"/>
      <outline xmlUrl="javascript:alert(1)"/><outline xmlUrl="/etc/passwd"/></outline></body></opml>"""
    found = syndication.read(Document("x.opml", opml.encode()))
    assert found == (("Sea Hour", "https://sea.example/feed.rss"),)


@pytest.mark.parametrize("text", ["", "words", "<html><p>x</p></html>", "<", "{}", "\0"])
def test_what_is_no_feed(text: str) -> None:
    with pytest.raises(SourceError, match=r"feed\.xml: is no feed"):
        read(text)


LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        LAUGHS,
        '<!DOCTYPE rss [<!ENTITY i SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
    ids=["laughs", "file", "dtd"],
)
def test_entities_are_not_resolved(head: str) -> None:
    item = '<item><title>T &i;</title><enclosure url="https://c.example/a.mp3" type="audio/mpeg"/></item>'
    started = time.process_time()
    page = read(f"{head}<rss><channel>{item}</channel></rss>")
    assert time.process_time() - started < 2
    assert all("root:" not in (e.title or "") and len(e.title or "") < 50 for e in page.embeds)


def embeds_or_none(data: bytes) -> int:
    try:
        found = syndication.read(Document("x", data))
    except SourceError:
        return 0
    return len(found.embeds if isinstance(found, Page) else found)


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text(st.sampled_from("<>&;/!x \"'=[]-")))
@example("", "&x;")
def test_no_bytes_break_it(one: str, other: str) -> None:
    item = f'<item><title>{one}</title>{other}<enclosure url="https://c.example/{one}.mp3"/></item>'
    for text in (one, f"<rss>{item}</rss>", f"<feed>{other}<entry>{one}</entry></feed>"):
        assert embeds_or_none(text.encode("utf-8", "replace")) <= 2


def test_deep_nesting_ends() -> None:
    assert embeds_or_none(b"<rss>" + b"<a>" * 100_000) == 0


def test_items_inside_items_and_ids_that_are_not_found_take_no_longer() -> None:
    began = time.process_time()
    assert embeds_or_none(b"<rss>" + b"<item><x>" * 110 + b"a<b/>" * 400_000) == 0
    items = b",".join(b'{"id":"\\u0041%d"}' % n for n in range(60_000))
    head = b'{"version":"https://jsonfeed.org/version/1.1","items":['
    assert embeds_or_none(head + items + b"]}") == 0
    assert time.process_time() - began < 5


AS_RSS = (
    b"<?xml version='1.0'?><rss><channel><item><title>A</title>"
    b"<enclosure url='https://a.example/1.mp3' type='audio/mpeg'/></item></channel></rss>"
)
AS_JSON = (
    b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "A",'
    b'"attachments": [{"url": "https://a.example/1.mp3", "mime_type": "audio/mpeg"}]}]}'
)


@pytest.mark.parametrize("data", [AS_RSS, AS_JSON], ids=["RSS", "JSON Feed"])
@pytest.mark.parametrize("kind", [None, "text/html", "text/plain"])
def test_a_feed_is_read_as_one_wherever_it_is_met(data: bytes, kind: str | None) -> None:
    page = extract(Document("a", data, "https://a.example/feed", kind))
    assert page.form == "feed"
    assert [(one.title, one.audio_url) for one in page.embeds] == [("A", "https://a.example/1.mp3")]
