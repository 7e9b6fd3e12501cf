"""Descriptions as people read them."""

from __future__ import annotations

import pytest
from hostile import ADDRESSES, PAYLOADS, traces
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from podcat.web.notes import notes

REL = 'rel="noreferrer"'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("One.\n\n Two & <b>three</b>.", "<p>One.</p><p>Two &amp; &lt;b&gt;three&lt;/b&gt;.</p>"),
        ("See https://a.example/x?b=1&c=2.", f'<p>See <a href="https://a.example/x?b=1&amp;c=2" {REL}>https://a.example/x?b=1&amp;c=2</a>.</p>'),
        ("(www.a.example), too", f'<p>(<a href="https://www.a.example/" {REL}>www.a.example</a>), too</p>'),
        ("Links:\n- one\n• two\nEnd - here", "<p>Links:</p><ul><li>one</li><li>two</li></ul><p>End - here</p>"),
        ("javascript:x ftp://a.example http:// awww.x", "<p>javascript:x ftp://a.example http:// awww.x</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_description_is_readable(text: str, shown: str) -> None:
    assert notes(text) == shown


@pytest.mark.parametrize("text", [*PAYLOADS, *ADDRESSES])
def test_nothing_of_it_is_live(text: str) -> None:
    made = notes(f"{text}\n- {text}\nhttps://a.example/{text}")
    assert traces(f"<html><body>{made}</body></html>") == []


@given(st.text())
def test_no_word_is_lost(text: str) -> None:
    readable = "".join(c for c in text if c.isprintable() or c in " \n")
    made = html.fragment_fromstring(str(notes(readable)), create_parent="div")
    said = "".join(made.text_content().split())
    points = str.maketrans("", "", "-*•–")
    assert said.translate(points) == "".join(readable.split()).translate(points)
