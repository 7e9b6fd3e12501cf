"""Spaces, and other recordings that plain text names by their bare address."""

from __future__ import annotations

import re

from podcat.extract.findings import Finding, Findings, found
from podcat.extract.lines import CLOCK, HANDLE, URL, Lines, is_prose
from podcat.model import Person, Place
from podcat.providers import Match
from podcat.text import clean, month_day, parse_duration

_TUNED = re.compile(r"[\d.,]+[KM]? (?:tuned in|listening|listeners|people)\b.{0,30}", re.I)
_BUTTON = re.compile(
    r"(?:play recording|details|set reminder|start listening|join this space|listen live|ended)",
    re.I,
)
_CARD_TIME = re.compile(
    r"(?:ended\s*·\s*|starts |scheduled for )?(?P<date>[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})?"
    r"(?:\s*·\s*(?:\d{1,2}:\d{2} [AP]M)?)?"
    rf"(?P<length>{CLOCK})?",
    re.I,
)
_ROLE_LINE = re.compile(r"(host|co-?host|speaker)", re.I)
_LINK_WORDS = re.compile(r"\[([^\[\]]*)\]\($")
_REMARK = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_LONGEST_TITLE = 120
_LONGEST_CARD_LINE = 200
# More than this before an address on its line is no title.
_LONGEST_LABEL = 2000


def _card_line(line: str) -> bool:
    if len(line) > _LONGEST_CARD_LINE:
        return False
    timed = _CARD_TIME.fullmatch(line)
    return bool(_TUNED.fullmatch(line) or _BUTTON.fullmatch(line) or (timed and timed[0]))


def _card(lines: Lines, number: int) -> list[tuple[int, str]]:
    """The lines of the card above an address, nearest first; empty when there is none."""
    card: list[tuple[int, str]] = []
    for n, line in lines.above(number, 8):
        if not _card_line(line):
            break
        card.append((n, line))
    return card if any(_TUNED.fullmatch(line) for _, line in card) else []


def _host(lines: Lines, number: int) -> Person | None:
    """`Name @handle` above `Host`."""
    over = [line for _, line in lines.above(number, 4)][:2]
    if len(over) == 2 and _ROLE_LINE.fullmatch(over[0]) and (handle := HANDLE.search(over[1])):
        return Person(over[1][: handle.start()].strip(), "host", handle[0])
    return None


def _from_card(finding: Finding, lines: Lines, card: list[tuple[int, str]]) -> None:
    for _, line in card:
        timed = _CARD_TIME.fullmatch(line)
        if timed and timed["length"]:
            finding.propose("duration", parse_duration(timed["length"]), "text/space-card")
        dated = month_day(timed["date"] or "") if timed else None
        if dated and dated[0]:
            finding.propose("event_date", "{:04}-{:02}-{:02}".format(*dated), "text/space-card")
    above = next(iter(lines.above(card[-1][0], 3)), None)
    if above:
        finding.propose("title", above[1], "text/space-card")
        if host := _host(lines, above[0]):
            finding.credit([host], "text/space-card")


def _title(lines: Lines, number: int, before: str) -> tuple[str, str] | None:
    """Words before the address on its line, or the line glued above it."""
    label = before.strip().rstrip(":–—-").strip()
    if label:
        title = _REMARK.sub("", label)
        short = len(title) <= _LONGEST_TITLE and before.rstrip().endswith((":", "–", "—", "-"))
        return (title, "text/label-before-address") if short and not URL.search(title) else None
    over = lines[number - 1]
    if over and len(over) <= _LONGEST_TITLE and not is_prose(over) and not URL.search(over):
        return over, "text/line-above-address"
    return None


def _before(raw: str) -> str:
    """What stands before an address on its line; of a Markdown link, its words."""
    linked = _LINK_WORDS.search(raw)
    return f"{linked[1]}:" if linked and not raw[: linked.start()].strip() else clean(raw) or ""


def find(findings: Findings, lines: Lines, number: int, column: int, match: Match) -> None:
    """Adds the recording whose bare address stands at a column of a line."""
    finding = found(match, Place(number + 1), "text/address")
    before = _before(lines.raw[number][:column]) if column <= _LONGEST_LABEL else "<"
    if card := _card(lines, number) if not before.strip() else []:
        _from_card(finding, lines, card)
    elif "<" not in before and (title := _title(lines, number, before)):
        finding.propose("title", *title)
    findings.add(finding)
