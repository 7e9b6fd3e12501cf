"""Bytes to text: by byte order mark, stated charset, meta element, UTF-8, and only then a guess."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from podcat.model import Document
from podcat.text import unmarked_utf16

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_XML = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.I)

# Names that browsers know and Python does not.
_ALIASES = {
    "x-sjis": "cp932", "windows-31j": "cp932", "x-gbk": "gb18030", "x-cp1251": "cp1251",
    "x-cp1252": "cp1252", "win-1251": "cp1251", "cp-1251": "cp1251", "windows1251": "cp1251",
    "x-mac-cyrillic": "mac_cyrillic", "x-mac-roman": "mac_roman", "ks_c_5601-1987": "cp949",
    "windows-949": "cp949", "x-euc-jp": "euc_jp", "x-big5": "big5hkscs", "dos-866": "cp866",
}  # fmt: skip
# Browsers read these names as a larger set that contains what is meant.
_LARGER = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949",
    "shift_jis": "cp932", "big5": "big5hkscs", "ksc5601": "cp949",
}  # fmt: skip
# What pages are written in. Python's other codecs are no alphabets, or hide markup (UTF-7).
_KNOWN = frozenset({
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp866",
    "cp874", "cp932", "cp949", "gb18030", "big5hkscs", "euc_jp", "iso2022_jp", "koi8-r", "koi8-u",
    "kz1048", "ptcp154", "mac-roman", "mac-cyrillic", "hz", "johab",
    *(f"cp{number}" for number in range(1250, 1259)),
    *(f"iso8859-{number}" for number in range(2, 17)),
})  # fmt: skip
# What is guessed among, by the names that the library gives them.
_GUESSED = [
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "cp866", "cp874", "iso8859_2", "iso8859_5", "koi8_r", "koi8_u", "kz1048", "mac_cyrillic",
    "cp932", "euc_jp", "iso2022_jp", "gb18030", "big5hkscs", "cp949",
]  # fmt: skip
# Encodings of many bytes a letter: what fits their grammar is theirs. Those of Latin letters
# differ in a handful of letters, so that a guess among them is never sure.
_WIDE = frozenset({"cp932", "euc_jp", "iso2022_jp", "gb18030", "big5hkscs", "cp949"})
_LATIN = frozenset({"cp1250", "cp1252", "cp1254", "cp1257", "cp1258", "iso8859-2"})
# How much of a guessed text must look like words of a language.
_SURE = 0.3
_GUESS_BYTES = 2**18
_ENOUGH = 3
# Its bytes are all ASCII: it switches to the Japanese letters and back.
_ISO_2022_JP = re.compile(rb"\x1b\$[@B][!-~]{2}")
_MARKUP = re.compile(
    rb"<(?:script|style)\b.{0,200000}?</(?:script|style)|<[^>]{0,2000}>", re.I | re.S
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the encoding it was read in, and one line for each thing that is broken."""

    text: str
    encoding: str
    damage: tuple[str, ...] = ()
    source: bytes | None = None
    """The document's bytes, where they are just this text in UTF-8: they need no encoding again."""


def _codec(label: str | None) -> str | None:
    """Python's name for an encoding of pages, or None for anything else."""
    plain = (label or "").strip().lower()
    try:
        name = codecs.lookup(_ALIASES.get(plain, plain)).name
    except (LookupError, ValueError):
        return None
    name = _LARGER.get(name, name)
    return name if name in _KNOWN else None


def _stated(document: Document) -> str | None:
    """The encoding that the server or the document's own head states, if it is a known one."""
    by_server = _CHARSET.search(document.content_type or "")
    if by_server and (codec := _codec(by_server[1])):
        return codec
    head = document.data[:4096]
    by_itself = _META.search(head) or _XML.match(head)
    codec = _codec(by_itself[1].decode("ascii", "replace")) if by_itself else None
    # What can be read as ASCII does not stand in a UTF-16 document.
    return "utf-8" if codec and codec.startswith(("utf-16", "utf-32")) else codec


def _guess(data: bytes) -> tuple[str, bool] | None:
    """The encoding that the words look like, and whether that is sure."""
    import charset_normalizer

    words = _MARKUP.sub(b" ", data[:_GUESS_BYTES])
    found = charset_normalizer.from_bytes(words, cp_isolation=_GUESSED).best()
    encoding = _codec(found.encoding) if found else None
    if found is None or encoding is None or encoding == "utf-8":
        return None
    sure = encoding in _WIDE or (encoding not in _LATIN and found.coherence >= _SURE)
    return encoding, sure


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8 by more than accident, whatever is stated of them."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    letters = (character for character in text if character > "\x7f")
    return sum(1 for _ in zip(letters, range(_ENOUGH), strict=False)) == _ENOUGH


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


def _guessed(data: bytes, stated: str | None) -> Decoded:
    """Bytes that are not what is stated, and not UTF-8."""
    guess = None if _mostly_utf8(data) else _guess(data)
    if guess is None:
        return _lossy(data, "utf-8")
    encoding, sure = guess
    decoded = _lossy(data, encoding)
    if sure and stated is None:
        return decoded
    said = "is not the UTF-8 that it states" if stated else "does not state its encoding"
    name = re.sub(r"^cp125", "windows-125", encoding)
    line = f"{said}: read as {name}, which is a guess; save it again as UTF-8"
    return Decoded(decoded.text, encoding, (line, *decoded.damage))


def _decode(document: Document) -> Decoded:
    data = document.data
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _lossy(data[len(mark) :], encoding)
    if unmarked := unmarked_utf16(data[:4096]):
        return _lossy(data, unmarked)
    stated = _stated(document)
    if stated is None and _ISO_2022_JP.search(data[:_GUESS_BYTES]):
        stated = "iso2022_jp"
    if stated not in (None, "utf-8") and not _is_utf8(data):
        return _lossy(data, stated)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _guessed(data, stated)


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
