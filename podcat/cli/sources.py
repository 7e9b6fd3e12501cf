"""SOURCE on the command line: a file, a folder, `-`, or an address, in any form pages have."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from podcat import documents, urls
from podcat.cli.console import Console
from podcat.errors import SourceError, UsageError
from podcat.model import Document, Page

if TYPE_CHECKING:
    from podcat.ingest import Report
    from podcat.net import Remap

OnLinks = Callable[[str, Sequence[documents.Entry]], None]
"""Hears of the addresses in a list that are no recordings by themselves: its name, and they."""

PAUSE = 1.0
"""Seconds between two requests to one host."""
_SCHEME = re.compile(r"https?://", re.I)

argument = click.argument("given", metavar="SOURCE...", nargs=-1, required=True)
optional_argument = click.argument("given", metavar="[SOURCE]...", nargs=-1)
allow_private = click.option(
    "--allow-private", is_flag=True, help="Fetch from addresses of private networks, too."
)
follow_option = click.option(
    "--follow/--no-follow",
    default=None,
    help="Fetch the pages that a list names; default: of a list of addresses, not of bookmarks.",
)


def _page_address(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not (_SCHEME.match(value) and urls.parse(value)):
        raise click.BadParameter(f"{value} is not an http or https address")
    return value


url_option = click.option(
    "--url", metavar="URL", callback=_page_address, help="Where the one saved file came from."
)


def read(  # noqa: PLR0913  (what the options of a command say)
    sources: Sequence[str],
    console: Console,
    *,
    url: str | None = None,
    allow_private: bool = False,
    follow: bool | None = None,
    on_links: OnLinks | None = None,
    remap: Remap | None = None,
) -> Iterator[Document | SourceError]:
    """All documents of all sources.

    `follow` says whether the addresses in lists are fetched: all of them, none, or (None) those
    of plain lists and not those of bookmarks. With `on_links` that hears of the addresses of a
    list instead, and only the pages of sitemaps are fetched. Raises UsageError and
    MissingSourceError here and now, before the first document is read.
    """
    _judge(sources, url)
    reader = _Reader(console, allow_private, follow, on_links, remap)
    return (item for source in sources for item in reader.read(source, url))


def pages(
    sources: Sequence[str],
    items: Iterator[Document | SourceError],
    console: Console,
    *,
    printed: bool,
) -> Iterator[tuple[Document, Page]]:
    """What is on each document, with the progress shown where it does not disturb.

    `printed` says that lines come out while documents are read.
    """
    from podcat import ingest

    disturbs = printed and sys.stdout.isatty()
    total = partial(documents.count, sources)
    with nullcontext() if disturbs else console.counting(total) as seen:
        yield from ingest.pages(items, console.problem, on_page=seen)


def store(  # noqa: PLR0913  (what the options of a command say)
    sources: Sequence[str],
    console: Console,
    *,
    url: str | None = None,
    tags: Sequence[str] = (),
    allow_private: bool = False,
    follow: bool | None = None,
    remap: Remap | None = None,
) -> Report:
    """Everything in the sources into the catalogue.

    Nothing is opened or made when a source is missing. Raises DatabaseError.
    """
    from podcat import ingest
    from podcat.catalogue import open_catalogue

    items = read(sources, console, url=url, allow_private=allow_private, follow=follow, remap=remap)
    total = partial(documents.count, sources)
    with open_catalogue(console.config.database) as catalogue, console.counting(total) as seen:
        return ingest.add(catalogue, items, tags, console.problem, _moment(), on_page=seen)


def _moment() -> int | None:
    """The time that reproducible builds give, so that the same input gives the same catalogue."""
    stated = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(stated) if stated.isdecimal() else None


def _judge(sources: Sequence[str], url: str | None) -> None:
    files = [source for source in sources if not is_address(source)]
    documents.require(files)
    if files.count("-") > 1:
        raise UsageError("-", "standard input can be read once")
    if url and (len(sources) != 1 or Path(sources[0]).is_dir()):
        raise UsageError("--url", "says where one document came from", "give exactly one file")


def is_address(source: str) -> bool:
    """Whether a source is fetched, not read."""
    return _SCHEME.match(source) is not None


class _Reader:
    """Reads sources one after the other, and fetches what lists of addresses name."""

    def __init__(
        self,
        console: Console,
        allow_private: bool,
        follow: bool | None,
        on_links: OnLinks | None = None,
        remap: Remap | None = None,
    ) -> None:
        self._console = console
        self._allow_private = allow_private
        self._follow = follow
        self._on_links, self._remap = on_links, remap
        self._limit = console.config.document_bytes
        self._asked: dict[str, float] = {}
        """Host to the moment at which it was asked last."""

    def read(self, source: str, url: str | None) -> Iterator[Document | SourceError]:
        """The documents of one source."""
        if is_address(source):
            items = self._fetched(source, url)
        else:
            items = documents.read(source, url=url, limit=self._limit)
        for item in items:
            if isinstance(item, documents.Listing):
                yield from self._listed(item)
            else:
                yield item

    def _listed(self, listing: documents.Listing) -> Iterator[Document | SourceError]:
        """What a list names by itself, and the pages behind its other addresses."""
        if any(entry.named for entry in listing.entries):
            yield listing.document
        others = {entry.url: entry for entry in reversed(listing.entries) if not entry.named}
        if self._on_links and not listing.sitemap:
            self._on_links(listing.document.name, [e for e in listing.entries if not e.named])
        elif self._follows(listing):
            yield from self._followed(reversed(others), listing.sitemap)
        else:
            self._left_out(listing.document.name, len(others))

    def _follows(self, listing: documents.Listing) -> bool:
        if self._on_links:
            return True
        return not listing.bookmarks if self._follow is None else self._follow

    def _followed(self, others: Iterable[str], sitemap: bool) -> Iterator[Document | SourceError]:
        for url in others:
            for item in self._fetched(url, None):
                if not isinstance(item, documents.Listing):
                    yield item
                elif sitemap and item.sitemap:  # an index of sitemaps; below them there are pages
                    pages = [entry.url for entry in item.entries]
                    yield from self._followed(dict.fromkeys(pages), sitemap=False)
                else:
                    yield _no_list(item)

    def _left_out(self, name: str, count: int) -> None:
        if count:
            many = "1 other address was" if count == 1 else f"{count} other addresses were"
            hint = "; --follow fetches them" if self._follow is None else ""
            self._console.note(f"{name}: {many} not fetched{hint}")

    def _fetched(self, source: str, url: str | None) -> Iterator[documents.Item]:
        from podcat import net

        self._wait(source)
        try:
            found = net.fetch(
                source,
                limit=self._limit,
                allow_private=self._allow_private,
                contact=self._console.config.contact,
                remap=self._remap,
            )
        except SourceError as error:
            yield error
            return
        yield from documents.opened(found, self._limit, url)

    def _wait(self, source: str) -> None:
        """Leaves a host some time between two requests, unless a recording answers for it."""
        from podcat.net import recording

        if (tape := recording.running()) and tape.replays:
            return
        host, now = urls.site_of(source) or "", time.monotonic()
        due = self._asked.get(host, 0) + PAUSE
        if host in self._asked and due > now:
            time.sleep(due - now)
        self._asked[host] = time.monotonic()


def _no_list(listing: documents.Listing) -> SourceError:
    return SourceError(
        listing.document.name, "is itself a list of addresses", "fetch it and give it by itself"
    )
