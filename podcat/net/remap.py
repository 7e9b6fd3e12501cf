"""Asking somewhere else: addresses below one prefix are connected to below another one."""

from __future__ import annotations

from collections.abc import Iterable

from podcat.net.requesting import target


class Remap:
    """`FROM TO` pairs; the longest prefix that fits counts."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        """Raises ValueError, with what is wrong in words, for a prefix that is no address."""
        self._pairs = [(_prefix(old), _prefix(new)) for old, new in pairs]
        self._pairs.sort(key=lambda pair: -len(pair[0]))
        self._back = sorted(self._pairs, key=lambda pair: -len(pair[1]))

    def __bool__(self) -> bool:
        return bool(self._pairs)

    def to(self, url: str) -> str | None:
        """What to connect to for an address; None where that is the address itself."""
        for old, new in self._pairs:
            if _begins(url, old):
                return new + url[len(old) :]
        return None

    def back(self, url: str) -> str:
        """The address that something connected to stands for: servers redirect to themselves."""
        for old, new in self._back:
            if _begins(url, new):
                return old + url[len(new) :]
        return url


def _prefix(url: str) -> str:
    found = target(url)
    if found is None or "://" not in url:
        raise ValueError(f"{url} is not an http or https address")
    # What is only a host is a prefix of all that is there: the slash belongs to what follows.
    return found.url.removesuffix("/") if found.path == "/" else found.url


def _begins(url: str, prefix: str) -> bool:
    """Whether an address is below a prefix; `http://a.org` is no prefix of `http://a.org.uk/`."""
    if not url.startswith(prefix):
        return False
    only_host = prefix.count("/") == 2
    return not only_host or url[len(prefix) : len(prefix) + 1] in ("/", "?", "#", "")
