"""`podcat show`"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from podcat.cli import byhand, output
from podcat.cli.console import Console, pass_console

if TYPE_CHECKING:
    from podcat.catalogue import Attempt, Detail

Rows = Sequence[Sequence[str | int | None]]


@click.command(epilog="Example: podcat show 7")
@byhand.argument
@output.format_option
@pass_console
def show(console: Console, named: str, form: str) -> int:
    """Print all that is known of an episode, and who says so.

    ID is the number, the guid or the address of an episode's page, also of one that was merged
    into another.
    """
    with byhand.opened(console, named, alters=False) as (catalogue, number):
        detail, attempt = catalogue.detail(number), catalogue.attempt(number)
    if form == output.JSONL:
        click.echo(output.as_json(_json(detail) | {"attempt": attempt}))
    else:
        _print(detail, attempt)
    return console.exit_code


def _json(detail: Detail) -> dict[str, Any]:
    values = dataclasses.asdict(detail)
    episode: dict[str, Any] = values.pop("episode")
    return episode | {"playable": detail.episode.playable} | values


def _print(detail: Detail, attempt: Attempt | None) -> None:
    episode = detail.episode
    click.echo(f"{episode.id}  {episode.title or '(no title)'}")
    click.echo(f"{episode.guid}  {episode.provider} {episode.provider_id or ''}".rstrip())
    if detail.hidden:
        click.echo("hidden: in no list, feed, search or count; podcat hide --show brings it back")
    if attempt:
        click.echo(_tried(attempt))
    for heading, headers, rows in _sections(detail):
        if rows:
            click.echo(f"\n{heading}")
            output.print_table(headers, rows)


def _tried(attempt: Attempt) -> str:
    """`not resolved: its player answers 404 Not Found (tried 2 times, last …; again from …)`"""
    times = "once" if attempt.tries == 1 else f"{attempt.tries} times"
    last, due = _moment(attempt.tried_at), _moment(attempt.next_at)
    return f"not resolved: {_line(attempt.why)} (tried {times}, last {last}; again from {due})"


def _sections(detail: Detail) -> Iterator[tuple[str, Sequence[str], Rows]]:
    yield "values", ("field", "shown", "rule", "document", "time", "value"), [
        (o.field, "yes" if o.chosen else "no", o.rule, o.document, _moment(o.seen_at),
         _line(o.value))
        for o in detail.origins
    ]  # fmt: skip
    yield "edits", ("field", "time", "value"), [
        (e.field, _moment(e.at), "(none)" if e.value is None else _line(e.value))
        for e in detail.edits
    ]  # fmt: skip
    yield (
        "appearances",
        ("page", "document", "line", "address"),
        [(a.page_id, a.document, a.place.line, a.url) for a in detail.appearances],
    )
    yield "keys", ("key",), [(key,) for key in detail.keys]
    yield "aliases", ("id", "guid"), [(a.id, a.guid) for a in detail.aliases]


def _line(value: str) -> str:
    return " ".join(value.split())


def _moment(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"
