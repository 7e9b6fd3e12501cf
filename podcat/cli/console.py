"""What the options of every command say, and how commands speak to people."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from podcat import config as configuration
from podcat.cli.running import say
from podcat.config import Config

if TYPE_CHECKING:
    from podcat.cli.progress import Line
    from podcat.ingest import Seen

Shown = TypeVar("Shown", bound="Line")


@dataclass
class Console:
    """One run of podcat: its settings, and what it says on stderr."""

    config_file: Path | None = None
    database: str | None = None
    quiet: bool = False
    verbose: bool = False
    problems: int = 0
    progress: Line | None = None
    """Shown while documents are read, where a person can see it."""

    @cached_property
    def config(self) -> Config:
        """The settings; raises ConfigError, also for what is wrong with providers of one's own."""
        config = configuration.load(self.config_file, self.database)
        if config.providers:
            from podcat import providers

            providers.use(config.providers)
            providers.registry()
        return config

    def problem(self, error: Exception) -> None:
        """Names something wrong with one source; the others are still done."""
        self.problems += 1
        self._clear()
        say(str(error))

    def note(self, line: str) -> None:
        """For people; `--quiet` leaves it out."""
        if not self.quiet:
            self._clear()
            say(line)

    def detail(self, line: str) -> None:
        """For people who asked for more."""
        if self.verbose:
            say(line)

    def _clear(self) -> None:
        if self.progress:
            self.progress.clear()

    @contextmanager
    def counting(self, total: Callable[[], int | None]) -> Iterator[Seen | None]:
        """What to tell of every page, so that a person at a terminal sees how far it is."""
        if self.quiet or not sys.stderr.isatty():
            yield None
            return
        from podcat.cli.progress import Progress

        with self._showing(Progress(total())) as progress:
            yield progress.step

    @contextmanager
    def looking(
        self, total: int, *, disturbs: bool = False, things: str = "links"
    ) -> Iterator[Callable[[], None] | None]:
        """What to tell of every link, so that a person at a terminal sees how far it is.

        `disturbs` says that lines come out on the same terminal meanwhile.
        """
        if self.quiet or disturbs or not sys.stderr.isatty():
            yield None
            return
        from podcat.cli.progress import Looking

        with self._showing(Looking(total, things)) as progress:
            yield progress.step

    @contextmanager
    def building(self, total: int) -> Iterator[Callable[[int], None]]:
        """What to tell how many files of a site there are; `total` is those of the last time."""
        from podcat.cli.progress import Building

        progress = Building(total)
        if self.quiet or not sys.stderr.isatty():
            yield progress.count
            return
        with self._showing(progress):
            yield progress.step

    @contextmanager
    def _showing(self, progress: Shown) -> Iterator[Shown]:
        self.progress = progress
        try:
            yield progress
        finally:
            self._clear()
            self.progress = None

    @property
    def exit_code(self) -> int:
        """0, or 1 when a source was not good."""
        return 1 if self.problems else 0


_SPEAKING = (
    (("-q", "--quiet"), "quiet", "Only problems on stderr."),
    (("-v", "--verbose"), "verbose", "More on stderr."),
    (("--debug",), "verbose", "Show where in podcat an error came from."),
)


def speaking(command: click.Command) -> click.Command:
    """Gives a command, once, the options that count before it and after it alike."""
    if not any(parameter.name == "debug" for parameter in command.params):
        command.params += [_flag(*each) for each in _SPEAKING]
    return command


def _flag(names: tuple[str, ...], attribute: str, about: str) -> click.Option:
    def note(ctx: click.Context, _: click.Parameter, given: bool) -> None:
        if given:
            setattr(ctx.ensure_object(Console), attribute, True)

    return click.Option(names, is_flag=True, expose_value=False, callback=note, help=about)


pass_console = click.make_pass_decorator(Console, ensure=True)
