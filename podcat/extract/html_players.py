"""Looks at one element of an HTML page: frames, files, links, embed code, addresses in text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from podcat import urls
from podcat.extract import html_carriers, html_npr, html_pangea, stock, tree
from podcat.extract.findings import Finding, Findings, found
from podcat.extract.lines import URL, trimmed
from podcat.extract.recording_node import is_machine_read
from podcat.extract.tree import Element, classes, place, words
from podcat.providers import Match, registry

_LAZY = ("src", "data-src", "data-lazy-src", "data-original", "data-lazyload", "data-url")
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
_STREAMS = ("m3u8", "m3u", "pls", "mpd")  # lists of pieces, no file


@dataclass(slots=True)
class Reading:
    """The state of one walk over a page."""

    findings: Findings
    base: str | None
    host: str | None
    """The page's own host."""
    itself: Match | None = None
    """The recording whose own page or player this is."""
    headings: list[Element] = field(default_factory=list)
    """The headings above that have titled nothing yet."""
    player: tuple[Finding, Element] | None = None
    """The player shown last, with its element."""
    pangea: list[Finding] = field(default_factory=list)
    scripted: bool = True
    """Whether links may call NPR's player of the 2000s."""

    def titled(self, finding: Finding, rule: str = "html/heading-above") -> None:
        """Gives a recording without a title the heading above; a heading titles one."""
        if finding.value("title") is None and self.headings:
            said = (words(heading) for heading in reversed(self.headings))
            telling = (text for text in said if text and not stock.is_label(text))
            finding.propose("title", next(telling, None), rule)
            self.headings.clear()


# ---------------------------------------------------------------- addresses


def _match(reading: Reading, url: str | None, element: Element) -> Match | None:
    known = registry()
    if not url or known.is_foreign(url):
        return None
    match = known.match(url, reading.base)
    if match is None:
        reading.findings.refuse(url, reading.base, place(element))
    return match


def _caption(element: Element) -> str | None:
    for parent in element.iterancestors("figure"):
        return words(parent.find(".//figcaption"))
    return None


def _frame(reading: Reading, element: Element, url: str | None, rule: str) -> Finding | None:
    """A player that an element shows."""
    match = _match(reading, url, element)
    if match is None or (match.form == "page" and match.announced):
        return None
    finding = found(match, place(element), rule)
    finding.propose("title", element.get("title"), "html/frame-title")
    finding.propose("title", _caption(element), "html/figcaption")
    reading.titled(finding)
    reading.player = (reading.findings.add(finding), element)
    return reading.player[0]


def _shown(reading: Reading, element: Element) -> str | None:
    """The address an element shows: of several lazy attributes the one that names a player."""
    # By items: lxml does not give an attribute whose name holds a control character by that name.
    held = [v for n, v in element.attrib.items() if n.startswith("data-") and "//" in v]
    shown = [*(element.get(name) or "" for name in _LAZY), *held]
    given = [url for each in shown if (url := each.strip())]
    given = [url for url in given if not url.startswith(("about:", "data:", "javascript:"))]
    players = (url for url in given if registry().match(url, reading.base))
    return next(players, given[0] if given else None)


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
    if url := _shown(reading, element):
        if finding := _frame(reading, element, url, "html/iframe"):
            _fallback(reading, element, finding)
    elif element.get("src") == "" and "NPR embedded audio player" in (element.get("title") or ""):
        finding = Finding("npr", place(element), "html/npr-scrubbed-player")
        finding.propose("kind", "audio", "html/npr-scrubbed-player")
        finding.propose("title", _caption(element), "html/figcaption")
        reading.titled(finding)
        reading.findings.add(finding)


def _embed(reading: Reading, element: Element) -> None:
    _frame(reading, element, element.get("src"), "html/embed")


def _object(reading: Reading, element: Element) -> None:
    _frame(reading, element, element.get("data"), "html/object")


def _param(reading: Reading, element: Element) -> None:
    if (element.get("name") or "").lower() in ("movie", "src", "flashvars"):
        _frame(reading, element, element.get("value"), "html/param")


# ---------------------------------------------------------------- files


def _sources(reading: Reading, element: Element) -> list[str]:
    """The files of a media element; several are one recording in several encodings."""
    shown = (_shown(reading, one) for one in (element, *element.iter("source")))
    found_urls = (urls.absolute(url, reading.base) for url in shown)
    return list(dict.fromkeys(url for url in found_urls if url))


def _files(reading: Reading, element: Element, files: list[str], rule: str) -> None:
    """Adds one recording with its files."""
    if not files:
        return
    named = (match for url in files if (match := registry().match(url)) and match.id)
    match = next(named, None)
    finding = (
        found(match, place(element), rule) if match else Finding("audio-file", place(element), rule)
    )
    finding.propose("kind", "audio", rule)
    for url in files:
        finding.propose("audio_url", url, rule)
    for name in ("title", "aria-label", "data-title"):
        finding.propose("title", element.get(name), "html/audio-title")
    finding.propose("title", _caption(element), "html/figcaption")
    reading.titled(finding)
    reading.findings.add(finding)


