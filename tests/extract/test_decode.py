"""Bytes become text without mojibake in silence, and broken documents say so."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podcat.extract import extract
from podcat.extract.decode import decode
from podcat.model import Document

TEXT = "Почему не хоронят Шаинского — Ñandú 请稍等"
CYRILLIC = (
    "Ведущая и гости студии обсуждают события недели. Гости студии - вдова и его коллега. " * 4
)
PLAYER = '<iframe src="https://www.npr.org/player/embed/669203831/669594276"></iframe>'


def text_of(data: bytes, content_type: str | None = None) -> str:
    return decode(Document("d", data, content_type=content_type)).text


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (TEXT.encode(), None),
        (codecs.BOM_UTF8 + TEXT.encode(), None),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), None),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "text/html; charset=latin-1"),
        (TEXT.encode("gb18030", "replace"), "text/html; charset=GB18030"),
    ],
)
def test_encodings_that_are_stated(data: bytes, content_type: str | None) -> None:
    decoded = text_of(data, content_type)
    assert decoded.startswith("Почему не хоронят Шаинского")


def test_meta_charset_counts() -> None:
    page = f'<html><head><meta charset="windows-1251"></head><p>{CYRILLIC}</p>'
    assert "Ведущая" in text_of(page.encode("cp1251"))


def test_a_legacy_encoding_that_is_not_stated_is_guessed() -> None:
    decoded = decode(Document("d", CYRILLIC.encode("cp1251")))
    assert decoded.text == CYRILLIC
    assert decoded.damage == ()


def test_broken_utf8_is_read_and_named() -> None:
    data = TEXT.encode() + b" \xff broken " + PLAYER.encode()
    page = extract(Document("d", b"<p>" + data))
    assert [e.id for e in page.embeds] == ["669203831/669594276"]
    assert "not valid UTF-8 at byte" in page.damage[0]


def test_a_nul_byte_is_left_out_and_named() -> None:
    page = extract(Document("d", f"<p>a\0b {PLAYER}".encode()))
    assert len(page.embeds) == 1
    assert "NUL" in page.damage[0]


@pytest.mark.parametrize("tail", ["<div class='a", "<!-- note", "<script>var a = '"])
def test_html_cut_in_the_middle_is_read_and_named(tail: str) -> None:
    page = extract(Document("d", f"<html><body>{PLAYER}<p>text</p>{tail}".encode()))
    assert len(page.embeds) == 1
    assert "ends inside" in page.damage[0]


def test_whole_html_is_not_called_cut() -> None:
    page = extract(Document("d", f"<html><body>{PLAYER}<p>1 < 2 and a <3".encode()))
    assert page.damage == ()


def test_deep_nesting_is_read_and_named() -> None:
    deep = "<div>" * 10_000
    page = extract(Document("d", f"<html><body>{PLAYER}{deep}".encode()))
    assert len(page.embeds) == 1
    assert "nested deeper" in page.damage[0]


@given(st.binary(max_size=400))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    extract(Document("d", data))
    extract(Document("d", b"<html><iframe src='" + data + b"'></iframe><a href='//x.com/" + data))


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    extract(Document("d", text.encode("utf-8", "surrogatepass")))
