"""The catalogue as the rest of podcat uses it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, cast

from podcat.catalogue import addresses, overview, paging, read, sources, store, words
from podcat.catalogue.alone import alone
from podcat.catalogue.asked import asked
from podcat.catalogue.byhand import ByHand
from podcat.catalogue.database import Database
from podcat.catalogue.fragments import Fragments
from podcat.catalogue.host_turns import HostTurns
from podcat.catalogue.looks import Looks
from podcat.catalogue.narrowing import Narrowing
from podcat.catalogue.pending import Pending
from podcat.catalogue.records import Count, Listing, Outcome, PageEntry, Refused, Tally
from podcat.catalogue.resolving import Resolving
from podcat.catalogue.sqlite import SQLite
from podcat.catalogue.tokens import Tokens
from podcat.catalogue.upkeep import Upkeep
from podcat.catalogue.watching import Watching
from podcat.errors import DatabaseError
from podcat.model import Appearance, Cursor, Document, Episode, Link, Origin, Page, Selection, Show

if TYPE_CHECKING:
    from podcat.catalogue.postgres import PostgreSQL
    from podcat.catalogue.postgres_work import HostLocks

_EVERYTHING = Selection()
_ADVICE = "write sqlite:///FILE or postgresql://USER@HOST/NAME"


def open_catalogue(url: str, *, create: bool = True, wait: float = 5.0) -> Catalogue:
    """The catalogue at `sqlite:///FILE` or `postgresql://…`, made and brought up to date.

    The latter is what libpq takes, and needs the extra `postgres`. With `create` false a missing
    catalogue is an error. `wait` is how many seconds to wait for other programs that write.
    Raises DatabaseError.
    """
    scheme, separator, rest = url.partition("://")
    if scheme in ("postgresql", "postgres") and separator:
        return Catalogue(_postgres(url, create=create, wait=wait))
    path = rest.removeprefix("/")
    if scheme != "sqlite" or not rest.startswith("/") or path in ("", ":memory:") or "\0" in path:
        thing = url.replace("\0", "") or "database"
        raise DatabaseError(thing, "is no address of a database", _ADVICE)
    return Catalogue(SQLite(Path(path), create=create, wait=wait))


def _postgres(url: str, *, create: bool, wait: float) -> Database:
    try:
        from podcat.catalogue.postgres import PostgreSQL
    except ImportError:
        # The password in the address is not repeated.
        problem = "PostgreSQL needs libraries that are not installed"
        raise DatabaseError("database", problem, "pip install 'podcat[postgres]'") from None
    return PostgreSQL(url, create=create, wait=wait)


class Catalogue(ByHand, Fragments, Looks, Narrowing, Pending, Resolving, Tokens, Upkeep, Watching):
    """Documents, pages and episodes. Safe to share between threads; close it in the end.

    Every method raises DatabaseError when the database fails.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections of all threads."""
        self._db.close()

    def alone(self) -> AbstractContextManager[None]:
        """Keeps other workers off while the block runs, where the database takes but one.

        Raises DatabaseError when there is another one.
        """
        return alone(self._db.path) if isinstance(self._db, SQLite) else nullcontext()

    @property
    def takes_many(self) -> bool:
        """Whether several workers can be at work on it."""
        return not isinstance(self._db, SQLite)

    def host_turns(self) -> HostTurns:
        """What knows when each host was asked, for the one worker that there can be."""
        return HostTurns(self._db)

    def host_locks(self) -> HostLocks | None:
        """The same for many workers, and what keeps them apart; None where there is but one."""
        if isinstance(self._db, SQLite):
            return None
        from podcat.catalogue.postgres_work import HostLocks

        return HostLocks(cast("PostgreSQL", self._db).connect)

    def room(self, script: str) -> str:
        """The schema beside the catalogue's own in which this script was run; PostgreSQL only."""
        from podcat.catalogue import postgres_work

        return postgres_work.room(cast("PostgreSQL", self._db), script)

    def leave_rooms(self, own: str) -> tuple[str, ...]:
        """Drops such schemas of other scripts in which nobody works any more; PostgreSQL only."""
        from podcat.catalogue import postgres_work

        return postgres_work.leave_rooms(cast("PostgreSQL", self._db), own)

    def store(
        self, document: Document, page: Page, tags: Sequence[str] = (), now: int | None = None
    ) -> Outcome:
        """Store what a document says, in one transaction; `now` in seconds since 1970.

        The same bytes again change nothing, except for `tags` that are new.
        """
        return self.store_all([(document, page)], tags, now)[0]

    def store_all(
        self,
        documents: Sequence[tuple[Document, Page]],
        tags: Sequence[str] = (),
        now: int | None = None,
    ) -> list[Outcome]:
        """Store what documents say, in one transaction; what it did, for each of them.

        It is many times faster than one by one. An episode that several of them have is new, or
        changed, in the first.
        """
        return store.store(self._db, documents, tags, int(time.time()) if now is None else now)

    # ------------------------------------------------------------ episodes

    def episodes(
        self,
        selection: Selection = _EVERYTHING,
        *,
        after: Cursor | None = None,
        before: Cursor | None = None,
        limit: int = 50,
        order: str = paging.NEWEST,
    ) -> Listing:
        """At most `limit` episodes of a selection: the next after a cursor, or the last before one.

        Before `model.END` are the last of all. `order` is newest, oldest, longest or relevance: the
        newest two thousand hits by how well they fit the words, then the others, newest first.
        Without words relevance is newest; it is not read backwards. What has no known length comes
        after all that has one.
        """
        return read.episodes(self._db, selection, after, limit, order=order, before=before)

    def part(self, selection: Selection, place: paging.Place, order: str) -> paging.Part[Episode]:
        """As `episodes`, for whoever pages through anything."""
        return paging.page(self._db, asked(selection), read.WHOLE, place, order)

    def count(self, selection: Selection = _EVERYTHING) -> int:
        """How many episodes a selection has; takes the longer the more there are."""
        return read.count(self._db, selection)

    def tally(self, selection: Selection = _EVERYTHING) -> Tally:
        """How many episodes a selection has, or at least how many, in a bounded time.

        Of a small catalogue, all; of a large one, some thousand where one list alone is asked for.
        """
        return read.tally(self._db, selection)

    def newest_change(self, selection: Selection = _EVERYTHING) -> int | None:
        """When an episode of a selection changed last (seconds since 1970); None when empty."""
        return read.newest_change(self._db, selection)

    def episode(self, number: int) -> Episode | None:
        """The episode with this id; for one that was joined to another, that other one."""
        return read.episode(self._db, number)

    def appearances(self, episode: int) -> tuple[Appearance, ...]:
        """Where an episode was seen: one for each place in each document."""
        return sources.appearances(self._db, episode)

    def origins(self, episode: int) -> tuple[Origin, ...]:
        """Every value that a document gave for a field, with the rule; those shown come first."""
        return sources.origins(self._db, episode)

    def transcript(self, episode: int) -> str | None:
        """What is spoken in an episode, as far as a document has it in words."""
        return words.transcripts(self._db, [episode]).get(episode)

    def indexed(self, episodes: Sequence[Episode]) -> dict[int, frozenset[str]]:
        """The folded words by which a search finds each of these episodes."""
        return words.indexed(self._db, episodes)

    # ------------------------------------------------------------ what there is

    def tags(self, most: int | None = None) -> tuple[Count, ...]:
        """Tags, those with most episodes first; at most so many, if told."""
        return overview.counts(self._db, "tag", most)

    def people(self, most: int | None = None) -> tuple[Count, ...]:
        """People, most episodes first."""
        return overview.counts(self._db, "person", most)

    def programmes(self, most: int | None = None) -> tuple[Count, ...]:
        """Programmes, most episodes first."""
        return overview.counts(self._db, "programme", most)

    def providers(self, most: int | None = None) -> tuple[Count, ...]:
        """Providers by key, most episodes first; slug and name are both the key."""
        return overview.counts(self._db, "provider", most)

    def name_of(self, kind: str, slug: str) -> str | None:
        """The name behind a slug; kind is `tag`, `person` or `programme`."""
        return overview.name_of(self._db, kind, slug)

    def statistics(self) -> dict[str, int]:
        """How many documents, pages, episodes, playable, unresolved, people and tags there are."""
        return overview.statistics(self._db)

    def highest_id(self) -> int:
        """The number of the episode made last; 0 where there is none."""
        return overview.highest_id(self._db)

    def titles(self, after: int, until: int) -> list[tuple[int, str | None, int]]:
        """Number, title and last change (seconds since 1970) of episodes in a range of numbers."""
        return overview.titles(self._db, after, until)

    def revision(self) -> int:
        """A number that grows with every change stored: a key for caches."""
        return overview.revision(self._db)

    def edition(self) -> int:
        """As `revision`; it grows with each look at a link, too, whatever that has shown."""
        return overview.edition(self._db)

    def link_counts(self) -> dict[str, int]:
        """How many addresses of episodes and pages there are, by the kind of link."""
        return overview.link_counts(self._db)

    def feed_guid(self, name: str, url: str, *, keep: bool = True) -> str:
        """The podcast:guid of a feed: the one kept, else made of its address, and kept if told."""
        return overview.feed_guid(self._db, name, url, keep)

    # ------------------------------------------------------------ pages, addresses

    def pages(self, after: int | None = None, limit: int = 50) -> tuple[PageEntry, ...]:
        """Source pages, the latest added first; `after` is the id of the last one had."""
        return sources.pages(self._db, after, limit)

    def page(self, number: int) -> PageEntry | None:
        """The source page with this id."""
        return sources.page(self._db, number)

    def page_episodes(self, page: int) -> tuple[Episode, ...]:
        """The episodes on a page in the order of the page."""
        return sources.page_episodes(self._db, page)

    def shows(self, episodes: Sequence[int], most: int = 50) -> tuple[Show, ...]:
        """The feeds of others in which episodes were seen, at most so many."""
        return sources.shows(self._db, episodes, most)

    def links(self, selection: Selection | None = None) -> Iterator[Link]:
        """Every address that documents or the catalogue vouch for, once for each place.

        With a selection those of its episodes alone.

        The document of an address that stands in none, since a rule built it, is empty.
        """
        return addresses.links(self._db, selection)

    def refusals(self) -> Iterator[Refused]:
        """Every address on a provider's player route that can be none of its players."""
        return addresses.refusals(self._db)
