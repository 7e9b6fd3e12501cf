"""More of the hosts of players: the same players written otherwise, and files that are odd.

A Case each, as in known_hosts.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from html import escape
from typing import Any

from known_hosts import (
    AKAMAI,
    HTML_TRANSCRIPT,
    MEDIA,
    MP3,
    NPR,
    RFE,
    SAYS,
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

from podcat.providers import registry

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
    """NPR's player page with that script."""
    return html("NPR", f"<script>{text}</script>")


def rfe(number: int, kind: str = "audio") -> str:
    return f"{RFE}/embed/player/0/3167{number:04}.html?type={kind}"


def pangea(number: int, element: str, kind: str = "audio") -> Reply:
    """The embed page of RFE/RL's system around an element of sound or film."""
    return html("Player", f'<div class="c-mmp" id="player3167{number:04}" data-title="The Majlis">'
                f'<div class="media-pholder--{kind}">{element}</div></div>')  # fmt: skip


def sources(*files: str, tag: str = "audio") -> str:
    """An element that lists these files."""
    listed = escape(json.dumps([{"Src": url, "Type": "x", "DataInfo": "q"} for url in files]))
    return f'<{tag} data-sources="{listed}"></{tag}>'


def npr(number: int, says: str, page: Reply, **more: Any) -> Case:
    """NPR's player in another spelling, whose file is there."""
    replies = {player(number): page, sound(number): file(MP3)}
    return C(says, player(number), replies, file=sound(number), **more)


def models(*numbers: int) -> Reply:
    """A page with several models, each with its pair."""
    said = (npr_model(sound(n), uid=told(n)["uid"]) for n in numbers)
    return script("".join(f"var audioModel = {json.dumps(one)};" for one in said))


def odd(number: int, says: str, reply: Reply, *, found: bool = False, **more: Any) -> Case:
    """NPR's player, and a file that answers so."""
    url = sound(number)
    replies = {player(number): npr_page(npr_model(url)), url: reply}
    return C(says, player(number), replies, file=url if found else None, **more)


def spoken(name: str, kind: str, said: str, words: str, form: str) -> Case:
    """A player whose data name a transcript of this type; the words are what is kept."""
    url, transcript = f"https://share.transistor.fm/e/{name}", f"{MEDIA}/{name}{form}"
    node = {"@type": "PodcastEpisode", "name": name, "transcript": transcript,
            "associatedMedia": {"@type": "MediaObject", "contentUrl": f"{MEDIA}/{name}.mp3"}}  # fmt: skip
    data = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    return C(f"transcript as {kind}", url, {
        url: html("T", data), f"{MEDIA}/{name}.mp3": file(MP3),
        transcript: Reply(200, said, {"Content-Type": kind}),
    }, file=f"{MEDIA}/{name}.mp3", words=words, shows={"transcript_url": transcript})  # fmt: skip


UNMEASURED = {"why": "its host does not say how long its file is", "size": None, "found": True}
MP3_AT = {"Content-Type": "audio/mpeg"}
FILM = world.M4A
TIMED = f"""WEBVTT

00:00:01.000 --> 00:00:09.000
<v Ana>{SAYS}"""
BUSY = "https://www.buzzsprout.com/1735724/8166679?client_source=small_player&iframe=true"
COUNTED = (
    "https://dts.podtrac.com/redirect.mp3/chrt.fm/track/1/pdst.fm/e/media.example.org/153.mp3",
    "https://chrt.fm/track/1/pdst.fm/e/media.example.org/153.mp3",
    "https://pdst.fm/e/media.example.org/153.mp3",
    f"{MEDIA}/153.mp3",
)


def films(number: int, *qualities: str) -> tuple[Reply, dict[str, Reply]]:
    """A player of films of these qualities, and what their addresses answer."""
    files = [f"{MEDIA}/{number}{quality}" for quality in qualities]
    return (
        pangea(number, sources(*files, tag="video"), "video"),
        {url: file(FILM, "video/mp4") for url in files if url.endswith(".mp4")},
    )


def film(number: int, says: str, best: str, *qualities: str) -> Case:
    """Of films of several qualities this one is taken."""
    page, replies = films(number, *qualities)
    return C(says, rfe(number, "video"), {rfe(number, "video"): page} | replies,
             file=f"{MEDIA}/{number}{best}", size=len(FILM))  # fmt: skip


def silent(number: int, says: str, element: str, kind: str = "audio", **more: Any) -> Case:
    """A player of Pangea's, whose page of the recording says no more."""
    page = f"{RFE}/a/3167{number:04}.html"
    replies = {rfe(number, kind): pangea(number, element, kind), page: html("RFE/RL")}
    return C(says, rfe(number, kind), replies | more.pop("replies", {}), **more)


