from __future__ import annotations

from feed_samples import BASE, CASES, JANUARY_13, Golden
from lxml import etree

from podcat.feed import opml
from podcat.feed.opml import Outline

OUTLINES = (
    Outline(
        "Stories about Kazakhstan",
        f"{BASE}/feeds/kazakhstan.rss",
        f"{BASE}/feeds/kazakhstan",
        'News & "talk"',
        "en",
    ),
    Outline("Newest", f"{BASE}/feeds/newest.rss"),
)


def test_golden(golden: Golden) -> None:
    golden(CASES / "feeds.opml", opml.render("podcat: feeds", OUTLINES, JANUARY_13))


def test_no_date_unless_given() -> None:
    assert b"dateCreated" not in opml.render("podcat", OUTLINES)


def test_forbidden_characters_do_not_kill_it() -> None:
    data = opml.render("a\x00\ud800", [Outline("b\x00\udfff", "https://e.example/\x00")])
    (outline,) = etree.fromstring(data).iter("outline")
    assert dict(outline.attrib) == {
        "text": "b",
        "title": "b",
        "type": "rss",
        "xmlUrl": "https://e.example/",
    }
