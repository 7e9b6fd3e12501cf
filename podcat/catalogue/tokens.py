"""Tokens: what opens a private feed. Only their digests are stored."""

from __future__ import annotations

import hashlib
import secrets
import time

from podcat import text
from podcat.catalogue.database import Database
from podcat.catalogue.records import Token
from podcat.errors import NotFoundError

_BYTES = 24  # of chance: 192 bits


class Tokens:
    """The part of a catalogue that knows who may read private feeds."""

    _db: Database

    def new_token(self, feed: str, label: str = "", now: int | None = None) -> str:
        """A new token for a feed. It is told once, here, and can be seen nowhere later."""
        token = secrets.token_urlsafe(_BYTES)
        with self._db.transaction():
            self._db.run(
                """INSERT INTO tokens (feed, label, sha256, made_at)
                   VALUES (:feed, :label, :sha256, :now)""",
                feed=feed, label=text.clean(label) or "", sha256=_digest(token), now=_now(now),
            )  # fmt: skip
        return token

    def tokens(self) -> tuple[Token, ...]:
        """All tokens ever made, the oldest first."""
        rows = self._db.all("SELECT id, feed, label, made_at, revoked_at FROM tokens ORDER BY id")
        return tuple(Token(**row) for row in rows)

    def revoke_token(self, number: int, now: int | None = None) -> Token:
        """Make a token worthless at once. Raises NotFoundError."""
        with self._db.transaction():
            self._db.run(
                "UPDATE tokens SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL",
                id=number, now=_now(now),
            )  # fmt: skip
        for token in self.tokens():
            if token.id == number:
                return token
        raise NotFoundError(str(number), "there is no such token", "see podcat token list")

    def opens(self, token: str, feed: str) -> bool:
        """Whether a token opens a feed."""
        row = self._db.one(
            "SELECT 1 AS n FROM tokens "
            "WHERE sha256 = :sha256 AND feed = :feed AND revoked_at IS NULL",
            sha256=_digest(token), feed=feed,
        )  # fmt: skip
        return row is not None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _now(now: int | None) -> int:
    return int(time.time()) if now is None else now
