"""How far a long run has come, on a terminal: one line on stderr that is written over."""

from __future__ import annotations

import sys
import time

from podcat.model import Page

_FIRST = 1.0  # seconds after which a run is a long one
_EVERY = 0.1


class Line:
    """The line itself: shown once a run is a long one, and then now and then."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self._due = self.began + _FIRST
        self._shown = False

    def line(self, now: float) -> str:
        """What is said at a moment."""
        raise NotImplementedError

    def show(self) -> None:
        """Writes the line, if it is time."""
        now = time.monotonic()
        if now >= self._due:
            self._due, self._shown = now + _EVERY, True
            sys.stderr.write(f"\r\x1b[K{self.line(now)}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Takes the line away, before another one is printed and at the end."""
        if self._shown:
            self._shown = False
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


class Progress(Line):
    """Counts documents and recordings; `total` is the number of documents, where it is known."""

    def __init__(self, total: int | None = None) -> None:
        super().__init__()
        self._total = total
        self._documents = self._recordings = 0

    def step(self, page: Page) -> None:
        """One more document."""
        self._documents += 1
        self._recordings += len(page.embeds)
        self.show()

    def line(self, now: float) -> str:
        """`120 of 300 documents, 45 recordings, 60 documents/s`"""
        of = f" of {self._total}" if self._total else ""
        rate = self._documents / max(now - self.began, 0.001)
        return (
            f"{self._documents}{of} documents, {self._recordings} recordings, "
            f"{rate:.{0 if rate >= 10 else 1}f} documents/s"
        )


class Looking(Line):
    """Counts links that are looked at, or what else is asked for."""

    def __init__(self, total: int, things: str = "links") -> None:
        super().__init__()
        self._total, self._done, self._things = total, 0, things

    def step(self) -> None:
        """One more link."""
        self._done += 1
        self.show()

    def line(self, now: float) -> str:
        """`120 of 300 links, 60 links/s, 0:03 left`"""
        rate = self._done / max(now - self.began, 0.001)
        left = round((self._total - self._done) / max(rate, 0.001))
        return (
            f"{self._done} of {self._total} {self._things}, "
            f"{rate:.{0 if rate >= 10 else 1}f} {self._things}/s, {left // 60}:{left % 60:02} left"
        )


class Building(Line):
    """Counts files of a site; `total` is how many there were the last time."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self._total, self._done = total, 0

    def count(self, files: int) -> None:
        """So many by now, and nobody looks."""
        self._done = files

    def step(self, files: int) -> None:
        """So many by now."""
        self._done = files
        self.show()

    def line(self, now: float) -> str:
        """`1,200 of about 30,000 files, 250 files/s`"""
        of = f" of about {self._total:,}" if self._total > self._done else ""
        rate = self._done / max(now - self.began, 0.001)
        return f"{self._done:,}{of} files, {rate:,.0f} files/s"
