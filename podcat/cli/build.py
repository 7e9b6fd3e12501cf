"""`podcat build`"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from podcat.cli.console import Console, pass_console
from podcat.config import based

if TYPE_CHECKING:
    from podcat.publish import Built

LOCAL = "http://127.0.0.1:8000"
"""Where `python -m http.server` shows the folder."""


@click.command(epilog="Example: podcat build site/ --base-url https://example.org/audio")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--base-url", metavar="URL", help="Where the site will be reached.")
@click.option(
    "--jobs", metavar="N", type=click.IntRange(1, 64), help="Processes at once; by itself, up to 2."
)
@pass_console
def build(console: Console, folder: Path, *, base_url: str | None, jobs: int | None) -> int:
    """Write the whole site as files: pages, feeds and search, for any file host.

    Only what has changed is written, what is no more is removed, and every link within the site
    is checked. Without --base-url (or base_url in the settings) the site is for a look at home:
    python -m http.server -d DIR
    """
    from podcat.publish import build as built_by

    config = based(console.config, base_url, "--base-url") if base_url else console.config
    if config.base_url is None:
        config = replace(config, base_url=LOCAL)
        console.note(f"feeds name {LOCAL}: for others, build with --base-url")
    start = time.monotonic()
    built = built_by(config, folder, jobs, console.building)
    _tell(console, folder, built, time.monotonic() - start)
    return console.exit_code


def _tell(console: Console, folder: Path, built: Built, seconds: float) -> None:
    for problem in built.problems[:MOST]:
        console.problem(click.ClickException(problem))
    if len(built.problems) > MOST:
        console.note(f"and {len(built.problems) - MOST:,} more")
    if built.changed_meanwhile:
        console.note("the catalogue changed during the build: run it again")
    console.note(
        f"{folder}: {len(built.files):,} files, {built.written:,} written, "
        f"{built.removed:,} removed, {built.links:,} links checked in {seconds:.1f} s"
    )


MOST = 100
"""Problems that are named one by one."""
