"""`podcat providers`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from podcat import config as configuration
from podcat.cli import output
from podcat.cli.console import Console, pass_console

if TYPE_CHECKING:
    from podcat.providers import Provider
    from podcat.providers.own import Gathered, Problem

HEADERS = ("provider", "name", "home", "closed", "file")
WRONG = ("file", "entry", "problem")
_ALL = "-"  # --check without a path


@click.command(epilog="Example: podcat providers --check players/example.toml")
@click.option(
    "--check",
    "checked",
    is_flag=False,
    flag_value=_ALL,
    metavar="[PATH]",
    help="Run the examples of your own files (of PATH, a file or a folder; else of the folder that "
    "PODCAT_PROVIDERS names; else of podcat itself) and say what does not hold.",
)
@pass_console
def providers(console: Console, checked: str | None) -> int:
    """List the providers whose players podcat knows, and check files of your own.

    PODCAT_PROVIDERS, or providers in podcat.toml, names a folder of TOML files that are added to
    those that come with podcat; a file of the same name takes the place of one of these.
    """
    if checked is not None:
        return _check(console, None if checked == _ALL else Path(checked))
    from podcat.providers import own, registry

    folder = console.config.providers
    mine = {path.stem: str(path) for path in own.files(folder)} if folder else {}
    known = sorted(registry().providers.values(), key=lambda provider: provider.key)
    output.print_table(HEADERS, (_row(provider, mine.get(provider.key)) for provider in known))
    return console.exit_code


def _row(provider: Provider, file: str | None) -> tuple[str | None, ...]:
    closed = provider.closed.isoformat() if provider.closed else None
    return (provider.key, provider.name, provider.home, closed, file)


# ---------------------------------------------------------------- --check


def _check(console: Console, path: Path | None) -> int:
    """Says everything that is wrong, not the first thing alone as other commands do."""
    from podcat import providers as known
    from podcat.providers import own

    path = path or configuration.load(console.config_file).providers
    gathered = own.Gathered(known.built_in(), own.files(path or known.FOLDER))
    wrong = _wrong(gathered)
    output.print_table(WRONG, ((each.file, each.entry, each.problem) for each in wrong))
    console.note(_summary(gathered, path, len(wrong)))
    return 1 if wrong else console.exit_code


def _wrong(gathered: Gathered) -> list[Problem]:
    from podcat.providers.examples import lacking
    from podcat.providers.own import Problem

    missing = (
        Problem(file, *each) for file, made in gathered.own.items() for each in lacking(made)
    )
    return sorted([*gathered.problems, *missing], key=lambda each: each.file)


def _summary(gathered: Gathered, path: Path | None, wrong: int) -> str:
    made = gathered.own.values()
    examples, refused = (sum(len(getattr(p, key)) for p in made) for key in ("examples", "refused"))
    where = path or "podcat's own"
    verdict = f"{wrong} wrong" if wrong else "all hold"
    return f"{where}: files {len(made)}, examples {examples}, refused {refused}: {verdict}"
