"""Pages to measure with: the markup of public NPR pages around words drawn by chance."""

from __future__ import annotations

import random

_TEXT = (
    "the of story about Kazakhstan government protest people radio listener report today city "
    "region energy water music film said when after before which could would morning edition "
    "history steppe journalist interview winter economy language election court river"
)
WORDS = _TEXT.split()

HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Stories : {site}</title>
<meta property="og:title" content="Stories"><meta property="og:type" content="website">
<meta name="description" content="News and stories"><meta property="og:image" content="https://media.{site}/card.jpg">
<link rel="canonical" href="https://www.{site}/tags/126930977/kazakhstan">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "WebPage", "name": "Stories"}}</script>
<style>.item {{ margin: 0 }} a:hover {{ color: #237bbd }}</style></head><body>
<header><nav class="menu">{menu}</nav></header><main id="main">
"""
FOOT = """</main><footer><a href="https://www.facebook.com/x">Facebook</a>
<a href="https://twitter.com/x">Twitter</a><p>&copy; 2022</p></footer></body></html>"""

PLAYER = """<article class="bucketwrap resaudio"><div class="audio-module"><ul class="audio-tools">
<li class="audio-tool audio-tool-download"><a href="https://ondemand.npr.org/anon.npr-mp3/npr/me/2019/{n}.mp3?d=266">Download</a></li>
<li class="audio-tool audio-tool-embed"><button class="embed" data-embed-url="https://www.npr.org/player/embed/{story}/{media}">Embed</button>
<div class="snippet"><code><b>&lt;</b>iframe src="https://www.npr.org/player/embed/{story}/{media}" width="100%" height="290" frameborder="0" scrolling="no" title="NPR embedded audio player"&gt;</code></div></li>
<li class="audio-tool audio-tool-transcript"><a href="https://www.npr.org/transcripts/{story}">Transcript</a></li></ul></div></article>
"""
ITEM = """<article class="item"><div class="item-info"><h3 class="slug"><a href="https://www.{site}/sections/world/">World</a></h3>
<h2 class="title"><a href="https://www.{site}/2019/10/29/{story}/story-{n}">{title}</a></h2>
{player}<p class="teaser"><a href="https://www.{site}/2019/10/29/{story}/story-{n}"><time datetime="2019-10-29"><span class="date">October 29, 2019 &bull; </span></time>{teaser}</a></p></div>
<div class="imagewrap"><img src="https://media.{site}/assets/img/{n}.jpg" alt="{alt}" loading="lazy"><p class="caption">{alt} <b class="credit">A. Person for {site}</b></p></div>
<div class="story"><p>{first}</p><p>{second}</p><p>{third}</p></div></article>
"""


def html(size: int, every: int, seed: int = 1) -> bytes:
    """A page of about `size` bytes with a player in every n-th item; 0 is none at all."""
    chance = random.Random(seed)

    def words(count: int) -> str:
        return " ".join(chance.choices(WORDS, k=count)).capitalize()

    site = "npr.org" if every else "example.org"
    menu = "".join(f'<a href="/sections/{n}/">{words(2)}</a>' for n in range(30))
    parts = [HEAD.format(site=site, menu=menu)]
    length, number = len(parts[0]), 0
    while length < size:
        story = 700_000_000 + number
        player = (
            PLAYER.format(n=number, story=story, media=story + 5)
            if every and number % every == 0
            else ""
        )
        parts.append(ITEM.format(
            site=site, n=number, story=story, title=words(8), player=player, teaser=words(40),
            alt=words(9), first=words(60), second=words(90), third=words(120),
        ))  # fmt: skip
        length, number = length + len(parts[-1]), number + 1
    return "".join([*parts, FOOT]).encode()


def crawl(pages: int, seed: int = 7) -> list[bytes]:
    """Pages of mixed size, one in ten of them with players."""
    chance = random.Random(seed)
    return [
        html(chance.choice((40_000, 90_000, 170_000)), 3 if n % 10 == 0 else 0, seed=n)
        for n in range(pages)
    ]
