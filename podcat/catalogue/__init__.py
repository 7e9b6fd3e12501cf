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
from podcat.catalogue.resolving import Attempt, Learned, Wanted

__all__ = [
    "Alias", "Attempt", "Catalogue", "Change", "Check", "Count", "Detail", "Due", "Edit",
    "Learned", "LinkCount", "Listing", "Outcome", "PageEntry", "Refused", "Standing", "Tally",
    "Token", "Wanted", "Watched", "WatchedListing", "open_catalogue",
]  # fmt: skip
