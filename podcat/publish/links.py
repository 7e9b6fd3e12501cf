"""Links of ours in the answers of the application: found, and written for files.

Only what our templates and renderers write is looked at, never what a document says: an address
of ours in somebody's text stays text, and one that leads outwards (`rel="noreferrer"`) is theirs.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial

from podcat.publish.places import LONGEST, Place, Places

# Texts and values are escaped, so that `<` begins a tag, `"` ends a value, and nothing else does.
_TAG = re.compile(r"<[a-z][^<>]*>", re.I)
_ADDRESS = re.compile(r'(\s(?:href|src|action|poster|data-(?:src|href|url|module))=")([^"]+)')
_FULL = ("<a ", "<link ", "<form ")
"""Where a full address can be ours, and not one that a document says."""
_CARD = re.compile(
    r'(<meta (?:property|name)="(?:og:url|og:image|twitter:player)" content=")([^"]+)'
)
_STATED = re.compile(r'("(?:url|webFeed|embedUrl)": )("(?:[^"\\]|\\.)*")')
_DATA = re.compile(r'(<script type="application/ld\+json">)(.*?)(</script>)', re.S)

_FEED_LINK = re.compile(r'(<atom:link href=")([^"]+)')
_OWN = re.compile(r'(href=\\?")([^"\\]+)(?=\\?"(?:&gt;|>)Notes and sources)')
_JSON_LINK = re.compile(
    r'(^ {2,4}"(?:feed_url|home_page_url|next_url|rss_url|about)": ")([^"]+)', re.M
)
_LOCATION = re.compile(r"(<loc>)([^<]+)")
_OUTLINE = re.compile(r'(\s(?:xmlUrl|htmlUrl)=")([^"]+)')

# From the root of the host; where that is not within the site, the page forgot its base address.
_ROOTED = re.compile(r"/(?!/)")


@dataclass(slots=True)
class Linked:
    """An answer as a file has it, and where it leads within the site."""

    text: str
    links: list[Place] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """Links of ours that no file can answer."""


class Linker:
    """Writes the links of answers anew. `kind` is a content type without its parameters."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._known: dict[str, Place | None] = {}
        # An address with a name that is cut, wherever it stands.
        self._long = re.compile(rf"""{re.escape(places.base)}(/[^\s"'<>&\\?#]{{{LONGEST},}})""")
        self._kinds: dict[str, Callable[[Linked], None]] = {
            "text/html": self._html,
            "application/rss+xml": partial(self._each, (_FEED_LINK, _OWN), full=False),
            "application/feed+json": partial(self._each, (_JSON_LINK, _OWN), full=False),
            "application/xml": partial(self._each, (_LOCATION,), full=True),
            "text/x-opml": partial(self._each, (_OUTLINE,), full=True),
        }

    @property
    def kinds(self) -> Collection[str]:
        """The content types in which links are looked for."""
        return self._kinds

    def linked(self, kind: str, text: str) -> Linked:
        """The answer with links to files; what is of another kind stays as it is."""
        found = Linked(text)
        if kind in self._kinds:
            self._kinds[kind](found)
        return found

    # ------------------------------------------------------------ pages

    def _html(self, found: Linked) -> None:
        found.text = _TAG.sub(lambda tag: self._tag(tag[0], found), found.text)
        found.text = _DATA.sub(lambda part: self._stated(part, found), found.text)

    def _tag(self, tag: str, found: Linked) -> str:
        if tag.startswith("<meta "):
            return _CARD.sub(lambda part: part[1] + self._written(part[2], found), tag)
        if '="/' in tag or self._places.base in tag:
            if 'rel="noreferrer"' in tag:
                return tag
            full = tag.startswith(_FULL)
            return _ADDRESS.sub(lambda p: p[1] + self._written(p[2], found, full=full), tag)
        return tag

    def _stated(self, part: re.Match[str], found: Linked) -> str:
        def written(pair: re.Match[str]) -> str:
            address = self._written(json.loads(pair[2]), found, plain=True)
            return pair[1] + json.dumps(address, ensure_ascii=False)

        return part[1] + _STATED.sub(written, part[2]) + part[3]

    # ------------------------------------------------------------ everything else

    def _each(self, patterns: tuple[re.Pattern[str], ...], found: Linked, *, full: bool) -> None:
        """Feeds say `full` false: theirs are as a server has them, but for those of their pages.

        So a feed does not change when its site moves to files, and hosts lead on to the slash.
        """
        if not full:
            found.text = self._long.sub(self._cut, found.text)
        for pattern in patterns:
            found.text = pattern.sub(
                lambda part: part[1] + self._written(part[2], found, slash=full), found.text
            )

    def _written(
        self,
        given: str,
        found: Linked,
        *,
        full: bool = True,
        plain: bool = False,
        slash: bool = True,
    ) -> str:
        """A link as it stands in a file: another address of ours, or what it was."""
        address = given if plain else html.unescape(given)
        if not full and not address.startswith("/"):
            return given
        rest = self._places.within(address) if not address.startswith("//") else None
        if rest is None and not _ROOTED.match(address):
            return given
        place = self._place(rest) if rest is not None else None
        if rest is None or place is None:
            found.broken.append(address)
            return given
        found.links.append(place)
        if not slash and place.path == f"{place.asked}/":
            return given
        start = self._places.prefix if address.startswith("/") else self._places.base
        hash_, fragment = rest.partition("#")[1:]
        written = f"{start}{place.path}{hash_}{fragment}"
        return written if plain else html.escape(written)

    def _cut(self, found: re.Match[str]) -> str:
        place = self._place(found[1])
        if place is None or place.path.rstrip("/") == found[1]:
            return found[0]
        return self._places.base + place.path

    def _place(self, rest: str) -> Place | None:
        if rest not in self._known:
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[rest] = self._places.of(rest)
        return self._known[rest]
