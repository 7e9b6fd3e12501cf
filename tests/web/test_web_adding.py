"""Adding from the browser: off without a token, then handed over, looked at, kept by one click."""

from __future__ import annotations

import gzip
import html
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from podcat.catalogue import Catalogue, open_catalogue
from podcat.catalogue.pending import HELD_SECONDS, SESSION_SECONDS
from podcat.config import Config
from podcat.web import create_app
from podcat.web.adding import forms, reading, trust, views

NOW = 1_700_000_000
PAGE = """<!doctype html><title>A story</title><h1>Heading</h1>
<iframe src="https://www.npr.org/player/embed/{0}/768167031" title="Ordeal {0}"></iframe>
<iframe src="https://maps.example/map"></iframe>"""
ONE = PAGE.format(764153179)
STORY = "https://news.example/story"
POSTS = ("/add/sign-in", "/add/sign-out", "/add/preview", "/add/keep", "/add/drop")
PAYLOAD = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory, lent: Callable[..., AbstractContextManager[str]]
) -> Iterator[tuple[Flask, Catalogue]]:
    """An application, and its catalogue, on each kind of database in turn."""
    with lent() as url:
        app = create_app(Config(database=url, feeds=tmp_path_factory.mktemp("adding")))
        with open_catalogue(url) as catalogue:
            yield app, catalogue
        app.extensions["podcat"].close()


@pytest.fixture
def catalogue(shared: tuple[Flask, Catalogue]) -> Catalogue:
    """Without anybody who may add."""
    for token in shared[1].tokens():
        shared[1].revoke_token(token.id)
    shared[0].extensions["podcat.guesses"] = trust.Guesses()
    return shared[1]


@pytest.fixture
def client(shared: tuple[Flask, Catalogue], catalogue: Catalogue) -> FlaskClient:
    return shared[0].test_client()


@pytest.fixture
def token(catalogue: Catalogue) -> str:
    return catalogue.new_add_token("Ana")


@pytest.fixture
def ana(client: FlaskClient, token: str) -> FlaskClient:
    """Somebody who is signed in."""
    answer = client.post("/add/sign-in", data={"token": token})
    assert (answer.status_code, answer.location) == (303, "/add")
    return client


def form(client: FlaskClient) -> str:
    found = re.search(r'name="form" value="(\w+)"', client.get("/add").text)
    assert found
    return found[1]


def send(client: FlaskClient, **data: Any) -> TestResponse:
    return client.post("/add/preview", data={"form": form(client), **data})


def pasted(client: FlaskClient, text: str = ONE, url: str = STORY) -> TestResponse:
    return send(client, html=text, url=url)


def batch_of(answer: TestResponse) -> str:
    found = re.search(r'name="batch" value="([\w-]+)"', answer.text)
    assert found, answer.text
    return found[1]


def keep(client: FlaskClient, batch: str, **data: str) -> TestResponse:
    return client.post("/add/keep", data={"form": form(client), "batch": batch, **data})


