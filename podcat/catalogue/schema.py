"""The migrations of a database: scripts in SQL, run in the order of their numbers."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def migrations(database: str) -> dict[int, str]:
    """Number to script in order, for `sqlite` or `postgres`; the last number is the schema's.

    Both have a script of each number, so that one number names one schema.
    """
    folder = resources.files("podcat.catalogue") / "migrations" / database
    scripts = {int(f.name[:4]): f for f in folder.iterdir() if f.name.endswith(".sql")}
    return {number: scripts[number].read_text(encoding="utf-8") for number in sorted(scripts)}


def newest(database: str) -> int:
    """The schema that this program knows."""
    return max(migrations(database))


def problem(database: str, version: int) -> tuple[str, str] | None:
    """What is wrong with a database of this schema, and what to do; None when nothing is."""
    known = newest(database)
    if version <= known:
        return None
    what = f"made by a newer podcat (schema {version}; this program knows {known})"
    return what, "upgrade podcat"
