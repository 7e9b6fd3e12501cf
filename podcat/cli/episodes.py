"""`podcat episodes`"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any

import click

from podcat.cli import output, selecting
from podcat.cli.console import Console, pass_console
from podcat.model import Cursor, Episode
from podcat.text import format_duration

HEADERS = ("id", "date", "provider", "length", "file", "title")
# What says which recording a line is about stands at its beginning.
_FIRST = ("id", "guid", "provider", "provider_id", "status")
_PAGE = 500


@click.command(epilog="Example: podcat episodes --tag kazakhstan --since 2022 --playable")
@selecting.options
@selecting.health_option
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many.")
@click.option(
    "--order",
    type=click.Choice(["newest", "oldest", "longest", "relevance"]),
    default="newest",
    show_default=True,
    help="Which come first; relevance is that of the words of --q. Unknown lengths come last.",
)
@output.format_option
@pass_console
def episodes(
    console: Console, /, limit: int | None, order: str, form: str, **narrowing: Any
) -> int:
    """List the catalogue, newest first where nothing else is asked for."""
    from podcat.catalogue import open_catalogue

    database = console.config.database  # first of all: the settings may name further providers
    selection = selecting.selection(**narrowing)
    with open_catalogue(database, create=False) as catalogue:
        found = islice(_all(partial(catalogue.episodes, selection, order=order)), limit)
        if form == output.JSONL:
            _print_json(found)
        else:
            output.print_table(HEADERS, map(_row, found))
    return console.exit_code


def _all(listing: Callable[..., Any]) -> Iterator[Episode]:
    """Page by page, so that a catalogue of any size is listed in little memory."""
    after: Cursor | None = None
    while True:
        page = listing(after=after, limit=_PAGE)
        yield from page.episodes
        after = page.next
        if after is None:
            return


def _print_json(found: Iterable[Episode]) -> None:
    for episode in found:
        values = dataclasses.asdict(episode)
        first = {name: values[name] for name in _FIRST}
        click.echo(output.as_json(first | values | {"playable": episode.playable}))


def _row(episode: Episode) -> tuple[str | int | None, ...]:
    stated = episode.published
    date = stated[:10] if stated else f"~{datetime.fromtimestamp(episode.sort_at, UTC):%Y-%m-%d}"
    return (
        episode.id,
        date,
        episode.provider,
        format_duration(episode.duration),
        "yes" if episode.playable else "no",
        episode.title,
    )
