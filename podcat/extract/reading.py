"""The state of one walk over a page, and what its handlers ask of an element."""

from __future__ import annotations

from dataclasses import dataclass, field

from podcat.extract import stock
from podcat.extract.findings import Finding, Findings
from podcat.extract.tree import Element, place, words
from podcat.providers import Match, registry

_LAZY = ("src", "data-src", "data-lazy-src", "data-original", "data-lazyload", "data-url")
# Attributes in which an address is not what the element shows.
_OTHER = frozenset({"srcdoc", "style", "title", "alt", "class", "longdesc", "cite", "poster"})


@dataclass(slots=True)
class Reading:
    """The state of one walk over a page."""

    findings: Findings
    base: str | None
    """What relative addresses are relative to."""
    host: str | None
    """The page's own host."""
    itself: Match | None = None
    """The recording whose own page or player this is."""
    headings: list[Element] = field(default_factory=list)
    """The headings above that have titled nothing yet."""
    player: tuple[Finding, Element] | None = None
    """The player shown last, with its element."""
    pangea: list[Finding] = field(default_factory=list)
    based: bool = False
    """Whether the page has said what they are relative to."""
    scripted: bool = True
    """Whether links may call NPR's player of the 2000s."""

    def titled(self, finding: Finding, rule: str = "html/heading-above") -> None:
        """Gives a recording without a title the heading above; a heading titles one."""
        if finding.value("title") is None and self.headings:
            said = (words(heading) for heading in reversed(self.headings))
            telling = (text for text in said if text and not stock.is_label(text))
            finding.propose("title", next(telling, None), rule)
            self.headings.clear()

    def match(self, url: str | None, element: Element) -> Match | None:
        """The recording that an address names; one that fails to name any is noted."""
        known = registry()
        if not url or known.is_foreign(url):
            return None
        match = known.match(url, self.base)
        if match is None:
            self.findings.refuse(url, self.base, place(element))
        return match

    def shown(self, element: Element) -> str | None:
        """The address an element shows: of its lazy attributes the one that names a player."""
        given = [url for name in _LAZY if (url := (element.get(name) or "").strip())]
        given = [url for url in given if not url.startswith(("about:", "data:", "javascript:"))]
        players = (url for url in given if registry().match(url, self.base))
        shown = next(players, None) or self._held(element, bool(given))
        return shown or (given[0] if given else None)

    def _held(self, element: Element, is_other: bool) -> str | None:
        """A player in whatever attribute a consent tool or a lazy loader has put it.

        Beside another address that the element shows, a recording's page is no player.
        """
        for name, text in element.items():
            if "//" in text and name not in _OTHER:
                match = registry().match(text.strip(), self.base)
                if match and not (is_other and match.form == "page"):
                    return str(text)
        return None


def caption(element: Element) -> str | None:
    """The words below a figure, or on the fold that hides a player."""
    for around in element.iterancestors("figure", "details"):
        return words(around.find(".//figcaption" if around.tag == "figure" else "summary"))
    return None
