"""Words that were searched for are marked, and nothing else becomes markup."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from podcat.web.highlight import marked, snippet


@pytest.mark.parametrize(
    ("shown", "typed", "html"),
    [
        ("Sea <b>ice</b>", "ice", "Sea &lt;b&gt;<mark>ice</mark>&lt;/b&gt;"),
        ("a & b", "b", "a &amp; <mark>b</mark>"),
        ("x", None, "x"),
        (None, "x", ""),
        ("ice", "-ice", "ice"),
        ("Icy <ices>", "ic*", "<mark>Icy</mark> &lt;<mark>ices</mark>&gt;"),
    ],
)
def test_marks(shown: str | None, typed: str | None, html: str) -> None:
    assert str(marked(shown, typed)) == html


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text(st.sampled_from("ab <>&\"'-:")))
def test_without_the_marks_it_is_the_escaped_text(shown: str, typed: str) -> None:
    plain = str(marked(shown, typed)).replace("<mark>", "").replace("</mark>", "")
    assert plain == str(escape(shown))


def test_a_snippet_is_around_the_first_hit() -> None:
    text = "before " * 60 + "<i>Ice</i> is here " + "after " * 60
    found = str(snippet(text, "ice"))
    assert found.startswith("… before")
    assert "&lt;i&gt;<mark>Ice</mark>&lt;/i&gt; is here after" in found
    assert found.endswith("after …")
    assert len(found) < 300
    assert snippet(text, "nowhere") is None
    assert snippet(None, "ice") is None


def test_the_search_page_marks_hits(client: FlaskClient) -> None:
    text = client.get("/search?q=week+tag:kazakhstan").text
    assert "<mark>Week</mark>" in text
    assert "<mark>" not in client.get("/episodes").text
