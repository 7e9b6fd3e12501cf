"""Providers are data: the examples in their files are the tests."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from podcat import providers
from podcat.errors import ConfigError
from podcat.extract import extract
from podcat.model import Document, embed_json
from podcat.providers import Match, Provider, Registry, load, own, registry, templates
from podcat.providers.examples import failures
from podcat.providers.reserved import is_word

PROVIDERS = list(registry().providers.values())
SNIPPETS = [
    json.loads(line)
    for line in (Path(__file__).parent / "snippets.jsonl").read_text("utf-8").splitlines()
]


def matched(url: str | None) -> Match:
    match = registry().match(url)
    assert match, url
    return match


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda p: p.key)
def test_examples_and_refused_addresses(provider: Provider) -> None:
    assert list(failures(provider, registry())) == []


def test_every_provider_with_routes_has_examples() -> None:
    routed = {p.key for p in PROVIDERS if p.routes}
    assert (
        routed
        == {p.key for p in PROVIDERS if p.examples}
        == {p.key for p in PROVIDERS if p.refused}
    )


def test_no_host_is_shared() -> None:
    assert own.Gathered((), own.files(providers.FOLDER)).problems == []


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda s: s["html"][:70])
def test_snippet(snippet: dict[str, Any]) -> None:
    page = extract(Document("snippet", snippet["html"].encode()))
    found = [embed_json(page, embed) for embed in page.embeds]
    if snippet["provider"] is None:
        assert found == []
        return
    (embed,) = found
    wanted = {
        k: snippet[k]
        for k in ("provider", "id", "title", "duration", "audio_url", "start")
        if k in snippet
    }
    assert {k: embed[k] for k in wanted} == wanted
    for key, name in (("canonical_url", "link"), ("embed_url", "embed_url")):
        if snippet.get(key):
            assert embed[name] == snippet[key]
    proposed = {(c.field, c.value) for c in page.embeds[0].candidates}
    assert {("audio_url", url) for url in snippet.get("audio_urls", ())} <= proposed
    assert "feed_url" not in snippet or ("feed_url", snippet["feed_url"]) in proposed
    closed = registry().providers[snippet["provider"]].closed
    assert closed or not snippet.get("dead")


# ---------------------------------------------------------------- grammar

FILES = {
    path.stem: tomllib.loads(path.read_text("utf-8"))
    for path in sorted(Path(providers.__file__).parent.glob("*.toml"))
}
TABLES = [
    (key, form, number)
    for key, top in FILES.items()
    for form in ("player", "page", "file")
    for number in range(len(top.get(form, ())))
]
PLAIN = st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters=";")
ADDRESS = st.sampled_from(
    ("https://a.example/b.mp3", "http://a.example/c%20d/e.mp3?f=1", "https://a.example:81/ü.mp3")
)
# Parts that take nearly anything, and addresses within addresses, by name or grammar.
LOOSE = {
    "file": st.from_regex("[a-z][a-z0-9 _.%?#/-]{0,20}[a-z]", fullmatch=True),
    "guid": st.text(PLAIN, min_size=1),
    "(?i:https?)://[^/]+.*": ADDRESS,
    "(?i:https?)://[^/]+/.+": ADDRESS,
    r"(?i:https?)://[^/&]+/[^&]*\.mp3(?:\?[^&]*)?": ADDRESS,
}
_LOOKAHEAD = re.compile(r"\(\?!(?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")


@cache
def part(name: str, grammar: str) -> st.SearchStrategy[str]:
    """Any text of a part; a lookahead over a host's dot or a path's slash needs them behind it."""
    whole = re.compile(grammar)
    texts = LOOSE.get(name, LOOSE.get(grammar))
    if texts is None:
        plain = _LOOKAHEAD.sub("", grammar)
        texts = st.from_regex(plain, fullmatch=True, alphabet=PLAIN)
    reserved = re.compile(rf"(?:{grammar})[./]?")
    return texts.filter(
        lambda t: (
            t.strip(".") != ""
            and whole.fullmatch(t) is not None
            and all(reserved.fullmatch(t + end) for end in ("", ".", "/"))
        )
    )


def spelled(table: dict[str, Any], top: dict[str, Any], values: dict[str, str]) -> str:
    """An address of a route's form; what is optional in it is there when all its parts are."""
    hosts = table.get("hosts") or top["hosts"]
    host = templates.fill(table["host"], values) if "host" in table else hosts[-1]
    query = {
        name.rstrip("?"): unquote(templates.fill(text, values) or "")
        for name, text in table.get("query", {}).items()
        if not name.endswith("?") or values.keys() >= set(templates.names(text))
    }
    fragment = templates.fill(table.get("fragment", ""), values)
    path = templates.fill(table["path"], values)
    return f"https://{(host or '').removeprefix('*.')}{path}?{urlencode(query)}#{fragment}"


