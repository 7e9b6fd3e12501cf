"""Which values of a page are those of its recording, when it has just one.

A page that is about a recording, because it is its page or says so, says of it what it says of
itself. A page that only carries one lends it the headline at most: its date, its picture and its
words are the article's, and what the recording's are stays unknown.
"""

from __future__ import annotations

from podcat.extract import html_linked, html_npr, html_pangea
from podcat.extract.findings import Finding
from podcat.extract.html_meta import Meta
from podcat.model import Person
from podcat.providers import Match

# Field of a recording to the page's.
_OWN = {
    "published": "published", "description": "description", "title": "title",
    "language": "language", "programme": "programme", "image_url": "image",
    "image_caption": "image_caption", "image_credit": "image_credit",
}  # fmt: skip
_HEADLINE_FAMILIES = html_npr.FAMILY + html_pangea.FAMILY


def _all(finding: Finding, meta: Meta) -> None:
    """On the page of one recording, what the page says of itself says it of the recording."""
    for name, own in _OWN.items():
        finding.propose(name, getattr(meta, own), meta.rules.get(own, "page/meta"))
    if not finding.people:
        authors = [Person(name, "author") for name in meta.authors]
        finding.credit(authors, meta.rules.get("authors", "page/meta"))


def _headline(finding: Finding, meta: Meta) -> None:
    """The page's headline; not its <title>, which carries the site's name."""
    rule = meta.rules.get("title")
    if rule and rule != "page/title":
        finding.propose("title", meta.title, rule)


def settle(
    found: list[Finding], meta: Meta, itself: Match | None, part: tuple[int, Finding | None]
) -> None:
    """Gives the one recording of a page what the page says of it.

    `itself` is the recording whose own page this is by its address, `part` the one that the
    page's data name and how (see `html_linked.read`).
    """
    if len(found) != 1:
        return
    only = found[0]
    is_itself = itself is not None and (itself.provider.key, itself.id) == (only.provider, only.id)
    how = part[0] if part[1] is only else html_linked.BESIDE
    if is_itself or how == html_linked.ABOUT:
        _all(only, meta)
    if how == html_linked.NAMED or only.provider in _HEADLINE_FAMILIES:
        _headline(only, meta)
