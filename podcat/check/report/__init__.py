"""Results as lines: for people, and for the programs that run checks.

`jsonl` is the contract's; `junit`, `sarif` and `github` are what servers of continuous integration
read. All are generators of lines.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from podcat.check.report import github, junit, sarif
from podcat.check.report.items import Feeds, Item, items
from podcat.check.states import BROKEN, Result, State

__all__ = ["FORMATS", "HEADERS", "by_page", "jsonl", "summary", "written"]

HEADERS: Final = ("line", "state", "kind", "address", "detail")
NO_PAGE: Final = "(in no document: built by rule)"
Row = tuple[str, str, str, str, str]

FORMATS: Final[Mapping[str, Callable[[Iterable[Item]], Iterator[str]]]] = {
    "junit": junit.lines,
    "sarif": sarif.lines,
    "github": github.lines,
}
"""Formats that hold more than addresses: what is wrong with feeds stands in them, too."""


def written(
    form: str,
    results: Iterable[Result],
    feeds: Feeds,
    failing: frozenset[State] = BROKEN,
) -> Iterator[str]:
    """The lines of one of FORMATS; `feeds` may fill while results come."""
    return FORMATS[form](items(results, feeds, failing))


def jsonl(results: Iterable[Result]) -> Iterator[str]:
    """One JSON object an address."""
    for result in results:
        yield json.dumps(result.to_json(), ensure_ascii=False)


def by_page(results: Iterable[Result]) -> Iterator[tuple[str, list[Row]]]:
    """Each document with the cells under HEADERS of its addresses, in the order of its lines.

    Documents come in the order of first sight; what stands in none comes last.
    """
    pages: dict[str, list[tuple[int, Row]]] = {}
    for result in results:
        lines: dict[str, list[int]] = {}
        for place in result.places:
            lines.setdefault(place.document, []).append(place.line or 0)
        for document, found in (lines or {NO_PAGE: [0]}).items():
            row = _row(result, found)
            pages.setdefault(document, []).append((min(found), row))
    for document in sorted(pages, key=lambda name: name == NO_PAGE):
        yield document, [row for _, row in sorted(pages[document], key=lambda line: line[0])]


def _row(result: Result, lines: list[int]) -> Row:
    detail = result.detail
    if result.suggestion:
        detail += f"; try {result.suggestion}"
    where = ",".join(str(line) for line in dict.fromkeys(lines) if line)
    return (where, result.state, result.kind, result.url, detail)


def summary(states: Counter[State]) -> str:
    """`12 addresses: 1 malformed, 11 unchecked`, worst first."""
    total = states.total()
    order = [State.MALFORMED, State.GONE, State.HOLLOW, State.UNFRAMEABLE, *State]
    parts = [f"{states[state]} {state}" for state in dict.fromkeys(order) if states[state]]
    counted = f"{total} address{'' if total == 1 else 'es'}"
    return counted + (": " + ", ".join(parts) if parts else "")
