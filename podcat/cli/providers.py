"""`podcat providers`"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from podcat.cli import output
from podcat.cli.console import Console, pass_console

if TYPE_CHECKING:
    from podcat.providers import Provider

HEADERS = ("provider", "name", "home", "closed")


@click.command(epilog="Example: podcat providers")
@pass_console
def providers(console: Console) -> int:
    """List the providers whose players podcat knows."""
    from podcat.providers import registry

    known = sorted(registry().providers.values(), key=lambda provider: provider.key)
    output.print_table(HEADERS, map(_row, known))
    return console.exit_code


def _row(provider: Provider) -> tuple[str | None, ...]:
    closed = provider.closed.isoformat() if provider.closed else None
    return (provider.key, provider.name, provider.home, closed)
