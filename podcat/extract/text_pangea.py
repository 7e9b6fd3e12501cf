"""Players of the Pangea sites (RFE/RL, VOA and sisters) in plain-text extracts.

    TITLE
    please wait
    No media source currently available     the marker
    0:00 1:08:32 0:00                       position, length, position of the tooltip
    Direct link

The time line is the same in every language; words only support it. It also occurs over three
lines; on AMP pages only a line about HTML5 is left; before 2016 it was `|| 0:00:00`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from podcat import urls
from podcat.extract import vocabulary
from podcat.extract.chrome import (
    CLOCK_LINE,
    TIMES,
    WORDED_LENGTH,
    ZERO,
    headline,
    is_chrome,
    is_header,
    is_words,
)  # fmt: skip
from podcat.extract.findings import Finding, Findings
from podcat.extract.lines import CLOCK, URL, Lines, is_prose, trimmed
from podcat.model import Place
from podcat.providers import registry
from podcat.text import fold, month_day, parse_duration

_ZERO_LINE = re.compile(ZERO)
_OLD = re.compile(r"\|\|\s*0:00:00")
_MARKER = vocabulary.phrases(vocabulary.MARKER)
_EITHER = "|".join(vocabulary.MARKER)
_MARKER_TIMES = re.compile(rf"(?:{_EITHER})\W*{ZERO}\s+({CLOCK})\s+{ZERO}", re.I)
_BROWSER = re.compile("|".join(vocabulary.BROWSER), re.I)
# One short sentence that is the whole line, with HTML5 near its end.
_AMP = re.compile(r"[^\W\d][^.,:;\"“”!?]{4,60}HTML5[^\W\d]?[^.,:;\"“”]{0,20}[.!。]?")
_BITRATE = re.compile(r"\b\d+ kbps \| (?:MP3|M4A|AAC|OGG)\b", re.I)
_OVER = re.compile("|".join(vocabulary.OVER))
_POSSIBLY_WAIT = re.compile(r"[^\d.!?:\"“”]{4,40}\W{0,3}")
_VOA = re.compile(r"\bVOA\b|Voice of America|Voz de América|Voix de l[’']Amérique|Голос Америки")
_VOA_TRACES = ("voa", "voice", "voz", "voix", "Голос")
_RFERL = re.compile(r"\bRFE/RL\b|Radio Free Europe|Радио Свобода|Азаттық|Азаттык|Радіо Свобода")
_RFERL_TRACES = ("rfe/rl", "radio", "Радио", "Азатты", "Радіо")
# A word in every line that a player is known by.
_TRACES = ("0:00", "currently", "媒", "html5", "پایان")
# Lines with such words are looked at up to this many; beyond, a text is a log or an attack.
_MOST_TRACES = 50_000
_REACH = 24
_TAIL = 8
_MENU_WORDS = 3
_LONGEST_LINE = 200


class Site:
    """Whose players a page would hold, and whether it is known to be one of their pages.

    `known` is None when the page has no address.
    """

    def __init__(self, lines: Lines, host: str | None, known: bool | None) -> None:
        self._lines = lines
        self._host = host
        self.known = known

    @cached_property
    def provider(self) -> str:
        """Which of the two families: by host, else by which of them the page names more often."""
        owner = registry().provider_of(self._host)
        if owner and owner.key in ("rferl", "voa"):
            return owner.key
        return (
            "voa"
            if self._named(_VOA, _VOA_TRACES) > self._named(_RFERL, _RFERL_TRACES)
            else "rferl"
        )

    def _named(self, names: re.Pattern[str], traces: Iterable[str]) -> int:
        places = self._lines.with_any(*traces)
        return sum(len(names.findall(self._lines[number])) for number in places)


@dataclass(frozen=True, slots=True)
class Player:
    """A player block: the line it is known by, where it ends, its length in seconds."""

    first: int
    last: int
    rule: str
    duration: int | None = None
    length_rule: str = "text/pangea-time-line"


# ---------------------------------------------------------------- where players are


def _three_lines(lines: Lines, number: int) -> tuple[str, int] | None:
    """(length, last line) when position, length and position stand on three lines.

    The players write lengths with hours. A schedule or a transcript has such lines, too: then
    words of the player must stand near.
    """
    if not _ZERO_LINE.fullmatch(lines[number]):
        return None
    following = list(lines.below(number, 2))
    if len(following) < 2:
        return None
    (_, length), (last, tooltip) = following
    if not (CLOCK_LINE.fullmatch(length) and _ZERO_LINE.fullmatch(tooltip)):
        return None
    sure = length.count(":") == 2 or _supported(lines, number, last)
    return (length, last) if sure else None


def _supported(lines: Lines, first: int, last: int) -> bool:
    near = (*lines.below(last, 3), *lines.above(first, 3))
    return any(is_words(line) for _, line in near)


def _timed(lines: Lines, number: int) -> Player | None:
    line = lines[number]
    if "0:00" not in line:
        return None
    if len(line) > _LONGEST_LINE and (glued := _MARKER_TIMES.search(line)):
        return Player(number, number, "text/pangea-time-line", parse_duration(glued[1]))
    found = TIMES.search(line)
    if found and is_chrome(line.replace(found[0], " ", 1).strip() or "·"):
        return Player(number, number, "text/pangea-time-line", parse_duration(found[1]))
    if three := _three_lines(lines, number):
        length, last = three
        return Player(number, last, "text/pangea-time-line", parse_duration(length))
    return None


def _marked(lines: Lines, number: int) -> Player | None:
    """A player known by its marker; the time line below it, if any, is the same player's."""
    if not _MARKER.fullmatch(lines[number]):
        return None
    for below, line in lines.below(number, _TAIL):
        if timed := _timed(lines, below):
            return Player(number, timed.last, timed.rule, timed.duration)
        if not is_chrome(line):
            break
    return Player(number, number, "text/pangea-marker")


