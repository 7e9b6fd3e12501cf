"""`podcat import`"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import click

from podcat.cli import hub, sources
from podcat.cli.console import Console, pass_console
from podcat.errors import MissingSourceError, SourceError
from podcat.model import Document

if TYPE_CHECKING:
    from podcat.catalogue import Catalogue

_HEAD = 4096


@click.command("import", epilog="Example: podcat import podcat.jsonl feed.rss subscriptions.opml")
@sources.argument
@click.option("--follow", is_flag=True, help="Fetch the feeds that OPML lists.")
@sources.allow_private
@pass_console
def imports(console: Console, given: Sequence[str], *, follow: bool, allow_private: bool) -> int:
    """Read an export of podcat, a feed (RSS, Atom) or a list of feeds (OPML); safe to repeat.

    SOURCE is a file, - or the address of a feed. What OPML lists is printed, and fetched only
    with --follow.
    """
    from podcat.catalogue import open_catalogue

    for source in given:
        if source != "-" and not sources.is_address(source) and not Path(source).is_file():
            raise MissingSourceError(source, "there is no such file", "check the name")
    with hub.told(console), open_catalogue(console.config.database) as catalogue:
        importer = _Importer(console, catalogue, allow_private, follow)
        for source in given:
            try:
                importer.read(source)
            except SourceError as error:
                console.problem(error)
    return console.exit_code


class _Importer:
    def __init__(
        self, console: Console, catalogue: Catalogue, allow_private: bool, follow: bool
    ) -> None:
        self._console = console
        self._catalogue = catalogue
        self._allow_private = allow_private
        self._follow = follow

    def read(self, source: str) -> None:
        """Import one source. Raises SourceError."""
        if sources.is_address(source):
            self._feed(self._fetched(source), listed=False)
        elif source == "-":
            self._file(cast(io.BufferedReader, sys.stdin.buffer), source)
        else:
            try:
                with Path(source).open("rb") as file:
                    self._file(file, source)
            except OSError as error:
                problem = f"cannot be read: {error.strerror}"
                raise SourceError(source, problem, "check the file") from None

    def _file(self, file: io.BufferedReader, name: str) -> None:
        if file.peek(_HEAD)[:_HEAD].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
            self._export(_lines(file, name), name)
            return
        data = file.read(self._console.config.document_bytes + 1)
        if len(data) > self._console.config.document_bytes:
            raise SourceError(name, "is too large", "raise document_bytes in podcat.toml")
        self._feed(Document(name, data), listed=False)

    def _export(self, lines: Iterator[str], name: str) -> None:
        done = self._catalogue.load(lines, name)
        click.echo(
            f"{name}: {done.episodes} new episodes; {done.documents} new documents, "
            f"{done.known} known"
        )

    def _feed(self, document: Document, *, listed: bool) -> None:
        from podcat.extract import syndication

        found = syndication.read(document)
        if isinstance(found, tuple):
            if listed:
                raise SourceError(document.name, "is itself a list of feeds", "import it by itself")
            self._listed(found)
            return
        outcome = self._catalogue.store(document, found)
        click.echo(
            f"{document.name}: {outcome.new} new, {outcome.changed} changed, "
            f"{outcome.unchanged} unchanged"
        )

    def _listed(self, feeds: Sequence[tuple[str, str]]) -> None:
        for title, url in feeds:
            if not self._follow:
                click.echo(f"{url}  {title}".rstrip())
                continue
            try:
                self._feed(self._fetched(url), listed=True)
            except SourceError as error:
                self._console.problem(error)
        if feeds and not self._follow:
            self._console.note(f"{len(feeds)} feeds listed, none fetched; --follow fetches them")

    def _fetched(self, url: str) -> Document:
        from podcat import net

        config = self._console.config
        return net.fetch(
            url,
            limit=config.document_bytes,
            allow_private=self._allow_private,
            contact=config.contact,
        )


def _lines(file: IO[bytes], name: str) -> Iterator[str]:
    for number, line in enumerate(file, 1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            problem = f"line {number} is not UTF-8"
            raise SourceError(name, problem, "give what podcat export wrote") from None
