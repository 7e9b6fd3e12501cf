"""Podcast clients as people run them, each with a home of its own and no way to the outside."""

from __future__ import annotations

import io
import os
import pty
import select
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.request import Request, urlopen

with warnings.catch_warnings():
    # feedparser 6 uses modules that newer Pythons deprecate; it is not ours to mend.
    warnings.simplefilter("ignore", DeprecationWarning)
    import feedparser  # type: ignore[import-untyped]
import podcastparser  # type: ignore[import-untyped]

PATIENCE = 180.0
"""Seconds that one run of a client may take, on a machine with much else to do."""


@dataclass
class Client:
    """A program with its home; `poll` asks the feed and downloads what is new."""

    home: Path
    base: str
    """Of the catalogue, with its final slash."""
    proxy: str
    """Where requests for the outside end."""

    name: ClassVar[str]
    program: ClassVar[str]
    agent: ClassVar[str]
    """What its requests for media call themselves."""
    feed: ClassVar[str]
    folder: ClassVar[str] = "audio"
    """Where its downloads are, below its home."""

    @classmethod
    def missing(cls) -> bool:
        """Whether the program is not installed."""
        return shutil.which(cls.program) is None

    @property
    def url(self) -> str:
        """The feed it follows."""
        return self.base + self.feed

    def subscribe(self) -> None:
        """Whatever comes before the first poll."""

    def poll(self) -> str:
        """Ask the feed, download what is new; what the program said. Raises where it fails."""
        raise NotImplementedError

    def audio(self) -> list[bytes]:
        """What is in the files that it downloaded."""
        found = sorted(self.home.joinpath(self.folder).rglob("*"))
        return [path.read_bytes() for path in found if self._is_audio(path)]

    def _is_audio(self, path: Path) -> bool:
        return path.is_file()

    def run(self, *command: str, fails: bool = False) -> str:
        """What a command said; it must end well, or not where that is expected."""
        done = subprocess.run(
            command,
            cwd=self.home,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
        assert bool(done.returncode) == fails, f"{command[0]}: {done.returncode}\n{done.stdout}"
        return done.stdout

    def environment(self) -> dict[str, str]:
        """Nothing of the tester's own settings."""
        ways = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), self.proxy)
        local = dict.fromkeys(("no_proxy", "NO_PROXY"), "127.0.0.1")
        home = {"HOME": str(self.home), "PATH": os.environ["PATH"]}
        return home | {"LANG": "C.UTF-8", "TERM": "xterm", "NO_COLOR": "1"} | ways | local


# ---------------------------------------------------------------- programs of the system


class GPodder(Client):
    """Follows the feed from page to page."""

    name, program, agent = "gpodder", "gpo", "gPodder/"
    feed, folder = "feeds/paged.rss", "gPodder/Downloads"

    def subscribe(self) -> None:
        self.run("gpo", "subscribe", self.url)

    def poll(self) -> str:
        return self.run("gpo", "update") + self.run("gpo", "download")

    def _is_audio(self, path: Path) -> bool:
        # For an item without a file it makes an empty draft of one, and no episode.
        draft = path.suffix == ".partial" and path.stat().st_size == 0
        return path.is_file() and not draft


class Newsboat(Client):
    """newsboat queues the files of what is new, podboat downloads them."""

    name, program, agent, feed = "newsboat", "podboat", "newsboat/", "tags/radio.rss"

    def subscribe(self) -> None:
        self._own.mkdir()
        (self._own / "urls").write_text(f"{self.url}\n")
        (self._own / "config").write_text(
            f'podcast-auto-enqueue yes\nmax-downloads 2\ndownload-path "{self.home}/audio/"\n'
        )

    def poll(self) -> str:
        return self.run("newsboat", "-x", "reload") + self._podboat()

    @property
    def _own(self) -> Path:
        return self.home / ".newsboat"

    def _queued(self) -> list[Path]:
        lines = (self._own / "queue").read_text().splitlines()
        return [Path(line.split('"')[1]) for line in lines if '"' in line]

    def _podboat(self) -> str:
        """It wants a terminal, and a person who ends it; the terminal's end is its end, too."""
        wanted = self._queued()  # before it starts: it writes the queue anew then, from empty on
        ours, its = pty.openpty()
        try:
            with subprocess.Popen(
                ["setsid", "--ctty", "podboat", "-a"], cwd=self.home, env=self.environment(),
                stdin=its, stdout=its, stderr=its,
            ) as process:  # fmt: skip
                try:
                    return self._attended(process, ours, wanted)
                finally:
                    process.kill()
        finally:
            os.close(ours)
            os.close(its)

    def _attended(self, process: subprocess.Popen[bytes], terminal: int, wanted: list[Path]) -> str:
        said, begun = b"", time.monotonic()
        while process.poll() is None:
            if select.select([terminal], [], [], 0.1)[0]:
                said += os.read(terminal, 65536)
            elif all(path.exists() for path in wanted):
                os.write(terminal, b"q")
            assert time.monotonic() - begun < PATIENCE, said
        assert process.returncode == 0, said
        return said.decode(errors="replace")


