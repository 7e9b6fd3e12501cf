"""The live half of `podcat check`: its options, what it looks at, and the run."""

from __future__ import annotations

import glob
import math
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from podcat.cli import sources
from podcat.cli.console import Console
from podcat.config import LEAST_TIMEOUT, LONGEST_TIMEOUT, MOST_THREADS, CheckConfig, age
from podcat.errors import MissingSourceError, UsageError

if TYPE_CHECKING:
    from podcat.check import Result, Sighting
    from podcat.check.asking import Consider
    from podcat.check.live import Choice, Live, Memory
    from podcat.documents import Entry
    from podcat.model import Document, Page
    from podcat.net import Remap
    from podcat.net.pace import Pace
    from podcat.net.turns import Turns

Command = TypeVar("Command", bound=Callable[..., Any])
_MAGIC = re.compile(r"[*?\[]")


def _patterns(
    _: click.Context, __: click.Parameter, values: tuple[str, ...]
) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(re.compile(value) for value in values)
    except re.error as error:
        raise click.BadParameter(f"{error.pattern!r} is no regular expression: {error}") from None


def seconds(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    """What `12h` or `7d` says in seconds, as a callback of an option."""
    if value is None:
        return None
    found = age(value)
    if found is None:
        raise click.BadParameter(f"{value} is no age; write 30m, 12h, 7d or 2w")
    return found


def _remap(_: click.Context, __: click.Parameter, values: tuple[tuple[str, str], ...]) -> Any:
    if not values:
        return None
    from podcat.net import Remap

    try:
        return Remap(values)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


class _Seconds(click.FloatRange):
    """A range that `nan` is outside of, too."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        found: float = super().convert(value, param, ctx)
        if math.isnan(found):
            self.fail(f"{found} is not in the range {self._describe_range()}.", param, ctx)
        return found


_THREADS = click.IntRange(1, MOST_THREADS)
_WHERE = (
    click.option(
        "--remap", nargs=2, metavar="FROM TO", multiple=True, callback=_remap,
        help="Ask at TO for addresses that begin with FROM; repeatable.",
    ),
    click.option("--allow-private", is_flag=True, help="Ask private networks, too."),
)  # fmt: skip
_CHOICE = (
    click.option(
        "--include", metavar="REGEX", multiple=True, callback=_patterns,
        help="Look only at addresses in which this is found; repeatable.",
    ),
    click.option(
        "--exclude", metavar="REGEX", multiple=True, callback=_patterns,
        help="Do not look at addresses in which this is found; repeatable.",
    ),
)  # fmt: skip
_HOW = (
    click.option("--threads", type=_THREADS, help="Requests at once.  [64]"),
    click.option("--per-host", type=_THREADS, help="The same for one host.  [4]"),
    click.option(
        "--interval", metavar="SECONDS", type=_Seconds(0, LONGEST_TIMEOUT),
        help="Between two requests to one host.  [0.05]",
    ),
    click.option(
        "--timeout", metavar="SECONDS", type=_Seconds(LEAST_TIMEOUT, LONGEST_TIMEOUT),
        help="For one address, redirects included.  [20]",
    ),
    click.option(
        "--retries", type=click.IntRange(0, 20),
        help="After time-outs, resets, 429 and 5xx.  [2]",
    ),
    click.option("--polite", is_flag=True, help="Fewer requests at once, and more slowly."),
)  # fmt: skip
_AGE = (
    click.option(
        "--max-age", metavar="AGE", callback=seconds,
        help="Do not ask again what was asked in this time: 12h, 7d.",
    ),
)  # fmt: skip


def options(command: Command) -> Command:
    """Adds the options of the live check; the command gets them as `LiveOptions` takes them."""
    for option in reversed((*_WHERE, *_CHOICE, *_HOW, *_AGE)):
        command = option(command)
    return command


def asking_options(command: Command) -> Command:
    """Of these the ones that say whom to ask, and how fast."""
    for option in reversed((*_WHERE, *_HOW)):
        command = option(command)
    return command


remap_option: Callable[[Command], Command] = _WHERE[0]


@dataclass(frozen=True)
class LiveOptions:
    """What the options say."""

    remap: Remap | None = None
    allow_private: bool = False
    include: tuple[re.Pattern[str], ...] = ()
    exclude: tuple[re.Pattern[str], ...] = ()
    threads: int | None = None
    per_host: int | None = None
    interval: float | None = None
    timeout: float | None = None
    retries: int | None = None
    polite: bool = False
    max_age: int | None = None

    def over(self, settings: CheckConfig) -> LiveOptions:
        """With what `[check]` of the settings says, where the options say nothing."""
        include, exclude = (
            tuple(map(re.compile, patterns)) for patterns in (settings.include, settings.exclude)
        )
        given = {name: getattr(self, name) for name in ("threads", "per_host", "timeout")}
        return replace(
            self,
            include=self.include or include,
            exclude=self.exclude + exclude,
            allow_private=self.allow_private or settings.allow_private,
            max_age=age(settings.max_age or "") if self.max_age is None else self.max_age,
            **{name: getattr(settings, name) if v is None else v for name, v in given.items()},
        )

    def refuse(self) -> None:
        """Raises UsageError for the first option that is given though nobody is to be asked."""
        for name, value in vars(self).items():
            if value not in (None, False, ()):
                option = "--" + name.replace("_", "-")
                raise UsageError(option, "goes with the live check", "leave it out with --offline")

    @property
    def pace(self) -> Pace:
        """How fast to ask."""
        from podcat.net.pace import POLITE, Pace

        names = ("threads", "per_host", "interval", "timeout", "retries")
        given = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        return replace(POLITE if self.polite else Pace(), **given)

    @property
    def turns(self) -> Turns:
        """The same for hosts that others redirect to."""
        from podcat.net.turns import Spaced, Turns

        pace = self.pace
        return Spaced(pace) if pace.interval else Turns(pace.per_host)

    @property
    def choice(self) -> Choice:
        """Which addresses to look at."""
        from podcat.check.live import Choice

        return Choice(self.include, self.exclude)


# ---------------------------------------------------------------- what is looked at


def expanded(given: Sequence[str]) -> list[str]:
    """The sources, with patterns that the shell left alone as the files that they match.

    Raises MissingSourceError for a pattern without any.
    """
    found: list[str] = []
    for source in given:
        plain = sources.is_address(source) or not _MAGIC.search(source) or os.path.lexists(source)
        if plain:
            found.append(source)
            continue
        files = sorted(glob.glob(source, recursive=True))  # noqa: PTH207  (names as given)
        if not files:
            raise MissingSourceError(source, "no file matches", "look at the pattern")
        found += files
    return found


@dataclass
class Links:
    """Addresses of lists, and pages of feeds' items, as they are met while sources are read."""

    found: list[tuple[str, Entry]] = field(default_factory=list)

    def add(self, name: str, entries: Sequence[Entry]) -> None:
        """The addresses of a list."""
        self.found += [(name, entry) for entry in entries]

    def sightings(self) -> Iterator[Sighting]:
        """Each as what it seems to be."""
        for name, entry in self.found:
            yield _sighting(entry.url, name, entry.line)


def items_of(feeds: Sequence[tuple[Document, Page]]) -> Iterator[Sighting]:
    """The pages of the items of feeds, also of those without a recording."""
    from podcat.extract import syndication

    for document, _ in feeds:
        for url, line in syndication.links(document):
            yield _sighting(url, document.name, line)


def _sighting(url: str, document: str, line: int | None) -> Sighting:
    from podcat.check import Place, Sighting
    from podcat.providers import registry

    match = registry().match(url)
    is_file = match is not None and match.form == "file"
    provider = match.provider.key if match else None
    number = match.id if match else None
    return Sighting(url, "audio" if is_file else "page", provider, number, Place(document, line))


# ---------------------------------------------------------------- the run


def run(
    sightings: Iterator[Sighting],
    given: LiveOptions,
    console: Console,
    memory: Memory | None = None,
    since: int | None = None,
) -> Iterator[Result]:
    """A result an address, as the answers come; `memory` knows those of `since` and later."""
    from podcat.check.live import Live
    from podcat.net import Looker

    looker = Looker(
        allow_private=given.allow_private,
        contact=console.config.contact,
        remap=given.remap,
        timeout=given.pace.timeout,
        turns=given.turns,
    )
    with looker:
        live = Live(
            sightings, looker, pace=given.pace, consider=_consider(), choice=given.choice,
            memory=memory, since=since,
        )  # fmt: skip
        yield from _shown(live, console)


def _consider() -> Consider:
    from podcat.check.rules import consider

    return consider


def _shown(live: Live, console: Console) -> Iterator[Result]:
    with console.looking(live.total) as on_done:
        yield from live.results(on_done)
