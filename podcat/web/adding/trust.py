"""Who may add: sign-in by token, a cookie for these pages alone, and requests of our own only.

A cookie holds a secret whose digest is in the database. What a form carries against forgery
follows from that secret, so there is no key to keep. Wrong tokens are counted in each process:
who may write nothing must not make the database write, and tokens have 192 bits of chance.
"""

from __future__ import annotations

import hmac
import ipaddress
import time
from collections import OrderedDict
from threading import Lock
from typing import Final
from urllib.parse import urlsplit

from flask import Response, request, url_for

from podcat.catalogue import Catalogue
from podcat.catalogue.pending import SESSION_SECONDS, Session
from podcat.errors import PodcatError
from podcat.web.site import site

POLICY: Final = (
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' data:",  # the mark
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
"""What these pages may load: nothing but our own. What was handed over is shown as text."""
COOKIE: Final = "podcat_add"
GUESSES: Final = 10
"""Wrong tokens from one address in a minute, for each process."""
_MINUTE: Final = 60
_REMEMBERED: Final = 10_000


def is_on() -> bool:
    """Whether there is anybody who may add: asked anew when the catalogue has changed.

    For the foot of every page, which must not fail where the catalogue is the trouble. Files
    take nothing from anybody.
    """
    if site().static:
        return False
    try:
        return site().once("adding", Catalogue.adding)
    except PodcatError:
        return False


# ---------------------------------------------------------------- sessions


def signed_in() -> Session | None:
    """Who sends this request."""
    secret = request.cookies.get(COOKIE, "")
    return site().catalogue.session(secret) if secret else None


def form_token() -> str:
    """What forms of this session carry, and nobody else can know."""
    secret = request.cookies.get(COOKIE, "")
    return hmac.new(secret.encode("utf-8", "replace"), b"podcat: a form", "sha256").hexdigest()


def is_form_of_ours() -> bool:
    """Whether the form that was sent is one that we gave to this session."""
    return hmac.compare_digest(request.form.get("form", "").encode(), form_token().encode())


def is_from_here() -> bool:
    """Whether a request comes from a page of ours, as browsers tell; old ones tell nothing."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    base = urlsplit(site().config.base_url or "").netloc
    return origin is None or urlsplit(origin).netloc in {request.host, base} - {""}


def give_cookie(response: Response, secret: str) -> None:
    """For these pages, out of reach of scripts, and never sent along from another site."""
    base = request.headers.get("Origin") or site().config.base_url or ""
    response.set_cookie(
        COOKIE, secret, max_age=SESSION_SECONDS, path=url_for("adding.show"), httponly=True,
        samesite="Strict", secure=request.is_secure or base.startswith("https:"),
    )  # fmt: skip


def take_cookie(response: Response) -> None:
    """Sign out."""
    response.delete_cookie(COOKIE, path=url_for("adding.show"))


# ---------------------------------------------------------------- guesses


class Guesses:
    """Wrong tokens by the address they came from."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = Lock()

    def wait(self) -> int:
        """How many seconds the sender of this request has to wait; 0 for most."""
        with self._lock:
            since, count = self._seen.get(_sender(), (0.0, 0))
        left = since + _MINUTE - time.monotonic()
        return max(1, round(left)) if count >= GUESSES and left > 0 else 0

    def note(self) -> None:
        """One more wrong token."""
        now = time.monotonic()
        with self._lock:
            since, count = self._seen.pop(_sender(), (now, 0))
            if now - since >= _MINUTE:
                since, count = now, 0
            self._seen[_sender()] = since, count + 1
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)


def _sender() -> str:
    """The address of the sender; of IPv6 the network, which one person has to themselves."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))
