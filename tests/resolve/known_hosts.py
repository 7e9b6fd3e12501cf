"""The hosts that players are on, as they speak, and what resolving is to make of each.

CASES is the table of faults: an episode each, what its addresses answer, and what comes of it.
The server and its short words are those of the check's world.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import sys
from collections.abc import Iterable
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from unittest import mock
from urllib.parse import quote
from xml.sax.saxutils import escape

from podcat.cli import running
from podcat.cli.commands import podcat

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "check"))

import world  # noqa: E402
from world import MP3, Reply, act, file, html, to  # noqa: E402

__all__ = ["CASES", "MP3", "Case", "npr_model", "npr_page", "page_of", "replies", "run", "world"]

NPR = "https://www.npr.org"
ONDEMAND = "https://ondemand.npr.org"
RFE = "https://www.rferl.org"
VTT = """WEBVTT

NOTE made by machine

1
00:00:00.000 --> 00:00:02.000
<v Almaty Reporter>Good evening from the square in Almaty.

2
00:00:02.000 --> 00:00:04.000
The president has left the palace.
"""
VTT_SAYS = """WEBVTT

00:00:00.000 --> 00:00:02.000
<v Almaty Reporter>Good evening from the square in Almaty.

00:00:02.000 --> 00:00:04.000
The president has left the palace."""
SAYS = "On the square people talked all night about what was to come for them."


class Ran(NamedTuple):
    """What a command said."""

    stdout: str
    stderr: str


def run(folder: Path, *arguments: str, code: int = 0) -> Ran:
    """podcat in a folder, in this process: to start one takes longer than all that it does."""
    out, err = io.StringIO(), io.StringIO()
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PODCAT_")}
    clean = mock.patch.dict(os.environ, kept | {"HOME": str(folder)}, clear=True)
    with clean, chdir(folder), redirect_stdout(out), redirect_stderr(err):
        ended = running.run(podcat, list(arguments))
    assert ended == code, err.getvalue() + out.getvalue()
    return Ran(out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Case:
    """One episode: how a page names it, what its addresses answer, and what is to come of it."""

    says: str
    embed: str
    """Its player, as a blog embeds it; or the HTML that names it."""
    replies: dict[str, Reply | tuple[Reply, ...]] = field(default_factory=dict)
    file: str | None = None
    """The address that is to play."""
    why: str | None = None
    """What the reason must say where there is none."""
    state: str | None = None
    shows: dict[str, object] = field(default_factory=dict)
    """Fields of the episode after it."""
    words: str | None = None
    """Of its transcript."""
    size: int | None = len(MP3)
    """Bytes of its file; None where its host does not say, which `why` tells then."""


def player(number: int) -> str:
    """NPR's player of an invented story."""
    return f"{NPR}/player/embed/90000{number:04}/91000{number:04}"


def sound(number: int) -> str:
    """The file of that story."""
    return f"{ONDEMAND}/anon.npr-mp3/npr/atc/2022/01/{number:04}.mp3"


def npr_model(url: str, story: str = "", **more: object) -> dict[str, object]:
    """What NPR's player page hands to its script."""
    return {"audioSrc": url, "storyUrl": story, "title": "A story", "duration": 77, **more}


def npr_page(model: dict[str, object], extra: str = "") -> Reply:
    """NPR's player page."""
    script = json.dumps(model).replace("/", "\\/")
    return html("NPR Embedded Player", f"{extra}<script>var audioModel = {script};</script>")


def packed(text: str) -> str:
    """In base64."""
    return base64.b64encode(text.encode()).decode()


def page_of(case: Case, number: int) -> str:
    """A blog's page with that player alone."""
    frame = case.embed
    if frame.startswith("http"):
        frame = f'<iframe src="{escape(frame, {chr(34): "&quot;"})}"></iframe>'
    url = f"https://blog.example/{number}"
    return (
        f'<!doctype html><html lang="en"><head><link rel="canonical" href="{url}">'
        f"<title>Post {number}</title></head><body><h1>Post {number}</h1>{frame}</body></html>"
    )


def feed(*items: tuple[str, str, str, str]) -> Reply:
    """A show's feed: guid, title, file and page of each item."""
    inner = "".join(
        f'<item><guid isPermaLink="false">{guid}</guid><title>{title}</title><link>{link}</link>'
        f'<enclosure url="{escape(url)}" length="999" type="audio/mpeg"/>'
        "<itunes:duration>1:00:01</itunes:duration>"
        "<pubDate>Thu, 13 Jan 2022 10:00:00 GMT</pubDate></item>"
        for guid, title, url, link in items
    )
    return Reply(
        200,
        '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
        f"<title>The show</title>{inner}</channel></rss>",
        {"Content-Type": "application/rss+xml"},
    )


