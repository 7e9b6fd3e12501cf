"""More of the hosts of players: the same players written otherwise, and files that are odd.

A Case each, as in known_hosts.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from html import escape
from typing import Final

from known_hosts import (
    AKAMAI,
    HTML_TRANSCRIPT,
    MEDIA,
    MP3,
    NPR,
    RFE,
    SAYS,
    VTT,
    Case,
    file,
    html,
    npr_model,
    npr_page,
    packed,
    player,
    sound,
    world,
)

Reply, to = world.Reply, world.to
C = Case


def urlsafe(text: str) -> str:
    """In the base64 of addresses, without its padding."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def told(number: int, **more: object) -> dict[str, object]:
    """What an attribute of NPR's says of a recording: its pair with a colon."""
    uid = f"90000{number:04}:91000{number:04}"
    return {"uid": uid, "audioUrl": sound(number), "duration": 77, "title": "A story", **more}


def attribute(name: str, said: object) -> str:
    """An element of an audio module with that attribute, as HTML writes it."""
    text = said if isinstance(said, str) else json.dumps(said)
    return f'<div class="audio-module-controls-wrap" {name}="{escape(text, quote=True)}"></div>'


def script(text: str) -> Reply:
    return html("NPR", f"<script>{text}</script>")


def rfe(number: int, kind: str = "audio") -> str:
    return f"{RFE}/embed/player/0/3167{number:04}.html?type={kind}"


def pangea(number: int, element: str, kind: str = "audio") -> Reply:
    """The embed page of RFE/RL's system around an element of sound or film."""
    return html("Player", f'<div class="c-mmp" id="player3167{number:04}" data-title="The Majlis">'
                f'<div class="media-pholder--{kind}">{element}</div></div>')  # fmt: skip


def sources(*files: str, tag: str = "audio") -> str:
    listed = escape(json.dumps([{"Src": url, "Type": "x", "DataInfo": "q"} for url in files]))
    return f'<{tag} data-sources="{listed}"></{tag}>'


def transistor(name: str, transcript: str) -> tuple[str, Reply]:
    """A player page whose data name its transcript."""
    url = f"https://share.transistor.fm/e/{name}"
    node = {"@type": "PodcastEpisode", "name": name,
            "associatedMedia": {"@type": "MediaObject", "contentUrl": f"{MEDIA}/{name}.mp3"},
            "transcript": transcript}  # fmt: skip
    return url, html("T", f'<script type="application/ld+json">{json.dumps(node)}</script>')


def npr(number: int, says: str, page: Reply, **more: object) -> Case:
    """NPR's player in another spelling, whose file is there."""
    replies = {player(number): page, sound(number): file(MP3)}
    return C(says, player(number), replies, file=sound(number), **more)  # type: ignore[arg-type]


def odd(number: int, says: str, reply: Reply | tuple[Reply, ...], **more: object) -> Case:
    """NPR's player, and a file that answers so."""
    page = npr_page(npr_model(sound(number)))
    more.setdefault("file", None if "why" in more else sound(number))
    return C(says, player(number), {player(number): page, sound(number): reply}, **more)  # type: ignore[arg-type]


