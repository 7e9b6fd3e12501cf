"""What a feed says of itself, or of an item, whether it is XML or JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

LONGEST: Final = 200_000
"""Characters of one text that are read."""


@dataclass(slots=True)
class Said:
    """Names in small letters to texts and attributes, as RSS has them."""

    texts: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, list[Mapping[str, str]]] = field(default_factory=dict)
    line: int | None = None

    def first(self, *names: str) -> str | None:
        """The first of these children that says something."""
        return next((self.texts[name] for name in names if self.texts.get(name)), None)

    def every(self, name: str) -> list[Mapping[str, str]]:
        """The attributes of all children of that name; their text is `""`."""
        return self.attributes.get(name, [])
