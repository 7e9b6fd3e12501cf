"""Which addresses are media files, and of which type.

A page must never pass as a file: apps would save its HTML as an episode.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from podcat import text, urls
from podcat.feed import values
from podcat.model import Episode
from podcat.providers import registry

TRANSCRIPT_TYPES: Final[Mapping[str, str]] = {
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".json": "application/json",
    ".txt": "text/plain",
}
# What a server says when it does not know.
_SAYS_NOTHING = ("", "application/octet-stream", "binary/octet-stream")
_FORM: Final = re.compile(r"(?:^|[&=./])(vtt|srt|json)(?:&|$)", re.I)
_STREAMED: Final = {".m3u8": "application/x-mpegURL"}
# Lists of files, not files.
_PLAYLISTS = ("mpegurl", "x-mpegurl", "scpls", "x-scpls", "vnd.apple.mpegurl")

_SCHEME = re.compile("https?://", re.I)
# Already as `urls.absolute` would write it: nearly all are, and taking them apart costs more than
# all the rest of an item.
_PLAIN = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[\w.~%/:=&?#+!$,;'@()*\[\]|-]*", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A direct file: absolute address, MIME type, size in bytes or None when unknown."""

    url: str
    type: str
    bytes: int | None


def http(url: str | None) -> str | None:
    """The address as an absolute http(s) one in ASCII, or None."""
    if not url:
        return None
    if len(url) <= urls.LONGEST and _PLAIN.fullmatch(url):
        return url
    plain = text.scrub(url).strip()
    return urls.absolute(plain) if _SCHEME.match(plain) else None


def extension(url: str) -> str:
    """The extension in the path of an address, in lower case with its dot, or nothing."""
    address = urls.parse(url)
    return PurePosixPath(address.path).suffix.lower() if address else ""


def enclosure(episode: Episode) -> Enclosure | None:
    """The file that an app can play, or None: player-only, or a file of no known type."""
    url = http(episode.media_url)
    kind = _media_type(url, episode.media_type) if url else None
    if not url or not kind:
        return None
    size = episode.media_bytes
    return Enclosure(url, kind, size if size and size > 0 else None)


def alternates(episode: Episode, file: Enclosure | None) -> tuple[Enclosure, ...]:
    """Further files of a recording that has one: its film beside its sound."""
    names = (name for name in ("audio_url", "video_url") if name not in episode.derived)
    addresses = (http(getattr(episode, name)) for name in names)
    others = (url for url in addresses if file and url and url != file.url)
    kinds = ((url, registry().media_type(url) or _STREAMED.get(extension(url))) for url in others)
    return tuple(Enclosure(url, kind, None) for url, kind in kinds if kind)


def _media_type(url: str, stated: str | None) -> str | None:
    plain = text.scrub(stated or "").partition(";")[0].strip().lower()
    if plain in _SAYS_NOTHING:
        return registry().media_type(url)
    family, _, name = plain.partition("/")
    is_media = values.is_mime(plain) and family in ("audio", "video")
    return plain if is_media and name not in _PLAYLISTS and not values.is_page(url, plain) else None


def transcript_type(url: str) -> str:
    """MIME type of a transcript by its extension, else by the form that its query names.

    A page when there is neither.
    """
    kind = TRANSCRIPT_TYPES.get(extension(url))
    query = url.partition("?")[2].partition("#")[0]
    named = _FORM.search(query) if query and not kind else None
    return kind or TRANSCRIPT_TYPES.get(f".{named[1].lower()}" if named else "", "text/html")
