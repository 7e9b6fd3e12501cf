"""A small world on loopback: players, pages and files that live, are dead, or lie.

SITUATIONS says what stands where and what is true of it. `World` serves all of it: an address
https://host/path is asked for below http://127.0.0.1:PORT/host/path, as `remaps` gives to
`podcat check --remap`; few have a server of their own, with a bad certificate, or on IPv6.
"""

from __future__ import annotations

import socket
import ssl
import struct
import subprocess
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import quoteattr

EMBEDDER = "https://blog.example/a-post"
"""The page that embeds all players."""

HTML = "text/html; charset=utf-8"
MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x64" * 50_000
M4A = b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00" + bytes(100_000)
OGG = b"OggS\x00\x02" + bytes(50_000)
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81" + bytes(50_000)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(5_000)


@dataclass(frozen=True)
class Reply:
    """What a server answers, once or for ever."""

    status: int = 200
    body: bytes | str = "<!doctype html><html><title>A player</title><body>Play</body></html>"
    headers: dict[str, str | list[str]] = field(default_factory=dict)
    act: str = "answer"
    """answer, reset, cut (after half of the bytes), hang (for ever), late (after a while),
    whole (takes no Range), browsers (403 for others), get (405 for HEAD), chunked (tells no
    length), huge (2 GB of it, takes no Range), raw (no headers but these)"""


@dataclass(frozen=True)
class Situation:
    """One address, what it answers, and what is to be said of it."""

    says: str
    url: str
    state: str
    replies: tuple[Reply, ...] = ()
    """One after the other; the last one for ever. None where nobody may ask."""
    kind: str = "player"
    door: str = "plain"
    """plain; six: on IPv6 alone; forged: a certificate of nobody; mute: no TLS; shut: nobody."""
    suggestion: str | None = None
    about: str = ""
    """What the sentence of evidence must say."""


# ---------------------------------------------------------------- short words for the table


def html(title: str = "A player", body: str = "", status: int = 200, **headers: Any) -> Reply:
    page = f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"
    return Reply(status, page, {name.replace("_", "-"): value for name, value in headers.items()})


def to(url: str, status: int = 302) -> Reply:
    return Reply(status, "", {"Location": url})


