"""The stories that a listing leads to: the page of a tag, of a programme, a front page.

Nothing tells a story's address from another one for certain. Those of news sites have a number, a
date or a title of several words in their path, and stand in the body of the page; lists of tags
and people, and what is around the body on every page, lead elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from podcat import urls
from podcat.extract import tree
from podcat.extract.decode import decode
from podcat.extract.kind import is_html
from podcat.model import Document

MOST: Final = 500
"""Stories of one page."""
_LOOKED: Final = 5_000  # links of a page of which it is asked where they stand
_AROUND: Final = frozenset({"nav", "header", "footer", "aside", "form"})
_ROLES: Final = frozenset({"navigation", "banner", "contentinfo", "complementary", "search"})
_BODIES: Final = frozenset({"main", "article", "section", "li"})
"""A header in one of these is that of a part, not of the page."""
_LISTS: Final = frozenset({
    "about", "account", "archive", "archives", "author", "authors", "categories", "category",
    "contact", "help", "label", "login", "newsletter", "newsletters", "page", "people", "person",
    "privacy", "program", "programme", "programmes", "programs", "rss", "search", "section",
    "sections", "series", "shop", "show", "shows", "sitemap", "subscribe", "tag", "tagged", "tags",
    "terms", "theme", "themes", "topic", "topics", "user", "users", "z",
})  # fmt: skip
"""Segments of a path behind which a list or a service stands, unless a number or a date follows."""
_NUMBERED: Final = re.compile(r"\d{5}|/\d{4}/\d{1,2}/|/\d{4}-\d\d(?:-\d\d)?/")
_TITLED: Final = re.compile(r"[^\W\d_]+(?:[-_][^\W_]+){2,}")
_NO_PAGES: Final = frozenset({
    "css", "gif", "ics", "jpeg", "jpg", "js", "json", "m4a", "mp3", "mp4", "pdf", "png", "rss",
    "svg", "webp", "xml", "zip",
})  # fmt: skip


def is_story(address: urls.Address) -> bool:
    """Whether an address looks like that of one story."""
    path = address.path
    if urls.extension(path) in _NO_PAGES:
        return False
    *before, last = path.strip("/").lower().split("/")
    if _NUMBERED.search(path):
        return not _LISTS.intersection(before[-2:])
    return not _LISTS.intersection(before) and _TITLED.match(last) is not None


def stories(document: Document) -> tuple[str, ...]:
    """Addresses of the stories of its own site that a page leads to, in its order.

    None where the page is a story itself, by its own address or by what it says of itself.
    """
    own = urls.parse(document.url)
    if own is None or is_story(own):
        return ()
    text = decode(document).text
    if not is_html(text, document.content_type):
        return ()
    root = tree.parse(text).root
    if _says_article(root):
        return ()
    found = dict.fromkeys(_stories(root, own))
    return tuple(found)[:MOST]


def _says_article(root: Any) -> bool:
    kinds = (e.get("content") or "" for e in root.iter("meta") if e.get("property") == "og:type")
    return next(kinds, "").strip().lower() == "article"


def _stories(root: Any, own: urls.Address) -> Iterator[str]:
    base = next((e.get("href") for e in root.iter("base") if e.get("href")), None)
    start = urls.absolute(base, str(own)) or str(own)
    linked = ((link, urls.absolute(link.get("href"), start)) for link in root.iter("a"))
    likely = ((link, url) for link, url in linked if url and _is_theirs(url, own))
    yield from (url.partition("#")[0] for link, url in islice(likely, _LOOKED) if _in_body(link))


def _is_theirs(url: str, own: urls.Address) -> bool:
    address = urls.parse(url)
    return address is not None and _same_site(address, own) and is_story(address)


def _same_site(one: urls.Address, other: urls.Address) -> bool:
    return one.host.removeprefix("www.") == other.host.removeprefix("www.")


def _in_body(link: Any) -> bool:
    """Whether a link stands in what is the page's own, not in what is around it on every page."""
    for above in link.iterancestors():
        if above.get("role") in _ROLES or above.tag in _AROUND:
            return above.tag == "header" and any(e.tag in _BODIES for e in above.iterancestors())
    return True
