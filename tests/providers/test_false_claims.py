"""What is no recording of a provider is never claimed for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote, urlsplit

import pytest
from provider_samples import EXAMPLES, GRAMMAR, PROVIDERS, absolute, fits, matched

from podcat.extract import extract
from podcat.model import Document
from podcat.providers import registry
from podcat.providers.own import hosts_of

Disguise = Callable[[str, str], str]

# Each from a provider's host and the rest of an address on it; none is on that host.
DISGUISES: dict[str, Disguise] = {
    "a longer name": lambda h, r: f"https://evil-{h.replace('.', '-', h.count('.') - 1)}{r}",
    "a name before the host's": lambda h, r: f"https://not{h.split('.', h.count('.') - 1)[-1]}{r}",
    "the host below another": lambda h, r: f"https://{h}.evil.test{r}",
    "the host with more behind it": lambda h, r: f"https://{h}-evil.test{r}",
    "without dots": lambda h, r: f"https://{h.replace('.', '')}.test{r}",
    "the host as a path": lambda h, r: f"https://evil.test/{h}{r}",
    "the address as a path": lambda h, r: f"https://evil.test/https://{h}{r}",
    "the host as a name": lambda h, r: f"https://{h}@evil.test{r}",
    "the host as a name with a password": lambda h, r: f"https://{h}:443@evil.test{r}",
    "the host behind a backslash": lambda h, r: f"https://evil.test\\@{h}{r}",
    "the address as a query": lambda h, r: f"https://evil.test/?u=https://{h}{r}",
    "the address as a query, encoded": lambda h, r: (
        f"https://evil.test/?u={quote(f'https://{h}{r}', safe='')}"
    ),
    "the host in a query": lambda h, r: f"https://evil.test?@{h}{r}",
    "the host in a fragment": lambda h, r: f"https://evil.test#@{h}{r}",
    "the address as a fragment": lambda h, r: f"https://evil.test/#https://{h}{r}",
    "an oEmbed request": lambda h, r: f"https://{h}/oembed?url=https://{h}{r}",
    "a like button": lambda h, r: f"https://www.facebook.com/plugins/like.php?href=https://{h}{r}",
    "a post about it": lambda h, r: f"https://twitter.com/intent/tweet?url=https://{h}{r}",
    "another scheme": lambda h, r: f"ftp://{h}{r}",
    "a script": lambda h, r: f"javascript:open('https://{h}{r}')",
    "data": lambda h, r: f"data:text/html,https://{h}{r}",
    "no address": lambda h, r: f"{h}{r}",
}
SITE = """
    / /login /signin /signup /register /terms /terms-of-service /privacy /privacy/ /about /about/
    /about-us /contact /help /help/article/12 /search /search?q=talk /search/talk /rss /feed
    /feed.xml /sitemap.xml /robots.txt /favicon.ico /embed /embed/ /embed/?url=1 /embed/latest
    /player /player/ /player/latest /widget /widget/ /iframe /iframe_api /oembed
    /oembed?url=https%3A%2F%2Fexample.org%2Fa /podcasts /podcasts/ /shows /shows/ /episodes /episode/
    /charts /genres/jazz /tag/news /categories /category/news /blog/a-post /en/terms
    /legal/terms /legal/privacy-policy /account/login /settings/profile /js/player.js /assets/app.css
    /static/embed.js /api/v1/status /latest /playlist/latest /support/contact /about/press
    /company/jobs /pages/terms /jobs /press /download /apps /share /discover/jazz /live /schedule
    /newsletter/ /cookies/policy /2020/01/02/a-story /de/impressum /stats/overview /explore /upload
    /features /pricing /docs/api /developers/docs /messages/inbox /hashtag/talk?src=x /home/feed
    /p/ /a/ /s/ /i/flow/login /i/events/1 /playlists/latest /status /donate/
