"""Whose player is it? Providers are data: one TOML file each, read by a small engine."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from podcat.providers.engine import Match, Provider, Registry, Route
from podcat.providers.reading import load

__all__ = ["Match", "Provider", "Registry", "Route", "load", "registry"]


@cache
def registry() -> Registry:
    """The providers that come with podcat, read once."""
    return Registry(load(path) for path in sorted(Path(__file__).parent.glob("*.toml")))
