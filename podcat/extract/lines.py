"""A plain-text extract as lines, and the vocabulary that its lines are judged by.

Words only support the rules: the shapes of the blocks carry them, because pages come in some
fifty languages. Sources: what saved pages of NPR and the Pangea sites (RFE/RL, VOA) show.

A text is searched as a whole for the traces of recordings, which costs next to nothing; a line is
cleaned when it is first looked at, and only lines around a trace are.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property

from podcat.extract import vocabulary
from podcat.extract.plain import prepared
from podcat.text import NOTHING, clean

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
_EMPHASIS = re.compile(r"[*_]{2,}|`|^\s*#{1,6}\s+")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)")

# Latin capitals become small, controls go: what traces are searched in.
_CONTROLS = bytes(set(range(32)) - {9, 10, 13} | {127})
_MARKS = b"*_`"
_SMALL = bytes(1 if byte in _CONTROLS else byte for byte in bytes(range(256)).lower())
# How many lines `top` looks at first.
_HEAD = 160


class Lines:
    """The lines of an extract, stripped; numbers count from 0 inside, from 1 outside.

    `raw` keeps bullets and addresses; in Markdown the lines themselves are the words alone.
    """

    def __init__(self, text: str, markdown: bool, source: bytes | None = None) -> None:
        self.text = text
        self.markdown = markdown
        self._source = source
        self.notes: dict[int, tuple[bool, int | None]] = {}
        """What a rule found out about lines that it comes by again and again."""
        self._cleaned: dict[int, str] = {}
        self._places: dict[str, list[int]] = {}
        self._matching: dict[re.Pattern[str], list[int]] = {}
        self._known: dict[Callable[[str], object], list[int]] = {}
        self._upward: dict[int, int] = {}

    @cached_property
    def raw(self) -> list[str]:
        """The lines as they stand in the text."""
        return self.text.split("\n")

    @cached_property
    def _low(self) -> bytes:
        """The text as traces are searched in it: as many lines, with Latin letters small."""
        whole = self._source or self.text.encode("utf-8", "surrogatepass")
        low = whole.translate(_SMALL)
        if self.markdown:
            return low.translate(None, _MARKS + b"\1")
        return low.replace(b"\1", b"") if b"\1" in low else low

    @cached_property
    def _filled(self) -> list[int]:
        filled = [number for number, line in enumerate(self.raw) if line.strip(NOTHING)]
        if not self.markdown:
            return filled
        return [n for n in filled if self.raw[n].strip(NOTHING)[0].isalnum() or self[n]]

    def __len__(self) -> int:
        return len(self.raw)

    def __getitem__(self, number: int) -> str:
        line = self._cleaned.get(number)
        if line is None:
            line = self._cleaned[number] = self._worded(number)
        return line

    def _worded(self, number: int) -> str:
        if not 0 <= number < len(self.raw):
            return ""
        line = self.raw[number]
        if self.markdown:
            line = _LINK.sub(r"\1", _EMPHASIS.sub("", line))
        return clean(line) or ""

    def where(self, trace: str) -> list[int]:
        """The numbers of the lines that hold a trace: a word without blanks, in small letters."""
        if trace not in self._places:
            self._places[trace] = self._where(trace)
        return self._places[trace]

    def _where(self, trace: str) -> list[int]:
        if not trace.isascii() and trace[0] not in self.text:
            return []
        needle, low = trace.encode(), self._low
        numbers, number, start = list[int](), 0, 0
        while (at := low.find(needle, start)) >= 0:
            number += low.count(b"\n", start, at)
            numbers.append(number)
            end = low.find(b"\n", at)
            if end < 0:
                break
            number, start = number + 1, end + 1
        return numbers

    def with_any(self, *traces: str) -> list[int]:
        """The numbers of the lines that hold one of the traces, in order."""
        return sorted({number for trace in traces for number in self.where(trace)})

    def matching(self, pattern: re.Pattern[str], *traces: str) -> list[int]:
        """The lines, as they stand in the text, that a pattern is found in, in order.

        Every line that it is found in holds one of the traces.
        """
        if pattern not in self._matching:
            numbers = self.with_any(*traces)
            self._matching[pattern] = [n for n in numbers if pattern.search(self.raw[n])]
        return self._matching[pattern]

    def known(self, test: Callable[[str], object], *traces: str) -> list[int]:
        """The lines whose words pass a test, in order: a line that does holds one of the traces."""
        if test not in self._known:
            self._known[test] = [n for n in self.with_any(*traces) if test(self[n])]
        return self._known[test]

    def last_of(self, numbers: list[int], number: int, most: int) -> int | None:
        """The last of some lines up to a line, among the nearest `most` that are not blank."""
        place = bisect_right(numbers, number) - 1
        if place < 0:
            return None
        filled, nearest = self._filled, numbers[place]
        apart = bisect_right(filled, number) - bisect_left(filled, nearest)
        return nearest if apart <= most else None

    def top(self, most: int) -> Lines:
        """The text's first lines, at least `most` that are not blank if there are as many."""
        end = 0
        for _ in range(_HEAD):
            end = self.text.find("\n", end) + 1
            if not end:
                return self
        head = Lines(self.text[: end - 1], self.markdown)
        return head if len(head._filled) >= most else self

    def all(self) -> Iterator[tuple[int, str]]:
        """Number and text of every line that is not blank."""
        return ((number, self[number]) for number in self._filled)

    def filled(self) -> list[int]:
        """The numbers of the lines that are not blank."""
        return self._filled

    def above(self, number: int, most: int = 10**9) -> Iterator[tuple[int, str]]:
        """The lines above one that are not blank, nearest first."""
        last = bisect_left(self._filled, number)
        for n in self._filled[max(0, last - most) : last][::-1]:
            yield n, self[n]

    def below(self, number: int, most: int = 10**9) -> Iterator[tuple[int, str]]:
        """The lines below one that are not blank, nearest first."""
        first = bisect_right(self._filled, number)
        for n in self._filled[first : first + most]:
            yield n, self[n]

    def heading(self, number: int, stop: int) -> str | None:
        """The nearest line above one that stands like a heading, not up to `stop`.

        It stands alone or, where blank lines were lost, right above running text.
        """
        nearest = bisect_left(self._filled, number) - 1
        place = self._heading_place(nearest)
        if place < 0 or nearest - place >= _HEADING_REACH or self._filled[place] <= stop:
            return None
        return self[self._filled[place]]

    def _heading_place(self, place: int) -> int:
        """The place of the nearest heading from a place upward, or one out of reach.

        Keeps how far up there is none, so that many recordings ask for each line once.
        """
        passed, last = list[int](), place - _HEADING_REACH
        while place >= 0 and place > last and not self._stands_like_heading(place):
            passed.append(place)
            place = self._upward.get(place, place - 1)
        self._upward.update(dict.fromkeys(passed, place))
        return place

    def _stands_like_heading(self, place: int) -> bool:
        n = self._filled[place]
        line = self[n]
        if line.endswith(".") or is_prose(line):
            return False
        alone = not self[n - 1] and not self[n + 1]
        over_text = is_prose(self[n + 1]) and not line[0].isdigit()
        return (alone or over_text) and not is_frame(line)


def lines_of(text: str, source: bytes | None = None) -> Lines:
    """The lines of an extract; `source` is the text in UTF-8, if that is at hand."""
    whole, markdown = prepared(text, source)
    return Lines(whole, markdown, source if whole is text else None)


def is_frame(line: str) -> bool:
    """A line of a site's frame, or of an archive's: never a title."""
    return bool((not is_long(line) and _FRAME.fullmatch(line)) or _TOP_LINK.match(line))


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


MARKS = ".,;:!?'’*_"
_CLOSED_BY = {")": "(", "]": "[", "}": "{"}


def trimmed(url: str) -> str:
    """An address as it stands in running text, without the sentence's marks behind it."""
    end, spare = len(url), dict[str, int]()
    while end:
        last = url[end - 1]
        if last in _CLOSED_BY:
            # How many closing marks there are beyond the opening ones.
            more = spare.get(last)
            if more is None:
                more = url.count(last, 0, end) - url.count(_CLOSED_BY[last], 0, end)
            if more <= 0:
                break
            spare[last] = more - 1
        elif last not in MARKS:
            break
        end -= 1
    return url[:end]
