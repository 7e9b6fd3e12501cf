"""What the README shows is true. Its two set-up commands are run as they stand by .ci/run."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from podcat.providers import Registry, load

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README, re.S)
    assert found
    return found[1]


def test_two_commands_set_it_up() -> None:
    serve = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/podcat serve seeds/"
    tests = "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest"
    lines = README.splitlines()
    assert serve in lines
    assert tests in lines


def test_the_provider_of_the_recipe_works(tmp_path: Path) -> None:
    path = tmp_path / "example.toml"
    path.write_text(block("toml"), encoding="utf-8")
    provider = load(path)
    registry = Registry([provider])
    for example in provider.examples:
        match = registry.match(example["url"])
        assert match
        assert match.id == example["id"]
        back = registry.match(match.embed_url)
        assert back
        assert back.id == match.id
    assert provider.examples
    assert provider.refused
    assert all(registry.match(url) is None for url in provider.refused)


def test_every_command_of_the_table_is_there(
    podcat: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
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
