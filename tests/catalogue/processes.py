"""Several at once: Python in processes of its own, tasks in threads of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import podcat

HERE = Path(__file__).parent


def environment() -> dict[str, str]:
    """In which a script knows podcat and the samples of this folder."""
    folders = os.pathsep.join([str(Path(podcat.__file__).parents[1]), str(HERE)])
    return os.environ | {"PYTHONPATH": folders}


def run(script: str, *arguments: str) -> str:
    """The output of a Python script that knows podcat and these samples."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True, text=True, check=False, env=environment(),
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


def run_all(tasks: list[Callable[[], object]]) -> list[BaseException]:
    failures: list[BaseException] = []

    def guarded(task: Callable[[], object]) -> None:
        try:
            task()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures
