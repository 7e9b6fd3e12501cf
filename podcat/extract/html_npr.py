"""NPR's audio modules in HTML: no iframe element, but JSON, a button and an escaped snippet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from podcat import urls
from podcat.extract.findings import Finding, Findings, found
from podcat.extract.lines import URL, trimmed
from podcat.extract.script_values import object_at, unpacked
from podcat.extract.tree import Element, Parts, classes, json_at, place, with_class, words
from podcat.providers import Match, registry
from podcat.text import parse_date, parse_duration

FAMILY = ("npr",)
MODULES = frozenset(
    {"resaudio", "audio-module", "audio-module-tools", "audio-module-controls-wrap"}
)
_ITEM = frozenset({"item", "podcast-episode", "program-show", "rundown-segment", "story"})
_OPEN_PLAYER = re.compile(r"NPR\.Player\.openPlayer\(\s*['\"]?([\w-]+)['\"]?\s*,\s*['\"]?([\w-]+)")
_MODEL = re.compile(r"\baudioModel\b[\"']?\s*[=:]\s*(?!=)")
_MOST_MODELS, _LONGEST = 20, 200_000
_STORY_DATE = re.compile(r"/(\d{4})/(\d{2})/(\d{2})/")
_CALL = re.compile(r"listen to\b", re.I)
_PLAYER = "https://www.npr.org/player/embed/"
_NAMING = ("data-embed-url", "value", "src")
_OWN_WORDS = etree.XPath(".//text()[not(ancestor::time)]", smart_strings=False)
_JSON = "json/npr-data-audio"
_HTML = "html/npr-audio-module"


def by_uid(uid: Any) -> Match | None:
    """The recording of a pair as NPR's own data write it: `STORY:MEDIA`."""
    if not isinstance(uid, str) or uid.count(":") != 1:
        return None
    match = registry().match(_PLAYER + uid.replace(":", "/"))
    return match if match and match.provider.key == "npr" else None


def _address(text: Any) -> str | None:
    """An audio address, plain or, as around 2018, in base64."""
    if not isinstance(text, str) or not text:
        return None
    return urls.absolute(text if "//" in text[:8] else unpacked(text))


def _story_date(url: str | None) -> str | None:
    found_date = _STORY_DATE.search(url or "")
    return parse_date("-".join(found_date.groups())) if found_date else None


def model(finding: Finding, data: dict[str, Any], rule: str) -> None:
    """What NPR's JSON of one recording says."""
    story = data.get("storyUrl") if isinstance(data.get("storyUrl"), str) else None
    finding.propose_all(
        rule,
        title=data.get("title") if isinstance(data.get("title"), str) else None,
        duration=parse_duration(data.get("duration")),
        programme=data.get("program") if isinstance(data.get("program"), str) else None,
        link=urls.absolute(story),
        audio_url=_address(data.get("audioUrl") or data.get("audioSrc")),
        kind="audio",
    )
    finding.propose("published", _story_date(story), "html/npr-story-address")


def _is_live(data: Any) -> bool:
    return isinstance(data, dict) and data.get("type") == "stream"


def _mentions(module: Parts) -> Iterator[Match]:
    """The pairs that a module names, in any of its places."""
    texts = [v for name in _NAMING for _, v in module.having(name)]
    texts += ["".join(code.itertext()) for code in module.root.iter("code")]
    for text in texts:
        for seen in URL.finditer(text) if "//" in text else ():
            match = registry().match(trimmed(seen[0]))
            if match and match.provider.key == "npr":
                yield match


def _href(element: Element | None, base: str | None) -> str | None:
    links = element.iter("a") if element is not None else ()
    return next((urls.absolute(href, base) for a in links if (href := a.get("href"))), None)


def _tools(finding: Finding, module: Parts, base: str | None) -> None:
    """The list of tools: flags from what is in it, addresses from its links."""
    download, transcript, embed = (
        module.of_class(f"audio-tool-{name}") for name in ("download", "transcript", "embed")
    )
    if module.of_class("audio-module-more-tools") is None and embed is None:
        return
    finding.propose("has_download", download is not None, _HTML)
    finding.propose("has_transcript", transcript is not None, _HTML)
    finding.propose("transcript_url", _href(transcript, base), _HTML)
    finding.propose("audio_url", _href(download, base), _HTML)


def _module_words(finding: Finding, module: Parts, base: str | None) -> None:
    length = words(module.of_class("audio-module-duration"))
    finding.propose("duration", parse_duration(length), _HTML)
    listen = module.of_class("audio-module-listen")
    if listen is not None:
        finding.propose("audio_url", urls.absolute(listen.get("href"), base), _HTML)


def _around(root: Element) -> Element | None:
    """The list item that a module stands in, if any."""
    for element in root.iterancestors():
        if classes(element) & _ITEM:
            return element
        if element.tag in ("body", "main"):
            return None
    return None


