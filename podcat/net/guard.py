"""Which addresses may be connected to, and where a host is: looked up once, judged, kept."""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
import time
from typing import Final

# Hosts of cloud machines answer here, on addresses that count as public.
_METADATA: Final = (
    ipaddress.IPv4Network("168.63.129.16/32"),
    ipaddress.IPv4Network("192.0.0.0/24"),
)
# All of the public internet that speaks IPv6 (RFC 4291, 2.4): elsewhere are fec0::/10 and old or
# local forms of IPv4 (::/96, ::ffff:0:0:0/96, 64:ff9b:1::/48), which ipaddress counts as global.
_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
# Of documents (RFC 9637), and a relay to whoever is near (RFC 7526): newer than Python 3.11.
_ODDLY_GLOBAL: Final = (
    ipaddress.IPv6Network("3fff::/20"),
    ipaddress.IPv4Network("192.88.99.0/24"),
)
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
# What some resolvers take for an IPv4 address: 127.1, 0x7f000001, 2130706433, 0177.0.0.1
_NUMBERS: Final = re.compile(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+))*\.?", re.I)
ODD: Final = "is an odd way to write a number, not a host"
_LOCKS: Final = 64
_KEPT: Final = 60.0
_MOST: Final = 10_000
# Names that surely are none; any other failure may be over at the next moment.
_NONE: Final = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


class PrivateAddressError(Exception):
    """The connection would go to an address that is not on the public internet."""


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet; addresses inside addresses count too."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if inner := _inner(ip):
            return is_public(str(inner))
        if ip not in _UNICAST:
            return False
    excepted = any(ip in network for network in (*_METADATA, *_ODDLY_GLOBAL))
    return ip.is_global and not ip.is_multicast and not excepted


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


class Names:
    """IP addresses of hosts; each host is asked for once in a while, whoever wants to know.

    That also pins them: a name cannot be public when it is judged and private when it is
    connected to.
    """

    def __init__(self, keep: float = _KEPT) -> None:
        self._keep = keep
        self._known: dict[str, tuple[float, tuple[str, ...], socket.gaierror | None]] = {}
        self._locks = [threading.Lock() for _ in range(_LOCKS)]

    def addresses(self, host: str) -> tuple[str, ...]:
        """All addresses of a host, in the order in which to try them. Raises socket.gaierror."""
        with self._locks[hash(host) % _LOCKS]:  # the others want the same answer
            until, found, error = self._known.get(host, (0.0, (), None))
            if time.monotonic() >= until:
                found, error = self._ask(host)
        if error:
            raise error
        return found

    def _ask(self, host: str) -> tuple[tuple[str, ...], socket.gaierror | None]:
        found: tuple[str, ...] = ()
        error: socket.gaierror | None = None
        try:
            entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            found = tuple(dict.fromkeys(str(entry[4][0]) for entry in entries))
        except socket.gaierror as failed:
            error = failed
        except UnicodeError as failed:
            error = socket.gaierror(socket.EAI_NONAME, str(failed))
        if error is None or error.errno in _NONE:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[host] = (time.monotonic() + self._keep, found, error)
        return found, error
