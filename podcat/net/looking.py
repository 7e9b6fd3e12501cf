"""The first bytes of many addresses, by connections and certificates that all looks share."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Final
from urllib.parse import urljoin

from urllib3 import BaseHTTPResponse, Retry, Timeout

from podcat.net import body, requesting, troubles
from podcat.net.answer import Answer, Hop, Trouble
from podcat.net.connections import Adapter
from podcat.net.guard import ODD, Names, is_odd_number
from podcat.net.proxies import Proxies
from podcat.net.remap import Remap
from podcat.net.requesting import Target
from podcat.net.watch import Watch

REDIRECTS: Final = 12
"""Counters in front of a file make long chains that are in order."""
TIMEOUT: Final = 20.0
"""Seconds for one look, redirects included."""

_MOVES: Final = frozenset({301, 302, 303, 307, 308})
_ONCE: Final = Retry(total=False, redirect=False)
_NO_ADDRESS: Final = (Trouble.ADDRESS, "is not an http or https address")
_ASTRAY: Final = (Trouble.ADDRESS, "redirects to what is not an http or https address")
_ROUND: Final = (Trouble.LOOP, "redirects to where it came from")
_FAR: Final = (Trouble.LOOP, f"redirects more than {REDIRECTS} times")


@dataclass(slots=True)
class _Trail:
    """How far one look has come."""

    url: str
    target: Target | None
    hops: list[Hop] = field(default_factory=list)
    response: BaseHTTPResponse | None = None
    """The last one that came."""

    def answer(self, trouble: tuple[Trouble, str] | None, found: body.Body | None = None) -> Answer:
        """What the look found, or why it ended."""
        seen = found or body.Body(b"", trouble is None)
        kind, words = trouble or seen.trouble or (None, "")
        return Answer(
            url=self.url,
            final_url=self.target.url if self.target else self.url,
            hops=tuple(self.hops),
            status=self.response.status if self.response else None,
            headers=_headers(self.response) if self.response else {},
            body=seen.data,
            whole=seen.whole and kind is None,
            trouble=kind,
            detail=words,
        )


class Looker:
    """Looks at addresses, from any number of threads; a context manager.

    `timeout` in seconds for one look. `hosts` are those to which connections are kept open,
    `connections` how many to each. With `allow_private`, and for what `remap` leads to, private
    networks are asked, too.
    """

    def __init__(  # noqa: PLR0913  (settings, by name)
        self,
        *,
        allow_private: bool = False,
        contact: str | None = None,
        remap: Remap | None = None,
        timeout: float = TIMEOUT,
        hosts: int = 64,
        connections: int = 8,
    ) -> None:
        self._allow_private = allow_private
        self._remap = remap or Remap()
        self._timeout = timeout
        self._adapter = Adapter(hosts=hosts, connections=connections)
        self._names, self._proxies = Names(), Proxies()
        self._page = requesting.headers(contact)
        self._media = self._page | {"Accept": "*/*", "Accept-Encoding": "identity"}

    def __enter__(self) -> Looker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes connections that nobody uses."""
        self._adapter.close()

    def look(self, url: str, *, limit: int, media: bool = False) -> Answer:
        """What an address answers, redirects followed; nothing is raised.

        At most `limit` bytes of the body are kept. `media` asks for no more than these, by Range.
        """
        began = time.monotonic()
        headers = self._page
        if media:
            headers = self._media | {"Range": f"bytes=0-{limit - 1}"}
        with Watch(self._timeout, self._names) as watch:
            trail = _Trail(url, requesting.target(url))
            answer = self._followed(trail, watch, headers, limit)
        return replace(answer, seconds=time.monotonic() - began)

    def _followed(self, trail: _Trail, watch: Watch, headers: dict[str, str], limit: int) -> Answer:
        seen: set[str] = set()
        while (target := trail.target) is not None:
            if is_odd_number(target.host):
                return trail.answer((Trouble.ADDRESS, f"{target.host} {ODD}"))
            if target.url in seen:
                return trail.answer(_ROUND)
            if len(seen) > REDIRECTS:
                return trail.answer(_FAR)
            seen.add(target.url)
            try:
                response = trail.response = self._asked(target, watch, headers)
            except troubles.ERRORS as error:
                trail.response = None
                return trail.answer(self._trouble(error, watch))
            location = response.headers.get("Location") if response.status in _MOVES else None
            if not location:
                return self._read(trail, response, watch, limit)
            body.drop(response)
            self._step(trail, target, response.status, location)
        return trail.answer(_ASTRAY if trail.hops else _NO_ADDRESS)

    def _step(self, trail: _Trail, target: Target, status: int, location: str) -> None:
        joined = _joined(target.url, requesting.as_sent(location))
        trail.target = requesting.target(self._remap.back(joined))
        trail.hops.append(Hop(target.url, status, trail.target.url if trail.target else joined))

    def _read(self, trail: _Trail, response: BaseHTTPResponse, watch: Watch, limit: int) -> Answer:
        found = body.read(response, limit)
        if watch.expired:
            return trail.answer(self._late(), found)
        return trail.answer(None, found)

    def _late(self) -> tuple[Trouble, str]:
        return Trouble.TIMEOUT, f"is not complete after {self._timeout:g} seconds"

    def _trouble(self, error: Exception, watch: Watch) -> tuple[Trouble, str]:
        found = troubles.of(error)
        cut = watch.expired and found[0] is not Trouble.PRIVATE
        return self._late() if cut else found

    # ---------------------------------------------------------------- one request

    def _asked(self, target: Target, watch: Watch, headers: dict[str, str]) -> BaseHTTPResponse:
        """One answer, with its body unread."""
        instead = self._remap.to(target.url) if self._remap else None
        real = (requesting.target(instead) if instead else None) or target
        watch.allow_private = self._allow_private or instead is not None
        proxy = None if instead else self._proxies.of(real.scheme, real.host)
        if proxy:
            return self._by_proxy(proxy, real, watch, headers)
        pools = self._adapter.poolmanager
        pool = pools.connection_from_host(real.host, real.port, real.scheme)
        return self._sent(pool, real.path, watch, headers)

    def _by_proxy(
        self, proxy: str, target: Target, watch: Watch, headers: dict[str, str]
    ) -> BaseHTTPResponse:
        with suppress(socket.gaierror):  # the proxy may know better
            watch.addresses(target.host)
        watch.allow_private = True  # the proxy itself is where the user says
        manager = self._adapter.proxy_manager_for(proxy)
        return self._sent(manager, target.url, watch, headers)

    def _sent(
        self, way: Any, where: str, watch: Watch, headers: dict[str, str]
    ) -> BaseHTTPResponse:
        before = watch.connected
        try:
            return _got(way, where, watch, headers)
        except troubles.ERRORS as error:
            fresh = watch.connected > before
            if fresh or watch.expired or troubles.of(error)[0] is not Trouble.BROKEN:
                raise
        # The connection stood open and its server had just given it up: not worth a word.
        return _got(way, where, watch, headers)


def _got(way: Any, where: str, watch: Watch, headers: dict[str, str]) -> BaseHTTPResponse:
    step = watch.step()
    response: BaseHTTPResponse = way.urlopen(
        "GET", where, headers=headers, redirect=False, retries=_ONCE, preload_content=False,
        decode_content=False, timeout=Timeout(connect=step, read=step),
    )  # fmt: skip
    return response


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError:
        return location


def _headers(response: BaseHTTPResponse) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in response.headers.iteritems():
        key = name.lower()
        found[key] = (*found.get(key, ()), value)
    return found
