"""What podcat has read: the only package that knows SQL."""

from podcat.catalogue.catalogue import Catalogue, open_catalogue
from podcat.catalogue.records import (
    Alias,
    Change,
    Check,
    Count,
    Detail,
    Due,
    Edit,
    LinkCount,
    Listing,
    Outcome,
    PageEntry,
    Refused,
    Standing,
    Tally,
    Token,
    Watched,
    WatchedListing,
)

__all__ = [
    "Alias", "Catalogue", "Change", "Check", "Count", "Detail", "Due", "Edit", "LinkCount",
    "Listing", "Outcome", "PageEntry", "Refused", "Standing", "Tally", "Token", "Watched",
    "WatchedListing", "open_catalogue",
]  # fmt: skip
