"""An address in any spelling is the address: same provider, same id, same addresses built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from provider_samples import EXAMPLES, absolute

from podcat.providers import Match, registry

Spelling = Callable[[str], str]


def changed(url: str, **parts: str) -> str:
    return urlunsplit(urlsplit(absolute(url))._replace(**parts))


def host(url: str) -> str:
    return urlsplit(absolute(url)).netloc


def asked(url: str, before: str = "", behind: str = "") -> str:
    query = urlsplit(absolute(url)).query
    return changed(url, query="&".join(filter(None, (before, query, behind))))


def slashed(url: str, slash: str) -> str:
    return changed(url, path=urlsplit(absolute(url)).path.rstrip("/") + slash)


def encoded(url: str) -> str:
    """The last letter or digit of the path percent-encoded, if it is not part of such a code."""
    path = urlsplit(absolute(url)).path
    for at in range(len(path) - 1, 0, -1):
        if path[at].isalnum() and "%" not in path[max(0, at - 2) : at]:
            return changed(url, path=f"{path[:at]}%{ord(path[at]):02X}{path[at + 1 :]}")
    return url


ARCHIVE = "https://web.archive.org/web/20200101000000"
SPELLINGS: dict[str, Spelling] = {
    "host in capitals": lambda u: changed(u, netloc=host(u).upper()),
    "scheme in capitals": lambda u: "HTTPS:" + absolute(u).split(":", 1)[1],
    "no scheme": lambda u: absolute(u).split(":", 1)[1],
    "http": lambda u: changed(u, scheme="http"),
    "port 443": lambda u: changed(u, scheme="https", netloc=f"{host(u)}:443"),
    "port 80": lambda u: changed(u, scheme="http", netloc=f"{host(u)}:80"),
    "a name and a password": lambda u: changed(u, netloc=f"someone:secret@{host(u)}"),
    "a dot behind the host": lambda u: changed(u, netloc=f"{host(u)}."),
    "a final slash": lambda u: slashed(u, "/"),
    "no final slash": lambda u: slashed(u, ""),
    "more is asked": lambda u: asked(u, behind="utm_source=x&theme=dark&autoplay=1"),
    "more is asked before": lambda u: asked(u, before="autoplay=1&color=%23ff5500"),
    "ampersands escaped once more": lambda u: asked(u, before="a=1").replace("&", "&amp;"),
    "a fragment": lambda u: u if "#" in u else f"{u}#comments",
    "a letter percent-encoded": encoded,
    "archived": lambda u: f"{ARCHIVE}/{absolute(u)}",
    "archived in a frame": lambda u: f"http://web.archive.org/web/2020if_/{absolute(u)}",
    "archived without scheme": lambda u: f"//web.archive.org/web/20200101id_/{absolute(u)}",
    "archived, below the page's host": lambda u: f"/web/20200101000000if_/{absolute(u)}",
    "backslashes": lambda u: (
        changed(u, query="", fragment="").replace("/", "\\")
        + absolute(u)[len(changed(u, query="", fragment="")) :]
    ),
    "white space around": lambda u: f" \n{u}\t ",
    "a line break within": lambda u: f"{u[:-5]}\n{u[-5:]}",
}
BASE = f"{ARCHIVE}/https://www.example.org/a-page.html"
# Options lost their `?` in the path of this one: more cannot be told from them.
PLAIN = [(p, e) for p, e in EXAMPLES if "&" not in urlsplit(e["url"]).path]
KEPT = [(p, e) for p, e in PLAIN if not e["url"].startswith("https://web.archive.org")]


def said(match: Match | None) -> tuple[Any, ...] | None:
    if match is None:
        return None
    built = (match.embed_url, match.link, match.feed_url)
    return (match.provider.key, match.id, match.kind, match.start, *built)


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_spelling(spelling: Spelling) -> None:
    differing = {
        url: said(registry().match(url, BASE))
        for _, example in KEPT
        for url in [spelling(example["url"])]
        if said(registry().match(url, BASE)) != said(registry().match(example["url"], BASE))
    }
    assert differing == {}


@pytest.mark.parametrize("mark", ["t=95", "t=95s", "t=1m35s", "t=1:35", "t=0:01:35", "start=95"])
def test_where_to_begin_is_kept(mark: str) -> None:
    taken = ("t=", "start=", "#")
    plain = [e["url"] for _, e in PLAIN if not any(each in e["url"] for each in taken)]
    late = {
        url: registry().match(url)
        for given in plain
        for url in (f"{given}#{mark}", asked(given, behind=mark))
    }
    assert {url for url, match in late.items() if not match or match.start != 95} == set()
