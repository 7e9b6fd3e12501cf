"""What a provider's own player page plays, where no rule for its markup found the file.

A page whose address is that of a player plays one recording. If it names just one file of sound,
in an element without a name, in a list of sources, or in the data of its scripts, plain or in
base64, that is the recording's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any, Final

from podcat import urls
from podcat.extract import html_cards
from podcat.extract.findings import Finding, Findings, one_file
from podcat.extract.html_linked import CARD_FILES
from podcat.extract.html_meta import Meta
from podcat.extract.recording_node import is_sound
from podcat.extract.script_values import unpacked
from podcat.extract.tree import Element, json_at
from podcat.providers import Match, registry
from podcat.text import parse_duration

_SCRIPT: Final = "json/player-script"
_SOURCES: Final = "json/data-sources"
_ATTRIBUTE: Final = "json/player-attribute"
_MOST_TEXT: Final = 2_000_000
_MOST: Final = 400
_SHORTEST: Final = 12  # characters of an address
_ADDRESS = re.compile(r"https?:(?:\\?/){2}[^\s\"'<>()]{4,2000}")
_PACKED = re.compile(r"[\"']([A-Za-z0-9+/_-]{40,20000}={0,2})[\"']")
_LENGTH = re.compile(
    r"\b(?:duration|length)(?:_?seconds)?[\"']?\s{0,9}:\s{0,9}[\"']?(\d[\d:.]{0,11})", re.I
)
_FILMS: Final = ("video/",)


def read(findings: Findings, root: Element, meta: Meta, itself: Match | None) -> None:
    """Gives the recording of a player page the one file that the page names.

    To be called when everything that the page shows and says is found.
    """
    if itself is None or itself.form != "player" or not itself.id:
        return
    here = [f for f in findings.found if (f.provider, f.id) == (itself.provider.key, itself.id)]
    if len(here) != 1 or _has_file(here[0]):
        return
    own = here[0]
    others = [finding for finding in findings.found if finding is not own]
    if others:
        _join_the_one(findings, own, others)
        return
    _propose(
        own,
        dict.fromkeys(_listed(root), _SOURCES)
        or dict(_carded(meta))
        or dict.fromkeys(_told(_scripts(root)), _SCRIPT)
        or dict.fromkeys(_told(_attributes(root)), _ATTRIBUTE),
    )
    if _has_file(own):
        _length(own, root)


def _has_file(finding: Finding) -> bool:
    stated = (c for c in finding.candidates if c.field in ("audio_url", "video_url"))
    return any(not candidate.rule.startswith("derived/") for candidate in stated)


def _join_the_one(findings: Findings, own: Finding, others: list[Finding]) -> None:
    """A file that stands there with no name is what this player plays."""
    if len(others) == 1 and not others[0].id:
        findings.found.remove(others[0])
        own.join(others[0])


def _propose(finding: Finding, files: dict[str, str]) -> None:
    if len({one_file(url) for url in files}) != 1:
        return
    for url, rule in sorted(files.items(), key=lambda item: len(item[0])):  # no quality in its name
        is_film = (registry().media_type(url) or "").startswith(_FILMS)
        finding.propose("video_url" if is_film else "audio_url", url, rule)


def _listed(root: Element) -> Iterator[str]:
    """The files in `data-sources`, as Pangea's players have them."""
    for element in root.iter("audio", "video"):
        listed = json_at(element.get("data-sources"))
        for each in listed if isinstance(listed, list) else ():
            named: Any = each.get("Src") if isinstance(each, dict) else None
            if isinstance(named, str) and (url := urls.absolute(named)):
                yield from _media(url)


def _carded(meta: Meta) -> Iterator[tuple[str, str]]:
    """The file that the page hands to networks, with its rule."""
    for name, kind in CARD_FILES.items():
        stated, url = html_cards.first(meta.cards, kind), html_cards.first(meta.cards, name)
        url = urls.absolute(url, meta.url)
        if url and is_sound(url, stated, False, meta.url):
            yield url, f"page/{name}"


def _told(texts: Iterable[str]) -> Iterator[str]:
    """The files in the page's data, plain or in base64."""
    for text in texts:
        for seen in _ADDRESS.finditer(text):
            yield from _media(urls.absolute(seen[0].replace("\\/", "/")))
        for number, seen in enumerate(_PACKED.finditer(text)):
            if number >= _MOST:
                break
            for inner in _ADDRESS.finditer(unpacked(seen[1]) or ""):
                yield from _media(urls.absolute(inner[0].replace("\\/", "/")))


def _scripts(root: Element) -> Iterator[str]:
    room = _MOST_TEXT
    for script in root.iter("script"):
        text = script.text or ""
        room -= len(text)
        if room < 0:
            return
        text = text.replace("\\u0026", "&").replace("\\u002F", "/").replace("\\u002f", "/")
        yield unescape(text) if "&quot;" in text else text


def _attributes(root: Element) -> Iterator[str]:
    """The data that elements carry for the page's scripts, each as a text in quotes."""
    room = _MOST_TEXT
    for element in root.iter():
        for name, value in element.attrib.items():
            if not name.startswith("data-") or len(value) < _SHORTEST:
                continue
            room -= len(value)
            if room < 0:
                return
            yield f"'{value}'"


def _media(url: str | None) -> Iterator[str]:
    kind = registry().media_type(url) or ""
    if url and kind.startswith(("audio/", "video/")) and "mpegurl" not in kind:
        yield url


def _length(finding: Finding, root: Element) -> None:
    """The one length that the scripts state."""
    for texts, rule in ((_scripts(root), _SCRIPT), (_attributes(root), _ATTRIBUTE)):
        stated = {parse_duration(seen[1]) for text in texts for seen in _LENGTH.finditer(text)}
        known = stated - {None}
        if len(known) == 1:
            finding.propose("duration", known.pop(), rule)
