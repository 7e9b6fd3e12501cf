"""Feeds of others (RSS, Atom, JSON Feed) as pages with embeds, and OPML as a list of feeds.

Names of elements are compared without their namespaces and prefixes: feeds use both as they like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any, Final

from lxml import etree, html

from podcat import text, urls
from podcat.errors import SourceError
from podcat.extract import json_feed
from podcat.extract.said import LONGEST, Said
from podcat.model import Document, Embed, Page, Person, Place
from podcat.providers import Match, registry

RULE: Final = "html/feed"
_BEGIN: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,99}(?:<\?xml[^>]{0,500}>)?"
    rb"(?:\s{0,99}<[!?][^>]{0,2000}>){0,9}\s{0,99}<(?:\w{1,20}:)?(?:rss|feed|rdf)[\s>]", re.I,
)  # fmt: skip
_ITEMS: Final = ("item", "entry")
_MOST_ITEMS: Final = 50_000
_MOST_FEEDS: Final = 10_000
_FORMS = ("vtt", "subrip", "srt", "json")
_ADVICE: Final = "give an RSS, Atom or JSON feed, OPML, or what podcat export wrote"

Feeds = tuple[tuple[str, str], ...]
"""Title and address of each feed in OPML."""


def is_feed(data: bytes) -> bool:
    """Whether bytes are a feed, by their first element or the version that JSON Feed states."""
    return _BEGIN.match(data) is not None or json_feed.is_feed(data)


def read(document: Document) -> Page | Feeds:
    """The feed that a document is, or the feeds that it lists. Raises SourceError.

    Entities are not resolved, nothing is fetched, and broken markup is read as far as it goes.
    """
    if not json_feed.is_feed(document.data):
        root = _parsed(document)
        if _name(root) == "opml":
            return _outlines(root)
    return _page(document, *_opened(document))


def links(document: Document) -> Iterator[tuple[str, int | None]]:
    """The page of every item of a feed, with its line; nothing for what is no feed."""
    try:
        _, items = _opened(document)
    except SourceError:
        return
    for said in items:
        yield from ((url, said.line) for url in _links(said, "alternate")[:1])


def following(document: Document) -> str | None:
    """The address of a feed's next page (RFC 5005; `next_url`): older items."""
    try:
        channel, _ = _opened(document)
    except SourceError:
        return None
    found = (*_links(channel, "next"), *_links(channel, "prev-archive"))
    return next(iter(found), None)


def entries(document: Document) -> Iterator[tuple[str | None, Embed]]:
    """The recordings of a feed, each with the guid of its item. Raises SourceError."""
    channel, items = _opened(document)
    title, language = text.clean(channel.first("title")), text.clean(channel.first("language"))
    for said in items:
        if embed := _embed(said, title, language):
            yield said.first("guid", "id"), embed


def _opened(document: Document) -> tuple[Said, Iterator[Said]]:
    """What a feed says of itself, and of its items. Raises SourceError."""
    if json_feed.is_feed(document.data):
        feed = json_feed.parsed(document.data)
        if feed is None:
            raise SourceError(document.name, "is no feed", _ADVICE)
        return json_feed.channel(feed), islice(json_feed.items(feed, document.data), _MOST_ITEMS)
    root = _parsed(document)
    if _name(root) not in ("rss", "rdf", "feed"):
        raise SourceError(document.name, "is no feed", _ADVICE)
    channel = next((child for child in root if _name(child) == "channel"), root)
    return _said_of_channel(channel), islice(map(_said, _items(root)), _MOST_ITEMS)


def _items(root: Any) -> Iterator[Any]:
    """The items of a feed; one inside another is part of that: each is read with all it holds."""
    for element in root.iter():
        if _name(element) in _ITEMS and not any(
            _name(each) in _ITEMS for each in element.iterancestors()
        ):
            yield element


