"""Reads a plain-text extract: what the page says of itself, and its recordings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from podcat import urls
from podcat.extract import people, text_npr, text_pangea, text_spaces
from podcat.extract.chrome import headline
from podcat.extract.findings import MOST, Finding, Findings, settled
from podcat.extract.lines import MARKS, Lines, is_spaces_title, lines_of, trimmed
from podcat.model import Page, Place
from podcat.providers import Match, registry
from podcat.text import NOTHING, parse_date

_STORIES_ABOUT = re.compile(r"stories about", re.I)
_DATE_LINE = re.compile(r"\s*date (\d{4}-\d{2}(?:-\d{2})?)\s*", re.I)
_AUTHOR_BOX = re.compile(r"\W*16x9 image", re.I)
_BYLINE = re.compile(r"[Bb]y ((?:[^\W\d_][\w'’.-]*)(?: [^\W\d_][\w'’.-]*){1,3})")
# What can stand before the first word of a line without being part of it.
_FRONT = NOTHING + "*_`#!["
_NEWSLETTER = re.compile(r"about (?:the newsletter|this blog|the author)", re.I)
# What stands above a headline has this many lines at most.
_TOP = 60
# An address without its scheme: the host with what stands by it, the path, the rest.
_ADDRESS = re.compile(r"//(?P<authority>[^\s<>\"“”«»/?#]*)(?P<path>[^\s<>\"“”«»?#]*)[^\s<>\"“”«»]*")
_MARKS = MARKS + ")]}"
# How often one address is read: a recording that is named more often says nothing new.
_MENTIONS = 100
# Hosts whose addresses name pages of any other host.
_ARCHIVES = ("web.archive.org", "archive.org")


def _stories_about(lines: Lines) -> str | None:
    """The tag of an NPR `Stories About` page: the line below these words."""
    for number, line in lines.below(-1, 20):
        if _STORIES_ABOUT.fullmatch(line):
            return next((text for _, text in lines.below(number, 4)), None)
    return None


def _published(lines: Lines) -> str | None:
    found = (_DATE_LINE.fullmatch(line) for _, line in lines.below(-1, 6))
    return next((parse_date(match[1]) for match in found if match), None)


def _byline_places(lines: Lines) -> list[int]:
    """The lines that an author's name may stand on or under."""
    begun = (n for n in lines.filled() if lines.raw[n].lstrip(_FRONT)[:2] in ("By", "by"))
    return sorted({*begun, *lines.where("16x9")})


def _byline(lines: Lines) -> str | None:
    """The name in the author box (picture, name, biography that begins with it), or `By NAME`."""
    for number in _byline_places(lines):
        line = lines[number]
        if _AUTHOR_BOX.fullmatch(line):
            box = [text for _, text in lines.below(number, 6)][:2]
            if len(box) == 2 and box[1].startswith(box[0]) and len(box[0]) < 80:
                return box[0]
        if by := _BYLINE.fullmatch(line):
            return by[1]
    return None


# ---------------------------------------------------------------- addresses

# What ends an address in shortcodes, BBCode, tables of values and East Asian sentences.
_GLUED = re.compile(r"[\[\]{}|,。，、；！？」』】）]")
_RUN = 200


def _is_ours(authority: str) -> bool:
    """Whether recordings are told by addresses of a host; what is odd is for the parser to say."""
    host = authority.rpartition("@")[2].partition(":")[0].rstrip(_MARKS).lower()
    odd = not host.isascii() or host.startswith("[")
    return odd or host in _ARCHIVES or registry().provider_of(host) is not None


def worth_a_look(seen: re.Match[str], known: dict[str, bool]) -> bool:
    """Whether an address can be one of a recording, as far as its host and ending tell.

    Most addresses in a text are not, and parsing one costs many times as much as asking here.
    `known` keeps the answers for hosts.
    """
    authority, path = seen.groups()
    ours = known.get(authority)
    if ours is None:
        ours = known[authority] = _is_ours(authority)
    if ours or not seen[0].isprintable():
        return True
    return path.rstrip(_MARKS).rpartition(".")[2].lower() in registry().media


def _scheme(before: str) -> str:
    """The scheme that stands right before the slashes of an address, or nothing."""
    small = before.lower()
    return (
        before[-6:] if small.endswith("https:") else before[-5:] if small.endswith("http:") else ""
    )


def _in_a_query(before: str) -> bool:
    """Whether what stands right before an address makes it a value in another's query."""
    run = before.rsplit(None, 1)[-1] if before.endswith("=") else ""
    return "?" in run


def _ended(url: str) -> str:
    """An address without the markup or the sentence that is glued to it, if that makes it one."""
    if registry().match(url) or not (ends := _GLUED.search(url)):
        return url
    short = trimmed(url[: ends.start()])
    return short if registry().match(short) else url


def _seen(lines: Lines) -> Iterator[tuple[int, int, str]]:
    """(line, column, address) of every address in the text that may be one of a recording."""
    text, known = lines.text, dict[str, bool]()
    number = begins = counted = 0
    if "/" not in text:
        return
    for seen in _ADDRESS.finditer(text):
        if not worth_a_look(seen, known):
            continue
        at, url = seen.start(), trimmed(seen[0])
        number += text.count("\n", counted, at)
        begins = max(begins, text.rfind("\n", counted, at) + 1)
        counted = at
        scheme = _scheme(text[max(begins, at - 6) : at])
        column = at - len(scheme) - begins
        if not _in_a_query(text[max(begins, at - len(scheme) - _RUN) : at - len(scheme)]):
            yield number, column, _ended(scheme + url)


