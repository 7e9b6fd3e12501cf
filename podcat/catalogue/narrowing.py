"""The part of a catalogue that helps to find: what narrows a selection, and what is akin."""

from __future__ import annotations

from podcat.catalogue import facets, related
from podcat.catalogue.database import Database
from podcat.catalogue.records import Facets, Related
from podcat.model import Episode, Selection


class Narrowing:
    """Ways from one list to another. Every method raises DatabaseError."""

    _db: Database

    def facets(self, selection: Selection) -> Facets:
        """What a selection can be narrowed by, in a bounded time: over its newest episodes."""
        return facets.facets(self._db, selection)

    def all_facets(self) -> Facets:
        """Years, files, health and the timeline of the whole catalogue; no tags, people, ….

        Those are what `tags`, `people`, `programmes` and `providers` tell.
        """
        return facets.everything(self._db)

    def related(self, episode: Episode, most: int = 6) -> tuple[Related, ...]:
        """At most so many other episodes: with its people, then about the same, then like it."""
        return related.related(self._db, episode, most)
