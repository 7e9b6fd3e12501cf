"""Short ways to write a page with its embeds, and to see what a catalogue shows."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from podcat.catalogue import Catalogue, Outcome, open_catalogue, schema
from podcat.model import Document, Embed, Episode, Page, Place, Selection

NOW = 1_700_000_000
WORDS = (
    "title",
    "programme",
    "people",
    "tags",
    "description",
    "caption",
    "pages",
    "provider",
    "transcript",
)
PAGE = "https://news.example/story"


def _tables() -> list[str]:
    found: dict[str, None] = {}
    script = "".join(schema.migrations("sqlite").values())
    for made, gone, old, new in re.findall(
        r"^(?:CREATE TABLE (\w+)|DROP TABLE (\w+)|ALTER TABLE (\w+) RENAME TO (\w+))", script, re.M
    ):
        found.pop(gone or old, None)
        if made or new:
            found[made or new] = None
    return list(found)


TABLES = _tables()


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


def dump(url: str) -> list[str]:
    """Every row of every table."""
    with open_catalogue(url) as catalogue:
        db = catalogue._db
        rows = {table: [dict(row) for row in db.all(f"SELECT * FROM {table}")] for table in TABLES}  # type: ignore[call-overload]
        words = [dict(row) for row in db.all(f"SELECT rowid, {', '.join(WORDS)} FROM search")]  # type: ignore[call-overload]
    rows["search"] = words
    return sorted(f"{table} {sorted(row.items())}" for table in rows for row in rows[table])


def shown(episode: Episode) -> Episode:
    """An episode without what depends on when it came: ids and times."""
    return replace(episode, id=0, guid="", first_seen=0, changed_at=0)


def titles(catalogue: Catalogue, **selection: Any) -> list[str | None]:
    """Titles of a selection in their order."""
    return [episode.title for episode in all_of(catalogue, **selection)]
