"""Collects every address that a document, or the catalogue, vouches for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from podcat.check import ignore
from podcat.check.states import Place, Sighting
from podcat.model import Document, Embed, Link, Page
from podcat.providers import Match, registry

if TYPE_CHECKING:
    from podcat.catalogue import Refused

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
        ignored = ignore.lines(document, page.form)
        for sighting in sorted(found, key=_line):
            yield replace(sighting, ignored=True) if _line(sighting) in ignored else sighting


def from_catalogue(links: Iterable[Link], refused: Iterable[Refused] = ()) -> Iterator[Sighting]:
    """What was refused in the documents of the catalogue, then its addresses."""
    for one in refused:
        place = Place(one.document, one.line)
        yield Sighting(one.url, "player", one.provider, None, place, one.reason)
    for link in links:
        where = Place(link.document, link.line) if link.document else None
        yield Sighting(link.url, link.kind, link.provider, link.id, where)


def _line(sighting: Sighting) -> int:
    return sighting.place.line or 0 if sighting.place else 0


def _refused(document: Document, page: Page) -> Iterator[Sighting]:
    for refusal in page.refused:
        place = Place(document.name, refusal.place.line)
        yield Sighting(refusal.url, "player", refusal.provider, None, place, refusal.reason)


def _embedded(document: Document, page: Page) -> Iterator[Sighting]:
    for embed in page.embeds:
        place = Place(document.name, embed.place.line)
        for url, kind in _addresses(embed).items():
            yield Sighting(url, kind, embed.provider, embed.id, place, page_url=page.url)


def _addresses(embed: Embed) -> dict[str, str]:
    """Address to kind: those that the document has, as it has them.

    What a rule built, or brought to another form, an editor would look for in vain.
    """
    written = [c for c in embed.candidates if c.field == "player"]
    matches = {c.value: registry().match(c.value) for c in written}
    found = {url: _kind(match) for url, match in matches.items()}
    rebuilt = {
        (c.rule, url)
        for c in written
        if (match := matches[c.value])
        for url in (match.embed_url, match.link)
    }
    for field, kind in KINDS.items():
        url = getattr(embed, field)
        rules = {c.rule for c in embed.candidates if (c.field, c.value) == (field, url)}
        rules = rules or {embed.provenance.get(field, "")}
        if url and any(not r.startswith("derived/") and (r, url) not in rebuilt for r in rules):
            found.setdefault(url, kind)
    return found


def _kind(match: Match | None) -> str:
    # Spaces have no player to be embedded: what names one is a page.
    visited = match and (match.form == "page" or match.embed_url is None)
    return "page" if visited else "player"
