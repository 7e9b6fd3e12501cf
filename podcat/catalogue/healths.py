"""How episodes are, kept beside them: a list of the dead ones takes no look at the others."""

# Only numbers are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterable

from podcat.catalogue import health, read
from podcat.catalogue.database import Database, among, batches, listed
from podcat.catalogue.standings import digest, standings


def follow(db: Database, episodes: Iterable[int]) -> None:
    """Bring what is kept of these episodes in line with how their addresses stand."""
    for batch in batches(sorted(set(episodes))):
        found = read.by_ids(db, batch)
        known = standings(db, health.addresses(found))
        rows = db.all(f"SELECT id, health FROM episodes WHERE {among('id', batch)}")
        kept = {row["id"]: row["health"] for row in rows}
        words = {one.id: health.word(one, known) for one in found}
        db.run_many(
            "UPDATE episodes SET health = :word WHERE id = :id",
            [{"id": n, "word": word} for n, word in words.items() if word != kept[n]],
        )


def follow_addresses(db: Database, urls: Iterable[str]) -> None:
    """The same for all episodes that have one of these addresses, as far as they were gathered."""
    for condition, values in listed("digest", [digest(url) for url in urls]):
        rows = db.all(
            f"""SELECT DISTINCT o.episode_id FROM links l JOIN link_episodes o ON o.link_id = l.id
                WHERE l.{condition}""",
            **values,
        )
        follow(db, (row["episode_id"] for row in rows))
