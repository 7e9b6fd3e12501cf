"""The folder of a site: what is in it, what is written to it, and what is taken out of it again.

The manifest names every file that a build wrote; nothing else is ever removed. A file that is made
anew is named in a journal before it is there, so that a build that was cut short leaves nothing of
which the next one knows nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final

from podcat.errors import UsageError

MANIFEST: Final = ".podcat-build.json"
_JOURNAL: Final = ".podcat-build.journal"
_DRAFTS: Final = ".podcat-build.drafts"
_VERSION: Final = 1


class Folder:
    """The folder; several processes may write to it at once, each another file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.drafts = path / _DRAFTS
        self._draft = self.drafts / str(os.getpid())
        self._made: set[str] = set()

    # ------------------------------------------------------------ beginning and end

    def open(self) -> set[str]:
        """Makes the folder ready; the files in it that earlier builds wrote.

        Raises UsageError for a folder that is somebody else's or cannot be written to.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            manifest = self.path / MANIFEST
            if not manifest.exists() and _is_somebodys(self.path):
                problem = "is not empty, and podcat build did not write it"
                raise UsageError(str(self.path), problem, "name a new folder, or empty this one")
            known = _listed(manifest) | _journalled(self.path / _JOURNAL)
            _no_drafts(self.drafts)
            self.drafts.mkdir(exist_ok=True)
            if not manifest.exists():
                self._replace(manifest, _manifest(()))
        except OSError as error:
            raise UsageError(str(self.path), f"cannot be written: {error.strerror}") from None
        return known

    def close(self, files: Collection[str], stale: Collection[str]) -> int:
        """Removes what is stale and keeps the names of all files; how many were removed."""
        removed = sum(map(self._remove, sorted(stale)))
        manifest, said = self.path / MANIFEST, _manifest(files)
        if manifest.read_bytes() != said:
            self._replace(manifest, said)
        (self.path / _JOURNAL).unlink(missing_ok=True)
        _no_drafts(self.drafts)
        return removed

    def _remove(self, file: str) -> int:
        path = self.path / file
        try:
            path.unlink()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError):
            return 0
        with suppress(OSError):  # a folder that has something else in it stays
            for folder in list(path.relative_to(self.path).parents)[:-1]:
                (self.path / folder).rmdir()
        return 1

    # ------------------------------------------------------------ one file

    def write(self, file: str, data: bytes) -> bool:
        """Writes a file, whole or not at all, where it has other bytes; whether it had."""
        path = self.path / file
        if _has(path, data):
            return False
        if not path.exists():
            self._journal(file)
            self._make(path.parent)
        self._replace(path, data)
        return True

    def _make(self, folder: Path) -> None:
        if str(folder) not in self._made:
            folder.mkdir(parents=True, exist_ok=True)
            if len(self._made) < 1_000:  # those of lists; each recording has one of its own
                self._made.add(str(folder))

    def _replace(self, path: Path, data: bytes) -> None:
        self._draft.write_bytes(data)
        self._draft.replace(path)

    def _journal(self, file: str) -> None:
        line = (json.dumps(file) + "\n").encode()
        handle = os.open(self.path / _JOURNAL, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(handle, line)  # one call, so that lines of several processes do not mix
        finally:
            os.close(handle)


def _has(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _is_somebodys(folder: Path) -> bool:
    """Whether there is anything to see in it: a `.git` alone is a place for a site."""
    return any(not entry.name.startswith(".") for entry in folder.iterdir())


def _manifest(files: Collection[str]) -> bytes:
    said = {"podcat build": _VERSION, "files": sorted(files)}
    return (json.dumps(said, ensure_ascii=False, indent=0) + "\n").encode()


def _listed(manifest: Path) -> set[str]:
    try:
        said = json.loads(manifest.read_bytes())
        return set(_sound(said["files"]))
    except FileNotFoundError:
        return set()
    except (ValueError, KeyError, TypeError):
        problem = "is no list of files that podcat build wrote"
        raise UsageError(str(manifest), problem, "remove the folder and build it anew") from None


def _journalled(journal: Path) -> set[str]:
    """Files that a build wrote that did not come to its end; a line cut short names none."""
    found: list[object] = []
    with suppress(FileNotFoundError):
        for line in journal.read_text(encoding="utf-8").splitlines():
            with suppress(ValueError):
                found.append(json.loads(line))
    return set(_sound(found))


def _sound(names: list[object]) -> Iterator[str]:
    """Names of files within the folder."""
    for name in names:
        if isinstance(name, str) and name and "\0" not in name:
            parts = PurePosixPath(name).parts
            if not name.startswith("/") and ".." not in parts:
                yield name


def _no_drafts(folder: Path) -> None:
    with suppress(FileNotFoundError):
        for draft in folder.iterdir():
            draft.unlink()
        folder.rmdir()
