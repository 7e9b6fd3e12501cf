"""Files, folders and standard input."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from podcat.documents import beside, forms, kinds
from podcat.documents.forms import Item
from podcat.documents.words import too_large
from podcat.errors import MissingSourceError, SourceError, shown
from podcat.model import Document

LIMIT: Final = 32 * 2**20
"""Largest document in bytes, where nothing else is said."""

SUFFIXES: Final = (
    ".html", ".htm", ".xhtml", ".shtml", ".txt", ".text", ".mht", ".mhtml", ".webarchive",
    ".warc", ".warc.gz", ".html.gz", ".htm.gz", ".txt.gz", ".urls",
)  # fmt: skip
"""Names that count as a document inside a folder; a file that is named counts anyway."""

_HOST: Final = re.compile(r"www\.|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/", re.I)
"""How an address begins whose https:// was left out. Without a slash it may well be a file."""
_MANY: Final = (".warc", ".warc.gz", ".urls")
_STREAMED: Final = (kinds.GZIP, kinds.WARC)


def require(sources: Sequence[str]) -> None:
    """Raises MissingSourceError for the first path that does not exist, before any work."""
    for source in sources:
        if source != "-" and not os.path.lexists(source):
            raise _missing(source)


def read(source: str, *, url: str | None = None, limit: int = LIMIT) -> Iterator[Item]:
    """The documents of a source: a file, a folder and all below it, or `-`.

    A list of addresses comes as a Listing, for whoever may fetch them. What cannot be read comes
    as a SourceError in its place; nothing is raised. `url` says where a single document came
    from; `limit` is the largest size of one document in bytes, unpacked.
    """
    if source != "-" and Path(source).is_dir():
        yield from _read_folder(source, limit)
        return
    try:
        if source == "-":
            items = forms.read(sys.stdin.buffer, "-", url, limit)
        else:
            items = _read_path(source, url, limit)
        yield from forms.guarded(items, shown(source))
    except (OSError, ValueError) as error:
        yield _unreadable(source, error)


def _read_path(path: str, url: str | None, limit: int) -> Iterator[Item]:
    with Path(path).open("rb") as file:
        status = os.fstat(file.fileno())
        large = stat.S_ISREG(status.st_mode) and status.st_size > limit
        if large and kinds.form(file.peek(kinds.HEAD)[: kinds.HEAD]) not in _STREAMED:
            yield too_large(shown(path), status.st_size, limit)
            return
        for item in forms.read(file, shown(path), url, limit):
            if isinstance(item, Document) and item.content_type is None:
                yield beside.restored(item, path, limit)
            else:
                yield item


def count(sources: Sequence[str]) -> int | None:
    """How many documents are in some sources, where that can be known without reading them."""
    total = 0
    for source in sources:
        if not os.path.lexists(source):
            return None
        for found in _walk(source):
            if isinstance(found, str) and found.lower().endswith(_MANY):
                return None
            total += 1
    return total


# ---------------------------------------------------------------- folders


def paths(source: str) -> Iterator[str | SourceError]:
    """The files of a source as `read` finds them: itself, or those below a folder in order."""
    if not Path(source).is_dir():
        yield source
        return
    yield from _walk(source)


def _read_folder(folder: str, limit: int) -> Iterator[Item]:
    empty = True
    for found in _walk(folder):
        empty = False
        if isinstance(found, SourceError):
            yield found
        else:
            yield from read(found, limit=limit)
    if empty:
        yield SourceError(
            shown(folder), "holds no documents", f"they are named {', '.join(SUFFIXES)}"
        )


def _walk(folder: str) -> Iterator[str | SourceError]:
    """Files with a page's name below a folder, sorted; a folder is never entered twice."""
    waiting, seen = [folder], set[tuple[int, int]]()
    while waiting:
        path = waiting.pop()
        try:
            status = Path(path).stat()
            if stat.S_ISREG(status.st_mode):
                yield path
            elif stat.S_ISDIR(status.st_mode) and (status.st_dev, status.st_ino) not in seen:
                seen.add((status.st_dev, status.st_ino))
                waiting += reversed(_entries(path))
        except OSError as error:
            yield _unreadable(path, error)


def _entries(folder: str) -> list[str]:
    with os.scandir(folder) as entries:
        seen = [entry for entry in entries if not entry.name.startswith(".")]
    names = frozenset(entry.name for entry in seen)
    return sorted(entry.path for entry in seen if _wanted(entry, names))


def _wanted(entry: os.DirEntry[str], names: frozenset[str]) -> bool:
    """Whether an entry of a folder is read; `names` are those of all its entries."""
    if entry.is_dir():
        return not beside.parts_of(names, entry.name)
    # A link that leads nowhere is wanted: reading it names the problem.
    return entry.name.lower().endswith(SUFFIXES) or (entry.is_file() and _tells(entry.path))


def _tells(path: str) -> bool:
    """Whether a file without a page's name is a page by its first bytes."""
    try:
        with Path(path).open("rb") as file:
            return kinds.is_telling(file.read(kinds.HEAD))
    except OSError:
        return False


# ---------------------------------------------------------------- what can be wrong


def _missing(path: str) -> MissingSourceError:
    advice = "an address begins with https://" if _HOST.match(path) else ""
    return MissingSourceError(shown(path), "there is no such file or folder", advice)


def _unreadable(path: str, error: Exception) -> SourceError:
    if isinstance(error, FileNotFoundError) and not os.path.lexists(path):
        return _missing(path)
    reason = getattr(error, "strerror", None) or str(error)
    return SourceError(shown(path), f"cannot be read: {reason}")
