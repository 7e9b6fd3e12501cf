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
from podcat.catalogue.watching import Listed, Missing, Robots, Source

__all__ = [
    "Alias", "Attempt", "Catalogue", "Change", "Check", "Count", "Detail", "Due", "Edit",
    "Learned", "LinkCount", "Listed", "Listing", "Missing", "Outcome", "PageEntry", "Refused",
    "Robots", "Source", "Standing", "Tally", "Token", "Wanted", "Watched", "WatchedListing",
    "open_catalogue",
]  # fmt: skip
