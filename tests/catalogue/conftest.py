"""Catalogues of a test's own, on each kind of database in turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from podcat.catalogue import Catalogue, open_catalogue


@pytest.fixture
def url(database: str) -> str:
    return database


@pytest.fixture
def catalogue(url: str) -> Iterator[Catalogue]:
    with open_catalogue(url) as opened:
        yield opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a SQLite file may be."""
    return tmp_path / "podcat.db"


@pytest.fixture
def in_file(path: Path) -> Iterator[Catalogue]:
    """A catalogue in a SQLite file, whatever else is tried."""
    with open_catalogue(f"sqlite:///{path}") as opened:
        yield opened
