"""Places in a recording that one can go to: chapters, and the passages of a transcript.

Both are read from text that others wrote, so each has its limits, and what is not plainly of its
form stays plain text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

MOST_CHAPTERS: Final = 200
LONGEST_TRANSCRIPT: Final = 2_000_000
"""Characters; what is longer is shown as it is written."""
MOST_CUES: Final = 50_000

# Where nobody says how long it is, times of a day (`18:00 News`) look like times in it.
_EARLY: Final = 600
_LONGEST_NAME: Final = 200
_LONGEST_HEADING: Final = 40


class Chapter(NamedTuple):
    """A part of a recording; `start` in seconds."""

    start: int
    title: str


class Cue(NamedTuple):
    """A line of a subtitle file; times in seconds."""

    start: float
    end: float
    speaker: str | None
    text: str


class Passage(NamedTuple):
    """Some sentences of one speaker; `start` in whole seconds."""

    start: int
    speaker: str | None
    """None where it is the speaker of the passage before."""
    text: str


# ---------------------------------------------------------------- chapters

_TIME = r"(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)"
_CHAPTER = re.compile(
    rf"\s{{0,20}}(?:[-–—•*]\s{{0,4}})?[\[(]?{_TIME}(?:\s?[-–—]\s?(?:\d{{1,2}}:)?\d{{1,2}}:\d\d)?"
    r"[\])]?(?!\d|:\d)\s{0,20}[-–—:|.]?\s{0,20}(\S.*)"
)


def chapters(description: str | None, length: int | None = None) -> tuple[tuple[Chapter, ...], str]:
    """The chapters that a description lists, and the description without those lines.

    They are lines that begin with a time: at least two, each later than the one before, all
    within the length in seconds. Else there are none, and the text stays whole. The line that
    announces them goes with them.
    """
    lines = (description or "").split("\n")
    found = [(line, _chapter(line)) for line in lines]
    named = tuple(chapter for _, chapter in found if chapter)
    if not _plausible(named, length):
        return (), description or ""
    first = next(place for place, (_, chapter) in enumerate(found) if chapter)
    rest = [line for line, chapter in found[first:] if chapter is None]
    return named, "\n".join([*_unannounced(lines[:first]), *rest])


def _unannounced(lines: list[str]) -> list[str]:
    """Lines without the last one of words where it is short and ends with a colon."""
    worded = [place for place, line in enumerate(lines) if line.strip()]
    last = lines[worded[-1]].strip() if worded else ""
    announces = last.endswith(":") and len(last) <= _LONGEST_HEADING
    return lines[: worded[-1]] if announces else lines


def _chapter(line: str) -> Chapter | None:
    found = _CHAPTER.fullmatch(line.rstrip()) if len(line) < 1000 else None
    if found is None:
        return None
    hours, minutes, seconds, title = found.groups()
    start = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return Chapter(start, title[:_LONGEST_NAME])


def _plausible(named: tuple[Chapter, ...], length: int | None) -> bool:
    if not 2 <= len(named) <= MOST_CHAPTERS:
        return False
    ascending = all(one.start < next_.start for one, next_ in pairwise(named))
    fits = named[-1].start < length if length else named[0].start <= _EARLY
    return ascending and fits


# ---------------------------------------------------------------- transcripts

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_CLOCK}\s+-->\s+{_CLOCK}(?:\s.*)?")
_SRT = re.compile(rf"\d{{1,6}}\s{{1,4}}{_CLOCK} --> ")
# Data of pages has lost its line breaks.
_RUN_ON = re.compile(
    r" (?:\d{1,6} )?([\d:]{5,9}[.,]\d{1,3} --> [\d:]{5,9}[.,]\d{1,3}"
    r"(?: (?:align|line|position|region|size|vertical):\S{1,40}){0,6}) "
)
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,50})?\s+([^<>]{1,100})>")
_MARKUP = re.compile(r"</?[a-z][^<>]{0,200}>|<[\d:.]{1,20}>", re.I)
_BLANK = re.compile(r"\n[ \t]*\n")
_ENDS = (".", "!", "?", "…", "。", "؟", "”", '"')

# A passage ends with a sentence once it is this long, with a word when it is that long.
_GOOD, _LONG = 280, 900
_PAUSE = 4.0  # seconds of silence that begin another


@lru_cache(maxsize=8)
def passages(transcript: str | None) -> tuple[Passage, ...]:
    """A WebVTT or SubRip transcript as passages to read; empty for any other text."""
    if not transcript or len(transcript) > LONGEST_TRANSCRIPT:
        return ()
    plain = transcript.removeprefix("\ufeff").replace("\r\n", "\n").lstrip()
    if not (plain.startswith("WEBVTT") or _SRT.match(plain)):
        return ()
    if "\n" not in plain.strip():
        plain = _RUN_ON.sub("\n\n\\1\n", " " + " ".join(plain.split()))
    return tuple(_joined(cues(plain)))


def cues(subtitles: str) -> Iterator[Cue]:
    """The cues of a WebVTT or SubRip text, without markup; notes and styles are left out."""
    for number, block in enumerate(_BLANK.split(subtitles)):
        if number > MOST_CUES:
            return
        lines = block.strip("\n").split("\n")
        for place, line in enumerate(lines[:2]):
            if timing := _TIMING.fullmatch(line):
                if cue := _cue(timing, " ".join(lines[place + 1 :])):
                    yield cue
                break


def _cue(timing: re.Match[str], said: str) -> Cue | None:
    voice = _VOICE.search(said) if "<" in said else None
    speaker = " ".join(html.unescape(voice[1]).split()) if voice else None
    if text := _plain(said):
        start, end = _seconds(timing.groups()[:4]), _seconds(timing.groups()[4:])
        return Cue(start, end, speaker, text)
    return None


def _plain(said: str) -> str:
    if "<" in said:
        said = _MARKUP.sub("", _VOICE.sub("", said))
    return " ".join(html.unescape(said).split())


def _seconds(parts: Iterable[str | None]) -> float:
    hours, minutes, seconds, rest = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{rest}")


def _joined(said: Iterable[Cue]) -> Iterator[Passage]:
    """Cues put together to passages, of one speaker each."""
    held: list[Cue] = []
    size, told = 0, None
    for cue in said:
        if held and _parts(held[-1], cue, size):
            yield _passage(held, told)
            told, held, size = held[0].speaker, [], 0
        if held and held[-1].text == cue.text:  # captions that roll say each line twice
            held[-1] = held[-1]._replace(end=cue.end)
        else:
            held.append(cue)
            size += len(cue.text)
    if held:
        yield _passage(held, told)


def _parts(before: Cue, cue: Cue, size: int) -> bool:
    return (
        cue.speaker != before.speaker
        or cue.start - before.end > _PAUSE
        or size > _LONG
        or (size > _GOOD and before.text.endswith(_ENDS))
    )


def _passage(held: list[Cue], told: str | None) -> Passage:
    speaker = held[0].speaker
    return Passage(
        int(held[0].start), speaker if speaker != told else None, " ".join(c.text for c in held)
    )
