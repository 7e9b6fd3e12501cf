"""`podcat split`"""

from __future__ import annotations

import click

from podcat.cli import byhand
from podcat.cli.console import Console, pass_console
from podcat.errors import UsageError


@click.command(epilog="Example: podcat split 7 --page https://example.org/another-talk")
@byhand.argument
@click.option(
    "--page",
    "pages",
    metavar="PAGE",
    multiple=True,
    help="What stands on this page (address or number) is another recording; repeatable.",
)
@click.option("--undo", is_flag=True, help="Take back the split that made this episode.")
@pass_console
def split(console: Console, named: str, *, pages: tuple[str, ...], undo: bool) -> int:
    """Undo a wrong merge: what stands on some pages is an episode of its own.

    That holds for every version of these pages, also those added later. The episode keeps its
    number and guid; what was an episode before it was merged gets its own back. ID is the number,
    the guid or the address of an episode's page; podcat show ID lists its pages.
    """
    if undo == bool(pages):
        raise UsageError("split", "give either --page or --undo", "see podcat split --help")
    with byhand.opened(console, named) as (catalogue, number):
        found = catalogue.unsplit(number) if undo else catalogue.split(number, pages)
    what = "is part of" if undo else "split off as"
    click.echo(f"{number}: {what} {', '.join(map(str, found))}")
    return console.exit_code
