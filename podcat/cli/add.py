"""`podcat add`"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from podcat.cli import checking, hub, output, selecting, sources, taping
from podcat.cli.console import Console, pass_console

if TYPE_CHECKING:
    from podcat.ingest import Report
    from podcat.net import Remap


@click.command(epilog="Example: podcat add --tag kazakhstan saved-pages/")
@sources.argument
@sources.url_option
@selecting.tag_option("Tag what is found; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="The counts as one JSON object.")
@sources.allow_private
@sources.follow_option
@click.option(
    "--resolve/--no-resolve",
    default=None,
    help="Find the files of what is new; default: of what was on fetched pages.",
)
@checking.remap_option
@taping.options
@pass_console
def add(  # noqa: PLR0913  (click gives every option an argument)
    console: Console,
    given: Sequence[str],
    *,
    url: str | None,
    tags: tuple[str, ...],
    as_json: bool,
    allow_private: bool,
    follow: bool | None,
    resolve: bool | None,
    remap: Remap | None,
    record: Path | None,
    replay: Path | None,
) -> int:
    """Read documents into the catalogue; safe to repeat.

    SOURCE is a file, a folder, - or an address.
    """
    with taping.tape(record, replay), hub.told(console):
        report = sources.store(
            given, console, url=url, tags=tags, allow_private=allow_private, follow=follow,
            remap=remap,
        )  # fmt: skip
        _resolve(report, resolve, console, remap=remap, allow_private=allow_private)
    if report.documents and not report.recordings:
        console.note("nothing was recognised; podcat extract --explain says of each document why")
    click.echo(output.as_json(report.to_json()) if as_json else report)
    return console.exit_code


def _resolve(
    report: Report, wanted: bool | None, console: Console, *, remap: Remap | None,
    allow_private: bool,
) -> None:  # fmt: skip
    """Finds the files of what is new, where the network is asked anyway or that is wanted."""
    new = report.fetched if wanted is None else report.made if wanted else ()
    if not new:
        return
    from podcat.cli.resolving import run

    live = checking.LiveOptions(remap=remap, allow_private=allow_private)
    found = run(console, live.over(console.config.check), only=sorted(new))
    console.note(str(found))
