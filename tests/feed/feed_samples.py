"""A few episodes of every kind, and ways to look into a rendered feed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import etree

from podcat.feed import Channel, FeedPage, rss
from podcat.model import Episode, Person, Selection

Golden = Callable[[Path, bytes], None]

CASES = Path(__file__).parent / "cases"
BASE = "https://podcat.example"
SELF = f"{BASE}/feeds/kazakhstan.rss"
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
JANUARY_13 = 1642032000  # 2022-01-13T00:00:00Z

CHANNEL = Channel(
    name="kazakhstan",
    title="Stories about Kazakhstan",
    description="News & talk about Kazakhstan.",
    selection=Selection(tags=("kazakhstan",)),
    language="en",
    author="Example Desk",
    owner_email="desk@example.org",
    image="https://podcat.example/art/kazakhstan.png?size=1400",
    category="News > Politics",
    copyright="2022 Example Desk",
)

# A recording with a file, everything known.
SEGMENT = Episode(
    id=7,
    guid="urn:uuid:8b6c7f8e-5f1d-5f6f-9d84-3b1f5c2b7a01",
    provider="npr",
    provider_id="764153179/768167031",
    status="identified",
    sort_at=1570579200,
    first_seen=1642100000,
    changed_at=1642100000,
    kind="audio",
    title="'Illegal Superstition': China Jails Muslims For Practicing Islam, Relatives Say",
    description="Aibota Zhanibek's family was detained.\nShe tells <their> story & hers.",
    programme="Morning Edition",
    language="en",
    duration=266,
    published="2019-10-09",
    embed_url="https://www.npr.org/player/embed/764153179/768167031",
    link="https://www.npr.org/2019/10/09/764153179/china-jails-muslims",
    audio_url="https://ondemand.npr.org/npr-mp3/npr/me/2019/10/20191009_me.mp3?d=266&story=764153179",
    transcript_url="https://www.npr.org/transcripts/764153179",
    image_url="https://media.npr.org/assets/img/aibota.webp?s=1400",
    image_caption="Aibota Zhanibek was born in China and now lives in Almaty.",
    image_credit="Emily Feng/NPR",
    media_type="audio/mpeg",
    media_bytes=4260864,
    people=(Person("Emily Feng", "reporter"),),
    tags=("Kazakhstan", 'China "Xinjiang"'),
    page_url="https://www.npr.org/tags/126934437/kazakhstan",
    page_title="Stories About Kazakhstan",
)

# A recording that plays in its player only.
SPACE = Episode(
    id=9,
    guid="urn:uuid:2f0d3a52-7a39-5f5c-8d1f-6f2b8a9c1d02",
    provider="x-spaces",
    provider_id="1vOGwyPVdVqxB",
    status="identified",
    sort_at=JANUARY_13,
    first_seen=1642100000,
    changed_at=1642100000,
    kind="space",
    title="A Week That Changed Kazakhstan Forever...What's Next?",
    description="A live discussion hosted by RFE/RL.",
    duration=4112,
    published="2022-01-13",
    embed_url="https://x.com/i/spaces/1vOGwyPVdVqxB",
    image_url="https://gdb.rferl.org/almaty.jpg",
    people=(
        Person("Reid Standish", "moderator", "RFE/RL correspondent"),
        Person("Raushan Zhandayeva", "guest"),
        Person("Reid Standish", "author"),
    ),
    tags=("Kazakhstan",),
    page_url="https://www.rferl.org/a/kazakhstan-twitter-spaces/31654321.html",
    page_title="Twitter Spaces Briefing",
)

# Announced, but the document says neither what nor where.
UNRESOLVED = Episode(
    id=11,
    guid="urn:uuid:41c1f7a5-2f0a-5a52-b3f9-0a4e6d7c8b03",
    provider="rferl",
    provider_id=None,
    status="unresolved",
    sort_at=1641945600,
    first_seen=1642100000,
    changed_at=1642100000,
)

EPISODES = (SPACE, UNRESOLVED, SEGMENT)


def feed_page(*episodes: Episode, channel: Channel = CHANNEL, **changes: Any) -> FeedPage:
    """A page with these episodes, in this order."""
    page = FeedPage(
        channel=channel,
        guid="9d1b8f0a-3c5e-5b7d-8f21-6a4c0e2d9b10",
        self_url=SELF,
        page_url=f"{BASE}/feeds/kazakhstan",
        base_url=BASE,
        episodes=episodes,
        updated=1642100000,
        json_url=f"{BASE}/feeds/kazakhstan.json",
    )
    return replace(page, **changes)


def channel_of(page: FeedPage) -> Any:
    """The rendered channel element."""
    return etree.fromstring(rss.render(page))[0]


def item_of(episode: Episode, **changes: Any) -> Any:
    """The rendered item of one episode, after changes to it."""
    return channel_of(feed_page(replace(episode, **changes))).find("item")


def texts(element: Any, path: str) -> list[str]:
    """The texts of all elements at a path."""
    return [node.text for node in element.findall(path, NAMESPACES)]


def values(element: Any, path: str, attribute: str) -> list[str]:
    """An attribute of all elements at a path."""
    return [node.get(attribute) for node in element.findall(path, NAMESPACES)]
