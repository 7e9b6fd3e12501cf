"""Every form of every provider in every place that shows or names a player."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape

import pytest
from provider_samples import FORMS, one_of_each

from podcat.extract import extract
from podcat.model import Document
from podcat.providers import Match

Place = Callable[[str], str]


def snippet(url: str) -> str:
    return escape(f'<iframe src="{escape(url)}" width="100%" height="150"></iframe>')


def twice(shown: str) -> str:
    return f"{shown}<p>Words between.</p>{shown}"


# What a page shows.
SHOWN: dict[str, Place] = {
    "iframe": lambda u: f'<iframe src="{escape(u)}"></iframe>',
    "bare ampersands": lambda u: f"<iframe width=100% src='{u}'></iframe>",
    "upper case": lambda u: f'<IFRAME WIDTH="100" SRC="{escape(u)}"></IFRAME>',
    "lazy": lambda u: f'<iframe data-src="{escape(u)}" src="about:blank"></iframe>',
    "lazy, another name": lambda u: f'<iframe src="data:," data-lazy-src="{escape(u)}"></iframe>',
    "waiting for consent": lambda u: f'<iframe data-cookieblock-src="{escape(u)}"></iframe>',
    "lazy, with its copy": lambda u: (
        f'<iframe data-src="{escape(u)}"></iframe><noscript>{SHOWN["iframe"](u)}</noscript>'
    ),
    "in noscript alone": lambda u: f"<p>Words</p><noscript>{SHOWN['iframe'](u)}</noscript>",
    "embed": lambda u: f'<embed src="{escape(u)}" type="application/x-shockwave-flash">',
    "object": lambda u: f'<object type="text/html" data="{escape(u)}"></object>',
    "param": lambda u: (
        f'<object><param name="movie" value="{escape(u)}"><embed src="{escape(u)}"></object>'
    ),
    "AMP": lambda u: f'<amp-iframe layout="responsive" src="{escape(u)}"></amp-iframe>',
    "in a figure": lambda u: f'<figure><div><iframe src="{escape(u)}"></iframe></div></figure>',
    "in a table": lambda u: f'<table><tr><td><iframe src="{escape(u)}"></iframe></td></table>',
    "unclosed": lambda u: f'<div><iframe src="{escape(u)}">',
    "twice": lambda u: twice(SHOWN["iframe"](u)),
    "beside its link": lambda u: (
        f'{SHOWN["iframe"](u)}<p><a href="{escape(u)}">Listen to it there</a></p>'
    ),
    "archived": lambda u: (
        f'<iframe src="https://web.archive.org/web/2020if_/{escape(whole(u))}"></iframe>'
    ),
}
# What a page says of itself, offers to be copied or holds in its words: players only.
WRITTEN: dict[str, Place] = {
    "twitter:player": lambda u: f'<meta name="twitter:player" content="{escape(whole(u))}">',
    "JSON-LD": lambda u: (
        '<script type="application/ld+json">'
        + json.dumps({"@type": "PodcastEpisode", "name": "A talk", "embedUrl": whole(u)})
        + "</script>"
    ),
    "in an input": lambda u: f'<input type="text" readonly value="{snippet(u)}">',
    "in a textarea": lambda u: f'<textarea rows="3">{snippet(u)}</textarea>',
    "in code": lambda u: f"<pre><code>{snippet(u)}</code></pre>",
    "in the words": lambda u: f"<p>{escape(whole(u))}</p>",
    "on a line of its own": lambda u: (
        f'<figure><div class="wp-block-embed__wrapper">\n{escape(whole(u))}\n</div></figure>'
    ),
}
NOWHERE: dict[str, Place] = {
    "a comment": lambda u: f"<!-- {SHOWN['iframe'](u)} -->",
    "a template": lambda u: f"<template>{SHOWN['iframe'](u)}</template>",
    "a string of a script": lambda u: f"<script>var x = {json.dumps(u)};</script>",
    "a form": lambda u: f'<form action="{escape(u)}"><input name="q"></form>',
    "a picture": lambda u: f'<img src="{escape(u)}">',
    "a style": lambda u: f'<p style="background: url({escape(u)})">Words</p>',
    "a stylesheet": lambda u: f'<link rel="stylesheet" href="{escape(u)}">',
    "another's query": lambda u: (
        f'<iframe src="https://www.facebook.com/plugins/like.php?href={escape(u)}"></iframe>'
    ),
    "a share link": lambda u: (
        f'<a href="https://twitter.com/intent/tweet?url={escape(u)}">Listen, share</a>'
    ),
    "a hidden title": lambda u: f'<p title="{escape(u)}">Words</p>',
}


def whole(url: str) -> str:
    return f"https:{url}" if url.startswith("//") else url


def recordings(html: str) -> list[tuple[str, str | None]]:
    page = f"<!DOCTYPE html><html><head><title>A page</title></head><body><h1>A page</h1>{html}"
    found = extract(Document("page.html", page.encode())).embeds
    return [(embed.provider, embed.id) for embed in found]


def wrong(place: Place, forms: list[Match]) -> dict[str, list[tuple[str, str | None]]]:
    return {
        str(form.given): found
        for form in forms
        if (found := recordings(place(str(form.given)))) != [(form.provider.key, form.id)]
    }


@pytest.mark.parametrize("name", SHOWN)
def test_shown(name: str) -> None:
    forms = one_of_each(list(SHOWN).index(name))
    assert wrong(SHOWN[name], [form for form in forms if not form.announced]) == {}


def test_every_form_is_shown() -> None:
    assert wrong(SHOWN["iframe"], [form for form in FORMS if not form.announced]) == {}


@pytest.mark.parametrize("name", WRITTEN)
def test_written(name: str) -> None:
    forms = one_of_each(list(WRITTEN).index(name))
    assert wrong(WRITTEN[name], [form for form in forms if form.form == "player"]) == {}


def test_linked() -> None:
    assert wrong(lambda u: f'<p><a href="{escape(u)}">Listen to a long talk</a></p>', FORMS) == {}


@pytest.mark.parametrize("form", FORMS, ids=lambda f: str(f.given))
def test_a_link_gives_its_title(form: Match) -> None:
    page = f'<body><p>See <a href="{escape(str(form.given))}">Listen to a long talk</a>.</p>'
    (embed,) = extract(Document("page.html", page.encode())).embeds
    assert embed.title == "Listen to a long talk"


@pytest.mark.parametrize("name", NOWHERE)
def test_not_shown(name: str) -> None:
    urls = [str(form.given) for form in one_of_each(list(NOWHERE).index(name))]
    assert {url: here for url in urls if (here := recordings(NOWHERE[name](url)))} == {}


SCRIPTS = [form for form in FORMS if ".js" in form.given or "api.podcache.net" in form.given]


@pytest.mark.parametrize("form", SCRIPTS, ids=lambda f: str(f.given))
@pytest.mark.parametrize(
    "attributes", ['src="{}"', 'type="text/plain" src="{}"', 'type="text/plain" data-src="{}"']
)
def test_a_script_that_writes_a_player(form: Match, attributes: str) -> None:
    html = f"<script {attributes.format(escape(str(form.given)))}></script>"
    assert recordings(html) == [(form.provider.key, form.id)]


def test_there_are_scripts_among_them() -> None:
    assert {form.provider.key for form in SCRIPTS} == {"buzzsprout", "redcircle", "wistia"}
