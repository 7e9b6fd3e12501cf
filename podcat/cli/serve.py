"""`podcat serve`"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import click

from podcat.cli import sources
from podcat.cli.console import Console, pass_console
from podcat.cli.running import say
from podcat.config import Config
from podcat.errors import DatabaseError, PodcatError, UsageError

_GRACE = 5  # seconds that requests under way are given at the end


@click.command(epilog="Example: podcat serve seeds/")
@sources.optional_argument
@sources.follow_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--workers", type=click.IntRange(1, 256), metavar="N", help="Processes; default: one a core."
)
@pass_console
def serve(  # noqa: PLR0913  (click gives every option an argument)
    console: Console,
    given: Sequence[str],
    *,
    follow: bool | None,
    host: str,
    port: int,
    workers: int | None,
) -> int:
    """Show the catalogue in browsers and podcast apps, until Ctrl-C.

    A SOURCE is added first: a file, a folder, - or an address.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    port = _free(host, port)
    _fill(given, console, follow)
    _load(console.config)  # what cannot work is said now, and workers share what is loaded
    try:
        _serve(console, host, port, workers or os.cpu_count() or 1)
    finally:
        _close(console.config.database)
    return console.exit_code


def _close(database: str) -> None:
    """Brings what is beside an SQLite file into it: the workers, stopped from outside, do not."""
    from podcat.catalogue import open_catalogue

    with suppress(DatabaseError):
        open_catalogue(database, create=False).close()


def _fill(given: Sequence[str], console: Console, follow: bool | None) -> None:
    """Adds the sources; the database is closed again before processes are made of this one."""
    from podcat.catalogue import open_catalogue

    if given:
        console.note(str(sources.store(given, console, follow=follow)))
    else:
        open_catalogue(console.config.database).close()


def _free(host: str, port: int) -> int:
    """The port, or a free one for 0. The server itself would share a port with another one."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        where = f"port {port} of {host}"
        raise UsageError(where, str(error.strerror), "choose another with --port") from None


def _load(config: Config) -> Any:
    """The application of one worker process."""
    from podcat.web import create_app

    return create_app(config)


def _application(config: Config) -> Any:
    _leave_signals_to_the_parent()
    try:
        return _load(config)
    except PodcatError as error:
        say(f"podcat: {error}")
        sys.exit(2)


def _leave_signals_to_the_parent() -> None:
    """A worker ends by its parent's SIGTERM alone.

    Until it listens to that itself, it would swallow it with its parent's handler. Ctrl-C goes to
    the whole group, and a worker that is told twice to end may not end at all: so that is blocked.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _serve(console: Console, host: str, port: int, workers: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        target="podcat.web:create_app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=min(4, 2 * (os.cpu_count() or 1) + 1),
        websockets=False,
        log_level=LogLevels.info if console.verbose else LogLevels.critical,
        log_dictconfig=_logging(),
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE,
    )
    name = f"[{host}]" if ":" in host else host
    server.on_startup(lambda: _announce(host, port, partial(say, f"podcat: http://{name}:{port}/")))
    try:
        server.serve(target_loader=partial(_application, console.config), wrap_loader=False)
    except SystemExit as leaving:
        # Ctrl-C reaches the workers as well, and the server takes them for lost.
        if leaving.code and not server.interrupt_signal:
            raise UsageError("serve", "the server's processes stopped", "see --verbose") from None


def _logging() -> dict[str, Any]:
    """The server's own log on stderr, where everything but data belongs."""
    stderr = {"class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
    return {"handlers": {"console": stderr, "access": stderr}}


def _announce(host: str, port: int, say_so: Callable[[], None]) -> None:
    """Says the address once it answers."""

    def wait() -> None:
        for _ in range(200):
            try:
                socket.create_connection((host, port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                say_so()
                return

    threading.Thread(target=wait, daemon=True).start()
