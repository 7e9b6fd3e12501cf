"""What the commands share that change one episode by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import click

from podcat.cli import hub
from podcat.cli.console import Console

if TYPE_CHECKING:
    from podcat.catalogue import Catalogue

argument: Callable[..., Any] = click.argument("named", metavar="ID")


@contextmanager
def opened(console: Console, named: str, *, alters: bool = True) -> Iterator[tuple[Catalogue, int]]:
    """The catalogue, and the number of the episode. Raises DatabaseError and NotFoundError.

    What `alters` it is told to the hub of the settings.
    """
    from podcat.catalogue import open_catalogue

    telling = hub.told(console) if alters else nullcontext()
    with telling, open_catalogue(console.config.database, create=False) as catalogue:
        yield catalogue, catalogue.find(named)


def tell(console: Console, number: int, changed: bool, what: str) -> int:
    """Say what came of it; the exit code."""
    click.echo(f"{number}: {what if changed else 'unchanged'}")
    return console.exit_code
