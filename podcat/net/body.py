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
    data, trouble = _taken(response, limit + 1)
    ended = trouble is None and len(data) <= limit
    if not (ended or trouble):
        drop(response)
    coding = response.headers.get("Content-Encoding", "")
    body = _unpacked(coding, data[:limit], limit, ended)
    if trouble and body.trouble is None:
        return Body(body.data, False, (trouble, _short(response, trouble, len(data))))
    return body


def drop(response: HTTPResponse) -> None:
    """Reads what nobody wants, if it is little, so that the connection can be used again."""
    if response.length is not None and response.length <= DRAIN:
        _taken(response, response.length)


def _taken(response: HTTPResponse, most: int) -> tuple[bytes, Trouble | None]:
    """So many bytes or all there are, and why there are not more before its end."""
    data = b""
    try:
        while len(data) < most and not response.isclosed():
            data += response.read(most - len(data))
    except IncompleteRead as error:
        return data + error.partial, Trouble.BROKEN
    except TimeoutError:
        return data, Trouble.TIMEOUT
    except (OSError, HTTPException):
        return data, Trouble.BROKEN
    return data, Trouble.BROKEN if response.isclosed() and response.length else None


def _short(response: HTTPResponse, trouble: Trouble, got: int) -> str:
    declared = response.headers.get("Content-Length")
    what = "nothing came" if trouble is Trouble.TIMEOUT else "the connection broke"
    return f"{what} after {got} bytes" + (f" of {declared}" if declared else "")


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