"""


def claimed(url: str) -> tuple[str, str | None] | None:
    match = registry().match(url)
    plain = match is None or match.provider.key == "audio-file"
    return None if plain or match is None else (match.provider.key, match.id)


def split(url: str) -> tuple[str, str]:
    host = urlsplit(absolute(url)).netloc.lower()
    return host, absolute(url).partition("://")[2][len(host) :]


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES.keys())
def test_a_disguise(disguise: Disguise) -> None:
    urls = [disguise(*split(example["url"])) for _, example in EXAMPLES]
    assert {url: found for url in urls if (found := claimed(url))} == {}
    assert {url for url in urls if "evil" in url and registry().refusal(url)} == set()


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda p: p.key)
def test_pages_of_the_site_itself(provider: object) -> None:
    hosts = [
        name
        for host in hosts_of(provider)[:8]  # type: ignore[arg-type]
        for name in (
            (host,) if host[0] != "*" else (host[2:], f"www{host[1:]}", f"a-show{host[1:]}")
        )
    ]
    urls = [f"https://{host}{path}" for host in hosts for path in SITE.split()]
    assert {url: found for url in urls if (found := claimed(url))} == {}


def mutated(url: str, value: str) -> Iterator[str]:
    """The address with one character of a part missing, added, or of another sort."""
    at = url.rfind(value)
    if at < 0:
        return
    for other in (value[:-1], value[1:], f"{value}0", f"{value}x", f"{value}_", f"{value}.",
                  f"{value}%20", f"{value}!", value[:-1] + "é", value.swapcase(), "latest", "",
                  "{id}", ":id", "[ID]", "undefined", "null", f"{value}%2Fx", f"{value}%00"):  # fmt: skip
        yield url[:at] + other + url[at + len(value) :]


@pytest.mark.parametrize("provider", [p for p in PROVIDERS if p.examples], ids=lambda p: p.key)
def test_an_id_that_is_none(provider: object) -> None:
    """Whatever is claimed has an id that the provider can have."""
    bad = {}
    for owner, example in EXAMPLES:
        if owner is provider:
            parts = [
                v for k, v in matched(example["url"]).parts.items() if k not in ("host", "link")
            ]
            for url in (u for value in parts if value for u in mutated(example["url"], value)):
                found = claimed(url)
                if found and not fits(*found):
                    bad[url] = found
    assert bad == {}


def test_every_example_fits_the_grammar() -> None:
    assert GRAMMAR.keys() == {p.key for p in PROVIDERS if p.routes}
    assert [e["url"] for p, e in EXAMPLES if not fits(p.key, e.get("id"))] == []


FRAMES = """
    https://www.googletagmanager.com/ns.html?id=GTM-NWGXDWB
    https://www.google.com/maps/embed?pb=!1m18!1m12!1m3!1d2
    https://docs.google.com/forms/d/e/1FAIpQLSd/viewform?embedded=true
    https://calendar.google.com/calendar/embed?src=a%40example.org
    https://www.google.com/recaptcha/api2/anchor?ar=1&k=6Lc
    https://tpc.googlesyndication.com/safeframe/1-0-2/html/container.html
    https://platform.twitter.com/widgets/follow_button.html?screen_name=npr
    https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com%2FNPR
    https://staticxx.facebook.com/connect/xd_arbiter.php
    https://www.instagram.com/p/CAbCdEfGhIj/embed/
    https://disqus.com/embed/comments/?base=default&f=x
    https://js.stripe.com/v3/controller.html
    https://www.surveymonkey.com/r/ABCDEF
    https://datawrapper.dwcdn.net/AbCdE/1/
    https://public.flourish.studio/visualisation/1234567/embed
    https://www.scribd.com/embeds/123456789/content
    https://www.listennotes.com/search/?q=talk
    https://embed.documentcloud.org/documents/20059068-a-paper/
    https://mailchi.mp/example/newsletter
    about:blank
"""


@pytest.mark.parametrize("src", FRAMES.split())
@pytest.mark.parametrize("tag", ["iframe", "embed", "amp-iframe"])
def test_a_frame_that_is_no_player(src: str, tag: str) -> None:
    html = f'<body><h1>Listen to this podcast</h1><{tag} src="{src}" allow="autoplay"></{tag}>'
    page = extract(Document("page.html", html.encode()))
    assert (page.embeds, page.refused) == ((), ())
