"""What is spoken, out of the forms in which transcripts come: WebVTT, SRT, TTML, JSON, HTML, text.

Where it is known when something is said, it is kept as WebVTT, with who says it, so that a page can
follow it and go to each passage; else as lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import pairwise
from typing import Final

from podcat import text
from podcat.extract.decode import decode
from podcat.model import Document
from podcat.resolve import subtitles, transcript_page
from podcat.resolve.subtitles import Said

_LEAST: Final = 10
"""Words; what has fewer says that there is none."""
_MOST: Final = 500_000
# Cues are joined to sentences, so that ten hours of them find room: characters, seconds.
_GOOD, _LONG, _GAP = 60, 140, 1.5
_ENDS: Final = (".", "!", "?", "…", "。", "؟", "”", '"')
_A_WORD: Final = 0.4  # seconds it takes


def spoken(data: bytes, content_type: str, url: str) -> str | None:
    """The words of a transcript; None where there are none."""
    even = data.replace(b"\r\r\n", b"\n")
    plain = decode(Document(url, even, url, content_type or None)).text.lstrip("\ufeff \n\t")
    said = [
        one._replace(text=text.clean(one.text) or "") for one in _said(plain, content_type, url)
    ]
    said = [one for one in said if one.text]
    timed = _timed(said)
    whole = _within("WEBVTT\n", _cues(_fewer(timed))) if timed else _within("", _lines(said))
    return whole if sum(len(one.text.split()) for one in said) >= _LEAST else None


def _said(plain: str, content_type: str, url: str) -> Iterable[Said]:
    kind = content_type.partition(";")[0].strip().lower()
    if subtitles.is_cued(plain):
        return subtitles.cues(plain)
    if plain[:1] in ("{", "["):
        return subtitles.in_json(plain)
    if subtitles.is_timed_text(plain):
        return subtitles.in_timed_text(plain)
    if plain[:1] == "<" or "html" in kind:
        return transcript_page.spoken(plain)
    if kind == "text/plain" or url.partition("?")[0].endswith(".txt"):
        return (Said(None, None, None, line) for line in plain.split("\n"))
    return ()


# ---------------------------------------------------------------- with times


def _timed(said: list[Said]) -> list[Said]:
    """With a beginning and an end each; empty where times are unknown, or go back and forth."""
    if not said or 2 * sum(one.start is not None for one in said) < len(said):
        return []
    starts: list[float] = []
    for one in said:
        starts.append(one.start if one.start is not None else starts[-1] if starts else 0.0)
    if any(late > early for late, early in pairwise(starts)):
        return []
    guessed = [
        start + _A_WORD * len(one.text.split()) for start, one in zip(starts, said, strict=True)
    ]
    following = (*starts[1:], guessed[-1])
    return [
        one._replace(
            start=start, end=one.end if (one.end or 0) > start else max(min(guess, then), start)
        )
        for one, start, guess, then in zip(said, starts, guessed, following, strict=True)
    ]


def _fewer(said: list[Said]) -> Iterator[Said]:
    """Cues of one speaker joined to sentences; those that repeat themselves, as they roll, once."""
    held: Said | None = None
    for one in said:
        if held is None:
            held = one
        elif one.text == held.text and one.speaker == held.speaker:
            held = held._replace(end=one.end)
        elif _parts(held, one):
            yield held
            held = one
        else:
            held = held._replace(end=one.end, text=f"{held.text} {one.text}")
    if held:
        yield held


def _parts(held: Said, one: Said) -> bool:
    size = len(held.text)
    return (
        held.speaker != one.speaker
        or (one.start or 0) - (held.end or 0) > _GAP
        or size > _LONG
        or (size > _GOOD and held.text.endswith(_ENDS))
    )


def _cues(said: Iterable[Said]) -> Iterator[str]:
    for one in said:
        speaker = (one.speaker or "").translate({ord(c): None for c in "<>&\n"}).strip()
        voice = f"<v {speaker}>" if speaker else ""
        words = escape(one.text, quote=False).replace("\n", " ")
        yield f"\n{_clock(one.start or 0)} --> {_clock(one.end or 0)}\n{voice}{words}\n"


def _clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    rest, thousandths = divmod(thousandths, 1000)
    minutes, rest = divmod(rest, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}.{thousandths:03}"


# ---------------------------------------------------------------- without


def _lines(said: Iterable[Said]) -> Iterator[str]:
    """A line each, with its speaker where another one speaks; what is repeated, once."""
    speaker, before = None, None
    for one in said:
        name = f"{one.speaker}: " if one.speaker and one.speaker != speaker else ""
        if one.text != before or name:
            yield f"{name}{one.text}\n"
        speaker, before = one.speaker or speaker, one.text


def _within(head: str, parts: Iterable[str]) -> str:
    """As much of it, in whole parts, as is kept."""
    kept, room = [head], _MOST - len(head)
    for part in parts:
        room -= len(part)
        if room < 0:
            kept.append(part[: room + len(part)] if len(kept) == 1 else "")
            break
        kept.append(part)
    return "".join(kept).rstrip("\n")
