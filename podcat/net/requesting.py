"""What is in every request: who asks, and an address that may be asked for."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import urljoin

from podcat import __version__, urls

ACCEPT: Final = "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.5"

# What needs no escape; most addresses are so, and to look at them once more takes time.
_BARE: Final = re.compile(r"[\w%/:=&?~#+!$,;'@()*\[\]|.-]*+", re.A)


def headers(contact: str | None) -> dict[str, str]:
    """The headers of a request; never a cookie, never a credential."""
    return {
        "User-Agent": f"podcat/{__version__}" + (f" (+{contact})" if contact else ""),
        "Accept": ACCEPT,
        "Accept-Encoding": "gzip, deflate",
    }


class Target(NamedTuple):
    """An address as it is asked for: without credentials and fragment."""

    url: str
    scheme: str
    host: str
    port: int | None

    @property
    def path(self) -> str:
        """What follows the host, query included."""
        return "/" + self.url.split("/", 3)[3]


def target(url: str, base: str | None = None) -> Target | None:
    """The address in the form in which to ask for it, or None if it is not http(s)."""
    address = urls.parse(url, base)
    if address is None:
        return None
    text = str(address)
    if not _BARE.fullmatch(text):
        text = urls.absolute(text) or text
    return Target(text.partition("#")[0], address.scheme, address.host, address.port)


def as_sent(header: str) -> str:
    """A header as its server means it: in UTF-8, where http.client reads Latin-1."""
    if header.isascii():
        return header
    return header.encode("latin-1", "replace").decode("utf-8", "replace")


def joined(base: str, location: str) -> str:
    """Where a redirect leads, absolute; as it was said where that is no address."""
    try:
        return urljoin(base, location)
    except ValueError:
        return location
