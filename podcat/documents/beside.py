"""The frames that a browser writes beside a complete page, in `PAGE_files/`."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import unquote

from podcat.documents import kinds, saved
from podcat.documents.frames import Frame, Restorer
from podcat.model import Document

PAGES: Final = (".html", ".htm", ".xhtml", ".shtml")
PARTS: Final = ("_files", ".files", "-Dateien", "_fichiers", "_archivos", "_bestanden")
"""What browsers append to a page's name for the folder of its parts."""
_MOST: Final = 200


def parts_of(names: frozenset[str], folder: str) -> bool:
    """Whether a folder holds the parts of one of the pages that stand beside it."""
    return any(
        folder.removesuffix(suffix) + page in names
        for suffix in PARTS
        if folder.endswith(suffix)
        for page in PAGES
    )


def restored(document: Document, path: str, limit: int) -> Document:
    """The document with its frames put back, where a browser saved them beside it."""
    page = Path(path)
    folders = [page.with_name(page.stem + suffix) for suffix in PARTS]
    found = [folder for folder in folders if page.suffix.lower() in PAGES and folder.is_dir()]
    if not found:
        return document
    frames = _Frames(found[0], limit)
    data = Restorer(frames.find, limit).page(document.data)
    return Document(document.name, data, document.url, document.content_type)


class _Frames:
    """The HTML files in a folder of parts, read when a page asks for them."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._left = _MOST

    def find(self, source: str) -> Frame | None:
        """The frame that a relative `src` names."""
        if ":" in source.partition("/")[0] or source.startswith("/"):
            return None
        above, _, name = unquote(source.partition("#")[0]).removeprefix("./").rpartition("/")
        if above not in ("", self._folder.name) or not name or name == ".." or self._left == 0:
            return None
        self._left -= 1
        data = self._read(self._folder / name)
        if data is None or kinds.other_kind(data):
            return None
        return Frame(saved.frame_address(data), data.decode("utf-8", "replace"))

    def _read(self, path: Path) -> bytes | None:
        try:
            if not path.is_file() or path.stat().st_size > self._limit:
                return None
            return path.read_bytes()
        except (OSError, ValueError):
            return None
