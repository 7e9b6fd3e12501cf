"""The words between looking (engine) and judging (rules): what to ask, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from podcat.check.states import State

if TYPE_CHECKING:  # judging offline needs no podcat.net
    from podcat.net.answer import Answer

PAGE_BYTES: Final = 64 * 2**10
"""Of a page no more is read than this, unpacked."""
MEDIA_BYTES: Final = 2048
"""Of a recording: asked for by `Range: bytes=0-2047`."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One more look: an address, and as what."""

    url: str
    media: bool = False
    """Asks for the first `MEDIA_BYTES` by Range; else for the first `PAGE_BYTES`."""

    @property
    def limit(self) -> int:
        """Most bytes that are read."""
        return MEDIA_BYTES if self.media else PAGE_BYTES


@dataclass(frozen=True, slots=True)
class Subject:
    """One address to be judged, with what its readers knew of it."""

    url: str
    kind: str
    """player, page, audio, transcript or image"""
    provider: str | None = None
    id: str | None = None
    refused: str | None = None
    """Why reading took it for no recording of its provider."""
    media_type: str | None = None
    length: int | None = None
    """What the catalogue or the document declares of a file: type, and size in bytes."""
    page_url: str | None = None
    """A page it is embedded in: an http player inside an https page does not play."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of an address, and by which rule."""

    state: State
    detail: str
    """One sentence of evidence."""
    suggestion: str | None = None
    rule: str = ""
    """Name of the rule that spoke, for `--why`."""
    warnings: tuple[str, ...] = ()
    """What is not good, and no matter for the state: no byte ranges, another length than said."""


Consider: TypeAlias = "Callable[[Subject, tuple[Answer, ...]], Verdict | Ask]"
"""Judges an address by the answers so far, or wants another one; asked first with none at all."""