def _plays(element: Element, url: str) -> bool:
    """Whether a source is sound: by its type, else by its name."""
    stated = next((s.get("type") for s in element.iter("source") if s.get("src") == url), None)
    kind = stated or registry().media_type(urls.absolute(url, "https://local/")) or ""
    return kind.startswith("audio/")


def _video(reading: Reading, element: Element) -> None:
    """A film is no audio; a video element that plays sound alone is."""
    given = [element.get("src"), *(source.get("src") for source in element.iter("source"))]
    if given and all(_plays(element, url) for url in given if url) and any(given):
        _audio(reading, element)


# Every podcast app plays the first of these; some play nothing else.
_EVERYWHERE = ("mp3", "m4a", "aac")


def _audio(reading: Reading, element: Element) -> None:
    """A plain audio element."""
    files = sorted(
        _sources(reading, element), key=lambda url: urls.extension(url) not in _EVERYWHERE
    )
    files = [url for url in files if urls.extension(url) not in _STREAMS]
    machine_read = is_machine_read(None, *files)
    _files(reading, element, files, "html/audio-machine-read" if machine_read else "html/audio")


def _source(reading: Reading, element: Element) -> None:
    """A source without its audio element, as extracts of pages leave it."""
    in_media = next(
        element.iterancestors("audio", "video", "picture", "amp-audio", "amp-video"), None
    )
    kind = element.get("type") or registry().media_type(
        urls.absolute(element.get("src"), reading.base)
    )
    if in_media is None and (kind or "").startswith("audio/"):
        _audio(reading, element)


def data_json(reading: Reading, element: Element) -> bool:
    """A player's file in JSON in an attribute: `data-audio='{"url": …}'`."""
    data = tree.json_at(element.get("data-audio") or element.get("data-src"))
    named = (
        [data.get(k) for k in ("url", "src", "audioUrl", "mp3", "file")]
        if isinstance(data, dict)
        else []
    )
    files = [u for n in named if isinstance(n, str) and (u := urls.absolute(n, reading.base))]
    _files(reading, element, [u for u in files if registry().media_type(u)], "json/data-audio")
    return bool(files)


def _amp_media(reading: Reading, element: Element) -> None:
    """On a Pangea site an AMP page shows the recording itself; elsewhere films are no audio."""
    files = _sources(reading, element)
    owner = html_pangea.owner(reading.host, files)
    if owner and files:
        kind = str(element.tag).removeprefix("amp-")
        finding = Finding(owner, place(element), "html/amp-player")
        finding.propose_all("html/amp-player", **{"kind": kind, f"{kind}_url": files[0]})
        finding.propose("title", element.get("title"), "html/audio-title")
        reading.titled(finding)
        reading.findings.add(finding)
    elif element.tag == "amp-audio":
        _audio(reading, element)


# ---------------------------------------------------------------- links


def _promises(element: Element) -> bool:
    said = (words(element), element.get("title"), element.get("aria-label"))
    return any(_LISTEN.search(text) for text in said if text)


def _anchor(reading: Reading, element: Element) -> None:
    """A link to a recording; links within the provider's own site lead to other pages."""
    href = element.get("href") or ""
    if reading.scripted and (href.startswith("javascript:") or element.get("onclick")):
        html_npr.open_player(reading.findings, element)
    match = _match(reading, href, element) if _leads_out(href) else None
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
        match = _match(reading, trimmed(seen[0]), element)
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
    match = registry().match(_shown(reading, element), reading.base)
    if match and match.form == "player":
        _carried(reading, element, match, "html/script")
    if "wp-playlist-script" in classes(element):
        _listed(reading, element)


def _listed(reading: Reading, element: Element) -> None:
    """The recordings of WordPress's own playlist, which stand as JSON in a script."""
    for url, said in html_carriers.in_json(element.text or ""):
        if match := _match(reading, url, element):
            finding = found(match, place(element), "json/wp-playlist")
            finding.propose_all("json/wp-playlist", **said)
            reading.findings.add(finding)


def _component(reading: Reading, element: Element) -> None:
    match = _match(reading, html_carriers.component(element), element)
    if match:
        _carried(reading, element, match, f"html/{element.tag}")


def _carried(reading: Reading, element: Element, match: Match, rule: str) -> Finding:
    """A player that a script will put into the page."""
    finding = found(match, place(element), rule)
    reading.titled(finding)
    return reading.findings.add(finding)


def _named(reading: Reading, element: Element) -> None:
    """A recording that an attribute names to a script."""
    for attribute, url, said in html_carriers.named(element):
        if match := _match(reading, url, element):
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
                if match and match.form == "player":
                    reading.findings.add(found(match, place(element), "html/address-in-text"))


def _heading(reading: Reading, element: Element) -> None:
    reading.headings.append(element)


BY_TAG: dict[str, Callable[[Reading, Element], None]] = {
    **dict.fromkeys(html_carriers.COMPONENTS, _component),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    "iframe": _iframe, "amp-iframe": _iframe, "embed": _embed, "object": _object, "param": _param,
    "audio": _audio, "video": _video, "amp-audio": _amp_media, "amp-video": _amp_media,
    "source": _source, "a": _anchor,
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
