"""What a page says of itself, read off its first bytes without building a tree."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from podcat.check.rules.lazy import lazy
from podcat.model import Document

_TITLE: Final = re.compile(r"<title\b[^>]{0,200}>([^<]{0,500})", re.I)
_H1: Final = re.compile(r"<h1\b[^>]{0,500}>(.{0,500})", re.I | re.S)
_TAG: Final = re.compile(r"<(link|meta)\b([^>]{0,2000})>", re.I)
_ATTRIBUTE: Final = re.compile(r"([a-z:-]{1,20})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I)  # fmt: skip  # noqa: E501
_MARKUP: Final = re.compile(r"<[^<>]{0,500}>")
_START: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,500}-->\s*)?"
    rb"<(?:!doctype\s+html|html|head|body|title|meta|script|div|h1|p)\b",
    re.I,
)
# Audio that a page names: an element, its own metadata, or a file.
_SOUND: Final = re.compile(
    r"<audio\b|og:audio|\bAudioObject\b|\bPodcastEpisode\b|\.(?:mp3|m4a|ogg|opus)\b", re.I
)


class Html:
    """The first bytes of a page, decoded when they are first looked at."""

    def __init__(self, body: bytes, content_type: str) -> None:
        self._body = body
        self._content_type = content_type

    @lazy
    def is_html(self) -> bool:
        """Whether it begins like a page, whatever its server calls it."""
        return _START.match(self._body[:2048]) is not None

    @lazy
    def text(self) -> str:
        """The page in characters."""
        if self._body.isascii():
            return self._body.decode("ascii")
        from podcat.extract.decode import decode

        return decode(Document("", self._body, None, self._content_type or None)).text

    @lazy
    def title(self) -> str:
        """The title, on one line."""
        found = _TITLE.search(self.text)
        return _plain(found[1]) if found else ""

    @lazy
    def heading(self) -> str:
        """The first heading of the highest rank, on one line, without markup."""
        found = _H1.search(self.text)
        inner = re.split(r"</h1", found[1], maxsplit=1, flags=re.I)[0] if found else ""
        return re.sub(r" ([.,!?])", r"\1", _plain(_MARKUP.sub(" ", inner)))

    @lazy
    def own_addresses(self) -> tuple[str, ...]:
        """What the page calls its own address: canonical, og:url."""
        return tuple(filter(None, map(_own_address, _TAG.findall(self.text))))

    @property
    def has_sound(self) -> bool:
        """Whether it names audio."""
        return _SOUND.search(self.text) is not None


def _plain(text: str) -> str:
    return " ".join(unescape(text).split())


def _own_address(tag: tuple[str, str]) -> str | None:
    given = {
        name.lower(): unescape(double or single or bare).strip()
        for name, double, single, bare in _ATTRIBUTE.findall(tag[1])
    }
    if given.get("rel", "").lower() == "canonical":
        return given.get("href")
    if given.get("property", given.get("name", "")).lower() == "og:url":
        return given.get("content")
    return None
