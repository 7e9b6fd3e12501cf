"""Reads the meta elements of a page: Open Graph, cards, Dublin Core, and what analytics ask for."""

from __future__ import annotations

from collections.abc import Iterator

from podcat.extract.tree import Element
from podcat.text import clean

Cards = dict[str, list[tuple[str, Element]]]
"""Name in lower case to what it says, in order, each with its element."""

_NAMES = ("property", "name", "itemprop", "http-equiv")
_MOST = 2000

# Field of a page to the names that say it, the best first. Names come from ogp.me, the cards of
# Twitter, schema.org (itemprop), Dublin Core, Parse.ly, Sailthru, cXense, Google News and Scholar.
SOURCES: dict[str, tuple[str, ...]] = {
    "title": (
        "og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title",
        "dcterms.title", "citation_title", "headline",
    ),
    "published": (
        "article:published_time", "og:article:published_time", "og:published_time",
        "article:published", "datepublished", "parsely-pub-date", "sailthru.date",
        "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "article.published", "date",
        "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "dc.date.created",
        "pubdate", "publish-date", "publish_date", "publication_date", "ptime",
        "citation_publication_date",
    ),
    "modified": (
        "article:modified_time", "og:article:modified_time", "article:modified", "og:updated_time",
        "datemodified", "dc.date.modified", "dcterms.modified", "article.updated", "lastmod",
        "last-modified", "revised", "utime",
    ),
    "authors": (
        "author", "article:author", "parsely-author", "sailthru.author", "dc.creator",
        "dcterms.creator", "cxenseparse:author", "article:author_name", "byl", "citation_author",
    ),
    "language": (
        "og:locale", "inlanguage", "content-language", "dc.language", "dcterms.language",
        "language",
    ),
    "description": (
        "og:description", "description", "twitter:description", "sailthru.description",
        "dc.description", "dcterms.description", "dcterms.abstract",
    ),
    "image": (
        "og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src",
        "parsely-image-url", "sailthru.image.full", "thumbnailurl", "image",
    ),
    "tags": (
        "article:tag", "og:article:tag", "news_keywords", "parsely-tags", "sailthru.tags",
        "cxenseparse:keyword",
    ),
    "site_name": ("og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher"),
}  # fmt: skip


def read(elements: list[Element]) -> Cards:
    """What a page's meta elements say; the empty ones are kept for those who ask."""
    said: Cards = {}
    for element in elements[:_MOST]:
        content = element.get("content")
        if content is None:
            continue
        for attribute in _NAMES:
            if key := element.get(attribute):
                said.setdefault(key.strip().lower(), []).append((clean(content) or "", element))
    return said


def values(cards: Cards, field: str) -> Iterator[tuple[str, list[str]]]:
    """(name, what it says each time) of the sources of a field, the best first."""
    for name in SOURCES[field]:
        said = [text for text, _ in cards.get(name, ()) if text]
        if said:
            yield name, said


def first(cards: Cards, name: str) -> str | None:
    """What a name says first, or None."""
    return next((text for text, _ in cards.get(name, ()) if text), None)
