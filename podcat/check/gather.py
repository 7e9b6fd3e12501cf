"""Sightings of one address, brought together: it is looked at once, however many pages name it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from podcat.check.asking import Subject
from podcat.check.states import Place, Sighting
from podcat.providers import registry


@dataclass(slots=True, eq=False)
class Seen:
    """One address with all its places."""

    first: Sighting
    refused: str | None = None
    page_url: str | None = None
    places: dict[Place, None] | None = None
    """None where a rule built the address, and no document has it."""
    passed: dict[Place, None] | None = None
    """Places where a person wrote that it is to be ignored."""

    @property
    def is_ignored(self) -> bool:
        """Whether it is to be ignored wherever it stands."""
        return self.passed is not None and self.places is None

    @property
    def where(self) -> tuple[Place, ...]:
        """Its places: those where it counts, if there are any."""
        return tuple(self.places or self.passed or ())

    @property
    def subject(self) -> Subject:
        """What is to be judged."""
        first = self.first
        return Subject(
            first.url, first.kind, first.provider, first.id, self.refused, page_url=self.page_url
        )

    def add(self, sighting: Sighting) -> None:
        """One more place, and what is known there."""
        self.refused = self.refused or sighting.refused
        page = sighting.page_url
        # A player that any https page embeds has to be fit for https.
        if page and not (self.page_url or "").startswith("https:"):
            self.page_url = page
        if sighting.place and sighting.ignored:
            self.passed = self.passed or {}
            self.passed[sighting.place] = None
        elif sighting.place:
            self.places = self.places or {}
            self.places[sighting.place] = None


def key(url: str) -> str:
    """What an address is asked for: without its fragment, unless that names another recording."""
    bare, sharp, _ = url.partition("#")
    return url if sharp and _recording(url) != _recording(bare) else bare


def _recording(url: str) -> tuple[str, str | None] | None:
    match = registry().match(url)
    return (match.provider.key, match.id) if match else None


def gathered(sightings: Iterable[Sighting]) -> dict[str, Seen]:
    """Every address once, in the order of first sight, by its `key`."""
    found: dict[str, Seen] = {}
    for sighting in sightings:
        address = key(sighting.url)
        seen = found.get(address) or found.setdefault(address, Seen(sighting))
        seen.add(sighting)
    return found
