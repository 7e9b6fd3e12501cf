"""The benchmarks still run; what they measure fails nothing, machines are busy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("script", "option", "row"),
    [
        ("bench_extract.py", "--quick", "BeautifulSoup, same answers / podcat"),
        ("bench_text_extracts.py", "1", "300"),
        ("catalogue.py", "--sizes=100", "search, commonest word"),
        ("bench_feed.py", "--smoke", "joined from the catalogue / feedgen"),
        ("bench_check.py", "--quick", "MB at most"),
        ("bench_pages.py", "--smoke", "list of 50 kept / Flask hello"),
        ("bench_resolve.py", "--quick", "60, 50 ms, 16"),
        ("bench_work.py", "--smoke", "from a look at a changed source to its feed"),
    ],
)
def test_benchmark_runs(script: str, option: str, row: str, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, HERE / script, option],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        env=os.environ | {"PODCAT_DATABASE": f"sqlite:///{tmp_path}/podcat.db"},
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    assert row in ran.stdout
