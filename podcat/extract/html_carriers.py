"""Attributes that name a recording to a script, which then puts a player into the page.

Some services have an attribute of their own; other players take JSON in one of the usual names.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from podcat import urls
from podcat.extract.linked import plain
from podcat.extract.tree import Element, classes, json_at
from podcat.providers import registry
from podcat.text import parse_duration

TAGS = frozenset({"div", "a", "blockquote", "script", "button", "section", "figure", "span", "li"})
"""Elements that such attributes stand on, besides those with a hyphen in their name."""


def _spreaker(value: str) -> str:
    return f"https://widget.spreaker.com/player?{value}"


def _substack(value: str) -> str | None:
    said = json_at(value)
    upload = said.get("mediaUploadId") if isinstance(said, dict) else None
    named = isinstance(upload, str)
    return f"https://api.substack.com/api/v1/audio/upload/{upload}/src" if named else None


# Attribute: the class that it stands with, and how its value becomes an address.
_ADDRESSES: Mapping[str, tuple[str | None, Callable[[str], str | None]]] = {
    "data-configuration": (None, str),
    "data-boourl": ("ab-player", str),
    "data-resource": ("spreaker-player", _spreaker),
    "data-episode-href": ("zenplayer", str),
    "data-attrs": ("native-audio-embed", _substack),
}

# Attributes in which players of all makes take JSON, and the names that files and players have
# in it. Others hold what is counted or advertised.
JSON = frozenset({
    "data-player", "data-player-config", "data-player-options", "data-player-data", "data-config",
    "data-configuration", "data-settings", "data-options", "data-props", "data-media",
    "data-track", "data-tracks", "data-episode", "data-podcast", "data-playlist", "data-setup",
    "data-audio-player", "data-audio-data", "data-json", "data-source", "data-sound",
    "data-jplayer", "data-plyr-config", "data-mejsoptions", "data-clip", "data-embed",
})  # fmt: skip
# Attributes that hold nothing but the address of a sound file or of a player to be loaded.
PLAIN = frozenset({
    "data-audio", "data-audio-url", "data-audio-src", "data-audiourl", "data-audio-file",
    "data-mp3", "data-mp3-url", "data-media-url", "data-media-src", "data-sound-url",
    "data-src", "data-player-src", "data-player-url", "data-iframe-src", "data-embed-src",
    "data-plyr-embed-id",
})  # fmt: skip
# Attributes that hold the player's whole markup, to be put into the page later.
MARKUP = frozenset({
    "data-embed", "data-html", "data-embed-html", "data-embed-code", "data-oembed",
    "data-oembed-html", "data-iframe", "data-iframe-html", "data-code", "data-content",
    "data-borlabs-cookie-content",
})  # fmt: skip
# What buttons for sharing are to share is no player.
_SHARED = re.compile(r"share|tweet|addthis|social|\blike|follow|comment", re.I)
ATTRIBUTES = JSON | PLAIN | MARKUP | _ADDRESSES.keys() | {"data-url"}
"""Every attribute that is looked at; an element without one of these names nothing."""
_FILES = ("audioUrl", "audio_url", "audio", "mp3", "m4a", "ogg", "src", "url", "file", "source",
          "contentUrl", "content_url", "mediaUrl", "media_url", "enclosure", "enclosureUrl",
          "enclosure_url", "mp3Url", "mp3_url", "href", "download", "downloadUrl", "embedUrl",
          "embed_url", "playerUrl", "player_url")  # fmt: skip
_ENCODINGS = frozenset({"sources", "source", "formats", "files", "encodings", "media"})
_TITLES = ("title", "name", "label", "headline")
_BASE64 = re.compile(r"(P[A-H][A-Za-z0-9+/]{20,}={0,2})=*")  # which decodes to what begins with `<`
_FRAME = re.compile(r"<iframe\b[^<>]{0,2000}?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.I)
_DEEPEST, _MOST, _LONGEST = 6, 300, 200_000


def _said(data: Any) -> dict[str, Any]:
    """What JSON that names a recording says of it besides."""
    if not isinstance(data, dict):
        return {}
    titles = (data.get(k) for k in _TITLES)
    title = next((t for t in titles if isinstance(t, str) and t.strip()), None)
    length = data.get("duration")
    return {
        "title": plain(title) if title else None,
        "duration": parse_duration(length) if isinstance(length, int | float | str) else None,
    }


def _is_recording(url: Any, form: str = "player") -> bool:
    """Whether an address in JSON is a sound file or of this form of a provider's."""
    if not isinstance(url, str) or not url or len(url) > urls.LONGEST:
        return False
    address = urls.absolute(url, "http://local/")
    if (registry().media_type(address) or "").startswith("audio/"):
        return True
    match = registry().match(url) if "//" in url else None
    return match is not None and match.form == form


