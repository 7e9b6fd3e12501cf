"""Where bytes come from on this machine, in every form in which pages are saved.

`files` finds them, `kinds` tells their form, `forms` leads to the module that reads it.
"""

from __future__ import annotations

from podcat.documents.files import LIMIT, SUFFIXES, count, paths, read, require
from podcat.documents.forms import Item, opened
from podcat.documents.lists import Entry, Listing
from podcat.documents.words import megabytes

__all__ = [
    "LIMIT",
    "SUFFIXES",
    "Entry",
    "Item",
    "Listing",
    "count",
    "megabytes",
    "opened",
    "paths",
    "read",
    "require",
]
