"""What is spoken, out of the forms in which transcripts come: WebVTT, SRT, JSON, HTML, text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree, html

from podcat import text

_LEAST: Final = 10
"""Words; what has fewer says that there is none."""
_MOST: Final = 500_000
_TIME = re.compile(r"^\s*(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->")
_NUMBER = re.compile(r"^\d{1,6}$")
_NOTE = re.compile(r"^(?:WEBVTT|NOTE|STYLE|REGION)\b")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|<\d{2}:[\d:.]{1,20}>|\{\\[^{}]{0,40}\}")
_VOICE = re.compile(r"^<v(?:\.[\w.]{1,40})?\s+([^<>]{1,100})>")
_HOLDERS: Final = (
    "//*[@aria-label='Transcript']", "//*[contains(concat(' ', @class, ' '), ' transcript ')]",
    "//*[@id='transcript']", "//*[contains(@class, 'transcript')]",
)  # fmt: skip
_FURNITURE: Final = ("script", "style", "nav", "button", "form", "noscript")
_PARTS: Final = ("segments", "cues", "transcript", "items", "results")


def spoken(data: bytes, content_type: str, url: str) -> str | None:
    """The words of a transcript, a line a cue or paragraph; None where there are none."""
    plain = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    kind = content_type.partition(";")[0].strip().lower()
    head = plain.lstrip()[:200]
    if head.startswith("WEBVTT") or _is_cued(plain):
        lines = _cues(plain)
    elif head[:1] in ("{", "["):
        lines = _json(plain)
    elif head[:1] == "<" or "html" in kind:
        lines = _html(plain)
    elif kind == "text/plain" or url.partition("?")[0].endswith(".txt"):
        lines = iter(plain.split("\n"))
    else:
        return None
    return _joined(lines)


def _joined(lines: Iterator[str]) -> str | None:
    """The lines without empty ones, and without those that cues repeat as they roll."""
    kept: list[str] = []
    room = _MOST
    for line in lines:
        said = text.clean(line)
        if said and said != (kept[-1] if kept else None):
            kept.append(said)
            room -= len(said) + 1
        if room < 0:
            break
    whole = "\n".join(kept)[:_MOST]
    return whole if len(whole.split()) >= _LEAST else None


def _is_cued(plain: str) -> bool:
    return any(_TIME.match(line) for line in plain[:2000].split("\n"))


def _cues(plain: str) -> Iterator[str]:
    """The words of cues: blocks between empty lines, behind their line of times."""
    for block in re.split(r"\n[ \t]*\n", plain):
        lines = block.strip("\n").split("\n")
        start = next((n for n, line in enumerate(lines) if _TIME.match(line)), None)
        if start is None or _NOTE.match(lines[0]):
            continue
        said = [_without_tags(line) for line in lines[start + 1 :] if not _NUMBER.match(line)]
        yield " ".join(said)


def _without_tags(line: str) -> str:
    voice = _VOICE.match(line)
    plain = _TAG.sub("", line).replace("&amp;", "&").replace("&lt;", "<").replace("&nbsp;", " ")
    return f"{voice[1].strip()}: {plain}" if voice else plain


def _json(plain: str) -> Iterator[str]:
    """As podcast:transcript has it: segments with a speaker and a body; others call them so."""
    try:
        value: Any = json.loads(plain)
    except (ValueError, RecursionError):
        return
    if isinstance(value, dict):
        named = (value[name] for name in _PARTS if isinstance(value.get(name), list))
        value = next(named, [value])
    speaker = None
    for one in value if isinstance(value, list) else ():
        body = _first(one, "body", "text", "content") if isinstance(one, dict) else None
        if not body:
            continue
        who = _first(one, "speaker", "speakerName")
        yield f"{who}: {body}" if who and who != speaker else body
        speaker = who or speaker


def _first(node: dict[str, Any], *names: str) -> str | None:
    return next((node[n] for n in names if isinstance(node.get(n), str) and node[n].strip()), None)


def _html(plain: str) -> Iterator[str]:
    """The paragraphs of what calls itself a transcript."""
    try:
        root = html.document_fromstring(text.scrub(plain))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return
    for away in list(root.iter(*_FURNITURE)):
        away.drop_tree()
    for path in _HOLDERS:
        found: Any = root.xpath(path)
        for holder in found:
            paragraphs = [p.text_content() for p in holder.iter("p")]
            if sum(len(p.split()) for p in paragraphs) >= _LEAST:
                yield from paragraphs
                return
