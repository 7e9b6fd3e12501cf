"""The first bytes of an answer, unpacked, to a limit both packed and unpacked."""

from __future__ import annotations

import zlib
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import Final

from podcat.net.answer import Trouble

DRAIN: Final = 64 * 2**10
"""So much is read in vain rather than give up a connection."""

_PACKED: Final = ("gzip", "x-gzip", "deflate")
_MEMBERS: Final = 64
"""So many parts of one gzip are unpacked: each takes a copy of what is left."""
_GZIP: Final = b"\x1f\x8b\x08"
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
    coding = ", ".join(response.headers.get_all("Content-Encoding", ()))
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
        try:
            plain, eof = _members(window, data, limit)
        except zlib.error:
            continue
        return Body(plain, ended and eof)
    return Body(b"", False, _BROKEN)


def _members(window: int, data: bytes, limit: int) -> tuple[bytes, bool]:
    """The unpacked members of what may have several, and whether the last one is whole.

    What follows them and is none is dropped, as browsers do. Raises zlib.error for the first.
    """
    unpacker = zlib.decompressobj(window)
    parts = [unpacker.decompress(data, limit)]
    left = limit - len(parts[0])
    while unpacker.eof and left > 0 and unpacker.unused_data.startswith(_GZIP):
        if len(parts) == _MEMBERS:
            return b"".join(parts), False
        data, unpacker = unpacker.unused_data, zlib.decompressobj(window)
        with suppress(zlib.error):
            parts.append(unpacker.decompress(data, left))
            left -= len(parts[-1])
    return b"".join(parts), unpacker.eof
