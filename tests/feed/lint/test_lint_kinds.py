"""What is a feed is told by its bytes."""

from __future__ import annotations

import time

import pytest

from podcat.feed.lint import kind_of

ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom">'


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<rss version='2.0'>", "RSS"),
        (b"\xef\xbb\xbf \n<?xml version='1.0'?><!-- a <feed> --><rss>", "RSS"),
        (b"<?xml version='1.0'?><?xml-stylesheet href='a'?>\n<rss version='2.0'/>", "RSS"),
        (b'<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "a.dtd"><rss>', "RSS"),
        (b'<!DOCTYPE rss [<!ENTITY a "<x>"> <!-- ] -->]><rss>', None),
        (b'<!DOCTYPE rss [<!ENTITY a "<x>">]><rss>', "RSS"),
        ('<?xml version="1.0"?><rss>'.encode("utf-16"), "RSS"),
        ('<?xml version="1.0"?><rss>'.encode("utf-16-be"), "RSS"),
        (ATOM, "Atom"),
        (b'<a:feed xmlns:a="http://www.w3.org/2005/Atom">', "Atom"),
        (b"<feed>", None),
        (b'<rdf:RDF xmlns="http://purl.org/rss/1.0/">', "RSS 1.0"),
        (b'<rdf:RDF xmlns="http://xmlns.com/foaf/0.1/">', None),
        (b'<opml version="2.0">', "OPML"),
        (b'{"version": "https:\\/\\/jsonfeed.org\\/version\\/1.1"}', "JSON Feed"),
        (b'{"items": [], "home_page_url": ""}', "JSON Feed"),
        (b'{"items": []}', None),
        (b'{"log": {"version": "1.2"}}', None),
        (b"<!DOCTYPE html><title>rss</title>", None),
        (b"<html><rss>", None),
        (b"<rssfeed>", None),
        (b"rss", None),
        (b"", None),
    ],
)  # fmt: skip
def test_what_is_a_feed(data: bytes, kind: str | None) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize("head", [b"<!---->", b"<?a?>", b"<!DOCTYPE a>", b"<!DOCTYPE a [", b"<!--"])
def test_telling_takes_no_time(head: bytes) -> None:
    begun = time.process_time()
    assert kind_of(head * 200_000) is None
    assert time.process_time() - begun < 3
