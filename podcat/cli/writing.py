"""Files that are written as a whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from podcat.errors import UsageError


def whole(target: Path, data: bytes) -> None:
    """Write a file so that nobody ever sees half of it; one that is there keeps its permissions.

    Raises UsageError.
    """
    try:
        place = target.resolve()  # of a link: what it leads to
        mode = stat.S_IMODE(place.stat().st_mode) if place.exists() else 0o644
        handle, draft = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(draft).chmod(mode)
            Path(draft).replace(place)
        except BaseException:
            with suppress(OSError):
                Path(draft).unlink()
            raise
    except OSError as error:
        raise UsageError(str(target), f"cannot be written: {error.strerror}") from None
