"""What an HTML page says of itself: in JSON-LD, microdata, meta elements, and its own markup.

The best source of a field counts: data about the page's main thing, then what it tells networks,
then its markup. What the others say is kept beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from podcat import urls
from podcat.extract import html_cards, html_parts, html_picture, json_ld, linked, microdata
from podcat.extract.html_cards import Cards
from podcat.extract.html_parts import Parts
from podcat.extract.linked import Node
from podcat.extract.tree import Element, words
from podcat.model import Candidate, Page
from podcat.text import clean, parse_date

# What a node must be to speak for its page: a work first, then a recording, then the page.
_WORK = re.compile(r"\w*Article|\w*Posting|Report|\w*Episode")
_RECORDING = re.compile(r"(?:Audio|Video)Object")
_PAGE = re.compile(r"\w*Page")

_TOP = 5000
_PUB_DATETIME = re.compile(r"pub_datetime\s*:\s*\"([^\"]{10,40})\"")
_LONGEST_SCRIPT = 200_000
_MOST_TAGS = 30
_DEEPEST = 3  # an episode, of a season, of a series
_MENUS = ("nav", "header", "footer", "aside")
# What a byline's markup holds to how it is found.
_BYLINES = {
    "byline__name": etree.XPath("//*[contains(@class, 'byline__name')]"),
    "links__item": etree.XPath("//*[contains(@class, 'links__item')][contains(., 'By ')]/a"),
}

# Field of a page to the one here.
_PAGE_FIELDS = {
    "url": "url", "title": "title", "published": "published", "byline": "byline",
    "language": "language", "tags": "tags", "modified": "modified", "description": "description",
    "image_url": "image", "image_caption": "image_caption", "image_credit": "image_credit",
    "site_name": "site_name", "programme": "programme",
}  # fmt: skip


@dataclass(slots=True)
class Meta:
    """What was found, best source first, with the rule that gave it."""

    url: str | None = None
    title: str | None = None
    published: str | None = None
    modified: str | None = None
    byline: str | None = None
    language: str | None = None
    description: str | None = None
    image: str | None = None
    image_caption: str | None = None
    image_credit: str | None = None
    site_name: str | None = None
    programme: str | None = None
    stream: str | None = None
    """A media file that the page names for players of cards."""
    stream_kind: str = "audio"
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    rules: dict[str, str] = field(default_factory=dict)
    candidates: list[Candidate] = field(default_factory=list)
    """Every value proposed, the chosen ones among them."""
    parts: Parts = field(default_factory=Parts)
    cards: Cards = field(default_factory=dict)
    nodes: list[tuple[Node, Element, str]] = field(default_factory=list)
    """Top nodes of JSON-LD, then of microdata, with element and kind of data."""
    main: Node | None = None
    """The node that the page is about, if one says so."""

    def take(self, name: str, value: Any, rule: str) -> None:
        """Fills a field that is still empty; another value is kept beside it."""
        if not value:
            return
        self.candidates.append(Candidate(name, value, rule))
        if not getattr(self, name):
            setattr(self, name, value)
            self.rules[name] = rule

    def page(self, **settled: Any) -> Page:
        """The page of these values, with what is `settled` besides: embeds, damage."""
        values = {name: getattr(self, own) for name, own in _PAGE_FIELDS.items()}
        named = {own: name for name, own in _PAGE_FIELDS.items()}
        rules = {named[own]: rule for own, rule in self.rules.items() if own in named}
        stated = (replace(c, field=named[c.field]) for c in self.candidates if c.field in named)
        return Page(
            **values,
            **settled,
            site=urls.site_of(self.url),
            form="html",
            provenance=rules,
            candidates=tuple(stated),
        )


# ---------------------------------------------------------------- nodes


def _rank(node: Node) -> int | None:
    forms = (_WORK, _RECORDING, _PAGE)
    kinds = linked.kinds(node)
    return next((n for n, form in enumerate(forms) if any(map(form.fullmatch, kinds))), None)


def _own_address(node: Node, base: str | None) -> str | None:
    """The page that a node says it is on."""
    for key in ("mainEntityOfPage", "url"):
        if (said := linked.address(node.get(key), base)) and urls.page_key(said):
            return said
    return None


def _main(nodes: list[Node], page: str | None) -> list[Node]:
    """The nodes that speak for the page, best first: of several works the one with its address."""
    ranked = sorted(((r, n) for n in nodes if (r := _rank(n)) is not None), key=lambda x: x[0])
    works = [n for r, n in ranked if r == 0]
    if len(works) > 1:
        stated = [(n, urls.page_key(_own_address(n, page))) for n in works]
        own = [n for n, key in stated if key and key == urls.page_key(page)]
        works = (own or [n for n, key in stated if not key])[:1]
        if not works and len({key for _, key in stated}) == 1:
            works = [stated[0][0]]
    return works + [n for r, n in ranked if r == 1][:1] + [n for r, n in ranked if r == 2][:2]


def _entities(node: Node) -> Iterator[Node]:
    """A node, and what it says it is chiefly about."""
    yield node
    yield from (n for n in linked.nodes(node.get("mainEntity")) if _rank(n) is not None)


def _from_node(meta: Meta, node: Node, rule: str) -> None:
    if _rank(node) != 2:  # a page's name is mostly its <title>
        meta.take("title", linked.text(node.get("headline")) or linked.text(node.get("name")), rule)
    for name, key in (("published", "datePublished"), ("published", "uploadDate"),
                      ("modified", "dateModified")):  # fmt: skip
        meta.take(name, parse_date(linked.text(node.get(key))), rule)
    for key in ("author", "creator"):
        meta.take("authors", linked.names(node.get(key)), rule)
    meta.take("language", linked.language(node.get("inLanguage")), rule)
    meta.take("description", linked.text(node.get("description")), rule)
    for name, value in html_picture.of_node(node, meta.url).items():
        meta.take(name, value, rule)
    meta.take("site_name", linked.name(node.get("publisher")), rule)
    meta.take("programme", programme(node), rule)
    if _rank(node) != 2:
        meta.take("tags", linked.words(node.get("keywords")), rule)


def programme(node: Node, depth: int = 0) -> str | None:
    """The programme that a work is part of."""
    if depth > _DEEPEST:
        return None
    for key in ("partOfSeries", "isPartOf", "partOfSeason"):
        for whole in linked.nodes(node.get(key)):
            kinds = linked.kinds(whole)
            if key == "partOfSeries" or any(k.endswith("Series") for k in kinds):
                return linked.name(whole)
            if any(k.endswith("Season") for k in kinds):
                return programme(whole, depth + 1)
    return linked.text(node.get("partOfSeries"))


def _may_hold_items(text: str | None) -> bool:
    """Whether a page may have microdata; only pages in capitals are searched for them twice."""
    if text is None or "itemscope" in text:
        return True
    top = text[:_TOP]
    return ("<HTML" in top or "<HEAD" in top) and "ITEMSCOPE" in text


def _from_nodes(root: Element, meta: Meta, text: str | None) -> list[tuple[Node, str]]:
    """Takes what works and pages say; returns the nodes of bare recordings, with their rule."""
    recordings = []
    items = microdata.read(root) if _may_hold_items(text) else []
    for rule, found in (("json-ld", json_ld.read(meta.parts.script)), ("microdata", items)):
        tops = [node for top, _ in found for node in _entities(top)]
        chosen = _main(tops, meta.url)
        if meta.main is None and chosen and _rank(chosen[0]) != 2:
            meta.main = chosen[0]
        for node in chosen:
            if _rank(node) == 1:
                recordings.append((node, f"page/{rule}"))
            else:
                _from_node(meta, node, f"page/{rule}")
        meta.nodes += [(node, element, rule) for node, element in found]
    return recordings


# ---------------------------------------------------------------- meta elements


def _read_card(name: str, said: list[str], base: str | None) -> Any:
    """What a meta element says, in the form of its field; None where it says no such thing."""
    if name in ("published", "modified"):
        return parse_date(said[0])
    if name == "image":
        return urls.absolute(said[0], base)
    if name == "language":
        return linked.language(said[0])
    if name == "tags":
        return linked.words(said if len(said) > 1 else said[0])
    if name == "authors":
        return linked.names(said)
    return said[0]


def _from_cards(meta: Meta) -> None:
    for name in html_cards.SOURCES:
        for key, said in html_cards.values(meta.cards, name):
            meta.take(name, _read_card(name, said, meta.url), f"page/{key}")


def _stream(meta: Meta) -> None:
    said = html_cards.first(meta.cards, "twitter:player:stream:content_type") or ""
    kind = said.partition("/")[0]
    stream = urls.absolute(html_cards.first(meta.cards, "twitter:player:stream"), meta.url)
    if stream and not stream.partition("?")[0].endswith(".m3u8") and kind in ("audio", "video"):
        meta.stream, meta.stream_kind = stream, kind


# ---------------------------------------------------------------- own markup


def _is_stamp(element: Element) -> bool:
    return element.get("pubdate") is not None or "date" in (element.getparent().get("class") or "")


def _from_scripts(meta: Meta) -> None:
    """The object that Pangea's pages hand to their analytics."""
    for script in meta.parts.script:
        held = script.text
        if not held or "pub_datetime" not in held:
            continue
        if stamp := _PUB_DATETIME.search(held, 0, _LONGEST_SCRIPT):
            meta.take("published", parse_date(stamp[1]), "page/script-pub-datetime")
            return


