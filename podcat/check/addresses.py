"""Collects every address that a document, or the catalogue, vouches for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from podcat.check.states import Place, Sighting
from podcat.model import Document, Embed, Link, Page
from podcat.providers import registry

KINDS: Final = {
    "embed_url": "player",
    "link": "page",
    "audio_url": "audio",
    "video_url": "audio",
    "transcript_url": "transcript",
    "image_url": "image",
}
"""Field of an embed to the kind of its address."""


def from_pages(pages: Iterable[tuple[Document, Page]]) -> Iterator[Sighting]:
    """The addresses of all embeds, and those that reading refused, in document order."""
    for document, page in pages:
        found = [*_refused(document, page), *_embedded(document, page)]
        yield from sorted(found, key=lambda s: s.place.line or 0)


def from_catalogue(links: Iterable[Link]) -> Iterator[Sighting]:
    """The addresses of the catalogue."""
    for link in links:
        place = Place(link.document, link.line)
        yield Sighting(link.url, link.kind, link.provider, link.id, place)


def _refused(document: Document, page: Page) -> Iterator[Sighting]:
    for refusal in page.refused:
        place = Place(document.name, refusal.place.line)
        yield Sighting(refusal.url, "player", refusal.provider, None, place, refusal.reason)


def _embedded(document: Document, page: Page) -> Iterator[Sighting]:
    for embed in page.embeds:
        place = Place(document.name, embed.place.line)
        for url, kind in _addresses(embed):
            yield Sighting(url, kind, embed.provider, embed.id, place)


def _addresses(embed: Embed) -> Iterator[tuple[str, str]]:
    for field, kind in KINDS.items():
        if url := getattr(embed, field):
            yield url, kind
    for url in _retired(embed):
        yield url, "player"


def _retired(embed: Embed) -> Iterator[str]:
    """Old addresses of the player as the page has them: the embed itself shows the new one."""
    for candidate in embed.candidates:
        if isinstance(candidate.value, str) and "://" in candidate.value:
            match = registry().match(candidate.value)
            if match and match.retired and candidate.value != embed.embed_url:
                yield candidate.value
