"""Watched sources on the status page."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from lxml import html

from podcat.catalogue import Catalogue
from podcat.web import status
from podcat.work import rhythm

NOW = 1_790_000_000
URL = "https://news.example/tags/kazakhstan"


def rows(guest: FlaskClient) -> list[str]:
    page = html.fromstring(guest.get("/status").data)
    found = page.xpath("//section[@aria-labelledby='watched']//li")
    return [" ".join(row.text_content().split()) for row in found]


def test_sources_are_on_the_status_the_worst_first(
    guest: FlaskClient, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "time", SimpleNamespace(time=lambda: NOW))
    assert rows(guest) == []
    fine, _ = filled.watch(URL, (), NOW, 3600)
    bad, _ = filled.watch("https://<b>.example/", (), NOW, 3600)
    fine = rhythm.seen(replace(fine, last_checked=NOW, pause=4 * 3600), NOW, new=True)
    filled.source_looked(fine, (), NOW)
    for _ in range(2):
        bad = rhythm.failed(bad, NOW, "answers 503 <i>Busy</i>")
    filled.source_looked(bad, (), NOW)
    filled.watch("https://new.example/", (), NOW, 900)
    now, later = "2026-09-21 14:13 UTC", "2026-09-21 16:13 UTC"
    trouble = "Failed 2 times in a row: answers 503 <i>Busy</i>"
    assert rows(guest) == [
        f"https://<b>.example/ {trouble} · Looked at every hour · nothing new yet · next look {later}",
        f"{URL} Looked at every 2 hours · last new {now} · next look {later}",
        "https://new.example/ Not looked at yet · due now",
    ]
