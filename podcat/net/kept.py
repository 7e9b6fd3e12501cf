"""Connections that stand open between two requests, and one request over one of them."""

from __future__ import annotations

import http.client
import ssl
import threading
from collections import OrderedDict
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from requests.utils import get_auth_from_url
from urllib3.util import make_headers

from podcat.net.connections import Guarded, GuardedTLS, tls
from podcat.net.watch import Watch

MOST: Final = 256
"""Connections that stand open and idle, to all hosts together."""
_PORTS: Final = {"http": 80, "https": 443}
_GIVEN_UP: Final = (
    ConnectionError, http.client.HTTPException, ssl.SSLEOFError, ssl.SSLZeroReturnError,
)  # fmt: skip


class Way(NamedTuple):
    """Where a connection leads."""

    scheme: str
    host: str
    port: int | None
    proxy: str | None = None

    def opened(self) -> Guarded:
        """A connection that connects at its first request."""
        # A port is always named: http.client takes the end of an IPv6 address for one.
        host, port = self.host, self.port or _PORTS[self.scheme]
        if self.proxy:
            between = urlsplit(self.proxy)
            host, port = between.hostname or "", between.port or 80
        if self.scheme == "http":
            return Guarded(host, port)
        connection = GuardedTLS(host, port, ssl_context=tls())
        if self.proxy:
            connection.set_tunnel(self.host, self.port or 443, headers=self.login())
        return connection

    def login(self) -> dict[str, str]:
        """What the proxy wants to see, where the environment says it."""
        name, password = get_auth_from_url(self.proxy or "")
        return make_headers(proxy_basic_auth=f"{name}:{password}") if name else {}


class Kept:
    """Idle connections; those of the host that was idle longest are closed first."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._count = most, 0
        self._idle: OrderedDict[Way, list[Guarded]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, way: Way) -> Guarded | None:
        """A connection that still stands, or None; one whose server goes on talking is none."""
        while True:
            with self._lock:
                idle = self._idle.get(way)
                if not idle:
                    return None
                connection = idle.pop()
                self._count -= 1
                if not idle:
                    del self._idle[way]
            # Even of a moment ago: more than the answer would be taken for the answer to what is
            # asked next.
            if connection.is_connected:
                return connection
            connection.close()

    def give(self, way: Way, connection: Guarded) -> None:
        """Takes a connection back that has nothing more to say."""
        dropped: list[Guarded] = []
        with self._lock:
            self._idle.setdefault(way, []).append(connection)
            self._idle.move_to_end(way)
            self._count += 1
            while self._count > self._most:
                _, eldest = self._idle.popitem(last=False)
                self._count -= len(eldest)
                dropped += eldest
        _close(dropped)

    def close(self) -> None:
        """Closes all of them."""
        with self._lock:
            every = [connection for idle in self._idle.values() for connection in idle]
            self._idle.clear()
            self._count = 0
        _close(every)


def _close(connections: list[Guarded]) -> None:
    for connection in connections:
        connection.close()


class Exchange:
    """One request and its answer; a context manager that keeps or closes the connection."""

    def __init__(self, kept: Kept, way: Way, path: str, headers: dict[str, str]) -> None:
        self._kept, self._way, self._path, self._headers = kept, way, path, headers
        self._connection: Guarded | None = None
        self.response: http.client.HTTPResponse | None = None

    def __exit__(self, *_: object) -> None:
        connection, response = self._connection, self.response
        if connection is None:
            return
        if response and response.isclosed() and connection.sock is not None:
            self._kept.give(self._way, connection)
            return
        if response:
            response.close()
        connection.close()

    def ask(self, watch: Watch) -> http.client.HTTPResponse:
        """Sends the request and waits for status and headers."""
        connection = self._connection = self._kept.take(self._way)
        if connection is not None:
            try:
                return self._sent(connection, watch)
            except _GIVEN_UP:
                # It stood open, and its server had just given it up: not worth a word.
                connection.close()
                watch.sent.clear()
                if watch.expired:
                    raise
        connection = self._connection = self._way.opened()
        return self._sent(connection, watch)

    def _sent(self, connection: Guarded, watch: Watch) -> http.client.HTTPResponse:
        connection.ready(watch)
        # Without urllib3's own answer: half of a request's work would be to build it.
        plain = http.client.HTTPConnection
        plain.request(connection, "GET", self._path, headers=self._headers)
        response = self.response = plain.getresponse(connection)
        return response

    def __enter__(self) -> Exchange:
        return self