def _item(finding: Finding, item: Element | None, base: str | None) -> None:
    """Date, headline, teaser and picture of the list item that a recording stands in."""
    if item is None or "story" in classes(item):
        return
    parts = Parts(item)
    title = parts.of_class("title")
    finding.propose("title", words(title), "html/npr-item-title")
    finding.propose("link", _href(title, base), "html/npr-item-title")
    stamp = next((t for t in item.iter("time") if t.get("datetime")), None)
    if stamp is not None:
        finding.propose("published", parse_date(stamp.get("datetime")), "html/npr-item-date")
    teaser = parts.of_class("teaser")
    if teaser is not None:
        finding.propose("description", "".join(_OWN_WORDS(teaser)), "html/npr-item-teaser")
    image = next(item.iter("img"), None)
    if image is not None:
        source = image.get("data-original") or image.get("src")
        finding.propose("image_url", urls.absolute(source, base), "html/npr-item-image")


def _data(module: Parts) -> list[dict[str, Any]]:
    """The JSON objects of a module: one or a list in `data-audio`, the list of `data-play-all`."""
    said = []
    for _, value in module.having("data-audio"):
        one = json_at(unpacked(value) or value)
        said += one if isinstance(one, list) else [one]
    for _, value in module.having("data-play-all"):
        many = json_at(value)
        listed = many.get("audioData") if isinstance(many, dict) else None
        said += listed if isinstance(listed, list) else []
    return [data for data in said if isinstance(data, dict)]


def module(findings: Findings, root: Element, base: str | None) -> bool | None:
    """Adds the recording of an audio module.

    True when it is done, False when the modules inside say more, None when there is nothing.
    """
    parts = Parts(root)
    data = _data(parts)
    if any(_is_live(d) for d in data):
        return True
    if len(data) > 1 and len({d.get("uid") for d in data}) > 1:
        return _several(findings, root, data)
    match = by_uid(data[0].get("uid")) if data else None
    match = match or next(_mentions(parts), None)
    message = parts.of_class("audio-availability-message")
    if match is None and message is None:
        return None
    finding = found(match, place(root), _HTML) if match else Finding("npr", place(root), _HTML)
    if data:
        model(finding, data[0], _JSON)
    heading = words(parts.of_class("audio-module-title"))
    call = bool(heading and _CALL.match(heading))
    finding.propose("title", None if call else heading, _HTML)
    _module_words(finding, parts, base)
    _tools(finding, parts, base)
    _item(finding, _around(root), base)
    finding.propose("title", heading, _HTML)
    if match:
        finding.transcript(match)
    findings.add(finding)
    return True


def _several(findings: Findings, root: Element, data: list[dict[str, Any]]) -> bool:
    for one in data:
        if match := by_uid(one.get("uid")):
            finding = found(match, place(root), _JSON)
            model(finding, one, _JSON)
            findings.add(finding)
    return False


def script(findings: Findings, element: Element, itself: Match | None) -> None:
    """The `audioModel` of NPR's own player page; without a pair of its own it is the page's."""
    text = element.text or ""
    if "audioModel" not in text:
        return
    own = itself if itself and itself.provider.key == "npr" else None
    said = [(by_uid(data.get("uid")), data) for data in _models(text)]
    named = [(match, data) for match, data in said if match]
    # Of several without a pair, the first is what the page plays.
    for match, data in named or [(own, data) for _, data in said[:1] if own]:
        finding = found(match, place(element), "json/npr-audio-model")
        model(finding, data, "json/npr-audio-model")
        findings.add(finding)


def _models(text: str) -> Iterator[dict[str, Any]]:
    for start in islice(_MODEL.finditer(text), _MOST_MODELS):
        data = object_at(text[start.end() : start.end() + _LONGEST])
        if data:
            yield data


def primary_audio(findings: Findings, item: Element, base: str | None) -> None:
    """A list item that names its recording although no module stands in it."""
    match = by_uid(item.get("data-primary-audio-id"))
    if match and not any(classes(e) & MODULES for e in item.iter() if isinstance(e.tag, str)):
        finding = found(match, place(item), "html/npr-primary-audio-id")
        _item(finding, item, base)
        findings.add(finding)


def open_player(findings: Findings, element: Element) -> None:
    """`javascript:NPR.Player.openPlayer(STORY, MEDIA, …)`, as links of the 2000s say."""
    called = _OPEN_PLAYER.search((element.get("href") or "") + (element.get("onclick") or ""))
    match = by_uid(f"{called[1]}:{called[2]}") if called else None
    if match:
        finding = found(match, place(element), "html/npr-open-player")
        length = (
            with_class(element.getparent(), "duration") if element.getparent() is not None else None
        )
        finding.propose("duration", parse_duration(words(length)), "html/npr-open-player")
        findings.add(finding)
