"""NPR's audio lists in plain-text extracts.

    TITLE

      • Download
      • <iframe src="https://www.npr.org/player/embed/STORY/MEDIA" …>
      • Transcript

Rules: match the address, not the tag; flags only from the lines of the same list; the title is
the nearest line above that can be one; nothing is taken across another list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from podcat import urls
from podcat.extract import vocabulary
from podcat.extract.findings import Finding, Findings, found
from podcat.extract.lines import (
    BULLET,
    CLOCK,
    URL,
    Lines,
    is_date,
    is_paragraph,
    is_prose,
    is_weekday,
    trimmed,
)  # fmt: skip
from podcat.model import Place
from podcat.providers import Match
from podcat.text import parse_duration

_LABELS = {
    "listen", "download", "embed", "transcript", "toggle more options", "playlist", "queue", "<",
    "·", "•", "*", "**<**", "close embed overlay", "player", "embedded audio player",
}  # fmt: skip
_NOISE = _LABELS | {
    "watch", "npr", "npr logo", "hide caption", "toggle caption", "itoggle caption",
    "enlarge this image", "read more", "more", "advertisement",
}  # fmt: skip
_CLOCK_LINE = re.compile(rf"·?\s*({CLOCK})(?:\s+{CLOCK})?")
_LISTEN = re.compile(
    rf"(?:listen|\d+-minute listen)\s*(?:·?\s*(?P<length>{CLOCK})(?:\s+{CLOCK})?)?", re.I
)
_SCRUBBED = re.compile(
    r"iframe\b(?=[^<>]*\bsrc\s*=\s*(?:\"\"|\'\'|“”|””|‘’|\"#\"|\"about:blank\"))"
    r"[^<>]*NPR embedded audio\s+player",
    re.I,
)
_NPR = re.compile(r"\bNPR\b")
_UNAVAILABLE = re.compile(r"audio (?:for|will)\b.*\b(?:unavailable|available)\b.{0,60}", re.I)
_TOGGLE = re.compile(r"i?toggle caption\b", re.I)
_HIDE = re.compile(r"\s*\bhide caption\s*$", re.I)
_MARKUP = re.compile(r"[*_]{2,}|`")
_CALL = re.compile(r"listen to\b", re.I)
_BYLINE = re.compile(r"by [^\W\d_][\w'’.-]*(?:[ ,]+[^\W\d_][\w'’.-]*){1,11}", re.I)
_HEARD = re.compile(r"heard on (.{3,60})", re.I)
_STORY_HEAD = re.compile(
    r"(?:updated )?[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}\W*\d{1,2}:\d{2} [AP]M\b.{0,6}|"
    r"facebook|twitter|flipboard|linkedin|email|print|sponsor message|enlarge",
    re.I,
)
_PROGRAMME = vocabulary.phrases(vocabulary.NPR_PROGRAMMES)
_TAG_START = re.compile(r"(?:<|\*\*<\*\*)\s*(?:iframe)?$", re.I)
_PLAYER_LINE = re.compile(r"iframe\s+src\s*=|/player/embed/", re.I)
_REACH = 60
_TAG_LINES = 6
_CAPTION_REACH = 12
_LONGEST_WORD = 40
_LONGEST_TAG = 800


def _plain(line: str) -> str:
    """A line without its bullet and emphasis."""
    return _MARKUP.sub("", BULLET.sub("", line)).strip()


def _label(line: str) -> str:
    return _plain(line).rstrip(":").casefold()


def _is_label(line: str) -> bool:
    return _label(line) in _LABELS or bool(
        _CLOCK_LINE.fullmatch(_plain(line)) or _LISTEN.fullmatch(_plain(line))
    )


def _is_player(lines: Lines, number: int) -> bool:
    raw = lines.raw[number] if 0 <= number < len(lines) else ""
    return bool(_PLAYER_LINE.search(raw))


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


def _bulleted(lines: Lines, number: int) -> bool:
    return bool(BULLET.match(lines.raw[number])) if 0 <= number < len(lines) else False


def _labelled(lines: Lines, number: int) -> bool:
    return bool(lines[number]) and _is_label(lines[number])


def _tag_end(lines: Lines, number: int) -> int:
    """The line on which a tag that begins on this line is closed; extractors break tags."""
    for last in range(number, min(number + _TAG_LINES, len(lines))):
        if ">" in lines[last][-8:]:
            return last
    return number


def _step(lines: Lines, number: int, by: int, belongs: Belongs) -> int | None:
    """The next line of a list; converters put blank lines between its labels."""
    beyond = number + by
    if not lines[beyond]:
        near = lines.above(number, 1) if by < 0 else lines.below(number, 1)
        beyond = next((n for n, _ in near if _labelled(lines, n)), -1)
    return beyond if belongs(lines, beyond) and not _is_player(lines, beyond) else None


def audio_list(lines: Lines, number: int) -> AudioList:
    """The list around a player line: the bullets that touch it, or without bullets the labels.

    A stray `Transcript` above the bullets is no part of the list.
    """
    bulleted = _bulleted(lines, number)
    belongs = _bulleted if bulleted else _labelled
    first, last = number, _tag_end(lines, number)
    if _TAG_START.search(lines[first - 1]):
        first -= 1
    while (step := _step(lines, first, -1, belongs)) is not None:
        first = step
    while (step := _step(lines, last, 1, belongs)) is not None:
        last = step
    own = range(first, last + 1)
    clocks = (_clock(lines[n]) for n in own if not _is_player(lines, n))
    length = next((clock for clock in clocks if clock), None)
    labels = frozenset(_label(lines[n]) for n in own)
    return AudioList(first, last, labels, bulleted, parse_duration(length))


def _clock(line: str) -> str | None:
    """The length that a `Listen · 3:14` line, or a line with just a clock, states."""
    listen = _LISTEN.fullmatch(_plain(line))
    if listen and listen["length"]:
        return listen["length"]
    alone = _CLOCK_LINE.fullmatch(_plain(line))
    return alone[1] if alone else None


# ---------------------------------------------------------------- what stands above a list


def _caption_start(lines: Lines, number: int) -> int | None:
    """First line of the caption block that ends at this line, or None when it is none.

    A block is the caption ending in `hide caption`, then `toggle caption`, then the credit.
    """
    if _HIDE.search(lines[number]):
        return number
    toggle = next((n for n, line in lines.above(number + 1, 4) if _TOGGLE.match(line)), None)
    if toggle is None or not _ends_block(lines, toggle, number):
        return None
    caption = next((n for n, line in lines.above(toggle, 4) if _HIDE.search(line)), None)
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
        plain = _plain(line)
        if heard := _HEARD.fullmatch(plain):
            self.programme = self.programme or heard[1]
        elif _PROGRAMME.fullmatch(plain):
            self.programme = self.programme or plain
            self.second_best = self.second_best or plain
        elif _is_strapline(plain) or _CALL.match(plain):
            self.second_best = self.second_best or plain
        elif self.second_best is None or not (is_prose(plain) or plain.endswith(".")):
            self.title = plain


def _is_strapline(line: str) -> bool:
    """`THE LISTENING ROOM`: a label in capitals that stands over or under a title."""
    return line.isupper() and len(line.split()) > 1


def _of_another_list(lines: Lines, n: int) -> bool:
    """A line of another list, or glued under one: then it is the credit of that list's picture."""
    return _bulleted(lines, n) or _is_player(lines, n) or _bulleted(lines, n - 1)


