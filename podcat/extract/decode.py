"""Bytes to text: by byte order mark, stated charset, meta element, UTF-8, and only then a guess."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from podcat.model import Document

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How much of a guessed text must look like words of a language.
_SURE = 0.3
_HALF = 0.3
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*+=\s*+[\"']?+\s*+([\w.:-]+)", re.I)
# Browsers read these names as the Windows code page.
_WINDOWS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the encoding it was read in, and one line for each thing that is broken."""

    text: str
    encoding: str
    damage: tuple[str, ...] = ()
    source: bytes | None = None
    """The document's bytes, where they are just this text in UTF-8: they need no encoding again."""


def _codec(label: str | None) -> str | None:
    try:
        name = codecs.lookup(label or "").name
    except LookupError:
        return None
    return _WINDOWS.get(name, name)


def _stated(document: Document) -> str | None:
    """The encoding that the server or the document's own head states, if it is a known one."""
    by_server = _CHARSET.search(document.content_type or "")
    if by_server and (codec := _codec(by_server[1])):
        return codec
    by_meta = _META.search(document.data[:4096])
    codec = _codec(by_meta[1].decode("ascii", "replace")) if by_meta else None
    # A meta element that can be read as ASCII does not stand in a UTF-16 document.
    return "utf-8" if codec and codec.startswith(("utf-16", "utf-32")) else codec


def _guess(data: bytes) -> str | None:
    import charset_normalizer

    best = charset_normalizer.from_bytes(data[: 2**18]).best()
    sure = best is not None and best.coherence >= _SURE
    return _codec(best.encoding) if best and sure else None


def _mostly_utf8(data: bytes) -> bool:
    """Whether the sequences that are no UTF-8 are few beside those that are."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for character in text if character > "\x7f") - broken
    return broken <= max(2, whole // 4)


def _lossy(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        line = (
            f"is not valid {encoding.upper()} at byte {error.start}: unreadable bytes were "
            "replaced; save it again with its right encoding"
        )
        return Decoded(data.decode(encoding, "replace"), encoding, (line,))


def _utf16(head: bytes) -> str | None:
    """UTF-16 without its mark: in Latin text every other byte is NUL."""
    if head.count(0) < len(head) * _HALF:
        return None
    return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"


def _decode(document: Document) -> Decoded:
    data = document.data
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _lossy(data[len(mark) :], encoding)
    if unmarked := _utf16(data[:4096]):
        return _lossy(data, unmarked)
    if stated := _stated(document):
        return _lossy(data, stated)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        guess = None if _mostly_utf8(data) else _guess(data)
        return _lossy(data, guess or "utf-8")


def decode(document: Document) -> Decoded:
    """The document's text, with a sign for NUL characters and with `\\n` as the only line end."""
    decoded = _decode(document)
    text, damage = decoded.text, decoded.damage
    # Bytes are asked first: NUL is half of every Latin letter in a wide string.
    if b"\0" in document.data and (position := text.find("\0")) >= 0:
        line = f"holds a NUL character at position {position}: shown as a sign; save the file again"
        damage += (line,)
        text = text.replace("\0", "\ufffd")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    same = text is decoded.text and not damage and decoded.encoding == "utf-8"
    marked = document.data.startswith(codecs.BOM_UTF8)
    source = document.data if same and not marked else None
    return Decoded(text, decoded.encoding, damage, source)
