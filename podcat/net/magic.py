"""What first bytes are, whatever they are called."""

from __future__ import annotations

import re
from typing import Final

# Family of a recording, and how its files begin. FF Fx is an MPEG frame: see _FRAME.
_AUDIO: Final = (
    ("mp3", re.compile(rb"ID3[\x02-\x04]|TAG", re.S)),
    ("mp4", re.compile(rb".{4}(?:ftyp|styp|moov|mdat|moof)", re.S)),
    ("ogg", re.compile(rb"OggS")),
    ("webm", re.compile(rb"\x1aE\xdf\xa3")),
    ("wav", re.compile(rb"(?:RIFF|RF64|RIFX).{4}WAVE", re.S)),
    ("flac", re.compile(rb"fLaC")),
    ("hls", re.compile(rb"(?:\xef\xbb\xbf)?\s*#EXTM3U")),
    ("aiff", re.compile(rb"FORM.{4}AIF[FC]", re.S)),
    ("wma", re.compile(rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11")),
    ("amr", re.compile(rb"#!AMR")),
    ("flv", re.compile(rb"FLV\x01")),
    ("real", re.compile(rb"\.RMF|\.ra\xfd")),
    ("caf", re.compile(rb"caff\x00\x01")),
    ("avi", re.compile(rb"RIFF.{4}AVI ", re.S)),
    ("mpeg", re.compile(rb"\x00\x00\x01[\xb3\xba]")),
    ("ts", re.compile(rb"\x47.{187}\x47", re.S)),
    ("playlist", re.compile(rb"\[playlist\]|<asx\b", re.I)),
)
_IMAGES: Final = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF.{4}WEBP|BM.{4}\x00{4}|\x00\x00\x01\x00"
    rb"|II\x2a\x00|MM\x00\x2a|.{4}ftyp(?:avif|avis|heic|heix|mif1|msf1)"
    rb"|\x00\x00\x00\x0cJXL |\xff\x0a",
    re.S,
)
_SVG: Final = re.compile(rb"\s*(?:<\?xml.{0,400}?)?(?:<!.{0,400}?)?<svg\b", re.S | re.I)
_OTHER: Final = (
    ("a PDF file", re.compile(rb"%PDF-")),
    ("a ZIP archive", re.compile(rb"PK\x03\x04")),
    ("gzip data", re.compile(rb"\x1f\x8b\x08")),
    ("a Flash film", re.compile(rb"[FCZ]WS[\x01-\x40]")),
)
# Layer and sample rate of an MPEG frame may not be the reserved ones, nor its bit rate all ones;
# ADTS, the frames of AAC, has layer 0 and no reserved sampling index.
_FRAME: Final = re.compile(
    rb"\xff[\xe2\xe3\xe4\xe5\xe6\xe7\xf2\xf3\xf4\xf5\xf6\xf7\xfa\xfb\xfc\xfd\xfe\xff]"
    rb"[\x00-\x0b\x10-\x1b\x20-\x2b\x30-\x3b\x40-\x4b\x50-\x5b\x60-\x6b\x70-\x7b"
    rb"\x80-\x8b\x90-\x9b\xa0-\xab\xb0-\xbb\xc0-\xcb\xd0-\xdb\xe0-\xeb]"
)
_ADTS: Final = re.compile(rb"\xff[\xf0\xf1\xf8\xf9][\x00-\x37\x40-\x77\x80-\xb7\xc0-\xf7]")
_TEXT: Final = re.compile(rb"[^\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]*")


def audio(body: bytes) -> str | None:
    """The family of a recording that bytes are the beginning of, or None."""
    head = body[:400]
    if _IMAGES.match(head):
        return None
    for family, pattern in _AUDIO:
        if pattern.match(head):
            return family
    if _ADTS.match(head):
        return "aac"
    return "mp3" if _frames(body) else None


def _frames(body: bytes) -> bool:
    """Whether an MPEG frame begins here, or behind the zeros that some encoders put first."""
    return _FRAME.match(body.lstrip(b"\x00")) is not None


def is_image(body: bytes) -> bool:
    """Whether bytes are the beginning of an image."""
    return bool(_IMAGES.match(body[:64]) or _SVG.match(body[:1200]))


def other(body: bytes) -> str | None:
    """What bytes are that are plainly no recording, in words, or None."""
    if is_image(body):
        return "an image"
    named = next((name for name, pattern in _OTHER if pattern.match(body)), None)
    return named or ("text" if is_text(body) else None)


def is_text(body: bytes) -> bool:
    """Whether bytes read as text: nothing in them that no text holds."""
    if not body:
        return False
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    return _TEXT.fullmatch(body) is not None
