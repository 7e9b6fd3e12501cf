"""The truth test: `podcat check` over a world of which everything is known."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import world

# Two tries, no pause between questions to one host; a busy machine answers within seconds, too.
QUICKLY = ("--timeout", "4", "--retries", "1", "--interval", "0", "--per-host", "32")


@dataclass
class Told:
    """What the command said, and what the world saw."""

    done: subprocess.CompletedProcess[str]
    results: dict[str, dict[str, Any]]
    asked: Counter[str]
    unknown: list[str]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl to make a certificate: apt-get install openssl")
    folder = tmp_path_factory.mktemp("world")
    (folder / "post.html").write_text(world.page(), encoding="utf-8")
    (folder / "feed.rss").write_text(world.feed(), encoding="utf-8")
    with world.running(folder) as whole:
        done = _check(folder, whole.remaps())
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return Told(done, {r["url"]: r for r in lines}, Counter(whole.asked), whole.unknown)


def _check(folder: Path, remaps: list[tuple[str, str]]) -> subprocess.CompletedProcess[str]:
    options = [part for pair in remaps for part in ("--remap", *pair)]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PODCAT_")}
    command = ["check", "--format", "jsonl", *QUICKLY, *options, "post.html", "feed.rss"]
    return subprocess.run(
        [sys.executable, "-m", "podcat", *command],
        cwd=folder,
        env=kept | {"HOME": str(folder), "PYTHONWARNINGS": "error"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


# Nobody can install IPv6 where a machine has none.
HERE = [s for s in world.SITUATIONS if s.door != "six" or world.has_ipv6()]
NAMES = [f"{s.kind} {s.url.split('/')[2]}: {s.says}" for s in HERE]


@pytest.mark.parametrize("situation", HERE, ids=NAMES)
def test_truth(told: Told, situation: world.Situation) -> None:
    result = told.results[situation.url]
    assert (result["state"], result["kind"]) == (situation.state, situation.kind), result["detail"]
    assert result["suggestion"] == situation.suggestion
    assert situation.about in result["detail"]


def test_nothing_that_lives_is_called_dead(told: Told) -> None:
    dead = {s.url for s in world.SITUATIONS if s.state == "gone"}
    assert {url for url, result in told.results.items() if result["state"] == "gone"} == dead


def test_every_kind_of_state_is_seen(told: Told) -> None:
    assert len(world.SITUATIONS) >= 60
    states = {result["state"] for result in told.results.values()}
    assert len(states) == 10


def test_the_world_knew_every_question(told: Told) -> None:
    assert told.unknown == []
    assert told.done.returncode == 1, told.done.stderr


def test_nobody_is_asked_in_vain(told: Told) -> None:
    """What is known beforehand costs no request, and nothing is asked twice but for a reason."""
    silent = {s.url for s in world.SITUATIONS if not s.replies}
    assert silent & set(told.asked) == set()
    again = {
        url for url, count in told.asked.items() if count > 4
    }  # two tries, each once more on a new connection
    assert again == set()
