"""Looks at one element of an HTML page: frames, links, scripts, embed code, addresses in text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from podcat import urls
from podcat.extract import html_carriers, html_files, html_npr, script_players, tree
from podcat.extract.findings import Finding, found
from podcat.extract.lines import URL, trimmed
from podcat.extract.reading import Reading, caption
from podcat.extract.tree import Element, classes, place, words
from podcat.providers import Match, registry

_LISTEN = re.compile(
    r"listen|podcast|audio|hear\b|слуша|послуша|аудио|аудіо|подкаст|тыңда|escuch|écout|ouç|hör|"
    r"dinle|słuchaj|slušaj|收听|听",
    re.I,
)
_POINTING = frozenset(
    {"here", "link", "watch", "click here", "this link", "video", "more", "read more"}
)
_MARKS = " .,!:·»›→▶►⏵"
_BESIDE = 4
_LONGEST_TEXT = 100_000
_TEXT_TAGS = frozenset(
    {"p", "div", "li", "td", "dd", "span", "blockquote", "section", "article", "body"}
)


# ---------------------------------------------------------------- frames and plug-ins


def _frame(reading: Reading, element: Element, url: str | None, rule: str) -> Finding | None:
    """A player that an element shows."""
    match = reading.match(url, element)
    if match is None or (match.form == "page" and match.announced):
        return None
    finding = found(match, place(element), rule)
    finding.propose("title", element.get("title"), "html/frame-title")
    finding.propose("title", caption(element), "html/figcaption")
    reading.titled(finding)
    reading.player = (reading.findings.add(finding), element)
    return reading.player[0]


def _fallback(reading: Reading, element: Element, finding: Finding) -> None:
    """The link in a frame, for those who see no frames, is the recording's page.

    HTML takes what stands in a frame for text.
    """
    if "<a" not in (element.text or "") or len(element.text) > urls.LONGEST:
        return
    link = tree.parse(element.text).root.find(".//a[@href]")
    match = registry().match(link.get("href"), reading.base) if link is not None else None
    if match and match.form == "page" and match.provider.key == finding.provider:
        finding.propose("link", match.link, "html/link-in-frame")
        finding.propose("title", words(link), "html/link-in-frame")


def _iframe(reading: Reading, element: Element) -> None:
    if url := reading.shown(element):
        if finding := _frame(reading, element, url, "html/iframe"):
            _fallback(reading, element, finding)
    elif element.get("src") == "" and "NPR embedded audio player" in (element.get("title") or ""):
        finding = Finding("npr", place(element), "html/npr-scrubbed-player")
        finding.propose("kind", "audio", "html/npr-scrubbed-player")
        finding.propose("title", caption(element), "html/figcaption")
        reading.titled(finding)
        reading.findings.add(finding)


def _plugin(reading: Reading, element: Element, rule: str, *given: str | None) -> None:
    """What a plug-in shows: a player, a file, or the file that it is told in its variables."""
    if _frame(reading, element, given[0], rule):
        return
    for value in given:
        _handed(reading, element, script_players.flash(value), "html/flash-variables")


def _embed(reading: Reading, element: Element) -> None:
    _plugin(reading, element, "html/embed", element.get("src"), element.get("flashvars"))


def _object(reading: Reading, element: Element) -> None:
    _plugin(reading, element, "html/object", element.get("data"))


def _param(reading: Reading, element: Element) -> None:
    if (element.get("name") or "").lower() in ("movie", "src", "flashvars", "filename", "url"):
        _plugin(reading, element, "html/param", element.get("value"))


def _handed(
    reading: Reading, element: Element, named: Iterable[script_players.Named], rule: str
) -> None:
    """The recordings that a page hands to a player."""
    for url, said in named:
        if match := reading.match(url, element):
            finding = found(match, place(element), rule)
            finding.propose_all(rule, **said)
            reading.titled(finding)
            reading.findings.add(finding)


# ---------------------------------------------------------------- links


def _promises(element: Element) -> bool:
    shown = (image.get("alt") for image in element.iter("img"))
    said = (words(element), element.get("title"), element.get("aria-label"), *shown)
    return any(_LISTEN.search(text) for text in said if text)


def _anchor(reading: Reading, element: Element) -> None:
    """A link to a recording; links within the provider's own site lead to other pages."""
    href = element.get("href") or ""
    if reading.scripted and (href.startswith("javascript:") or element.get("onclick")):
        html_npr.open_player(reading.findings, element)
    match = reading.match(href, element) if _leads_out(href) else None
    if match is None or (match.announced and not _promises(element)):
        return
    if match.form == "page" and registry().provider_of(reading.host) is match.provider:
        return
    finding = found(match, place(element), "html/link")
    said = words(element)
    if _names_player(reading, element, match, said):
        return
    if said and said.strip(_MARKS).casefold() not in _POINTING:
        finding.propose("title", said, "html/link-text")
    finding.propose("title", element.get("title"), "html/link-title")
    reading.findings.add(finding)


