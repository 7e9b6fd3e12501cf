"""What stands above an audio list of NPR: title, programme, caption and credit of the picture."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from podcat.extract import vocabulary
from podcat.extract.lines import Lines, is_date, is_prose, is_weekday
from podcat.extract.npr_list import LABELS, bulleted, is_label, is_player, label, plain

_NOISE = LABELS | {
    "watch", "npr", "npr logo", "hide caption", "toggle caption", "itoggle caption",
    "enlarge this image", "read more", "more", "advertisement",
}  # fmt: skip
UNAVAILABLE = re.compile(r"audio (?:for|will)\b.*\b(?:unavailable|available)\b.{0,60}", re.I)
_TOGGLE = re.compile(r"i?toggle caption\b", re.I)
_HIDE = re.compile(r"\bhide caption$", re.I)
_HIDE_TAIL = 16
_CALL = re.compile(r"listen to\b", re.I)
_BYLINE = re.compile(r"by [^\W\d_][\w'’.-]*(?:[ ,]+[^\W\d_][\w'’.-]*){1,11}", re.I)
_HEARD = re.compile(r"heard on (.{3,60})", re.I)
_STORY_HEAD = re.compile(
    r"(?:updated )?[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}\W*\d{1,2}:\d{2} [AP]M\b.{0,6}|"
    r"facebook|twitter|flipboard|linkedin|email|print|sponsor message|enlarge",
    re.I,
)
_PROGRAMME = vocabulary.phrases(vocabulary.NPR_PROGRAMMES)
_REACH = 60
_CAPTION_REACH = 12
_LONGEST_WORD = 40


def _hides(line: str) -> bool:
    """Whether a line is a caption that ends in `hide caption`."""
    return bool(_HIDE.search(line, max(0, len(line) - _HIDE_TAIL)))


def _toggles(line: str) -> bool:
    """Whether a line begins the button under a caption."""
    return bool(_TOGGLE.match(line))


def _caption_start(lines: Lines, number: int) -> int | None:
    """First line of the caption block that ends at this line, or None when it is none.

    A block is the caption ending in `hide caption`, then `toggle caption`, then the credit.
    """
    hidden = lines.known(_hides, "caption")
    if lines.last_of(hidden, number, 1) is not None:
        return number
    toggle = lines.last_of(lines.known(_toggles, "toggle"), number, 4)
    if toggle is None or not _ends_block(lines, toggle, number):
        return None
    caption = lines.last_of(hidden, toggle - 1, 4)
    return caption if caption is not None else toggle


def _ends_block(lines: Lines, toggle: int, number: int) -> bool:
    """Whether a line is `toggle caption` itself or its credit, the line right below."""
    if number == toggle:
        return True
    alone = bool(_TOGGLE.fullmatch(lines[toggle]))
    return alone and number == next((n for n, _ in lines.below(toggle, 2)), None)


@dataclass(slots=True)
class Above:
    """What stands above a list: title, programme, first line of the caption block."""

    title: str | None = None
    second_best: str | None = None
    programme: str | None = None
    caption: int | None = None

    def take(self, line: str) -> None:
        """A line that may be the title: the nearest one, unless it is a strapline or a call."""
        if self.title is not None or _no_title(line):
            return
        words = plain(line)
        if heard := _HEARD.fullmatch(words):
            self.programme = self.programme or heard[1]
        elif _PROGRAMME.fullmatch(words):
            self.programme = self.programme or words
            self.second_best = self.second_best or words
        elif _is_strapline(words) or _CALL.match(words):
            self.second_best = self.second_best or words
        elif self.second_best is None or not (is_prose(words) or words.endswith(".")):
            self.title = words


def _is_strapline(line: str) -> bool:
    """`THE LISTENING ROOM`: a label in capitals that stands over or under a title."""
    return line.isupper() and len(line.split()) > 1


def _of_another_list(lines: Lines, n: int) -> bool:
    """A line of another list, or glued under one: then it is the credit of that list's picture."""
    return bulleted(lines, n) or is_player(lines, n) or bulleted(lines, n - 1)


def above(lines: Lines, number: int) -> Above:
    """What belongs to the list that begins on a line, not crossing another list."""
    over = Above()
    for n, line in lines.above(number, _REACH):
        if over.caption is not None and n >= over.caption:
            continue
        another, block = _noted(lines, n)
        if another:
            if n == number - 1 and not bulleted(lines, n):
                over.take(line)  # glued to both lists: nothing else can be this one's title
            break
        if not _take(over, line, block) or (over.title is not None and n < number - _CAPTION_REACH):
            break
    over.title = over.title or over.second_best
    return over


def _noted(lines: Lines, n: int) -> tuple[bool, int | None]:
    """Whether a line is of another list, and where the caption begins that ends on it."""
    if n not in lines.notes:
        lines.notes[n] = (_of_another_list(lines, n), _caption_start(lines, n))
    return lines.notes[n]


def _take(over: Above, line: str, block: int | None) -> bool:
    """Reads one line above a list; False when the search is over."""
    if block is not None:
        if over.caption is not None:
            return False
        over.caption = block
    elif over.caption is None or not is_prose(line):
        over.take(line)
    return over.caption is None or not over.title


@lru_cache(maxsize=4096)
def _no_title(line: str) -> bool:
    return bool(
        label(line) in _NOISE
        or (len(line) > _LONGEST_WORD and " " not in line)
        or is_label(line)
        or _STORY_HEAD.fullmatch(line)
        or _BYLINE.fullmatch(line)
        or is_weekday(line)
        or is_date(line)
        or bool(UNAVAILABLE.fullmatch(line))
    )


def caption(lines: Lines, first: int) -> tuple[str | None, str | None]:
    """(caption, credit) of the caption block that begins on a line."""
    toggle = next((n for n, line in lines.below(first - 1, 5) if _TOGGLE.match(line)), None)
    credit = ""
    if toggle is not None:
        glued = _TOGGLE.sub("", lines[toggle]).strip()
        credit = glued or next((line for _, line in lines.below(toggle, 2)), "")
    text = _HIDE.sub("", lines[first]).rstrip() if _hides(lines[first]) else ""
    return text.removesuffix(credit).strip() or None, credit or None
