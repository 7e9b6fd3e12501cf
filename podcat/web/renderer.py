"""Feeds rendered by one thread of a process: feedgen sets the locale, which all threads share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import fields, replace
from typing import TypeVar

from podcat.catalogue import Catalogue, open_catalogue
from podcat.catalogue.paging import Part, Place
from podcat.errors import DatabaseError
from podcat.feed import FeedPage, fragments, rss
from podcat.model import Episode, Fragment, Piece, Selection

T = TypeVar("T")


class Renderer:
    """Joins feeds from items that the catalogue keeps; what is missing is rendered and kept."""

    def __init__(self, catalogue: Callable[[], Catalogue], database: str) -> None:
        self._catalogue = catalogue
        self._database = database
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="podcat-feeds")
        self._keeper: Catalogue | None = None

    def close(self) -> None:
        """Ends the thread."""
        self._writer.shutdown()
        if self._keeper:
            self._keeper.close()

    def pieces(self, selection: Selection, place: Place, order: str) -> Part[Piece]:
        """One page of a selection, each episode with its item."""
        part = self._catalogue().pieces(selection, place, order, fragments.edition())
        missing = [piece.id for piece in part.found if piece.fragment is None]
        made = self._by_writer(lambda: self._rendered(missing)) if missing else {}
        found = (
            piece if piece.fragment else piece._replace(fragment=made.get(piece.id))
            for piece in part.found
        )
        return replace(part, found=tuple(found))

    def rendered(self, page: FeedPage[Episode]) -> bytes:
        """The page as RSS."""
        return self._by_writer(lambda: rss.render(page))

    def joined(self, page: FeedPage[Piece]) -> bytes:
        """The page of pieces as RSS, the same bytes."""
        if not fragments.joinable(page):
            return self._directly(page)
        head = self._by_writer(lambda: fragments.head(page))
        return b"".join(fragments.join(page, head, page.episodes))

    def modified(self, url: str, digest: str, now: int) -> int:
        """Since when an address has these bytes, in all processes; 0 where that cannot be kept."""
        try:
            return self._by_writer(lambda: self._kept.modified(url, digest, now))
        except DatabaseError:
            return 0

    def _directly(self, page: FeedPage[Piece]) -> bytes:
        episodes = self._catalogue().by_ids([piece.id for piece in page.episodes])
        return self.rendered(_with(page, episodes))

    def _rendered(self, ids: Sequence[int]) -> dict[int, Fragment]:
        catalogue = self._catalogue()
        episodes = [one for one in catalogue.by_ids(ids) if fragments.is_neutral(one)]
        made = fragments.render(episodes)
        with suppress(DatabaseError):  # read-only, or somebody else writes: they are made again
            self._kept.keep_fragments(episodes, made, fragments.edition())
        return made

    @property
    def _kept(self) -> Catalogue:
        """To write to, without waiting: a visitor does."""
        self._keeper = self._keeper or open_catalogue(self._database, create=False, wait=0)
        return self._keeper

    def _by_writer(self, work: Callable[[], T]) -> T:
        return self._writer.submit(work).result()


def _with(page: FeedPage[Piece], episodes: tuple[Episode, ...]) -> FeedPage[Episode]:
    values = {field.name: getattr(page, field.name) for field in fields(page)}
    return FeedPage(**values | {"episodes": episodes})
