"""`podcat resolve`"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from podcat.cli import checking, hub, output, selecting, taping
from podcat.cli.console import Console, pass_console

if TYPE_CHECKING:
    from podcat.resolve import Outcome

HEADERS = ("id", "file", "type", "bytes", "title, and why there is none")


@click.command(epilog="Example: podcat resolve --provider npr --since 2022")
@selecting.options
@click.option("--again", is_flag=True, help="Ask also for what was tried in vain and is not due.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many.")
@checking.asking_options
@taping.options
@output.format_option
@pass_console
def resolve(
    console: Console, /, again: bool, limit: int | None, form: str, **rest: Any
) -> int:  # fmt: skip
    """Find the files of episodes that have a player alone, and what else their players tell.

    Each player is asked once, politely, and each episode is kept as it is done: a run that was
    stopped goes on where it was. What has no file is tried again later, less and less often;
    podcat show says why.
    """
    from podcat.cli.resolving import run

    tape = taping.tape(rest.pop("record"), rest.pop("replay"))
    names = [name for name in checking.LiveOptions.__dataclass_fields__ if name in rest]
    live = checking.LiveOptions(**{name: rest.pop(name) for name in names})
    live = live.over(console.config.check)
    selection = selecting.selection(**rest)
    found: list[Outcome] = []
    print_now = _print_json if form == output.JSONL else found.append
    with tape, hub.told(console):
        report = run(
            console, live, selection=selection, again=again, limit=limit, heard=print_now
        )  # fmt: skip
    if found:
        output.print_table(HEADERS, map(_row, sorted(found, key=lambda one: one.episode)))
    console.note(str(report))
    return console.exit_code


def _row(outcome: Outcome) -> tuple[str | int | None, ...]:
    end = outcome.end
    said = ": ".join(filter(None, (outcome.title or "(no title)", end.why)))
    return outcome.episode, "yes" if end.file else "no", end.media_type, end.length, said


def _print_json(outcome: Outcome) -> None:
    end = outcome.end
    due = outcome.next_at
    click.echo(
        output.as_json({
            "id": outcome.episode, "title": outcome.title, "file": end.file,
            "media_type": end.media_type, "media_bytes": end.length,
            "why": end.why, "state": str(end.refused) if end.refused else None,
            "next_at": f"{datetime.fromtimestamp(due, UTC):%Y-%m-%dT%H:%M:%SZ}" if due else None,
        })
    )  # fmt: skip
