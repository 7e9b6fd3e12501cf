"""The addresses that the catalogue vouches for, with the places where documents have them."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence

from podcat.catalogue import read
from podcat.catalogue.database import Database, Row, among
from podcat.catalogue.records import Refused
from podcat.model import Cursor, Episode, Link, Selection
from podcat.providers import Match, registry

# Field of an episode to the kind of link it is.
_KINDS = {
    "embed_url": "player", "link": "page", "audio_url": "audio", "video_url": "audio",
    "transcript_url": "transcript", "image_url": "image",
}  # fmt: skip
_WRITTEN = "player"  # the field that has addresses of players as documents write them
_LATEST = """d.id = (SELECT n.id FROM documents n
    WHERE n.page_id = d.page_id AND n.form = d.form ORDER BY n.added_at DESC, n.id DESC LIMIT 1)"""

Spot = tuple[str, int | None]


def links(db: Database, selection: Selection | None = None) -> Iterator[Link]:
    """Every address of an episode and of a page, once for each place that has it as it is.

    With a selection those of its episodes alone.

    An address that a rule built, and no document has, comes once, with an empty document.
    """
    after: Cursor | None = None
    while True:
        listing = read.episodes(db, selection or Selection(), after, 500)
        for _, found in of_episodes(db, listing.episodes):
            yield from found
        if (after := listing.next) is None:
            break
    if selection is None:
        yield from _of_pages(db)


def of_episodes(db: Database, episodes: Sequence[Episode]) -> Iterator[tuple[int, Iterator[Link]]]:
    """Number and addresses of each of these episodes."""
    claims = _claims(db, [episode.id for episode in episodes])
    for episode in episodes:
        yield episode.id, _of_episode(episode, claims[episode.id])


def refusals(db: Database) -> Iterator[Refused]:
    """Every refused address in the latest document of each page and form."""
    rows = db.all(
        f"""SELECT r.url, r.provider, r.reason, d.name, r.line
            FROM refusals r JOIN documents d ON d.id = r.document_id
            WHERE {_LATEST} ORDER BY d.id, r.position"""
    )
    yield from (Refused(r["url"], r["provider"], r["reason"], r["name"], r["line"]) for r in rows)


def _of_pages(db: Database) -> Iterator[Link]:
    rows = db.all(
        """SELECT p.url, d.name FROM pages p
           JOIN documents d ON d.id = (SELECT min(id) FROM documents WHERE page_id = p.id)
           WHERE p.url IS NOT NULL ORDER BY p.id"""
    )
    yield from (Link(r["url"], "page", None, None, r["name"], None) for r in rows)


def _claims(db: Database, ids: Sequence[int]) -> dict[int, list[Row]]:
    """What documents, not rules, give as addresses of these episodes, in their order."""
    fields = ", ".join(f"'{field}'" for field in (*_KINDS, _WRITTEN))
    rows = db.all(
        f"""SELECT a.episode_id, p.field, p.value, p.rule, d.name, a.line, {_LATEST} AS latest
            FROM appearances a JOIN provenance p
            ON p.document_id = a.document_id AND p.position = a.position
            JOIN documents d ON d.id = a.document_id
            WHERE {among("a.episode_id", ids)} AND p.field IN ({fields})
              AND p.rule NOT LIKE 'derived/%'
            ORDER BY d.id, a.position"""
    )
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["episode_id"]].append(row)
    return found


def _of_episode(episode: Episode, claims: Sequence[Row]) -> Iterator[Link]:
    written = [claim for claim in claims if claim["field"] == _WRITTEN]
    matches = {url: registry().match(url) for url in {claim["value"] for claim in written}}
    kinds: dict[str, str] = {}
    for field, kind in _KINDS.items():
        if url := getattr(episode, field):
            kinds.setdefault(url, kind)
    for claim in written:
        if claim["latest"]:
            kinds.setdefault(claim["value"], _kind(matches[claim["value"]]))
    rebuilt = {
        (claim["rule"], url)
        for claim in written
        if (match := matches[claim["value"]])
        for url in (match.embed_url, match.link)
    }
    places = _places([c for c in claims if _stands(c, rebuilt)])
    for url, kind in kinds.items():
        for document, line in places[url] or [("", None)]:
            yield Link(url, kind, episode.provider, episode.provider_id, document, line)


def _kind(match: Match | None) -> str:
    # Spaces have no player to be embedded: what names one is a page.
    visited = match and (match.form == "page" or match.embed_url is None)
    return "page" if visited else "player"


def _stands(claim: Row, rebuilt: Container[tuple[str, str | None]]) -> bool:
    """Whether the document has it as it is: what a rule recognised, it brought to one form."""
    return claim["field"] == _WRITTEN or (claim["rule"], claim["value"]) not in rebuilt


def _places(claims: Sequence[Row]) -> dict[str, list[Spot]]:
    """Address to where it stands: in the latest documents, else in earlier ones."""
    found: dict[str, list[Spot]] = defaultdict(list)
    for latest in (True, False):
        here: dict[str, dict[Spot, None]] = defaultdict(dict)
        for claim in claims:
            if bool(claim["latest"]) is latest and claim["value"] not in found:
                here[claim["value"]][claim["name"], claim["line"]] = None
        found |= {url: list(spots) for url, spots in here.items()}
    return found
