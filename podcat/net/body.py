"""The first bytes of an answer, unpacked, to a limit both packed and unpacked."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Final

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from podcat.net.answer import Trouble

DRAIN: Final = 64 * 2**10
"""So much is read in vain rather than give up a connection."""

_PACKED: Final = ("gzip", "x-gzip", "deflate")
_BROKEN: Final = (Trouble.CODING, "its compression is broken")


@dataclass(frozen=True, slots=True)
class Body:
    """What was read of an answer."""

    data: bytes
    whole: bool
    trouble: tuple[Trouble, str] | None = None


def read(response: BaseHTTPResponse, limit: int) -> Body:
    """At most `limit` bytes; a connection that has no more to say can be used again.

    What cuts the reading short is in the Body, with what there was before it.
    """
    data, error = _taken(response, limit + 1)
    ended = error is None and len(data) <= limit
    if error or not (ended or _drained(response)):
        response.close()
    body = _unpacked(response.headers.get("Content-Encoding", ""), data[:limit], limit, ended)
    if error and body.trouble is None:
        return Body(body.data, False, (Trouble.BROKEN, _short(response, len(data))))
    return body


def drop(response: BaseHTTPResponse) -> None:
    """Reads what nobody wants, if it is little, so that the connection can be used again."""
    _, error = _taken(response, DRAIN)
    if error or response.length_remaining:
        response.close()


def _taken(response: BaseHTTPResponse, most: int) -> tuple[bytes, Exception | None]:
    data = b""
    try:
        while len(data) < most:
            part = response.read(most - len(data), decode_content=False)
            data = data + part if data else part
            if not part or response.length_remaining == 0:
                break
    except (HTTPError, OSError) as error:
        return data, error
    return data, None


def _drained(response: BaseHTTPResponse) -> bool:
    left = response.length_remaining
    if left is None or left > DRAIN:
        return False
    return _taken(response, left)[1] is None


def _short(response: BaseHTTPResponse, got: int) -> str:
    declared = response.headers.get("Content-Length", "")
    return f"the connection broke after {got} of {declared or 'unknown'} bytes"


def _unpacked(coding: str, data: bytes, limit: int, ended: bool) -> Body:
    """The bytes without the coding that they came in."""
    kind = coding.strip().lower()
    if kind in ("", "identity") or not data:
        return Body(data, ended)
    if kind not in _PACKED:
        return Body(b"", False, (Trouble.CODING, f"it comes packed by {kind[:40]}, unasked"))
    # 47: gzip or zlib by its own head; some servers send bare deflate.
    for window in (47, -15):
        unpacker = zlib.decompressobj(window)
        try:
            plain = unpacker.decompress(data, limit)
        except zlib.error:
            continue
        return Body(plain, ended and unpacker.eof)
    return Body(b"", False, _BROKEN)
