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
from collections.abc import Iterator

from podcat import urls
from podcat.extract.findings import Finding, Findings, found
from podcat.extract.lines import URL, Lines, is_paragraph, is_prose, trimmed
from podcat.extract.npr_above import UNAVAILABLE, Above, above, caption
from podcat.extract.npr_list import LISTEN, TAG_LINES, AudioList, audio_list, is_player, label
from podcat.model import Place
from podcat.providers import Match

_SCRUBBED = re.compile(
    r"iframe\b(?=[^<>]*\bsrc\s*=\s*(?:\"\"|\'\'|“”|””|‘’|\"#\"|\"about:blank\"))"
    r"[^<>]*NPR embedded audio\s+player",
    re.I,
)
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
    before = (n for n, line in lines.above(audio.first) if is_player(lines, n))
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
        if is_player(lines, n):
            continue
        for seen in URL.finditer(lines.raw[n]):
            field = "transcript_url" if "transcript" in label(lines[n]) else "audio_url"
            finding.propose(field, urls.absolute(trimmed(seen[0])), "text/npr-list-link")
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
    tag = " ".join(lines[n] for n in range(number, number + TAG_LINES))[:_LONGEST_TAG]
    return bool(_SCRUBBED.search(tag))


def _announced(lines: Lines, ours: bool) -> Iterator[tuple[int, str]]:
    for number, line in lines.all():
        if _is_scrubbed(lines, number):
            yield number, "text/npr-scrubbed-player"
        elif ours and UNAVAILABLE.fullmatch(line):
            yield number, "text/npr-unavailable"
        elif ours and "·" in line and LISTEN.fullmatch(line) and not _player_near(lines, number):
            yield number, "text/npr-listen-line"


def _player_near(lines: Lines, number: int) -> bool:
    audio = audio_list(lines, number)
    return any(is_player(lines, n) for n in range(audio.first, audio.last + 2))


def unresolved(findings: Findings, lines: Lines, ours: bool) -> set[int]:
    """Adds recordings that are announced without an id: scrubbed players and, on NPR's own pages,
    lines that promise audio. Gives the lines whose links are theirs."""
    used: set[int] = set()
    for number, rule in _announced(lines, ours):
        finding = Finding("npr", Place(number + 1), rule)
        finding.propose("kind", "audio", rule)
        audio = audio_list(lines, number)
        describe(finding, lines, audio)
        used |= set(_addresses(finding, lines, audio))
        if not findings.titled("npr", finding.value("title")):
            findings.add(finding)
    return used
