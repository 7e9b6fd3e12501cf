"""`podcat worker`"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from podcat.cli import checking, taping
from podcat.cli.console import Console, pass_console
from podcat.cli.running import INTERRUPTED
from podcat.errors import DatabaseError

if TYPE_CHECKING:
    from podcat.catalogue import Catalogue
    from podcat.work.batch import Setting, Tally

THREADS = 16
WAIT = 60.0
"""Seconds for which a worker waits for others that write: it has time."""


@click.command(epilog="Example: podcat worker --once")
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
@click.option("--until-idle", is_flag=True, help="Do what is due and what follows, and end.")
@click.option(
    "--hosts", type=click.IntRange(1, 256), default=THREADS, show_default=True,
    help="Hosts that are asked at once.",
)  # fmt: skip
@click.option(
    "--patience", metavar="SECONDS", type=click.FloatRange(1, 3600), default=30.0,
    show_default=True, help="PostgreSQL: a worker silent for so long has its work taken over.",
)  # fmt: skip
@checking.asking_options
@taping.options
@pass_console
def worker(  # noqa: PLR0913  (click gives every option an argument)
    console: Console, /, *, once: bool, until_idle: bool, hosts: int, patience: float,
    record: Path | None, replay: Path | None, **rest: Any,
) -> int:  # fmt: skip
    """Look at watched sources, find files, check links, each when it falls due.

    Ctrl-C ends it at the next good moment, a second one at once; nothing is lost either way. On
    SQLite one worker does it all. On PostgreSQL there can be any number, on any machines.
    """
    from podcat.catalogue import open_catalogue

    live = checking.LiveOptions(**rest).over(console.config.check)
    stop = threading.Event()
    with (
        taping.tape(record, replay),
        open_catalogue(console.config.database, wait=WAIT) as catalogue,
        catalogue.alone(),
        _setting(console, live, catalogue, stop) as setting,
    ):
        ends = {"once": once, "until_idle": until_idle}
        if catalogue.takes_many:
            return _of_many(console, setting, stop, {"hosts": hosts, "patience": patience, **ends})
        return _local(console, setting, stop, hosts, ends)


@contextmanager
def _setting(
    console: Console, live: checking.LiveOptions, catalogue: Catalogue, stop: threading.Event
) -> Iterator[Setting]:
    """With what batches are done, by the options and the settings."""
    from podcat.check.rules import consider
    from podcat.ingest import hub
    from podcat.work import batch
    from podcat.work.hosts import Delays, Looker
    from podcat.work.turns import Paced, Shared

    config = console.config
    delays = Delays(catalogue)
    pace = batch.polite(live.pace, delays)
    locks = catalogue.host_locks()
    known = locks or catalogue.host_turns()
    turns = (Shared(pace, locks, delays, stop.is_set) if locks
             else Paced(pace, known, delays, stop.is_set))  # fmt: skip
    looker = Looker(
        catalogue, allow_private=live.allow_private, contact=config.contact, remap=live.remap,
        timeout=pace.timeout, turns=turns,
    )  # fmt: skip
    told = (lambda: hub.told(config, console.note)) if config.hub else None
    with closing(known), looker:
        yield batch.Setting(
            catalogue, looker, pace, consider, live.choice, config.document_bytes, delays,
            told=told, stopping=stop.is_set,
        )  # fmt: skip


def _local(
    console: Console, setting: Setting, stop: threading.Event, hosts: int, ends: dict[str, bool]
) -> int:
    from podcat.work.local import Local

    running = Local(setting, hosts, _heard(console), console.problem, stop)
    with stopped_by_signals(running.stop, console):
        running.run(**ends)
    return ended(console, running.total, stop)


def _of_many(
    console: Console, setting: Setting, stop: threading.Event, manner: dict[str, Any]
) -> int:
    try:
        from podcat.work.cluster import Cluster, Manner
    except ImportError:
        problem = "a worker on PostgreSQL needs libraries that are not installed"
        raise DatabaseError("database", problem, "pip install 'podcat[postgres]'") from None

    url = console.config.database
    running = Cluster(setting, url, Manner(**manner), _heard(console), console.problem, stop)
    with stopped_by_signals(stop.set, console):
        running.run()
    return ended(console, running.total, stop)


def _heard(console: Console) -> Callable[[str, Tally], None]:
    return lambda host, tally: console.note(f"{host}: {tally}")


def ended(console: Console, total: Tally, stop: threading.Event) -> int:
    """The exit code, and what was done in all."""
    console.note(f"in all: {total}")
    if total.failed:
        console.note("podcat watch list says what is wrong with a source")
    return INTERRUPTED if stop.is_set() else console.exit_code


@contextmanager
def stopped_by_signals(stop: Callable[[], None], console: Console) -> Iterator[None]:
    """Ctrl-C and SIGTERM stop the block at the next good moment; again, at once."""
    asked = False

    def handle(_number: int, _frame: object) -> None:
        nonlocal asked
        if asked:
            os._exit(INTERRUPTED)  # all that was done is stored, and nothing else is worth a word
        asked = True
        console.note("stopping: what is under way comes to its end; once more ends it at once")
        stop()

    console.detail("at work; Ctrl-C ends it")
    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
