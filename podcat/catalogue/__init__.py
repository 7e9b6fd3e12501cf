"""What podcat has read: the only package that knows SQL."""

from podcat.catalogue.catalogue import Catalogue, open_catalogue
from podcat.catalogue.records import Count, Listing, Outcome, PageEntry, Refused

__all__ = ["Catalogue", "Count", "Listing", "Outcome", "PageEntry", "Refused", "open_catalogue"]
