"""Adding from the browser: who is signed in, how often they ask, and what waits for their click.

All of it is in the database, so that it does not matter which process answers.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from podcat.catalogue import identity, settle, told
from podcat.catalogue.database import Database
from podcat.catalogue.identity import Node
from podcat.catalogue.tokens import digest, moment
from podcat.model import Document, Page

SESSION_SECONDS: Final = 14 * 86_400
"""How long a browser stays signed in."""
_SESSIONS: Final = 20  # of one token; who signs in once more ends the oldest
HELD_SECONDS: Final = 3600
"""How long a preview waits to be kept."""
_BATCHES: Final = 5  # of one token; so for those
_ALL_BYTES: Final = 64 * 2**20  # of everything that waits, as it stands in the database
MINUTE: Final = 60
_BYTES: Final = 24


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in."""

    token_id: int
    label: str
    """Whose token it is, in the owner's words."""


class Pending:
    """The part of a catalogue that knows what people are adding just now."""

    _db: Database

    # ------------------------------------------------------------ sessions

    def open_session(self, token_id: int, now: int | None = None) -> str:
        """A new secret for a browser's cookie; it is told once, here."""
        secret, at = secrets.token_urlsafe(_BYTES), moment(now)
        with self._db.transaction():
            self._db.run("DELETE FROM sessions WHERE expires_at <= :now", now=at)
            self._db.run(
                """INSERT INTO sessions (sha256, token_id, expires_at)
                   VALUES (:sha256, :token, :expires)""",
                sha256=digest(secret), token=token_id, expires=at + SESSION_SECONDS,
            )  # fmt: skip
            self._db.run(
                """DELETE FROM sessions WHERE token_id = :token AND sha256 NOT IN (
                       SELECT sha256 FROM sessions WHERE token_id = :token
                       ORDER BY expires_at DESC, sha256 LIMIT :most)""",
                token=token_id, most=_SESSIONS,
            )  # fmt: skip
        return secret

    def session(self, secret: str, now: int | None = None) -> Session | None:
        """Who is signed in with a cookie; nobody whose token was revoked."""
        row = self._db.one(
            """SELECT t.id, t.label FROM sessions s JOIN tokens t ON t.id = s.token_id
               WHERE s.sha256 = :sha256 AND s.expires_at > :now
               AND t.scope = 'add' AND t.revoked_at IS NULL""",
            sha256=digest(secret), now=moment(now),
        )  # fmt: skip
        return Session(row["id"], row["label"]) if row else None

    def close_session(self, secret: str) -> None:
        """Sign out."""
        with self._db.transaction():
            self._db.run("DELETE FROM sessions WHERE sha256 = :sha256", sha256=digest(secret))

    def use(self, token_id: int, most: int, now: int | None = None) -> int:
        """Count one use of a token; 0, or how many seconds to wait after too many in a minute."""
        at = moment(now)
        with self._db.transaction():
            self._db.run(
                "UPDATE tokens SET uses_since = :now, uses = 0 "
                "WHERE id = :id AND (uses_since <= :past OR uses_since > :now)",
                id=token_id, now=at, past=at - MINUTE,
            )  # fmt: skip
            counted = self._db.run(
                "UPDATE tokens SET uses = uses + 1 WHERE id = :id AND uses < :most",
                id=token_id, most=most,
            )  # fmt: skip
            row = self._db.one("SELECT uses_since FROM tokens WHERE id = :id", id=token_id)
        return 0 if counted or row is None else max(1, row["uses_since"] + MINUTE - at)

    # ------------------------------------------------------------ what waits

    def hold(self, token_id: int, documents: Sequence[Document], now: int | None = None) -> str:
        """Put documents aside until their owner says whether to keep them; under which name.

        The oldest of the same owner, and then of all, make room.
        """
        batch, at = secrets.token_urlsafe(_BYTES), moment(now)
        rows = [
            {"batch": batch, "position": n, "token": token_id, "at": at, **_packed(document)}
            for n, document in enumerate(documents)
        ]
        with self._db.transaction():
            self._db.run("DELETE FROM pending WHERE held_at <= :past", past=at - HELD_SECONDS)
            self._make_room(token_id, sum(int(row["size"] or 0) for row in rows))
            self._db.run_many(
                """INSERT INTO pending (batch, position, token_id, held_at, name, url,
                       content_type, size, body)
                   VALUES (:batch, :position, :token, :at, :name, :url, :content_type, :size,
                       :body)""",
                rows,
            )
        return batch

    def _make_room(self, token_id: int, size: int) -> None:
        there = self._db.all(
            """SELECT batch, token_id, SUM(size) AS size, MAX(held_at) AS held_at FROM pending
               GROUP BY batch, token_id ORDER BY held_at DESC, batch"""
        )
        own, left = _BATCHES - 1, _ALL_BYTES - size
        for row in there:
            own -= row["token_id"] == token_id
            left -= int(row["size"])
            if left < 0 or (own < 0 and row["token_id"] == token_id):
                self._db.run("DELETE FROM pending WHERE batch = :batch", batch=row["batch"])
                left += int(row["size"])

    def held(self, token_id: int, batch: str, now: int | None = None) -> tuple[Document, ...]:
        """What was put aside under a name; nothing when it is too old, or somebody else's."""
        rows = self._db.all(
            """SELECT name, url, content_type, body FROM pending
               WHERE batch = :batch AND token_id = :token AND held_at > :past
               ORDER BY position""",
            batch=batch, token=token_id, past=moment(now) - HELD_SECONDS,
        )  # fmt: skip
        return tuple(
            Document(row["name"], zlib.decompress(row["body"]), row["url"], row["content_type"])
            for row in rows
        )

    def drop(self, token_id: int, batch: str) -> None:
        """Forget what was put aside."""
        with self._db.transaction():
            self._db.run(
                "DELETE FROM pending WHERE batch = :batch AND token_id = :token",
                batch=batch, token=token_id,
            )  # fmt: skip

    # ------------------------------------------------------------ what a hub is to be told

    def owe_hub(self, owed: int = 1) -> None:
        """Note that a hub has to be told of changes, by a command: pages open no connections."""
        with self._db.transaction():
            self._db.run(
                "UPDATE meta SET value = :owed WHERE name = 'hub_owed' AND value <> :owed",
                owed=owed,
            )

    def hub_owed(self) -> bool:
        """Whether a hub was not told of what was kept from the browser."""
        row = self._db.one("SELECT value FROM meta WHERE name = 'hub_owed'")
        return bool(row and row["value"])

    # ------------------------------------------------------------ what storing would do

    def foreseen(self, documents: Sequence[tuple[Document, Page]]) -> list[list[int | None]]:
        """For each document the episodes that its recordings would belong to; None is a new one.

        Nothing is written. Recordings that the documents share are foreseen as one.
        """
        coming = [told.telling(document, page, (), 0) for document, page in documents]
        keys = {key for each in coming for own in each.keys for key in own.keys}
        before = settle.connected(self._db, keys)
        # Documents that are not stored yet have no number: one that no document has stands for it.
        nodes = [
            Node((-n, i), own.keys, own.name, each.sha256)
            for n, each in enumerate(coming, 1)
            for i, own in enumerate(each.keys)
        ]
        blunt = {key for each in coming for key in identity.blunt(each.keys)}
        groups, _ = identity.partition([*before.nodes.values(), *nodes], before.useless | blunt)
        owners = settle.owners(groups, before)
        episode = {node.place: owners.get(n) for n, group in enumerate(groups) for node in group}
        return [
            [episode.get((-n, i)) for i in range(len(each.keys))]
            for n, each in enumerate(coming, 1)
        ]


def _packed(document: Document) -> dict[str, str | int | bytes | None]:
    body = zlib.compress(document.data, 3)
    return {
        "name": document.name, "url": document.url, "content_type": document.content_type,
        "size": len(body), "body": body,
    }  # fmt: skip
