"""What podcat has read: the only package that knows SQL."""

from podcat.catalogue.catalogue import Catalogue, open_catalogue
from podcat.catalogue.records import (
    Alias,
    Count,
    Detail,
    Edit,
    Listing,
    Outcome,
    PageEntry,
    Refused,
    Tally,
    Token,
)

__all__ = [
    "Alias", "Catalogue", "Count", "Detail", "Edit", "Listing", "Outcome", "PageEntry", "Refused",
    "Tally", "Token", "open_catalogue",
]  # fmt: skip
