"""Whether an address is a recording that plays, by its first bytes: its type and its length."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from podcat.net import magic
from podcat.net.answer import Answer, Trouble
from podcat.providers import registry

BYTES: Final = 2048
"""So many are asked for, by Range: that tells status, type, length, and what it is, at once."""
LEAST: Final = 1024
"""No recording is smaller, in bytes."""
EMPTY: Final = "is empty"
# Family of a recording by its first bytes (see net/magic.py) to the type to serve it as.
_TYPES: Final = {
    "mp3": "audio/mpeg", "mp4": "audio/mp4", "aac": "audio/aac", "ogg": "audio/ogg",
    "webm": "audio/webm", "wav": "audio/wav", "flac": "audio/flac",
}  # fmt: skip
# Names by which servers call a type, to the one that apps know.
_USUAL: Final = {
    **dict.fromkeys(("audio/mp3", "audio/x-mp3", "audio/mpeg3", "audio/x-mpeg", "audio/x-mpeg-3",
                     "audio/mpg", "audio/x-mpg"), "audio/mpeg"),
    "audio/m4a": "audio/x-m4a", "audio/x-wav": "audio/wav", "audio/vnd.wave": "audio/wav",
    "audio/x-flac": "audio/flac",
}  # fmt: skip
# What files of these families can be; apps that believe another type play them not.
_ONLY: Final = {
    "mp3": frozenset({"audio/mpeg"}),
    "mp4": frozenset({"audio/mp4", "audio/x-m4a", "audio/x-m4b", "video/mp4", "video/x-m4v",
                      "video/quicktime", "audio/aac", "audio/3gpp", "video/3gpp"}),
}  # fmt: skip
_LISTS: Final = frozenset({"hls", "playlist"})
_TOTAL = re.compile(r"bytes\s+\d+-(\d{1,15})/(\d{1,15})", re.I)


@dataclass(frozen=True, slots=True)
class File:
    """A file that plays."""

    media_type: str
    length: int | None
    """Bytes; None where its host does not say."""


def judge(answer: Answer) -> File | str:
    """The file behind an address, or why there is none: words that follow the address."""
    if no := _unreadable(answer):
        return no
    family = magic.audio(answer.body)
    if family in _LISTS:
        return "is a list of pieces, no file"
    if family is None:
        found = "a page" if _is_page(answer) else magic.other(answer.body)
        return f"is {found}, no recording" if found else "is nothing that plays"
    length = size(answer)
    if length is not None and length < LEAST:
        return f"has {length} bytes in all"
    return File(_type(answer, family), length)


def _unreadable(answer: Answer) -> str | None:
    if answer.trouble is Trouble.BROKEN and answer.body:
        return f"breaks off after {len(answer.body)} bytes"
    if answer.trouble is Trouble.CODING:
        return "comes packed, and cannot be unpacked"
    return None if answer.body else EMPTY


def size(answer: Answer) -> int | None:
    """Bytes of the whole file; None where the answer does not tell."""
    if answer.status == 206:
        told = _TOTAL.search(answer.header("content-range"))
        return int(told[2]) if told and int(told[2]) > int(told[1]) else None
    plain = answer.header("content-length").strip()
    packed = answer.header("content-encoding").strip().lower() not in ("", "identity")
    return int(plain[:15]) if plain.isdecimal() and plain.isascii() and not packed else None


def _is_page(answer: Answer) -> bool:
    head = answer.body[:400].lstrip().lower()
    return head.startswith((b"<!doctype html", b"<html", b"<head"))


def _type(answer: Answer, family: str) -> str:
    """As it is served where that fits its bytes, else by its address, else by its bytes."""
    served = answer.header("content-type").partition(";")[0].strip().lower()
    named = (registry().media_type(url) or "" for url in (answer.final_url, answer.url))
    known = (_USUAL.get(kind, kind) for kind in (served, *named))
    return next((kind for kind in known if _fits(kind, family)), _TYPES.get(family, "audio/mpeg"))


def _fits(kind: str, family: str) -> bool:
    if family in _ONLY:
        return kind in _ONLY[family]
    others = (kinds for one, kinds in _ONLY.items() if one != family)
    return kind.startswith(("audio/", "video/")) and not any(kind in kinds for kinds in others)
