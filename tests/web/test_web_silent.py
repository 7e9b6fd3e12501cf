"""What visitors read of recordings that have no file."""

from __future__ import annotations

import time

import pytest
from flask.testing import FlaskClient
from lxml import html

from podcat.catalogue import Attempt, Catalogue
from podcat.model import Selection

NOW = 1_794_000_000  # 2026-11-06
LATER = 4_000_000_000  # 2096-10-02


def section(guest: FlaskClient) -> list[str]:
    """Its paragraph and the lines of its list."""
    page = html.fromstring(guest.get("/status").data)
    found = page.xpath("//section[@aria-labelledby='silent']")
    lines = [line for one in found for line in one.xpath("./p | .//li")]
    return [" ".join(line.text_content().split()) for line in lines]


def silent(catalogue: Catalogue) -> list[int]:
    return [e.id for e in catalogue.episodes(Selection(playable=False)).episodes]


def test_nobody_has_asked(guest: FlaskClient, filled: Catalogue) -> None:
    many = len(silent(filled))
    (said,) = section(guest)
    assert said == (
        f"{many} recordings have no file yet that a podcast app could play: they are heard in "
        "their players, on web pages. None of them has been asked for: podcat resolve"
    )


def test_what_was_asked_in_vain_is_told_at_once(guest: FlaskClient, filled: Catalogue) -> None:
    section(guest)
    one, two, *rest = silent(filled)
    filled.learn([], {one: Attempt(NOW, 1, "its <b>player</b> is <i>late</i>", NOW + 9)}, NOW)
    filled.learn([], {two: Attempt(NOW, 4, "its player wants programs to pay (402)", LATER)}, NOW)
    said, *lines = section(guest)
    assert said.endswith(f"{len(rest)} of them have not been asked for: podcat resolve")
    assert lines == [
        "Its <b>player</b> is <i>late</i> to be asked again now 1",
        "Its player wants programs to pay (402) asked again from 2096-10-02 07:06 UTC 1",
    ]


def test_when_all_were_asked_nothing_is_left_to_do(guest: FlaskClient, filled: Catalogue) -> None:
    due = int(time.time()) + 3600
    filled.learn(
        [], {n: Attempt(NOW, 1, "Spotify gives nobody a file", due) for n in silent(filled)}, NOW
    )
    said, line = section(guest)
    assert said.endswith("on web pages.")
    assert line.startswith("Spotify gives nobody a file asked again from ")


def test_rare_reasons_are_put_together(
    guest: FlaskClient, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("podcat.web.status.MOST_REASONS", 2)
    many = silent(filled)
    filled.learn([], {n: Attempt(NOW, 1, f"breaks off after {n} bytes", LATER) for n in many}, NOW)
    assert len(many) > 2
    assert section(guest)[2:] == [f"Other reasons {len(many) - 1}"]
