"""`--record DIR` and `--replay DIR`, for every command that asks the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--record", metavar="DIR", type=click.Path(path_type=Path),
        help="Keep every request and its answer there, in a WARC.",
    ),
    click.option(
        "--replay", metavar="DIR", type=click.Path(path_type=Path),
        help="Answer from what was recorded there, or in that file, and never from the network.",
    ),
)  # fmt: skip


def options(command: Command) -> Command:
    """Adds both; the command gets them as `record` and `replay`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@contextmanager
def tape(record: Path | None, replay: Path | None) -> Iterator[None]:
    """All requests of the block pass the tape. Raises UsageError and MissingSourceError."""
    if record is None and replay is None:
        yield
        return
    from podcat.net import recording, replaying

    running = replaying.tape(record, replay)
    kept = running if isinstance(running, recording.Recorder) else nullcontext()
    with kept, recording.on(running):
        yield
