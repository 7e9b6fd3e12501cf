"""Catalogues in a fresh folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from podcat.catalogue import Catalogue, open_catalogue


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "podcat.db"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def catalogue(url: str) -> Iterator[Catalogue]:
    with open_catalogue(url) as opened:
        yield opened
