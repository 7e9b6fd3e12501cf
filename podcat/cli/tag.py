"""`podcat tag`"""

from __future__ import annotations

import click

from podcat.cli import byhand
from podcat.cli.console import Console, pass_console
from podcat.errors import UsageError
from podcat.text import words


@click.command(epilog="Example: podcat tag 7 Kazakhstan Energy")
@byhand.argument
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option("--remove", is_flag=True, help="Take the tags away, whatever documents say.")
@pass_console
def tag(console: Console, named: str, names: tuple[str, ...], *, remove: bool) -> int:
    """Give tags to an episode by hand, or take them away.

    ID is the number, the guid or the address of an episode's page.
    """
    for name in names:
        if not words(name):
            raise UsageError(name, "has no word in it", "write letters or numbers")
    with byhand.opened(console, named) as (catalogue, number):
        changed = catalogue.tag(number, names, wanted=not remove)
    return byhand.tell(console, number, changed, "tags removed" if remove else "tagged")
