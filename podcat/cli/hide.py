"""`podcat hide`"""

from __future__ import annotations

import click

from podcat.cli import byhand
from podcat.cli.console import Console, pass_console


@click.command(epilog="Example: podcat hide 7")
@byhand.argument
@click.option("--show", "again", is_flag=True, help="Bring it back.")
@pass_console
def hide(console: Console, named: str, *, again: bool) -> int:
    """Take an episode out of every list, feed, search and count.

    ID is the number, the guid or the address of an episode's page.
    """
    with byhand.opened(console, named) as (catalogue, number):
        changed = catalogue.hide(number, hidden=not again)
    return byhand.tell(console, number, changed, "shown again" if again else "hidden")
