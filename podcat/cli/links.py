"""`podcat links`"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from podcat.cli import checking, output
from podcat.cli.console import Console, pass_console
from podcat.errors import UsageError

if TYPE_CHECKING:
    from podcat.catalogue import Catalogue, Watched

HEADERS = ("health", "state", "since", "times", "episodes", "address", "instead")
_PAGE = 500


@click.command(epilog="Example: podcat links --dead --older-than 30d")
@click.option("--state", "states", metavar="STATE,...", help="What the last look at them said.")
@click.option("--failing", is_flag=True, help="Failing, and not yet given up.")
@click.option("--dead", is_flag=True, help="Dead: failed too often, over days.")
@click.option("--recovered", is_flag=True, help="Failed before, and answer again.")
@click.option(
    "--older-than",
    metavar="AGE",
    callback=checking.seconds,
    help="Have been so for longer than this: 12h, 7d, 2w.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many.")
@output.format_option
@pass_console
def links(  # noqa: PLR0913  (click gives every option an argument)
    console: Console,
    *,
    states: str | None,
    failing: bool,
    dead: bool,
    recovered: bool,
    older_than: int | None,
    limit: int | None,
    form: str,
) -> int:
    """List links by how they stand after all checks, the latest change first.

    Without options, those that are dead or failing. An old copy is named for each of them.
    """
    from podcat.catalogue import open_catalogue

    flags = {"failing": failing, "dead": dead, "recovered": recovered}
    groups = _groups(states, [name for name, given in flags.items() if given])
    before = None if older_than is None else int(time.time()) - older_than
    with open_catalogue(console.config.database, create=False) as catalogue:
        found = islice(_all(catalogue, groups, before), limit)
        if form == output.JSONL:
            for one in found:
                click.echo(output.as_json(_json(one)))
        else:
            output.print_table(HEADERS, map(_row, found))
    return console.exit_code


def _groups(states: str | None, named: list[str]) -> list[str]:
    from podcat.check.states import State

    given = [name.strip() for name in (states or "").split(",") if name.strip()]
    for name in given:
        if name not in list(State):
            raise UsageError(f"--state {name}", "no such state", f"use {', '.join(State)}")
    return given + named or ["dead", "failing"]


def _all(catalogue: Catalogue, groups: Sequence[str], before: int | None) -> Iterator[Watched]:
    after = None
    while True:
        page = catalogue.watched_links(groups, before=before, after=after, limit=_PAGE)
        yield from page.links
        if (after := page.next) is None:
            return


def _archived(one: Watched) -> str | None:
    from podcat.catalogue.archive import dated

    if one.standing.health not in ("dead", "failing"):
        return None
    return dated(one.url, one.standing.last_ok, one.published, one.first_seen)


def _row(one: Watched) -> tuple[str | int, ...]:
    standing = one.standing
    since = standing.failing_since or standing.recovered_at or standing.since
    return (
        "recovered" if standing.recovered_at else standing.health,
        standing.state,
        iso(since)[:10],
        standing.failures or "",
        ",".join(map(str, one.episodes)),
        one.url,
        one.suggestion or _archived(one) or "",
    )


def _json(one: Watched) -> dict[str, Any]:
    standing = one.standing
    times = ("since", "failing_since", "dead_since", "recovered_at", "last_ok", "last_checked")
    return {
        "url": one.url, "kind": one.kind, "provider": one.provider, "id": one.id,
        "health": standing.health, "state": standing.state, "status": one.status,
        "detail": one.detail, "failures": standing.failures,
        **{name: iso(getattr(standing, name)) or None for name in times},
        "due_at": iso(standing.due_at), "suggestion": one.suggestion, "archive": _archived(one),
        "episodes": list(one.episodes),
    }  # fmt: skip


def iso(seconds: int | None) -> str:
    """A time in UTC as ISO 8601; empty for none."""
    if seconds is None:
        return ""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
