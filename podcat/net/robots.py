"""What a server wants of programs: its robots.txt, by RFC 9309 and Crawl-delay. Pure."""

from __future__ import annotations

from typing import Final

from protego import Protego

from podcat import urls

AGENT: Final = "podcat"
"""Our name in it: the product in our User-Agent."""
LIMIT: Final = 500 * 2**10
"""Bytes of it that are read, as RFC 9309 (2.5) asks for."""
LONGEST_DELAY: Final = 300.0
"""Seconds between two requests at most, whatever it says."""


def origin(url: str) -> str | None:
    """`https://host:port`: whose robots.txt is meant; None for what is no address."""
    address = urls.parse(url)
    if address is None:
        return None
    host = f"[{address.host}]" if ":" in address.host else address.host
    port = f":{address.port}" if address.port else ""
    return f"{address.scheme}://{host}{port}"


class Manners:
    """What a server permits.

    Of one that answers 4xx everything is permitted, of one that fails, or gives no answer, nothing
    (RFC 9309, 2.3.1).
    """

    def __init__(self, status: int | None, rules: str) -> None:
        self.status = status
        self.silent = status is None or status >= 500 or status == 429
        """Whether nothing is known, and so nothing is permitted."""
        self._rules = Protego.parse(rules) if status is not None and status < 300 else None

    def permits(self, url: str) -> bool:
        """Whether we may ask for an address of this server."""
        if self.silent:
            return False
        return self._rules is None or self._rules.can_fetch(url, AGENT)

    @property
    def delay(self) -> float:
        """Seconds that it wants between two requests; 0 where it says nothing."""
        stated = self._rules.crawl_delay(AGENT) if self._rules else None
        # `not >` lets nan through to 0, too.
        return min(stated, LONGEST_DELAY) if stated is not None and stated > 0 else 0.0
