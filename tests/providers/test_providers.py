"""Providers are data: the examples in their files are the tests."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podcat.errors import ConfigError
from podcat.extract import extract
from podcat.model import Document, embed_json
from podcat.providers import Match, Provider, load, registry, templates

PROVIDERS = list(registry().providers.values())
EXAMPLES = [(p, e) for p in PROVIDERS for e in p.examples]
REFUSED = [(p, url) for p in PROVIDERS for url in p.refused]
SNIPPETS = [
    json.loads(line)
    for line in (Path(__file__).parent / "snippets.jsonl").read_text("utf-8").splitlines()
]


def matched(url: str | None) -> Match:
    match = registry().match(url)
    assert match, url
    return match


@pytest.mark.parametrize(("provider", "example"), EXAMPLES, ids=lambda v: str(v)[:60])
def test_example(provider: Provider, example: dict[str, Any]) -> None:
    match = matched(example["url"])
    found = {
        "id": match.id, "kind": match.kind, "start": match.start, "link": match.link,
        "embed": match.embed_url, "retired": bool(match.retired),
    }  # fmt: skip
    assert match.provider is provider
    wanted = {"retired": False} | {k: v for k, v in example.items() if k != "url"}
    assert {k: found[k] for k in wanted} == wanted


@pytest.mark.parametrize(("provider", "example"), EXAMPLES, ids=lambda v: str(v)[:60])
def test_built_addresses_lead_back(provider: Provider, example: dict[str, Any]) -> None:
    match = matched(example["url"])
    for url in filter(None, (match.embed_url, match.link)):
        back = matched(url)
        assert (back.provider, back.id) == (provider, match.id)


@pytest.mark.parametrize(("provider", "url"), REFUSED, ids=lambda v: str(v)[:80])
def test_refused(provider: Provider, url: str) -> None:
    assert registry().match(url) is None


def test_every_provider_with_routes_has_examples() -> None:
    routed = {p.key for p in PROVIDERS if p.routes}
    assert (
        routed
        == {p.key for p in PROVIDERS if p.examples}
        == {p.key for p in PROVIDERS if p.refused}
    )


def test_no_host_is_shared() -> None:
    owners = defaultdict(set)
    for provider in PROVIDERS:
        for host in {*provider.hosts, *(h for r in provider.routes for h in r.hosts)}:
            owners[host.removeprefix("*.")].add(provider.key)
            for other in PROVIDERS:
                wild = [h[1:] for h in other.hosts if h.startswith("*.")]
                assert other is provider or not any(f".{host}".endswith(w) for w in wild)
    assert {host: keys for host, keys in owners.items() if len(keys) > 1} == {}


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


# ---------------------------------------------------------------- grammar

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


# ---------------------------------------------------------------- templates and files


def test_fill_leaves_out_optional_pieces() -> None:
    form = "https://h/[{country}/]id{show}[?i={episode}]"
    assert templates.fill(form, {"show": "1"}) == "https://h/id1"
    assert (
        templates.fill(form, {"show": "1", "country": "us", "episode": "2"})
        == "https://h/us/id1?i=2"
    )
    assert templates.fill(form, {"country": "us"}) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('name = "X"\nhots = ["x.test"]', "hots"),
        ('name = "X"\nhosts = ["x.test"]\n[[player]]\npath = "/{id}"', "id"),
        ('name = "X"\nhosts = ["x.test"]\n[[player]]\npth = "/a"', "pth"),
        ("name = ", "cannot be read"),
        ('name = "X"\nhosts = ["x.test"]\n[[player]]\npath = "/[a"', "[a"),
        ('hosts = ["x.test"]', "name"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load(path)
    assert named in str(error.value)
    assert "mine.toml" in str(error.value)