def _parsed(document: Document) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        attribute_defaults=False, huge_tree=False, recover=True, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(document.data.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise SourceError(document.name, "is no feed", _ADVICE)
    return root


def _name(element: Any) -> str:
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _outlines(root: Any) -> Feeds:
    found: dict[str, str] = {}
    for element in root.iter():
        if _name(element) == "outline" and len(found) < _MOST_FEEDS:
            own = {name.lower(): value for name, value in element.attrib.items()}
            url = urls.absolute(own.get("xmlurl")) if "//" in own.get("xmlurl", "") else None
            if url:
                found.setdefault(url, text.clean(own.get("title") or own.get("text")) or "")
    return tuple((title, url) for url, title in found.items())


# ---------------------------------------------------------------- channel


def _said(element: Any) -> Said:
    found = Said(line=element.sourceline)
    for child in _children(element):
        name = _name(child)
        words = "".join(child.itertext())[:LONGEST].strip()
        found.texts.setdefault(name, words)
        own = {_local(key): value for key, value in child.attrib.items()}
        found.attributes.setdefault(name, []).append(own | {"": words})
    return found


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()


def _children(element: Any) -> Iterator[Any]:
    for child in element.iterchildren("*"):  # an entity that nobody knows is a child, too
        if _name(child) in ("group", "author") and len(child):
            yield from child.iterchildren("*")
        yield child


def _page(document: Document, said: Said, items: Iterable[Said]) -> Page:
    own = _links(said, "self")
    url = urls.absolute(document.url) or next(iter(own), None)
    title = text.clean(said.first("title"))
    language = text.clean(said.first("language"))
    embeds = tuple(e for e in (_embed(item, title, language) for item in items) if e)
    return Page(
        url=url, site=urls.site_of(url), title=title, language=language, form="feed",
        embeds=embeds, provenance={"title": RULE} if title else {},
    )  # fmt: skip


def _said_of_channel(channel: Any) -> Said:
    found = Said(line=channel.sourceline)
    for child in channel.iterchildren("*"):
        if _name(child) not in _ITEMS:
            words = "".join(child.itertext())[:LONGEST].strip()
            found.texts.setdefault(_name(child), words)
            own = {_local(key): value for key, value in child.attrib.items()}
            found.attributes.setdefault(_name(child), []).append(own | {"": words})
    return found


# ---------------------------------------------------------------- items


def _embed(said: Said, programme: str | None, language: str | None) -> Embed | None:
    """The recording of an item; None for one without any."""
    files = _files(said)
    pages = [*_players(said), *_links(said, "alternate")]
    match = _recognised((*pages, *files))
    if match is None and not files:
        return None
    values = _values(said, programme, language) | _addresses(said, match, files, pages)
    stated = {name: value for name, value in values.items() if value}
    provider, number = (match.provider.key, match.id) if match else ("audio-file", None)
    rules = dict.fromkeys(("provider", "status", *(["id"] if number else []), *stated), RULE)
    return Embed(provider, Place(said.line), id=number, provenance=rules, **stated)


def _recognised(addresses: Iterable[str]) -> Match | None:
    """The first address that a provider other than a bare file's knows as a recording."""
    for url in addresses:
        match = registry().match(url)
        if match and match.id and match.is_recording:
            return match
    return None


def _values(said: Said, programme: str | None, language: str | None) -> dict[str, Any]:
    long = said.first("encoded", "description", "content", "summary", "subtitle")
    return {
        "title": text.clean(said.first("title")),
        "description": _plain(long),
        "programme": programme,
        "language": text.clean(said.first("language")) or language,
        "duration": text.parse_duration(said.first("duration")),
        "published": _moment(said.first("pubdate", "published", "date", "updated")),
        "people": tuple(_people(said)),
        "tags": tuple(dict.fromkeys(_tags(said))),
    }


def _moment(stated: str | None) -> str | None:
    """A date with its time: RSS writes it as mail does, Atom as ISO 8601."""
    try:
        return parsedate_to_datetime(stated or "").isoformat()
    except (ValueError, TypeError, OverflowError):
        return text.parse_date(stated)


def _addresses(
    said: Said, match: Match | None, files: list[str], pages: list[str]
) -> dict[str, Any]:
    video = {e.get("url") for e in said.every("enclosure") if "video" in e.get("type", "")}
    images = [e.get("href") or e.get("url") for e in said.every("image") + said.every("thumbnail")]
    return {
        "audio_url": next((url for url in files if url not in video), None),
        "video_url": next((url for url in files if url in video), None),
        "embed_url": match.embed_url if match else None,
        "link": next(iter(pages), None),
        "image_url": next((found for url in images if (found := _address(url))), None),
        "transcript_url": _transcript(said),
    }


def _transcript(said: Said) -> str | None:
    """The transcript that tells most, where there are several: with times before a page."""
    given = [e for e in said.every("transcript") if _address(e.get("url"))]
    best = min(given, key=_telling, default=None)
    return _address(best.get("url")) if best else None


def _telling(transcript: Mapping[str, str]) -> int:
    stated = (transcript.get("type", "") + " " + transcript.get("url", "")).lower()
    return next((n for n, form in enumerate(_FORMS) if form in stated), len(_FORMS))


def _address(url: str | None) -> str | None:
    return urls.absolute(url.strip()) if url and "//" in url else None


def _files(said: Said) -> list[str]:
    """Addresses of sound and pictures that move."""
    given = [e.get("url") for e in said.every("enclosure") if _is_media(e)]
    given += [e.get("href") for e in said.every("link") if e.get("rel") == "enclosure"]
    given += [e.get("url") for e in said.every("content") if _is_media(e)]
    return list(dict.fromkeys(url for each in given if (url := _address(each))))


def _is_media(attributes: Mapping[str, str]) -> bool:
    kind = attributes.get("type") or attributes.get("medium") or ""
    if kind:
        return kind.partition("/")[0].lower() in ("audio", "video")
    return registry().media_type(attributes.get("url")) is not None


def _players(said: Said) -> list[str]:
    return [url for e in said.every("player") if (url := _address(e.get("url")))]


def _links(said: Said, rel: str) -> list[str]:
    """Addresses of links of a kind; RSS has the address of its page as text."""
    atom = [
        e["href"] for e in said.every("link") if e.get("href") and e.get("rel", "alternate") == rel
    ]
    plain = [e[""] for e in said.every("link") if not e.get("href")] if rel == "alternate" else []
    return [url for each in (*plain, *atom) if (url := _address(each))]


def _people(said: Said) -> Iterator[Person]:
    persons = [(e[""], e.get("role", "host").lower()) for e in said.every("person")]
    for name, role in persons or [(said.first("creator", "author", "name") or "", "author")]:
        if cleaned := text.clean(name):
            known = (
                role if role in ("host", "guest", "reporter", "moderator", "author") else "speaker"
            )
            yield Person(cleaned, known)


def _tags(said: Said) -> Iterator[str]:
    for each in said.every("category"):
        if name := text.clean(each.get("term") or each.get("text") or each[""]):
            yield name


def _plain(markup: str | None) -> str | None:
    """The words of a description, which is HTML more often than not."""
    if not markup or "<" not in markup:
        return text.scrub(markup or "").strip() or None
    try:
        root = html.fromstring(f"<div>{text.scrub(markup)}</div>")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    for element in root.iter("br", "p", "li", "div"):
        element.tail = f"\n{element.tail or ''}"
    lines = (" ".join(line.split()) for line in root.text_content().split("\n"))
    return "\n".join(line for line in lines if line) or None