def _stamps(root: Element, meta: Meta) -> None:
    """A time element, where nothing as exact was said so far."""
    if meta.published and len(meta.published) > 10:
        return
    first = next((t for t in root.iter("time") if t.get("datetime") and _is_stamp(t)), None)
    exact = parse_date(first.get("datetime")) if first is not None else None
    if not exact:
        return
    meta.candidates.append(Candidate("published", exact, "page/time"))
    known = meta.published
    if not known or (len(known) == 10 and exact.startswith(known)):
        meta.published, meta.rules["published"] = exact, "page/time"


def _said_by(elements: list[Element]) -> tuple[str, ...]:
    said = (words(e) for e in elements)
    return tuple(dict.fromkeys(linked.unsigned(name) for name in said if name))


def _authors(root: Element, meta: Meta, text: str | None) -> None:
    meta.take("authors", _said_by(meta.parts.authors), "page/author-link")
    for mark, find in _BYLINES.items():
        if not meta.authors and (text is None or mark in text):
            meta.take("authors", _said_by(find(root)), "page/author-link")


def _tags(meta: Meta) -> None:
    """The links to the page's subjects; the same in a menu are the site's."""
    own = (a for a in meta.parts.tags if next(a.iterancestors(*_MENUS), None) is None)
    found = tuple(dict.fromkeys(t for a in own if (t := words(a)) and len(t) <= 80))
    meta.take("tags", found if len(found) <= _MOST_TAGS else (), "page/tag-links")


