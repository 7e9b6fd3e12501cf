"""What feeds keep between two requests: items rendered once, and since when bytes are as they are.

Nothing here is said by anybody, so all of it may be lost; writing it is no change of the catalogue.
"""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from podcat.catalogue import paging, read
from podcat.catalogue.asked import asked
from podcat.catalogue.database import Database, Row, among, batches
from podcat.model import Episode, Fragment, Piece, Selection


class Fragments:
    """The part of a catalogue that keeps what feeds are joined from."""

    _db: Database

    def pieces(
        self, selection: Selection, place: paging.Place, order: str, edition: str
    ) -> paging.Part[Piece]:
        """The places of one page of episodes, with the fragments kept of an edition."""
        shape = paging.Shape(_COLUMNS, partial(_pieces, edition=edition))
        return paging.page(self._db, asked(selection), shape, place, order)

    def by_ids(self, ids: Sequence[int]) -> tuple[Episode, ...]:
        """Episodes in the order of their ids; ids of none are left out."""
        return read.by_ids(self._db, ids)

    def keep_fragments(
        self, episodes: Sequence[Episode], fragments: Mapping[int, Fragment], edition: str
    ) -> None:
        """Keep what was rendered of episodes, but for those that have changed in the meantime."""
        with self._db.transaction():
            now = {one.id: one for one in self.by_ids([one.id for one in episodes])}
            rows = [
                {"id": one.id, "edition": edition, "file": kept.file, "body": kept.body}
                for one in episodes
                if now.get(one.id) == one and (kept := fragments.get(one.id))
            ]
            drop(self._db, [one.id for one in episodes])
            self._db.run_many(
                "INSERT INTO fragments (episode_id, edition, file, body) "
                "VALUES (:id, :edition, :file, :body)",
                rows,
            )

    def modified(self, url: str, digest: str, now: int) -> int:
        """The second after which an address first had these bytes, kept from now on if it is new.

        It never goes back, and is another one for other bytes. Raises DatabaseError where nothing
        can be written.
        """
        row = self._validator(url)
        if row and row["digest"] == digest:
            return int(row["modified_at"])
        with self._db.transaction():
            row = self._validator(url)
            if row and row["digest"] == digest:
                return int(row["modified_at"])
            moment = max(now, int(row["modified_at"]) if row else 0) + 1
            self._db.run(
                """INSERT INTO validators (url, digest, modified_at) VALUES (:url, :digest, :at)
                   ON CONFLICT (url) DO UPDATE SET digest = excluded.digest,
                   modified_at = excluded.modified_at""",
                url=url, digest=digest, at=moment,
            )  # fmt: skip
        return moment

    def _validator(self, url: str) -> Row | None:
        return self._db.one("SELECT digest, modified_at FROM validators WHERE url = :url", url=url)


def drop(db: Database, episodes: Iterable[int]) -> None:
    """Forget what was rendered of episodes; in the transaction that changes what they show."""
    for batch in batches(sorted(episodes)):
        db.run(f"DELETE FROM fragments WHERE {among('episode_id', batch)}")


_COLUMNS = "e.id, e.sort_at, e.changed_at, e.guid"


def _pieces(db: Database, rows: Sequence[Row], edition: str) -> tuple[Piece, ...]:
    kept = _kept(db, [row["id"] for row in rows], edition)
    return tuple(Piece(**row, fragment=kept.get(row["id"])) for row in rows)


def _kept(db: Database, ids: Sequence[int], edition: str) -> dict[int, Fragment]:
    return {
        row["episode_id"]: Fragment(row["file"], row["body"])
        for batch in batches(ids)
        for row in db.all(
            "SELECT episode_id, file, body FROM fragments "
            f"WHERE {among('episode_id', batch)} AND edition = :edition",
            edition=edition,
        )
    }
