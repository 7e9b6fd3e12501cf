"""`podcat add`"""

from __future__ import annotations

from collections.abc import Sequence

import click

from podcat.cli import hub, output, selecting, sources
from podcat.cli.console import Console, pass_console


@click.command(epilog="Example: podcat add --tag kazakhstan saved-pages/")
@sources.argument
@sources.url_option
@selecting.tag_option("Tag what is found; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="The counts as one JSON object.")
@sources.allow_private
@sources.follow_option
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
) -> int:
    """Read documents into the catalogue; safe to repeat.

    SOURCE is a file, a folder, - or an address.
    """
    with hub.told(console):
        report = sources.store(
            given, console, url=url, tags=tags, allow_private=allow_private, follow=follow
        )
    click.echo(output.as_json(report.to_json()) if as_json else report)
    return console.exit_code