def _objects(
    value: Any, said: dict[str, Any], depth: int = 0
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(object, what it and those around it say) in a JSON value, the outer ones first.

    What stands around a list says nothing of its items, but for the files of one recording.
    """
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _objects(one, {}, depth + 1)
    elif isinstance(value, dict):
        said = said | {name: known for name, known in _said(value).items() if known}
        yield value, said
        for name, inner in value.items():
            several = isinstance(inner, list) and (name in _ENCODINGS or (name == "audio" and said))
            first = next((o for o in inner if _address(o)), None) if several else inner
            if several and said.get("title") and isinstance(first, dict):
                first = {k: v for k, v in first.items() if k not in _TITLES}  # names an encoding
            yield from _objects(first, said, depth + 1)


def _address(data: Any) -> str | None:
    """The recording that an object names itself."""
    if not isinstance(data, dict):
        return None
    held = (data.get(name) for name in _FILES)
    shown = data.get(f"{data.get('video_type')}_url")  # Elementor: each type has its address
    return next((url for url in held if _is_recording(url)), None) or (
        shown if _is_recording(shown, "page") else None
    )


def in_json(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(address, other values) of the recordings that a player's JSON names, each once."""
    data, seen = json_at(text) if len(text) <= _LONGEST else None, set()
    for number, (one, said) in enumerate(_objects(data, {})):
        url = _address(one)
        if number >= _MOST:
            return
        if url and url not in seen:
            seen.add(url)
            yield url, said


# Elements of AMP and of web components that name a recording by its id alone.
COMPONENTS: Mapping[str, Mapping[str, str]] = {
    "amp-soundcloud": {
        "data-trackid": "https://w.soundcloud.com/player/?url=https://api.soundcloud.com/tracks/{}",
        "data-playlistid":
            "https://w.soundcloud.com/player/?url=https://api.soundcloud.com/playlists/{}",
    },
    "amp-megaphone": {
        "data-episode": "https://playlist.megaphone.fm/?e={}",
        "data-playlist": "https://playlist.megaphone.fm/?p={}",
    },
    "amp-wistia-player": {"data-media-hashed-id": "https://fast.wistia.net/embed/iframe/{}"},
    "amp-youtube": {"data-videoid": "https://www.youtube.com/embed/{}"},
    "amp-vimeo": {"data-videoid": "https://player.vimeo.com/video/{}"},
    "lite-youtube": {"videoid": "https://www.youtube.com/embed/{}"},
    "lite-vimeo": {"videoid": "https://player.vimeo.com/video/{}"},
}  # fmt: skip


OWN_TAGS = ("oembed", "audio-player", "media-player", "podcast-player")
"""Elements made for players that name what they play as `src` or `url`."""


def component(element: Element) -> str | None:
    """The player that a component stands for."""
    for attribute, address in COMPONENTS[element.tag].items():
        if value := (element.get(attribute) or "").strip():
            return address.format(quote(value, safe=""))
    return None


def in_markup(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(address, nothing else) of the players in markup that waits, plain or in base64."""
    if len(text) > _LONGEST:
        return
    if coded := _BASE64.fullmatch(text.strip()):
        whole = coded[1][: len(coded[1]) // 4 * 4]
        text = base64.b64decode(whole).decode("utf-8", "replace")
    plain = html.unescape(text.replace("\\", ""))
    for source in _FRAME.findall(plain):
        if _is_recording(source):
            yield source, {}


def _own(element: Element) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for attribute, (name, address) in _ADDRESSES.items():
        value = element.get(attribute)
        if value and (name is None or name in classes(element)) and (url := address(value)):
            yield attribute, url, _said(json_at(value))


def named(element: Element) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(attribute, address, other values) for each attribute that names a recording."""
    if ATTRIBUTES.isdisjoint(element.attrib):
        return
    yield from _own(element)
    for attribute, value in element.attrib.items():
        if attribute in MARKUP and (found := list(in_markup(value))):
            yield from ((attribute, url, said) for url, said in found)
        elif attribute in JSON and value.lstrip()[:1] in ("{", "["):
            for url, said in in_json(value):
                yield attribute, url, said
        elif (attribute in PLAIN or _is_sound(element, attribute)) and _is_recording(value):
            yield attribute, value, {}


def _is_sound(element: Element, attribute: str) -> bool:
    """Whether a bare `data-url` is that of a player's element."""
    return attribute == "data-url" and not _SHARED.search(element.get("class") or "")
