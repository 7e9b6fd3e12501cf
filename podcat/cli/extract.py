"""`podcat extract`"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

from podcat.cli import output, sources, table
from podcat.cli.console import Console, pass_console
from podcat.model import Document, Embed, Page, embed_json
from podcat.text import format_duration

HEADERS = ("provider", "id", "status", "length", "published", "title")


@click.command(epilog="Example: podcat extract --format jsonl page.html")
@sources.argument
@sources.url_option
@output.format_option
@click.option("--explain", is_flag=True, help="Say which rule gave each value, and what it beat.")
@sources.allow_private
@sources.follow_option
@pass_console
def extract(  # noqa: PLR0913  (click gives every option an argument)
    console: Console,
    given: Sequence[str],
    *,
    url: str | None,
    form: str,
    explain: bool,
    allow_private: bool,
    follow: bool | None,
) -> int:
    """Print the embeds found in documents; no database is touched.

    SOURCE is a file, a folder, - or an address: pages and text as they are, MHTML, WARC,
    a list of addresses, a browser's bookmarks.
    """
    items = sources.read(given, console, url=url, allow_private=allow_private, follow=follow)
    pages = sources.pages(given, items, console, printed=form == output.JSONL or explain)
    if form == output.JSONL:
        _print_json(pages, explain)
    elif explain:
        _print_explained(pages)
    else:
        output.print_table(HEADERS, (_row(e) for _, page in pages for e in page.embeds))
    return console.exit_code


def _print_json(pages: Iterator[tuple[Document, Page]], explain: bool) -> None:
    for _, page in pages:
        for embed in page.embeds:
            value = embed_json(page, embed)
            if explain:
                value["candidates"] = embed.candidates
            click.echo(output.as_json(value))


def _row(embed: Embed) -> tuple[str | None, ...]:
    length = format_duration(embed.duration)
    return (embed.provider, embed.id, embed.status, length, embed.published, embed.title)


def _print_explained(pages: Iterator[tuple[Document, Page]]) -> None:
    for document, page in pages:
        for embed in page.embeds:
            where = f"{document.name}:{embed.place.line}"
            if embed.place.path:
                where += f" {embed.place.path}"
            click.echo(f"{embed.provider} {embed.id or embed.status} ({where})")
            for line in table.lines(("field", "rule", "value"), _explained(page, embed)):
                click.echo(f"  {line}")
            click.echo()
        for refusal in page.refused:
            where = f"{document.name}:{refusal.place.line}"
            click.echo(f"refused {refusal.url} ({where}): {refusal.reason}")


def _explained(page: Page, embed: Embed) -> Iterator[tuple[str, str, str]]:
    """Field, rule and value; below each the values that it was chosen over."""
    values = embed_json(page, embed)
    for field, rule in embed.provenance.items():
        chosen = values.get(field)
        yield field, rule, _said(chosen)
        for other in embed.candidates:
            if other.field == field and (other.value, other.rule) != (chosen, rule):
                yield "", other.rule, f"not {_said(other.value)}"


def _said(value: Any) -> str:
    return value if isinstance(value, str) else output.as_json(value)
