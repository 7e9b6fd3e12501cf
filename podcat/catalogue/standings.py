"""How addresses stand after all looks at them."""

# Only names of our own tables and columns are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields
from typing import Final

from podcat.catalogue.database import Database, Row, listed
from podcat.catalogue.records import Standing

STANDING: Final = tuple(each.name for each in fields(Standing))


def digest(url: str) -> str:
    """By what an address is found: it can be longer than an index takes."""
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()


def standings(db: Database, urls: Iterable[str]) -> dict[str, Standing]:
    """How these addresses stand, as far as they were ever looked at."""
    wanted = {digest(url): url for url in urls}
    return {
        wanted[row["digest"]]: standing_of(row)
        for condition, values in listed("digest", list(wanted))
        for row in db.all(
            f"""SELECT digest, {", ".join(STANDING)} FROM links
                WHERE {condition} AND last_checked IS NOT NULL""",
            **values,
        )
    }


def standing_of(row: Row) -> Standing:
    """The standing in a row of links."""
    return Standing(**{name: row[name] for name in STANDING})
