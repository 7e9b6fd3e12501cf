"""What a source, or a page that it lists, holds: recordings, and addresses of other pages. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from podcat import documents
from podcat.catalogue import Listed
from podcat.errors import SourceError
from podcat.extract import listing, syndication
from podcat.ingest import reading
from podcat.model import Document, Page
from podcat.net.answer import Answer
from podcat.work import rhythm

PAGE, FEED, SITEMAP, LISTING = "page", "feed", "sitemap", "listing"


@dataclass(slots=True)
class Read:
    """What one answer holds."""

    kind: str = PAGE
    pages: list[tuple[Document, Page]] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    """Other pages, the newest first where that is said."""
    following: str | None = None
    """The address of a feed's older items."""
    problem: str | None = None
    least: int = 0
    """Seconds below which a feed wants no looks."""
    skips: int = 0
    """Hours and days at which it wants none, as `Source` has them."""

    @property
    def digest(self) -> str:
        """Of what is said, not of the bytes: many pages carry a number that always changes."""
        said = repr([page for _, page in self.pages]) + repr(self.listed)
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


def read(answer: Answer, limit: int) -> Read:
    """What an answer holds, as `podcat add` of its address would find it; nothing is raised."""
    found = Read()
    kind = answer.header("content-type") or None
    document = Document(answer.url, answer.body, answer.final_url, kind)
    if not answer.whole:
        found.problem = f"is larger than the limit of {limit} bytes"
    elif syndication.is_feed(answer.body):
        _feed(document, found)
    else:
        for item in documents.opened(document, limit):
            _take(item, found)
    found.listed.sort(key=lambda one: one.stamp, reverse=True)
    return found


def source(answer: Answer, limit: int) -> Read:
    """As `read`, of a source itself: a page without recordings can be a list of those with."""
    found = read(answer, limit)
    if found.kind == PAGE and not any(page.embeds for _, page in found.pages):
        found.listed = [Listed(url) for each, _ in found.pages for url in listing.stories(each)]
        found.kind = LISTING if found.listed else PAGE
    return found


def _take(item: documents.Item, found: Read) -> None:
    if isinstance(item, SourceError):
        found.problem = found.problem or item.problem
    elif isinstance(item, documents.Listing):
        found.kind = SITEMAP
        others = {entry.url: entry for entry in item.entries if not entry.named}
        found.listed += [Listed(url, entry.changed or "") for url, entry in others.items()]
        if len(others) < len(item.entries):
            _page(item.document, found)
    else:
        _page(item, found)


def _page(document: Document, found: Read) -> None:
    page = reading.page(document)
    if isinstance(page, SourceError):
        found.problem = found.problem or page.problem
    else:
        found.pages.append((document, page))


def _feed(document: Document, found: Read) -> None:
    """The recordings of a feed; of its items without one, their pages."""
    found.kind, found.least = FEED, rhythm.least(document.data)
    found.skips = rhythm.skips(document.data)
    try:
        page = syndication.read(document)
    except SourceError as error:
        found.problem = error.problem
        return
    if not isinstance(page, Page):
        found.problem = "is a list of feeds; watch each of them"
        return
    found.pages.append((document, page))
    found.following = syndication.following(document)
    found.listed += _without_recordings(document, page)


def _without_recordings(document: Document, page: Page) -> Iterator[Listed]:
    has = {embed.link for embed in page.embeds}
    links = dict.fromkeys(url for url, _ in syndication.links(document))
    yield from (Listed(url) for url in links if url not in has)
