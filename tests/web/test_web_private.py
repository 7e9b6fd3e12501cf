"""Private feeds: read with a token of one's own, and to all others not there."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from podcat.catalogue import Catalogue
from podcat.config import Config
from podcat.errors import DatabaseError
from podcat.web import create_app

PUBLIC = ("/", "/feeds", "/feeds.opml", "/status", "/search?q=evenings", "/episodes/1")


@pytest.fixture
def visitor(config: Config, filled: Catalogue) -> Iterator[FlaskClient]:
    """A visitor of a site that has a private feed, `evenings`, and a public one."""
    head = 'title = "Evenings"\ndescription = "D"\n'
    (config.feeds / "evenings.toml").write_text(f"{head}private = true\nlimit = 2\n", "utf-8")
    (config.feeds / "open.toml").write_text(head.replace("Evenings", "Open"), "utf-8")
    app = create_app(config)
    yield app.test_client()
    app.extensions["podcat"].close()


@pytest.fixture
def token(filled: Catalogue) -> str:
    return filled.new_token("evenings", "Ana")


def test_a_token_opens_its_feed_and_no_other(visitor: FlaskClient, token: str) -> None:
    for face in ("rss", "json"):
        answer = visitor.get(f"/private/{token}/evenings.{face}")
        assert answer.status_code == 200
        assert b"Evenings" in answer.data
        assert answer.headers["Cache-Control"].startswith("private")
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    for wrong in (f"/private/{token}/open.rss", f"/private/{token}x/evenings.rss",
                  f"/private/{token}/newest.rss", "/private/-/evenings.rss",
                  f"/private/{token}/evenings", "/private/ü%FF/evenings.rss"):  # fmt: skip
        assert visitor.get(wrong).status_code == 404


def test_a_revoked_token_opens_nothing(visitor: FlaskClient, token: str, filled: Catalogue) -> None:
    other = filled.new_token("evenings", "Bo")
    assert visitor.get(f"/private/{token}/evenings.rss").status_code == 200
    filled.revoke_token(1)
    assert visitor.get(f"/private/{token}/evenings.rss").status_code == 404
    assert visitor.get(f"/private/{other}/evenings.rss").status_code == 200
    assert [(t.label, t.revoked_at is None) for t in filled.tokens()] == [
        ("Ana", False),
        ("Bo", True),
    ]


def test_nobody_else_sees_the_feed_or_a_token(
    visitor: FlaskClient, token: str, filled: Catalogue
) -> None:
    own = visitor.get(f"/private/{token}/evenings.rss").text
    for path in PUBLIC:
        answer = visitor.get(path, follow_redirects=True)
        assert "evenings.rss" not in answer.text
        assert "Evenings" not in answer.text
        assert token not in answer.text
    for path in ("/feeds/evenings", "/feeds/evenings.rss", "/feeds/evenings.json"):
        assert visitor.get(path).status_code == 404
    # Its pages link to each other by the own address, and all else is as for everybody.
    other = filled.new_token("evenings")
    theirs = visitor.get(f"/private/{other}/evenings.rss").text
    assert own.count(token) == theirs.count(other) > 0
    assert own.replace(token, "T") == theirs.replace(other, "T")
    for line in own.splitlines():
        assert token not in line or "<atom:link" in line


def test_pages_of_a_private_feed_are_private(visitor: FlaskClient, token: str) -> None:
    first = visitor.get(f"/private/{token}/evenings.json").json
    assert f"/private/{token}/evenings.json?after=" in first["next_url"]
    following = visitor.get(first["next_url"]).json
    assert not {i["id"] for i in first["items"]} & {i["id"] for i in following["items"]}


def test_no_token_in_the_log(
    visitor: FlaskClient,
    token: str,
    filled: Catalogue,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for error in (DatabaseError("x.db", "is locked", "wait"), ZeroDivisionError()):

        def fail(*_: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(Catalogue, "opens", fail)
        with caplog.at_level(logging.DEBUG):
            assert visitor.get(f"/private/{token}/evenings.rss").status_code >= 500
    assert "/private/…" in caplog.text
    assert token not in caplog.text


def test_only_a_digest_is_stored(token: str, filled: Catalogue) -> None:
    rows = filled._db.all("SELECT * FROM tokens")
    assert token not in repr(rows)
    assert len(token) >= 32
