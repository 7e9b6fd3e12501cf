"""`podcat feed` and the podcast:guid: kept where the address lasts, and nobody waits for it."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from podcat.catalogue import open_catalogue
from podcat.catalogue.overview import computed_guid
from podcat.cli import main

Podcat = Callable[..., subprocess.CompletedProcess[str]]
HERE = {"PODCAT_BASE_URL": "https://here.example"}


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    """A feed with a name that an address has to encode, and an empty catalogue."""
    (tmp_path / "feeds").mkdir()
    path = tmp_path / "feeds" / "қазақстан.toml"
    path.write_text('title = "T"\ndescription = "D"\n', encoding="utf-8")
    open_catalogue(f"sqlite:///{tmp_path}/podcat.db").close()
    return path


def guid(podcat: Podcat, env: dict[str, str]) -> str:
    done = podcat("feed", "қазақстан", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    (found,) = re.findall("<podcast:guid>(.*)</podcast:guid>", done.stdout)
    return str(found)


def expected(base: str) -> str:
    name = "%D2%9B%D0%B0%D0%B7%D0%B0%D2%9B%D1%81%D1%82%D0%B0%D0%BD"
    return computed_guid(f"{base}/feeds/{name}.rss")


@pytest.mark.usefixtures("declared")
def test_it_stays_from_the_first_base_address_on(podcat: Podcat) -> None:
    assert guid(podcat, {}) == expected("http://127.0.0.1:8000")
    assert guid(podcat, HERE) == expected("https://here.example")
    assert guid(podcat, {"PODCAT_BASE_URL": "https://moved.example"}) == guid(podcat, HERE)
    assert guid(podcat, {}) == expected("https://here.example")


@pytest.mark.usefixtures("declared")
def test_nobody_waits_for_another_program_that_writes(
    tmp_path: Path,
    patience: float,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def here(*command: str, **_: object) -> subprocess.CompletedProcess[str]:
        """In this process, which has such patience."""
        return subprocess.CompletedProcess(command, main(command), *capsys.readouterr())

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PODCAT_BASE_URL", HERE["PODCAT_BASE_URL"])
    with closing(sqlite3.connect(tmp_path / "podcat.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        assert guid(here, HERE) == expected("https://here.example")
        assert time.monotonic() - begun < patience / 2
        writer.execute("ROLLBACK")
