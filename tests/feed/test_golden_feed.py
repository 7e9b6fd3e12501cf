"""The declared feed of the seeds, byte for byte: what stands beside its TOML is what it gives."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
FEED = ROOT / "feeds" / "kazakhstan.toml"


def test_the_feed_of_the_seeds(
    podcat: Callable[..., subprocess.CompletedProcess[str]],
    golden: Callable[[Path, bytes], None],
) -> None:
    now = {"SOURCE_DATE_EPOCH": "1642636800"}  # 20 January 2022
    assert podcat("add", ROOT / "seeds", env=now).returncode == 0
    done = podcat("feed", FEED, env={"PODCAT_BASE_URL": "https://podcat.example"})
    assert (done.returncode, done.stderr) == (0, "")
    golden(FEED.with_suffix(".rss"), done.stdout.encode())
