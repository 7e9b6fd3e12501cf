"""What was answered before is answered before Flask sees it, word for word, as long as it is so."""

from __future__ import annotations

import itertools

import pytest
from flask import Flask
from flask.testing import FlaskClient
from web_samples import many, store

from podcat.catalogue import Catalogue
from podcat.web import cached, faces, front, http

PATHS = (
    "/feeds/kazakhstan.rss", "/episodes.json?provider=npr", "/feeds.opml", "/", "/search?q=radio",
    "/tags", "/people/reid-standish", "/feeds/kazakhstan", "/pages/1",
)  # fmt: skip
# What the change of these tests does not show.
UNTOUCHED = ("/feeds.opml", "/pages/1")


@pytest.fixture
def asked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that Flask was asked for."""
    paths: list[str] = []
    clock = itertools.count(2_000_000_000, 10)
    for module in (http, faces, cached):
        monkeypatch.setattr(module, "now", lambda: next(clock))
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: paths.append("x"))
    return paths


@pytest.fixture(params=PATHS)
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def warm(client: FlaskClient, path: str, asked: list[str], **headers: str) -> None:
    """Until Flask is not asked any more."""
    for _ in range(3):
        client.get(path, headers=headers)
    del asked[:]


@pytest.mark.parametrize("coding", ["", "gzip", "br, gzip;q=0.5", "*;q=0.1"])
def test_the_front_says_what_flask_says(
    guest: FlaskClient, filled: Catalogue, asked: list[str], path: str, coding: str
) -> None:
    for method in ("GET", "HEAD"):
        check_the_front(guest, asked, path, coding, method)


def check_the_front(
    guest: FlaskClient, asked: list[str], path: str, coding: str, method: str
) -> None:
    del asked[:]
    headers = {"Accept-Encoding": coding} if coding else {}
    said = [guest.open(path, method=method, headers=headers) for _ in range(4)]
    assert len(asked) < 4
    assert said[0].status_code == 200
    assert [(a.status, a.data, list(a.headers)) for a in said[2:]] == [
        (said[1].status, said[1].data, list(said[1].headers))
    ] * 2
    matching = headers | {"If-None-Match": said[1].headers["ETag"]}
    dated = headers | {"If-Modified-Since": said[1].headers["Last-Modified"]}
    for conditions in (matching, dated):
        first, again = (guest.open(path, method=method, headers=conditions) for _ in range(2))
        assert (first.status_code, first.data) == (304, b"")
        assert (again.status, list(again.headers)) == (first.status, list(first.headers))
    del asked[:]
    guest.open(path, method=method, headers=matching)
    assert asked == []


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"other"'}, {"If-None-Match": "*"}, {"Range": "bytes=0-9"},
        {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}, {"Accept-Encoding": "x" * 300},
        {"Host": "other.example"},
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_flask(
    guest: FlaskClient, filled: Catalogue, asked: list[str], headers: dict[str, str]
) -> None:
    warm(guest, PATHS[0], asked)
    guest.get(PATHS[0], headers=headers)
    assert asked == ["x"]


def test_a_change_is_seen_at_once(
    guest: FlaskClient, filled: Catalogue, asked: list[str], path: str
) -> None:
    warm(guest, path, asked)
    before = guest.get(path)
    assert asked == []
    store(filled, many(1, tag="Kazakhstan"), "more.html")
    assert guest.get(path, headers={"If-None-Match": "x"}).status_code == 200
    assert asked
    warm(guest, path, asked)
    changed = guest.get(path)
    assert asked == []
    assert (changed.data == before.data) is (path in UNTOUCHED)


def test_nothing_else_is_answered_in_front(
    guest: FlaskClient, filled: Catalogue, asked: list[str]
) -> None:
    for path in (
        "/status",
        "/episodes/1/x",
        "/nothing",
        "/feeds/nothing.rss",
        "/episodes.rss?after=x",
    ):
        warm(guest, path, asked)
        guest.get(path)
        assert asked == ["x"]
    assert guest.post(PATHS[0]).status_code == 405


def test_questions_are_forgotten(
    guest: FlaskClient, filled: Catalogue, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("podcat.web.front._MOST", 2)
    for number in range(4):
        warm(guest, f"/episodes.rss?q=w{number}", asked)
    guest.get("/episodes.rss?q=w3")
    assert asked == []
    guest.get("/episodes.rss?q=w0")
    assert asked == ["x"]


def test_a_database_that_was_slow_once_is_asked_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(front.time, "monotonic", lambda: clock[0])
    answers = iter([1, 2])

    def ask() -> int:
        clock[0] += 8.0  # the machine slept, or another program held the database
        return next(answers)

    remembered = front._Remembered(ask)
    assert remembered() == 1
    clock[0] += 1.1
    assert remembered() == 2
