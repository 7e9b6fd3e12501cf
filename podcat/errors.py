"""What can go wrong, as exceptions that are caught by meaning.

Each prints as one line: the thing, what is wrong with it, what to do.
"""

from __future__ import annotations

import re
from typing import Final

UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def shown(name: str) -> str:
    """A path or an address as it is printed and stored: valid Unicode on one line."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", name)


class PodcatError(Exception):
    """Base of all errors that podcat expects; `exit_code` is what the command ends with."""

    exit_code = 2

    def __init__(self, thing: str, problem: str, advice: str = "") -> None:
        self.thing = thing
        self.problem = problem
        self.advice = advice
        super().__init__(thing, problem, advice)

    def __str__(self) -> str:
        line = f"{self.thing}: {self.problem}"
        if self.advice:
            line += f"; {self.advice}"
        return " ".join(line.split())


class UsageError(PodcatError):
    """The command was called in a way that cannot work."""


class ConfigError(PodcatError):
    """A configuration, provider or feed file says something podcat does not know."""


class DatabaseError(PodcatError):
    """The catalogue's database cannot be used: locked, read-only, unreachable, not ours."""


class NotFoundError(PodcatError):
    """Nothing has this name."""


class SourceError(PodcatError):
    """One source cannot be read; the others are still done."""

    exit_code = 1


class MissingSourceError(SourceError):
    """There is no such file or folder: a slip of the pen, so nothing is started."""

    exit_code = 2


class QueryError(PodcatError):
    """A parameter of a selection is wrong; `parameter` names it."""

    def __init__(self, parameter: str, problem: str, advice: str = "") -> None:
        super().__init__(parameter, problem, advice)
        self.parameter = parameter
