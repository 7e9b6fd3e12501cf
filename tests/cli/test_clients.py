"""Subscribing with a real podcast client: gPodder's command line against the real server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
gpo_program = shutil.which("gpo")

pytestmark = [
    pytest.mark.client,
    pytest.mark.skipif(gpo_program is None, reason="gPodder's gpo is not installed"),
]

Gpo = Callable[..., str]


@pytest.fixture
def address(tmp_path: Path, environment: dict[str, str]) -> Iterator[str]:
    """The seeds and the declared feeds, served by `podcat serve` on a free port."""
    command = [sys.executable, "-m", "podcat", "serve", str(ROOT / "seeds"), "--port", "0"]
    served = subprocess.Popen(
        [*command, "--workers", "1"],
        cwd=tmp_path,
        env=environment | {"PODCAT_FEEDS": str(ROOT / "feeds")},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert served.stderr
    with served:
        lines = iter(served.stderr.readline, "")
        yield next(m[1] for line in lines if (m := re.match(r"podcat: (http\S+)", line)))
        served.terminate()
        served.stderr.read()


@pytest.fixture
def gpo(tmp_path: Path) -> Gpo:
    """Runs gPodder with a home of its own."""

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [str(gpo_program), *arguments],
            env={**os.environ, "GPODDER_HOME": str(tmp_path / "gpodder"), "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout

    return run


def test_gpodder_subscribes_and_lists_every_recording(address: str, gpo: Gpo) -> None:
    feed = f"{address}feeds/kazakhstan.rss"
    gpo("subscribe", feed)
    assert "# Stories about Kazakhstan" in gpo("list")
    listed = gpo("pending")
    assert "7 new episodes" in listed
    assert "Twitter Spaces: A Week That Changed Kazakhstan Forever...What's Next?" in listed
    assert "Some Kazakhs Celebrate The Loss Of The 2022 Winter Olympics" in listed


def test_gpodder_finds_nothing_new_when_nothing_changed(address: str, gpo: Gpo) -> None:
    gpo("subscribe", f"{address}episodes.rss")
    before = gpo("pending")
    gpo("update")
    assert gpo("pending") == before
