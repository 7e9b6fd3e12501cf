"""Which lines belong to a player or to the frame of a site, and which is a page's headline."""

from __future__ import annotations

import re
from functools import lru_cache

from podcat.extract import vocabulary
from podcat.extract.lines import BULLET, CLOCK, Lines, is_frame, is_prose

ZERO = r"0:00(?::00)?"
TIMES = re.compile(rf"{ZERO}\s+({CLOCK})\s+{ZERO}")
CLOCK_LINE = re.compile(CLOCK)
WORDED_LENGTH = re.compile(rf"[^\W\d_]{{2,20}}(?: [^\W\d_]{{2,20}})?\s*[::]\s*({CLOCK})")

# Phrases with names or numbers in them.
_VARIABLE = (
    r"by (?:voa|rfe/rl|voice of america|radio free europe)\b.{0,80}",
    r"share on \w+", r"\d+ kbps(?: \| \w+)?", r"auto(?: \d+p)+", r"\d+p(?: \| [\d.]+ ?[km]b)?",
)  # fmt: skip
_WORDS = vocabulary.phrases(vocabulary.PLAYER, vocabulary.WAIT, vocabulary.MARKER)
# A line of chrome holds one phrase or several.
_CHROME = re.compile(rf"\W*(?>(?:{'|'.join(_VARIABLE)}|{_WORDS.pattern})\W*)++|\W+", re.I)
_LONGEST = 200

_DATE = re.compile(
    r"\W*(?:date )?(?:(?:\w+day,? )?[A-Z][a-z]+ \d{1,2}, \d{4}|\d{4}-\d{2}(?:-\d{2})?|"
    r"\d{1,2}\.? [^\W\d_]+\.? \d{4}(?: ?г\.?)?|\d{1,2}[./]\d{1,2}[./]\d{2,4})\W*",
    re.I,
)
_NO_HEADLINE = re.compile(
    r".*\bhide caption|i?toggle caption.*|listen(?: ·.*)?|download|transcript|embed|watch|menu|"
    r"[^.]{0,40}\bloading\.{3}.*",
    re.I,
)
_TOP = 40
_MENU_RUN = 4


def is_words(line: str) -> bool:
    """A line that is made of words of a player, not only of marks and clocks."""
    return len(line) <= _LONGEST and _made_of_words(line)


def is_chrome(line: str) -> bool:
    """A line that belongs to the player, not to the page's words."""
    return len(line) <= _LONGEST and _of_player(line)


@lru_cache(maxsize=4096)
def _made_of_words(line: str) -> bool:
    return bool(_CHROME.fullmatch(line)) and any(map(str.isalpha, line))


@lru_cache(maxsize=4096)
def _of_player(line: str) -> bool:
    return bool(
        _CHROME.fullmatch(line)
        or TIMES.fullmatch(line)
        or CLOCK_LINE.fullmatch(line)
        or WORDED_LENGTH.fullmatch(line)
    )


def is_header(line: str) -> bool:
    """A line of the site's frame: never a title."""
    return is_frame(line) or is_chrome(line)


def is_date_line(line: str) -> bool:
    """A line that is just a date, in words or figures."""
    return bool(_DATE.fullmatch(line))


def _fits(lines: Lines, n: int) -> bool:
    line = lines[n]
    bulleted = bool(BULLET.match(lines.raw[n]))
    return not (
        bulleted or is_header(line) or is_date_line(line) or _NO_HEADLINE.fullmatch(line)
    )  # fmt: skip


def _in_menu(lines: Lines, n: int) -> bool:
    """Whether a line stands in a run of short lines without a blank one: a menu."""
    first = last = n
    while lines[first - 1] and not is_date_line(lines[first - 1]) and n - first < _MENU_RUN:
        first -= 1
    while lines[last + 1] and last - n < _MENU_RUN:
        last += 1
    return last - first + 1 >= _MENU_RUN


def headline(lines: Lines, after: int = -1, before: int = 10**9) -> str | None:
    """The headline between two lines: the first line that can be one and is no menu's.

    Some pages glue their description to their first line: a later line that it begins with, tells.
    """
    top = [(n, line) for n, line in lines.below(after, _TOP) if n < before]
    first = next((line for n, line in top if _fits(lines, n)), None)
    if first is None:
        return None
    begun = [(n, line) for n, line in top if len(line) > 3 and first.startswith(line + " ")]
    if whole := [line for n, line in begun if _fits(lines, n)]:
        return max(whole, key=len)
    short = [(n, line) for n, line in top if not is_prose(line) and _fits(lines, n)]
    words = [line for _, line in short]
    for n, line in short:
        if words.count(line) > 1 or not _in_menu(lines, n):
            return line
    return next(iter(words), None)
