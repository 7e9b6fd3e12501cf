"""The only module that opens a connection to the outside.

Every connection is guarded at the address it really goes to, so neither a name, a redirect nor
an odd way of writing a number leads into the network that podcat runs in.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urljoin

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError

from podcat import __version__, urls
from podcat.errors import SourceError
from podcat.model import Document

TIMEOUT: Final = 30.0
"""Seconds for the whole of one fetch, redirects included."""
REDIRECTS: Final = 10
_STEP: Final = 10.0  # seconds without a byte
_CHUNK: Final = 64 * 2**10

_MEDIA: Final = ("audio/", "video/", "image/", "font/")
# Hosts of cloud machines answer here, on addresses that count as public.
_METADATA: Final = (
    ipaddress.IPv4Network("168.63.129.16/32"),
    ipaddress.IPv4Network("192.0.0.0/24"),
)
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
# What some resolvers take for an IPv4 address: 127.1, 0x7f000001, 2130706433, 0177.0.0.1
_NUMBERS: Final = re.compile(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+))*\.?", re.I)


class PrivateAddressError(Exception):
    """The connection would go to an address that is not on the public internet."""


# ---------------------------------------------------------------- the guard


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet; addresses inside addresses count too."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (inner := _inner(ip)):
        return is_public(str(inner))
    metadata = any(ip in network for network in _METADATA)
    return ip.is_global and not ip.is_multicast and not metadata


def _inner(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def is_odd_number(host: str) -> bool:
    """Whether a host is an IPv4 address in a notation that only resolvers read."""
    if not _NUMBERS.fullmatch(host):
        return False
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return True
    return False


class _Watch:
    """The guard and the clock of one fetch: at the deadline its connections are cut."""

    def __init__(self, seconds: float, allow_private: bool) -> None:
        self.allow_private = allow_private
        self.expired = False
        self._sockets: list[socket.socket] = []
        self._deadline = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> _Watch:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()
        for sock in self._sockets:
            sock.close()

    def _cut(self) -> None:
        # A server that sends one byte every few seconds never runs into a socket's time-out.
        self.expired = True
        for sock in list(self._sockets):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def add(self, sock: socket.socket) -> None:
        """Keeps a second handle: TLS takes the first one away."""
        self._sockets.append(sock.dup())
        if self.expired:
            self._cut()

    def step(self) -> float:
        """Seconds that the next wait may last."""
        return max(0.01, min(_STEP, self._deadline - time.monotonic()))

    def addresses(self, host: str, port: int) -> list[str]:
        """The IP addresses of a host that may be connected to; raises PrivateAddressError."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        every = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        allowed = [a for a in every if self.allow_private or is_public(a)]
        if not allowed:
            raise PrivateAddressError(every[0] if every else host)
        return allowed


_WATCH: ContextVar[_Watch] = ContextVar("_WATCH")


class _Guarded(HTTPConnection):
    """Connects only to addresses that it has looked up and judged itself."""

    def _new_conn(self) -> socket.socket:
        watch, name = _WATCH.get(), self._dns_host
        try:
            addresses = watch.addresses(name, self.port)
        except (socket.gaierror, UnicodeError) as error:
            reason = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            raise NameResolutionError(self.host, self, reason) from error
        try:
            return self._first(addresses, watch)
        finally:
            self._dns_host = name

    def _first(self, addresses: list[str], watch: _Watch) -> socket.socket:
        for left, address in enumerate(addresses, 1 - len(addresses)):
            self._dns_host, self.timeout = address, watch.step()
            try:
                sock = super()._new_conn()
            except HTTPError:
                if left == 0 or watch.expired:
                    raise
            else:
                watch.add(sock)
                return sock
        raise NewConnectionError(self, "no address left")


