"""`podcat extract`"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from podcat.cli import output, sources, table
from podcat.cli.console import Console, pass_console
from podcat.model import (
    Candidate,
    Document,
    Embed,
    Page,
    Place,
    embed_json,
    page_json,
    strength,
)
from podcat.text import format_duration

if TYPE_CHECKING:
    from podcat.extract.explain import Sight

HEADERS = ("provider", "id", "status", "length", "published", "title")


@click.command(epilog="Example: podcat extract --format jsonl page.html")
@sources.argument
@sources.url_option
@output.format_option
@click.option(
    "--explain",
    is_flag=True,
    help="Say what was seen, what was taken by which rule, and why the rest was not.",
)
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
    for document, page in pages:
        objects = [embed_json(page, embed) for embed in page.embeds]
        for value in _with_reasons(objects, document, page) if explain else objects:
            click.echo(output.as_json(value))


def _with_reasons(
    objects: list[dict[str, Any]], document: Document, page: Page
) -> list[dict[str, Any]]:
    """Each recording with its mentions and the values it might have had.

    What was passed over is said once, with the first; a document without recordings says it alone.
    """
    sights = _sights(document, page)
    for number, (value, embed) in enumerate(zip(objects, page.embeds, strict=True), 1):
        value["page"] |= page_json(page)
        value["candidates"] = embed.candidates
        value["seen"] = [_sight_json(s) for s in sights if s.recording == number]
    first: dict[str, Any] = (
        objects[0] if objects else {"document": document.name, "page": page_json(page)}
    )
    first["passed_over"] = [_sight_json(s) for s in sights if s.recording is None]
    return objects or [first]


def _sights(document: Document, page: Page) -> tuple[Sight, ...]:
    from podcat.extract.explain import explain

    return explain(document, page)


def _sight_json(sight: Sight) -> dict[str, Any]:
    return {
        "carrier": sight.carrier, "url": sight.address, "place": sight.place.to_json(),
        "verdict": sight.verdict,
    }  # fmt: skip


def _row(embed: Embed) -> tuple[str | None, ...]:
    length = format_duration(embed.duration)
    return (embed.provider, embed.id, embed.status, length, embed.published, embed.title)


def _print_explained(pages: Iterator[tuple[Document, Page]]) -> None:
    for document, page in pages:
        sights = _sights(document, page)
        _print_page(document, page)
        for number, embed in enumerate(page.embeds, 1):
            head = f"{embed.provider} {embed.id or embed.status} ({_where(document, embed.place)})"
            click.echo(f"{number}. {head}")
            _print_indented(("field", "rule", "value"), _explained(page, embed))
        seen = [(s.carrier, s.address or "-", _line(s.place), s.verdict) for s in sights]
        if seen:
            click.echo(f"seen in {document.name}")
            _print_indented(("in", "address", "line", "verdict"), seen)
        else:
            click.echo(f"{document.name}: nothing on it looks like a player\n")


def _print_page(document: Document, page: Page) -> None:
    """What the document says of itself, with the values that lost."""
    values = page_json(page)
    rows = _rows(values, page.provenance, page.candidates)
    if page.provenance:
        click.echo(f"page {document.name}")
        _print_indented(("field", "rule", "value"), rows)


def _print_indented(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    for line in table.lines(headers, rows):
        click.echo(f"  {line}")
    click.echo()


def _line(place: Place) -> str:
    return "" if place.line is None else str(place.line)


def _where(document: Document, place: Place) -> str:
    return f"{document.name}:{place.line}" + (f" {place.path}" if place.path else "")


def _explained(page: Page, embed: Embed) -> Iterator[tuple[str, str, str]]:
    return _rows(embed_json(page, embed), embed.provenance, embed.candidates)


def _rows(
    values: Mapping[str, Any], rules: Mapping[str, str], candidates: Iterable[Candidate]
) -> Iterator[tuple[str, str, str]]:
    """Field, rule and value; below each the values that it was chosen over, and why."""
    for field, rule in rules.items():
        chosen = values.get(field)
        yield field, rule, _said(chosen)
        if field in ("people", "tags"):
            continue
        for other in dict.fromkeys(
            (c.rule, _said(c.value)) for c in candidates if c.field == field
        ):
            if other != (rule, _said(chosen)):
                yield "", other[0], _lost(other[1], _said(chosen), _why(rule, other[0]))


def _lost(value: str, chosen: str, why: str) -> str:
    return "the same" if value == chosen else f"not {value} ({why})"


def _why(rule: str, other: str) -> str:
    return "weaker rule" if strength(other) < strength(rule) else "a better source came first"


def _said(value: Any) -> str:
    return value if isinstance(value, str) else output.as_json(value)
