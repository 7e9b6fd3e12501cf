"""`podcat watch`"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import click

from podcat import urls
from podcat.cli import output, selecting
from podcat.cli.console import Console, pass_console, speaking
from podcat.cli.links import iso

if TYPE_CHECKING:
    from podcat.catalogue import Source

HEADERS = ("number", "source", "kind", "pause", "last new", "next look", "what is wrong")
_EMPTY = "neither a player nor a story is recognised there: watch its feed or sitemap"
_WEB = re.compile(r"https?://", re.I)


@click.group(
    epilog="Example: podcat watch add --tag kazakhstan https://news.example/tags/kazakhstan"
)
def watch() -> None:
    """Sources that podcat worker looks at again and again: a page, a tag's list, a feed, a sitemap.

    What a feed, a sitemap or a list of stories leads to is read, each page once, and again when the
    list says that it changed.

    How often follows from how often something new is there, between every quarter of an hour and
    once a week, and from what a feed (ttl, skipHours) and its server (Cache-Control) say.

    What robots.txt forbids is not asked for, neither a source nor a page that it lists. A player,
    file or link of an episode is what somebody put into the catalogue: it is fetched as their
    browser would, but Crawl-delay and Retry-After of its host hold for all that a worker asks for.
    """


def _address(_: click.Context, __: click.Parameter, value: str) -> str:
    found = urls.parse(value) if _WEB.match(value) else None
    if found is None:
        whole = f"https://{value}"
        hint = "" if "://" in value or urls.parse(whole) is None else f", {whole} is"
        raise click.BadParameter(f"{value} is not an http or https address{hint}")
    return str(found).partition("#")[0]


@click.command(epilog="Example: podcat watch add --tag kazakhstan https://news.example/feed")
@click.argument("url", callback=_address)
@selecting.tag_option("Tag what is found there; repeatable.")
@pass_console
def add(console: Console, url: str, tags: tuple[str, ...]) -> int:
    """Watch URL from now on, and look at it next; what is watched already, too."""
    from podcat.catalogue import open_catalogue
    from podcat.work import rhythm

    with open_catalogue(console.config.database) as catalogue:
        source, is_new = catalogue.watch(url, tags, int(time.time()), rhythm.FIRST)
    click.echo(f"{source.id}  {source.url}")
    if not is_new:
        console.note(f"{source.url}: is watched already; it is looked at next")
    return console.exit_code


@click.command("list", epilog="Example: podcat watch list --format jsonl")
@output.format_option
@pass_console
def listed(console: Console, form: str) -> int:
    """List what is watched, how often, and what is wrong with it."""
    from podcat.catalogue import open_catalogue

    with open_catalogue(console.config.database, create=False) as catalogue:
        found = catalogue.sources()
    if form == output.JSONL:
        output.print_lines(output.as_json(_json(source)) for source in found)
    else:
        output.print_table(HEADERS, map(_row, found))
    return console.exit_code


@click.command(epilog="Example: podcat watch remove https://news.example/feed")
@click.argument("url", metavar="URL|NUMBER")
@pass_console
def remove(console: Console, url: str) -> int:
    """Watch URL no more; what was found there stays."""
    from podcat.catalogue import open_catalogue

    with open_catalogue(console.config.database, create=False) as catalogue:
        source = catalogue.unwatch(url)
    console.note(f"{source.url}: is watched no more")
    return console.exit_code


def length(seconds: int) -> str:
    """`15 min`, `3 h`, `2 d`."""
    for size, unit in ((86_400, "d"), (3600, "h")):
        if seconds >= size:
            return f"{seconds / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{seconds // 60} min"


def _row(source: Source) -> tuple[str | int | None, ...]:
    often = f"{source.failures} times in a row: " if source.failures > 1 else ""
    failed = f"{often}{source.why}" if source.why else _EMPTY if _is_empty(source) else None
    new = iso(source.last_changed) if source.last_changed else ""
    return (
        source.id, source.url, source.kind or "not seen yet", length(source.pause), new,
        iso(source.next_at), failed,
    )  # fmt: skip


def _is_empty(source: Source) -> bool:
    """Whether a page never held anything: a list of links, maybe, taken for one of players."""
    return source.kind == "page" and bool(source.last_checked) and not source.last_changed


def _json(source: Source) -> dict[str, object]:
    return {
        "number": source.id, "url": source.url, "kind": source.kind, "tags": source.tags,
        "pause": source.pause, "failures": source.failures, "why": source.why,
        "last_checked": iso(source.last_checked) if source.last_checked else None,
        "last_changed": iso(source.last_changed) if source.last_changed else None,
        "next_at": iso(source.next_at),
    }  # fmt: skip


for command in (add, listed, remove):
    watch.add_command(speaking(command))
