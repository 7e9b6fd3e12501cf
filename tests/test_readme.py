"""What the README shows is true. Its two set-up commands are run as they stand by .ci/run."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Podcat = Callable[..., subprocess.CompletedProcess[str]]
README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README, re.S)
    assert found
    return found[1]


def test_two_commands_set_it_up() -> None:
    serve = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/podcat serve seeds/"
    setting_up = "python3 -m venv .venv && .venv/bin/pip install -e '.[test]'"
    tests = f"{setting_up} && .venv/bin/pytest -n auto"
    lines = README.splitlines()
    assert serve in lines
    assert tests in lines


def recipe(folder: Path, text: str) -> dict[str, str]:
    """The provider of the recipe in a folder of its own; the settings that name it."""
    folder.mkdir(exist_ok=True)
    (folder / "example.toml").write_text(text, encoding="utf-8")
    return {"PODCAT_PROVIDERS": str(folder)}


def test_the_provider_of_the_recipe_works(podcat: Podcat, tmp_path: Path) -> None:
    assert len(block("toml").splitlines()) == 6
    settings = recipe(tmp_path / "players", block("toml"))
    checked = podcat("providers", "--check", env=settings)
    assert (checked.returncode, checked.stdout) == (0, "")
    assert "files 1, examples 1, refused 2: all hold" in checked.stderr
    page = '<iframe src="//player.example.com/e/0a1b2c3d"></iframe>'
    found = podcat("extract", "--format", "jsonl", "-", text=page, env=settings)
    embed = json.loads(found.stdout)
    assert (embed["provider"], embed["id"]) == ("example", "0a1b2c3d")
    assert embed["embed_url"] == "https://player.example.com/e/0a1b2c3d"
    assert podcat("extract", "-", text=page).stdout == ""


@pytest.mark.parametrize(
    "wrong", [("{8}", "{7}"), ("/e/latest", "/e/00000000"), ('/e/{id}"', '/f"')]
)
def test_a_slip_in_the_recipe_is_found(
    podcat: Podcat, tmp_path: Path, wrong: tuple[str, str]
) -> None:
    settings = recipe(tmp_path / "players", block("toml").replace(*wrong))
    checked = podcat("providers", "--check", env=settings)
    assert checked.returncode == 1
    assert "example.toml" in checked.stdout


def test_the_commands_of_the_recipe_are_there(podcat: Podcat) -> None:
    assert "export PODCAT_PROVIDERS=" in README
    for command in re.findall(r"^podcat (providers .*?) +#", README, re.M):
        assert podcat(*command.split()).returncode == 0


def test_every_command_of_the_table_is_there(podcat: Podcat) -> None:
    named = set(re.findall(r"^\| `podcat (\w+)", README, re.M))
    listed = set(re.findall(r"^  (\w+) ", podcat("--help").stdout.partition("Commands:")[2], re.M))
    assert named == listed


def test_every_module_it_names_is_there() -> None:
    root = Path(__file__).parents[1]
    named = re.findall(r"`((?:podcat|tests|seeds|feeds|\.ci)/[\w./]*)`", README)
    assert named
    for path in named:
        if (root / "podcat").is_dir() and "NAME" not in path:
            assert (root / path).exists(), path