class _GuardedTLS(_Guarded, HTTPSConnection):
    """The same, before the TLS handshake."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Guarded


class _PoolTLS(HTTPSConnectionPool):
    ConnectionCls = _GuardedTLS


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    # One for all connections: reading the certificates takes longer than a handshake.
    context = ssl.create_default_context()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **settings: Any) -> None:
        super().init_poolmanager(*args, ssl_context=_tls(), **settings)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _PoolTLS}

    def cert_verify(self, *_: Any, **__: Any) -> None:
        """Nothing to load: the shared context verifies."""


# ---------------------------------------------------------------- one fetch, one form


def fetch(
    url: str,
    *,
    limit: int = 32 * 2**20,
    timeout: float = TIMEOUT,
    allow_private: bool = False,
    contact: str | None = None,
) -> Document:
    """The document behind an address, after redirects.

    `limit` is in bytes, unpacked; `timeout` in seconds, for everything. Raises SourceError
    that says in one line why there is no document.
    """
    with _guarded(url, timeout, allow_private) as (adapter, watch):
        return _fetch(adapter, url, limit, watch, contact)


def post(
    url: str, form: Sequence[tuple[str, str]], *, timeout: float = 10.0, contact: str | None = None
) -> None:
    """Sends a form to an address that the settings name, so on private networks, too.

    No redirect is followed, and no more than the status of the answer is read. `timeout` in
    seconds, for everything. Raises SourceError, in one line, unless the answer is a good one.
    """
    with _guarded(url, timeout, allow_private=True) as (adapter, watch):
        headers = _headers(contact)
        request = requests.Request("POST", _address(url, url), headers=headers, data=form).prepare()
        step = watch.step()
        response = adapter.send(request, stream=True, timeout=(step, step))
        response.close()
        if not 200 <= response.status_code < 300:
            raise _unwelcome(url, response.status_code)


@contextmanager
def _guarded(url: str, timeout: float, allow_private: bool) -> Iterator[tuple[_Adapter, _Watch]]:
    """A way out for one conversation; what goes wrong in it becomes a SourceError."""
    adapter = _Adapter()
    try:
        with _Watch(timeout, allow_private) as watch:
            token = _WATCH.set(watch)
            try:
                yield adapter, watch
            except (requests.RequestException, HTTPError, OSError, PrivateAddressError) as error:
                raise _explained(url, error, watch, timeout) from None
            finally:
                _WATCH.reset(token)
    finally:
        adapter.close()


def _fetch(adapter: _Adapter, url: str, limit: int, watch: _Watch, contact: str | None) -> Document:
    target, headers = _address(url, url), _headers(contact)
    for _ in range(REDIRECTS + 1):
        request = requests.Request("GET", target, headers=headers).prepare()
        step = watch.step()
        response = adapter.send(request, stream=True, timeout=(step, step))
        try:
            if response.is_redirect:
                target = _address(urljoin(target, _location(response)), url)
                continue
            data = _body(response, url, limit)
            if watch.expired:
                raise TimeoutError
            return Document(url, data, target, response.headers.get("Content-Type"))
        finally:
            response.close()
    raise SourceError(url, f"redirects more than {REDIRECTS} times")


def _headers(contact: str | None) -> dict[str, str]:
    return {
        "User-Agent": f"podcat/{__version__}" + (f" (+{contact})" if contact else ""),
        "Accept": "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.5",
        "Accept-Encoding": "gzip, deflate",
    }


def _address(target: str, url: str) -> str:
    """The address without credentials and fragment; raises SourceError when it is not http(s)."""
    address = urls.parse(target)
    if address is None:
        where = "is not" if target == url else "redirects to what is not"
        raise SourceError(url, f"{where} an http or https address")
    if is_odd_number(address.host):
        raise SourceError(url, f"{address.host} is an odd way to write a number, not a host")
    plain = urls.absolute(str(address)) or str(address)
    return plain.partition("#")[0]


def _location(response: requests.Response) -> str:
    # http.client hands headers over as Latin-1; servers mean UTF-8.
    return response.headers["Location"].encode("latin-1", "replace").decode("utf-8", "replace")


def _body(response: requests.Response, url: str, limit: int) -> bytes:
    _check_head(response, url, limit)
    data = bytearray()
    for chunk in response.iter_content(_CHUNK):
        data += chunk
        if len(data) > limit:
            raise _too_large(url, limit)
    return bytes(data)


def _check_head(response: requests.Response, url: str, limit: int) -> None:
    status, kind = response.status_code, response.headers.get("Content-Type", "").lower()
    if not 200 <= status < 300:
        raise _unwelcome(url, status)
    if kind.startswith(_MEDIA):
        raise SourceError(url, f"is {kind.partition(';')[0]}, not a page")
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length[:18]) > limit:
        raise _too_large(url, limit)


def _unwelcome(url: str, status: int) -> SourceError:
    return SourceError(url, f"answers {status} {_phrase(status)}".rstrip())


def _too_large(url: str, limit: int) -> SourceError:
    advice = "raise document_bytes in podcat.toml if this is a page"
    return SourceError(url, f"is larger than the limit of {limit} bytes", advice)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""


# ---------------------------------------------------------------- what went wrong


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it wraps, and what caused it: the libraries nest them in all three ways."""
    waiting: list[Any] = [error]
    while waiting:
        found = waiting.pop()
        if isinstance(found, BaseException):
            yield found
            waiting += [*found.args, getattr(found, "reason", None), found.__cause__]


def _explained(url: str, error: Exception, watch: _Watch, timeout: float) -> SourceError:
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, PrivateAddressError):
            problem = f"leads to the private address {cause}, which is not fetched"
            return SourceError(url, problem, "use --allow-private if that is meant")
    if watch.expired:
        return SourceError(url, f"is not complete after {timeout:g} seconds", "try again later")
    return SourceError(url, _reason(causes), "try again later")


def _reason(causes: list[BaseException]) -> str:
    for kind, problem in _REASONS:
        for cause in causes:
            if isinstance(cause, kind):
                return problem.format(getattr(cause, "verify_message", ""))
    for cause in causes:
        if isinstance(cause, OSError) and cause.strerror:
            return f"cannot be fetched: {cause.strerror}"
    return "cannot be fetched: the connection broke"


_REASONS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (NameResolutionError, "cannot be fetched: its host has no address"),
    (ssl.SSLCertVerificationError, "cannot be fetched: its certificate is not good ({})"),
    (ssl.SSLError, "cannot be fetched: no TLS with its host"),
    (ConnectionRefusedError, "cannot be fetched: its host refuses the connection"),
    (TimeoutError, "cannot be fetched: its host does not answer in time"),
    (requests.Timeout, "cannot be fetched: its host does not answer in time"),
    (requests.exceptions.ContentDecodingError, "cannot be unpacked: its compression is broken"),
)
