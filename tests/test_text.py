"""Lengths, dates, words: every form that pages use."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podcat import text

LENGTHS = [
    ("1:08:32", 4112), ("0:04:26", 266), ("00:8:19", 499), ("68:32", 4112), ("1337:12", 80232),
    ("1:00", 60), ("4112", 4112), ("4112.68", 4112), ("PT1H8M32S", 4112),
    ("P0Y0M0DT0H4M20.880S", 260), ("T30M38S", 1838), ("1 hr 8 min", 4080),
    ("52 minutes 17 seconds", 3137), ("2.5 hours", 9000), ("87 Min.", 5220), ("[7 min 5 sec]", 425),
    ("P3M,14S", 194), (541, 541), ("\n· 3:14\n", 194),
    ("0", None), ("0:00", None), ("0:00:00", None), ("1:2:3:4", None), ("103:050", None),
    ("P1M", None), ("", None), (None, None), ("soon", None), (True, None), ("3,412", 3412 // 1000),
]  # fmt: skip


@pytest.mark.parametrize(("plain", "seconds"), LENGTHS)
def test_parse_duration(plain: str | int | None, seconds: int | None) -> None:
    assert text.parse_duration(plain) == seconds


@given(st.integers(1, 10**6))
def test_a_printed_length_reads_back(seconds: int) -> None:
    assert text.parse_duration(text.format_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("plain", "iso"),
    [
        ("2022-01-19 16:34:00Z", "2022-01-19T16:34:00Z"),
        ("2016-12-15T15:33:00-05:00", "2016-12-15T15:33:00-05:00"),
        ("2016-12-15T15:33:00.123-0500", "2016-12-15T15:33:00-05:00"),
        ("2026-05-27", "2026-05-27"),
        ("2022-01", "2022-01"),
        ("December 15, 2016", "2016-12-15"),
        ("15 Dec 2016", "2016-12-15"),
        ("Sun, 22 Nov 2026 01:28:16 +0000", "2026-11-22"),
        ("January 13", None),
        ("2022-02-30", None),
        ("2022-01-19 26:34:00Z", None),
        ("1395-13-01", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_parse_date(plain: str | None, iso: str | None) -> None:
    assert text.parse_date(plain) == iso


def test_timestamp() -> None:
    assert text.timestamp("1970-01-02") == 86400
    assert text.timestamp("2016-12-15T15:33:00-05:00") == text.timestamp("2016-12-15T20:33:00Z")
    assert text.timestamp("--01-13") is None
    assert text.timestamp(None) is None


@pytest.mark.parametrize(
    ("month", "day", "published", "iso"),
    [
        (1, 13, "2022-01-19", "2022-01-13"),
        (12, 30, "2022-01-02T10:00:00Z", "2021-12-30"),
        (1, 2, "2022-01-02", "2022-01-02"),
        (3, 30, "2022-03", "2022-03-30"),
        (2, 29, "2023-05-01", "2020-02-29"),
        (1, 13, None, "--01-13"),
        (1, 13, "2022", "--01-13"),
    ],
)
def test_a_day_without_a_year(month: int, day: int, published: str | None, iso: str) -> None:
    assert text.latest_not_after(month, day, published) == iso


def test_span() -> None:
    assert text.span("2022-12") == (text.timestamp("2022-12-01"), text.timestamp("2023-01-01"))
    assert text.span("2022") == (text.timestamp("2022-01-01"), text.timestamp("2023-01-01"))
    assert text.span("2022-13") is None
    assert text.span("9999") is None
    assert text.span("last week") is None


def test_fold_drops_marks_where_they_are_no_letters() -> None:
    assert text.fold("Ñandú ÉCOLE Ёлка") == "nandu ecole елка"
    assert text.fold("Straße ﬁn") == "strasse fin"
    assert text.fold("हिन्दी") == text.fold("हिन्दी").strip() == "हिन्दी"


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing(plain: str) -> None:
    assert text.words(" ".join(text.words(plain))) == text.words(plain)


@given(st.text(max_size=300))
def test_a_slug_fits_an_address(plain: str) -> None:
    slug = text.slug(plain)
    assert slug
    assert len(slug) <= 80
    assert not set(slug) & set(' /?#%&"<>')


@given(st.text(max_size=200))
def test_clean_leaves_what_xml_allows(plain: str) -> None:
    cleaned = text.clean(plain)
    assert cleaned is None or (cleaned == cleaned.strip() != "" and "\n" not in cleaned)
    (cleaned or "").encode("utf-8")


SCRIPTS = st.text(
    st.characters(min_codepoint=0, max_codepoint=0x52F) | st.characters(codec="utf-8"), max_size=60
)


@given(SCRIPTS)
def test_short_ways_fold_as_the_long_one(plain: str) -> None:
    decomposed = unicodedata.normalize("NFKD", plain.casefold())
    slow = "".join(text._without_marks(decomposed)).casefold()
    assert text.fold(plain) == unicodedata.normalize("NFC", slow)
    spaced = "".join(c if text.in_word(c) else " " for c in text.fold(plain))
    assert text.words(plain) == spaced.split()