def _amp(lines: Lines, number: int) -> Player | None:
    line = lines[number]
    if "HTML5" not in line or not (_AMP.fullmatch(line) and _BROWSER.search(line)):
        return None
    near = [text for _, text in (*lines.above(number, 1), *lines.below(number, 1))]
    worded = [m[1] for text in near if (m := WORDED_LENGTH.fullmatch(text))]
    duration = parse_duration(worded[0]) if worded else None
    return Player(number, number, "text/pangea-amp", duration, "text/pangea-worded-length")


def _old(lines: Lines, number: int) -> Player | None:
    """The player of the sites before 2016: `|| 0:00:00` is the position, no length."""
    return Player(number, number, "text/pangea-old-player") if _OLD.match(lines[number]) else None


def _over(lines: Lines, number: int) -> Player | None:
    """A live programme that is over and is still to be archived."""
    return Player(number, number, "text/pangea-over") if _OVER.search(lines[number]) else None


def players(lines: Lines) -> Iterator[Player]:
    """The players of an extract in order."""
    last = -1
    for number in lines.with_any(*_TRACES)[:_MOST_TRACES]:
        if number <= last:
            continue
        for look in (_marked, _timed, _amp, _old, _over):
            if player := look(lines, number):
                yield player
                last = player.last
                break


# ---------------------------------------------------------------- titles


def _is_wait(lines: Lines, number: int, player: Player) -> bool:
    """Whether a line is the spinner's alt text in a language that is not in the table.

    It stands between title and marker, glued under the title, and is a short plain phrase.
    """
    return (
        player.rule == "text/pangea-time-line"
        and bool(lines[number - 1])
        and not is_chrome(lines[number - 1])
        and bool(_POSSIBLY_WAIT.fullmatch(lines[number]))
        and lines[number][0].islower()
    )


def title(lines: Lines, player: Player, stop: int) -> tuple[str, str] | None:
    """(title, rule) of a player: the nearest line above that is not part of the player.

    `stop` is the last line of the player before. Above running text the last heading counts.
    """
    for n, line in lines.above(player.first, _REACH):
        if n <= stop:
            return None
        if is_chrome(line) or _is_wait(lines, n, player):
            continue
        if is_header(line):
            break
        if player.rule == "text/pangea-amp" and (first := headline(lines, stop, player.first)):
            return first, "text/pangea-amp-heading"
        if is_prose(line) or (line.endswith(".") and not line.endswith("...")):
            heading = lines.heading(n, stop)
            return (heading, "text/pangea-heading-above") if heading else None
        return _repeated(lines, n, stop) or _unglued(lines, n, line), "text/pangea-title-line"
    return None


