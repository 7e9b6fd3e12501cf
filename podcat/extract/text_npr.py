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
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from podcat import urls
from podcat.extract.findings import Finding, Findings, found
from podcat.extract.lines import URL, Lines, is_paragraph, is_prose, trimmed
from podcat.extract.npr_above import UNAVAILABLE, Above, above, caption
from podcat.extract.npr_list import (
    LISTEN,
    TAG_LINES,
    AudioList,
    audio_list,
    is_player,
    label,
    player_lines,
)
from podcat.model import Place
from podcat.providers import Match
from podcat.text import fold

_IFRAME = re.compile(r"iframe\b", re.I)
_EMPTY_SRC = re.compile(r"\bsrc\s*=\s*(?:\"\"|\'\'|“”|””|‘’|\"#\"|\"about:blank\")", re.I)
_PLAYER_NAME = re.compile(r"NPR embedded audio\s+player", re.I)
_TAG_ENDS = re.compile("[<>]")
_NPR = re.compile(r"\bNPR\b")
_LONGEST_TAG = 800


def _title(lines: Lines, audio: AudioList, over: Above) -> tuple[str | None, str]:
    """Over a list the nearest line, however it ends; elsewhere one that stands like a heading."""
    if audio.is_list:
        fits = over.title and not is_paragraph(over.title)
        return (over.title if fits else None), "text/npr-line-above"
    near = over.title
    if near and not is_prose(near) and not near.endswith("."):
        return near, "text/npr-line-above"
    before = bisect_left(players := player_lines(lines), audio.first) - 1
    stop = players[before] if before >= 0 else -1
    return lines.heading(audio.first, stop), "text/heading-above"


Proposal = tuple[str, Any, str]


@dataclass(frozen=True, slots=True)
class _Block:
    """A list read once, for all the players on its line: what it says, the lines it uses up."""

    proposals: tuple[Proposal, ...]
    used: frozenset[int]

    def describe(self, finding: Finding) -> None:
        for proposal in self.proposals:
            finding.propose(*proposal)


def _block(lines: Lines, number: int) -> _Block:
    audio = audio_list(lines, number)
    links = tuple(_links(lines, audio))
    proposals = (*_words(lines, audio), *(link for _, link in links))
    return _Block(proposals, frozenset(n for n, _ in links))


def _words(lines: Lines, audio: AudioList) -> Iterator[Proposal]:
    """Title, caption, flags and length of the recording of a list."""
    over = above(lines, audio.first)
    yield ("title", *_title(lines, audio, over))
    yield "programme", over.programme, "text/npr-programme-line"
    yield "duration", audio.duration, "text/npr-listen-line"
    if audio.is_list:
        yield "has_download", "download" in audio.labels, "text/npr-list"
        yield "has_transcript", "transcript" in audio.labels, "text/npr-list"
    if over.caption is not None:
        text, credit = caption(lines, over.caption)
        yield "image_caption", text, "text/npr-caption"
        yield "image_credit", credit, "text/npr-caption"


def _links(lines: Lines, audio: AudioList) -> Iterator[tuple[int, Proposal]]:
    """The lines of a list whose links say where its file and its transcript are."""
    for n in range(audio.first, audio.last + 1):
        if "//" not in lines.raw[n] or is_player(lines, n):
            continue
        for seen in URL.finditer(lines.raw[n]):
            field = "transcript_url" if "transcript" in label(lines[n]) else "audio_url"
            yield n, (field, urls.absolute(trimmed(seen[0])), "text/npr-list-link")


def identified(
    findings: Findings, lines: Lines, addresses: Iterable[tuple[int, Match]]
) -> set[int]:
    """Adds the recordings whose player addresses stand on lines; gives the lines used up."""
    used, read, block = set[int](), -1, None
    for number, match in addresses:
        if findings.overflowed:
            break
        if block is None or number != read:
            read, block = number, _block(lines, number)
        finding = found(match, Place(number + 1), "text/npr-player-address")
        block.describe(finding)
        used |= block.used
        finding.transcript(match)
        findings.add(finding)
    return used


def is_npr(lines: Lines, url: str | None) -> bool:
    """Whether a page is NPR's, or a mirror of it, or without an address speaks of NPR."""
    if url:
        return "npr" in url.lower()
    return any(_NPR.search(lines[number]) for number in lines.where("npr"))


def _is_scrubbed(lines: Lines, number: int) -> bool:
    """Whether an NPR player with its address taken out begins on a line."""
    if "iframe" not in lines[number].lower():
        return False
    tag = " ".join(lines[n][:_LONGEST_TAG] for n in range(number, number + TAG_LINES))
    for piece in _TAG_ENDS.split(tag[:_LONGEST_TAG]):
        begins = _IFRAME.search(piece)
        after = begins.end() if begins else len(piece)
        if _PLAYER_NAME.search(piece, after) and _EMPTY_SRC.search(piece, after):
            return True
    return False


def _promised(lines: Lines, number: int) -> str | None:
    """The rule by which a line of NPR's own pages promises audio."""
    line = lines[number]
    if UNAVAILABLE.fullmatch(line):
        return "text/npr-unavailable"
    listen = "·" in line and LISTEN.fullmatch(line) and not _player_near(lines, number)
    return "text/npr-listen-line" if listen else None


def _announced(lines: Lines, url: str | None) -> Iterator[tuple[int, str]]:
    frames = lines.where("iframe") if "=" in lines.text else []
    scrubbed = {n for n in frames if _is_scrubbed(lines, n)}
    promised = lines.with_any("available", "·") if is_npr(lines, url) else []
    for number in sorted(scrubbed.union(promised)):
        if number in scrubbed:
            yield number, "text/npr-scrubbed-player"
        elif rule := _promised(lines, number):
            yield number, rule


def _player_near(lines: Lines, number: int) -> bool:
    audio = audio_list(lines, number)
    return any(is_player(lines, n) for n in range(audio.first, audio.last + 2))


def unresolved(findings: Findings, lines: Lines, url: str | None) -> set[int]:
    """Adds recordings that are announced without an id: scrubbed players and, on NPR's own pages,
    lines that promise audio. Gives the lines whose links are theirs."""
    used, titles = set[int](), None
    for number, rule in _announced(lines, url):
        if findings.overflowed:
            break
        if titles is None:
            titles = _titles(findings)
        finding = Finding("npr", Place(number + 1), rule)
        finding.propose("kind", "audio", rule)
        block = _block(lines, number)
        block.describe(finding)
        used |= block.used
        title = finding.value("title")
        if not title or fold(title) not in titles:
            findings.add(finding)
    return used


def _titles(findings: Findings) -> set[str]:
    """The folded titles of the recordings that were identified."""
    named = (f.value("title") for f in findings.found if f.provider == "npr" and f.id)
    return {fold(title or "") for title in named}
