"""`podcat backup`"""

from __future__ import annotations

from pathlib import Path

import click

from podcat.cli.console import Console, pass_console


@click.command(epilog="Example: podcat backup podcat-backup.db")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@pass_console
def backup(console: Console, target: Path) -> int:
    """Copy the catalogue into FILE while it is in use, whole or not at all."""
    from podcat.catalogue import open_catalogue

    with open_catalogue(console.config.database, create=False) as catalogue:
        size = catalogue.backup(target)
    console.note(f"{target}: {size} bytes")
    return console.exit_code
