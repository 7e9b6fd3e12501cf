"""robots.txt by RFC 9309: what is permitted, whatever it holds."""

from __future__ import annotations

import time

import pytest

from podcat.net.robots import LIMIT, LONGEST_DELAY, Manners, origin

SITE = "https://a.example"


@pytest.mark.parametrize(
    ("rules", "path", "permitted"),
    [
        ("", "/x", True),
        ("User-agent: *\nDisallow: /", "/x", False),
        ("User-agent: *\nDisallow:", "/x", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y", True),
        ("User-agent: PodCat\nDisallow: /\n\nUser-agent: *\nAllow: /", "/x", False),
        ("User-agent: podcat\nAllow: /\n\nUser-agent: *\nDisallow: /", "/x", True),
        ("User-agent: other\nDisallow: /", "/x", True),
        ("<html><body>Not found", "/x", True),
        ("\x00\xff\ufffd" * 99, "/x", True),
        ("Disallow: /", "/x", True),
    ],
)
def test_rules(rules: str, path: str, permitted: bool) -> None:
    assert Manners(200, rules).permits(SITE + path) is permitted


@pytest.mark.parametrize(("status", "permitted"), [
    (404, True), (403, True), (410, True), (401, True), (500, False), (503, False), (429, False),
    (None, False), (200, False),
])  # fmt: skip
def test_a_server_that_does_not_tell(status: int | None, permitted: bool) -> None:
    assert Manners(status, "User-agent: *\nDisallow: /").permits(f"{SITE}/x") is permitted


@pytest.mark.parametrize(("stated", "delay"), [
    ("2", 2.0), ("0.5", 0.5), ("-1", 0.0), ("nan", 0.0), ("inf", 0.0), ("x", 0.0),
    ("99999", LONGEST_DELAY),
])  # fmt: skip
def test_crawl_delay(stated: str, delay: float) -> None:
    assert Manners(200, f"User-agent: *\nCrawl-delay: {stated}").delay == delay


def test_hostile_rules_take_no_time() -> None:
    began = time.monotonic()
    stars = "User-agent: *\nDisallow: /" + "*a" * (LIMIT // 2) + "b"
    assert Manners(200, stars).permits(f"{SITE}/{'a' * 4000}")
    many = "User-agent: *\n" + "Disallow: /*a*a*a*b$\n" * (LIMIT // 22)
    assert Manners(200, many).permits(f"{SITE}/{'a' * 4000}")
    assert time.monotonic() - began < 20


def test_origin() -> None:
    assert origin("https://A.example:443/x?y#z") == "https://a.example"
    assert origin("http://a.example:8080/") == "http://a.example:8080"
    assert origin("http://[::1]:81/x") == "http://[::1]:81"
    assert origin("ftp://a.example/") is None
