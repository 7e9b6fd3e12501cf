"""`podcat doctor`"""

from __future__ import annotations

import click

from podcat.cli.console import Console, pass_console


@click.command(epilog="Example: podcat doctor --fix")
@click.option("--fix", is_flag=True, help="Rebuild the search index where it is wrong.")
@pass_console
def doctor(console: Console, *, fix: bool) -> int:
    """Look for damage, orphans and a search index that is wrong, and say what to do.

    The exit code is 1 where something is wrong and stays so.
    """
    from podcat.catalogue import open_catalogue

    with open_catalogue(console.config.database, create=False) as catalogue:
        found = list(catalogue.findings())
        if fix and any(finding.fixable for finding in found):
            count = catalogue.rebuild_index()
            console.note(f"the search index was rebuilt for {count} episodes")
            found = list(catalogue.findings())
    for finding in found:
        click.echo(f"{finding.what}; {finding.advice}")
    if not found:
        click.echo("the catalogue is well")
    return 1 if found else console.exit_code