def above(lines: Lines, number: int) -> Above:
    """What belongs to the list that begins on a line, not crossing another list."""
    over = Above()
    for n, line in lines.above(number, _REACH):
        if over.caption is not None and n >= over.caption:
            continue
        if _of_another_list(lines, n):
            if n == number - 1 and not _bulleted(lines, n):
                over.take(line)  # glued to both lists: nothing else can be this one's title
            break
        if not _take(over, lines, n) or (over.title is not None and n < number - _CAPTION_REACH):
            break
    over.title = over.title or over.second_best
    return over


def _take(over: Above, lines: Lines, n: int) -> bool:
    """Reads one line above a list; False when the search is over."""
    block = _caption_start(lines, n)
    if block is not None:
        if over.caption is not None:
            return False
        over.caption = block
    elif over.caption is None or not is_prose(lines[n]):
        over.take(lines[n])
    return over.caption is None or not over.title


def _no_title(line: str) -> bool:
    return bool(
        _label(line) in _NOISE
        or (len(line) > _LONGEST_WORD and " " not in line)
        or _is_label(line)
        or _STORY_HEAD.fullmatch(line)
        or _BYLINE.fullmatch(line)
        or is_weekday(line)
        or is_date(line)
        or bool(_UNAVAILABLE.fullmatch(line))
    )


