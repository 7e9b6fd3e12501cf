"""Documents into the catalogue, one whole document a transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from podcat.errors import SourceError
from podcat.ingest import pool
from podcat.model import Document, Page

if TYPE_CHECKING:
    from podcat.catalogue import Catalogue

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

    def __str__(self) -> str:
        return (
            f"{self.new} new, {self.changed} changed, {self.unchanged} unchanged, "
            f"{self.unresolved} unresolved "
            f"({self.documents} document{'' if self.documents == 1 else 's'})"
        )

    def to_json(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


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

    `now` (seconds since 1970) stands for the moment of adding. Raises DatabaseError; what was
    stored before it stays stored.
    """
    counts = dict.fromkeys(Report().to_json(), 0)

    def problem(error: SourceError) -> None:
        counts["problems"] += 1
        on_problem(error)

    for document, page in pages(items, problem, on_page=on_page):
        outcome = catalogue.store(document, page, tags, now)
        counts["documents"] += 1
        for name in ("new", "changed", "unchanged", "unresolved"):
            counts[name] += getattr(outcome, name)
    return Report(**counts)
