"""Documents into the catalogue, some whole documents a transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

from podcat import urls
from podcat.errors import SourceError
from podcat.ingest import pool
from podcat.model import Document, Page

if TYPE_CHECKING:
    from podcat.catalogue import Catalogue, Outcome

_DOCUMENTS: Final = 100
_EMBEDS: Final = 1000
_SECONDS: Final = 1.0
"""At most so many documents, with so many recordings, are stored together, and wait so long."""

Problem = Callable[[SourceError], None]
"""Told of everything that is wrong with a source, as it comes up."""
Seen = Callable[[Page], None]
"""Told of every page that was read."""


@dataclass(frozen=True)
class Report:
    """What adding did; the first four count recordings."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    unresolved: int = 0
    documents: int = 0
    problems: int = 0
    made: frozenset[int] = frozenset()
    """Ids of the new recordings, and of those among them that were on fetched documents."""
    fetched: frozenset[int] = frozenset()

    @property
    def recordings(self) -> int:
        """How many were found, known or not."""
        return self.new + self.changed + self.unchanged + self.unresolved

    def __str__(self) -> str:
        return (
            f"{self.new} new, {self.changed} changed, {self.unchanged} unchanged, "
            f"{self.unresolved} unresolved "
            f"({self.documents} document{'' if self.documents == 1 else 's'})"
        )

    def to_json(self) -> dict[str, int]:
        """The counts by name."""
        return {name: value for name, value in asdict(self).items() if isinstance(value, int)}


def pages(
    items: Iterable[Document | SourceError],
    on_problem: Problem,
    *,
    on_page: Seen | None = None,
    jobs: int | None = None,
) -> Iterator[tuple[Document, Page]]:
    """Every document that can be read, with what is on it; the rest goes to `on_problem`.

    Damage inside a document is told too, and what was found all the same is used. Many documents
    are read by `jobs` processes, one a core where nothing is said, with the same outcome.
    """
    for item, found in pool.read(iter(items), jobs or pool.cores(), pool.SMALL):
        if isinstance(item, SourceError) or isinstance(found, SourceError):
            assert isinstance(found, SourceError)
            on_problem(found)
            continue
        for line in found.damage:
            on_problem(SourceError(item.name, line))
        if on_page:
            on_page(found)
        yield item, found


def add(  # noqa: PLR0913  (what the options of a command say)
    catalogue: Catalogue,
    items: Iterable[Document | SourceError],
    tags: Sequence[str],
    on_problem: Problem,
    now: int | None = None,
    *,
    on_page: Seen | None = None,
) -> Report:
    """Stores every document that can be read, with `tags` on its recordings.

    `now` (seconds since 1970) stands for the moment of adding; `on_page` is told of every page
    that is stored. Raises DatabaseError; what was stored before it stays stored.
    """
    tally = _Tally()

    def problem(error: SourceError) -> None:
        tally.problems += 1
        on_problem(error)

    for batch in _batches(pages(items, problem)):
        stored = zip(batch, catalogue.store_all(batch, tags, now), strict=True)
        for (document, page), outcome in stored:
            tally.count(outcome, document)
            if on_page:
                on_page(page)
    return tally.report()


def _batches(
    read: Iterable[tuple[Document, Page]],
) -> Iterator[list[tuple[Document, Page]]]:
    """What goes into one transaction: little enough to be in memory and not to wait for long."""
    batch: list[tuple[Document, Page]] = []
    embeds, begun = 0, time.monotonic()
    for document, page in read:
        batch.append((document, page))
        embeds += len(page.embeds)
        if len(batch) >= _DOCUMENTS or embeds >= _EMBEDS or time.monotonic() - begun > _SECONDS:
            yield batch
            batch, embeds, begun = [], 0, time.monotonic()
    if batch:
        yield batch


@dataclass
class _Tally:
    """What became of the recordings; it does not matter how documents were batched."""

    new: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    fetched: set[int] = field(default_factory=set)
    recordings: int = 0
    unresolved: int = 0
    documents: int = 0
    problems: int = 0

    def count(self, outcome: Outcome, document: Document) -> None:
        """Add what storing a document did."""
        self.new |= outcome.made
        if urls.parse(document.name):
            self.fetched |= outcome.made
        self.changed |= outcome.altered - self.new
        self.recordings += len(outcome.episodes)
        self.unresolved += outcome.unresolved
        self.documents += 1

    def report(self) -> Report:
        """In numbers: a recording is new or changed once, whatever comes after."""
        new, changed = len(self.new), len(self.changed)
        unchanged = self.recordings - new - changed
        return Report(
            new, changed, unchanged, self.unresolved, self.documents, self.problems,
            frozenset(self.new), frozenset(self.fetched),
        )  # fmt: skip
