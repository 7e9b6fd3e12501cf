"""`podcat repair`"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from podcat.cli import writing
from podcat.cli.console import Console, pass_console
from podcat.errors import DatabaseError, SourceError

if TYPE_CHECKING:
    from podcat.catalogue import Catalogue
    from podcat.check.patch import Edit, View
    from podcat.model import Document


@click.command(epilog="Example: podcat repair --write saved-pages/")
@click.argument("given", metavar="FILE...", nargs=-1, required=True)
@click.option("--write", is_flag=True, help="Change the files; without it, print what would be.")
@pass_console
def repair(console: Console, given: Sequence[str], *, write: bool) -> int:
    """Put working addresses in the place of dead ones: players of Flash, of providers that moved,
    of plain http, and what a check of the catalogue has found to have moved.

    Prints a unified diff; nothing else in a file changes by a byte. Exit code 1 says that there is
    something to repair, and with --write that a file could not be read or written.
    """
    from podcat import documents

    documents.require(given)
    count = 0
    with ExitStack() as stack:
        catalogue = _history(console, stack)
        for document in _documents(given, console):
            count += _repaired(console, document, catalogue, write)
    if not count:
        console.note("nothing to repair")
    return 1 if count and not write else console.exit_code


def _repaired(
    console: Console, document: Document, catalogue: Catalogue | None, write: bool
) -> int:
    """How many changes there are in a document; they are told, and made or printed."""
    from podcat.check import patch, repair

    view, edits = repair.edits(document, _known(document, catalogue))
    if not edits:
        return 0
    if write:
        writing.whole(Path(document.name), view.patched(edits))
    else:
        for line in patch.unified(document.name, view, edits):
            click.echo(line)
    for edit in edits:
        console.note(_told(document.name, view, edit))
    return len(edits)


def _told(name: str, view: View, edit: Edit) -> str:
    return f"{name}:{view.line(edit.start)}: {edit.old} -> {edit.new} ({edit.why})"


def _history(console: Console, stack: ExitStack) -> Catalogue | None:
    """The catalogue, where there is one: what its checks have found to have moved is known."""
    from podcat.catalogue import open_catalogue

    try:
        return stack.enter_context(open_catalogue(console.config.database, create=False))
    except DatabaseError as error:
        console.detail(f"without the history of checks: {error}")
        return None


def _known(document: Document, catalogue: Catalogue | None) -> dict[str, str]:
    from podcat.check import State, repair

    if catalogue is None:
        return {}
    checks = catalogue.recall(repair.addresses(document)).values()
    return {c.url: c.suggestion for c in checks if c.state == State.MOVED and c.suggestion}


def _documents(given: Sequence[str], console: Console) -> Iterator[Document]:
    """The plain pages and texts among files; one that is packed and was named is a problem."""
    from podcat import documents

    for source in given:
        named = not Path(source).is_dir()
        for path in documents.paths(source):
            found = path if isinstance(path, SourceError) else _read(path, console)
            if not isinstance(found, SourceError):
                yield found
            elif named or "cannot be read" in found.problem:
                console.problem(found)
            else:
                console.detail(str(found))


def _read(path: str, console: Console) -> Document | SourceError:
    from podcat.documents import kinds, words
    from podcat.model import Document

    limit = console.config.document_bytes
    try:
        with Path(path).open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        return SourceError(path, f"cannot be read: {error.strerror}")
    if len(data) > limit:
        return words.too_large(path, None, limit)
    form = kinds.form(data[: kinds.HEAD])
    if other := kinds.other_kind(data) or (form != kinds.PAGE and f"a {form} file"):
        return SourceError(path, f"is {other}", "repair takes pages and texts that are not packed")
    return Document(path, data)
