"""The lines of NPR's audio lists: bullets and labels around a player, in any converter's form."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from podcat.extract.lines import BULLET, CLOCK, Lines
from podcat.text import parse_duration

LABELS = {
    "listen", "download", "embed", "transcript", "toggle more options", "playlist", "queue", "<",
    "·", "•", "*", "**<**", "close embed overlay", "player", "embedded audio player",
}  # fmt: skip
_CLOCK_LINE = re.compile(rf"·?\s*({CLOCK})(?:\s+{CLOCK})?")
LISTEN = re.compile(
    rf"(?:listen|\d{{1,3}}-minute listen)\s*+(?:·?\s*+(?P<length>{CLOCK})(?:\s+{CLOCK})?)?", re.I
)
_MARKUP = re.compile(r"[*_]{2,}|`")
_TAG_START = re.compile(r"(?:<|\*\*<\*\*)\s*(?:iframe)?$", re.I)
_TAG_START_TAIL = 20
_PLAYER_LINE = re.compile(r"iframe\s+src\s*=|/player/embed/", re.I)
TAG_LINES = 6
# Labels and links of a list are shorter: of a longer line nothing is asked.
_LONGEST = 1000


def plain(line: str) -> str:
    """A line without its bullet and emphasis."""
    if len(line) > _LONGEST:
        return line
    return _MARKUP.sub("", BULLET.sub("", line)).strip()


def label(line: str) -> str:
    """A line as it can be looked up among the labels: plain, folded, without its colon."""
    return plain(line).rstrip(":").casefold() if len(line) <= _LONGEST else ""


@lru_cache(maxsize=4096)
def is_label(line: str) -> bool:
    """Whether a line is one of an audio list: a label, a clock, an invitation to listen."""
    if len(line) > _LONGEST:
        return False
    words = plain(line)
    return words.rstrip(":").casefold() in LABELS or bool(
        _CLOCK_LINE.fullmatch(words) or LISTEN.fullmatch(words)
    )


def player_lines(lines: Lines) -> list[int]:
    """The lines that hold an NPR player or the tag of one, in order."""
    return lines.matching(_PLAYER_LINE, "iframe", "/player/embed/")


def is_player(lines: Lines, number: int) -> bool:
    """Whether the line of this number holds an NPR player."""
    players = player_lines(lines)
    place = bisect_left(players, number)
    return place < len(players) and players[place] == number


@dataclass(frozen=True, slots=True)
class AudioList:
    """The lines of one audio list: from and to are the first and last line number."""

    first: int
    last: int
    labels: frozenset[str]
    bulleted: bool
    duration: int | None

    @property
    def is_list(self) -> bool:
        """Whether there is a list at all that could have had a Download line."""
        return self.bulleted or bool(self.labels & {"download", "transcript", "embed"})


Belongs = Callable[[Lines, int], bool]


def bulleted(lines: Lines, number: int) -> bool:
    """Whether the line of this number begins with a bullet or a number."""
    # A bullet is a mark or a number: most lines begin with a letter.
    if not 0 <= number < len(lines) or not (raw := lines.raw[number]):
        return False
    return (raw[0] == "o" or not raw[0].isalpha()) and bool(BULLET.match(raw))


def _labelled(lines: Lines, number: int) -> bool:
    return bool(lines[number]) and is_label(lines[number])


def _tag_end(lines: Lines, number: int) -> int:
    """The line on which a tag that begins on this line is closed; extractors break tags."""
    for last in range(number, min(number + TAG_LINES, len(lines))):
        if ">" in lines[last][-8:]:
            return last
    return number


def _step(lines: Lines, number: int, by: int, belongs: Belongs) -> int | None:
    """The next line of a list; converters put blank lines between its labels."""
    beyond = number + by
    if not lines[beyond]:
        near = lines.above(number, 1) if by < 0 else lines.below(number, 1)
        beyond = next((n for n, _ in near if _labelled(lines, n)), -1)
    return beyond if belongs(lines, beyond) and not is_player(lines, beyond) else None


def audio_list(lines: Lines, number: int) -> AudioList:
    """The list around a player line: the bullets that touch it, or without bullets the labels.

    A stray `Transcript` above the bullets is no part of the list.
    """
    has_bullets = bulleted(lines, number)
    belongs = bulleted if has_bullets else _labelled
    first, last = number, _tag_end(lines, number)
    if _TAG_START.search(lines[first - 1][-_TAG_START_TAIL:]):
        first -= 1
    while (step := _step(lines, first, -1, belongs)) is not None:
        first = step
    while (step := _step(lines, last, 1, belongs)) is not None:
        last = step
    own = range(first, last + 1)
    clocks = (clock(lines[n]) for n in own if not is_player(lines, n))
    length = next(filter(None, clocks), None)
    labels = frozenset(label(lines[n]) for n in own)
    return AudioList(first, last, labels, has_bullets, parse_duration(length))


def clock(line: str) -> str | None:
    """The length that a `Listen · 3:14` line, or a line with just a clock, states."""
    if ":" not in line or len(line) > _LONGEST:
        return None
    words = plain(line)
    listen = LISTEN.fullmatch(words)
    if listen and listen["length"]:
        return listen["length"]
    alone = _CLOCK_LINE.fullmatch(words)
    return alone[1] if alone else None
