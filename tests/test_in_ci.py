"""What others write into their pipelines does what it says: the hooks, and the README's step."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
HOOKS = ROOT / ".pre-commit-hooks.yaml"
FLASH = "http://www.npr.org/v2/?i=1&m=2&t=audio"
PLAYER = "https://www.npr.org/player/embed/1/2"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with a page whose player plays no more, and `podcat` on the path."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "podcat"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m podcat "$@"\n')
    program.chmod(0o755)
    (tmp_path / "site").mkdir()
    page = tmp_path / "site" / "page.html"
    page.write_text(f'<html><body>\n<a href="{FLASH}">Listen</a>\n</body></html>\n')
    return page


def ran(command: str, page: Path, *more: str) -> subprocess.CompletedProcess[str]:
    folder = page.parents[1]
    found = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    line = f"{command} {shlex.join(more)}".strip()
    return subprocess.run(
        line, shell=True, cwd=folder, env=os.environ | {"PATH": found}, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip


def hooks() -> dict[str, dict[str, Any]]:
    if not (ROOT / "podcat").is_dir():  # beside the wheel there is no repository
        return {}
    return {hook["id"]: hook for hook in yaml.safe_load(HOOKS.read_text(encoding="utf-8"))}


def test_hooks_have_what_pre_commit_demands() -> None:
    for hook in hooks().values():
        assert {"id", "name", "entry", "language"} <= hook.keys()
        assert hook["language"] == "python"


def test_the_hook_that_checks(site: Path) -> None:
    for hook in filter(None, [hooks().get("podcat-check")]):
        done = ran(hook["entry"], site, "site/page.html")
        assert (done.returncode, done.stderr) == (1, "")
        assert "NPR's Flash player plays no more" in done.stdout
        site.write_text(site.read_text().replace(FLASH, PLAYER))
        assert ran(hook["entry"], site, "site/page.html").returncode == 0


def test_the_hook_that_repairs(site: Path) -> None:
    for hook in filter(None, [hooks().get("podcat-repair")]):
        done = ran(hook["entry"], site, "site/page.html")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert f'<a href="{PLAYER}">' in site.read_text()


def steps() -> list[dict[str, Any]]:
    """The steps of the README's blocks in YAML."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", readme, re.S)]
    lists = [block for block in blocks if isinstance(block, list)]
    return [step for block in lists for step in block if "run" in step]


def test_the_step_for_github_annotates(site: Path) -> None:
    commands = [step["run"] for step in steps() if "--format github" in step["run"]]
    assert commands
    for command in commands:
        checks = [line for line in command.splitlines() if line.startswith("podcat")]
        done = ran("\n".join(checks), site)
        assert done.returncode == 1
        assert re.match(r"::error file=site/page.html,line=2,title=podcat%3A gone::", done.stdout)
