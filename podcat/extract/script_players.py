"""Recordings that a page hands to a player in a call of a script, or to a Flash player.

A script's own texts name nothing; what a known player is called with does. Its argument is JSON, or
an object as scripts write it, of which only flat names and quoted values are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, unquote

from podcat import urls
from podcat.extract.html_carriers import in_json
from podcat.providers import registry

Named = tuple[str, dict[str, Any]]
"""An address, and what is said of the recording besides."""

# How the calls of Podlove's, Podigee's, jPlayer's, 1 Pixel Out's, APlayer's and JW's players begin.
_CALL = re.compile(
    r"\bpodlovePlayer\s*\(|\bplayerConfiguration\s*=|[\"']setMedia[\"']\s*,|\bjPlayerPlaylist\s*\(|"
    r"\bAudioPlayer\.embed\s*\(|\bnew\s+APlayer\s*\(|\bjwplayer\s*\([^()]{0,80}\)\s*\.\s*setup\s*\("
)
HINT = "layer"
"""What stands in every script that holds such a call, but for jPlayer's."""
_ALSO = "setMedia"
_MOST_CALLS, _MOST_OBJECTS, _DEEPEST = 50, 300, 5
_BEFORE, _LONGEST = 300, 100_000
_OBJECT = re.compile(r"\{([^{}]*)\}")
_PAIR = re.compile(r"([\"']?)\b(\w+)\1\s*:\s*(?:\"([^\"\n]*)\"|'([^'\n]*)')")
_FILES = (
    "mp3", "m4a", "oga", "ogg", "opus", "soundfile", "file", "url", "src", "audio", "audiourl",
)  # fmt: skip
_TITLES = ("title", "titles", "name")

# Names by which Flash players were told their file.
_FLASH = frozenset({
    "soundfile", "file", "mp3", "audiourl", "url", "src", "song_url", "mp3file", "audio", "son",
    "musicurl", "audiofile", "sound",
})  # fmt: skip


def _sound(value: str) -> str | None:
    """The address of a sound file that a value is, perhaps percent-encoded."""
    plain = value.replace("\\/", "/").strip()
    plain = unquote(plain) if re.match(r"https?%3a", plain, re.I) else plain
    kind = registry().media_type(urls.absolute(plain, "http://local/")) or ""
    return plain if kind.startswith("audio/") else None


def _argument(text: str, start: int) -> str:
    """A call's argument: up to the bracket that closes its first one."""
    depth = 0
    for place in re.finditer(r"[{}]", text[start : start + _LONGEST]):
        depth += 1 if place[0] == "{" else -1
        if depth == 0:
            return text[start : start + place.end()]
    return text[start : start + _LONGEST]


def _flat(argument: str) -> Iterator[Named]:
    """The recordings of an object as scripts write it, the inner objects first."""
    for _ in range(_DEEPEST):
        for inner in islice(_OBJECT.finditer(argument), _MOST_OBJECTS):
            said = {p[2].lower(): p[3] or p[4] or "" for p in _PAIR.finditer(inner[1])}
            files = (url for name in _FILES if (url := _sound(said.get(name, ""))))
            if url := next(files, None):
                yield url, {"title": next((said[n] for n in _TITLES if said.get(n)), None)}
        argument, replaced = _OBJECT.subn("", argument)
        if not replaced:
            return


def called(script: str) -> Iterator[Named]:
    """The recordings that a script calls a known player with."""
    if HINT not in script and _ALSO not in script:
        return
    for call in islice(_CALL.finditer(script), _MOST_CALLS):
        start = script.find("{", call.end(), call.end() + _BEFORE)
        if start < 0:
            continue
        argument = _argument(script, start)
        named = list(in_json(argument))
        yield from named or _flat(argument)


def flash(value: str | None) -> Iterator[Named]:
    """The recordings in the variables of a Flash player, or behind its own address."""
    if not value or "=" not in value or len(value) > urls.LONGEST:
        return
    said = parse_qsl(value.partition("?")[2] if ".swf?" in value else value)
    titles = next((text for name, text in said if name.lower() in ("titles", "title")), None)
    for name, text in said:
        if name.lower() in _FLASH:
            several = [url for one in re.split(r"[,|]", text) if (url := _sound(one))]
            for url in several:
                yield url, {"title": titles if len(several) == 1 else None}
