"""`podcat check`"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from podcat.cli import output, sources
from podcat.cli.console import Console, pass_console
from podcat.errors import UsageError

if TYPE_CHECKING:
    from podcat.check import Result, Sighting, State
    from podcat.cli.linting import Judged
    from podcat.model import Document, Page

FORMATS = (output.TABLE, output.JSONL)
LATER = ("junit", "sarif", "github")


@click.command(epilog="Example: podcat check --offline saved-pages/")
@sources.optional_argument
@sources.url_option
@click.option("--offline", is_flag=True, help="Judge by each provider's grammar; ask nobody.")
@click.option(
    "--format",
    "form",
    type=click.Choice([*FORMATS, *LATER]),
    default=output.TABLE,
    show_default=True,
    help="For people, or one JSON object an address.",
)
@click.option("--fail-on", metavar="STATE,...", help="What ends in exit code 1.")
@click.option(
    "--remap",
    nargs=2,
    metavar="FROM TO",
    multiple=True,
    help="Live check: ask at TO for addresses that begin with FROM; repeatable.",
)
@click.option("--allow-private", is_flag=True, help="Live check: ask private networks, too.")
@pass_console
def check(  # noqa: PLR0913  (click gives every option an argument)
    console: Console,
    given: Sequence[str],
    *,
    url: str | None,
    offline: bool,
    form: str,
    fail_on: str | None,
    remap: tuple[tuple[str, str], ...],
    allow_private: bool,
) -> int:
    """Judge the links of documents, or of the catalogue when no SOURCE is given.

    Of a feed (RSS, Atom, JSON Feed, OPML) it is also said what apps and directories refuse; an
    error ends in exit code 1, whatever --fail-on says.
    """
    from podcat.check import is_broken, judge, report
    from podcat.cli.linting import Judged

    _judge_options(given, offline, form)
    _judge_live_options({"--remap": bool(remap), "--allow-private": allow_private})
    failing = _failing(fail_on)
    counts: Counter[State] = Counter()
    broken = 0
    judged = Judged()

    def counted() -> Iterator[Result]:
        nonlocal broken
        for result in judge(_sightings(given, console, url, judged)):
            counts[result.state] += 1
            broken += is_broken(result, failing)
            yield result

    if form == output.JSONL:
        for line in report.jsonl(counted()):
            click.echo(line)
        # Lines on stdout are addresses, and programs count on that.
        judged.note(console)
    else:
        output.print_table(report.HEADERS, report.rows(counted()))
        click.echo(report.summary(counts))
        judged.print(form, console)
    return 1 if broken or judged.has_errors else console.exit_code


def _judge_options(given: Sequence[str], offline: bool, form: str) -> None:
    if form in LATER:
        raise UsageError(f"--format {form}", "is not in this version", "use table or jsonl")
    if not offline:
        raise UsageError("check", "the live check is not in this version", "use --offline")
    for source in filter(sources.is_address, given):
        raise UsageError(source, "--offline asks nobody", "save the page and give the file")


def _judge_live_options(given: Mapping[str, bool]) -> None:
    for option in (name for name, is_given in given.items() if is_given):
        problem = "goes with the live check, which is not in this version"
        raise UsageError(option, problem, "leave it out with --offline")


def _failing(names: str | None) -> frozenset[State]:
    from podcat.check import BROKEN, State

    if names is None:
        return BROKEN
    try:
        return frozenset(State(name.strip()) for name in names.split(",") if name.strip())
    except ValueError:
        raise UsageError(f"--fail-on {names}", "no such state", f"use {', '.join(State)}") from None


def _sightings(
    given: Sequence[str], console: Console, url: str | None, judged: Judged
) -> Iterator[Sighting]:
    from podcat import check

    if given:
        from podcat import ingest
        from podcat.cli.linting import apart

        feeds: list[tuple[Document, Page]] = []
        items = apart(sources.read(given, console, url=url, follow=False), judged, feeds)
        yield from check.from_pages(ingest.pages(items, console.problem))
        yield from check.from_pages(feeds)
        return
    from podcat.catalogue import open_catalogue

    with open_catalogue(console.config.database, create=False) as catalogue:
        yield from check.from_catalogue(catalogue.links(), catalogue.refusals())
