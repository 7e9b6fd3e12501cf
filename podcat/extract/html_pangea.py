"""Players of the Pangea sites (RFE/RL, VOA and sisters) in HTML: one recording a `.c-mmp`."""

from __future__ import annotations

import re
from typing import Any

from podcat import urls
from podcat.extract.findings import Finding, Findings, found
from podcat.extract.lines import URL, trimmed
from podcat.extract.tree import Element, classes, json_at, place, with_class, words
from podcat.providers import Match, registry
from podcat.text import parse_date, parse_duration

ROOTS = frozenset({"media-pholder", "c-mmp"})
FAMILY = ("rferl", "voa")
_HTML = "html/pangea-player"
_ID = re.compile(r"[0-9]{5,9}")  # as in rferl.toml
_NUMBER = re.compile(r"(?:player|embed)(\d{4,})")
_DOWNLOAD = re.compile(r"FireAnalyticsTagEventOnDownload\(\s*this\s*,[^,]*,\s*(\d+)")
_POPUP = re.compile(r"/pp/(\d+)/")
_MEDIA_HOST = re.compile(r"\b(rfe|voa)(?:rl|news)?-(?:audio|video)|\b(?:av|www)\.(voa)news")
_OTHER_QUALITY = re.compile(r"_(low|hq|mobile|fullhd|\d+p)(?=\.\w+$)")
_QUALITIES = {"hq": 1, "mobile": 1000, "low": 1001, "fullhd": 100_400}
_LINES = 720
_QUESTION = re.compile(r"[?&]download=1$")


def _snippet(root: Element) -> Match | None:
    """The recording that the player's own embed code names."""
    for code in root.iter("input", "textarea"):
        for seen in URL.finditer(code.get("value") or code.text or ""):
            match = registry().match(trimmed(seen[0]))
            if match and match.provider.key in FAMILY:
                return match
    return None


def _media_id(root: Element) -> str | None:
    """The recording's own id: not the article's."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if _ID.fullmatch(sdk := element.get("data-sdkid") or ""):
            return str(sdk)
        for pattern, attribute in (
            (_NUMBER, "id"),
            (_DOWNLOAD, "onclick"),
            (_POPUP, "data-popup-url"),
        ):
            seen = pattern.search(element.get(attribute) or "")
            if seen and _ID.fullmatch(seen[1]):
                return seen[1]
    return None


def _sources(media: Element | None) -> list[str]:
    """The files of a player, as its element and its `data-sources` list name them."""
    if media is None:
        return []
    listed = json_at(media.get("data-sources"))
    files = [media.get("src")]
    files += (
        [s.get("Src") for s in listed if isinstance(s, dict)] if isinstance(listed, list) else []
    )
    return [url for f in files if isinstance(f, str) and (url := urls.absolute(f))]


def _file(urls_found: list[str]) -> str | None:
    """One file of several qualities: the one whose name carries no quality, else a good one.

    A list of pieces is taken where there is no file.
    """
    whole = [url for url in urls_found if not _is_pieces(url)] or urls_found
    return min(whole, key=_quality, default=None)


def _quality(url: str) -> int:
    """How far a file is from the one to take: large, but no film too large to be carried about."""
    seen = _OTHER_QUALITY.search(url.partition("?")[0])
    if seen is None:
        return 0
    word = seen[1]
    if word not in _QUALITIES:
        lines = min(int(word[:-1]), 99_999)
        return 1 + abs(_LINES - lines) + (99_999 if lines > _LINES else 0)
    return _QUALITIES[word]


def _kind(root: Element, media: Element | None) -> str | None:
    if media is not None:
        return str(media.tag).removeprefix("amp-")
    names = " ".join(" ".join(classes(e)) for e in root.iter() if isinstance(e.tag, str))
    seen = re.search(r"(?:media-pholder|c-mmp)--(audio|video)\b", names)
    return seen[1] if seen else None


def _match(root: Element, host: str | None, kind: str | None) -> Match | None:
    """The recording by the player's embed code, else by its id on the page's host.

    An embed code of the form `article/ID` names the article, not the recording.
    """
    snippet, number = _snippet(root), _media_id(root)
    if snippet and (snippet.parts.get("slot") != "article" or number in (None, snippet.id)):
        return snippet
    host = snippet.parts["host"] if snippet else host
    if not number or not host:
        return None
    asked = f"?type={kind}" if kind in ("audio", "video") else ""
    return registry().match(f"https://{host}/embed/player/0/{number}.html{asked}")


def owner(host: str | None, files: list[str]) -> str | None:
    """Which of the two families a page's host, or else a media host, belongs to."""
    provider = registry().provider_of(host)
    if provider and provider.key in FAMILY:
        return provider.key
    hosts = " ".join(urls.site_of(urls.unwrapped(url)) or "" for url in files)
    seen = _MEDIA_HOST.search(hosts)
    return {"rfe": "rferl", "voa": "voa"}[seen[1] or seen[2]] if seen else None


def _is_live(files: list[str]) -> bool:
    """Live channels are streams with ids too short for a recording's."""
    return bool(files) and all(map(_is_pieces, files))


def _is_pieces(url: str) -> bool:
    return url.partition("?")[0].endswith(".m3u8")


def _describe(finding: Finding, root: Element, base: str | None, media: Element | None) -> None:
    player = with_class(root, "c-mmp")
    if player is not None:
        finding.propose("title", player.get("data-title"), _HTML)
    if media is not None:
        finding.propose("title", media.get("title"), _HTML)
        finding.propose("published", parse_date(media.get("data-pub-dt-utc")), _HTML)
    finding.propose("duration", parse_duration(words(with_class(root, "js-duration"))), _HTML)
    link = with_class(root, "js-media-title-link")
    if link is not None:
        finding.propose("link", urls.absolute(link.get("href"), base), _HTML)
    poster = root.find(".//*[@data-poster]")
    if poster is not None:
        finding.propose("image_url", urls.absolute(poster.get("data-poster"), base), _HTML)


def player(findings: Findings, root: Element, base: str | None, host: str | None) -> Finding | None:
    """Adds the recording of a player; None when the element is no player of a recording."""
    if with_class(root, "c-mmp") is None:
        return None
    media = next(root.iter("audio", "video"), None)
    kind = _kind(root, media)
    files = _sources(media)
    match = _match(root, host, kind)
    number = _media_id(root)
    if match is None and (_is_live(files) or not (files or number)):
        return None
    own = Finding(owner(host, files) or FAMILY[0], place(root), _HTML, number)
    finding = found(match, place(root), _HTML) if match else own
    finding.propose("kind", kind, _HTML)
    name = "video_url" if kind == "video" else "audio_url"
    finding.propose(name, _file(files) or _fallback(root, kind), _HTML)
    _describe(finding, root, base, media)
    return findings.add(finding)


def _fallback(root: Element, kind: str | None) -> str | None:
    """The file that is linked for those whose browser plays nothing, or to be kept."""
    link: Any = with_class(root, "c-mmp__fallback-link")
    menu = with_class(root, "media-download")
    links = [a.get("href") for a in menu.iter("a")] if menu is not None else []
    found = [url for href in links if (url := urls.absolute(_QUESTION.sub("", href or "")))]
    family = "video/" if kind == "video" else "audio/"
    fit = [url for url in found if (registry().media_type(url) or "").startswith(family)]
    own = urls.absolute(link.get("href")) if link is not None else None
    return own or _file(fit)
