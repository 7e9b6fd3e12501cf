"""Short ways to write a page with its embeds, and to see what a catalogue shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from podcat.catalogue import Catalogue, Outcome
from podcat.model import Document, Embed, Episode, Page, Place, Selection

NOW = 1_700_000_000
PAGE = "https://news.example/story"


def embed(provider: str = "npr", *, rule: str = "text/line", line: int = 1, **values: Any) -> Embed:
    """An embed whose every value comes from one rule."""
    own = values.pop("provenance", {})
    provenance = dict.fromkeys(("provider", "status", *values), rule) | own
    return Embed(provider, Place(line), provenance=provenance, **values)


def put(
    catalogue: Catalogue,
    *embeds: Embed,
    data: str = "",
    name: str = "page.txt",
    tags: tuple[str, ...] = (),
    now: int = NOW,
    **page: Any,
) -> Outcome:
    """Store a document with these embeds; without `data` its bytes follow from what it says."""
    content = (data or repr((embeds, name, page))).encode()
    return catalogue.store(Document(name, content), Page(embeds=embeds, **page), tags, now)


def all_of(catalogue: Catalogue, **selection: Any) -> tuple[Episode, ...]:
    """The episodes of a selection."""
    return catalogue.episodes(Selection(**selection), limit=1000).episodes


def only(catalogue: Catalogue) -> Episode:
    """The one episode there is."""
    (episode,) = all_of(catalogue)
    return episode


def shown(episode: Episode) -> Episode:
    """An episode without what depends on when it came: ids and times."""
    return replace(episode, id=0, guid="", first_seen=0, changed_at=0)


def titles(catalogue: Catalogue, **selection: Any) -> list[str | None]:
    """Titles of a selection in their order."""
    return [episode.title for episode in all_of(catalogue, **selection)]