def file(body: bytes, kind: str = "audio/mpeg", act: str = "answer", **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(200, body, {"Content-Type": kind} | named, act)


def act(what: str, body: str = "<html><title>A player</title>") -> Reply:
    return Reply(200, body, {}, what)


ALIVE = html()
JSON = Reply(200, '{"version":"1.0","type":"rich"}', {"Content-Type": "application/json"})
NO_JSON = Reply(404, "Not Found", {"Content-Type": "text/plain"})
NPR_SOUND = r'<script>var audioModel = {"audioSrc":"https:\/\/ondemand.npr.org\/a.mp3"};</script>'
NPR_ALIVE = html("NPR", NPR_SOUND)
SOUND = (
    '<div class="c-mmp"><audio src="https://rfe-audio-ns.akamaized.net/vle/a.mp3"></audio></div>'
)
SOON = "soon"  # Retry-After as a date, a second from when it is said


def npr(number: int | str) -> str:
    return f"https://www.npr.org/player/embed/7641{number}/7681{number}"


def rfe(number: int, host: str = "www.rferl.org") -> str:
    return f"https://{host}/embed/player/0/3166{number}.html?type=audio"


def spotify(letter: str) -> str:
    return f"https://open.spotify.com/embed/episode/3POP8fAw3I2qhiIWIJEU{letter}"


def youtube(letters: str) -> str:
    return f"https://www.youtube.com/embed/qVv6vCq{letters}"


def soundcloud(number: int) -> str:
    return f"https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/{number}"


def apple(show: int) -> str:
    return f"https://embed.podcasts.apple.com/us/podcast/undertone/id{show}"


SPACE = "https://x.com/i/spaces/1OwxWwQOPlNxQ"
MEDIA = "https://media.example.org"
NEWS = "https://news.example.org"
UUID = "0a1b2c3d-1111-4222-8333-444455556666"
S = Situation

SITUATIONS: tuple[Situation, ...] = (
    # NPR
    S("alive", npr(1001), "ok", (NPR_ALIVE,)),
    S("alive, newer ids", "https://www.npr.org/player/embed/nx-s1-5381400/nx-s1-5446740-1", "ok",
      (NPR_ALIVE,)),
    S("alive, its title is Episode 404", npr(1404), "ok", (html("Episode 404", NPR_SOUND),)),
    S("alive, its title is 404 Not Found", npr(1405), "ok", (html("404 Not Found", NPR_SOUND),)),
    S("alive, may be embedded in all https pages", npr(1002), "ok",
      (html("NPR", NPR_SOUND, Content_Security_Policy="frame-ancestors https:",
            X_Frame_Options="SAMEORIGIN"),)),
    S("alive, late", npr(1003), "ok", (act("late", NPR_SOUND),)),
    S("alive after a reset", npr(1004), "ok", (act("reset"), NPR_ALIVE)),
    S("dead", npr(1005), "gone", (html("NPR", status=404),), about="404"),
    S("a page without audio", npr(1006), "unclear", (html("NPR"),), about="names no audio"),
    S("moved for good", "https://npr.org/player/embed/76411007/76811007", "moved",
      (to("https://www.npr.org/player/embed/76411007/76811007", 301),),
      suggestion="https://www.npr.org/player/embed/76411007/76811007"),
    S("where it moved to", "https://www.npr.org/player/embed/76411007/76811007", "ok",
      (NPR_ALIVE,)),
    S("to the front page", npr(1008), "hollow", (to("https://www.npr.org/"),)),
    S("forbids frames", npr(1009), "unframeable", (html("NPR", NPR_SOUND, X_Frame_Options="DENY"),)),
    S("http inside https", npr(1010).replace("https", "http"), "unframeable", (NPR_ALIVE,),
      suggestion=npr(1010)),
    S("Flash", "https://www.npr.org/v2/?i=365994454&m=365995120&t=audio", "gone",
      suggestion="https://www.npr.org/player/embed/365994454/365995120"),
    S("a parameter glued to the id", npr(1011) + "%3Fautoplay%3D1", "malformed",
      suggestion=npr(1011)),
    S("never answers", npr(1012), "unreachable", (act("hang"),)),
    # RFE/RL, VOA
    S("alive", rfe(1001), "ok", (html("RFE/RL", SOUND),)),
    S("dead", rfe(1002), "gone", (html("RFE/RL", status=410),)),
    S("its page for what is not there, 200", rfe(1003), "hollow",
      (html("Page doesn&#39;t exist"),)),
    S("a player without media", rfe(1004, "www.voanews.com"), "unclear",
      (html("VOA", "<p>No media source currently available</p>"),)),
    S("alive", rfe(1005, "www.voanews.com"), "ok", (html("VOA", SOUND),)),
    S("403 to agents that are no browsers", rfe(1006, "www.voanews.com"), "gated",
      (act("browsers", SOUND),)),
    S("503 with Retry-After, then alive", rfe(1007, "www.svoboda.org"), "ok",
      (html("busy", status=503, Retry_After="1"), html("Свобода", SOUND))),
    S("503 for ever", rfe(1008, "www.azattyq.org"), "unreachable", (html("busy", status=503),)),
    # X
    S("a Space", SPACE, "unclear", kind="page", about="logged in"),
    # providers that are asked a second time
    S("alive", soundcloud(1001), "ok", (ALIVE,)),
    S("gone by oEmbed", soundcloud(1404), "gone", (ALIVE,), about="oEmbed"),
    S("oEmbed refuses", soundcloud(1403), "unclear", (ALIVE,)),
    S("oEmbed is broken", soundcloud(1500), "ok", (ALIVE,)),
    S("alive", spotify("Nr"), "ok", (html("Spotify Embed: A talk"),)),
    S("gone by oEmbed", spotify("1404"[2:]), "gone", (ALIVE,), about="oEmbed"),
    S("says that it could not find that", spotify("Nx"), "hollow",
      (html("Spotify", "<h1>Sorry, couldn't find that</h1>"),)),
    S("its old player", "https://embed.spotify.com/?uri=spotify:track:4cOdK2wGLETKBW3PvgPWqT",
      "gone", suggestion="https://open.spotify.com/embed/track/4cOdK2wGLETKBW3PvgPWqT"),
    S("alive", youtube("iTM1"), "ok", (ALIVE,)),
    S("gone by oEmbed", youtube("i404"), "gone", (ALIVE,), about="oEmbed"),
    S("embedding switched off", youtube("i401"), "unframeable", (ALIVE,), about="oEmbed"),
    S("private", youtube("i403"), "unclear", (ALIVE,)),
    S("alive", "https://player.vimeo.com/video/76971001", "ok", (ALIVE,)),
    S("dead", "https://player.vimeo.com/video/76971404", "gone", (html("Sorry", status=404),)),
    S("on some sites only", "https://player.vimeo.com/video/76971403", "gated",
      (html("Sorry", status=403),)),
    S("in the directory", apple(1693303954), "ok", (ALIVE,)),
    S("not in the directory", apple(1404), "gone", (ALIVE,), about="directory"),
    S("closed", "https://app.stitcher.com/splayer/f/502426/68480006", "gone", about="closed"),
    # other hosts, each in its own trouble
    S("alive", "https://player.megaphone.fm/PPY1234567890", "ok", (ALIVE,)),
    S("dead", f"https://player.simplecast.com/{UUID}", "gone", (html("", status=404),)),
    S("alive by a 302", "https://html5-player.libsyn.com/embed/episode/id/1234567/", "ok",
      (to("https://play.libsyn.com/embed/episode/id/1234567/"),)),
    S("where that leads", "https://play.libsyn.com/embed/episode/id/1234567/", "ok", (ALIVE,)),
    S("429, then alive", "https://www.buzzsprout.com/1121972/10590761?client_source=small_player&iframe=true", "ok",
      (html("", status=429, Retry_After="1"), ALIVE)),
    S("429 until a date, then alive", "https://www.podbean.com/player-v2/?i=abcde-123456", "ok",
      (html("", status=429, Retry_After=SOON), ALIVE)),
    S("429 for ever", "https://widget.spreaker.com/player?episode_id=1234567", "gated",
      (html("", status=429, Retry_After="1"),)),
    S("a test for browsers", "https://embed.acast.com/a-show/an-episode", "gated",
      (html("Just a moment...", status=503, CF_Mitigated="challenge"),)),
    S("title says 404", "https://omny.fm/shows/a-show/a-clip/embed", "hollow",
      (html("404 - Page not found | Omny"),)),
    S("title is 404 Media", "https://omny.fm/shows/a-show/another-clip/embed", "ok",
      (html("404 Media Podcast | Omny"),)),
    S("to /404", f"https://art19.com/shows/a-show/episodes/{UUID}/embed", "hollow",
      (to("https://art19.com/404"),)),
    S("for its own pages only", "https://share.transistor.fm/e/4e5d8a2f", "unframeable",
      (html(Content_Security_Policy="default-src *; frame-ancestors 'self'"),)),
    S("only a report of frames", "https://share.transistor.fm/e/4e5d8a2e", "ok",
      (html(Content_Security_Policy_Report_Only="frame-ancestors 'none'"),)),
    S("ALLOW-FROM, which browsers ignore", "https://share.transistor.fm/e/4e5d8a2d", "ok",
      (html(X_Frame_Options="ALLOW-FROM https://partner.example"),)),
    S("a circle of redirects", f"https://player.captivate.fm/episode/{UUID}", "unreachable",
      (to(f"https://player.captivate.fm/episode/{UUID}"),)),
    S("redirects without end", "https://embeds.audioboom.com/posts/1234567/embed/v4",
      "unreachable", (to("https://embeds.audioboom.com/endless/1"),)),
    S("to 127.0.0.1", "https://bandcamp.com/EmbeddedPlayer/album=123456/size=large/", "unchecked",
      (to("http://127.0.0.1:9/secret"),)),
    S("to the cloud's own address", "https://bandcamp.com/EmbeddedPlayer/album=123457/size=large/",
      "unchecked", (to("http://169.254.169.254/latest/meta-data/"),)),
    S("to an app", "https://bandcamp.com/EmbeddedPlayer/album=123458/size=large/", "unreachable",
      (to("bandcamp://open/1"),)),
    S("reset for ever", "https://www.iheart.com/podcast/105-a-show-123/episode/a-talk-456/?embed=true",
      "unreachable", (act("reset"),)),
    S("a bomb of gzip, alive", "https://widget.deezer.com/widget/dark/episode/123456", "ok",
      (Reply(200, "bomb", {"Content-Encoding": "gzip"}),)),
    S("broken gzip", "https://widget.deezer.com/widget/dark/episode/123457", "unreachable",
      (Reply(200, b"\x1f\x8b\x08\x00broken", {"Content-Encoding": "gzip"}),)),
    S("no HEAD", "https://tunein.com/embed/player/t123456/", "ok", (act("get"),)),
    S("withheld by law", "https://www.bbc.co.uk/programmes/p0abcdef/player", "gated",
      (html("", status=451),)),
    S("on IPv6 alone", "https://archive.org/embed/an-item", "ok", (ALIVE,), door="six"),
    S("a certificate of nobody", "https://castbox.fm/app/castbox/player/id123/id456",
      "unreachable", (ALIVE,), door="forged", about="certificate"),
    S("no TLS", "https://player.fireside.fm/v2/AbCdEfGh+AbCdEfGh", "unreachable", door="mute"),
    S("nobody there", "https://player.rss.com/a-show/123456", "unreachable", door="shut"),
    S("an empty page", "https://pinecast.com/player/" + UUID, "hollow", (Reply(200, ""),)),
    S("to a login", "https://pca.st/embed/abcd1234", "gated",
      (to("https://pca.st/users/login?next=x"),)),
    S("the name is for sale", "https://a-show.podigee.io/12-a-talk/embed", "hollow",
      (to("https://www.hugedomains.com/domain_profile.cfm?d=podigee"),)),
    S("JSON", "https://vocaroo.com/embed/1abcdefghij", "hollow",
      (Reply(200, '{"error":"gone"}', {"Content-Type": "application/json"}),)),
    S("breaks off", "https://zencastr.com/embed/abcd1234", "unreachable",
      (act("cut", "<html>" + "x" * 500),)),
    # files
    S("MP3 with ID3", f"{MEDIA}/id3.mp3", "ok", (file(MP3),), "audio"),
    S("MP3 without", f"{MEDIA}/bare.mp3", "ok", (file(MP3[10:]),), "audio"),
    S("M4A", f"{MEDIA}/a.m4a", "ok", (file(M4A, "audio/mp4"),), "audio"),
    S("Ogg called octets", f"{MEDIA}/b.ogg", "ok", (file(OGG, "application/octet-stream"),), "audio"),
    S("WebM", f"{MEDIA}/c.weba", "ok", (file(WEBM, "audio/webm"),), "audio"),
    S("an M4A that is called MP3", f"{MEDIA}/lies.mp3", "ok", (file(M4A),), "audio",
      about="served as audio/mpeg"),
    S("no byte ranges", f"{MEDIA}/whole.mp3", "ok", (file(MP3, act="whole"),), "audio",
      about="no byte ranges"),
    S("dead", f"{MEDIA}/dead.mp3", "gone", (html("", status=404),), "audio"),
    S("a page", f"{MEDIA}/page.mp3", "hollow", (html("Gone"),), "audio", about="HTML page"),
    S("a page that is called audio", f"{MEDIA}/page2.mp3", "hollow",
      (file(b"<!doctype html><html>Gone</html>"),), "audio"),
    S("empty", f"{MEDIA}/empty.mp3", "hollow", (file(b""),), "audio"),
    S("cut short", f"{MEDIA}/cut.mp3", "hollow", (file(MP3, act="cut"),), "audio"),
    S("200 bytes", f"{MEDIA}/stub.mp3", "hollow", (file(MP3[:200]),), "audio"),
    S("behind two counters", "https://dts.podtrac.com/redirect.mp3/pdst.fm/e/media.example.org/1.mp3",
      "ok", (to("https://pdst.fm/e/media.example.org/1.mp3"),), "audio"),
    S("a signature that ran out", f"{MEDIA}/signed.mp3?Expires=1&Signature=x", "gated",
      (html("Expired", status=403),), "audio"),
    S("moved", "https://old.example.org/2.mp3", "moved", (to(f"{MEDIA}/2.mp3", 308),), "audio",
      suggestion=f"{MEDIA}/2.mp3"),
    S("where it moved to", f"{MEDIA}/2.mp3", "ok", (file(MP3),), "audio"),
    # pages, transcripts, images
    S("alive", f"{NEWS}/stories/a", "ok", (html("A story"),), "page"),
    S("TollBit", "https://www.npr.org/2019/10/29/764153179/a-story", "gated",
      (html("", "Get access at tollbit.com", 402),), "page", about="TollBit"),
    S("not found, in Russian", f"{NEWS}/stories/b", "hollow", (html("Страница не найдена"),), "page"),
    S("a story of that name", f"{NEWS}/stories/not-found-in-translation", "ok",
      (html("Not found in translation | News"),), "page"),
    S("to the front page in English", f"{NEWS}/stories/c", "hollow", (to("/en/"),), "page"),
    S("forbids frames, which no page needs", f"{NEWS}/stories/d", "ok",
      (html("A story", X_Frame_Options="DENY"),), "page"),
    S("asks for a password", f"{NEWS}/stories/e", "gated", (html("", status=401),), "page"),
    S("VTT", f"{MEDIA}/1.vtt", "ok", (file(b"WEBVTT\n\n00:00.000 --> 00:01.000\nHi\n", "text/vtt"),),
      "transcript"),
    S("a page for VTT", f"{MEDIA}/2.vtt", "hollow", (html("Gone"),), "transcript"),
    S("PNG", f"{MEDIA}/1.png", "ok", (file(PNG, "image/png"),), "image"),
    S("a page for PNG", f"{MEDIA}/2.png", "hollow", (html("Gone"),), "image"),
)  # fmt: skip


def _oembed(service: str, named: str) -> str:
    return f"{service}?format=json&url={quote(named, safe='')}"


def _lookup(show: int, count: int) -> tuple[str, Reply]:
    url = f"https://itunes.apple.com/lookup?id={show}&country=us"
    return url, Reply(
        200, f'{{"resultCount":{count},"results":[]}}', {"Content-Type": "text/javascript"}
    )


SC, SP, YT, VI = (
    "https://soundcloud.com/oembed", "https://open.spotify.com/oembed",
    "https://www.youtube.com/oembed", "https://vimeo.com/api/oembed.json",
)  # fmt: skip
SERVICES: dict[str, Reply] = {
    _oembed(SC, "https://api.soundcloud.com/tracks/1001"): JSON,
    _oembed(SC, "https://api.soundcloud.com/tracks/1404"): NO_JSON,
    _oembed(SC, "https://api.soundcloud.com/tracks/1403"): Reply(403, "Forbidden"),
    _oembed(SC, "https://api.soundcloud.com/tracks/1500"): Reply(500, "oops"),
    _oembed(SC, "https://soundcloud.com/forss/flickermood"): JSON,
    _oembed(SP, "https://open.spotify.com/episode/3POP8fAw3I2qhiIWIJEUNr"): JSON,
    _oembed(SP, "https://open.spotify.com/episode/3POP8fAw3I2qhiIWIJEU04"): NO_JSON,
    _oembed(SP, "https://open.spotify.com/artist/0TnOYISbd1XYRBk9myaseg"): JSON,
    _oembed(YT, "https://www.youtube.com/watch?v=qVv6vCqiTM1"): JSON,
    _oembed(YT, "https://www.youtube.com/watch?v=qVv6vCqi404"): NO_JSON,
    _oembed(YT, "https://www.youtube.com/watch?v=qVv6vCqi401"): Reply(401, "Unauthorized"),
    _oembed(YT, "https://www.youtube.com/watch?v=qVv6vCqi403"): Reply(403, "Forbidden"),
    _oembed(YT, "https://www.youtube.com/watch?v=jNQXAC9IVRw"): JSON,
    _oembed(VI, "https://vimeo.com/76971001"): JSON,
    **dict([_lookup(1693303954, 1), _lookup(1404, 0)]),
}
"""What the providers' own services say, and the canaries that are always there."""
ELSEWHERE: dict[str, Reply] = {
    npr(1010): NPR_ALIVE,
    "https://pdst.fm/e/media.example.org/1.mp3": to(f"{MEDIA}/1.mp3"),
    f"{MEDIA}/1.mp3": file(MP3),
    "https://www.npr.org/": html("NPR: the front page"),
    f"{NEWS}/en/": html("News"),
    "https://art19.com/404": html("Lost"),
    "https://pca.st/users/login?next=x": html("Log in"),
    "https://www.hugedomains.com/domain_profile.cfm?d=podigee": html("For sale"),
    **{f"https://embeds.audioboom.com/endless/{n}": to(f"https://embeds.audioboom.com/endless/{n + 1}")
       for n in range(1, 40)},
}  # fmt: skip
"""Where redirects lead."""


# ---------------------------------------------------------------- what embeds them


def page() -> str:
    """The page that embeds all players and files."""
    head = f"<link rel=canonical href={quoteattr(EMBEDDER)}><title>A post</title>"
    parts = [f"<!doctype html><html><head>{head}</head><body>"]
    for number, situation in enumerate(SITUATIONS):
        parts.append(f"<h2>Talk {number}: {situation.says.replace('<', '')}</h2>")
        address = quoteattr(situation.url)
        if situation.kind == "player":
            parts.append(f"<iframe src={address}></iframe>")
        elif situation.kind == "audio":
            parts.append(f"<audio controls src={address}></audio>")
        elif situation.url == SPACE:
            parts.append(f"<p>Listen to <a href={address}>the recording of the Space</a></p>")
    return "\n".join([*parts, "</body></html>"])


_TAGS = {
    "page": "<link>{}</link>",
    "transcript": '<podcast:transcript url="{}" type="text/vtt"/>',
    "image": '<itunes:image href="{}"/>',
}


def feed() -> str:
    """The feed that names all pages, transcripts and images."""
    items = []
    for number, situation in enumerate(SITUATIONS):
        if situation.kind in _TAGS and situation.url != SPACE:
            named = _TAGS[situation.kind].format(situation.url.replace("&", "&amp;"))
            items.append(
                f"<item><title>Talk {number}</title><guid isPermaLink='false'>{number}</guid>{named}"
                f'<enclosure url="{MEDIA}/id3.mp3" length="{len(MP3)}" type="audio/mpeg"/></item>'
            )
    return (
        '<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"'
        ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>W</title>'
        f"<link>{NEWS}/stories/a</link><description>W</description>{''.join(items)}</channel></rss>"
    )


# ---------------------------------------------------------------- the servers


@cache
def _bomb() -> bytes:
    """A page that begins well and is 64 MB unpacked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    start = packer.compress(b"<!doctype html><html><title>A player</title>")
    return start + packer.compress(bytes(2**26)) + packer.flush()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        scheme, host, rest = self.path.split("/", 3)[1:]
        url = f"{scheme}://{host}/{rest}"
        reply = self.server.world.next_reply(url, dict(self.headers))
        with suppress(OSError):
            getattr(self, f"_{reply.act}")(reply)

    def do_HEAD(self) -> None:
        self._answer(Reply(405, ""))

    def log_message(self, *_: object) -> None:
        """Tests print nothing."""

    def _answer(self, reply: Reply) -> None:
        body = self._body(reply)
        status, body, ranges = self._ranged(reply, body)
        self._head(reply, status, ranges, len(body))
        self.wfile.write(body)

    def _head(self, reply: Reply, status: int, ranges: dict[str, str], length: int) -> None:
        given = {"Content-Type": HTML} | reply.headers | ranges | {"Content-Length": str(length)}
        self.send_response(status)
        for name, value in given.items():
            for each in [value] if isinstance(value, str) else value:
                soon = formatdate(time.time() + 1.5, usegmt=True)
                self.send_header(name, soon if each == SOON else each)
        self.end_headers()

    def _body(self, reply: Reply) -> bytes:
        if reply.body == "bomb":
            return _bomb()
        return reply.body if isinstance(reply.body, bytes) else reply.body.encode()

    def _ranged(self, reply: Reply, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        asked = self.headers.get("Range", "")
        kind = str(reply.headers.get("Content-Type", ""))
        if not asked or reply.status != 200 or not kind.startswith(("audio/", "application/o")):
            return reply.status, body, {}
        if not body:
            return 416, b"", {"Content-Range": "bytes */0"}
        last = min(int(asked.partition("-")[2]), len(body) - 1)
        return 206, body[: last + 1], {"Content-Range": f"bytes 0-{last}/{len(body)}"}

    def _whole(self, reply: Reply) -> None:
        self._head(reply, 200, {}, len(self._body(reply)))
        self.wfile.write(self._body(reply))

    def _cut(self, reply: Reply) -> None:
        status, body, ranges = self._ranged(reply, self._body(reply))
        self._head(reply, status, ranges, len(body))
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def _get(self, reply: Reply) -> None:
        self._answer(reply)

    def _raw(self, reply: Reply) -> None:
        """Its headers as they stand there, and no other ones."""
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(self._body(reply))
        self.close_connection = True

    def _huge(self, reply: Reply) -> None:
        """2 GB, whatever is asked for, as long as anybody listens."""
        self.send_response(200)
        self.send_header("Content-Type", "audio/mpeg")
        self.send_header("Content-Length", str(2**31))
        self.end_headers()
        for _ in range(2**31 // len(body := self._body(reply))):
            self.wfile.write(body)

    def _chunked(self, reply: Reply) -> None:
        self.send_response(200)
        for name, value in (reply.headers | {"Transfer-Encoding": "chunked"}).items():
            self.send_header(name, str(value))
        self.end_headers()
        body = self._body(reply)
        self.wfile.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))

    def _late(self, reply: Reply) -> None:
        time.sleep(0.3)
        self._answer(reply)

    def _hang(self, _: Reply) -> None:
        self.server.world.ended.wait(30)
        self.close_connection = True

    def _browsers(self, reply: Reply) -> None:
        known = self.headers.get("User-Agent", "").startswith("Mozilla/")
        self._answer(reply if known else Reply(403, "no robots"))

    def _reset(self, _: Reply) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, world: World, host: str = "127.0.0.1") -> None:
        self.world = world
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, 0), _Handler)

    def handle_error(self, *_: object) -> None:
        """Clients that go away, and handshakes that fail, are the point here."""


class World:
    """All situations, or other replies, served."""

    def __init__(self, replies: dict[str, list[Reply]] | None = None) -> None:
        self.asked: list[str] = []
        """Every address that was asked for, in order."""
        self.times: list[tuple[str, float]] = []
        """The same with their moments, in seconds."""
        self.headers: dict[str, dict[str, str]] = {}
        """Of the last request for each."""
        self.unknown: list[str] = []
        self.ended = threading.Event()
        self.ports: dict[str, str] = {}
        self._replies = replies or _everything()
        self._lock = threading.Lock()

    def next_reply(self, url: str, headers: dict[str, str]) -> Reply:
        """What an address answers now."""
        with self._lock:
            self.asked.append(url)
            self.times.append((url, time.monotonic()))
            self.headers[url] = headers
            replies = self._replies.get(url)
            if not replies:
                self.unknown.append(url)
                return Reply(500, f"nothing of the kind: {url}")
            return replies.pop(0) if len(replies) > 1 else replies[0]

    def remaps(self) -> list[tuple[str, str]]:
        """FROM and TO for each scheme and host that there is."""
        doors = {urlsplit(s.url)[:2]: s.door for s in SITUATIONS}
        for url in (*SERVICES, *ELSEWHERE):
            doors.setdefault(urlsplit(url)[:2], "plain")
        return [
            (f"{scheme}://{host}", f"{self.ports[door]}/{scheme}/{host}")
            for (scheme, host), door in doors.items()
        ]


def _everything() -> dict[str, list[Reply]]:
    replies = {s.url: list(s.replies) for s in SITUATIONS if s.replies}
    return replies | {url: [reply] for url, reply in (SERVICES | ELSEWHERE).items()}


@contextmanager
def serving(replies: dict[str, list[Reply]]) -> Iterator[tuple[World, list[tuple[str, str]]]]:
    """A world of other replies, and FROM and TO for each of its hosts."""
    world = World(replies)
    with _Server(world) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        base = f"http://127.0.0.1:{server.server_port}"
        hosts = {urlsplit(url)[:2] for url in replies}
        try:
            yield world, [(f"{s}://{h}", f"{base}/{s}/{h}") for s, h in sorted(hosts)]
        finally:
            world.ended.set()
            server.shutdown()
            thread.join()


@contextmanager
def running(folder: Path) -> Iterator[World]:
    """The world, with its servers; `folder` takes a certificate."""
    world = World()
    plain, forged, mute = _Server(world), _Server(world), _Server(world)
    servers = [plain, forged, mute]
    forged.socket = _context(folder).wrap_socket(forged.socket, server_side=True)
    world.ports["plain"] = f"http://127.0.0.1:{plain.server_port}"
    world.ports["forged"] = f"https://127.0.0.1:{forged.server_port}"
    world.ports["mute"] = f"https://127.0.0.1:{mute.server_port}"
    world.ports["shut"] = f"http://127.0.0.1:{_free_port()}"
    world.ports["six"] = world.ports["shut"]
    with suppress(OSError):
        servers.append(_Server(world, "::1"))
        world.ports["six"] = f"http://[::1]:{servers[-1].server_port}"
    threads = [threading.Thread(target=s.serve_forever, args=(0.02,)) for s in servers]
    for thread in threads:
        thread.start()
    try:
        yield world
    finally:
        world.ended.set()
        for server in servers:
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join()


def has_ipv6() -> bool:
    """Whether this machine can listen on its IPv6 loopback."""
    try:
        with socket.socket(socket.AF_INET6) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _context(folder: Path) -> ssl.SSLContext:
    """TLS with a certificate that nobody signed."""
    pem = folder / "forged.pem"
    made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=x"
    subprocess.run(
        ["openssl", *made.split(), "-keyout", pem, "-out", folder / "forged.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "forged.crt", pem)
    return context
