"""Proxies that the environment names: read once, not at every request."""

from __future__ import annotations

from functools import lru_cache
from urllib.request import getproxies, proxy_bypass


class Proxies:
    """`http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` as they were at the beginning."""

    def __init__(self) -> None:
        self._known = getproxies()
        self._passes = lru_cache(maxsize=10_000)(proxy_bypass)

    def of(self, scheme: str, host: str) -> str | None:
        """The proxy by which to ask a host, or None."""
        if not self._known:
            return None
        proxy = self._known.get(scheme) or self._known.get("all")
        if not proxy or self._passes(host):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"