class Podget(Client):
    """A shell script over wget."""

    name, program, agent, feed, folder = "podget", "podget", "Wget/", "tags/radio.rss", "POD/radio"

    def subscribe(self) -> None:
        self.run("podget", "--create-config", "podgetrc")
        (self.home / ".config/podget/serverlist").write_text(f"{self.url} radio Radio\n")

    def poll(self) -> str:
        return self.run("podget")


# ---------------------------------------------------------------- programs from PyPI


class PodcastArchiver(Client):
    """Follows the feed from page to page."""

    name, agent, feed = "podcast-archiver", "podcast-archiver/", "feeds/paged.rss"
    program = str(Path(sys.executable).with_name("podcast-archiver"))

    def subscribe(self) -> None:
        (self.home / "audio").mkdir()

    def poll(self) -> str:
        return self.run(self.program, "--feed", self.url, "--dir", "audio")


class YtDlp(Client):
    """Takes a file where an item has one, else whatever it finds behind the item's link."""

    name, agent, feed = "yt-dlp", "Mozilla/5.0", "tags/radio.rss?playable=1"
    program = str(Path(sys.executable).with_name("yt-dlp"))

    def poll(self) -> str:
        return self.follow(self.feed)

    def follow(self, feed: str, *, fails: bool = False) -> str:
        """Like `poll`, for any feed."""
        return self.run(
            self.program, "--no-progress", "--download-archive", "done.txt",
            "--output", "audio/%(title)s.%(ext)s", self.base + feed, fails=fails,
        )  # fmt: skip


# ---------------------------------------------------------------- programs on top of a parser

Parsed = tuple[list[tuple[str, str | None]], str | None]
"""The items of a page, each with its guid and its file; and the page after it."""


class OnAParser(Client):
    """What a program makes of a parser: it walks all pages at every poll."""

    program, feed = sys.executable, "feeds/paged.rss"
    parse: ClassVar[Callable[[str, bytes], Parsed]]

    def subscribe(self) -> None:
        self._had: set[str] = set()
        (self.home / "audio").mkdir()

    def poll(self) -> str:
        where: str | None = self.url
        fetched: list[str] = []
        while where:
            items, where = type(self).parse(where, self._get(where))
            fetched += [self._download(*item) for item in items if item[0] not in self._had]
        return "\n".join(fetched)

    def _get(self, url: str) -> bytes:
        with urlopen(Request(url, headers={"User-Agent": self.agent}), timeout=PATIENCE) as answer:
            data: bytes = answer.read()
            return data

    def _download(self, guid: str, file: str | None) -> str:
        self._had.add(guid)
        if file:
            (self.home / "audio" / str(len(self._had))).write_bytes(self._get(file))
        return guid


def _by_feedparser(url: str, data: bytes) -> Parsed:
    feed: Any = feedparser.parse(io.BytesIO(data))
    assert not feed.bozo
    following = [link.href for link in feed.feed.links if link.rel == "next"]
    files = [(entry.id, next((e.href for e in entry.enclosures), None)) for entry in feed.entries]
    return files, next(iter(following), None)


def _by_podcastparser(url: str, data: bytes) -> Parsed:
    feed = podcastparser.parse(url, io.BytesIO(data))
    files = [(e["guid"], next((f["url"] for f in e["enclosures"]), None)) for e in feed["episodes"]]
    return files, feed.get("paged_feed_next")


class Feedparser(OnAParser):
    """The parser that most Python programs use."""

    name, agent = "feedparser", "on-feedparser"
    parse = staticmethod(_by_feedparser)


class Podcastparser(OnAParser):
    """gPodder's parser."""

    name, agent = "podcastparser", "on-podcastparser"
    parse = staticmethod(_by_podcastparser)


ALL: tuple[type[Client], ...] = (
    YtDlp, GPodder, Podget, Newsboat, PodcastArchiver, Feedparser, Podcastparser,
)  # fmt: skip
"""The slowest first: some run side by side."""
