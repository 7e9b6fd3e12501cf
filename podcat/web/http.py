"""Feeds as HTTP answers: validators, compression, headers; and the bytes kept between requests."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from flask import Response, request

RSS = "application/rss+xml; charset=utf-8"
JSON_FEED = "application/feed+json"
OPML = "text/x-opml"

# What the cache may hold in all: some thousand feeds of the usual size.
CACHE_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Body:
    """Bytes ready to be sent, plain and compressed, each with its own strong validator."""

    plain: bytes
    packed: bytes
    plain_etag: str
    packed_etag: str
    modified: int | None
    """Newest change of what is in it, seconds UTC."""

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.plain) + len(self.packed)


def make_body(plain: bytes, modified: int | None) -> Body:
    """Compresses once; without a time stamp, so that equal input gives equal bytes."""
    packed = gzip.compress(plain, 6, mtime=0)
    return Body(plain, packed, _etag(plain), _etag(packed), modified)


def _etag(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def send(body: Body, content_type: str) -> Response:
    """The answer that a feed reader expects, 304 where it has these bytes already.

    No cookie, no redirect and no look at `Accept`: some readers ask like a browser.
    """
    packed = request.accept_encodings.quality("gzip") > 0
    response = Response(body.packed if packed else body.plain, content_type=content_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.set_etag(body.packed_etag if packed else body.plain_etag)
    if body.modified is not None:
        response.last_modified = datetime.fromtimestamp(body.modified, UTC)
    response.make_conditional(request)
    return response


class Cache:
    """Bodies of one state of the catalogue, the longest unused dropped first.

    Rendering is one at a time: feedgen switches the locale of the whole process for each date.
    """

    def __init__(self, longest: int = CACHE_BYTES) -> None:
        self._bodies: OrderedDict[Hashable, Body] = OrderedDict()
        self._longest = longest
        self._size = 0
        self._revision: int | None = None
        self._lock = Lock()

    def get(self, key: Hashable, revision: int, render: Callable[[], Body]) -> Body:
        """The body kept for this key and revision, rendered now if there is none."""
        with self._lock:
            if revision != self._revision:
                self._clear(revision)
            body = self._bodies.get(key)
            if body is None:
                body = render()
                self._keep(key, body)
            else:
                self._bodies.move_to_end(key)
            return body

    def _clear(self, revision: int) -> None:
        self._bodies.clear()
        self._size, self._revision = 0, revision

    def _keep(self, key: Hashable, body: Body) -> None:
        self._bodies[key] = body
        self._size += body.size
        while self._size > self._longest and len(self._bodies) > 1:
            self._size -= self._bodies.popitem(last=False)[1].size
