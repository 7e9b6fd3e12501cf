"""The part of a catalogue that moves it as a whole and looks after it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from podcat.catalogue import care, loading, moving
from podcat.catalogue.care import Finding
from podcat.catalogue.database import Database
from podcat.catalogue.loading import Loaded


class Upkeep:
    """Export, import, backup, doctor. Every method raises DatabaseError."""

    _db: Database

    def export(self) -> Iterator[str]:
        """Everything as lines of JSON in an order that is always the same."""
        return moving.export(self._db)

    def load(self, lines: Iterable[str], name: str, now: int | None = None) -> Loaded:
        """Everything that `export` gave, all or nothing; what is there already is left alone.

        Raises SourceError, with `name` and the line, for what is no export.
        """
        return loading.load(self._db, lines, name, int(time.time()) if now is None else now)

    def backup(self, target: Path) -> int:
        """Copy the catalogue while it is in use, whole or not at all; the bytes of the copy."""
        return care.backup(self._db, target)

    def findings(self) -> Iterator[Finding]:
        """What is wrong with the catalogue."""
        return care.findings(self._db)

    def rebuild_index(self) -> int:
        """Write the search index anew; the number of episodes."""
        return care.rebuild_index(self._db, int(time.time()))
