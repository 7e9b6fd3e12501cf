"""The only package that opens a connection to the outside.

Every connection is guarded at the address it really goes to, so neither a name, a redirect nor
an odd way of writing a number leads into the network that podcat runs in. `fetch` gets one whole
document, `post` sends one form, `Looker` takes the first bytes of many addresses.
"""

from __future__ import annotations

from podcat.net.fetching import REDIRECTS, TIMEOUT, fetch, post
from podcat.net.guard import PrivateAddressError, is_odd_number, is_public
from podcat.net.looking import Looker
from podcat.net.remap import Remap

__all__ = [
    "REDIRECTS",
    "TIMEOUT",
    "Looker",
    "PrivateAddressError",
    "Remap",
    "fetch",
    "is_odd_number",
    "is_public",
    "post",
]
