"""`podcat export`"""

from __future__ import annotations

import click

from podcat.cli.console import Console, pass_console


@click.command(epilog="Example: podcat export > podcat.jsonl")
@pass_console
def export(console: Console) -> int:
    """Print the whole catalogue as JSON Lines: nothing is lost, the order is always the same.

    podcat import reads it, into this catalogue or another one.
    """
    from podcat.catalogue import open_catalogue

    with open_catalogue(console.config.database, create=False) as catalogue:
        for line in catalogue.export():
            click.echo(line)
    return console.exit_code
