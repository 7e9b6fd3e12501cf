"""Providers of one's own: the TOML files of a folder, beside those that come with podcat.

PODCAT_PROVIDERS names the folder. It is a variable of the environment because every process that
reads documents must know the same providers, those that podcat starts as well.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from podcat import urls
from podcat.errors import ConfigError
from podcat.providers import examples
from podcat.providers.engine import Provider, Registry
from podcat.providers.reading import load

VARIABLE: Final = "PODCAT_PROVIDERS"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file of one's own."""

    file: str
    entry: str
    problem: str

    def error(self) -> ConfigError:
        """The problem as podcat ends with it."""
        where = f"{self.file} {self.entry}".rstrip()
        return ConfigError(where, self.problem)


def folder() -> Path | None:
    """The folder of one's own, if there is one."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def files(path: Path) -> list[Path]:
    """The TOML files of a folder, or the file itself. Raises ConfigError where there is neither."""
    if path.is_file():
        return [path]
    try:
        return sorted(p for p in path.iterdir() if p.suffix == ".toml" and p.is_file())
    except OSError as error:
        advice = f"name a folder of TOML files by {VARIABLE}, or by providers in podcat.toml"
        raise ConfigError(str(path), f"cannot be read: {error.strerror}", advice) from None


class Gathered:
    """The providers that come with podcat and those of some files, and what is wrong with those.

    A file of the same name as one that comes with podcat takes its place.
    """

    def __init__(self, built_in: Iterable[Provider], paths: Sequence[Path]) -> None:
        self.problems: list[Problem] = []
        self.own = {path.name: made for path in paths if (made := self._loaded(path))}
        mine = {provider.key for provider in self.own.values()}
        kept = [provider for provider in built_in if provider.key not in mine]
        for name, provider in self.own.items():
            others = [*kept, *(p for p in self.own.values() if p is not provider)]
            self.problems += (Problem(name, "hosts", said) for said in _taken(provider, others))
        self.registry = Registry([*kept, *self.own.values()])
        for name, provider in self.own.items():
            self.problems += (
                Problem(name, *failure) for failure in examples.failures(provider, self.registry)
            )

    def _loaded(self, path: Path) -> Provider | None:
        try:
            return load(path)
        except ConfigError as error:
            said = f"{error.problem}; {error.advice}" if error.advice else error.problem
            entry = error.thing.removeprefix(path.name).strip()
            self.problems.append(Problem(path.name, entry, said))
            return None


def hosts_of(provider: Provider) -> list[str]:
    """Every host of a provider, as its file writes it."""
    return list(dict.fromkeys((*provider.hosts, *(h for r in provider.routes for h in r.hosts))))


def _taken(provider: Provider, others: Iterable[Provider]) -> Iterator[str]:
    for other in others:
        for host in hosts_of(provider):
            if theirs := next((h for h in hosts_of(other) if _overlap(host, h)), None):
                whose = f"{other.name}'s" + ("" if theirs == host else f" by {theirs}")
                advice = f"name the file {other.key}.toml to take its place"
                yield f"{host} is already {whose}; {advice}"
                break


def _overlap(one: str, other: str) -> bool:
    return urls.on_host(one.removeprefix("*."), other) or urls.on_host(
        other.removeprefix("*."), one
    )
