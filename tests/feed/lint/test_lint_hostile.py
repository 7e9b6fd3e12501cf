"""Feeds that mean harm end quickly, in one finding or none, and nothing is fetched."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podcat.feed import lint

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION = (
    f'<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE rss [<!ENTITY l0 "lol">{LAUGHS}]>'
    '<rss version="2.0"><channel><title {}>&l9;</title></channel></rss>'
)
SEEN = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>&x;</title></channel></rss>'
HOSTILE = {
    "laughs": BILLION.format("").encode(),
    "laughs-in-attribute": BILLION.format('a="&l9;"').encode(),
    "deep": b'<rss version="2.0">' + b"<a>" * 200_000,
    "deep-closed": b'<rss version="2.0">' + b"<a>" * 5_000 + b"</a>" * 5_000 + b"</rss>",
    "many-attributes": b'<rss version="2.0" ' + b" ".join(b'a%d=""' % n for n in range(50_000)) + b"></rss>",
    "long-text": b'<rss version="2.0"><channel><title>' + b"x" * 12_000_000 + b"</title></channel></rss>",
    "cut": b'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>T',
    "wrong-utf-8": b'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>\xff\xfe\x80',
    "no-such-encoding": b'<?xml version="1.0" encoding="x-klingon"?><rss version="2.0"></rss>',
    "utf-7": b'<?xml version="1.0" encoding="utf-7"?><rss version="2.0"></rss>',
    "lying-utf-16": b'<?xml version="1.0" encoding="utf-16"?><rss version="2.0"></rss>',
    "wide": '<?xml version="1.0" encoding="UTF-16"?><rss version="2.0"><channel/></rss>'.encode("utf-16"),
    "deep-json": b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 200_000,
    "deep-json-closed": b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "large-number": b'{"version": "https://jsonfeed.org/version/1.1", "x": ' + b"9" * 100_000 + b"}",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_end_quickly(name: str) -> None:
    begun = time.process_time()
    findings = lint.lint(HOSTILE[name])
    assert time.process_time() - begun < 5
    assert 0 < len(findings) < 20
    assert all(f.message.isprintable() and len(f.message) < 400 for f in findings)


def test_nothing_of_this_machine_is_read() -> None:
    assert "root:" not in repr(lint.lint(SEEN.encode()))


def test_a_feed_of_very_many_items_ends() -> None:
    item = b"<item><title>T</title><guid>x</guid><enclosure url='a'/></item>"
    data = b'<rss version="2.0"><channel>' + item * 20_000 + b"</channel></rss>"
    begun = time.process_time()
    assert lint.lint(data)
    assert time.process_time() - begun < 60


def test_a_feed_of_nothing_but_elements_ends() -> None:
    data = b'<rss version="2.0"><channel>' + b"<a/>" * 1_000_000 + b"</channel></rss>"
    begun = time.process_time()
    assert lint.lint(data)
    assert time.process_time() - begun < 60


def test_terminals_are_safe_from_what_feeds_say() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "\x1b[31mred\u202e": 1,
            "items": [{"id": "1", "title": "\x1b]0;x\x07", "url": "\x9b2J"}]}  # fmt: skip
    for finding in lint.lint(json.dumps(feed, ensure_ascii=False).encode()):
        assert finding.message.isprintable()
        assert (finding.item or "").isprintable()


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"<rss version='2.0'><channel>", b"<opml>", b'{"items": "content_text"', b"<feed xmlns='http://www.w3.org/2005/Atom'>", b""]))  # fmt: skip
def test_no_bytes_raise(rest: bytes, head: bytes) -> None:
    lint.lint(head + rest)


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
NAMES = st.sampled_from(["id", "title", "url", "tags", "attachments", "authors", "date_published", "hubs", "language", "content_html"])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(NAMES, VALUES), st.lists(st.dictionaries(NAMES, VALUES) | VALUES, max_size=3) | VALUES)  # fmt: skip
def test_no_json_raises(feed: dict[str, object], items: object) -> None:
    said = {"version": "https://jsonfeed.org/version/1.1", "items": items, **feed}
    lint.lint(json.dumps(said).encode())


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_rss_raises(data: st.DataObject) -> None:
    """Right names with wrong values, in wrong places."""
    names = st.sampled_from(["title", "link", "guid", "pubDate", "enclosure", "item", "channel", "image",
                             "itunes:image", "itunes:category", "itunes:duration", "itunes:owner",
                             "podcast:person", "podcast:guid", "podcast:transcript", "atom:link",
                             "media:content", "media:group", "itunes:explicit", "ttl"])  # fmt: skip
    words = st.sampled_from(["", " ", "0", "-1", "x", "http://", "http://[", "https://e.example/\u0416", "²", "Thu, 99 Foo 2022", "Mon, 01 Jan 0000 00:00:00 +0000", "9999-99-99", "1:99:99", "ab" * 300])  # fmt: skip

    def element(depth: int) -> str:
        name = data.draw(names)
        below = (
            "".join(element(depth - 1) for _ in range(data.draw(st.integers(0, 3))))
            if depth
            else ""
        )
        url, mime, said = (data.draw(words) for _ in range(3))
        return f'<{name} url="{url}" href="{url}" type="{mime}" text="{said}" length="{said}" isPermaLink="{mime}" rel="{said}">{said}{below}</{name}>'

    spaces = " ".join(f'xmlns:{p}="{u}"' for p, u in lint.parsing.NAMESPACES.items())
    inner = "".join(element(3) for _ in range(2))
    lint.lint(f'<rss version="2.0" {spaces}><channel>{inner}</channel></rss>'.encode())
