"""What an HTML page says of itself: in JSON-LD, meta elements, and its own markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from podcat import urls
from podcat.extract.tree import Element, json_at, words
from podcat.text import clean, parse_date

_ARTICLES = re.compile(
    r"(?:\w*Article|\w*Posting|PodcastEpisode|RadioEpisode|Episode|AudioObject|Report)$"
)
_DEEPEST = 8
_PUB_DATETIME = re.compile(r"\bpub_datetime\s*:\s*\"([^\"]{10,40})\"")
_LONGEST_SCRIPT = 200_000


@dataclass(slots=True)
class Meta:
    """What was found, best source first, with the rule that gave it."""

    url: str | None = None
    title: str | None = None
    published: str | None = None
    byline: str | None = None
    language: str | None = None
    description: str | None = None
    image: str | None = None
    stream: str | None = None
    """A media file that the page names for players of cards."""
    stream_kind: str = "audio"
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    rules: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, value: Any, rule: str) -> None:
        """Fills a field that is still empty."""
        if value and not getattr(self, name):
            setattr(self, name, value)
            self.rules[name] = rule


def _nodes(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        yield from _nodes(value.get("@graph"), depth + 1)


def json_ld(root: Element) -> Iterator[dict[str, Any]]:
    """The top nodes of the page's JSON-LD, in order."""
    for script in root.iterfind(".//script[@type='application/ld+json']"):
        yield from _nodes(json_at(script.text))


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return clean(value) if isinstance(value, str) else None


def names(value: Any) -> tuple[str, ...]:
    """The names in a JSON-LD author: a text, a node, or lists of either."""
    if isinstance(value, str):
        name = clean(value)
        return (name,) if name and not name.startswith(("http:", "https:")) else ()
    if isinstance(value, list):
        return tuple(name for item in value for name in names(item))
    return names(value.get("name")) if isinstance(value, dict) else ()


def _from_json_ld(root: Element, meta: Meta) -> None:
    for node in json_ld(root):
        kinds = node.get("@type")
        if not any(
            _ARTICLES.match(k)
            for k in (kinds if isinstance(kinds, list) else [kinds])
            if isinstance(k, str)
        ):
            continue
        rule = "page/json-ld"
        meta.take("title", _text(node.get("headline")) or _text(node.get("name")), rule)
        meta.take("published", parse_date(_text(node.get("datePublished"))), rule)
        meta.take("authors", names(node.get("author")), rule)
        meta.take("language", _text(node.get("inLanguage")), rule)
        meta.take("description", _text(node.get("description")), rule)
        image = node.get("image")
        image = image[0] if isinstance(image, list) and image else image
        image = image.get("url") if isinstance(image, dict) else image
        meta.take("image", urls.absolute(_text(image)), rule)


# Meta element (name or property) to field; the first that is there counts.
_META = (
    ("title", "og:title"), ("title", "twitter:title"),
    ("published", "article:published_time"), ("published", "og:article:published_time"),
    ("published", "date"), ("published", "dc.date"), ("published", "pubdate"),
    ("byline", "author"), ("byline", "article:author"),
    ("language", "og:locale"),
    ("description", "og:description"), ("description", "description"),
    ("image", "og:image"), ("image", "twitter:image"),
)  # fmt: skip


def _from_meta(root: Element, meta: Meta, base: str | None) -> None:
    said: dict[str, str] = {}
    for element in root.iter("meta"):
        key = (element.get("property") or element.get("name") or "").strip().lower()
        if content := clean(element.get("content")):
            said.setdefault(key, content)
    for name, key in _META:
        value: str | None = said.get(key)
        if name == "published":
            value = parse_date(value)
        elif name == "image":
            value = urls.absolute(value, base)
        elif name == "byline" and value and "://" in value:
            value = None
        meta.take(name, value, f"page/{key}")
    _stream(meta, said, base)


def _stream(meta: Meta, said: dict[str, str], base: str | None) -> None:
    kind = said.get("twitter:player:stream:content_type", "").partition("/")[0]
    stream = urls.absolute(said.get("twitter:player:stream"), base)
    if stream and not stream.partition("?")[0].endswith(".m3u8") and kind in ("audio", "video"):
        meta.stream, meta.stream_kind = stream, kind


def _is_stamp(element: Element) -> bool:
    return element.get("pubdate") is not None or "date" in (element.getparent().get("class") or "")


def _from_scripts(root: Element, meta: Meta) -> None:
    """The object that Pangea's pages hand to their analytics."""
    for script in root.iter("script"):
        if stamp := _PUB_DATETIME.search((script.text or "")[:_LONGEST_SCRIPT]):
            meta.take("published", parse_date(stamp[1]), "page/script-pub-datetime")
            return


def _from_markup(root: Element, meta: Meta) -> None:
    heading = root.find(".//h1")
    meta.take("title", words(heading), "page/h1")
    title = root.find(".//title")
    meta.take("title", words(title), "page/title")
    stamps = [t for t in root.iter("time") if t.get("datetime") and _is_stamp(t)]
    if stamps and (not meta.published or len(meta.published) == 10):
        exact = parse_date(stamps[0].get("datetime"))
        if exact and (not meta.published or exact.startswith(meta.published)):
            meta.published, meta.rules["published"] = exact, "page/time"
    authors = [
        words(a) for a in root.xpath("//a[@rel='author'] | //*[contains(@class, 'byline__name')]")
    ]
    meta.take("authors", tuple(dict.fromkeys(a for a in authors if a)), "page/author-link")
    by = [
        words(a) for a in root.xpath("//*[contains(@class, 'links__item')][contains(., 'By ')]/a")
    ]
    meta.take("authors", tuple(dict.fromkeys(a for a in by if a)), "page/author-link")
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    meta.take("language", clean(language), "page/html-lang")
    tags = root.xpath("//a[@rel='tag'] | //a[contains(concat(' ', @class, ' '), ' tag ')]")
    meta.tags = tuple(dict.fromkeys(t for a in tags if (t := words(a)) and len(t) <= 80))


def _stated_url(root: Element) -> str | None:
    for link in root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return urls.absolute(link.get("href"))
    found = root.xpath("//meta[@property='og:url']/@content")
    return urls.absolute(found[0]) if found else None


def _wrong_language(meta: Meta) -> bool:
    """Templates say `en` on pages in other scripts: the title's letters tell."""
    letters = [c for c in meta.title or "" if c.isalpha()]
    foreign = sum(1 for c in letters if ord(c) > 0x24F)
    return (meta.language or "").lower().startswith("en") and foreign > len(letters) / 2


def read(root: Element, url: str | None) -> Meta:
    """The page's own words on itself. `url` is where it came from, if known."""
    meta = Meta()
    canonical = _stated_url(root)
    meta.take("url", urls.absolute(url), "page/url")
    meta.take("url", canonical, "page/canonical")
    base = meta.url
    _from_json_ld(root, meta)
    _from_meta(root, meta, base)
    _from_scripts(root, meta)
    _from_markup(root, meta)
    meta.take("byline", ", ".join(meta.authors), meta.rules.get("authors", "page/author-link"))
    if _wrong_language(meta):
        meta.language = None
    elif meta.language:
        meta.language = meta.language.replace("_", "-")
    return meta
