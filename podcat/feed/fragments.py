"""A feed joined from items that were rendered before: the same bytes as `rss.render` gives.

What depends on the feed and not on the episode alone is put in at the end: the address of the
catalogue, and whether the channel is explicit.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any, Final

from podcat import __version__
from podcat.feed import rss
from podcat.feed.channel import Channel
from podcat.feed.media import enclosure
from podcat.feed.page import Entry, FeedPage, chosen, item_of
from podcat.model import Episode, Fragment, Piece
from podcat.providers import registry

BASE: Final = "https://base.podcat.invalid"
"""Stands for the address of the catalogue; no name under `.invalid` is anybody's (RFC 6761)."""
# As it stands in addresses, in XML and in HTML alike.
_PLAIN: Final = re.compile(r"https?://[\w.~%:/\[\]-]+", re.ASCII)
_SIZE: Final = 500
"""Items that are joined at once."""
_START, _END = "    <item>\n", "  </channel>\n</rss>\n"
_CLEAN, _EXPLICIT = (f"<itunes:explicit>{said}</itunes:explicit>" for said in ("false", "true"))
_MAKERS: Final = (
    "feed/rss.py", "feed/page.py", "feed/notes.py", "feed/media.py", "feed/values.py",
    "text.py", "urls.py",
)  # fmt: skip


@cache
def edition() -> str:
    """Names all that an item is made of but its episode: a change of it renders items anew."""
    seen = hashlib.sha256(__version__.encode())
    for module in _MAKERS:
        seen.update((resources.files("podcat") / module).read_bytes())
    seen.update(repr(sorted(registry().media.items())).encode())
    return seen.hexdigest()[:16]


def render(episodes: Sequence[Episode]) -> dict[int, Fragment]:
    """Each episode's item, by its id, as it stands in a feed of which nothing is known yet."""
    page: FeedPage[Episode] = FeedPage(Channel("", "", ""), "", BASE, BASE, BASE, ())
    files = [enclosure(episode) for episode in episodes]
    items = [item_of(one, BASE, file) for one, file in zip(episodes, files, strict=True)]
    _, *bodies = rss.render_items(page, items).decode().removesuffix(_END).split(_START)
    return {
        episode.id: Fragment(file.url if file else None, _START + body)
        for episode, file, body in zip(episodes, files, bodies, strict=True)
    }


def is_neutral(episode: Episode) -> bool:
    """Whether an episode says nothing that stands for the catalogue's address."""
    return BASE not in repr(episode)


def joinable(page: FeedPage[Piece]) -> bool:
    """Whether the pieces give the page: none is missing, and no file stands twice.

    A second item with the same file would have to stand without it.
    """
    whole = all(piece.fragment for piece in page.episodes)
    entries = chosen(_filed(page.episodes), page.channel, page.dead)
    once = not any(twice and reason is None for _, twice, reason in entries)
    return whole and once and _PLAIN.fullmatch(page.base_url) is not None


def head(page: FeedPage[Any]) -> bytes:
    """The page without items."""
    return rss.render_items(page, ())


def join(page: FeedPage[Any], head: bytes, pieces: Iterable[Piece]) -> Iterator[bytes]:
    """The page with these items, in parts; it keeps no more of them than a part."""
    yield head.removesuffix(_END.encode())
    entries = chosen(_filed(pieces), page.channel, page.dead)
    told = (piece for piece, _, reason in entries if reason is None)
    for bodies in _batches(piece.fragment.body for piece in told if piece.fragment):
        yield _told("".join(bodies), page).encode()
    yield _END.encode()


def _told(bodies: str, page: FeedPage[Any]) -> str:
    said = bodies.replace(BASE, page.base_url)
    return said.replace(_CLEAN, _EXPLICIT) if page.channel.explicit else said


def _filed(pieces: Iterable[Piece]) -> Iterator[Entry[Piece]]:
    for piece in pieces:
        yield piece, piece.id, piece.guid, piece.fragment.file if piece.fragment else None


def _batches(bodies: Iterable[str]) -> Iterator[list[str]]:
    waiting = iter(bodies)
    while batch := list(islice(waiting, _SIZE)):
        yield batch
