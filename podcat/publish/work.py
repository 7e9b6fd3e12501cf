"""What one process does of a build: pages, one after the other, into files."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask

from podcat import text
from podcat.config import Config
from podcat.model import Episode
from podcat.publish import search
from podcat.publish.answers import Answers
from podcat.publish.folder import Folder
from podcat.publish.places import Place, Places
from podcat.publish.plan import NOT_FOUND, Task, belongs
from podcat.web import create_app, present
from podcat.web.site import Site

_REMEMBERED = 20_000
INDEX = "search/index"
"""Where the search index lies."""


@dataclass(slots=True)
class Done:
    """What came of some work."""

    files: list[str] = field(default_factory=list)
    """All that were made, also those that were as they are."""
    written: int = 0
    links: int = 0
    """How many links within the site were met."""
    targets: dict[str, tuple[str, str]] = field(default_factory=dict)
    """File that a link leads to: the address it has on a server, and the page with the link."""
    failed: dict[str, int] = field(default_factory=dict)
    """Address that has no page: the status of the answer."""
    problems: list[str] = field(default_factory=list)


class Worker:
    """An application of its own, and the folder."""

    def __init__(self, config: Config, folder: Path) -> None:
        self.places = Places(config.base_url or "")
        self.app: Flask = create_app(config, static=True)
        self.site: Site = self.app.extensions["podcat"]
        self.folder = Folder(folder)
        self._answers = Answers(self.app.wsgi_app, self.places)
        self._told: set[str] = set()

    def close(self) -> None:
        """Gives the database back."""
        self.site.close()

    def do(self, task: Task) -> Done:
        """Writes the answers to these addresses and what belongs to them."""
        done = Done()
        for asked in task:
            self._follow(asked, done)
        return done

    def _follow(self, asked: str, done: Done) -> None:
        waiting, met = [asked], {asked}
        while waiting:
            for place in self._write(waiting.pop(), done):
                if place.asked not in met and belongs(place, asked):
                    met.add(place.asked)
                    waiting.append(place.asked)

    def _write(self, asked: str, done: Done) -> list[Place]:
        """Writes one answer; where its links lead to."""
        place = self.places.of(asked)
        if place is None:
            done.problems.append(f"{asked}: has no name that a file can have")
            return []
        answer = self._answers.of(asked)
        if answer.status != (404 if asked == NOT_FOUND else 200):
            done.failed[asked] = answer.status
            return []
        done.problems += [f"{asked}: a link to {to} needs a server" for to in answer.broken]
        self.put(place.file, answer.data, done)
        done.links += len(answer.links) + len(answer.broken)
        self._tell(answer.links, asked, done)
        return answer.links

    def _tell(self, links: Iterable[Place], asked: str, done: Done) -> None:
        """Names what links lead to, what is met everywhere once."""
        if len(self._told) > _REMEMBERED:
            self._told.clear()
        for link in links:
            if link.file not in self._told:
                self._told.add(link.file)
                done.targets[link.file] = link.asked, asked

    def put(self, file: str, data: bytes, done: Done) -> None:
        """One file of the site."""
        done.written += self.folder.write(file, data)
        done.files.append(file)

    def index(self) -> Done:
        """Writes the search index."""
        done = Done()
        with self.app.test_request_context(base_url=f"{self.places.base}/"):
            search.write_index(
                self.site.catalogue,
                self._shown,
                self.folder.drafts,
                lambda file, data: self.put(f"{INDEX}/{file}", data, done),
            )
        return done

    def _shown(self, episode: Episode) -> list[Any]:
        """What a hit shows, in the order in which the script expects it."""
        place = self.places.of(self.places.within(present.episode_path(episode)) or "/")
        said = [
            present.title(episode),
            self.places.prefix + place.path if place else "",
            present.machine_date(episode.published or ""),
            present.date(episode.published),
            text.format_duration(episode.duration),
            present.origin(episode) or "",
            ", ".join(name for _, name in present.voices(episode.people)[:6]),
            present.provider_name(episode.provider),
            present.state(episode).word,
        ]
        return [text.scrub(part) for part in said]


# ---------------------------------------------------------------- in a process of its own

_here: list[Worker] = []


def begin(config: Config, folder: Path) -> None:
    """Makes this process a worker; Ctrl-C is its parent's to judge."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _here.append(Worker(config, folder))


def run(task: Task | None) -> Done:
    """One task of this process; none is the search index."""
    worker = _here[0]
    return worker.index() if task is None else worker.do(task)
