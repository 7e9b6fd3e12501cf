"""A plain-text extract as lines, and the vocabulary that its lines are judged by.

Words only support the rules: the shapes of the blocks carry them, because pages come in some
fifty languages. Sources: what saved pages of NPR and the Pangea sites (RFE/RL, VOA) show.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from html import unescape

from podcat.extract import vocabulary
from podcat.text import clean, visible

URL = re.compile(r"(?:https?:)?//[^\s<>\"“”«»]+", re.I)
CLOCK = r"\d{1,4}:\d{1,2}(?::\d{1,2})?"
# A number is a bullet only before what stands in audio lists: titles begin with numbers, too.
BULLET = re.compile(
    r"^\s*(?:[•◦▪‣●*·o+–-]\s+(?=\S)|\d{1,2}[.)]\s+(?=(?:<iframe|download|transcript|embed)\b))",
    re.I,
)
HANDLE = re.compile(r"@\w{1,15}\b")

_WEEKDAY = re.compile(r"(mon|tues|wednes|thurs|fri|satur|sun)day", re.I)
_MONTH_DATE = re.compile(r"[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}(?: •)?")
_SPACES_TITLE = re.compile(r"(?:twitter|x) spaces?(?: briefing)?\s*[::]", re.I)
_TOP_LINK = re.compile(
    r"(?:skip|jump) to\b|go to (?:the )?(?:main )?content\b|the wayback machine - ", re.I
)
_FRAME = vocabulary.phrases(vocabulary.FRAME)
_HEADING_REACH = 400
_LONG_PROSE = 150
_PROSE_WORDS = 18
_STOP = re.compile(r"(?<=[^\W_A-Z]{2})[.!?…](?=\W*(?:\s|$))")


_ENTITY = re.compile(r"&(?:#\w{1,8}|\w{2,8});")
_MARKDOWN = re.compile(r"\]\((?:https?:|/)|^#{1,6} ", re.M)
_EMPHASIS = re.compile(r"[*_]{2,}|`|^\s*#{1,6}\s+")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)")
_OPEN_LINK = re.compile(r"\]\([^()]*$")
_QUOTE = re.compile(r"^\s*> ?")
_JOINED = 4


def _resolved(line: str) -> str:
    """A line with its entities resolved, where an extractor left markup escaped, even twice."""
    for _ in range(2):
        if not _ENTITY.search(line):
            break
        line = unescape(line)
    return visible(line)


def _unquoted(raw: list[str]) -> list[str]:
    """The lines without the `>` of a quotation, when all of them stand in one."""
    quoted = all(line.lstrip().startswith(">") for line in raw if line.strip())
    return [_QUOTE.sub("", line) for line in raw] if quoted else raw


def _rejoined(raw: list[str]) -> list[str]:
    """Links that a converter broke over lines in one piece; the lines keep their numbers."""
    lines = list(raw)
    for number in range(len(lines)):
        for taken in range(number + 1, min(number + 1 + _JOINED, len(lines))):
            if not _OPEN_LINK.search(lines[number]):
                break
            gap = "" if lines[number].endswith(("-", "/", "(")) else " "
            lines[number] += gap + lines[taken].strip()
            lines[taken] = ""
    return lines


class Lines:
    """The lines of an extract, stripped; numbers count from 0 inside, from 1 outside.

    `raw` keeps bullets and addresses; in Markdown `lines` are the words alone.
    """

    def __init__(self, text: str) -> None:
        self.raw = [_resolved(line) for line in _unquoted(text.split("\n"))]
        if _MARKDOWN.search(text):
            self.raw = _rejoined(self.raw)
            worded = [_LINK.sub(r"\1", _EMPHASIS.sub("", line)) for line in self.raw]
        else:
            worded = self.raw
        self.lines = [clean(line) or "" for line in worded]
        self._filled = [number for number, line in enumerate(self.lines) if line]

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, number: int) -> str:
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def all(self) -> Iterator[tuple[int, str]]:
        """Number and text of every line that is not blank."""
        return ((number, self.lines[number]) for number in self._filled)

    def above(self, number: int, most: int = 10**9) -> Iterator[tuple[int, str]]:
        """The lines above one that are not blank, nearest first."""
        last = bisect_left(self._filled, number)
        for place in range(last - 1, max(-1, last - 1 - most), -1):
            yield self._filled[place], self.lines[self._filled[place]]

    def below(self, number: int, most: int = 10**9) -> Iterator[tuple[int, str]]:
        """The lines below one that are not blank, nearest first."""
        first = bisect_right(self._filled, number)
        for place in range(first, min(len(self._filled), first + most)):
            yield self._filled[place], self.lines[self._filled[place]]

    def heading(self, number: int, stop: int) -> str | None:
        """The nearest line above one that stands like a heading, not up to `stop`.

        It stands alone or, where blank lines were lost, right above running text.
        """
        for n, line in self.above(number, _HEADING_REACH):
            if n <= stop:
                return None
            alone = not self[n - 1] and not self[n + 1]
            over_text = is_prose(self[n + 1]) and not line[0].isdigit()
            stands = (alone or over_text) and not line.endswith(".")
            if stands and not is_prose(line) and not is_frame(line):
                return line
        return None


def is_frame(line: str) -> bool:
    """A line of a site's frame, or of an archive's: never a title."""
    return bool(_FRAME.fullmatch(line) or _TOP_LINK.match(line))


def is_spaces_title(title: str | None) -> bool:
    """Whether a title says that this is the recording of a Space."""
    return bool(title and _SPACES_TITLE.match(title))


def is_weekday(line: str) -> bool:
    """A line that is just the name of a day, as NPR's archives separate days."""
    return bool(_WEEKDAY.fullmatch(line))


def is_date(line: str) -> bool:
    """A line that is just a date."""
    return bool(_MONTH_DATE.fullmatch(line))


def is_long(line: str) -> bool:
    """A line longer than any title."""
    return len(line) > _LONG_PROSE


def is_prose(line: str) -> bool:
    """A line of running text rather than a title."""
    if is_long(line):
        return True
    ended = line.rstrip(")]”»\"'’").endswith((".", "!", "?", "…", "。", "।", "۔"))
    return ended and not line.endswith("...") and len(line.split()) > _PROSE_WORDS


def is_paragraph(line: str) -> bool:
    """A line of several sentences, or longer than any title."""
    return is_long(line) or (is_prose(line) and len(_STOP.findall(line)) > 1)


def trimmed(url: str) -> str:
    """An address as it stands in running text, without the sentence's marks behind it."""
    while url and (url[-1] in ".,;:!?'’*_" or (url[-1] in ")]}" and not _opened(url))):
        url = url[:-1]
    return url


def _opened(url: str) -> bool:
    last = url[-1]
    return url.count({")": "(", "]": "[", "}": "{"}[last]) >= url.count(last)
