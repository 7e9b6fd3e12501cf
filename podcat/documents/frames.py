"""Puts the frames of a saved page back: the addresses they stand for, and what they hold.

Saving a page gives each frame a name of its own (`cid:…` in MHTML, `PAGE_files/…` beside a
complete page), and a player's address is gone from the page. Frames that are no player are put
into the page as `srcdoc`, so that what they hold is found on the page that shows it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from podcat.providers import registry

DEEPEST: Final = 3
"""How deep frames are looked for in frames."""

_FRAME: Final = re.compile(r"<(?:i?frame|amp-iframe)\b[^>]{0,20000}>", re.I)
_SOURCE: Final = re.compile(
    r"(\s(?:data-)?src\s*=\s*)(\"[^\"]{1,4096}\"|'[^']{1,4096}'|[^\s\"'>]{1,4096})", re.I
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A document inside another one: where it came from, and its HTML."""

    url: str | None
    html: str


Finder = Callable[[str], Frame | None]
"""Gives the frame that a `src` names, if it was saved with the page."""


class Restorer:
    """Restores one page; what it adds is never more than `limit` bytes in all."""

    def __init__(self, find: Finder, limit: int) -> None:
        self._find = find
        self._left = limit

    def page(self, data: bytes) -> bytes:
        """The bytes of a page in any encoding that keeps ASCII, with its frames put back."""
        return self._restored(data.decode("latin-1"), DEEPEST).encode("latin-1")

    def _restored(self, text: str, depth: int) -> str:
        return _FRAME.sub(lambda tag: self._tag(tag[0], depth), text) if depth else text

    def _tag(self, tag: str, depth: int) -> str:
        source = _SOURCE.search(tag)
        frame = self._find(html.unescape(source[2].strip("\"'"))) if source else None
        if source is None or frame is None:
            return tag
        player = frame.url is not None and registry().match(frame.url) is not None
        if frame.url:
            address = f'{source[1]}"{_ascii(frame.url)}"'
            tag = tag[: source.start()] + address + tag[source.end() :]
        return tag if player or "srcdoc" in tag.lower() else self._filled(tag, frame, depth)

    def _filled(self, tag: str, frame: Frame, depth: int) -> str:
        # On one line, so that the lines of the page stay what they are.
        plain = frame.html.replace("\r", " ").replace("\n", " ")
        if len(plain) > self._left:
            return tag
        inner = _ascii(self._restored(plain, depth - 1))
        if len(inner) > self._left:
            return tag
        self._left -= len(inner)
        return f'{tag.rstrip("/>")} srcdoc="{inner}">'


def _ascii(text: str) -> str:
    """A text as an attribute's value that is the same in every encoding."""
    return html.escape(text).encode("ascii", "xmlcharrefreplace").decode("ascii")
