"""What is said of sources that are too large."""

from __future__ import annotations

from podcat.errors import SourceError


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