def words(answer: TestResponse) -> str:
    """The text of a page's main part."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


# ---------------------------------------------------------------- who may


def test_off_until_there_is_a_token_and_again_without(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    catalogue.new_token("kazakhstan")
    paths = ["/add", "/add/window", "/add/kept"]
    for answer in [client.get(path) for path in paths] + [client.post(path) for path in POSTS]:
        assert answer.status_code == 404
        assert "podcat token new NAME --add" in answer.text
    assert "/add" not in client.get("/").text
    catalogue.new_add_token()
    assert 'href="/add"' in client.get("/").text
    assert client.get("/add").status_code == 200
    catalogue.revoke_token(catalogue.tokens()[-1].id)
    assert client.get("/add").status_code == 404
    assert "/add" not in client.get("/").text


def test_a_token_is_for_one_thing(client: FlaskClient, catalogue: Catalogue, token: str) -> None:
    feed = catalogue.new_token("kazakhstan")
    assert catalogue.opens(feed, "kazakhstan")
    assert client.post("/add/sign-in", data={"token": feed}).status_code == 403
    assert not catalogue.opens(token, "kazakhstan")
    assert not catalogue.opens(token, "")


def test_a_cookie_is_for_these_pages_alone(client: FlaskClient, token: str) -> None:
    for origin, secure in (("http://localhost", False), ("https://localhost", True)):
        data = {"token": f" {token}\n", "next": "window"}
        answer = client.post("/add/sign-in", data=data, headers={"Origin": origin})
        assert answer.location == "/add/window"
        said = answer.headers["Set-Cookie"]
        assert ("Secure" in said) is secure
        assert all(part in said for part in ("HttpOnly", "SameSite=Strict", "Path=/add"))
        assert token not in said


def test_a_cookie_of_a_secure_page_is_never_sent_in_the_clear(
    client: FlaskClient, token: str
) -> None:
    """Also where the browser does not say from where it comes."""
    for base, secure in (("https://localhost", True), ("http://localhost", False)):
        answer = client.post("/add/sign-in", data={"token": token}, base_url=base)
        assert ("Secure" in answer.headers["Set-Cookie"]) is secure


def test_wrong_tokens_are_refused_and_soon_have_to_wait(client: FlaskClient, token: str) -> None:
    for _ in range(trust.GUESSES):
        answer = client.post("/add/sign-in", data={"token": token[:-1]})
        assert answer.status_code == 403
        assert 'aria-describedby="token-problem token-help"' in answer.text
        assert token[:-1] not in answer.text
    answer = client.post("/add/sign-in", data={"token": token})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    other = {"REMOTE_ADDR": "2001:db8::1"}
    assert client.post("/add/sign-in", data={"token": token}, environ_base=other).status_code == 303


def test_revoking_signing_out_and_time_end_a_session(
    ana: FlaskClient, catalogue: Catalogue
) -> None:
    cookie = ana.get_cookie(trust.COOKIE, path="/add")
    assert cookie
    assert catalogue.session(cookie.value)
    assert not catalogue.session(cookie.value, int(2e9) + SESSION_SECONDS)
    answer = ana.post("/add/sign-out", data={"form": form(ana)})
    assert (answer.status_code, ana.get_cookie(trust.COOKIE, path="/add")) == (303, None)
    assert not catalogue.session(cookie.value), "the old cookie opens still"
    token = catalogue.new_add_token("Bo")
    ana.post("/add/sign-in", data={"token": token})
    batch = batch_of(pasted(ana))
    number = catalogue.tokens()[-1].id
    assert catalogue.held(number, batch)
    catalogue.revoke_token(number)
    assert "Your token" in ana.get("/add").text
    assert keep_without_form(ana, batch).status_code == 403
    assert not catalogue.held(number, batch)


def keep_without_form(client: FlaskClient, batch: str) -> TestResponse:
    return client.post("/add/keep", data={"batch": batch})


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    ],
)
def test_no_other_site_sends_anything(ana: FlaskClient, headers: dict[str, str]) -> None:
    known = form(ana)
    for path in POSTS:
        answer = ana.post(path, data={"form": known, "html": ONE}, headers=headers)
        assert answer.status_code == 403
        assert "another site" in answer.text
    assert ana.get("/add", headers=headers).status_code == 200


def test_no_form_but_ours(ana: FlaskClient, catalogue: Catalogue) -> None:
    batch = batch_of(pasted(ana))
    for wrong in ({}, {"form": ""}, {"form": "0" * 64}, {"form": "ü"}):
        for path in POSTS[1:]:
            answer = ana.post(path, data={"html": ONE, "batch": batch, **wrong})
            assert answer.status_code == 403
    assert catalogue.held(catalogue.tokens()[-1].id, batch)


def test_nothing_of_it_is_cached_framed_or_indexed(ana: FlaskClient) -> None:
    for answer in (ana.get("/add"), ana.get("/add/window"), pasted(ana)):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert not re.search(r"https:|unsafe|\*", policy)


# ---------------------------------------------------------------- looking


def test_a_preview_says_what_was_recognised_and_why(ana: FlaskClient, catalogue: Catalogue) -> None:
    before = catalogue.revision()
    answer = pasted(ana)
    assert answer.status_code == 200
    said = words(answer)
    for part in (
        "1 recording recognised", "It is new to the catalogue", "Ordeal 764153179", "NPR",
        "764153179/768167031", "html/", STORY, "Passed over: 1 thing",
        "host maps.example is no provider's",
    ):  # fmt: skip
        assert part in said
    assert catalogue.revision() == before, "a preview has changed the catalogue"
    assert not re.search(r"<(iframe|audio|video|img)\b", answer.text)


def test_what_looks_dangerous_is_text(ana: FlaskClient) -> None:
    escaped = html.escape(PAYLOAD)
    page = f"""<html><head><title>{escaped}</title><meta name="author" content="{escaped}"></head>
        <h1>{escaped}</h1><iframe src="javascript:alert(3)"></iframe>
        <iframe src="https://www.npr.org/player/embed/1/2?{escaped}" title="{escaped}"></iframe>
        <audio src="https://x.example/{escaped}.mp3" title="{escaped}"></audio>
        <a href="https://www.npr.org/player/embed/{escaped}">x</a></html>"""
    name = "'><img src=x onerror=alert(2)><b>alert(1)"  # browsers write quotes of a name as %22
    for answer in (
        pasted(ana, page),
        send(ana, file=[(BytesIO(page.encode()), name), (BytesIO(b"%PDF-1"), name)]),
        send(ana, html=page, url=f"javascript:{PAYLOAD}"),
        send(ana, html=PAYLOAD, url=PAYLOAD),
    ):
        assert "alert(1)" in answer.text
        assert not re.search(
            r"<script>|<img|onerror=alert\(2\)>|href=\"javascript:alert", answer.text
        )


def test_files_in_many_forms(ana: FlaskClient, catalogue: Catalogue) -> None:
    mhtml = (
        "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Location: {STORY}-m\r\n\r\n{PAGE.format(3)}"
    )
    files = [
        (BytesIO(PAGE.format(1).encode()), "pages/one.html"),
        (BytesIO(gzip.compress(PAGE.format(2).encode())), "two.html.gz"),
        (BytesIO(mhtml.encode()), "three.mhtml"),
        (BytesIO(b"https://www.npr.org/player/embed/4/5\nhttps://a.example/\n"), "list.urls"),
        (BytesIO(b"%PDF-1.4"), "map.pdf"),
    ]
    answer = send(ana, file=files)
    said = words(answer)
    assert "4 recordings recognised" in said
    assert "map.pdf: is a PDF document, not a page" in said
    assert "list.urls: 1 address was not fetched" in said
    assert "one.html" in said
    assert "pages/" not in said
    assert f"{STORY}-m" in said


def test_what_a_form_sends_is_utf_8_whatever_the_page_says(ana: FlaskClient) -> None:
    page = ONE.replace("<title>A story", '<meta charset="windows-1251"><title>Café')
    assert "Café" in words(pasted(ana, page))


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"html": " ", "url": STORY}, "html"),
        ({"url": STORY}, "file"),
        ({"html": ONE, "url": "news.example"}, "url"),
        ({"html": ONE, "url": "file:///etc/passwd"}, "url"),
        ({"html": ONE, "url": "https://a.example/" + "a" * 5000}, "url"),
    ],
)
def test_an_error_stands_at_its_field(ana: FlaskClient, data: dict[str, str], field: str) -> None:
    answer = send(ana, **data)
    assert answer.status_code == 400
    assert re.search(rf'aria-invalid="true" aria-describedby="{field}-problem', answer.text)
    assert answer.text.count(f'id="{field}-problem"') == 1
    given = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", answer.text, re.S)
    assert given
    assert html.unescape(given[1]) == data.get("html", "")


def test_a_page_without_recordings_has_nothing_to_keep(ana: FlaskClient) -> None:
    answer = pasted(ana, "<html><iframe src='https://maps.example/'></iframe></html>")
    assert "No recording recognised" in words(answer)
    assert "/add/keep" not in answer.text


def test_limits_of_size_and_number(ana: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MOST_BYTES", 100_000)
    for data in (
        {"html": "x" * 200_000},
        {"file": (BytesIO(b"x" * 200_000), "a.html")},
        {"token": "x" * 200_000},
    ):
        answer = ana.post("/add/preview", data={"form": "-", **data})
        assert answer.status_code == 413
        assert "100000 bytes" in answer.text
    assert send(ana, html="x" * 110_000).status_code == 400, "the form itself has some room"
    bomb = gzip.compress(b"<html>" + b"x" * 10_000_000)
    assert "larger than the limit" in words(send(ana, file=(BytesIO(bomb), "bomb.html.gz")))
    many = [(BytesIO(b"x"), f"{n}.html") for n in range(forms.MOST_FILES + 1)]
    assert "21 files; 20 at once are the most" in words(send(ana, file=many))


def test_an_archive_is_read_up_to_a_bound(
    ana: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, small in (("_DOCUMENTS", 1), ("_UNPACKED", 10), ("_SECONDS", 0.0)):
        with monkeypatch.context() as patched:
            patched.setattr(reading, name, small)
            files = [(BytesIO(PAGE.format(n).encode()), f"{n}.html") for n in (1, 2)]
            said = words(send(ana, file=files))
            assert "1 recording recognised" in said
            assert "podcat add takes all of it" in said


def test_one_page_is_read_at_a_time(
    ana: FlaskClient, shared: tuple[Flask, Catalogue], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_PATIENCE", 0.01)
    batch = batch_of(pasted(ana))
    with shared[0].extensions["podcat.reading"]:
        answers = [pasted(ana), keep(ana, batch)]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert "Another page is being read" in words(answers[0])
    assert pasted(ana).status_code == 200


def test_too_many_previews_have_to_wait(
    ana: FlaskClient, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PREVIEWS", 2)
    answers = [pasted(ana) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert "2 previews a minute" in words(answers[2])
    assert keep(ana, batch_of(answers[0])).status_code == 429
    catalogue.new_add_token()
    number = catalogue.tokens()[-1].id
    assert [catalogue.use(number, 2, NOW + n) for n in (0, 10, 20, 59, 60)] == [0, 0, 40, 1, 0]
    assert catalogue.use(number, 2, NOW - 10**6) == 0, "a clock that was set back locks out"


# ---------------------------------------------------------------- keeping


def test_one_click_keeps_it_and_a_second_one_does_no_harm(
    ana: FlaskClient,
    catalogue: Catalogue,
    shared: tuple[Flask, Catalogue],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = PAGE.format(7001).replace("</h1>", "</h1>" + PAGE.format(7002).partition("</h1>")[2])
    batch = batch_of(pasted(ana, both, f"{STORY}-keep"))
    assert not catalogue.hub_owed()
    site = shared[0].extensions["podcat"]
    monkeypatch.setattr(site, "config", replace(site.config, hub="https://hub.example/"))
    first = keep(ana, batch, tags="Sea, , Ice")
    assert catalogue.hub_owed()
    assert first.status_code == 303
    said = words(ana.get(first.location))
    assert "2 new recordings" in said
    kept = re.findall(r'href="(/episodes/\d+-ordeal-700\d)"', ana.get(first.location).text)
    assert len(kept) == 2
    page = ana.get(kept[0]).text
    assert 'href="/tags/ice"' in page
    assert f"{STORY}-keep" in page
    revision = catalogue.revision()
    second = keep(ana, batch, tags="Sea, Ice")
    assert "same=" in second.location
    assert "Nothing new" in words(ana.get(second.location))
    assert catalogue.revision() == revision
    again = pasted(ana, both.replace("Heading", "Another"), f"{STORY}-other")
    assert "All are in the catalogue already" in words(again)
    assert re.search(r'href="/episodes/\d+">In the catalogue', again.text)


def test_what_is_foreseen_comes_true(ana: FlaskClient, catalogue: Catalogue) -> None:
    """A preview groups as storing does: by id, by file, and what two documents share."""
    known, new = PAGE.format(7101), PAGE.format(7102)
    keep(ana, batch_of(pasted(ana, known)))
    files = [known + " ", new, new + " "]
    answer = send(ana, file=[(BytesIO(f.encode()), f"{n}.html") for n, f in enumerate(files)])
    assert "2 new, 1 in the catalogue already" in words(answer)
    after = keep(ana, batch_of(answer)).location
    assert len(re.findall(r"new=(\d+)(?!\.)", after)) == 1


def test_a_preview_belongs_to_its_owner_and_does_not_wait_for_ever(
    ana: FlaskClient, catalogue: Catalogue
) -> None:
    batch = batch_of(pasted(ana))
    mine = catalogue.tokens()[-1].id
    assert catalogue.held(mine, batch)
    assert not catalogue.held(mine + 1, batch)
    assert not catalogue.held(mine, batch, int(2e9) + HELD_SECONDS)
    other = catalogue.new_add_token("Bo")
    ana.post("/add/sign-in", data={"token": other})
    gone = keep(ana, batch)
    assert gone.status_code == 410
    assert "Hand the page over once more" in words(gone)
    assert keep(ana, "no-such-batch").status_code == 410


def test_a_preview_can_be_thrown_away(ana: FlaskClient, catalogue: Catalogue) -> None:
    batch = batch_of(pasted(ana))
    answer = ana.post("/add/drop", data={"form": form(ana), "batch": batch})
    assert (answer.status_code, answer.location) == (303, "/add")
    assert keep(ana, batch).status_code == 410


def test_what_waits_is_bounded(
    catalogue: Catalogue, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from podcat.catalogue import pending
    from podcat.model import Document

    def held(owner: int, *batches: str) -> list[bool]:
        return [bool(catalogue.held(owner, batch, NOW + 9)) for batch in batches]

    catalogue.new_add_token("Bo")
    bo, ana = (t.id for t in catalogue.tokens()[-1:-3:-1])
    one = [Document("a.html", b"a", STORY, "text/html"), Document("b.html", b"b")]
    of_bo = catalogue.hold(bo, one, NOW)
    of_ana = [catalogue.hold(ana, one, NOW + 1 + n) for n in range(6)]
    assert held(ana, *of_ana) == [False, True, True, True, True, True]
    assert held(bo, of_bo) == [True]
    assert list(catalogue.held(ana, of_ana[-1], NOW + 9)) == one
    size = 2 * len(zlib.compress(b"a", 3))
    monkeypatch.setattr(pending, "_ALL_BYTES", 3 * size)
    of_ana.append(catalogue.hold(ana, one, NOW + 8))
    assert held(ana, *of_ana[-4:]) == [False, True, True, True]
    assert held(bo, of_bo) == [False]
    catalogue.hold(ana, one, NOW + 10**6)
    assert held(ana, *of_ana) == [False] * 7


def test_sessions_of_one_token_are_bounded(catalogue: Catalogue, token: str) -> None:
    number = catalogue.adder(token)
    assert number
    secrets = [catalogue.open_session(number, NOW + n) for n in range(22)]
    known = [bool(catalogue.session(secret, NOW + 30)) for secret in secrets]
    assert known == [False, False] + [True] * 20


# ---------------------------------------------------------------- the bookmark


def test_the_bookmark_holds_no_secret_and_opens_our_window(ana: FlaskClient, token: str) -> None:
    found = re.search(r'href="(javascript:[^"]+)"', ana.get("/add").text)
    assert found
    code = html.unescape(found[1])
    assert "http://localhost/add/window" in code
    assert token not in code
    assert form(ana) not in code


def test_a_window_from_elsewhere_asks_again_before_it_asks_who(
    client: FlaskClient, token: str
) -> None:
    waiting = client.get("/add/window", headers={"Sec-Fetch-Site": "cross-site"})
    assert 'content="0; url=/add/window?again=1"' in waiting.text
    asking = client.get("/add/window?again=1")
    assert 'name="next" value="window"' in asking.text


def test_below_a_path(tmp_path: Path) -> None:
    base = "https://podcat.example/radio"
    config = Config(database=f"sqlite:///{tmp_path}/p.db", base_url=base, feeds=tmp_path)
    app = create_app(config)
    with open_catalogue(config.database) as catalogue:
        token = catalogue.new_add_token()
    client = app.test_client()
    headers = {"Origin": "https://podcat.example"}
    answer = client.post("/radio/add/sign-in", data={"token": token}, headers=headers)
    assert answer.location == "/radio/add"
    assert "Path=/radio/add;" in answer.headers["Set-Cookie"] + ";"
    page = client.get("/radio/add", base_url="https://localhost").text
    assert "https://podcat.example/radio/add/window" in html.unescape(page)
    app.extensions["podcat"].close()
