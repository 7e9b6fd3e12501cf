"""Tokens: what opens a private feed, and what lets somebody add from the browser.

Only their digests are stored. A token is for one of the two, and never does for the other.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from typing import Final

from podcat import text
from podcat.catalogue.database import Database
from podcat.catalogue.records import Token
from podcat.catalogue.store import grow_revision
from podcat.errors import NotFoundError

FEED: Final = "feed"
ADD: Final = "add"
"""What a token is for: its scope."""
_BYTES = 24  # of chance: 192 bits
_COLUMNS = "id, feed, label, made_at, revoked_at, scope"


class Tokens:
    """The part of a catalogue that knows who may read private feeds, and who may add."""

    _db: Database

    def new_token(self, feed: str, label: str = "", now: int | None = None) -> str:
        """A new token for a feed. It is told once, here, and can be seen nowhere later."""
        return self._new_token(FEED, feed, label, now)

    def new_add_token(self, label: str = "", now: int | None = None) -> str:
        """A new token for adding from the browser; it is told once, too."""
        return self._new_token(ADD, "", label, now)

    def _new_token(self, scope: str, feed: str, label: str, now: int | None) -> str:
        token = secrets.token_urlsafe(_BYTES)
        with self._db.transaction():
            self._db.run(
                """INSERT INTO tokens (feed, label, sha256, made_at, scope)
                   VALUES (:feed, :label, :sha256, :now, :scope)""",
                feed=feed, label=text.clean(label) or "", sha256=digest(token), now=moment(now),
                scope=scope,
            )  # fmt: skip
            if scope == ADD:
                grow_revision(self._db)  # pages lead to where one adds, or do not
        return token

    def tokens(self) -> tuple[Token, ...]:
        """All tokens ever made, the oldest first."""
        rows = self._db.all(f"SELECT {_COLUMNS} FROM tokens ORDER BY id")  # noqa: S608
        return tuple(Token(**row) for row in rows)

    def revoke_token(self, number: int, now: int | None = None) -> Token:
        """Make a token worthless at once, and whatever was begun with it. Raises NotFoundError."""
        with self._db.transaction():
            ended = self._db.run(
                "UPDATE tokens SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL",
                id=number, now=moment(now),
            )  # fmt: skip
            self._db.run("DELETE FROM sessions WHERE token_id = :id", id=number)
            self._db.run("DELETE FROM pending WHERE token_id = :id", id=number)
            if ended:
                grow_revision(self._db)
        for token in self.tokens():
            if token.id == number:
                return token
        raise NotFoundError(str(number), "there is no such token", "see podcat token list")

    def opens(self, token: str, feed: str) -> bool:
        """Whether a token opens a feed."""
        row = self._db.one(
            "SELECT 1 AS n FROM tokens WHERE sha256 = :sha256 AND feed = :feed "
            "AND scope = 'feed' AND revoked_at IS NULL",
            sha256=digest(token), feed=feed,
        )  # fmt: skip
        return row is not None

    def adding(self) -> bool:
        """Whether there is anybody who may add from the browser."""
        sql = "SELECT 1 AS n FROM tokens WHERE scope = 'add' AND revoked_at IS NULL LIMIT 1"
        return self._db.one(sql) is not None

    def adder(self, token: str) -> int | None:
        """The number of a token that is for adding; None for what is none.

        They are few, so each is compared in a time that tells nothing.
        """
        wanted = digest(token)
        rows = self._db.all(
            "SELECT id, sha256 FROM tokens WHERE scope = 'add' AND revoked_at IS NULL ORDER BY id"
        )
        found = [row["id"] for row in rows if hmac.compare_digest(row["sha256"], wanted)]
        return found[0] if found else None


def digest(secret: str) -> str:
    """What is stored of a secret that was made by chance."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def moment(now: int | None) -> int:
    """A time that was given, or this one, in seconds since 1970."""
    return int(time.time()) if now is None else now