MANY: Final = npr_model(sound(9_99))
OBJECT = "{audioSrc: '%s', title: 'It\\'s a story', duration: 77, tags: ['a',], }"
VARIATIONS: tuple[Case, ...] = (
    npr(101, "data-audio", html("NPR", attribute("data-audio", told(101)))),
    npr(102, "data-audio in base64", html("NPR", attribute("data-audio", packed(json.dumps(told(102)))))),
    npr(103, "data-audio in base64 of addresses",
        html("NPR", attribute("data-audio", urlsafe(json.dumps(told(103, title="¿Qué? ÿÿÿ")))))),
    npr(104, "data-audio with a list", html("NPR", attribute("data-audio", [told(998), told(104)]))),
    npr(105, "several models", script(
        f"var audioModel = {json.dumps(npr_model(sound(997), uid='900000997:910000997'))};"
        f"var audioModel = {json.dumps(npr_model(sound(105), uid='900000105:910000105'))};")),
    npr(106, "model as an object of a script", script(f"var audioModel = {OBJECT % sound(106)};"),
        shows={"duration": 77, "title": "It's a story"}),
    npr(107, "model with a comma too many", script(
        'audioModel = {"audioSrc":"%s","duration":77,"title":"A story",};' % sound(107)),
        shows={"duration": 77, "title": "A story"}),
    npr(108, "model inside other data", script(
        f'window.__STATE__ = {json.dumps({"a": {"audioModel": npr_model(sound(108))}})}')
        , shows={"duration": 77}),
    npr(109, "model in an attribute",
        html("NPR", f'<div id="p" data-audio-model="{escape(json.dumps(npr_model(sound(109))))}"></div>'),
        shows={"duration": 77}),
    npr(110, "address in base64 of addresses", npr_page(npr_model(urlsafe(sound(110) + "?x=ÿþ>~")[:0] + urlsafe(sound(110))))),
    npr(111, "AMP", html("NPR", f'<amp-audio src="{sound(111)}"></amp-audio>')),
    npr(112, "address without its scheme", npr_page(npr_model(sound(112).removeprefix("https:")))),
    npr(113, "model by window, HTML-escaped", script(f"window.audioModel={escape(json.dumps(npr_model(sound(113))))}")),
    npr(114, "an audio element with sources", html("NPR", f'<audio controls><source src="{sound(114)}" type="audio/mpeg"></audio>')),
    npr(115, "JSON data block", html("NPR", f'<script type="application/json">{json.dumps({"props": {"audio": {"url": sound(115), "duration": 77}}})}</script>')),
    npr(116, "model as JSON.parse of a text", script("var audioModel = JSON.parse(%s);" % json.dumps(json.dumps(npr_model(sound(116))))), shows={"duration": 77}),
    npr(117, "data-audio, single quotes and bare &", html("NPR", "<div class='audio-module-controls-wrap' data-audio='%s'></div>" % json.dumps(told(117, audioUrl=sound(117))))),
    npr(118, "Twitter card", Reply(200, f'<!doctype html><html><head><title>x</title><meta name="twitter:player:stream" content="{sound(118)}"><meta name="twitter:player:stream:content_type" content="audio/mpeg"></head></html>')),
    # Pangea
    C("Pangea, film alone", rfe(1, "video"), {
        rfe(1, "video"): pangea(1, sources(f"{MEDIA}/v_240p.mp4", f"{MEDIA}/v.mp4", f"{MEDIA}/v_1080p.mp4", tag="video"), "video"),
        f"{MEDIA}/v.mp4": file(world.M4A, "video/mp4"),
    }, file=f"{MEDIA}/v.mp4"),
    C("Pangea, pieces alone", rfe(2, "video"), {
        rfe(2, "video"): pangea(2, sources(f"{MEDIA}/v/master.m3u8", tag="video"), "video"),
    }, why="its player has a list of pieces alone", state="nothing"),
    C("Pangea, film and pieces", rfe(3, "video"), {
        rfe(3, "video"): pangea(3, sources(f"{MEDIA}/3/master.m3u8", f"{MEDIA}/3.mp4", tag="video"), "video"),
        f"{MEDIA}/3.mp4": file(world.M4A, "video/mp4"),
    }, file=f"{MEDIA}/3.mp4"),
    C("Pangea, qualities alone", rfe(4), {
        rfe(4): pangea(4, sources(f"{AKAMAI}/4_low.mp3", f"{AKAMAI}/4_hq.mp3")),
        f"{AKAMAI}/4_low.mp3": file(MP3), f"{AKAMAI}/4_hq.mp3": file(MP3),
    }, file=f"{AKAMAI}/4_hq.mp3"),
    C("Pangea, films of qualities alone", rfe(5, "video"), {
        rfe(5, "video"): pangea(5, sources(f"{MEDIA}/5_1080p.mp4", f"{MEDIA}/5_240p.mp4", f"{MEDIA}/5_720p.mp4", f"{MEDIA}/5_480p.mp4", tag="video"), "video"),
        **{f"{MEDIA}/5_{q}.mp4": file(world.M4A, "video/mp4") for q in ("1080p", "240p", "720p", "480p")},
    }, file=f"{MEDIA}/5_720p.mp4"),
    C("Pangea, link of its fallback", rfe(6), {
        rfe(6): pangea(6, f'<a class="c-mmp__fallback-link" href="{AKAMAI}/6.mp3">Direct link</a>'),
        f"{AKAMAI}/6.mp3": file(MP3),
    }, file=f"{AKAMAI}/6.mp3"),
    C("Pangea, download menu", rfe(7), {
        rfe(7): pangea(7, f'<audio data-sdkid="31670007"></audio><div class="media-download"><ul><li class="subitem"><a href="{AKAMAI}/7.mp3?download=1">64 kbps | MP3</a></li></ul></div>'),
        f"{AKAMAI}/7.mp3?download=1": file(MP3), f"{AKAMAI}/7.mp3": file(MP3),
    }, file=f"{AKAMAI}/7.mp3"),
    C("Pangea, no media", rfe(8), {rfe(8): pangea(8, '<p class="ta-c">No media source currently available</p>')},
      why="its player names no file", state="nothing"),
    # files
    odd(130, "tells no length", Reply(200, MP3, {"Content-Type": "audio/mpeg", }, "chunked"), why="does not say how long"),
    odd(131, "Content-Range without a total", Reply(206, MP3[:2048], {"Content-Type": "audio/mpeg", "Content-Range": "bytes 0-2047/*"}), why="does not say how long"),
    odd(132, "Content-Range that lies", Reply(206, MP3[:2048], {"Content-Type": "audio/mpeg", "Content-Range": "bytes 0-2047/100"}), why="x"),
    odd(133, "another range", Reply(206, MP3[:2048], {"Content-Type": "audio/mpeg", "Content-Range": f"bytes 4096-6143/{len(MP3)}"}), shows={"media_bytes": len(MP3)}),
    odd(134, "empty", file(b""), why="its file is empty", state="nothing"),
    odd(135, "called text", file(MP3, "text/plain"), shows={"media_type": "audio/mpeg"}),
    odd(136, "called a page", file(MP3, "text/html; charset=utf-8"), shows={"media_type": "audio/mpeg"}),
    odd(137, "without a type", Reply(200, MP3, {}), shows={"media_type": "audio/mpeg"}),
    odd(138, "an M4A that is called MP3", file(world.M4A, "audio/mpeg"), shows={"media_bytes": len(world.M4A)}),
    odd(139, "to a login", to(f"{NPR}/login?next=x"), why="its file wants a login", state="gated"),
    odd(140, "416 for any range", Reply(416, "", {"Content-Range": "bytes */5"}), why="416"),
    odd(141, "an image", file(world.PNG, "audio/mpeg"), why="is an image, no recording", state="nothing"),
    odd(142, "JSON", Reply(200, '{"error": "not found"}', {"Content-Type": "application/json"}), why="is text, no recording", state="nothing"),
    odd(143, "204", Reply(204, ""), why="its file is empty", state="nothing"),
    odd(144, "300", Reply(300, ""), why="300"),
    odd(145, "404 and MP3", Reply(404, MP3, {"Content-Type": "audio/mpeg"}), why="404 Not Found", state="gone"),
    odd(146, "2 GB whole", file(MP3, act="huge"), shows={"media_bytes": 2**31}),
    odd(147, "length of a lie", Reply(200, MP3, {"Content-Type": "audio/mpeg", "Content-Length": "-5"}, "raw"), why="x"),
    C("the player leads to a login", player(150), {player(150): to(f"{NPR}/login?next=y")}, why="its player wants a login", state="gated"),
    C("the player leads to the front page", player(151), {player(151): to(f"{NPR}/")}, why="x"),
    C("the player in an empty page", player(152), {player(152): Reply(200, "")}, why="its player is empty"),
    C("counters before the file", player(153), {
        player(153): npr_page(npr_model("https://dts.podtrac.com/redirect.mp3/chrt.fm/track/1/pdst.fm/e/media.example.org/153.mp3")),
        "https://dts.podtrac.com/redirect.mp3/chrt.fm/track/1/pdst.fm/e/media.example.org/153.mp3": to("https://chrt.fm/track/1/pdst.fm/e/media.example.org/153.mp3"),
        "https://chrt.fm/track/1/pdst.fm/e/media.example.org/153.mp3": to("https://pdst.fm/e/media.example.org/153.mp3", 307),
        "https://pdst.fm/e/media.example.org/153.mp3": to(f"{MEDIA}/153.mp3", 301),
        f"{MEDIA}/153.mp3": file(MP3),
    }, file="https://dts.podtrac.com/redirect.mp3/chrt.fm/track/1/pdst.fm/e/media.example.org/153.mp3"),
)  # fmt: skip
ALSO = {
    f"{NPR}/login?next=x": html("Log in"),
    f"{NPR}/login?next=y": html("Log in"),
    f"{NPR}/": html("NPR front page"),
}