def built() -> Iterator[Case]:
    """Of each provider whose rule builds the address of a file: the player says nothing of it."""
    for provider in registry().providers.values():
        seen = (registry().match(example["url"]) for example in provider.examples)
        shown = [m for m in seen if provider.audio and m and m.form == "player" and m.embed_url]
        urls = [(match, provider.build("audio", match.parts)) for match in shown]
        match, url = next((one for one in urls if one[1]), (None, None))
        if match and url and match.embed_url and provider.key != "buzzsprout":
            page = {match.link: html("A page")} if match.link else {}
            replies = {match.embed_url: html("A player"), url: file(MP3)}
            yield C(f"derived, {provider.key}", match.embed_url, replies | page, file=url)


VARIATIONS: tuple[Case, ...] = (
    *built(),
    # NPR's player, written otherwise
    npr(101, "data-audio", html("NPR", attribute("data-audio", told(101))), shows={"duration": 77}),
    npr(102, "data-audio in base64",
        html("NPR", attribute("data-audio", packed(json.dumps(told(102)))))),
    npr(103, "data-audio in base64 of addresses",
        html("NPR", attribute("data-audio", urlsafe(json.dumps(told(103, title="Why?>?>?>"))))),
        shows={"title": "Why?>?>?>"}),
    npr(104, "data-audio with a list of two",
        html("NPR", attribute("data-audio", [told(998), told(104)]))),
    npr(105, "two models, the second is its own", models(997, 105)),
    npr(106, "model as an object of a script",
        script(f"var audioModel = {{audioSrc: '{sound(106)}', title: 'It\\'s a story', "
               "duration: 77, next: {title: 'Another'}, tags: ['a',], };"),
        shows={"duration": 77, "title": "It's a story"}),
    npr(107, "model with a comma too many",
        script(f'audioModel = {{"audioSrc":"{sound(107)}","duration":77,"title":"A story",}};'),
        shows={"duration": 77, "title": "A story"}),
    npr(108, "model inside other data",
        script(f'window.x = {json.dumps({"a": {"audioModel": npr_model(sound(108))}})}'),
        shows={"duration": 77, "title": "A story"}),
    npr(109, "model in an attribute of no known name",
        html("NPR", attribute("data-audio-model", npr_model(sound(109)))), shows={"duration": 77}),
    npr(110, "address in base64 of addresses", npr_page(npr_model(urlsafe(sound(110))))),
    npr(111, "AMP", html("NPR", f'<amp-audio src="{sound(111)}"></amp-audio>')),
    npr(112, "address without its scheme",
        npr_page(npr_model(sound(112).removeprefix("https:")))),
    npr(113, "model escaped for HTML",
        script(f"window.audioModel={escape(json.dumps(npr_model(sound(113))))}"),
        shows={"duration": 77, "title": "A story"}),
    npr(116, "model as a text to be parsed",
        script(f"var audioModel = JSON.parse({json.dumps(json.dumps(npr_model(sound(116))))});"),
        shows={"duration": 77, "title": "A story"}),
    npr(117, "data-audio in single quotes",
        html("NPR", f"<div class='audio-module' data-audio='{json.dumps(told(117, a='b & c'))}'>"
                    "</div>")),
    # Pangea
    film(1, "films of three qualities, one without a name", ".mp4", "_240p.mp4", ".mp4",
         "_1080p.mp4"),
    film(3, "a list of pieces, and a film", ".mp4", "/master.m3u8", ".mp4"),
    film(5, "films of four qualities", "_720p.mp4", "_1080p.mp4", "_240p.mp4", "_720p.mp4",
         "_480p.mp4"),
    silent(2, "a list of pieces alone", sources(f"{MEDIA}/2/master.m3u8", tag="video"), "video",
           why="its file is a list of pieces, no file", state="nothing", replies={
               f"{MEDIA}/2/master.m3u8": Reply(200, "#EXTM3U\n" + "#EXTINF:9\na.ts\n" * 200)}),
    silent(4, "two qualities of sound", sources(f"{AKAMAI}/4_low.mp3", f"{AKAMAI}/4_hq.mp3"),
           file=f"{AKAMAI}/4_hq.mp3", replies={f"{AKAMAI}/4_hq.mp3": file(MP3)}),
    silent(6, "the link for old browsers alone",
           f'<a class="c-mmp__fallback-link" href="{AKAMAI}/6.mp3">Direct link</a>',
           file=f"{AKAMAI}/6.mp3", replies={f"{AKAMAI}/6.mp3": file(MP3)}),
    silent(7, "the download menu alone",
           '<audio data-sdkid="31670007"></audio><div class="media-download"><ul>'
           f'<li class="subitem"><a href="{AKAMAI}/7.mp3?download=1">64 kbps | MP3</a></li></ul>'
           "</div>", file=f"{AKAMAI}/7.mp3", replies={f"{AKAMAI}/7.mp3": file(MP3)}),
    silent(8, "no media", '<p class="ta-c">No media source currently available</p>',
           why="its player names no file", state="nothing"),
    # files that are there, and odd
    odd(130, "its length is not told", file(MP3, act="chunked"), **UNMEASURED),
    odd(131, "a range of unknown whole", Reply(206, MP3[:2048], MP3_AT | {
        "Content-Range": "bytes 0-2047/*"}), **UNMEASURED),
    odd(132, "a range that is more than the whole", Reply(206, MP3[:2048], MP3_AT | {
        "Content-Range": "bytes 0-2047/100"}), **UNMEASURED),
    odd(147, "a length below nothing", Reply(200, MP3, MP3_AT | {"Content-Length": "-5"}, "raw"),
        **UNMEASURED),
    odd(135, "called text", file(MP3, "text/plain"), found=True,
        shows={"media_type": "audio/mpeg"}),
    odd(136, "called a page", file(MP3, "text/html"), found=True,
        shows={"media_type": "audio/mpeg"}),
    odd(137, "called nothing", Reply(200, MP3, {"Content-Length": str(len(MP3))}, "raw"),
        found=True, shows={"media_type": "audio/mpeg"}),
    odd(138, "MP4 that is called MP3", file(FILM), found=True, size=len(FILM),
        shows={"media_type": "audio/mp4"}),
    odd(148, "MP3 that is called film", file(MP3, "video/mp4"), found=True,
        shows={"media_type": "audio/mpeg"}),
    odd(149, "MP3 by its nickname", file(MP3, "audio/x-mp3; charset=UTF-8"), found=True,
        shows={"media_type": "audio/mpeg"}),
    odd(146, "2 GB, and no byte ranges", file(MP3, act="huge"), found=True, size=2**31),
    C("behind counters", player(153), {
        player(153): npr_page(npr_model(COUNTED[0])),
        COUNTED[0]: to(COUNTED[1]), COUNTED[1]: to(COUNTED[2], 307), COUNTED[2]: to(COUNTED[3], 301),
        COUNTED[3]: file(MP3),
    }, file=COUNTED[0]),
    C("redirects to where one seems to log in, and plays", player(154), {
        player(154): npr_page(npr_model(sound(154))),
        sound(154): to(f"{MEDIA}/sign-in/154.mp3"), f"{MEDIA}/sign-in/154.mp3": file(MP3),
    }, file=sound(154)),
    # files that are none
    odd(134, "empty", file(b""), why="its file is empty", state="nothing"),
    odd(143, "204", Reply(204, ""), why="its file is empty", state="nothing"),
    odd(139, "the file redirects to a login", to(f"{NPR}/login?next=x"),
        why="its file redirects to www.npr.org/login, where one logs in", state="gated"),
    odd(140, "416", Reply(416, "", {"Content-Range": "bytes */5"}), why="its file answers 416",
        state="nothing"),
    odd(141, "an image", file(world.PNG, "audio/mpeg"), why="its file is an image, no recording",
        state="nothing"),
    odd(142, "JSON", Reply(200, '{"error": "no"}', {"Content-Type": "application/json"}),
        why="its file is text, no recording", state="nothing"),
    odd(145, "404 with sound", Reply(404, MP3, MP3_AT), why="its file answers 404 Not Found",
        state="gone"),
    # players that are none
    C("the player redirects to a login", player(150), {player(150): to(f"{NPR}/login?next=y")},
      why="its player redirects to www.npr.org/login, where one logs in", state="gated"),
    C("the player redirects to the front page, which plays the news", player(151), {
        player(151): to(f"{NPR}/"),
    }, why="its player redirects to the front page of www.npr.org", state="gone"),
    C("the player is an empty page", player(152), {player(152): Reply(200, "")},
      why="its player is empty", state="nothing"),
    C("429 at the player, so nothing else of that host is asked",
      "https://www.buzzsprout.com/1735724/8166679", {BUSY: Reply(429, "slowly")}, why="its player wants no more requests for now (429), so it is left alone",
      state="passing"),
    # transcripts
    spoken("11111111", "application/x-subrip",
           f"1\r\n00:00:01,000 --> 00:00:09,000\r\nAna: {SAYS}\r\n",
           TIMED.replace("<v Ana>", "Ana: "), ".srt"),
    spoken("22222222", "application/json", json.dumps({"version": "1.0.0", "segments": [
        {"speaker": "Ana", "startTime": 1, "endTime": 9, "body": SAYS}]}), TIMED, ".json"),
    spoken("33333333", "text/html",
           f"<cite>Ana:</cite><time>0:01</time><p>{SAYS}</p>",
           TIMED.replace("00:00:09.000", "00:00:06.600"), ".html"),
    spoken("44444444", "text/html; charset=utf-8", str(HTML_TRANSCRIPT.body),
           f"HOST, BYLINE: {SAYS}\n{SAYS}", "?id=4"),
)  # fmt: skip
ALSO: dict[str, Reply] = {
    f"{NPR}/login?next=x": html("Log in"), f"{NPR}/login?next=y": html("Log in"),
    f"{NPR}/": html("NPR", f'<audio src="{MEDIA}/news.mp3"></audio>'),
    f"{MEDIA}/news.mp3": file(MP3),
}  # fmt: skip
