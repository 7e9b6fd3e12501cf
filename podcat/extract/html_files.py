"""Plain files: audio and video elements, sources, a file in JSON in an attribute, AMP's media."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from podcat import urls
from podcat.extract import html_pangea, tree
from podcat.extract.findings import Finding, found
from podcat.extract.reading import Reading, caption
from podcat.extract.recording_node import is_machine_read
from podcat.extract.tree import Element, place, words
from podcat.providers import registry

_AROUND = 4
_PLAYERS = re.compile(r"audio|player|podcast|episode", re.I)
_TITLE = re.compile(
    r"(?:audio|track|episode|song|clip|player|media|module)[\w-]*[-_](?:title|name|header)\b", re.I
)
_MOST_PARTS = 60
_STREAMS = ("m3u8", "m3u", "pls", "mpd")  # lists of pieces, no file


def _beside(element: Element) -> str | None:
    """What a player's own markup around a file calls its title."""
    for around in islice(element.iterancestors(), _AROUND):
        if _PLAYERS.search(around.get("class") or ""):
            parts = islice(around.iter("*"), _MOST_PARTS)
            return next((words(e) for e in parts if _TITLE.search(e.get("class") or "")), None)
    return None


def _sources(reading: Reading, element: Element) -> list[str]:
    """The files of a media element; several are one recording in several encodings."""
    shown = (reading.shown(one) for one in (element, *element.iter("source")))
    # A fragment or a query alone is the page itself, and a template is no address yet.
    told = (url for url in shown if url and url[0] not in "#?{$<")
    found_urls = (urls.absolute(url, reading.base) for url in told)
    return list(dict.fromkeys(url for url in found_urls if url))


def _files(reading: Reading, element: Element, files: list[str], rule: str) -> None:
    """Adds one recording with its files."""
    if not files:
        return
    named = (match for url in files if (match := registry().match(url)) and match.id)
    match = next(named, None)
    finding = (
        found(match, place(element), rule) if match else Finding("audio-file", place(element), rule)
    )
    finding.propose("kind", "audio", rule)
    for url in files:
        finding.propose("audio_url", url, rule)
    for name in ("title", "aria-label", "data-title"):
        finding.propose("title", element.get(name), "html/audio-title")
    finding.propose("title", caption(element), "html/figcaption")
    finding.propose("title", _beside(element), "html/player-title")
    reading.titled(finding)
    reading.findings.add(finding)


def _plays(element: Element, url: str) -> bool:
    """Whether a source is sound: by its type, else by its name."""
    stated = next((s.get("type") for s in element.iter("source") if s.get("src") == url), None)
    kind = stated or registry().media_type(urls.absolute(url, "https://local/")) or ""
    return kind.startswith("audio/")


def _video(reading: Reading, element: Element) -> None:
    """A film is no audio; a video element that plays sound alone is."""
    given = [element.get("src"), *(source.get("src") for source in element.iter("source"))]
    if given and all(_plays(element, url) for url in given if url) and any(given):
        _audio(reading, element)


# Every podcast app plays the first of these; some play nothing else.
_EVERYWHERE = ("mp3", "m4a", "aac")


def _audio(reading: Reading, element: Element) -> None:
    """A plain audio element."""
    files = sorted(
        _sources(reading, element), key=lambda url: urls.extension(url) not in _EVERYWHERE
    )
    files = [url for url in files if urls.extension(url) not in _STREAMS]
    machine_read = is_machine_read(None, *files)
    _files(reading, element, files, "html/audio-machine-read" if machine_read else "html/audio")


def _source(reading: Reading, element: Element) -> None:
    """A source without its audio element, as extracts of pages leave it."""
    in_media = next(
        element.iterancestors("audio", "video", "picture", "amp-audio", "amp-video"), None
    )
    kind = element.get("type") or registry().media_type(
        urls.absolute(element.get("src"), reading.base)
    )
    if in_media is None and (kind or "").startswith("audio/"):
        _audio(reading, element)


def data_json(reading: Reading, element: Element) -> bool:
    """A player's file in JSON in an attribute: `data-audio='{"url": …}'`."""
    data = tree.json_at(element.get("data-audio") or element.get("data-src"))
    named = (
        [data.get(k) for k in ("url", "src", "audioUrl", "mp3", "file")]
        if isinstance(data, dict)
        else []
    )
    files = [u for n in named if isinstance(n, str) and (u := urls.absolute(n, reading.base))]
    _files(reading, element, [u for u in files if registry().media_type(u)], "json/data-audio")
    return bool(files)


def _amp_media(reading: Reading, element: Element) -> None:
    """On a Pangea site an AMP page shows the recording itself; elsewhere films are no audio."""
    files = _sources(reading, element)
    owner = html_pangea.owner(reading.host, files)
    if owner and files:
        kind = str(element.tag).removeprefix("amp-")
        finding = Finding(owner, place(element), "html/amp-player")
        finding.propose_all("html/amp-player", **{"kind": kind, f"{kind}_url": files[0]})
        finding.propose("title", element.get("title"), "html/audio-title")
        reading.titled(finding)
        reading.findings.add(finding)
    elif element.tag == "amp-audio":
        _audio(reading, element)


BY_TAG: dict[str, Callable[[Reading, Element], None]] = {
    "audio": _audio, "video": _video, "amp-audio": _amp_media, "amp-video": _amp_media,
    "source": _source,
}  # fmt: skip
