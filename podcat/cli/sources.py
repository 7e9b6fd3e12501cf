"""SOURCE on the command line: a file, a folder, `-`, or an address."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from podcat import documents, urls
from podcat.cli.console import Console
from podcat.config import Config
from podcat.errors import SourceError, UsageError
from podcat.model import Document

if TYPE_CHECKING:
    from podcat.ingest import Report

_SCHEME = re.compile(r"https?://", re.I)

argument = click.argument("given", metavar="SOURCE...", nargs=-1, required=True)
optional_argument = click.argument("given", metavar="[SOURCE]...", nargs=-1)
allow_private = click.option(
    "--allow-private", is_flag=True, help="Fetch from addresses of private networks, too."
)


def _page_address(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not (_SCHEME.match(value) and urls.parse(value)):
        raise click.BadParameter(f"{value} is not an http or https address")
    return value


url_option = click.option(
    "--url", metavar="URL", callback=_page_address, help="Where the one saved file came from."
)


def read(
    sources: Sequence[str], console: Console, *, url: str | None = None, allow_private: bool = False
) -> Iterator[Document | SourceError]:
    """All documents of all sources.

    Raises UsageError and MissingSourceError here and now, before the first document is read.
    """
    _judge(sources, url)
    config = console.config
    return (item for source in sources for item in _read(source, config, url, allow_private))


def store(
    sources: Sequence[str],
    console: Console,
    *,
    url: str | None = None,
    tags: Sequence[str] = (),
    allow_private: bool = False,
) -> Report:
    """Everything in the sources into the catalogue.

    Nothing is opened or made when a source is missing. Raises DatabaseError.
    """
    from podcat import ingest
    from podcat.catalogue import open_catalogue

    items = read(sources, console, url=url, allow_private=allow_private)
    with open_catalogue(console.config.database) as catalogue:
        return ingest.add(catalogue, items, tags, console.problem, _moment())


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


def _read(
    source: str, config: Config, url: str | None, allow_private: bool
) -> Iterator[Document | SourceError]:
    if is_address(source):
        yield _fetched(source, config, url, allow_private)
    else:
        yield from documents.read(source, url=url, limit=config.document_bytes)


def _fetched(
    source: str, config: Config, url: str | None, allow_private: bool
) -> Document | SourceError:
    from podcat import net

    try:
        found = net.fetch(
            source,
            limit=config.document_bytes,
            allow_private=allow_private,
            contact=config.contact,
        )
        documents.checked(found)
    except SourceError as error:
        return error
    return Document(found.name, found.data, url or found.url, found.content_type)