def _html_language(root: Element, meta: Meta) -> None:
    stated = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    meta.take("language", linked.language(clean(stated)), "page/html-lang")


# ---------------------------------------------------------------- the page


def _stated_url(meta: Meta) -> str | None:
    for link in meta.parts.link:
        if "canonical" in (link.get("rel") or "").lower().split():
            return urls.absolute(link.get("href"))
    return None


def _settle_language(meta: Meta) -> None:
    """Templates say `en` on pages in other scripts: the title's letters tell."""
    letters = [c for c in meta.title or "" if c.isalpha()]
    foreign = sum(1 for c in letters if ord(c) > 0x24F) > len(letters) / 2
    stated = [c for c in meta.candidates if c.field == "language"]
    fitting = [c for c in stated if not (foreign and c.value.lower().startswith("en"))]
    meta.language = fitting[0].value.replace("_", "-") if fitting else None
    meta.rules.pop("language", None)
    if fitting:
        meta.rules["language"] = fitting[0].rule


def read(root: Element, url: str | None, text: str | None = None) -> Meta:
    """The page's own words on itself. `url` is where it came from, if known.

    With `text`, the page's source, rules for markup that it does not hold are spared.
    """
    parts = html_parts.collect(root)
    meta = Meta(parts=parts, cards=html_cards.read(parts.meta))
    meta.take("url", urls.absolute(url), "page/url")
    meta.take("url", _stated_url(meta), "page/canonical")
    meta.take("url", urls.absolute(html_cards.first(meta.cards, "og:url")), "page/og:url")
    _tags(meta)
    recordings = _from_nodes(root, meta, text)
    _from_cards(meta)
    _stream(meta)
    _from_scripts(meta)
    meta.take("title", words(next(iter(parts.h1), None)), "page/h1")
    for node, rule in recordings:
        _from_node(meta, node, rule)
    meta.take("title", words(next(iter(parts.title), None)), "page/title")
    _stamps(root, meta)
    _authors(root, meta, text)
    _html_language(root, meta)
    for name, value in html_picture.in_figure(parts.figure, meta.image).items():
        meta.take(name, value, "page/figure")
    meta.take("byline", ", ".join(meta.authors), meta.rules.get("authors", "page/author-link"))
    _settle_language(meta)
    return meta
