"""Feeds and pages as HTTP answers: validators, compression, headers; and what is kept of them."""

from __future__ import annotations

import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from threading import Lock
from typing import Any, Final

import brotli
from flask import Response, abort, request
from werkzeug.datastructures import Accept, Headers
from werkzeug.http import http_date

RSS = "application/rss+xml; charset=utf-8"
JSON_FEED = "application/feed+json"
OPML = "text/x-opml"
HTML = "text/html; charset=utf-8"

# What the cache may hold in all: some thousand feeds of the usual size.
CACHE_BYTES = 64 * 2**20


def now() -> int:
    """The time, whole seconds UTC."""
    return int(time.time())


def _gzip(plain: bytes) -> bytes:
    return gzip.compress(plain, 6, mtime=0)  # a time stamp would make equal feeds differ


def _brotli(plain: bytes) -> bytes:
    packed: bytes = brotli.compress(plain, quality=5)
    return packed


_IDENTITY: Final = "identity"
# Smallest first. zstd is left out: what it gains on feeds is within 3 % of brotli's, and
# whatever takes it takes one of these.
_CODERS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "br": _brotli, "gzip": _gzip, _IDENTITY: bytes,
}  # fmt: skip
# Asked for by name alone: who writes `*` means what everybody can unpack.
_BY_NAME: Final = ("br",)
_UNSAID: Final = 0.0001  # identity, which needs not be named, and is preferred to nothing


@dataclass(frozen=True)
class Coded:
    """Bytes as they go over the wire, with a strong validator of their own."""

    data: bytes
    etag: str


@dataclass(frozen=True)
class Body:
    """Bytes ready to be sent; compressed once, when somebody first wants them so."""

    plain: bytes
    """As they were rendered."""
    modified: int = 0
    """The second after which these bytes were first had (UTC): by any process, where that is
    kept, else by this one; 0 as long as it is not known."""

    _forms: dict[str, Coded] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def digest(self) -> str:
        """Of the bytes as they were rendered."""
        return hashlib.sha256(self.plain).hexdigest()[:32]

    def form(self, coding: str) -> Coded:
        """The bytes in a content coding; equal input gives equal bytes."""
        if coding not in self._forms:
            etag = self.digest if coding == _IDENTITY else f"{self.digest}-{coding}"
            self._forms[coding] = Coded(_CODERS[coding](self.plain), etag)
        return self._forms[coding]

    @cached_property
    def last_modified(self) -> str:
        """The date as headers have it."""
        return http_date(self.modified)

    @property
    def size(self) -> int:
        """Bytes held, with room for the compressed ones: a third for each of these texts."""
        return len(self.plain) * 5 // 3


def best_coding(accepted: Accept) -> str | None:
    """The content coding for what a request accepts; None when it refuses all (RFC 9110, 12.5.3).

    The most wanted, and among equals the smallest. Who says nothing gets the bytes as they are.
    """
    wanted = {name.lower().removeprefix("x-"): quality for name, quality in accepted}

    def quality(coding: str) -> float:
        if coding in wanted:
            return wanted[coding]
        if "*" in wanted and coding not in _BY_NAME:
            return wanted["*"]
        return _UNSAID if coding == _IDENTITY else 0.0

    best = max(_CODERS, key=quality)
    return best if quality(best) > 0 else None


class Feed(Response):
    """A response whose 304 states Last-Modified, too: some readers keep what came last."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """Werkzeug leaves it out of a 304."""
        headers = super().get_wsgi_headers(environ)
        if "Last-Modified" in self.headers:
            headers["Last-Modified"] = self.headers["Last-Modified"]
        return headers


def send(
    body: Body, content_type: str, asked: int, links: Mapping[str, str] | None = None
) -> Response:
    """The answer that a feed reader expects, 304 where it has these bytes already.

    No cookie, no redirect and no look at `Accept`: some readers ask like a browser. `asked` is
    the time before the state of the catalogue was looked up: in the rest of that second there
    can be another change. So the date told lies before it, and only a later one gets a 304.
    `links` are addresses by their relation, for the headers.
    """
    coding = best_coding(request.accept_encodings)
    if coding is None:
        abort(406, "These bytes are there as they are, packed by gzip, or by brotli.")
    form = body.form(coding)
    response = Feed(form.data, content_type=content_type)
    if coding != _IDENTITY:
        response.headers["Content-Encoding"] = coding
    response.headers["Vary"] = "Accept-Encoding"
    if content_type != HTML:  # a page is asked for again each time, and is nobody else's
        response.headers["Cache-Control"] = "public, max-age=300"
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Link"
    for relation, url in (links or {}).items():
        response.headers.add("Link", f'<{url}>; rel="{relation}"')
    response.set_etag(form.etag)
    response.last_modified = datetime.fromtimestamp(body.modified, UTC)
    response.make_conditional(request)
    response.last_modified = datetime.fromtimestamp(min(body.modified, asked - 1), UTC)
    return response


class Cache:
    """Bodies, each of one state of the catalogue, the longest unused dropped first.

    What is not here is rendered once at a time for each key, and keeps nobody else waiting.
    """

    def __init__(self, longest: int = CACHE_BYTES) -> None:
        self._bodies: OrderedDict[Hashable, tuple[int, Body]] = OrderedDict()
        self._turns: dict[Hashable, Lock] = {}
        self._longest = longest
        self._size = 0
        self._lock = Lock()

    def get(self, key: Hashable, revision: int, render: Callable[[], Body]) -> Body:
        """The body kept for this key and revision, rendered now if there is none."""
        with self._lock:
            if body := self._kept(key, revision):
                return body
            turn = self._turns.setdefault(key, Lock())
        with turn:
            try:
                with self._lock:
                    body = self._kept(key, revision)
                return body or self._keep(key, revision, render())
            finally:
                with self._lock:
                    self._turns.pop(key, None)

    def kept(self, key: Hashable, revision: int) -> Body | None:
        """The body kept for this key and revision, or None."""
        with self._lock:
            return self._kept(key, revision)

    def _kept(self, key: Hashable, revision: int) -> Body | None:
        kept, body = self._bodies.get(key, (None, None))
        if kept != revision:
            return None
        self._bodies.move_to_end(key)
        return body

    def _keep(self, key: Hashable, revision: int, body: Body) -> Body:
        """The body with its date: that of the one before, where the bytes are the same."""
        with self._lock:
            _, before = self._bodies.pop(key, (None, None))
            self._size -= before.size if before else 0
            if before and before.plain == body.plain:
                body = before
            elif not body.modified:
                modified = max(now(), before.modified if before else 0) + 1
                body = replace(body, modified=modified)
            self._bodies[key] = revision, body
            self._size += body.size
            while self._size > self._longest and len(self._bodies) > 1:
                self._size -= self._bodies.popitem(last=False)[1][1].size
            return body