def _repeated(lines: Lines, number: int, stop: int) -> str | None:
    """The page title that stands again in the player's block, above words that are not known.

    So menus in languages that are not in the table do not pass for titles.
    """
    top = number
    while top - 1 > stop and lines[top - 1] and len(lines[top].split()) <= _MENU_WORDS:
        top -= 1
    over = [line for _, line in lines.above(top, _TAIL)]
    repeated = top < number and lines[top] in over and not is_chrome(lines[top])
    return lines[top] if repeated else None


def _unglued(lines: Lines, number: int, line: str) -> str:
    """The old player glued an `i` (its information button) to the title it repeats."""
    before = next((text for _, text in lines.above(number, 3)), "")
    return before if line == before + "i" else line


# ---------------------------------------------------------------- findings


def _has_bitrate(lines: Lines, player: Player) -> bool:
    """Whether the menu under a player offers audio, like `64 kbps | MP3`."""
    if not lines.where("kbps"):
        return False
    for _, line in lines.below(player.last, _TAIL + 4):
        if _BITRATE.search(line):
            return True
        if not is_chrome(line) and len(line.split()) > _MENU_WORDS:
            return False
    return False


def _files(lines: Lines, player: Player) -> Iterator[tuple[int, str]]:
    """(line, address) of the files in the menu under a player."""
    if not lines.where("//"):
        return
    for n, line in lines.below(player.last, _TAIL + 4):
        for seen in URL.finditer(lines.raw[n]) if "//" in lines.raw[n] else ():
            url = urls.absolute(trimmed(seen[0]))
            if url and registry().media_type(url):
                yield n, url
        if not is_chrome(line) and len(line.split()) > _MENU_WORDS:
            return


def _finding(lines: Lines, player: Player, stop: int, provider: str) -> Finding:
    finding = Finding(provider, Place(player.last + 1), player.rule)
    finding.propose("duration", player.duration, player.length_rule)
    if found := title(lines, player, stop):
        finding.propose("title", *found)
        dated = month_day(found[0])
        if dated and dated[0]:
            finding.propose("published", "{:04}-{:02}-{:02}".format(*dated), "text/title-date")
    if _has_bitrate(lines, player):
        finding.propose("kind", "audio", "text/pangea-bitrate-line")
    return finding


def _believed(lines: Lines, player: Player) -> bool:
    """Whether lines on another site's page are a player: words of the player stand by them.

    Scores, schedules and help pages have such lines, too.
    """
    if player.rule == "text/pangea-amp":
        return False
    near = (*lines.above(player.first, 3), *lines.below(player.last, 3))
    if player.rule == "text/pangea-old-player":
        return any(a == b + "i" for _, a in near for _, b in near)
    marked = player.first != player.last or bool(_MARKER.search(lines[player.first]))
    return any(is_words(line) for _, line in near) or (marked and player.duration is not None)


def find(findings: Findings, lines: Lines, site: Site) -> tuple[list[Finding], set[int]]:
    """Adds the recordings of an extract; the same title and length twice are one.

    Gives the recordings and the lines whose addresses are theirs.
    """
    stop, used, kept = -1, set[int](), list[Finding]()
    for player in players(lines):
        if findings.overflowed:
            break
        if site.known is False and not _believed(lines, player):
            continue
        finding = _finding(lines, player, stop, site.provider)
        for n, url in _files(lines, player):
            used.add(n)
            kind = (registry().media_type(url) or "").partition("/")[0]
            finding.propose(f"{kind}_url", url, "text/pangea-menu-link")
        kept.append(findings.add(finding))
        stop = player.last
    return list({id(f): f for f in kept}.values()), used


def programme(lines: Lines) -> str | None:
    """The show of a podcast page: the heading that stands over `Subscribe`, twice."""
    under = (n for n in lines.where("subscribe") if lines[n].casefold() == "subscribe")
    over = (line for n in under for _, line in lines.above(n, 1) if not is_header(line))
    first = next(over, None)
    if first is None:
        return None
    seen = Counter(fold(line) for _, line in lines.all())
    return next((line for line in (first, *over) if seen[fold(line)] > 1), None)
