"""Connections that go only where their watch lets them, and the pools that keep them open."""

from __future__ import annotations

import os
import socket
import ssl
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError
from urllib3.util.wait import wait_for_read

from podcat.errors import ConfigError
from podcat.net import recording, replaying
from podcat.net.answered import Answered
from podcat.net.guard import PrivateAddressError
from podcat.net.watch import WATCH, Watch

BUNDLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
"""Variables of the environment that name other certificates to trust, the first one wins."""
_NEAR: Final = 0.5  # seconds: a time-out that is so near to the right one stays


class Guarded(HTTPConnection):
    """Connects only to addresses that its watch has looked up and judged.

    While a recording is played it connects to nothing at all.
    """

    response_class: Any = Answered

    _peer: str | None = None
    """The address that the open connection goes to."""

    def connect(self) -> None:
        """Connects, or plays what was recorded."""
        tape = recording.running()
        if tape and tape.replays:
            player: Any = replaying.Replayed(tape)
            self.sock, self.is_verified = player, True
        else:
            super().connect()

    def send(self, data: Any) -> None:
        """Sends a part of a request, and keeps it where a tape listens."""
        if recording.running() and isinstance(data, bytes):
            WATCH.get().sent += data
        super().send(data)

    @property
    def is_connected(self) -> bool:
        """Whether it stands and nobody speaks; what is played always does."""
        sock = self.sock
        if sock is None or isinstance(sock, replaying.Replayed):
            return sock is not None
        return not wait_for_read(sock, timeout=0.0)

    def _new_conn(self) -> socket.socket:
        watch, name = WATCH.get(), self._dns_host
        try:
            addresses = watch.addresses(name)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        try:
            return self._first(addresses, watch)
        finally:
            self._dns_host = name

    def _first(self, addresses: list[str], watch: Watch) -> socket.socket:
        for left, address in enumerate(addresses, 1 - len(addresses)):
            self._dns_host, self.timeout = address, watch.step()
            try:
                sock = super()._new_conn()
            except HTTPError:
                if left == 0 or watch.expired:
                    raise
            else:
                watch.hold(sock)
                self._peer = address
                return sock
        raise NewConnectionError(self, "no address left")

    def ready(self, watch: Watch) -> None:
        """Before a request: a connection that stands open is judged as a new one is."""
        if self.sock is None or isinstance(self.sock, replaying.Replayed):
            return
        if self._peer and not watch.permits(self._peer):
            raise PrivateAddressError(self._peer)
        watch.hold(self.sock)
        step = watch.step()
        if abs((self.sock.gettimeout() or 0) - step) > _NEAR:
            self.sock.settimeout(step)


class GuardedTLS(Guarded, HTTPSConnection):
    """The same, before the TLS handshake."""

    def connect(self) -> None:
        """Connects and shakes hands; TLS takes the plain socket away, so a second handle cuts."""
        self._handle: socket.socket | None = None
        try:
            super().connect()
        finally:
            if self._handle:
                if self.sock is not None:
                    WATCH.get().hold(self.sock)
                self._handle.close()

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        self._handle = sock.dup()
        WATCH.get().hold(self._handle)
        return sock


class Pool(HTTPConnectionPool):
    """Open connections to one host."""

    ConnectionCls = Guarded


class PoolTLS(HTTPSConnectionPool):
    """Open connections to one host by TLS."""

    ConnectionCls = GuardedTLS


@lru_cache(maxsize=1)
def tls() -> ssl.SSLContext:
    """The one context of all connections: reading certificates takes longer than a handshake.

    Raises ConfigError when the environment names certificates that cannot be read.
    """
    variable = next((name for name in BUNDLES if os.environ.get(name)), None)
    if variable is None:
        context = ssl.create_default_context()
        context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
        return context
    path = os.environ[variable]
    try:
        where = {"capath" if Path(path).is_dir() else "cafile": path}
        return ssl.create_default_context(**where)  # type: ignore[arg-type]
    except OSError as error:
        problem = f"{path} holds no certificates: {error.strerror or error}"
        raise ConfigError(variable, problem, "name a file of certificates") from None


class Adapter(HTTPAdapter):
    """The way out of one `fetch` or `post`."""

    def init_poolmanager(self, *args: Any, **settings: Any) -> None:
        """Pools of guarded connections, all with the one TLS context."""
        super().init_poolmanager(*args, ssl_context=tls(), **settings)
        self.poolmanager.pool_classes_by_scheme = {"http": Pool, "https": PoolTLS}

    def proxy_manager_for(self, proxy: str, **settings: Any) -> Any:
        """The same by a proxy."""
        manager = super().proxy_manager_for(proxy, ssl_context=tls(), **settings)
        manager.pool_classes_by_scheme = self.poolmanager.pool_classes_by_scheme
        return manager

    def cert_verify(self, *_: Any, **__: Any) -> None:
        """Nothing to load: the shared context verifies."""