@dataclass(slots=True)
class _Addresses:
    """The addresses of a text, by whose they are."""

    npr: list[tuple[int, Match]] = field(default_factory=list)
    others: list[tuple[int, int, Match]] = field(default_factory=list)
    more: bool = False
    """Whether there were more of players' hosts than any page has, and some were left out."""


def _sorted(findings: Findings, lines: Lines, base: str | None) -> _Addresses:
    addresses, done = _Addresses(), set[tuple[int, str | None]]()
    matches: dict[str, Match | None] = {}
    mentions = Counter[str]()
    for number, column, url in _seen(lines):
        if len(matches) > 2 * MOST:
            addresses.more = True
            break
        if url in matches:
            match = matches[url]
        else:
            match = matches[url] = registry().match(url, base)
            if match is None and len(findings.refused) < MOST:
                findings.refuse(url, base, Place(number + 1))
        mentions[url] += 1
        if match is None or mentions[url] > _MENTIONS:
            continue
        if match.provider.key != "npr":
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
    used = text_npr.identified(findings, lines, addresses.npr)
    used |= text_npr.unresolved(findings, lines, page.url)
    site = text_pangea.Site(lines, page.site, _is_pangea(page))
    players, taken = text_pangea.find(findings, lines, site)
    used |= taken
    for number, column, match in addresses.others:
        if number not in used and not match.announced and not findings.overflowed:
            text_spaces.find(findings, lines, number, column, match)
    findings.overflowed |= addresses.more
    return players


def _is_pangea(page: Page) -> bool | None:
    """Whether the page is of a Pangea site or a mirror of one; None when nothing is known."""
    if page.url is None:
        return None
    owner = registry().provider_of(page.site)
    return bool(owner and owner.key in ("rferl", "voa")) or "/amp/" in page.url


# ---------------------------------------------------------------- the page's own words


def _plain(line: str) -> bool:
    """Whether a line is as `clean` would leave it."""
    return line.isascii() and line.isprintable() and "  " not in line


def _same(lines: Lines, one: int, other: int) -> bool:
    """Whether two lines are the same words; most are told apart without cleaning them."""
    a, b = lines.raw[one].strip(), lines.raw[other].strip()
    if a == b:
        return True
    if a[:1] != b[:1] or a[-1:] != b[-1:] or (_plain(a) and _plain(b)):
        return lines.markdown and lines[one] == lines[other]
    return lines[one] == lines[other]


def _own(lines: Lines) -> list[int]:
    """The lines of the page's own words: no captions, which stand twice, nor the newsletter's."""
    ends = (n for n in lines.where("about") if _NEWSLETTER.fullmatch(lines[n]))
    last, said = next(ends, len(lines)), list[int]()
    for number in lines.filled():
        if number >= last:
            break
        if said and _same(lines, said[-1], number):
            said.pop()
        else:
            said.append(number)
    return said


def _holding(lines: Lines, own: list[int], words: Iterable[str]) -> Iterator[str]:
    """Those of some lines that hold one of some words."""
    places = set(lines.with_any(*words))
    return (lines[number] for number in own if number in places)


def _event(finding: Finding, lines: Lines, page: Page) -> None:
    """People and day of the event, when the page has just this one recording."""
    own = _own(lines)
    named = people.people(_holding(lines, own, people.ROLE_WORDS))
    finding.credit(named, "text/people-sentence")
    published = finding.value("published") or page.published
    day = people.event_date(_holding(lines, own, people.EVENT_WORDS), published)
    finding.propose("event_date", day, "text/event-sentence")
    finding.propose("title", page.title, "page/title")
    finding.propose("programme", text_pangea.programme(lines), "text/subscribe-heading")
    finding.propose("link", page.url, "page/url")
    if any(is_spaces_title(t) for t in (page.title, finding.value("title"))):
        finding.propose("kind", "space", "text/spaces-title")


def read(text: str, url: str | None, source: bytes | None = None) -> Page:
    """The page of a plain-text extract.

    `url` is where it came from, if known; `source` the text in UTF-8, if that is at hand.
    """
    lines, findings = lines_of(text, source), Findings()
    top = lines.top(_TOP)
    tag = _stories_about(top)
    page = Page(
        url=urls.absolute(url),
        site=urls.site_of(url),
        title=f"Stories About {tag}" if tag else headline(top),
        published=_published(top),
        tags=(tag,) if tag else (),
    )
    players = _find(findings, lines, page)
    if len(players) == 1:
        _event(players[0], lines, page)
    for finding in findings.found:
        finding.tag(page.tags, "text/stories-about")
    findings.found.sort(key=lambda finding: settled(finding.place).line or 0)
    byline = _byline(lines) if findings.found else None
    rule = "page/url" if page.url else "text/first-line"
    whole = partial(
        Page, page.url, page.site, page.title, page.published, byline, None, page.tags, "text"
    )
    return findings.page(whole, rule if page.title or page.url else None)
