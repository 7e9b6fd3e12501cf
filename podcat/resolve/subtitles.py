"""What is said when: out of WebVTT, SRT, TTML and the JSON that transcripts come in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import Any, Final, NamedTuple

from lxml import etree


class Said(NamedTuple):
    """Some words in a row of one speaker; times in seconds from the beginning, as far as known."""

    start: float | None
    end: float | None
    speaker: str | None
    text: str


_MOST: Final = 100_000
"""Cues; ten hours have some 20 000."""
_BRIEF: Final = 1000
"""Characters in which a name or a time ends."""
_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,6})?"
_TIMING = re.compile(rf"\s*({_CLOCK})\s*-{{1,2}}>\s*({_CLOCK})(?:\s.*)?")
_NUMBER = re.compile(r"\s*\d{1,7}\s*")
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)\b")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|<\d{2}:[\d:.]{1,20}>|\{\\[^{}]{0,40}\}")
_VOICE = re.compile(r"<v(?:\.[\w.-]{1,60})?\s++([^<>]{1,100})>")
_TIMED_TEXT = re.compile(r"<(?:\w+:)?tt\s[^>]{0,900}(?:ns/ttml|/ttaf1)")
_SECONDS = re.compile(r"(\d{1,8}(?:\.\d{1,6})?)\s?(ms|s|)")
_PARTS: Final = ("segments", "cues", "transcript", "utterances", "items", "results")
_BODIES: Final = ("body", "text", "content", "value", "line")
_SPEAKERS: Final = ("speaker", "speakerName", "speaker_name")
_STARTS: Final = ("startTime", "start", "start_time", "begin", "from", "startMs", "start_ms")
_ENDS: Final = ("endTime", "end", "end_time", "to", "endMs", "end_ms")


def seconds(stated: Any) -> float | None:
    """A time as subtitles and their relatives state it: `1:02.5`, `62.5`, `62.5s`, `62500ms`."""
    if isinstance(stated, bool) or not isinstance(stated, (int, float, str)):
        return None
    plain = str(stated).strip().replace(",", ".")
    if re.fullmatch(_CLOCK, plain):
        found = 0.0
        for part in plain.split(":"):
            found = found * 60 + float(part)
        return found
    seen = _SECONDS.fullmatch(plain)
    if seen is None:
        return None
    return float(seen[1]) / (1000 if seen[2] == "ms" else 1)


# ---------------------------------------------------------------- WebVTT, SRT


def is_cued(plain: str) -> bool:
    """Whether a text is WebVTT or SRT."""
    if plain.startswith("WEBVTT"):
        return True
    return any(_TIMING.fullmatch(line) for line in plain[:2000].split("\n")[:40])


def cues(plain: str) -> Iterator[Said]:
    """What each cue says, also where the empty lines between them are gone, or doubled."""
    timing: re.Match[str] | None = None
    held: list[str] = []
    aside = False
    for line in plain.split("\n"):
        if found := _TIMING.fullmatch(line):
            yield from _cue(timing, _own(held))
            timing, held, aside = found, [], False
        elif not line.strip():
            held.append("")
            aside = False
        else:
            aside = aside or (held[-1:] == [""] and _ASIDE.match(line) is not None)
            held += [] if aside else [line]
    yield from _cue(timing, held)


def _own(lines: list[str]) -> list[str]:
    """The lines between two times, without the number or the name of the second."""
    is_next_to_it = lines[-1:] != [""]
    kept = list(lines)
    while kept and not kept[-1]:
        kept.pop()
    is_apart = kept[-2:-1] == [""]
    is_number = bool(kept) and _NUMBER.fullmatch(kept[-1]) is not None
    is_name = is_apart and is_next_to_it
    return kept[:-1] if is_name or (is_number and (is_apart or is_next_to_it)) else kept


def _cue(timing: re.Match[str] | None, lines: list[str]) -> Iterator[Said]:
    """What a cue says, by speaker."""
    if timing is None:
        return
    start, end = seconds(timing[1]), seconds(timing[2])
    speaker: str | None = None
    said: list[str] = []
    for voice, words in _by_voice("\n".join(filter(None, lines))):
        if voice != speaker and said:
            yield Said(start, end, speaker, " ".join(said))
            said = []
        speaker = voice
        said.append(words)
    if said:
        yield Said(start, end, speaker, " ".join(said))


def _by_voice(text: str) -> Iterator[tuple[str | None, str]]:
    places = [*_VOICE.finditer(text)]
    ends = [place.start() for place in places[1:]] + [len(text)]
    if before := _plain(text[: places[0].start()] if places else text):
        yield None, before
    for place, end in zip(places, ends, strict=False):
        if words := _plain(text[place.end() : end]):
            yield _plain(place[1]) or None, words


def _plain(text: str) -> str:
    return " ".join(unescape(_TAG.sub("", text)).split())


# ---------------------------------------------------------------- JSON


def in_json(plain: str) -> Iterator[Said]:
    """As podcast:transcript has it: segments with a speaker and a body; others call them so."""
    try:
        value: Any = json.loads(plain)
    except (ValueError, RecursionError):
        return
    speaker = None
    for number, one in enumerate(_segments(value)):
        if number >= _MOST:
            return
        body = _first(one, _BODIES)
        speaker = _first(one, _SPEAKERS) or speaker
        if body:
            yield Said(_time(one, _STARTS), _time(one, _ENDS), speaker, body)


def _segments(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list, or of the first list in an object that is called like one."""
    for _ in range(3):
        if not isinstance(value, dict):
            break
        inner = (value[name] for name in _PARTS if isinstance(value.get(name), (list, dict)))
        value = next(inner, [value])
    yield from (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def _first(node: dict[str, Any], names: tuple[str, ...]) -> str | None:
    """The words by one of these names, or those of an object that has a name."""
    for name in names:
        value = node.get(name)
        if isinstance(value, dict):
            value = value.get("name")
        if isinstance(value, int) and not isinstance(value, bool) and name in _SPEAKERS:
            value = f"Speaker {value}"
        if isinstance(value, str) and value.strip():
            return value
    return None


def _time(node: dict[str, Any], names: tuple[str, ...]) -> float | None:
    for name in names:
        found = seconds(node.get(name))
        if found is not None:
            return found / 1000 if name.lower().endswith("ms") else found
    return None


# ---------------------------------------------------------------- TTML


def is_timed_text(plain: str) -> bool:
    """Whether a text is TTML, which broadcasters use."""
    return plain.startswith("<") and _TIMED_TEXT.search(plain[:3000]) is not None


def in_timed_text(plain: str) -> Iterator[Said]:
    """What each paragraph of a TTML document says."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(plain.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    if root is None:
        return
    names = _agents(root)
    for number, paragraph in enumerate(root.iter("{*}p")):
        if number >= _MOST:
            return
        if next(paragraph.iterancestors("{*}p"), None) is not None:
            continue  # what is in a paragraph was said with it
        for line in paragraph.iter("{*}br"):
            line.tail = " " + (line.tail or "")
        agent = _attribute(paragraph, "agent")
        said = " ".join("".join(paragraph.itertext()).split())
        start, end = seconds(paragraph.get("begin")), seconds(paragraph.get("end"))
        if said:
            yield Said(start, end, names.get(agent or "", agent), said)


def _agents(root: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for agent in root.iter("{*}agent"):
        if name := brief(agent):
            found[_attribute(agent, "id") or ""] = name[:100]
    return found


def brief(element: Any) -> str:
    """The words with which an element begins: elements inside one another may hold all there is."""
    parts = (part[:_BRIEF] for part in islice(element.itertext(), 20))
    return " ".join("".join(parts)[:_BRIEF].split())


def _attribute(element: Any, name: str) -> str | None:
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), None)
