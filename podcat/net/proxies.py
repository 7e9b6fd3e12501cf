"""Proxies that the environment names: read once, not at every request."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from podcat.errors import ConfigError


class Proxies:
    """`http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` as they were at the beginning."""

    def __init__(self) -> None:
        """Raises ConfigError for a proxy that speaks something else than HTTP."""
        self._known = getproxies()
        self._passes = lru_cache(maxsize=10_000)(proxy_bypass)
        for scheme in ("http", "https"):
            if proxy := self._named(scheme):
                _check(scheme, proxy)

    def of(self, scheme: str, host: str) -> str | None:
        """The proxy by which to ask a host, or None."""
        if not self._known:
            return None
        proxy = self._named(scheme)
        return None if not proxy or self._passes(host) else proxy

    def _named(self, scheme: str) -> str | None:
        proxy = self._known.get(scheme) or self._known.get("all")
        return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def _check(scheme: str, proxy: str) -> None:
    """A way that is not taken must not be left out in silence: it may be there to hide the user."""
    try:
        split = urlsplit(proxy)
        good = split.scheme == "http" and bool(split.hostname) and split.port != 0
    except ValueError:
        good = False
    if not good:
        problem = "names a proxy that is not asked: only those by http:// are"
        raise ConfigError(f"{scheme}_proxy", problem, "name such a one, or leave it out")
