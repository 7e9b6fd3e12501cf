"""What is wrong with feeds, printed for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from podcat.cli import output
from podcat.cli.console import Console
from podcat.cli.running import say
from podcat.errors import SourceError
from podcat.model import Document, Page

if TYPE_CHECKING:
    from podcat.feed.lint import Finding

HEADERS = ("severity", "who", "where", "item", "what is wrong, what to do")
NO_FEED = ("is no feed", "give RSS, Atom, JSON Feed or OPML")


@dataclass
class Judged:
    """Feeds by their names, with what is wrong with each."""

    feeds: dict[str, list[Finding]] = field(default_factory=dict)

    def add(self, name: str, data: bytes, url: str | None = None) -> bool:
        """Judges some bytes; False when they are no feed."""
        from podcat.feed import lint

        if lint.kind_of(data) is None:
            return False
        self.feeds[name] = lint.lint(data, url)
        return True

    @property
    def has_errors(self) -> bool:
        """Whether anybody refuses one of the feeds."""
        if not self.feeds:
            return False
        from podcat.feed.lint import ERROR

        return any(f.rule.severity == ERROR for found in self.feeds.values() for f in found)

    def print(self, form: str, console: Console) -> None:
        """All findings as data: a table with a line a rule (`--verbose`: a place), or JSON."""
        if form == output.JSONL:
            for name, found in self.feeds.items():
                for finding in found:
                    click.echo(output.as_json(finding.to_json(name)))
            return
        output.print_table(HEADERS, self._rows(every=console.verbose))
        self._sum_up()

    def note(self, console: Console) -> None:
        """All findings on stderr, where stdout has a form that has no room for them."""
        if not self.feeds:
            return
        from podcat.feed.lint import ERROR

        for name, found in self.feeds.items():
            for one in found:
                where = name if one.line is None else f"{name}:{one.line}"
                line = f"{where}: {one.rule.severity} ({one.rule.who}): {one.message}"
                (say if one.rule.severity == ERROR else console.note)(line)

    def _sum_up(self) -> None:
        from podcat.feed.lint import summary

        for name, found in self.feeds.items():
            click.echo(f"{name}: {summary(found)}")

    def _rows(self, *, every: bool) -> Iterator[tuple[str, ...]]:
        for name, found in self.feeds.items():
            counts = Counter(finding.rule.id for finding in found)
            for finding in found:
                more = counts.pop(finding.rule.id, 0) - 1
                if every or more >= 0:
                    yield _row(name, finding, 0 if every else more)


def _row(name: str, finding: Finding, more: int) -> tuple[str, ...]:
    where = name if finding.line is None else f"{name}:{finding.line}"
    return (
        finding.rule.severity,
        finding.rule.who,
        f"{where} (+{more})" if more else where,
        finding.item or "",
        finding.message,
    )


def apart(
    items: Iterable[Document | SourceError], judged: Judged, pages: list[tuple[Document, Page]]
) -> Iterator[Document | SourceError]:
    """The items that are to be read as pages. Feeds among them are judged.

    RSS and Atom are read as what they are into `pages`; the other feeds stay with the items.
    """
    from podcat.extract import syndication

    for item in items:
        if isinstance(item, SourceError) or not judged.add(item.name, item.data, item.url):
            yield item
            continue
        try:
            found = syndication.read(item)
        except SourceError:
            found = ()
        if isinstance(found, Page):
            pages.append((item, found))
        else:
            yield item
