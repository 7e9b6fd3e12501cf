"""RSS 2.0 with the podcast namespaces. The only module that knows feedgen.

feedgen writes the core; all other elements go through one extension of our own, because
feedgen's own ones refuse or lose what directories demand (explicit=false, image addresses with a
query, links other than self, …). Nothing here depends on the time or the locale.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from html import escape
from typing import Any, Final

from feedgen.feed import FeedGenerator
from lxml import etree

from podcat import text
from podcat.feed import categories
from podcat.feed.channel import OLDEST, Channel
from podcat.feed.media import Enclosure, transcript_type
from podcat.feed.page import DESCRIPTION_BYTES, FeedPage, Item, clip, items, moment, within
from podcat.model import Episode, Show

# atom and content are declared by feedgen itself.
NAMESPACES: Final[Mapping[str, str]] = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "media": "http://search.yahoo.com/mrss/",
}
_RSS: Final = {"type": "application/rss+xml"}
_ATOM: Final = "http://www.w3.org/2005/Atom"
_SPACES: Final = "x-spaces"
_WRITING: Final = ("author",)  # roles outside the cast, in the taxonomy of podcast:person

# feedgen sets the process's locale around its own date, which no two threads may do at once.
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Element:
    """One XML element; the name may begin with a prefix of `NAMESPACES`."""

    name: str
    text: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Element, ...] = ()

    def append_to(self, parent: Any) -> None:
        """Write it below an lxml element, without characters that XML forbids."""
        attributes = {key: text.scrub(value) for key, value in self.attributes.items()}
        node = etree.SubElement(parent, _qualified(self.name), attributes)
        if self.text is not None:
            node.text = text.scrub(self.text)
        for child in self.children:
            child.append_to(node)


def _qualified(name: str) -> str:
    prefix, colon, local = name.rpartition(":")
    return f"{{{NAMESPACES.get(prefix, _ATOM)}}}{local}" if colon else name


class ChannelExtension:
    """Our elements of the channel. It declares the namespaces of the items, too."""

    def __init__(self) -> None:
        self.elements: list[Element] = []

    def extend_ns(self) -> dict[str, str]:
        """What feedgen declares on the root: prefix to namespace."""
        return dict(NAMESPACES)

    def extend_rss(self, rss: Any) -> None:
        """Called by feedgen with the root, once its own elements stand."""
        channel = rss[0]
        # feedgen dates a feed with the time of rendering; ours comes from the data, or not at all.
        for stamp in channel.findall("lastBuildDate"):
            channel.remove(stamp)
        for element in self.elements:
            element.append_to(channel)


class ItemExtension:
    """Our elements of one item."""

    def __init__(self) -> None:
        self.elements: list[Element] = []

    def extend_rss(self, item: Any) -> None:
        """Called by feedgen with the item, once its own elements stand."""
        for element in self.elements:
            element.append_to(item)


def render(page: FeedPage[Episode]) -> bytes:
    """The page as RSS in UTF-8; equal pages give equal bytes."""
    return render_items(page, items(page))


def render_items(page: FeedPage[Any], chosen: Iterable[Item]) -> bytes:
    """The page with other items."""
    generator = _channel(page)
    for item in chosen:
        _add(generator, item, page.channel)
    with _LOCK:
        return bytes(generator.rss_str(pretty=True))


# ---------------------------------------------------------------- channel


def _channel(page: FeedPage[Any]) -> Any:
    channel = page.channel
    feed = FeedGenerator()
    # The namespace's name becomes an attribute of feedgen's objects: it must shadow none.
    feed.register_extension("podcat", ChannelExtension, ItemExtension, atom=False)
    title = text.clean(channel.title) or channel.name or "podcat"
    feed.title(title)
    feed.description(_as_html(text.clean(channel.description) or title))
    feed.generator("podcat")
    if channel.language:
        feed.language(text.scrub(channel.language))
    if holder := text.clean(channel.copyright):
        feed.copyright(holder)
    feed.image(url=page.image_url, title=title, link=text.scrub(page.page_url))
    # The only call of link(): RSS would take the last one, whatever its relation.
    feed.link(href=text.scrub(page.page_url), rel="alternate")
    feed.podcat.elements.extend(_channel_elements(page))
    return feed


def _channel_elements(page: FeedPage[Any]) -> Iterator[Element]:
    channel = page.channel
    yield from _feed_links(page)
    if updated := moment(page.updated):
        yield Element("lastBuildDate", _mail_date(updated))
    if author := text.clean(channel.author):
        yield Element("itunes:author", clip(author, 255))
    yield from _owner(channel)
    yield Element("itunes:image", attributes={"href": page.image_url})
    if channel.category:
        yield _category(channel.category)
    yield Element("itunes:explicit", _true_or_false(channel.explicit))
    # Apps play a serial from its beginning.
    yield Element("itunes:type", "serial" if channel.order == OLDEST else "episodic")
    yield Element("podcast:guid", page.guid)
    owner = {"owner": channel.owner_email} if channel.owner_email else {}
    yield Element("podcast:locked", "yes", owner)
    yield Element("podcast:medium", "podcast")
    yield Element("podcast:image", None, {"href": page.image_url, "aspect-ratio": "1/1"})
    if channel.frequency:
        rule = {"rrule": f"FREQ={channel.frequency.upper()}"}
        yield Element("podcast:updateFrequency", channel.frequency, rule)
    if shows := tuple(map(_remote, page.shows)):
        yield Element("podcast:podroll", children=shows)


def _remote(show: Show) -> Element:
    title = {"title": show.title} if show.title else {}
    return Element("podcast:remoteItem", None, {"feedGuid": show.guid, "feedUrl": show.url} | title)


def _feed_links(page: FeedPage[Any]) -> Iterator[Element]:
    for relation, url, kind in (
        ("self", page.self_url, _RSS),
        ("hub", page.hub_url, {}),
        ("first", page.first_url, _RSS),
        ("previous", page.previous_url, _RSS),
        ("next", page.next_url, _RSS),
        ("last", page.last_url, _RSS),
        ("alternate", page.json_url, {"type": "application/feed+json"}),
    ):
        if url:
            yield Element("atom:link", None, {"href": url, "rel": relation} | kind)


def _owner(channel: Channel) -> Iterator[Element]:
    if channel.owner_email:
        name = text.clean(channel.owner_name or channel.author)
        children = (Element("itunes:name", name),) if name else ()
        email = Element("itunes:email", channel.owner_email)
        yield Element("itunes:owner", children=(*children, email))


def _category(category: str) -> Element:
    name, *below = categories.path_of(category)
    children = tuple(Element("itunes:category", None, {"text": b}) for b in below)
    return Element("itunes:category", None, {"text": name}, children)


# ---------------------------------------------------------------- items


def _add(feed: Any, item: Item, channel: Channel) -> None:
    entry = feed.add_entry(order="append")
    entry.title(item.title)
    entry.guid(text.scrub(item.episode.guid), permalink=False)
    entry.link(href=item.link, rel="alternate")
    entry.description(_as_html(item.description))
    entry.content(item.notes)
    for tag in item.episode.tags:
        if term := text.clean(tag):
            entry.category({"term": term})
    if file := item.enclosure:
        entry.enclosure(file.url, str(file.bytes or 0), file.type)
    entry.podcat.elements.extend(_item_elements(item, channel))


def _item_elements(item: Item, channel: Channel) -> Iterator[Element]:
    if item.published:
        yield Element("pubDate", _mail_date(item.published))
    if item.authors:
        yield Element("itunes:author", clip(", ".join(item.authors), 255))
    if (seconds := item.episode.duration) and seconds > 0:
        yield Element("itunes:duration", str(int(seconds)))
    yield from _pictures(item)
    yield Element("itunes:explicit", _true_or_false(channel.explicit))
    yield Element("itunes:episodeType", "full")
    if item.transcript_url:
        kind = transcript_type(item.transcript_url)
        yield Element("podcast:transcript", None, {"url": item.transcript_url, "type": kind})
    for person in item.people:
        group = "writing" if person.role in _WRITING else "cast"
        role = {"role": person.role} if person.role else {}
        yield Element("podcast:person", person.name, role | {"group": group})
    yield from map(_alternate, item.alternates)
    if item.episode.provider == _SPACES and item.player_url:
        talk = {"protocol": "twitter", "uri": item.player_url}
        yield Element("podcast:socialInteract", None, talk)
    yield from _places(item)


def _pictures(item: Item) -> Iterator[Element]:
    if item.image_url:
        caption = text.clean(item.episode.image_caption)
        yield Element("itunes:image", None, {"href": item.image_url})
        alt = {"alt": clip(caption, 255)} if caption else {}
        yield Element("podcast:image", None, {"href": item.image_url} | alt)


def _alternate(file: Enclosure) -> Element:
    source = Element("podcast:source", None, {"uri": file.url})
    return Element("podcast:alternateEnclosure", None, {"type": file.type}, (source,))


def _places(item: Item) -> Iterator[Element]:
    """Where else the recording is.

    A player is a page, so it stands as contentLink and media:player and never as enclosure or
    media:content: apps would download the page.
    """
    if item.enclosure:
        yield Element("podcast:contentLink", "Notes and sources", {"href": item.own_url})
    elif item.player_url:
        yield Element("podcast:contentLink", "Listen in the player", {"href": item.player_url})
        yield Element("media:player", None, {"url": item.player_url})
    else:
        yield Element("podcast:contentLink", "Where it was announced", {"href": item.link})
    if item.image_url:
        yield Element("media:thumbnail", None, {"url": item.image_url})


# ---------------------------------------------------------------- values


def _mail_date(when: dt.datetime) -> str:
    """`Thu, 13 Jan 2022 00:00:00 +0000`, in English whatever the locale."""
    return format_datetime(when)


def _true_or_false(value: bool) -> str:
    return "true" if value else "false"


def _as_html(plain: str) -> str:
    """A plain text for a place that readers take as HTML, short enough for Apple."""
    return _escaped(within(plain, DESCRIPTION_BYTES, _escaped))


def _escaped(plain: str) -> str:
    return escape(plain, quote=False)
