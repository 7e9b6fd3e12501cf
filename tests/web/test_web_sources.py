"""Watched sources on the status page."""

from __future__ import annotations

from dataclasses import replace

from flask.testing import FlaskClient
from lxml import html

from podcat.catalogue import Catalogue
from podcat.work import rhythm

NOW = 1_790_000_000
URL = "https://news.example/tags/kazakhstan"


def rows(guest: FlaskClient) -> list[str]:
    page = html.fromstring(guest.get("/status").data)
    found = page.xpath("//section[@aria-labelledby='watched']//tbody/tr")
    return [" | ".join(" ".join(cell.text_content().split()) for cell in row) for row in found]


def test_sources_are_on_the_status_the_worst_first(guest: FlaskClient, filled: Catalogue) -> None:
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
    trouble = "Fails: 2 times in a row: answers 503 <i>Busy</i>"
    assert rows(guest) == [
        f"https://<b>.example/ | every hour | nothing yet | {later} | {trouble}",
        f"{URL} | every 2 hours | {now} | {later} | Answers",
        f"https://new.example/ | every 15 minutes | nothing yet | {now} | Not looked at yet",
    ]
