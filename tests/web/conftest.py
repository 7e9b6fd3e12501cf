"""A catalogue as real documents give it, and a client that visits its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from web_samples import BRIEFING, KAZAKHSTAN, PODCAST, STORIES, store

from podcat.catalogue import Catalogue, open_catalogue
from podcat.config import Config
from podcat.web import create_app

Lent = Callable[..., AbstractContextManager[str]]


def configured(folder: Path, database: str | None = None) -> Config:
    """Declared feeds and, if nothing is said, a database in a folder of their own."""
    feeds = folder / "feeds"
    feeds.mkdir()
    (feeds / "kazakhstan.toml").write_text(KAZAKHSTAN, encoding="utf-8")
    (feeds / "files.toml").write_text(PODCAST, encoding="utf-8")
    return Config(
        database=database or f"sqlite:///{folder}/podcat.db",
        base_url="https://podcat.example",
        feeds=feeds,
    )


def fill(catalogue: Catalogue) -> Catalogue:
    """Two pages."""
    store(catalogue, BRIEFING, "briefing.txt")
    store(catalogue, STORIES, "stories.txt")
    return catalogue


# ---------------------------------------------------------------- for tests that only read


@pytest.fixture(scope="module")
def read_config(tmp_path_factory: pytest.TempPathFactory, lent: Lent) -> Iterator[Config]:
    """Of the filled catalogue that the reading tests of a module share."""
    with lent() as url:
        yield configured(tmp_path_factory.mktemp("web"), url)


@pytest.fixture(scope="module")
def stored(read_config: Config) -> Iterator[Catalogue]:
    """The filled catalogue that the reading tests of a module share."""
    with open_catalogue(read_config.database) as opened:
        yield fill(opened)


@pytest.fixture(scope="module")
def client(read_config: Config, stored: Catalogue) -> Iterator[FlaskClient]:
    """A visitor of the shared catalogue."""
    made = create_app(read_config)
    yield made.test_client()
    made.extensions["podcat"].close()


# ---------------------------------------------------------------- for tests that write


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Of a catalogue of the test's own."""
    return configured(tmp_path)


@pytest.fixture
def catalogue(config: Config) -> Iterator[Catalogue]:
    """An open, empty catalogue."""
    with open_catalogue(config.database) as opened:
        yield opened


@pytest.fixture
def filled(catalogue: Catalogue) -> Catalogue:
    """The test's own catalogue with two pages in it."""
    return fill(catalogue)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The application over the test's own catalogue."""
    made = create_app(config)
    yield made
    made.extensions["podcat"].close()


@pytest.fixture
def guest(app: Flask, filled: Catalogue) -> FlaskClient:
    """A visitor of the test's own catalogue."""
    return app.test_client()
