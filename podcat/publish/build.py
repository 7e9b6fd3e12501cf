"""A build from its beginning to its end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from podcat.config import Config
from podcat.publish import plan
from podcat.publish.hands import Hands
from podcat.publish.plan import Task
from podcat.publish.work import Done, Worker

_LARGE: Final = 2_000
"""Episodes from which several processes are worth their start."""
_MOST_JOBS: Final = 2
"""Processes at once unless told: each takes some hundred megabytes."""
_FIXED: Final = {".nojekyll": b""}
"""Files that are always the same: this one tells GitHub to take the site as it is."""

Step = Callable[[int], None]
"""Told how many files there are by now."""


@dataclass(slots=True)
class Built:
    """What a build did."""

    files: set[str] = field(default_factory=set)
    written: int = 0
    removed: int = 0
    links: int = 0
    """Links within the site, each time that one is met."""
    problems: list[str] = field(default_factory=list)
    complete: bool = True
    """Whether every page could be made."""
    changed_meanwhile: bool = False
    """Whether somebody wrote to the catalogue, so that pages may be of different states of it."""
    _open: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Files that links lead to and that are not there yet: the address, and a page that leads."""
    _led: dict[str, str] = field(default_factory=dict)
    """Addresses that no plan names: the page that leads there."""

    def add(self, done: Done) -> None:
        """One more piece of work."""
        self.files.update(done.files)
        self.written += done.written
        self.links += done.links
        self.problems += done.problems
        for file in done.files:
            self._open.pop(file, None)
        for file, place in done.targets.items():
            if file not in self.files:
                self._open.setdefault(file, place)
        for asked, status in done.failed.items():
            self._fail(asked, status)

    def _fail(self, asked: str, status: int) -> None:
        if source := self._led.get(asked):
            self.problems.append(f"{source}: a link leads to {asked}, which is not there")
        else:
            self.complete = False
            self.problems.append(f"{asked}: cannot be made (status {status})")

    def unmade(self) -> list[Task]:
        """What links lead to and no plan names, each once: is it there?"""
        new = {asked: source for asked, source in self._open.values() if asked not in self._led}
        self._led |= new
        self._open.clear()
        return [[asked] for asked in new]


def build(
    config: Config,
    target: Path,
    jobs: int | None = None,
    step: Callable[[int], AbstractContextManager[Step]] | None = None,
) -> Built:
    """Writes the site over a catalogue into a folder; only what has changed is written.

    `config` has the base address. What went wrong is told in `problems`, one line each. `step` is
    given how many files there were the last time. Raises UsageError for a folder that cannot be
    taken, DatabaseError, ConfigError.
    """
    worker = Worker(config, target)
    try:
        edition = worker.site.edition()
        known = worker.folder.open()
        jobs = jobs or _jobs(worker)
        telling = step(len(known)) if step else nullcontext(_silent)
        with telling as tell, Hands(worker, config, target, jobs) as hands:
            built = _built(worker, hands, tell)
        built.changed_meanwhile = worker.site.edition() != edition
        if not built.complete:  # what could not be made now is better as it was
            built.files |= known
        built.removed = worker.folder.close(built.files, known - built.files)
        return built
    finally:
        worker.close()


def _jobs(worker: Worker) -> int:
    large = worker.site.catalogue.highest_id() >= _LARGE
    return min(os.cpu_count() or 1, _MOST_JOBS) if large else 1


def _silent(_: int) -> None:
    """Nobody wants to know."""


def _built(worker: Worker, hands: Hands, tell: Step) -> Built:
    built, fixed = Built(), Done()
    for file, data in _FIXED.items():
        worker.put(file, data, fixed)
    built.add(fixed)
    waiting: Iterable[Task | None] = plan.tasks(worker.app, worker.places)
    while waiting:
        for done in hands.do(waiting):
            built.add(done)
            tell(len(built.files))
        waiting = built.unmade()
    built.problems.sort()
    return built
