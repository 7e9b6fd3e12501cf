"""Where `podcat check` keeps what it has seen, and what it knows of an address."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from podcat.cli import output
from podcat.cli.console import Console
from podcat.cli.links import iso
from podcat.errors import DatabaseError, NotFoundError

if TYPE_CHECKING:
    from podcat.catalogue import Catalogue, Check, Standing
    from podcat.check.memory import Memory

HEADERS = ("checked at", "state", "status", "rule", "evidence")


@contextmanager
def memory(
    console: Console, *, of_catalogue: bool, max_age: int | None
) -> Iterator[tuple[Memory | None, int | None]]:
    """What remembers this run, and since when its looks will do.

    The links of a catalogue are remembered there. Those of sources are where there is a catalogue,
    or where --max-age asks for one to be made. What is not due of a catalogue is not asked again,
    unless --max-age says so.
    """
    from podcat.check.memory import Memory

    catalogue = _opened(console, of_catalogue=of_catalogue, create=max_age is not None)
    if catalogue is None:
        yield None, None
        return
    now = int(time.time())
    due = of_catalogue and max_age is None
    with catalogue:
        kept = Memory(catalogue, now, due=due, on_problem=console.problem)
        _gather(catalogue, now, console)
        yield kept, 0 if due else now - max_age if max_age else None
        _tell(kept, console, due=due)


def _opened(console: Console, *, of_catalogue: bool, create: bool) -> Catalogue | None:
    from podcat.catalogue import open_catalogue

    try:
        return open_catalogue(console.config.database, create=create and not of_catalogue)
    except DatabaseError as error:
        if of_catalogue:
            raise
        console.detail(f"this check is not remembered: {error}")
        return None


def _gather(catalogue: Catalogue, now: int, console: Console) -> None:
    """Take over new addresses; a catalogue that cannot be written is checked all the same."""
    try:
        catalogue.gather_links(now)
    except DatabaseError as error:
        console.detail(f"this check is not remembered: {error}")


def _tell(kept: Memory, console: Console, *, due: bool) -> None:
    if kept.recalled:
        many = "1 address was" if kept.recalled == 1 else f"{kept.recalled} addresses were"
        why = "is not due again; --max-age 0s asks all" if due else "will do by --max-age"
        console.note(f"{many} not asked: the last look {why}")
    if kept.told:
        console.note(kept.told)


# ---------------------------------------------------------------- podcat check --why URL


def why(console: Console, url: str, form: str) -> int:
    """Print every look at an address that is kept, with its rule and its evidence."""
    from podcat.catalogue import open_catalogue

    with open_catalogue(console.config.database, create=False) as catalogue:
        looks = catalogue.evidence(url)
        standing = catalogue.standings([url]).get(url)
    if not looks or standing is None:
        raise NotFoundError(url, "no look at it is kept", "podcat check looks and keeps")
    if form == output.JSONL:
        for look in looks:
            click.echo(output.as_json(_json(look)))
        return console.exit_code
    output.print_table(HEADERS, ([*_row(look)] for look in looks))
    click.echo(_stands(standing))
    return console.exit_code


def _stands(standing: Standing) -> str:
    """`failing since 2026-11-20; 3 failures in a row; looked at by every check`."""
    from podcat.check import history

    since = f" since {iso(standing.failing_since)[:10]}" if standing.failing_since else ""
    many = "1 failure" if standing.failures == 1 else f"{standing.failures} failures"
    failures = f"; {many} in a row" if standing.failures else ""
    rests = history.rests(standing, standing.last_checked)
    when = f"due again on {iso(standing.due_at)[:10]}" if rests else "looked at by every check"
    return f"{standing.health}{since}{failures}; {when}"


def _row(look: Check) -> Iterator[str]:
    yield from (iso(look.checked_at), look.state, str(look.status or ""), look.rule)
    yield "; ".join([look.detail, *_facts(look.evidence)])


def _facts(evidence: Any) -> Iterator[str]:
    """Evidence in one line a fact."""
    for answer in evidence.get("answers", ()):
        hops = "".join(f" -{hop['status']}-> {hop['to']}" for hop in answer.get("hops", ()))
        said = [
            str(answer[name]) for name in ("status", "type", "length", "trouble") if name in answer
        ]
        yield f"{answer['url']}{hops}: {', '.join(said)}"
    yield from evidence.get("warnings", ())


def _json(look: Check) -> dict[str, Any]:
    return {
        "url": look.url, "checked_at": iso(look.checked_at), "state": look.state,
        "status": look.status, "rule": look.rule, "detail": look.detail,
        "suggestion": look.suggestion, "evidence": dict(look.evidence),
    }  # fmt: skip
