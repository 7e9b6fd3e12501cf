"""The first bytes of an answer, unpacked, to a limit both packed and unpacked."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import Final

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


def read(response: HTTPResponse, limit: int) -> Body:
    """At most `limit` bytes; of little more the rest is read in vain, for the connection's sake.

    What cuts the reading short is in the Body, with what there was before it.
    """
    data, broken = _taken(response, limit + 1)
    ended = not broken and len(data) <= limit
    if not (ended or broken):
        drop(response)
    coding = response.headers.get("Content-Encoding", "")
    body = _unpacked(coding, data[:limit], limit, ended)
    if broken and body.trouble is None:
        return Body(body.data, False, (Trouble.BROKEN, _short(response, len(data))))
    return body


def drop(response: HTTPResponse) -> None:
    """Reads what nobody wants, if it is little, so that the connection can be used again."""
    if response.length is not None and response.length <= DRAIN:
        _taken(response, response.length)


def _taken(response: HTTPResponse, most: int) -> tuple[bytes, bool]:
    """So many bytes or all there are, and whether the answer broke off before its end."""
    data = b""
    try:
        while len(data) < most and not response.isclosed():
            data += response.read(most - len(data))
    except IncompleteRead as error:
        return data + error.partial, True
    except (OSError, HTTPException):
        return data, True
    return data, bool(response.isclosed() and response.length)


def _short(response: HTTPResponse, got: int) -> str:
    declared = response.headers.get("Content-Length")
    return f"the connection broke after {got} bytes" + (f" of {declared}" if declared else "")


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
