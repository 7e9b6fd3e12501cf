"""Compressed bytes, unpacked to a limit: a small file may unfold into a huge one."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, Final, Protocol

CHUNK: Final = 64 * 2**10
_GZIP: Final = 16 + zlib.MAX_WBITS
_MAGIC: Final = b"\x1f\x8b\x08"
_MOST_CODINGS: Final = 3
_BROKEN: Final = "holds a broken gzip block: read on behind it; fetch or copy the file again"
_CUT: Final = "ends inside a gzip block: read up to there; fetch or copy the file again"


class Readable(Protocol):
    """Anything with `read`."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


def chunks(file: Readable) -> Iterator[bytes]:
    """The bytes of a file in chunks."""
    while chunk := file.read(CHUNK):
        yield chunk


# ---------------------------------------------------------------- gzip files


def members(file: Readable, on_damage: Callable[[str], None]) -> Iterator[bytes]:
    """The unpacked bytes of a gzip file in small chunks; an empty one ends each of its members.

    Behind a broken member it goes on with the next one that it finds.
    """
    data = file.read(CHUNK)
    while data:
        if len(data) < len(_MAGIC):
            data += file.read(CHUNK)
        if data.startswith(_MAGIC):
            data = yield from _member(file, data, on_damage)
            yield b""
        else:
            data = _from_next_member(file, data)
        data = data or file.read(CHUNK)


def _member(
    file: Readable, data: bytes, on_damage: Callable[[str], None]
) -> Generator[bytes, None, bytes]:
    """The unpacked bytes of the member that `data` begins with; returns what is behind it."""
    unpacker = zlib.decompressobj(_GZIP)
    while not unpacker.eof:
        try:
            unpacked = unpacker.decompress(data, CHUNK)
        except zlib.error:
            on_damage(_BROKEN)
            return data[1:]
        if unpacked:
            yield unpacked
        rest = unpacker.unconsumed_tail or (b"" if unpacker.eof else file.read(CHUNK))
        if not rest and not unpacker.eof:
            on_damage(_CUT)
            return b""
        data = rest
    return unpacker.unused_data


def _from_next_member(file: Readable, data: bytes) -> bytes:
    """The bytes from the next sign of a member on; what lies before is padding or broken."""
    while (at := data.find(_MAGIC)) < 0:
        more = file.read(CHUNK)
        if not more:
            return b""
        data = data[1 - len(_MAGIC) :] + more
    return data[at:]


def gathered(parts: Iterable[bytes], most: int) -> bytes:
    """All the parts in one, and no more than `most` bytes of them."""
    data = bytearray()
    for part in parts:
        data += part
        if len(data) >= most:
            break
    return bytes(data[:most])


# ---------------------------------------------------------------- encodings of HTTP


def _zlib(window: int) -> Callable[[bytes, int], tuple[bytes, bool]]:
    def unpack(data: bytes, limit: int) -> tuple[bytes, bool]:
        unpacker = zlib.decompressobj(window)
        unpacked = unpacker.decompress(data, limit + 1)
        return unpacked, unpacker.eof

    return unpack


def _deflate(data: bytes, limit: int) -> tuple[bytes, bool]:
    try:
        return _zlib(zlib.MAX_WBITS)(data, limit)
    except zlib.error:
        return _zlib(-zlib.MAX_WBITS)(data, limit)  # what some servers take "deflate" for


def _brotli(data: bytes, limit: int) -> tuple[bytes, bool]:
    import brotli

    unpacker, unpacked = brotli.Decompressor(), bytearray()
    piece = unpacker.process(data, output_buffer_limit=CHUNK)
    while piece and len(unpacked) <= limit:
        unpacked += piece
        piece = unpacker.process(b"", output_buffer_limit=CHUNK)
    return bytes(unpacked[: limit + 1]), unpacker.is_finished()


_CODINGS: Final[dict[str, Callable[[bytes, int], tuple[bytes, bool]]]] = {
    "gzip": _zlib(_GZIP),
    "x-gzip": _zlib(_GZIP),
    "deflate": _deflate,
    "br": _brotli,
}


def decoded(data: bytes, encoding: str | None, limit: int) -> tuple[bytes, str | None]:
    """A body without its `Content-Encoding`, and one line when it is not whole.

    Crawlers that store bodies unpacked keep the header: what is not packed is left as it is.
    One byte more than `limit` where there is more.
    """
    names = [name.strip().lower() for name in (encoding or "").split(",")][:_MOST_CODINGS]
    damage = None
    for name in reversed([name for name in names if name not in ("", "identity")]):
        if name not in _CODINGS:
            return data, f"is packed with {name}, which podcat cannot unpack"
        unpacked = _unpacked(name, data, limit)
        if unpacked is None:
            continue
        data, whole = unpacked
        if not whole and len(data) <= limit:
            damage = f"ends inside its {name} compression: read up to there"
    return data, damage


def _unpacked(name: str, data: bytes, limit: int) -> tuple[bytes, bool] | None:
    unpack: Any = _CODINGS[name]
    try:
        found: tuple[bytes, bool] = unpack(data, limit)
    except Exception:  # zlib.error, brotli.error: both mean that it is not packed, or broken
        return None
    return found
