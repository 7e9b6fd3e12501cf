"""The seam between the catalogue and a database: what a back end has to offer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from podcat import text
from podcat.catalogue.search import Query

Value = str | int | bytes | None
T = TypeVar("T")

BATCH = 500
"""How many things one statement asks for."""
Where = tuple[str, dict[str, Value]]
"""A condition, or a query, and the values of its names."""
_LARGEST = 2**63 - 1


Row = Mapping[str, Any]
"""One row of an answer; columns by name."""


class Database(Protocol):
    """Runs statements written with `:name`; every method raises DatabaseError and nothing else.

    Each thread has its own connection. Outside `transaction` every statement stands alone.
    """

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written."""

    def all(self, sql: str, /, **values: Value) -> list[Row]:
        """All rows of a query."""

    def one(self, sql: str, /, **values: Value) -> Row | None:
        """The first row of a query, or None."""

    def run(self, sql: str, /, **values: Value) -> int:
        """The number of rows that a statement wrote."""

    def run_many(self, sql: str, rows: Iterable[Mapping[str, Value]], /) -> None:
        """The same statement for each of the rows."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing; waits for other writers, and keeps them out until its end."""

    def hits(self, words: Query) -> Where:
        """A query that gives the ids of the episodes that have these words, and its values."""

    def says(self, words: Query) -> Where:
        """A condition on a row of `search s` that was found by its number, not by the index."""

    def words_in_order(self, words: Query) -> Where | None:
        """A condition by which an index gives rows of `search s` in order; None if it cannot."""

    def few_hits(self, words: Query, part: str, wanted: int) -> Where | None:
        """As `hits`, for a part of `search s`, unless walking to `wanted` hits is faster."""

    def one_of(self, column: str, query: str) -> str:
        """The condition that a column is in a small set, which is looked up and not searched."""

    def clear_words(self) -> None:
        """Empty the index of words, also a damaged one."""

    def close(self) -> None:
        """Close the connections of all threads."""


def among(column: str, ids: Iterable[int]) -> str:
    """The condition that a column holds one of these numbers."""
    listed = ",".join(str(int(number)) for number in ids)
    return f"{column} IN ({listed})" if listed else "1 = 0"


def batches(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """Things in portions that one statement can take."""
    return (things[start : start + BATCH] for start in range(0, len(things), BATCH))


def listed(column: str, texts: Sequence[str]) -> Iterator[tuple[str, dict[str, Value]]]:
    """The condition that a column holds one of these texts, and its values, batch by batch."""
    for batch in batches(texts):
        values: dict[str, Value] = {f"text{number}": each for number, each in enumerate(batch)}
        yield f"{column} IN ({', '.join(f':{name}' for name in values)})", values


def bound(values: Mapping[str, Value]) -> dict[str, Value]:
    """Values that a database takes: numbers within 64 bits, text that can be encoded."""
    return {name: value if _is_fit(value) else _fitting(value) for name, value in values.items()}


def _is_fit(value: Value) -> bool:
    if type(value) is str:
        return value.isascii() and value.isprintable()
    return value is None or (type(value) is int and -_LARGEST <= value <= _LARGEST)


def _fitting(value: Value) -> Value:
    if isinstance(value, str):
        return text.scrub(value)
    if isinstance(value, int):
        return int(max(-_LARGEST, min(value, _LARGEST)))
    return value
