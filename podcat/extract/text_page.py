"""Reads a plain-text extract: what the page says of itself, and its recordings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from podcat import urls
from podcat.extract import people, text_npr, text_pangea, text_spaces
from podcat.extract.chrome import headline
from podcat.extract.findings import Finding, Findings, settled
from podcat.extract.lines import URL, Lines, is_spaces_title, trimmed
from podcat.model import Page, Place
from podcat.providers import Match, registry
from podcat.text import parse_date

_STORIES_ABOUT = re.compile(r"stories about", re.I)
_DATE_LINE = re.compile(r"\s*date (\d{4}-\d{2}(?:-\d{2})?)\s*", re.I)
_AUTHOR_BOX = re.compile(r"\W*16x9 image", re.I)
_BYLINE = re.compile(r"[Bb]y ((?:[^\W\d_][\w'’.-]*)(?: [^\W\d_][\w'’.-]*){1,3})")
_VOA = re.compile(r"\bVOA\b|Voice of America|Voz de América|Voix de l[’']Amérique|Голос Америки")
_RFERL = re.compile(r"\bRFE/RL\b|Radio Free Europe|Радио Свобода|Азаттық|Азаттык|Радіо Свобода")
_NEWSLETTER = re.compile(r"about (?:the newsletter|this blog|the author)", re.I)


def _stories_about(lines: Lines) -> str | None:
    """The tag of an NPR `Stories About` page: the line below these words."""
    for number, line in lines.below(-1, 20):
        if _STORIES_ABOUT.fullmatch(line):
            return next((text for _, text in lines.below(number, 4)), None)
    return None


def _published(lines: Lines) -> str | None:
    found = (_DATE_LINE.fullmatch(line) for _, line in lines.below(-1, 6))
    return next((parse_date(match[1]) for match in found if match), None)


def _byline(lines: Lines) -> str | None:
    """The name in the author box (picture, name, biography that begins with it), or `By NAME`."""
    for number, line in lines.all():
        if _AUTHOR_BOX.fullmatch(line):
            box = [text for _, text in lines.below(number, 6)][:2]
            if len(box) == 2 and box[1].startswith(box[0]) and len(box[0]) < 80:
                return box[0]
        if by := _BYLINE.fullmatch(line):
            return by[1]
    return None


def _pangea_provider(lines: Lines, site: str | None) -> str:
    """Which of the two families: by host, else by which of them the page names more often."""
    owner = registry().provider_of(site)
    if owner and owner.key in ("rferl", "voa"):
        return owner.key
    text = "\n".join(lines.lines)
    return "voa" if len(_VOA.findall(text)) > len(_RFERL.findall(text)) else "rferl"


def _seen(lines: Lines) -> Iterator[tuple[int, int, str]]:
    """(line, column, address) of every address that stands in the text."""
    for number, raw in enumerate(lines.raw):
        for seen in URL.finditer(raw) if "//" in raw else ():
            yield number, seen.start(), trimmed(seen[0])


@dataclass(slots=True)
class _Addresses:
    """The addresses of a text, by whose they are."""

    npr: list[tuple[int, Match]] = field(default_factory=list)
    others: list[tuple[int, int, Match]] = field(default_factory=list)


def _sorted(findings: Findings, lines: Lines, base: str | None) -> _Addresses:
    addresses, done = _Addresses(), set[tuple[int, str | None]]()
    for number, column, url in _seen(lines):
        match = registry().match(url, base)
        if match is None:
            findings.refuse(url, base, Place(number + 1))
        elif match.provider.key != "npr":
            addresses.others.append((number, column, match))
        elif (number, match.id) not in done:
            done.add((number, match.id))
            addresses.npr.append((number, match))
    return addresses


def _find(findings: Findings, lines: Lines, page: Page) -> list[Finding]:
    """Adds every recording, the players with lists and menus first: links in those are theirs.

    Gives the Pangea players.
    """
    addresses = _sorted(findings, lines, page.url)
    used: set[int] = set()
    for number, match in addresses.npr:
        used |= text_npr.identified(findings, lines, number, match)
    used |= text_npr.unresolved(findings, lines, text_npr.is_npr(lines, page.url))
    site = text_pangea.Site(_pangea_provider(lines, page.site), _is_pangea(page))
    players, taken = text_pangea.find(findings, lines, site)
    used |= taken
    for number, column, match in addresses.others:
        if number not in used and not match.announced:
            text_spaces.find(findings, lines, number, column, match)
    return players


def _is_pangea(page: Page) -> bool | None:
    """Whether the page is of a Pangea site or a mirror of one; None when nothing is known."""
    if page.url is None:
        return None
    owner = registry().provider_of(page.site)
    return bool(owner and owner.key in ("rferl", "voa")) or "/amp/" in page.url


def _paragraphs(lines: Lines) -> list[str]:
    """The page's own words: without captions, which stand twice, and the newsletter's box."""
    said: list[str] = []
    for _, line in lines.all():
        if _NEWSLETTER.fullmatch(line):
            break
        if said and said[-1] == line:
            said.pop()
        else:
            said.append(line)
    return said


def _event(finding: Finding, lines: Lines, page: Page) -> None:
    """People and day of the event, when the page has just this one recording."""
    paragraphs = _paragraphs(lines)
    finding.credit(people.people(paragraphs), "text/people-sentence")
    day = people.event_date(paragraphs, finding.value("published") or page.published)
    finding.propose("event_date", day, "text/event-sentence")
    finding.propose("title", page.title, "page/title")
    finding.propose("programme", text_pangea.programme(lines), "text/subscribe-heading")
    finding.propose("link", page.url, "page/url")
    if any(is_spaces_title(t) for t in (page.title, finding.value("title"))):
        finding.propose("kind", "space", "text/spaces-title")


def read(text: str, url: str | None) -> Page:
    """The page of a plain-text extract. `url` is where it came from, if known."""
    lines, findings = Lines(text), Findings()
    tag = _stories_about(lines)
    page = Page(
        url=urls.absolute(url),
        site=urls.site_of(url),
        title=f"Stories About {tag}" if tag else headline(lines),
        published=_published(lines),
        byline=_byline(lines),
        tags=(tag,) if tag else (),
    )
    players = _find(findings, lines, page)
    if len(players) == 1:
        _event(players[0], lines, page)
    for finding in findings.found:
        finding.tag(page.tags, "text/stories-about")
    findings.found.sort(key=lambda finding: settled(finding.place).line or 0)
    rule = "page/url" if page.url else "text/first-line"
    whole = partial(
        Page, page.url, page.site, page.title, page.published, page.byline, None, page.tags, "text"
    )
    return findings.page(whole, rule if page.title or page.url else None)
