"""Whether a file is what it is said to be, by its first bytes."""

from __future__ import annotations

from typing import Final

from podcat import urls
from podcat.check.asking import Verdict
from podcat.check.rules.case import Case, plain_type
from podcat.check.rules.status import answers
from podcat.check.states import State
from podcat.net import magic

LEAST: Final = 1024
"""No recording is smaller than this, in bytes."""
_STUB: Final = 64 * 2**10
"""Smaller than this, and than a tenth of what was declared, is the stub of a recording."""
NEAR: Final = 0.1
"""Sizes differ by that much where advertisements are put in, which is no mistake."""

# Family (see magic) to the types that it is served as.
_TYPES: Final = {
    "mp3": "audio/mpeg audio/mp3 audio/mpeg3 audio/x-mpeg audio/x-mp3 audio/x-mpeg-3 audio/mpg",
    "mp4": "audio/mp4 video/mp4 audio/x-m4a audio/m4a audio/x-m4b audio/m4b video/x-m4v audio/aac "
    "audio/x-mp4 video/quicktime audio/mp4a-latm",
    "aac": "audio/aac audio/aacp audio/x-aac audio/mpeg audio/mp4",
    "ogg": "audio/ogg video/ogg application/ogg audio/opus audio/vorbis audio/x-ogg audio/speex",
    "webm": "audio/webm video/webm video/x-matroska audio/x-matroska",
    "wav": "audio/wav audio/x-wav audio/wave audio/vnd.wave",
    "flac": "audio/flac audio/x-flac",
    "hls": "application/vnd.apple.mpegurl application/x-mpegurl audio/mpegurl audio/x-mpegurl "
    "text/plain",
}
_FAMILIES: Final = {family: frozenset(types.split()) for family, types in _TYPES.items()}
_ANY: Final = frozenset({
    "", "application/octet-stream", "binary/octet-stream", "application/download",
    "application/x-download", "application/force-download",
})  # fmt: skip
"""What servers call a file of which they know nothing."""
_SMALL_BY_NATURE: Final = frozenset({"hls", "playlist"})


# ---------------------------------------------------------------- audio


def empty_audio(case: Case) -> Verdict | None:
    """No bytes where audio should be."""
    if case.body and case.size != 0:
        return None
    return Verdict(State.HOLLOW, f"{answers(case)}, but is empty: 0 bytes")


def page_for_audio(case: Case) -> Verdict | None:
    """A page where audio should be."""
    if not case.html.is_html:
        return None
    title = f' ("{case.html.title[:80]}")' if case.html.title else ""
    return Verdict(State.HOLLOW, f"is an HTML page{title}, where audio should be")


def other_for_audio(case: Case) -> Verdict | None:
    """An image, a PDF file, text: plainly no audio."""
    if magic.audio(case.body):
        return None
    found = magic.other(case.body)
    return Verdict(State.HOLLOW, f"is {found}, where audio should be") if found else None


def stub(case: Case) -> Verdict | None:
    """So few bytes that no recording fits into them."""
    if case.size is None or magic.audio(case.body) in _SMALL_BY_NATURE:
        return None
    declared = case.subject.length or 0
    if case.size >= LEAST and not case.size < min(_STUB, declared * NEAR):
        return None
    said = f"has {case.size} bytes in all"
    return Verdict(State.HOLLOW, said + (f" of {declared}" if declared > case.size else ""))


def cut_short(case: Case) -> Verdict | None:
    """The answer ends before its first bytes are complete."""
    if not case.is_cut_short or not case.body:
        return None
    return Verdict(State.HOLLOW, f"is cut short: breaks off after {len(case.body)} bytes")


def no_known_audio(case: Case) -> Verdict | None:
    """Bytes that are neither audio nor anything else that is known."""
    if magic.audio(case.body):
        return None
    said = f"calls itself {case.media_type or 'nothing'}, but its first bytes are no known audio"
    return Verdict(State.UNCLEAR, said)


# ---------------------------------------------------------------- transcripts, images

_LITERAL: Final = frozenset({"vtt", "srt", "json"})
_LITERAL_TYPES: Final = frozenset({
    "text/vtt", "application/x-subrip", "application/srt", "text/srt", "application/json",
})  # fmt: skip


def no_transcript(case: Case) -> Verdict | None:
    """What cannot be read where a transcript should be."""
    if magic.is_text(case.body) or case.body.startswith(b"%PDF-"):
        return None
    return Verdict(State.HOLLOW, f"is {case.media_type or 'no text'}, where text should be")


def page_for_transcript(case: Case) -> Verdict | None:
    """A page where a transcript in VTT, SRT or JSON should be."""
    address = urls.parse(case.url)
    promised = urls.extension(address.path) if address else ""
    is_literal = promised in _LITERAL or plain_type(case.subject.media_type) in _LITERAL_TYPES
    if not is_literal or not case.html.is_html:
        return None
    return Verdict(State.HOLLOW, "is an HTML page, where a transcript should be")


def no_image(case: Case) -> Verdict | None:
    """What is no image where one should be."""
    if magic.is_image(case.body):
        return None
    served = "an HTML page" if case.html.is_html else case.media_type or "something nameless"
    return Verdict(State.HOLLOW, f"is {served}, where an image should be")


# ---------------------------------------------------------------- remarks


def other_length(case: Case) -> str | None:
    """Another size than was declared."""
    declared, size = case.subject.length, case.size
    if not declared or size is None or abs(size - declared) <= NEAR * max(size, declared):
        return None
    return f"has {size} bytes, not {declared} as declared"


def other_type(case: Case) -> str | None:
    """Another type than was declared."""
    family, declared = magic.audio(case.body), plain_type(case.subject.media_type)
    if family not in _FAMILIES or declared in _FAMILIES[family] | _ANY:
        return None
    return f"is {family}, not {declared} as declared"


def served_as(case: Case) -> str | None:
    """A type by its server that does not fit: some players believe it."""
    family, served = magic.audio(case.body), case.media_type
    if family not in _FAMILIES or served in _FAMILIES[family] | _ANY:
        return None
    return f"is {family}, but is served as {served}"


def no_ranges(case: Case) -> str | None:
    """The whole file for a question about its first bytes: players cannot jump in it."""
    if case.answer.status != 200 or magic.audio(case.body) in _SMALL_BY_NATURE:
        return None
    if case.answer.header("accept-ranges").strip().lower() == "bytes":
        return None
    return "gives no byte ranges: players cannot jump in it, and some directories refuse it"
