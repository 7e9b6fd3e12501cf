"""The benchmark of text extracts runs, and its texts hold what they are said to hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from podcat.extract import extract
from podcat.model import Document

sys.path.insert(0, str(Path(__file__).parent))
import bench_text_extracts as bench

FOUND = {"one of NPR": 1, "one of RFE/RL": 1, "one Space": 1, "many of NPR": 25}


@pytest.mark.parametrize("kind", bench.KINDS)
def test_texts_hold_their_recordings(kind: str) -> None:
    page = extract(Document(kind, bench.made(kind, 20_000)))
    assert len(page.embeds) == FOUND.get(kind, 0)


def test_it_prints_a_line_for_each() -> None:
    script = [sys.executable, bench.__file__, "1", "10000"]
    out = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    assert len(out.splitlines()) == 1 + len(bench.KINDS)
