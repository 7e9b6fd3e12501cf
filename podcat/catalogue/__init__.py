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

__all__ = [
    "Alias", "Bar", "Catalogue", "Change", "Check", "Count", "Detail", "Due", "Edit", "Facets",
    "LinkCount", "Listing", "Outcome", "PageEntry", "Refused", "Related", "Standing", "Tally",
    "Timeline", "Token", "Watched", "WatchedListing", "open_catalogue",
]  # fmt: skip
