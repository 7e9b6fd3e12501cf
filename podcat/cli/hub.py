"""Telling a hub of what a command changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from podcat.cli.console import Console


@contextmanager
def told(console: Console) -> Iterator[None]:
    """The hub of the settings hears of the feeds that the block changed."""
    if console.config.hub is None:
        yield
        return
    from podcat.ingest import hub  # loads all that reads documents

    with hub.told(console.config, console.note):
        yield
