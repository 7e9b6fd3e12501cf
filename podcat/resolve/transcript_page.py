"""What is said when: out of the pages that transcripts stand on.

The paragraphs of what calls itself a transcript. A name before them, in `cite`, `dt` or an element
that calls itself speaker, is who speaks; a time, in `time`, brackets or a data attribute, is when.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree, html

from podcat import text
from podcat.resolve.subtitles import Said, brief, seconds

_LEAST: Final = 10
"""Words; what has fewer says that there is none."""
_HOLDERS: Final = (
    "//*[@aria-label='Transcript']", "//*[contains(concat(' ', @class, ' '), ' transcript ')]",
    "//*[@id='transcript']", "//*[contains(@class, 'transcript')]",
    "//body[not(.//nav or .//header or .//footer or .//aside)][.//cite or .//time]",
)  # fmt: skip
"""The last one is a page that is a transcript and nothing else."""
_MOST_HOLDERS: Final = 10
_FURNITURE: Final = ("script", "style", "nav", "button", "form", "noscript")
_AWAY: Final = "away"
_BLOCKS: Final = frozenset({"p", "dd", "li", "blockquote"})
_NAMES: Final = frozenset({"cite", "dt"})
_BOLD: Final = frozenset({"b", "strong"})
_SPEAKER = re.compile(r"(?:^|[\s_-])speaker(?:[\s_-]?name)?(?:$|\s)", re.I)
_STAMP = re.compile(r"(?:^|[\s_-])time-?(?:stamp|code)?(?:$|\s)", re.I)
_AT = re.compile(r"\s*+[\[(]?((?:\d{1,3}:)?\d{1,2}:\d{2}(?:\.\d{1,3})?)[\])]?\s*+(?:[-–—:]\s*+)?")
_DATA: Final = ("data-start", "data-start-time", "data-time", "data-timestamp")


def spoken(page: str) -> Iterator[Said]:
    """What is said on a page; nothing where it holds no transcript."""
    try:
        root = html.document_fromstring(text.scrub(page))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return
    etree.strip_elements(root, *_FURNITURE, with_tail=False)
    for line in root.iter("br"):
        line.tail = " " + (line.tail or "")
    tried: set[Any] = set()
    for path in _HOLDERS:
        found: Any = root.xpath(path)
        for holder in found[:_MOST_HOLDERS]:
            if holder in tried or not tried.isdisjoint(holder.iterancestors()):
                continue
            tried.add(holder)
            said = list(_blocks(holder))
            if sum(len(one.text.split()) for one in said) >= _LEAST:
                yield from said
                return


def _blocks(holder: Any) -> Iterator[Said]:
    """The paragraphs in order, each with the name and the time that stand before or in it."""
    speaker: str | None = None
    start: float | None = None
    inside: set[Any] = set()
    for element in list(holder.iter()):
        if element in inside:
            continue
        if _is_name(element):
            speaker = _name(element) or speaker
        elif _is_stamp(element):
            start = _time(element)
        elif element.tag in _BLOCKS and not any(
            e.tag in _BLOCKS for e in element.iterdescendants()
        ):
            inside.update(element.iterdescendants())
            own = _block(element)
            if own.speaker or (own.start is not None):
                speaker = own.speaker  # with a time of its own and no name, it may be anybody
            yield own._replace(speaker=speaker, start=start if own.start is None else own.start)
            start = None


def _block(block: Any) -> Said:
    """One paragraph, without the name and the time that stand in it."""
    speaker, start = None, _stated(block)
    for inner in list(block.iterdescendants()):
        if _is_name(inner):
            speaker = speaker or _name(inner)
            inner.tag = _AWAY
        elif _is_stamp(inner):
            start = _time(inner) if start is None else start
            inner.tag = _AWAY
        else:
            start = _stated(inner) if start is None else start
    etree.strip_elements(block, _AWAY, with_tail=False)  # all at once: one by one takes for ever
    said = " ".join(block.text_content().split())
    if start is None and (at := _AT.match(said)) and len(said) > at.end():
        start, said = seconds(at[1]), said[at.end() :]
    return Said(start, None, speaker, said)


def _is_name(element: Any) -> bool:
    if element.tag in _NAMES or _is_called(element, _SPEAKER):
        return True
    return element.tag in _BOLD and (element.text or "").rstrip().endswith(":")


def _is_stamp(element: Any) -> bool:
    if element.tag == "time":
        return True
    return _is_called(element, _STAMP) and _AT.fullmatch(element.text_content()) is not None


def _is_called(element: Any, pattern: re.Pattern[str]) -> bool:
    short = isinstance(element.tag, str) and element.tag not in _BLOCKS and len(element) == 0
    return short and pattern.search(element.get("class") or "") is not None


def _name(element: Any) -> str | None:
    return brief(element).rstrip(":").strip()[:100] or None


def _time(element: Any) -> float | None:
    at = _AT.fullmatch(brief(element))
    return seconds(at[1]) if at else None


def _stated(element: Any) -> float | None:
    return next((t for name in _DATA if (t := seconds(element.get(name))) is not None), None)
