"""Whose player is it? Providers are data: one TOML file each, read by a small engine."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from podcat.providers import own
from podcat.providers.engine import Match, Provider, Registry, Route
from podcat.providers.reading import load

__all__ = ["Match", "Provider", "Registry", "Route", "built_in", "load", "registry", "use"]

FOLDER = Path(__file__).parent
"""Of the files that come with podcat."""


@cache
def built_in() -> tuple[Provider, ...]:
    """The providers that come with podcat; tests have proven their patterns."""
    return tuple(load(path, prove=False) for path in own.files(FOLDER))


@cache
def registry() -> Registry:
    """All providers, read once: those that come with podcat, and one's own (see `own`).

    Raises ConfigError for the first thing that is wrong with a file of one's own.
    """
    folder = own.folder()
    if folder is None:
        return Registry(built_in())
    gathered = own.Gathered(built_in(), own.files(folder))
    if gathered.problems:
        raise gathered.problems[0].error()
    return gathered.registry


def use(folder: Path | None) -> None:
    """Adds the providers of a folder, in this process and in those that it starts."""
    if folder and str(folder.absolute()) != os.environ.get(own.VARIABLE):
        os.environ[own.VARIABLE] = str(folder.absolute())
        registry.cache_clear()
