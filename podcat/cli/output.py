"""Data on stdout."""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import click

from podcat.cli import table

_FLUSH = 0.1  # seconds
TABLE, JSONL = "table", "jsonl"

format_option = click.option(
    "--format",
    "form",
    type=click.Choice([TABLE, JSONL]),
    default=TABLE,
    show_default=True,
    help="For people, or one JSON object a line.",
)


def as_json(value: Any) -> str:
    """One line of JSON with letters as they are."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(type(value).__name__)


def print_lines(lines: Iterable[str]) -> None:
    """Lines as they come; to write each at once would take longer than to make it."""
    out, due = sys.stdout, 0.0
    try:
        for line in lines:
            out.write(f"{line}\n")
            if (now := time.monotonic()) >= due:
                out.flush()
                due = now + _FLUSH
    finally:
        out.flush()


def print_groups(
    headers: Sequence[str], groups: Iterable[tuple[str, Sequence[Sequence[str | int | None]]]]
) -> None:
    """One table whose rows stand in groups, each below its name."""
    found = list(groups)
    lines = table.lines(headers, [row for _, rows in found for row in rows], table.room())
    for line in islice(lines, 1):
        click.echo(line)
    for name, rows in found:
        click.echo(name)
        for line in islice(lines, len(rows)):
            click.echo(line)


def print_table(headers: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> None:
    """Rows under their headers."""
    for line in table.lines(headers, rows, table.room()):
        click.echo(line)