def caption(lines: Lines, first: int) -> tuple[str | None, str | None]:
    """(caption, credit) of the caption block that begins on a line."""
    toggle = next((n for n, line in lines.below(first - 1, 5) if _TOGGLE.match(line)), None)
    credit = ""
    if toggle is not None:
        glued = _TOGGLE.sub("", lines[toggle]).strip()
        credit = glued or next((line for _, line in lines.below(toggle, 2)), "")
    text = _HIDE.sub("", lines[first]) if _HIDE.search(lines[first]) else ""
    return text.removesuffix(credit).strip() or None, credit or None


# ---------------------------------------------------------------- findings


def _title(lines: Lines, audio: AudioList, over: Above) -> tuple[str | None, str]:
    """Over a list the nearest line, however it ends; elsewhere one that stands like a heading."""
    if audio.is_list:
        fits = over.title and not is_paragraph(over.title)
        return (over.title if fits else None), "text/npr-line-above"
    near = over.title
    if near and not is_prose(near) and not near.endswith("."):
        return near, "text/npr-line-above"
    before = (n for n, line in lines.above(audio.first) if _is_player(lines, n))
    return lines.heading(audio.first, next(before, -1)), "text/heading-above"


def describe(finding: Finding, lines: Lines, audio: AudioList) -> None:
    """Title, caption, flags and length of the recording of a list."""
    over = above(lines, audio.first)
    finding.propose("title", *_title(lines, audio, over))
    finding.propose("programme", over.programme, "text/npr-programme-line")
    finding.propose("duration", audio.duration, "text/npr-listen-line")
    if audio.is_list:
        finding.propose("has_download", "download" in audio.labels, "text/npr-list")
        finding.propose("has_transcript", "transcript" in audio.labels, "text/npr-list")
    if over.caption is not None:
        text, credit = caption(lines, over.caption)
        finding.propose("image_caption", text, "text/npr-caption")
        finding.propose("image_credit", credit, "text/npr-caption")


def _addresses(finding: Finding, lines: Lines, audio: AudioList) -> Iterator[int]:
    """The lines of a list whose links say where its file and its transcript are."""
    for n in range(audio.first, audio.last + 1):
        if _is_player(lines, n):
            continue
        for seen in URL.finditer(lines.raw[n]):
            url, label = trimmed(seen[0]), _label(lines[n])
            field = "transcript_url" if "transcript" in label else "audio_url"
            finding.propose(field, urls.absolute(url), "text/npr-list-link")
            yield n


def identified(findings: Findings, lines: Lines, number: int, match: Match) -> set[int]:
    """Adds the recording whose player address stands on a line; gives the lines it used up."""
    finding = found(match, Place(number + 1), "text/npr-player-address")
    audio = audio_list(lines, number)
    describe(finding, lines, audio)
    used = set(_addresses(finding, lines, audio))
    finding.transcript(match)
    findings.add(finding)
    return used


def is_npr(lines: Lines, url: str | None) -> bool:
    """Whether a page is NPR's, or a mirror of it, or without an address speaks of NPR."""
    if url:
        return "npr" in url.lower()
    return any(_NPR.search(line) for _, line in lines.all())


def _is_scrubbed(lines: Lines, number: int) -> bool:
    """Whether an NPR player with its address taken out begins on a line."""
    if "iframe" not in lines[number].lower():
        return False
    tag = " ".join(lines[n] for n in range(number, number + _TAG_LINES))[:_LONGEST_TAG]
    return bool(_SCRUBBED.search(tag))


def _announced(lines: Lines, ours: bool) -> Iterator[tuple[int, str]]:
    for number, line in lines.all():
        if _is_scrubbed(lines, number):
            yield number, "text/npr-scrubbed-player"
        elif ours and _UNAVAILABLE.fullmatch(line):
            yield number, "text/npr-unavailable"
        elif ours and "·" in line and _LISTEN.fullmatch(line) and not _player_near(lines, number):
            yield number, "text/npr-listen-line"


def _player_near(lines: Lines, number: int) -> bool:
    audio = audio_list(lines, number)
    return any(_is_player(lines, n) for n in range(audio.first, audio.last + 2))


def unresolved(findings: Findings, lines: Lines, ours: bool) -> None:
    """Recordings that are announced without an id: scrubbed players and, on NPR's own pages,
    lines that promise audio."""
    for number, rule in _announced(lines, ours):
        finding = Finding("npr", Place(number + 1), rule)
        finding.propose("kind", "audio", rule)
        describe(finding, lines, audio_list(lines, number))
        if not findings.titled("npr", finding.value("title")):
            findings.add(finding)
