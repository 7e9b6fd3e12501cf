"""What podcat has read: the only package that knows SQL."""

from podcat.catalogue.catalogue import Catalogue, open_catalogue
from podcat.catalogue.records import (
    Alias,
    Bar,
    Change,
    Check,
    Count,
    Detail,
    Due,
    Edit,
    Facets,
    LinkCount,
    Listing,
    Outcome,
    PageEntry,
    Refused,
    Related,
    Standing,
    Tally,
    Timeline,
    Token,
    Watched,
    WatchedListing,
)
from podcat.catalogue.resolving import Attempt, Learned, Reason, Wanted
from podcat.catalogue.watching import Listed, Missing, Robots, Source

__all__ = [
    "Alias", "Attempt", "Bar", "Catalogue", "Change", "Check", "Count", "Detail", "Due", "Edit",
    "Facets", "Learned", "LinkCount", "Listed", "Listing", "Missing", "Outcome", "PageEntry",
    "Reason", "Refused", "Related", "Robots", "Source", "Standing", "Tally", "Timeline", "Token",
    "Wanted", "Watched", "WatchedListing", "open_catalogue",
]  # fmt: skip
