"""Attributes that name a recording to a script, which then puts a player into the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from podcat.extract.tree import Element, classes, json_at
from podcat.text import parse_duration

TAGS = frozenset({"div", "a", "blockquote", "script"})
"""Elements that such attributes stand on."""


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


ATTRIBUTES = tuple(_ADDRESSES)


def _said(value: str) -> dict[str, Any]:
    """What JSON that names a recording says of it besides."""
    data = json_at(value)
    if not isinstance(data, dict):
        return {}
    label = data.get("label")
    length = data.get("duration")
    return {
        "title": label if isinstance(label, str) else None,
        "duration": parse_duration(length) if isinstance(length, int | float | str) else None,
    }


def named(element: Element) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(attribute, address, other values) for each attribute that names a recording."""
    for attribute, (name, address) in _ADDRESSES.items():
        value = element.get(attribute)
        if value and (name is None or name in classes(element)) and (url := address(value)):
            yield attribute, url, _said(value)
