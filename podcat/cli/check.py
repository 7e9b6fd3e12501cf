"""`podcat check`"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import click

from podcat.cli import checking, output, selecting, sources, taping
from podcat.cli.console import Console, pass_console
from podcat.cli.running import INTERRUPTED
from podcat.errors import UsageError
from podcat.model import Selection

if TYPE_CHECKING:
    from podcat.check import Result, Sighting, State
    from podcat.cli.linting import Judged
    from podcat.config import CheckConfig
    from podcat.model import Document, Page

FORMATS = (output.TABLE, output.JSONL, "junit", "sarif", "github")


@click.command(epilog="Example: podcat check saved-pages/")
@sources.optional_argument
@sources.url_option
@click.option("--offline", is_flag=True, help="Judge by each provider's grammar; ask nobody.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default=output.TABLE,
    show_default=True,
    help="For people, one JSON object an address, or for continuous integration.",
)
@click.option("--fail-on", metavar="STATE,...", help="What ends in exit code 1.")
@click.option("--only-state", metavar="STATE,...", help="Print only these; all are counted.")
@click.option("--why", metavar="URL", help="Print what is kept of all looks at this address.")
@checking.options
@taping.options
@selecting.options
@pass_console
def check(  # noqa: PLR0913  (click gives every option an argument)
    console: Console,
    /,
    given: Sequence[str],
    *,
    url: str | None,
    offline: bool,
    form: str,
    fail_on: str | None,
    only_state: str | None,
    why: str | None,
    **rest: Any,
) -> int:
    """Look at the links of documents, or of the catalogue when no SOURCE is given.

    A SOURCE may also be a pattern in quotes, a feed, a sitemap or a list of addresses. Options
    that select episodes count for the catalogue; --provider counts always.

    Of a feed (RSS, Atom, JSON Feed, OPML) it is also said what apps and directories refuse; an
    error ends in exit code 1, whatever --fail-on says.
    """
    if why:
        return _why(why, given, form, console)
    with taping.tape(rest.pop("record"), rest.pop("replay")):
        return _checked(
            console, given, url=url, offline=offline, form=form, fail_on=fail_on,
            only_state=only_state, **rest,
        )  # fmt: skip


def _checked(  # noqa: PLR0913  (what the options say)
    console: Console,
    given: Sequence[str],
    *,
    url: str | None,
    offline: bool,
    form: str,
    fail_on: str | None,
    only_state: str | None,
    **rest: Any,
) -> int:
    from podcat.check import State
    from podcat.cli.linting import Judged

    options = {name: rest.pop(name) for name in checking.LiveOptions.__dataclass_fields__}
    live = checking.LiveOptions(**options)
    if offline:
        _judge_offline(given, live)
    settings = console.config.check
    live = live.over(settings)
    wanted = _Wanted(checking.expanded(given), url, live, offline, selecting.selection(**rest))
    shown = _states("--only-state", only_state, frozenset(State))
    tally = _Tally(_failing(fail_on, settings), shown)
    judged = Judged()
    results = tally.counted(_results(wanted, console, judged))
    _print(form, results if offline else _ordered(form, results), tally, judged, console)
    if tally.interrupted:
        console.note("stopped; what was not looked at is not listed")
        return INTERRUPTED
    return 1 if tally.broken or judged.has_errors else console.exit_code


@dataclass(frozen=True)
class _Wanted:
    """What is to be looked at, and how."""

    sources: Sequence[str]
    url: str | None
    live: checking.LiveOptions
    offline: bool
    selection: Selection


@dataclass
class _Tally:
    """Counts results on their way to the output; an interrupted run ends with what there is."""

    failing: frozenset[State]
    shown: frozenset[State]
    counts: Counter[State] = field(default_factory=Counter)
    broken: int = 0
    interrupted: bool = False

    def counted(self, results: Iterator[Result]) -> Iterator[Result]:
        from podcat.check import is_broken

        try:
            for result in results:
                self.counts[result.state] += 1
                self.broken += is_broken(result, self.failing)
                if result.state in self.shown:
                    yield result
        except KeyboardInterrupt:
            self.interrupted = True


def _judge_offline(given: Sequence[str], live: checking.LiveOptions) -> None:
    for source in filter(sources.is_address, given):
        raise UsageError(source, "--offline asks nobody", "save the page and give the file")
    live.refuse()


def _failing(fail_on: str | None, settings: CheckConfig) -> frozenset[State]:
    """What ends in exit code 1; an empty list means nothing, no list what is broken by itself."""
    from podcat.check import BROKEN

    if fail_on is None and settings.fail_on is not None:
        return _states("fail_on in [check]:", ",".join(settings.fail_on), BROKEN)
    return _states("--fail-on", fail_on, BROKEN)


def _states(option: str, names: str | None, default: frozenset[State]) -> frozenset[State]:
    from podcat.check import State

    if names is None:
        return default
    try:
        return frozenset(State(name.strip()) for name in names.split(",") if name.strip())
    except ValueError:
        raise UsageError(f"{option} {names}", "no such state", f"use {', '.join(State)}") from None


def _why(url: str, given: Sequence[str], form: str, console: Console) -> int:
    from podcat.cli import remembering

    if given:
        raise UsageError("--why", "goes without a SOURCE", "give the address alone")
    if form not in (output.TABLE, output.JSONL):
        raise UsageError(f"--format {form}", "says nothing of --why", "use table or jsonl")
    return remembering.why(console, url, form)


def _print(
    form: str, results: Iterable[Result], tally: _Tally, judged: Judged, console: Console
) -> None:
    from podcat.check import report

    if form == output.JSONL:
        output.print_lines(report.jsonl(results))
        # Lines on stdout are addresses, and programs count on that.
        judged.note(console)
    elif form == output.TABLE:
        output.print_groups(report.HEADERS, report.by_page(results))
        click.echo(report.summary(tally.counts))
        judged.print(form, console)
    else:
        output.print_lines(report.written(form, results, judged.feeds, tally.failing))
        console.note(report.summary(tally.counts))


def _ordered(form: str, results: Iterator[Result]) -> Iterable[Result]:
    """By place; answers come in whatever order they like, and so do lines of JSON."""
    return results if form == output.JSONL else sorted(results, key=_place)


def _place(result: Result) -> tuple[str, int, str]:
    first = result.places[0] if result.places else None
    return (first.document if first else "", first.line or 0 if first else 0, result.url)


def _results(wanted: _Wanted, console: Console, judged: Judged) -> Iterator[Result]:
    from podcat import check

    found = _sightings(wanted, console, judged)
    key = wanted.selection.provider
    if key:
        found = (sighting for sighting in found if sighting.provider == key)
    return check.judge(found) if wanted.offline else _looked(found, wanted, console)


def _looked(found: Iterator[Sighting], wanted: _Wanted, console: Console) -> Iterator[Result]:
    from podcat.cli import remembering

    ours, max_age = not wanted.sources, wanted.live.max_age
    with remembering.memory(console, of_catalogue=ours, max_age=max_age) as (memory, since):
        yield from checking.run(found, wanted.live, console, memory, since)


def _sightings(wanted: _Wanted, console: Console, judged: Judged) -> Iterator[Sighting]:
    from podcat import check

    if wanted.sources:
        yield from _of_sources(wanted, console, judged)
        return
    from podcat.catalogue import open_catalogue

    with open_catalogue(console.config.database, create=False) as catalogue:
        chosen = replace(wanted.selection, provider=None)  # refused addresses have one, too
        everything = chosen == Selection()
        refused = catalogue.refusals() if everything else ()
        links = catalogue.links(None if everything else chosen)
        yield from check.from_catalogue(links, refused)


def _of_sources(wanted: _Wanted, console: Console, judged: Judged) -> Iterator[Sighting]:
    from podcat import check, ingest
    from podcat.cli.linting import apart

    live, links = wanted.live, checking.Links()
    feeds: list[tuple[Document, Page]] = []
    read = sources.read(
        wanted.sources,
        console,
        url=wanted.url,
        allow_private=live.allow_private,
        follow=False,
        on_links=None if wanted.offline else links.add,
        remap=live.remap,
    )
    yield from check.from_pages(ingest.pages(apart(read, judged, feeds), console.problem))
    yield from check.from_pages(feeds)
    if not wanted.offline:
        yield from checking.items_of(feeds)
        yield from links.sightings()
