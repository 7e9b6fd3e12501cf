"""How values are shown."""

from __future__ import annotations

import pytest

from podcat.web import present
from podcat.web.apps import APPS, App


@pytest.mark.parametrize(
    ("iso", "shown", "machine"),
    [
        ("2019-10-29", "29 October 2019", "2019-10-29"),
        ("2022-01", "January 2022", "2022-01"),
        ("--01-13", "13 January (year not stated)", "01-13"),
        ("2022-01-13T15:00:00+01:00", "13 January 2022", "2022-01-13T15:00:00+01:00"),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(iso: str, shown: str, machine: str) -> None:
    assert present.date(iso) == shown
    assert present.machine_date(iso) == machine


@pytest.mark.parametrize(
    ("iso", "shown"),
    [
        ("2022-01-13T15:00:00+01:00", "13 January 2022, 15:00 (UTC+01:00)"),
        ("2022-01-13T15:00:00Z", "13 January 2022, 15:00 UTC"),
        ("2022-01-13T15:00:00", "13 January 2022, 15:00"),
        ("2022-01-13", "13 January 2022"),
        (None, ""),
    ],
)
def test_a_time_has_its_zone_where_there_is_one(iso: str | None, shown: str) -> None:
    assert present.date_and_time(iso) == shown


@pytest.mark.parametrize(
    "text",
    [
        None, "", "javascript:alert(1)", "data:text/html,x", "/relative", "//host/x", "ftp://a/b",
        " java\nscript://x", "https:", "vbscript://x", "javascript://https://x",
    ],
)  # fmt: skip
def test_only_addresses_of_the_web_become_links(text: str | None) -> None:
    assert present.safe_url(text) is None


def test_an_address_of_the_web_stays() -> None:
    assert present.safe_url("https://www.npr.org/a?b=c#d") == "https://www.npr.org/a?b=c#d"


def test_a_visitor_does_not_learn_our_folders() -> None:
    assert present.document_name("/home/someone/saved/page.html") == "page.html"
    assert present.document_name("https://www.npr.org/x") == "https://www.npr.org/x"
    assert present.document_name("-") == "-"


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_an_app_is_handed_the_whole_address(app: App) -> None:
    link = app.link("https://podcat.example/tags/a.rss?q=b&tag=c")
    if "{url}" in app.template:
        assert link.endswith("https%3A%2F%2Fpodcat.example%2Ftags%2Fa.rss%3Fq%3Db%26tag%3Dc")
    else:
        assert link.endswith("podcat.example/tags/a.rss?q=b&tag=c")
