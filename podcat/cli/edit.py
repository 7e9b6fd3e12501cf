"""`podcat edit`"""

from __future__ import annotations

from typing import Any

import click

from podcat.cli import byhand
from podcat.cli.console import Console, pass_console
from podcat.errors import UsageError
from podcat.text import clean, parse_date, parse_duration, scrub

_FIELDS = {
    "title": "TEXT", "description": "TEXT", "programme": "NAME",
    "published": "DATE", "duration": "LENGTH", "language": "CODE",
}  # fmt: skip


def _options(command: Any) -> Any:
    for field, metavar in reversed(_FIELDS.items()):
        command = click.option(f"--{field}", metavar=metavar)(command)
    return command


@click.command(epilog="Example: podcat edit 7 --title 'Sea ice' --published 2022-01-13")
@byhand.argument
@_options
@click.option(
    "--clear",
    metavar="FIELD",
    multiple=True,
    type=click.Choice(list(_FIELDS)),
    help="Take back what was said by hand; repeatable.",
)
@pass_console
def edit(console: Console, /, named: str, *, clear: tuple[str, ...], **given: str | None) -> int:
    """Correct an episode by hand: that wins over every document, now and later.

    ID is the number, the guid or the address of an episode's page. An empty text ("") says that
    there is none.
    """
    values = {field: _read(field, text) for field, text in given.items() if text is not None}
    if not values and not clear:
        raise UsageError("edit", "nothing is to be changed", "give --title, --published, …")
    with byhand.opened(console, named) as (catalogue, number):
        changed = catalogue.edit(number, values, clear=clear)
    return byhand.tell(console, number, changed, "changed")


def _read(field: str, text: str) -> str | int | None:
    if not text.strip():
        return None
    found: str | int | None = _READERS.get(field, clean)(text)
    if found is None:
        raise UsageError(f"--{field}", f"{text} cannot be read", _ADVICE.get(field, "write words"))
    return found


def _language(text: str) -> str | None:
    parts = text.strip().replace("_", "-").split("-")
    good = parts[0].isalpha() and 2 <= len(parts[0]) <= 3
    plain = all(part.isascii() and part.isalnum() and len(part) <= 8 for part in parts)
    return "-".join(parts) if good and plain else None


_READERS: dict[str, Any] = {
    "description": lambda text: scrub(text).strip() or None,
    "published": parse_date,
    "duration": parse_duration,
    "language": _language,
}
_ADVICE = {
    "published": "write 2022-01-13 or 2022-01-13T09:30:00Z",
    "duration": "write 1:08:32 or seconds",
    "language": "write a code such as en or kk",
}
