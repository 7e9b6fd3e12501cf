"""Links to states: is every address that podcat vouches for what it claims to be?"""

from __future__ import annotations

from podcat.check.addresses import from_catalogue, from_pages
from podcat.check.judge import judge
from podcat.check.states import BROKEN, Place, Result, Sighting, State, is_broken

__all__ = [
    "BROKEN",
    "Place",
    "Result",
    "Sighting",
    "State",
    "from_catalogue",
    "from_pages",
    "is_broken",
    "judge",
]
