"""`podcat resolve` is killed in the middle: what it had kept stays, and the next run does the rest."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from known_hosts import MP3, file, npr_model, npr_page, player, run, sound, world

MANY = 48
QUICKLY = ("--interval", "0", "--per-host", "8")


def replies(*acts: str) -> dict[str, list[world.Reply]]:
    """Players, each of which acts in one of these ways, and their files."""
    found: dict[str, list[world.Reply]] = {}
    for number in range(MANY):
        page = str(npr_page(npr_model(sound(number))).body)
        found[player(number)] = [world.act(acts[number % len(acts)], page)]
        found[sound(number)] = [file(MP3)]
    return found


def playable(folder: Path) -> int:
    return len(run(folder, "episodes", "--playable", "--format", "jsonl").stdout.splitlines())


def killed(folder: Path, options: list[str], patience: float = 60) -> int:
    """How many were done when the run was killed, right after it had kept something."""
    ask = [sys.executable, "-m", "podcat", "resolve", *QUICKLY, *options]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PODCAT_")}
    ended = time.monotonic() + patience
    with subprocess.Popen(
        ask, cwd=folder, env=kept, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            while not (done := playable(folder)) and time.monotonic() < ended:
                time.sleep(0.02)
        finally:
            process.kill()
    return done


def test_nothing_that_was_kept_is_lost_or_asked_for_again(tmp_path: Path) -> None:
    frames = "".join(f'<iframe src="{player(n)}"></iframe>' for n in range(MANY))
    (tmp_path / "page.html").write_text(f"<!doctype html><title>x</title><body>{frames}")
    run(tmp_path, "add", "--url", "https://blog.example/", "page.html")
    # Some never answer, so that the run cannot end before it is killed.
    with world.serving(replies(*["late"] * 11, "hang")) as (_, remaps):
        assert 0 < killed(tmp_path, _remapped(remaps)) < MANY
    kept = playable(tmp_path)
    with world.serving(replies("answer")) as (hosts, remaps):
        report = run(tmp_path, "resolve", *QUICKLY, *_remapped(remaps))
    assert report.stderr == f"{MANY - kept} resolved, 0 measured, 0 left\n"
    assert playable(tmp_path) == MANY
    assert len(hosts.asked) == len(set(hosts.asked)) == 2 * (MANY - kept)
    assert run(tmp_path, "doctor").stdout == "the catalogue is well\n"


def _remapped(remaps: list[tuple[str, str]]) -> list[str]:
    return [part for pair in remaps for part in ("--remap", *pair)]
