"""What form the bytes of a source have: told by the bytes, not by a name."""

from __future__ import annotations

import re
from typing import Final

from podcat.text import unmarked_utf16

HEAD: Final = 4096
"""How many bytes of a source are looked at to tell its form."""

GZIP: Final = "gzip"
WARC: Final = "warc"
MHTML: Final = "mhtml"
WEBARCHIVE: Final = "webarchive"
PAGE: Final = "page"

# First bytes of what people hand over by mistake.
_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"%PDF-", "a PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"PK\x03\x04", "a ZIP archive or Office document"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"BZh", "bzip2-compressed data"),
    (b"\xfd7zXZ\x00", "xz-compressed data"),
    (b"(\xb5/\xfd", "zstd-compressed data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\x00asm", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"ID3", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
    (b"fLaC", "a FLAC recording"),
    (b"\x1aE\xdf\xa3", "a Matroska or WebM film"),
    (b"FLV\x01", "a Flash film"),
    (b"CWS", "a Flash film"),
    (b"wOF2", "a font"),
    (b"wOFF", "a font"),
)
_RIFF: Final = {b"WAVE": "a WAV recording", b"WEBP": "a WebP image", b"AVI ": "an AVI film"}
_BOMS: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"\xef\xbb\xbf")
_MPEG: Final = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb][^\xff\xf0-\xfe]")
_HEADER: Final = re.compile(rb"\s{0,8}[A-Za-z-]{2,40}:[ \t]")
# Chromium's file of bookmarks, Firefox's backup of them.
_BOOKMARKS: Final = (b'"roots"', b'"text/x-moz-place')
_MIME: Final = re.compile(rb"(?im)^mime-version:")
# Internet Explorer saves a page that has no parts as a message of one.
_MHTML: Final = re.compile(rb"(?im)^content-type:\s*(?:multipart/related|text/html)")
_END_OF_HEADERS: Final = re.compile(rb"\n\r?\n")
_HTML: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,64}<(?:!doctype (?:html|netscape)|html[\s>])", re.I
)
# ESC stays: ISO-2022 texts switch alphabets with it.
_CONTROL: Final = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))


def form(head: bytes) -> str:
    """The form that the first HEAD bytes tell; PAGE for HTML, text, and all that is neither."""
    if head.startswith(b"\x1f\x8b\x08"):
        return GZIP
    if head.startswith(b"WARC/"):
        return WARC
    if _HEADER.match(head):
        headers = _END_OF_HEADERS.split(head.lstrip(), maxsplit=1)[0]
        return MHTML if _MIME.search(headers) and _MHTML.search(headers) else PAGE
    plist = head.startswith(b"<?xml") and b"WebMainResource" in head
    return WEBARCHIVE if plist or head.startswith(b"bplist00") else PAGE


def is_telling(head: bytes) -> bool:
    """Whether a file without a page's name is one all the same, as some crawlers leave them."""
    bookmarks = head.lstrip().startswith(b"{") and any(sign in head for sign in _BOOKMARKS)
    archive = form(head) in (WARC, MHTML, WEBARCHIVE)
    return archive or bookmarks or _HTML.match(head[:1024]) is not None


def other_kind(data: bytes) -> str | None:
    """What the bytes are when they are no page: `a PNG image`, ..."""
    head = data[:4096]
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"RIFF") and head[8:12] in _RIFF:
        return _RIFF[head[8:12]]
    if head[4:8] == b"ftyp":
        return "an MP4 recording or film"
    return _plain_binary(head)


def _plain_binary(head: bytes) -> str | None:
    if head.startswith(_BOMS) or unmarked_utf16(head):
        return None
    if _MPEG.match(head):
        return "an MP3 recording"
    control = len(head) - len(head.translate(None, _CONTROL))
    # A stray NUL in a page is damage; one byte in twenty is another kind of file.
    return "binary data" if control > 16 and control * 20 > len(head) else None
