"""Catalogues of a test's own, on each kind of database in turn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from podcat.catalogue import Catalogue, open_catalogue


@pytest.fixture
def url(database: str) -> str:
    return database


@pytest.fixture
def catalogue(url: str) -> Iterator[Catalogue]:
    with open_catalogue(url) as opened:
        yield opened