def pangea(number: int, files: tuple[str, ...], attribute: str = "data-sources") -> Reply:
    """The embed page of RFE/RL's system."""
    listed = json.dumps([{"Src": url, "Type": "audio/mp3", "DataInfo": "x"} for url in files])
    media = escape(listed, {'"': "&quot;"}) if attribute == "data-sources" else files[0]
    return html(
        "Player",
        f'<div class="c-mmp" id="player{number}" data-title="The Majlis"><div class="c-mmp__player">'
        f'<audio data-sdkid="{number}" {attribute}="{media}"></audio></div>'
        '<span class="js-duration">· 1:08:32</span></div>',
    )


def rfe(number: int) -> str:
    return f"{RFE}/embed/player/0/3166{number:04}.html?type=audio"


MEDIA = "https://media.example.org"
FEED = "https://feeds.example.org/show"
PRX = f"https://play.prx.org/e?uf={quote(FEED, safe='')}&ge="
GUID = "prx_3_a66567d8-e5b5-4d2c-afe2-7ae3915d0c1c"
LOCAL = "http://127.0.0.1:9/secret.mp3"
STORY = f"{NPR}/2022/01/13/900000007/a-story"
AKAMAI = "https://rfe-audio-ns.akamaized.net/vle/2022/01/19"
HTML_TRANSCRIPT = html(
    "Transcript", f'<div aria-label="Transcript"><p>HOST, BYLINE: {SAYS}</p><p>{SAYS}</p></div>'
)
C = Case

