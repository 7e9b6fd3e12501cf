"""Asking somewhere else: addresses below one prefix are connected to below another one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from podcat.net.requesting import target


class Remap:
    """`FROM TO` pairs; the longest prefix that fits counts."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        """Raises ValueError, with what is wrong in words, for a prefix that is no address."""
        self._pairs = sorted((_Pair.of(*pair) for pair in pairs), key=lambda p: -len(p.old))
        self._back = sorted(self._pairs, key=lambda pair: -len(pair.new))

    def __bool__(self) -> bool:
        return bool(self._pairs)

    def to(self, url: str) -> str | None:
        """What to connect to for an address; None where that is the address itself."""
        for old, new, whole in self._pairs:
            if _begins(url, old, whole):
                return new + url[len(old) :]
        return None

    def back(self, url: str) -> str:
        """The address that something connected to stands for: servers redirect to themselves."""
        for old, new, whole in self._back:
            if _begins(url, new, whole):
                return old + url[len(new) :]
        return url


class _Pair(NamedTuple):
    old: str
    new: str
    whole: bool
    """Whether only whole segments count: `http://a.org` is no prefix of `http://a.org.uk/`."""

    @classmethod
    def of(cls, old: str, new: str) -> _Pair:
        before, after = _address(old), _address(new)
        if before.endswith("/") or after.endswith("/"):
            return cls(before.rstrip("/"), after.rstrip("/"), True)
        return cls(before, after, False)


def _address(url: str) -> str:
    found = target(url) if "://" in url else None
    if found is None:
        raise ValueError(f"{url} is not an http or https address")
    return found.url


def _begins(url: str, prefix: str, whole: bool) -> bool:
    if not url.startswith(prefix):
        return False
    return not whole or url[len(prefix) : len(prefix) + 1] in ("/", "?", "#", "")
