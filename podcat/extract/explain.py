"""Why a document gave what it gave: everything on it that looks like a player, with its verdict.

It reads the document a second time and only for those who ask, so that reading for the catalogue
pays nothing for it. What was taken is known from the page; `reasons` says why the rest was not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from podcat import urls
from podcat.extract import html_carriers, html_linked, json_ld, linked, microdata, tree
from podcat.extract.decode import decode
from podcat.extract.findings import one_file
from podcat.extract.kind import is_html
from podcat.extract.lines import URL, trimmed
from podcat.extract.reasons import SNIPPETS, is_player_like, reason
from podcat.extract.recording_node import AUDIO, FILMS
from podcat.extract.tree import Element, place
from podcat.model import Document, Page, Place
from podcat.providers import registry

_MOST = 2000
_COMMENT = re.compile(r"<!--(.*?)-->", re.S)
_ADDRESSED = (
    "src", "data-src", "data-lazy-src", "data-original", "data-lazyload", "data-url", "data",
    "data-embed-url",
)  # fmt: skip
_FILM = "a film, no sound"
_HIDDEN = "hidden in a "


@dataclass(frozen=True, slots=True)
class Sight:
    """Something that looks like a player, and what was made of it."""

    carrier: str
    """What holds it: `iframe`, `a`, `og:audio`, `json-ld AudioObject`, `comment`, `text`."""
    address: str | None
    place: Place
    recording: int | None
    """Which recording of the page it is, counted from 1; None for what was not taken."""
    verdict: str
    """Why it was taken or not, in words."""


Seen = tuple[str, str | None, Element, str | None]
"""(carrier, address, element, reason not to take it that is known beforehand)"""


@dataclass(slots=True)
class _Known:
    """The recordings of a page by what names them."""

    page: Page
    by_id: dict[tuple[str, str], int] = field(default_factory=dict)
    by_address: dict[str, int] = field(default_factory=dict)
    by_path: dict[str, int] = field(default_factory=dict)
    mentioned: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        for number, embed in enumerate(self.page.embeds, 1):
            if embed.id:
                self.by_id.setdefault((embed.provider, embed.id), number)
            for candidate in embed.candidates:
                if candidate.field in ("audio_url", "video_url", "player", "embed_url", "link"):
                    self._learn(candidate.value, number)
            if embed.place.path:
                self.by_path.setdefault(embed.place.path, number)

    def _learn(self, address: str, number: int) -> None:
        self.by_address.setdefault(one_file(address), number)
        match = registry().match(address)
        if match and match.id:
            self.by_id.setdefault((match.provider.key, match.id), number)

    def recording(self, address: str | None) -> int | None:
        """Which recording an address names."""
        match = registry().match(address, self.page.url)
        if match and match.id and (number := self.by_id.get((match.provider.key, match.id))):
            return number
        url = urls.absolute(address, self.page.url)
        number = self.by_address.get(one_file(url)) if url else None
        return number or (self.by_address.get(match.link) if match and match.link else None)

    def sight(self, carrier: str, url: str | None, where: Place, why: str | None) -> Sight:
        """What was made of something seen."""
        hidden = bool(why and why.startswith(_HIDDEN))
        number = None if hidden else self.recording(url)
        if url is None and not hidden:
            number = self.by_path.get(where.path or "")
        if number is None:
            return Sight(carrier, url, where, None, why or reason(url, carrier, self.page.url))
        again = number in self.mentioned
        self.mentioned.add(number)
        rule = self.page.embeds[number - 1].provenance.get("status", "")
        said = f"recording {number} again" if again else f"recording {number}, found by {rule}"
        return Sight(carrier, url, where, number, said)

    def unmentioned(self) -> Iterator[Sight]:
        """Recordings that no address named: markup of a player, lines of a text."""
        for number, embed in enumerate(self.page.embeds, 1):
            if number not in self.mentioned:
                rule = embed.provenance.get("status", "")
                said = f"recording {number}, found by {rule}"
                yield Sight("markup", embed.embed_url, embed.place, number, said)


# ---------------------------------------------------------------- what was seen


def _shown(element: Element, _: str | None) -> Iterator[Seen]:
    """The addresses of an element that shows something."""
    tag, film = str(element.tag), _FILM if element.tag in ("video", "amp-video") else None
    held = [v for n in _ADDRESSED if ((v := element.get(n)) and "//" in v) or (n == "src" and v)]
    for value in held:
        yield tag, value, element, film
    if not held and tag in ("iframe", "amp-iframe", "embed"):
        yield tag, None, element, None


def _linked(element: Element, base: str | None) -> Iterator[Seen]:
    for name in ("href", "src", "data-src", "value"):
        value = element.get(name)
        if value and is_player_like(value, base):
            yield str(element.tag), value, element, None


def _snippet(element: Element, base: str | None) -> Iterator[Seen]:
    text = element.get("value") or "".join(element.itertext())
    for seen in URL.finditer(text[: urls.LONGEST]):
        if is_player_like(address := trimmed(seen[0]), base):
            yield str(element.tag), address, element, None


_BY_TAG: dict[str, Callable[[Element, str | None], Iterator[Seen]]] = {
    **dict.fromkeys(("iframe", "amp-iframe", "frame", "embed", "object", "audio", "amp-audio",
                     "video", "amp-video", "source"), _shown),
    **dict.fromkeys(("a", "script", "param"), _linked),
    **dict.fromkeys(SNIPPETS, _snippet),
}  # fmt: skip


def _elements(root: Element, base: str | None) -> Iterator[Seen]:
    for element in root.iter():
        if handler := _BY_TAG.get(element.tag):
            yield from handler(element, base)
        if isinstance(element.tag, str):
            for attribute, address, _ in html_carriers.named(element):
                yield attribute, address, element, None


def _cards(root: Element) -> Iterator[Seen]:
    names = {*html_linked.CARD_FILES, *html_linked.CARD_PLAYERS}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        if name in names:
            film = _FILM if name.startswith("og:video") else None
            yield name, (meta.get("content") or "").strip() or None, meta, film
    for link in html_linked.oembed_links(root.iter("link")):
        match, why = html_linked.oembed_target(link.get("href"), None)
        yield "oembed link", match.given if match else link.get("href"), link, why or None


def _nodes(root: Element) -> Iterator[Seen]:
    """The nodes of schema.org, each with the address that it holds or why it holds none."""
    for data, found in (
        ("json-ld", json_ld.read(root.iter("script"))),
        ("microdata", microdata.read(root)),
    ):
        for node, element in found:
            yield from _node(data, node, element, set())


def _node(data: str, node: linked.Node, element: Element, seen: set[int]) -> Iterator[Seen]:
    if id(node) in seen or len(seen) > _MOST:
        return
    seen.add(id(node))
    kinds = linked.kinds(node)
    carrier = f"{data} {' '.join(sorted(kinds)) or 'node'}"
    addresses = [u for k in ("embedUrl", "contentUrl") if (u := linked.text(node.get(k)))]
    for url in addresses:
        yield carrier, url, element, _FILM if kinds & FILMS else None
    if not addresses and kinds & (AUDIO | FILMS):
        page = linked.text(node.get("url"))
        yield carrier, page, element, "describes a recording, but not where it can be heard"
    elif not addresses and len(seen) == 1:
        yield carrier, None, element, "describes something that is no recording"
    for value in node.values():
        for inner in linked.nodes(value):
            yield from _node(data, inner, element, seen)


def _in_html(text: str, known: _Known) -> Iterator[Sight]:
    root = tree.parse(text).root
    for carrier, url, element, why in (
        *_cards(root), *_nodes(root), *_elements(root, known.page.url),
    ):  # fmt: skip
        inside = next(element.iterancestors("template"), None)
        hidden = None if inside is None else f"{_HIDDEN}{inside.tag}"
        yield known.sight(carrier, url, place(element)(), hidden or why)
    for comment in _COMMENT.finditer(text):
        line = text.count("\n", 0, comment.start()) + 1
        for seen in URL.finditer(comment[1]):
            if registry().match(address := trimmed(seen[0])):
                yield Sight("comment", address, Place(line), None, f"{_HIDDEN}comment")


def _in_text(text: str, known: _Known) -> Iterator[Sight]:
    for line, words in enumerate(text.splitlines(), 1):
        for seen in URL.finditer(words) if "//" in words else ():
            if is_player_like(address := trimmed(seen[0]), known.page.url):
                yield known.sight("text", address, Place(line), None)


def explain(document: Document, page: Page) -> tuple[Sight, ...]:
    """What on a document looks like a player, by its place, with what was made of it.

    `page` is what `extract` gave for the document.
    """
    decoded, known = decode(document), _Known(page)
    read = _in_html if is_html(decoded.text, document.content_type) else _in_text
    sights = [sight for _, sight in zip(range(_MOST), read(decoded.text, known), strict=False)]
    sights += known.unmentioned()
    return tuple(sorted(sights, key=lambda sight: sight.place.line or 0))