def _names_player(reading: Reading, element: Element, match: Match, said: str | None) -> bool:
    """Whether a link stands beside a player of its provider and says what that plays.

    SoundCloud's embed code does so: its widget knows a number only, its link the page.
    """
    player = reading.player
    if match.form != "page" or player is None or player[0].provider != match.provider.key:
        return False
    finding, frame = player
    frame = next(frame.iterancestors("object"), frame)
    if finding.value("link") or frame.getparent() not in list(element.iterancestors())[:_BESIDE]:
        return False
    finding.propose("link", match.link, "html/link-beside-player")
    finding.propose("title", said, "html/link-beside-player")
    return True


def _leads_out(href: str) -> bool:
    return "//" in href or urls.extension(href) in registry().media


def _snippet(reading: Reading, element: Element) -> None:
    """Embed code that a page offers to be copied."""
    text = element.get("value") or "".join(element.itertext())
    if "//" not in text or len(text) > urls.LONGEST or _is_asked(element, text):
        return
    for seen in URL.finditer(text):
        match = reading.match(trimmed(seen[0]), element)
        if match and match.form == "player":
            finding = found(match, place(element), "html/escaped-snippet")
            reading.titled(finding)
            reading.findings.add(finding)


def _is_asked(element: Element, text: str) -> bool:
    """Whether a field holds what a visitor or a script sends: no code to be copied."""
    kind = (element.get("type") or "").lower()
    return kind in ("search", "url") or (kind == "hidden" and "<" not in text)


def _script(reading: Reading, element: Element) -> None:
    """NPR's own data, or a script that writes a player; consent gates leave its type no script."""
    html_npr.script(reading.findings, element, reading.itself)
    match = registry().match(reading.shown(element), reading.base)
    if match and match.form == "player":
        _carried(reading, element, match, "html/script")
    text = element.text or ""
    if "wp-playlist-script" in classes(element):
        _handed(reading, element, html_carriers.in_json(text), "json/wp-playlist")
    elif (element.get("type") or "").lower() == "text/plain":
        _handed(reading, element, html_carriers.in_markup(text), "html/script-behind-consent")
    elif "borlabs-hide" in classes(element.getparent()):
        _handed(reading, element, html_carriers.in_markup(text), "html/behind-consent")
    else:
        _handed(reading, element, script_players.called(text), "json/script-player")


def _component(reading: Reading, element: Element) -> None:
    match = reading.match(html_carriers.component(element), element)
    if match:
        _carried(reading, element, match, f"html/{element.tag}")


def _own_tag(reading: Reading, element: Element) -> None:
    """An element made for players, with an address as any other: `<oembed url="…">`."""
    _frame(reading, element, element.get("src") or element.get("url"), f"html/{element.tag}")


def _carried(reading: Reading, element: Element, match: Match, rule: str) -> Finding:
    """A player that a script will put into the page."""
    finding = found(match, place(element), rule)
    reading.titled(finding)
    return reading.findings.add(finding)


def _named(reading: Reading, element: Element) -> None:
    """A recording that an attribute names to a script."""
    for attribute, url, said in html_carriers.named(element):
        if match := reading.match(url, element):
            finding = _carried(reading, element, match, f"html/{attribute}")
            finding.propose_all(f"json/{attribute}", **said)
            for name in ("data-title", "aria-label", "title"):
                finding.propose("title", element.get(name), f"html/{attribute}")


def _running_text(reading: Reading, element: Element) -> None:
    """Bare addresses of players in the page's words."""
    for text in (element.text, *(child.tail for child in element)):
        if text and "//" in text and len(text) < _LONGEST_TEXT:
            for seen in URL.finditer(text):
                match = registry().match(trimmed(seen[0]))
                alone = text.strip() == seen[0] and words(element) == seen[0]
                if match and (match.form == "player" or (alone and match.is_recording)):
                    reading.findings.add(found(match, place(element), "html/address-in-text"))


def _base(reading: Reading, element: Element) -> None:
    """What relative addresses are relative to; the first element that says so counts."""
    if not reading.based and (base := urls.absolute(element.get("href"), reading.base)):
        reading.base, reading.based = base, True


def _heading(reading: Reading, element: Element) -> None:
    reading.headings.append(element)


BY_TAG: dict[str, Callable[[Reading, Element], None]] = {
    **html_files.BY_TAG,
    **dict.fromkeys(html_carriers.COMPONENTS, _component),
    **dict.fromkeys(html_carriers.OWN_TAGS, _own_tag),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    "iframe": _iframe, "amp-iframe": _iframe, "embed": _embed, "object": _object, "param": _param,
    "base": _base, "a": _anchor,
    "input": _snippet, "textarea": _snippet, "code": _snippet, "script": _script,
}  # fmt: skip


def look(reading: Reading, element: Element) -> None:
    """What one element shows or names by its tag."""
    if handler := BY_TAG.get(element.tag):
        handler(reading, element)


def look_closely(reading: Reading, element: Element) -> None:
    """What its words and attributes name besides."""
    if element.tag in _TEXT_TAGS:
        _running_text(reading, element)
    if url := element.get("data-embed-url"):
        _frame(reading, element, url, "html/data-embed-url")
    if element.tag in html_carriers.TAGS or "-" in element.tag:
        _named(reading, element)
