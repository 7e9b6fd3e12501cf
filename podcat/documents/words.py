"""How sources are called, and what is said of those that are too large."""

from __future__ import annotations

import re
from typing import Final

from podcat.errors import SourceError

UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def shown(name: str) -> str:
    """A path or an address as it is printed and stored: valid Unicode on one line."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", name)


def too_large(name: str, size: int | None, limit: int) -> SourceError:
    """The complaint about a document that is larger than the limit."""
    much = "is " + (f"{megabytes(size)}, more" if size else "larger")
    return SourceError(
        name,
        f"{much} than the limit of {megabytes(limit)}",
        "raise document_bytes in podcat.toml if this is a page",
    )


def megabytes(size: int) -> str:
    """`200 MB`; small sizes in bytes, so that 0 MB is never said."""
    return f"{round(size / 2**20)} MB" if size >= 2**20 else f"{size} bytes"
