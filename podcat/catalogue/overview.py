"""The catalogue as a whole: what there is of each kind, names of slugs, numbers, feeds' guids."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

import uuid

from podcat.catalogue.database import Database
from podcat.catalogue.records import Count

# What the podcast namespace prescribes for podcast:guid.
_PODCAST_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")

# Counted along one index; the few hidden episodes are counted apart and taken away.
_LISTED = """SELECT t.slug, t.name, c.n - coalesce(h.n, 0) AS n
    FROM (SELECT {column}, count(*) AS n FROM {rows} GROUP BY {column}) c
    JOIN {names} t ON t.id = c.{column}
    LEFT JOIN (SELECT {column}, count(*) AS n FROM {rows}
        WHERE episode_id IN (SELECT id FROM episodes WHERE hidden = 1) GROUP BY {column}) h
    ON h.{column} = c.{column}
    WHERE c.n > coalesce(h.n, 0) ORDER BY n DESC, t.slug"""
# One episode can have several credits of one person. Grouped in the order of the index.
_CREDITS = """(SELECT person_id, episode_id FROM credits
    GROUP BY person_id, sort_at, episode_id) credited"""
# One programme can be written in several ways: the commonest of late names it.
_PROGRAMME = """(SELECT newest.programme FROM (SELECT e.programme FROM episodes e
        WHERE e.programme_slug = {slug} AND e.hidden = 0
        ORDER BY e.sort_at DESC, e.id DESC LIMIT 100) newest
    GROUP BY newest.programme ORDER BY count(*) DESC, newest.programme LIMIT 1)"""
_COUNTS = {
    "tag": _LISTED.format(column="tag_id", rows="episode_tags", names="tags"),
    "person": _LISTED.format(column="person_id", rows=_CREDITS, names="people"),
    "programme": """SELECT programme_slug AS slug, count(*) AS n FROM episodes
        WHERE programme_slug IS NOT NULL AND hidden = 0 GROUP BY programme_slug
        ORDER BY n DESC, programme_slug""",
    "provider": """SELECT provider AS slug, provider AS name, count(*) AS n FROM episodes
        WHERE hidden = 0 GROUP BY provider ORDER BY n DESC, provider""",
}
# A file that is both sound and picture of one episode is one address.
_LINK_COUNTS = """SELECT count(embed_url) AS player,
    count(link) + (SELECT count(url) FROM pages) AS page,
    count(audio_url) + count(CASE WHEN video_url <> coalesce(audio_url, '') THEN 1 END) AS audio,
    count(transcript_url) AS transcript, count(image_url) AS image
    FROM episodes WHERE hidden = 0"""
_NAMES = {
    "tag": """SELECT t.name FROM tags t WHERE t.slug = :slug AND EXISTS (
        SELECT 1 FROM episode_tags et JOIN episodes e ON e.id = et.episode_id
        WHERE et.tag_id = t.id AND e.hidden = 0)""",
    "person": """SELECT p.name FROM people p WHERE p.slug = :slug AND EXISTS (
        SELECT 1 FROM credits c JOIN episodes e ON e.id = c.episode_id
        WHERE c.person_id = p.id AND e.hidden = 0)""",
    "programme": f"SELECT {_PROGRAMME.format(slug=':slug')} AS name",
}


def counts(db: Database, kind: str, most: int | None = None) -> tuple[Count, ...]:
    """What there is of a kind (tag, person, programme, provider), most episodes first.

    At most so many, if told; all episodes are counted even then.
    """
    limited = _COUNTS[kind] + (f" LIMIT {int(most)}" if most is not None else "")
    if kind == "programme":
        name = _PROGRAMME.format(slug="c.slug")
        limited = f"SELECT c.slug, {name} AS name, c.n FROM ({limited}) c ORDER BY n DESC, slug"
    return tuple(Count(row["slug"], row["name"], row["n"]) for row in db.all(limited))


def name_of(db: Database, kind: str, slug: str) -> str | None:
    """The name behind a slug of a tag, person or programme; None when there is none."""
    row = db.one(_NAMES[kind], slug=slug) if kind in _NAMES else None
    return row["name"] if row else None


def statistics(db: Database) -> dict[str, int]:
    """How much there is: documents, pages, episodes, playable, unresolved, people, tags."""
    row = db.one(
        """SELECT (SELECT count(*) FROM documents) AS documents,
            (SELECT count(*) FROM pages) AS pages,
            (SELECT count(*) FROM episodes) - (SELECT count(*) FROM episodes WHERE hidden = 1)
                AS episodes,
            (SELECT count(*) FROM episodes WHERE playable = 1 AND hidden = 0) AS playable,
            (SELECT count(*) FROM episodes WHERE status = 'unresolved' AND hidden = 0)
                AS unresolved,
            (SELECT count(*) FROM people p WHERE (
                SELECT 1 FROM credits c JOIN episodes e ON e.id = c.episode_id
                WHERE c.person_id = p.id AND e.hidden = 0 LIMIT 1) IS NOT NULL) AS people,
            (SELECT count(*) FROM tags t WHERE (
                SELECT 1 FROM episode_tags et JOIN episodes e ON e.id = et.episode_id
                WHERE et.tag_id = t.id AND e.hidden = 0 LIMIT 1) IS NOT NULL) AS tags"""
    )
    assert row is not None
    names = ("documents", "pages", "episodes", "playable", "unresolved", "people", "tags")
    return {name: int(row[name]) for name in names}


def highest_id(db: Database) -> int:
    """The number of the episode made last; 0 where there is none."""
    row = db.one("SELECT max(id) AS n FROM episodes")
    return int(row["n"] or 0) if row else 0


def titles(db: Database, after: int, until: int) -> list[tuple[int, str | None, int]]:
    """Number, title and time of the last change of the episodes with a number in a range."""
    rows = db.all(
        "SELECT id, title, changed_at FROM episodes "
        "WHERE id > :after AND id <= :until AND hidden = 0 ORDER BY id",
        after=after, until=until,
    )  # fmt: skip
    return [(row["id"], row["title"], row["changed_at"]) for row in rows]


def revision(db: Database) -> int:
    """A number that grows whenever a document or tag is stored."""
    row = db.one("SELECT value FROM meta WHERE name = 'revision'")
    return int(row["value"]) if row else 0


def edition(db: Database) -> int:
    """A number that grows with the revision and with the time of the last look at a link."""
    row = db.one("SELECT sum(value) AS edition FROM meta WHERE name IN ('revision', 'last_check')")
    return int(row["edition"] or 0) if row else 0


def link_counts(db: Database) -> dict[str, int]:
    """How many addresses of each kind of link (player, page, audio, transcript, image) there are.

    An address counts once for each episode and page that it is of.
    """
    row = db.one(_LINK_COUNTS)
    assert row is not None
    return {kind: int(row[kind]) for kind in ("player", "page", "audio", "transcript", "image")}


def computed_guid(url: str) -> str:
    """The podcast:guid that the podcast namespace's rule gives for a feed's address."""
    return str(uuid.uuid5(_PODCAST_NAMESPACE, url.partition("://")[2].rstrip("/") or url))


def feed_guid(db: Database, name: str, url: str, keep: bool) -> str:
    """The podcast:guid of a feed: the one kept, or else made of its address.

    With `keep` that one is the feed's ever after. A read-only database gives it without keeping.
    """
    row = db.one("SELECT guid FROM feeds WHERE name = :name", name=name)
    if row is not None:
        return str(row["guid"])
    made = computed_guid(url)
    if not keep or db.read_only:
        return made
    with db.transaction():
        db.run(
            "INSERT INTO feeds (name, guid) VALUES (:name, :guid) ON CONFLICT DO NOTHING",
            name=name, guid=made,
        )  # fmt: skip
        row = db.one("SELECT guid FROM feeds WHERE name = :name", name=name)
    return str(row["guid"]) if row else made
