"""Results as lines: for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from podcat.check.states import Result, State

HEADERS = ("state", "kind", "address", "where", "detail")


def jsonl(results: Iterable[Result]) -> Iterator[str]:
    """One JSON object an address."""
    for result in results:
        yield json.dumps(result.to_json(), ensure_ascii=False)


def rows(results: Iterable[Result]) -> Iterator[tuple[str, ...]]:
    """Cells for a table under HEADERS."""
    for result in results:
        detail = result.detail
        if result.suggestion:
            detail += f"; try {result.suggestion}"
        yield (result.state, result.kind, result.url, _where(result), detail)


def summary(states: Counter[State]) -> str:
    """`12 addresses: 1 malformed, 11 unchecked`, worst first."""
    total = states.total()
    order = [State.MALFORMED, State.GONE, State.HOLLOW, State.UNFRAMEABLE, *State]
    parts = [f"{states[state]} {state}" for state in dict.fromkeys(order) if states[state]]
    counted = f"{total} address{'' if total == 1 else 'es'}"
    return counted + (": " + ", ".join(parts) if parts else "")


def _where(result: Result) -> str:
    if not result.places:
        return ""
    first = result.places[0]
    where = first.document + (f":{first.line}" if first.line is not None else "")
    more = len(result.places) - 1
    return f"{where} (+{more})" if more else where
