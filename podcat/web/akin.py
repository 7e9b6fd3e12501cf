"""Other recordings that a page leads on to, by what they share with its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from flask import url_for

from podcat.catalogue import Related
from podcat.model import Episode

_RELATIONS: Final = {"person": "With", "tag": "About", "programme": "From"}


@dataclass(frozen=True)
class Akin:
    """Recordings with one person, about one thing or from one programme."""

    relation: str
    name: str
    path: str
    """Of the list of all that share it."""
    episodes: tuple[Episode, ...]


def grouped(related: Iterable[Related]) -> list[Akin]:
    """One group for each thing shared, in the order given."""
    return [
        Akin(_RELATIONS[kind], name, url_for(f"lists.{kind}", slug=slug),
             tuple(one.episode for one in group))
        for (kind, slug, name), group in groupby(related, lambda r: (r.kind, r.slug, r.name))
    ]  # fmt: skip
