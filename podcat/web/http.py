"""Feeds as HTTP answers: validators, compression, headers; and the bytes kept between requests."""

from __future__ import annotations

import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from flask import Response, request
from werkzeug.datastructures import Headers

RSS = "application/rss+xml; charset=utf-8"
JSON_FEED = "application/feed+json"
OPML = "text/x-opml"

# What the cache may hold in all: some thousand feeds of the usual size.
CACHE_BYTES = 64 * 2**20


def now() -> int:
    """The time, whole seconds UTC."""
    return int(time.time())


@dataclass(frozen=True)
class Body:
    """Bytes ready to be sent, plain and compressed, each with its own strong validator."""

    plain: bytes
    packed: bytes
    plain_etag: str
    packed_etag: str
    modified: int = 0
    """The second after which this process first had these bytes (UTC)."""

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.plain) + len(self.packed)


def make_body(plain: bytes) -> Body:
    """Compresses once; without a time stamp, so that equal input gives equal bytes."""
    packed = gzip.compress(plain, 6, mtime=0)
    return Body(plain, packed, _etag(plain), _etag(packed))


def _etag(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


class Feed(Response):
    """A response whose 304 states Last-Modified, too: some readers keep what came last."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """Werkzeug leaves it out of a 304."""
        headers = super().get_wsgi_headers(environ)
        if "Last-Modified" in self.headers:
            headers["Last-Modified"] = self.headers["Last-Modified"]
        return headers


def send(body: Body, content_type: str, asked: int) -> Response:
    """The answer that a feed reader expects, 304 where it has these bytes already.

    No cookie, no redirect and no look at `Accept`: some readers ask like a browser. `asked` is
    the time before the state of the catalogue was looked up: in the rest of that second there
    can be another change. So the date told lies before it, and only a later one gets a 304.
    """
    packed = request.accept_encodings.quality("gzip") > 0
    response = Feed(body.packed if packed else body.plain, content_type=content_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.set_etag(body.packed_etag if packed else body.plain_etag)
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
            if before and before.plain_etag == body.plain_etag:
                body = before
            else:
                modified = max(now(), before.modified if before else 0) + 1
                body = replace(body, modified=modified)
            self._bodies[key] = revision, body
            self._size += body.size
            while self._size > self._longest and len(self._bodies) > 1:
                self._size -= self._bodies.popitem(last=False)[1][1].size
            return body