CASES: tuple[Case, ...] = (
    # what is well
    C("NPR's model", player(1), {
        player(1): npr_page(npr_model(sound(1), f"{NPR}/2022/01/13/900000001/a-story")),
        sound(1): file(MP3),
    }, file=sound(1), shows={
        "duration": 77, "published": "2022-01-13", "media_bytes": len(MP3),
        "media_type": "audio/mpeg", "link": f"{NPR}/2022/01/13/900000001/a-story",
    }),
    C("NPR's model, address in base64", player(2), {
        player(2): npr_page(npr_model(packed(sound(2)))), sound(2): file(MP3),
    }, file=sound(2)),
    C("NPR's model, all of it in base64", player(3), {
        player(3): html("NPR", "<script>audioModel = JSON.parse(atob('"
                        f"{packed(json.dumps(npr_model(sound(3))))}'))</script>"),
        sound(3): file(MP3),
    }, file=sound(3)),
    C("the player has none, its show's feed has it by the story", player(7), {
        player(7): html("NPR", '<link rel="alternate" type="application/rss+xml" '
                        'href="https://feeds.npr.org/510000/podcast.xml">'),
        "https://feeds.npr.org/510000/podcast.xml": feed(
            ("u1", "Another", f"{MEDIA}/another.mp3?e=900000099", f"{NPR}/900000099"),
            ("u2", "A headline", f"{MEDIA}/story7.mp3?p=510000&e=900000007", STORY),
        ),
        f"{MEDIA}/story7.mp3?p=510000&e=900000007": file(MP3),
    }, file=f"{MEDIA}/story7.mp3?p=510000&e=900000007", shows={
        "duration": 3601, "media_bytes": len(MP3), "programme": "The show",
    }),
    C("Pangea, data-sources alone", rfe(1), {
        rfe(1): pangea(31660001, (f"{AKAMAI}/one_hq.mp3", f"{AKAMAI}/one.mp3")),
        f"{AKAMAI}/one.mp3": file(MP3, "audio/mp3"),
    }, file=f"{AKAMAI}/one.mp3", shows={"duration": 4112, "title": "The Majlis"}),
    C("Pangea, src", rfe(2), {
        rfe(2): pangea(31660002, (f"{AKAMAI}/two.mp3",), "src"),
        f"{AKAMAI}/two.mp3": file(MP3),
    }, file=f"{AKAMAI}/two.mp3"),
    C("PRX, by the guid of the item", PRX + GUID, {
        FEED: feed(("other", "Another", f"{MEDIA}/other.mp3", "https://show.example/o"),
                   ("wrong", "Wrong length", f"{MEDIA}/wrong.mp3", "https://show.example/w"),
                   (GUID, "The one", f"{MEDIA}/prx.mp3", "https://show.example/one")),
        f"{MEDIA}/prx.mp3": file(MP3),
    }, file=f"{MEDIA}/prx.mp3", shows={"title": "The one", "media_bytes": len(MP3)}),
    C("PRX, another item of that feed", PRX + "other", {}, file=f"{MEDIA}/other.mp3"),
    C("derived, and there", "https://www.buzzsprout.com/1735722/8166676", {
        "https://www.buzzsprout.com/1735722/8166676?client_source=small_player&iframe=true":
            html("Player"),
        "https://www.buzzsprout.com/1735722/8166676": html("Page"),
        "https://www.buzzsprout.com/1735722/8166676.mp3": to(f"{MEDIA}/buzz.mp3"),
        f"{MEDIA}/buzz.mp3": file(MP3),
    }, file="https://www.buzzsprout.com/1735722/8166676.mp3"),
    C("a script's data name it, behind redirects", "https://omny.fm/shows/a-show/a-clip/embed", {
        "https://omny.fm/shows/a-show/a-clip/embed":
            html("Omny", '<script>x={"AudioUrl":"https://traffic.omny.fm/a.mp3"}</script>'),
        "https://traffic.omny.fm/a.mp3": to(f"{MEDIA}/hop1.mp3"),
        f"{MEDIA}/hop1.mp3": to(f"{MEDIA}/hop2.mp3", 307),
        f"{MEDIA}/hop2.mp3": file(MP3),
        "https://omny.fm/oembed?format=json&url=https%3A%2F%2Fomny.fm%2Fshows%2Fa-show%2Fa-clip":
            Reply(200, json.dumps({"title": "By oEmbed", "thumbnail_url": f"{MEDIA}/a.jpg"}),
                  {"Content-Type": "application/json"}),
    }, file="https://traffic.omny.fm/a.mp3",
      shows={"image_url": f"{MEDIA}/a.jpg", "media_bytes": len(MP3)}),
    C("JSON-LD with a transcript", "https://share.transistor.fm/e/12345678", {
        "https://share.transistor.fm/e/12345678": html("T", '<script type="application/ld+json">'
            + json.dumps({"@type": "PodcastEpisode", "name": "By JSON-LD", "duration": "PT2M",
                          "datePublished": "2022-01-14",
                          "associatedMedia": {"@type": "MediaObject",
                                              "contentUrl": f"{MEDIA}/ld.mp3"},
                          "transcript": f"{MEDIA}/ld.vtt"}) + "</script>"),
        f"{MEDIA}/ld.mp3": file(MP3),
        f"{MEDIA}/ld.vtt": Reply(200, VTT, {"Content-Type": "text/vtt"}),
    }, file=f"{MEDIA}/ld.mp3", words=VTT_SAYS, shows={
        "title": "By JSON-LD", "duration": 120, "transcript_url": f"{MEDIA}/ld.vtt",
    }),
    C("Open Graph", "https://ashow.castos.com/player/123456", {
        "https://ashow.castos.com/player/123456":
            Reply(200, "<!doctype html><html><head><title>C</title>"
                  f'<meta property="og:audio" content="{MEDIA}/og.mp3"></head></html>'),
        f"{MEDIA}/og.mp3": file(MP3, "application/octet-stream"),
    }, file=f"{MEDIA}/og.mp3", shows={"media_type": "audio/mpeg"}),
    C("slow", player(10), {player(10): act("late", str(npr_page(npr_model(sound(10))).body)),
                           sound(10): file(MP3)}, file=sound(10)),
    C("503 at first", player(11), {
        player(11): (Reply(503, "busy"), npr_page(npr_model(sound(11)))), sound(11): file(MP3),
    }, file=sound(11)),
    C("no byte ranges", player(12), {
        player(12): npr_page(npr_model(sound(12))), sound(12): file(MP3, act="whole"),
    }, file=sound(12), shows={"media_bytes": len(MP3)}),
    C("wrong length in its feed", PRX + "wrong", {}, file=f"{MEDIA}/wrong.mp3",
      shows={"media_bytes": len(MP3)}),
    # what is not
    C("402 at the player", player(20), {player(20): Reply(402, "pay")},
      why="its player wants programs to pay (402), so it is left alone", state="gated"),
    C("403 at the file", player(21), {
        player(21): npr_page(npr_model(sound(21))), sound(21): Reply(403, "no"),
    }, why="its file is closed to programs (403)", state="gated", shows={"duration": 77}),
    C("403 at the player, so nothing else of that host is asked",
      "https://www.buzzsprout.com/1735723/8166678", {
        "https://www.buzzsprout.com/1735723/8166678?client_source=small_player&iframe=true":
            Reply(403, "no"),
    }, why="its player is closed to programs (403), so it is left alone", state="gated"),
    C("404 at the player", player(22), {player(22): Reply(404, "no")},
      why="its player answers 404 Not Found", state="gone"),
    C("the player has no audio", player(23), {player(23): html("NPR")},
      why="its player names no file", state="nothing"),
    C("the file is a page", player(24), {
        player(24): npr_page(npr_model(sound(24))), sound(24): html("Sorry"),
    }, why="its file is a page, no recording", state="nothing"),
    C("the file is cut off", player(25), {
        player(25): npr_page(npr_model(sound(25))), sound(25): file(MP3, act="cut"),
    }, why="its file breaks off after 1024 bytes", state="passing"),
    C("the player is cut off before its data", player(26), {
        player(26): act("cut", "<!doctype html><html><title>NPR</title>" + "x" * 2000),
    }, why="its player is cut off: the connection broke after 1019 bytes of 2039", state="passing"),
    C("gzip bomb", player(27), {
        player(27): Reply(200, "bomb", {"Content-Encoding": "gzip"}),
    }, why="its player names no file", state="nothing"),
    C("gzip bomb as a file", player(28), {
        player(28): npr_page(npr_model(sound(28))),
        sound(28): Reply(200, gzip.compress(bytes(10**6)), {
            "Content-Encoding": "gzip", "Content-Type": "audio/mpeg"}),
    }, why="its file ", state="nothing"),
    C("the player redirects into this machine", player(29), {player(29): to(LOCAL)},
      why="leads to the private address 127.0.0.1", state="nothing"),
    C("the file redirects into this machine", player(30), {
        player(30): npr_page(npr_model(sound(30))), sound(30): to(LOCAL),
    }, why="leads to the private address 127.0.0.1", state="nothing"),
    C("the model names an address of this machine", player(31), {
        player(31): npr_page(npr_model(LOCAL)),
    }, why="leads to the private address 127.0.0.1", state="nothing"),
    C("redirects in a circle", player(32), {player(32): to(player(32))},
      why="its player redirects to where it came from", state="nothing"),
    C("reset", player(33), {player(33): act("reset")}, why="its player is out of reach: ", state="passing"),
    C("500 for ever", player(34), {player(34): Reply(500, "sorry")},
      why="its player answers 500 Internal Server Error", state="passing"),
    C("derived, and not there", "https://www.buzzsprout.com/1735722/8166677", {
        "https://www.buzzsprout.com/1735722/8166677?client_source=small_player&iframe=true":
            html("Player"),
        "https://www.buzzsprout.com/1735722/8166677": html("Page"),
        "https://www.buzzsprout.com/1735722/8166677.mp3": Reply(404, "no"),
    }, why="its file answers 404 Not Found", state="nothing"),
    C("a list of pieces", player(35), {
        player(35): npr_page(npr_model(f"{MEDIA}/live.mp3")),
        f"{MEDIA}/live.mp3": Reply(200, "#EXTM3U\n" + "#EXTINF:9\na.ts\n" * 200,
                                   {"Content-Type": "audio/mpegurl"}),
    }, why="is a list of pieces, no file", state="nothing"),
    C("a stub", player(36), {
        player(36): npr_page(npr_model(sound(36))), sound(36): file(MP3[:500]),
    }, why="its file has 500 bytes in all", state="nothing"),
    C("a Space", '<p><a href="https://x.com/i/spaces/1OwxWwQOPlNxQ">Listen to the Space</a></p>',
      why="X tells only those who are logged in", state="never"),
    C("a provider that gives no files, asked for its names alone",
      "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/367477112", {
        "https://soundcloud.com/oembed?format=json&url=https%3A%2F%2Fapi.soundcloud.com%2Ftracks"
        "%2F367477112": Reply(200, json.dumps({"title": "A track", "thumbnail_url":
            f"{MEDIA}/t.jpg"}), {"Content-Type": "application/json"}),
    }, why="SoundCloud gives nobody a file", state="never", shows={"title": "A track"}),
    C("a closed provider", "https://app.stitcher.com/splayer/f/12345/678901",
      why="Stitcher closed on 2023-08-29", state="never"),
    C("hidden data", player(37), {
        player(37): npr_page(npr_model("javascript:alert(1)")),
    }, why="its player names no file", state="nothing"),
)  # fmt: skip

ALSO: dict[str, Reply] = {
    f"{MEDIA}/other.mp3": file(MP3),
    f"{MEDIA}/wrong.mp3": file(MP3),
    f"{MEDIA}/another.mp3?e=900000099": file(MP3),
}


def replies(cases: Iterable[Case] = CASES) -> dict[str, list[Reply]]:
    """What every address of the table answers, one after the other."""
    found = {url: said if isinstance(said, tuple) else (said,)
             for case in cases for url, said in case.replies.items()}  # fmt: skip
    return {url: list(said) for url, said in found.items()} | {u: [r] for u, r in ALSO.items()}