@pytest.mark.parametrize(("key", "form", "number"), TABLES, ids=str)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_id_in_any_form(key: str, form: str, number: int, data: st.DataObject) -> None:
    top = FILES[key]
    table = top[form][number]
    texts = [table.get("host", ""), table["path"], table.get("fragment", "")]
    named = {
        n for text in (*texts, *table.get("query", {}).values()) for n in templates.names(text)
    }
    values = {n: data.draw(part(n, top["parts"][n]), n) for n in sorted(named)}
    assume(not any(is_word(values.get(name, "")) for name in top.get("reserved", ())))
    url = spelled(table, top, values)
    match = matched(url)
    assert match.provider.key == key
    earlier = [t for t in TABLES if t[0] == key].index((key, form, number))
    route = registry().providers[key].routes[earlier]
    if match.route is route:
        wanted = templates.fill(table.get("id", top.get("id", "{id}")), values | {"host": ""})
        assert (match.id or "") == unquote(wanted or "")
    if match.embed_url:
        back = matched(match.embed_url)
        assert (back.provider, back.id) == (match.provider, match.id)
    if match.link:
        assert matched(match.link).provider is match.provider


story = st.one_of(
    st.integers(10**4, 10**11).map(str),
    st.integers(1, 10**8).map(lambda n: f"nx-s1-{n}"),
    st.integers(1, 10**8).map(lambda n: f"g-s1-{n}"),
    st.integers(1, 10**8).map(lambda n: f"nx-s1-{n}-e1"),
    st.uuids().map(lambda u: f"nx-s1-{u}"),
)
SPELLINGS = (
    "https://www.npr.org/player/embed/{}/{}",
    "http://npr.org/player/embed/{}/{}/",
    "//www.npr.org/player/embed/{}/{}?start=12",
    "HTTPS://WWW.NPR.ORG:443/player/embed/{}/{}#t=1",
    "https://web.archive.org/web/20200101if_/https://www.npr.org/player/embed/{}/{}",
)


@given(story, story, st.sampled_from(SPELLINGS))
def test_any_npr_pair_in_any_spelling(one: str, two: str, spelling: str) -> None:
    match = matched(spelling.format(one, two))
    assert (match.provider.key, match.id) == ("npr", f"{one}/{two}")
    assert match.embed_url == f"https://www.npr.org/player/embed/{one}/{two}"


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_address_is_too_strange(host: str, path: str) -> None:
    registry().match(f"https://{host}/{path}")
    registry().refusal(f"https://www.npr.org/player/embed/{path}")
    registry().match(f"https://w.soundcloud.com/player/?url={path}")


def test_a_host_of_many_labels_is_none() -> None:
    """Each label once cost a search through all that follow it: this would take minutes."""
    for url in (
        "https://" + "a." * 300_000 + "npr.org/player/embed/1",
        "//" + "a." * 1900 + "npr.org/1",
    ):
        assert registry().match(url) is None
        assert registry().refusal(url) is None


# ---------------------------------------------------------------- templates and files


def test_fill_leaves_out_optional_pieces() -> None:
    form = "https://h/[{country}/]id{show}[?i={episode}]"
    assert templates.fill(form, {"show": "1"}) == "https://h/id1"
    assert (
        templates.fill(form, {"show": "1", "country": "us", "episode": "2"})
        == "https://h/us/id1?i=2"
    )
    assert templates.fill(form, {"country": "us"}) is None


def test_fill_puts_addresses_in_whole_or_as_they_are() -> None:
    values = {"media": "https://h/a%20b.mp3?c=1"}
    assert templates.fill("{media:raw}", values) == values["media"]
    assert templates.fill("?u={media:quoted}", values) == "?u=https%3A%2F%2Fh%2Fa%2520b.mp3%3Fc%3D1"


def test_literals_are_what_every_filling_has() -> None:
    assert templates.literals("/shows/{show}[/x/{y}]/embed") == ["/shows/", "/embed"]
    assert templates.literals("{id}/a") == ["", "/a"]
    assert templates.literals("[a/]b") == ["", "b"]


def test_a_part_of_the_host(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        """
        name = "Mine"
        id = "{show}/{number}"
        embed = "https://{show}.example.com/{number}/embed"
        parts = { show = "(?!www[.])[a-z0-9-]+", number = "[0-9]+" }
        page = [{ host = "{show}.example.com", path = "/{number}" }]
        """,
        encoding="utf-8",
    )
    audio_file = registry().providers["audio-file"]
    mine = Registry([load(path), audio_file])
    match = mine.match("https://A-Show.Example.COM/7")
    assert match
    assert (match.id, match.embed_url) == ("a-show/7", "https://a-show.example.com/7/embed")
    for host in ("example.com", "www.example.com", "a.b.example.com", "a-show.example.com.test"):
        assert mine.match(f"https://{host}/7") is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('name = "X"\nhots = ["x.test"]', "hots"),
        ('name = "X"\nhosts = ["x.test"]\n[[player]]\npath = "/{id}"', "id"),
        ('name = "X"\nhosts = ["x.test"]\n[[player]]\npth = "/a"', "pth"),
        ("name = ", "cannot be read"),
        ('name = "X"\nhosts = ["x.test"]\n[[player]]\npath = "/[a"', "[a"),
        ('hosts = ["x.test"]', "name"),
        ('name = "X"\nhosts = ["x.test"]\nstart = "?t="\n[[player]]\npath = "/a"', "?t={t}"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load(path)
    assert named in str(error.value)
    assert "mine.toml" in str(error.value)
