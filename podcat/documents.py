"""Where bytes come from on this machine: a file, a folder, standard input."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from podcat.errors import MissingSourceError, SourceError
from podcat.model import Document

LIMIT: Final = 32 * 2**20
"""Largest document in bytes, where nothing else is said."""

SUFFIXES: Final = (".html", ".htm", ".xhtml", ".shtml", ".txt", ".text")
"""Names that count as a document inside a folder; a file that is named counts anyway."""

_ADVICE = "give a saved HTML page or a text extract"

# First bytes of what people hand over by mistake.
_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"%PDF-", "a PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"PK\x03\x04", "a ZIP archive or Office document"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"BZh", "bzip2-compressed data"),
    (b"\xfd7zXZ\x00", "xz-compressed data"),
    (b"(\xb5/\xfd", "zstd-compressed data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\x00asm", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"ID3", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
    (b"fLaC", "a FLAC recording"),
    (b"\x1aE\xdf\xa3", "a Matroska or WebM film"),
    (b"FLV\x01", "a Flash film"),
    (b"CWS", "a Flash film"),
    (b"wOF2", "a font"),
    (b"wOFF", "a font"),
)
_RIFF: Final = {b"WAVE": "a WAV recording", b"WEBP": "a WebP image", b"AVI ": "an AVI film"}
_BOMS: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"\xef\xbb\xbf")
_MPEG: Final = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb][^\xff\xf0-\xfe]")
_MHTML: Final = re.compile(rb"(?im)^content-type:\s*multipart/related")
_HEADER: Final = re.compile(rb"[A-Za-z-]{2,40}:[ \t]")
# ESC stays: ISO-2022 texts switch alphabets with it.
_CONTROL: Final = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def require(sources: Sequence[str]) -> None:
    """Raises MissingSourceError for the first path that does not exist, before any work."""
    for source in sources:
        if source != "-" and not os.path.lexists(source):
            raise _missing(source)


def read(
    source: str, *, url: str | None = None, limit: int = LIMIT
) -> Iterator[Document | SourceError]:
    """The documents of a source: a file, a folder and all below it, or `-`.

    What cannot be read comes as a SourceError in its place; nothing is raised. `url` says where
    a single document came from; `limit` is the largest size in bytes.
    """
    if source != "-" and Path(source).is_dir():
        yield from _read_folder(source, limit)
        return
    try:
        data = _from_stdin(limit) if source == "-" else _from_file(source, limit)
        yield checked(Document(shown(source), data, url))
    except SourceError as error:
        yield error


def checked(document: Document) -> Document:
    """The document itself; raises SourceError when its bytes are plainly no page."""
    if kind := _other_kind(document.data):
        raise SourceError(document.name, f"is {kind}, not a page", _ADVICE)
    return document


def shown(path: str) -> str:
    """A path as it is printed and stored: valid Unicode on one line."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", path)


# ---------------------------------------------------------------- folders


def _read_folder(folder: str, limit: int) -> Iterator[Document | SourceError]:
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
        return sorted(e.path for e in entries if not e.name.startswith(".") and _wanted(e))


def _wanted(entry: os.DirEntry[str]) -> bool:
    # A link that leads nowhere is wanted: reading it names the problem.
    return entry.is_dir() or entry.name.lower().endswith(SUFFIXES)


# ---------------------------------------------------------------- bytes


def _from_file(path: str, limit: int) -> bytes:
    try:
        with Path(path).open("rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_size > limit:
                raise _too_large(path, status.st_size, limit)
            return _at_most(file, path, limit)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None


def _from_stdin(limit: int) -> bytes:
    try:
        return _at_most(sys.stdin.buffer, "-", limit)
    except OSError as error:
        raise _unreadable("-", error) from None


def _at_most(file: BinaryIO, name: str, limit: int) -> bytes:
    data = file.read(limit + 1)
    if len(data) > limit:
        raise _too_large(name, None, limit)
    return data


def _missing(path: str) -> MissingSourceError:
    return MissingSourceError(shown(path), "there is no such file or folder")


def _unreadable(path: str, error: Exception) -> SourceError:
    if isinstance(error, FileNotFoundError) and not os.path.lexists(path):
        return _missing(path)
    reason = getattr(error, "strerror", None) or str(error)
    return SourceError(shown(path), f"cannot be read: {reason}")


def _too_large(path: str, size: int | None, limit: int) -> SourceError:
    much = "is " + (f"{megabytes(size)}, more" if size else "larger")
    return SourceError(
        shown(path),
        f"{much} than the limit of {megabytes(limit)}",
        "raise document_bytes in podcat.toml if this is a page",
    )


def megabytes(size: int) -> str:
    """`200 MB`; small sizes in bytes, so that 0 MB is never said."""
    return f"{round(size / 2**20)} MB" if size >= 2**20 else f"{size} bytes"


# ---------------------------------------------------------------- what kind of bytes


def _other_kind(data: bytes) -> str | None:
    """What the bytes are when they are no page: `a PNG image`, ..."""
    head = data[:4096]
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"RIFF") and head[8:12] in _RIFF:
        return _RIFF[head[8:12]]
    if head[4:8] == b"ftyp":
        return "an MP4 recording or film"
    return _archive(head) or _plain_binary(head)


def _archive(head: bytes) -> str | None:
    if head.startswith(b"WARC/"):
        return "a web archive (WARC), which this version cannot read"
    if _HEADER.match(head) and _MHTML.search(head):
        return "a web archive (MHTML), which this version cannot read"
    return None


def _plain_binary(head: bytes) -> str | None:
    if head.startswith(_BOMS):
        return None
    if _MPEG.match(head):
        return "an MP3 recording"
    control = len(head) - len(head.translate(None, _CONTROL))
    # A stray NUL in a page is damage; one byte in twenty is another kind of file.
    return "binary data" if control > 16 and control * 20 > len(head) else None
