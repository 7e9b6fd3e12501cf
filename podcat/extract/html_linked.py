"""Recordings that a page names in its data: JSON-LD, microdata, cards, oEmbed links.

A node of schema.org that is a recording and holds its file or its player is one; so is a player
that the page shows where its link is shared. What only describes gives nothing. A recording that
the page also shows is that one: by its id, its file, or what else proves it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from podcat import urls
from podcat.extract import html_cards, html_pangea, linked, recording_node
from podcat.extract.findings import Finding, Findings, found, one_file, settled
from podcat.extract.html_meta import Meta
from podcat.extract.linked import Node
from podcat.extract.recording_node import AUDIO, EPISODES, FILMS, MEDIA, is_machine_read, is_sound
from podcat.extract.tree import Element, place
from podcat.providers import Match, registry
from podcat.text import fold

_ADVERTS = frozenset({"WPAdBlock"})
# Properties behind which the page's own recordings stand; those that list other works.
_OWN = ("mainEntity", "mainEntityOfPage", *MEDIA, "video", "hasPart")
_LISTS = ("itemListElement", "item", "episode", "episodes")
_DEEPEST = 8
_MOST = 2000
_COMPARED = 50  # recordings of a page that another may be compared with beyond its keys
_TELLING = re.compile(r"\d{6,}|[0-9a-f]{8}-[0-9a-f]{4}-|-s1-")

BESIDE, NAMED, ABOUT = 0, 1, 2
"""What a recording is to its page: one on it; the page's sound; what the page is about."""


@dataclass(slots=True)
class Page:
    """What is known of a page while its data are read."""

    findings: Findings
    meta: Meta
    host: str | None
    itself: Match | None
    seen: set[int] = field(default_factory=set)
    keys: set[tuple[Any, ...]] = field(default_factory=set)
    card: Finding | None = None
    """The recording whose player the page's card shows."""
    part: tuple[int, Finding | None] = (BESIDE, None)
    """The recording that stands closest to the page, and how close."""

    def note(self, part: int, finding: Finding) -> None:
        """Notes what a recording is to the page; the closest one counts, the first of equals."""
        if part > self.part[0]:
            self.part = part, finding


# ---------------------------------------------------------------- from a node to a recording


def _is_film(match: Match | None) -> bool:
    return match is None or match.kind == "video"


def _is_shown(page: Page, match: Match) -> bool:
    return any((f.provider, f.id) == (match.provider.key, match.id) for f in page.findings.found)


def _may_name(page: Page, match: Match) -> bool:
    """Whether an address can name the recording: a page of the site itself may be any."""
    if match.form != "page":
        return True
    if page.itself and (match.provider, match.id) == (page.itself.provider, page.itself.id):
        return True
    return registry().provider_of(page.host) is not match.provider


def _finding(
    page: Page, node: Node, by_url: bool, where: Callable[[], Any], data: str
) -> Finding | None:
    """The recording that a node is, if it holds where that can be heard."""
    base, is_film = page.meta.url, bool(linked.kinds(node) & FILMS)
    files = [] if is_film else list(dict.fromkeys(recording_node.files(node, base)))
    matches = [m for m in recording_node.players(node, base, by_url) if _may_name(page, m)]
    named = next((m for m in matches if m.id), next(iter(matches), None))
    shown = named is not None and _is_shown(page, named)
    if not files and (named is None or (is_film and _is_film(named) and not shown)):
        return None
    label = linked.text(node.get("name"))
    rule = f"json/{data}" + ("-machine-read" if is_machine_read(label, *files) else "")
    owner = html_pangea.owner(None, files) or "audio-file"
    finding = found(named, where, rule) if named else Finding(owner, where, rule)
    for match in matches:
        if match is not named and (match.provider.key, match.id) == (finding.provider, finding.id):
            finding.matched(match, rule)
    finding.propose("kind", None if is_film else "audio", rule)
    for url in files:
        finding.propose("audio_url", url, rule)
    recording_node.describe(finding, node, rule, base)
    return finding


def _inner(node: Node, key: str) -> Iterator[Node]:
    """The nodes of a property; the bare address of a sound is one, put into its place."""
    if key == "audio" and node.get(key):
        node[key] = [{"@type": "AudioObject", "contentUrl": one} if isinstance(one, str) else one
                     for one in linked.each(node[key])]  # fmt: skip
    yield from linked.nodes(node.get(key))


def _walk(page: Page, node: Node, listed: bool, depth: int = 0) -> Iterator[tuple[Node, bool]]:
    """The nodes of recordings below a node, each once, with whether a list of works names it."""
    kinds = linked.kinds(node)
    if depth > _DEEPEST or id(node) in page.seen or len(page.seen) > _MOST or kinds & _ADVERTS:
        return
    page.seen.add(id(node))
    keys: tuple[str, ...] = _OWN
    if kinds & (AUDIO | FILMS):
        yield node, listed
        page.seen.update(id(n) for key in MEDIA for n in linked.nodes(node.get(key)))
        keys = ("mainEntityOfPage", "hasPart")
    for names, in_list in ((keys, listed), (_LISTS, True)):
        for key in names:
            for inner in _inner(node, key):
                yield from _walk(page, inner, in_list, depth + 1)


def _part(page: Page, top: Node, node: Node) -> int:
    """What the recording of a node is to the page."""
    if node is page.meta.main and linked.kinds(node) & EPISODES:
        return ABOUT
    return NAMED if page.meta.main is top or page.meta.main is node else BESIDE


def _from_nodes(page: Page) -> Iterator[tuple[Finding, int]]:
    """(recording, what it is to the page) for each node of one."""
    for top, element, data in page.meta.nodes:
        for node, listed in _walk(page, top, listed=False):
            if finding := _finding(page, node, not listed, place(element), data):
                yield finding, BESIDE if listed else _part(page, top, node)
            elif player := linked.text(node.get("embedUrl")):
                page.findings.refuse(player, page.meta.url, place(element))


# ---------------------------------------------------------------- cards and links

# Meta element of a sound file to the one that states its type.
CARD_FILES = {
    "og:audio:secure_url": "og:audio:type",
    "og:audio:url": "og:audio:type",
    "og:audio": "og:audio:type",
    "twitter:player:stream": "twitter:player:stream:content_type",
}
_STREAM = "page/twitter:player:stream"
CARD_PLAYERS = ("twitter:player", "og:video:secure_url", "og:video:url", "og:video")
_MOST_CARDS = 20


def _card_files(page: Page) -> Iterator[Finding]:
    """The sound that the page hands to networks."""
    for name, kind in CARD_FILES.items():
        stated = html_cards.first(page.meta.cards, kind)
        for text, element in page.meta.cards.get(name, ())[:_MOST_CARDS]:
            match, url = registry().match(text, page.meta.url), urls.absolute(text, page.meta.url)
            rule = f"page/{name}" + ("-machine-read" if is_machine_read(None, text) else "")
            if match and match.id and not _is_film(match) and match.form != "page":
                yield found(match, place(element), rule)
            elif is_sound(url, stated, False, page.meta.url):
                owner = html_pangea.owner(None, [url or ""]) or "audio-file"
                finding = Finding(owner, place(element), rule)
                finding.propose_all(rule, kind="audio", audio_url=url)
                yield finding


def _card_players(page: Page) -> Iterator[tuple[Match, Element, str]]:
    """The players of providers that the page hands to networks."""
    for name in CARD_PLAYERS:
        for text, element in page.meta.cards.get(name, ())[:_MOST_CARDS]:
            match = registry().match(text, page.meta.url)
            if match and match.form == "player":
                yield match, element, f"page/{name}"
            elif match is None:
                page.findings.refuse(text, page.meta.url, place(element))


def oembed_target(href: str | None, base: str | None) -> tuple[Match | None, str]:
    """(the recording that an oEmbed link names, or None; why it names none)."""
    service = urls.parse(href, base)
    if service is None:
        return None, "no address"
    provider = registry().provider_of(service.host)
    if provider is None:
        return None, f"host {service.host} is no provider's"
    match = registry().match(service.parameters().get("url"))
    if match is None or match.provider is not provider:
        return None, f"its url= names no recording of {provider.name}"
    return match, ""


def oembed_links(links: Iterable[Element]) -> Iterator[Element]:
    """The links by which a page says who can embed it."""
    for link in links:
        if (link.get("type") or "").lower().endswith("+oembed"):
            yield link


def _oembed(page: Page) -> Iterator[tuple[Match, Element, str]]:
    for link in oembed_links(page.meta.parts.link):
        match, _ = oembed_target(link.get("href"), page.meta.url)
        if match and not match.announced:
            yield match, link, "page/oembed-link"


# ---------------------------------------------------------------- which recording it is


def stated_files(finding: Finding) -> set[str]:
    """Its files as documents state them, without scheme and what only says how they come."""
    return {one_file(c.value).partition("//")[2] for c in finding.candidates
            if c.field == "audio_url" and not c.rule.startswith("derived/")}  # fmt: skip


def _one_sound(one: str, other: str) -> bool:
    """Whether two files are one: on another host, or behind a counter's redirect."""
    short, long = sorted((one, other), key=len)
    _, _, path = short.partition("/")
    same_path = long.partition("/")[2] == path and len(path) >= 16
    return one == other or long.endswith("/" + short) or same_path


def _names_it(held: Finding, files: Iterable[str]) -> bool:
    """Whether a file's address holds the id of a recording: no other's would."""
    parts = [re.escape(p) for p in (held.id or "").split("/") if _TELLING.search(p)]
    form = "|".join(rf"(?<![0-9a-z]){part}(?![0-9a-z])" for part in parts)
    return bool(parts) and any(re.search(form, url, re.I) for url in files)


def _agree(held: Finding, finding: Finding) -> bool:
    """Whether both state the same telling title and do not state different lengths."""
    one, other = held.value("title") or "", finding.value("title") or ""
    lengths = {held.value("duration"), finding.value("duration")} - {None}
    near = len(lengths) < 2 or max(lengths) - min(lengths) <= 2
    return near and len(one) >= 10 and fold(one) == fold(other)


def _full(finding: Finding) -> set[str]:
    return {c.value for c in finding.candidates if c.field == "audio_url"}


def _same(page: Page, finding: Finding, part: int) -> Finding | None:
    """The recording found on the page that this one surely is, though no key says so."""
    files = stated_files(finding)
    shown = page.findings.found[: _COMPARED + 1]
    unlike = [f for f in shown if not (f.id and finding.id)]
    for held in unlike if len(shown) <= _COMPARED else ():
        theirs = stated_files(held)
        if any(_one_sound(one, other) for one in files for other in theirs):
            return held
        if not (theirs and files) and _agree(held, finding):
            return held
        if not theirs and _names_it(held, _full(finding)):
            return held
        if not files and _names_it(finding, _full(held)):
            return held
    if len(shown) == 1 and unlike and not stated_files(unlike[0]):
        owner = html_pangea.owner(None, [f"https://{url}" for url in files])
        if owner == unlike[0].provider or (part == ABOUT and unlike[0].value("kind") != "video"):
            return unlike[0]
    return None


def _held(page: Page, finding: Finding, part: int) -> Finding | None:
    """The recording of the page that a finding joins, by its keys or by proof."""
    keys = set(finding.keys)
    if keys & page.keys:
        return page.findings.add(finding)
    if held := _same(page, finding, part):
        held.join(finding)
    return held


def _keep(page: Page, finding: Finding, part: int) -> Finding:
    held = _held(page, finding, part) or page.findings.add(finding)
    page.keys.update(finding.keys)
    if finding.rule.endswith("-machine-read") and not held.rule.endswith("-machine-read"):
        held.rule += "-machine-read"
    page.note(part, held)
    return held


def _keep_player(page: Page, match: Match, element: Element, rule: str) -> None:
    """A provider's player or page that stands for the page itself."""
    finding = found(match, place(element), rule)
    of_it = [f for f in page.findings.found if f.provider == match.provider.key]
    itself = page.itself
    if itself and itself.provider is match.provider and itself.id and of_it:
        held = next((f for f in of_it if f.id == itself.id), of_it[0])
        if held.id != finding.id:  # a number here, a name there: the page says they are one
            finding.id = None
        held.join(finding)
    elif match.form == "page" and len(of_it) == 1 and of_it[0].id != match.id:
        of_it[0].propose("link", match.link, rule)
    elif match.id and (
        not _is_film(match) or rule == "page/twitter:player" or _is_shown(page, match)
    ):
        is_card = rule == "page/twitter:player"
        is_whole = is_card and html_cards.first(page.meta.cards, "twitter:card") == "player"
        held = _keep(page, finding, ABOUT if is_whole else NAMED)
        page.card = held if is_card else page.card


# ---------------------------------------------------------------- the page


def _in_order(findings: Findings) -> None:
    """Recordings of the page's data take their place among those that it shows."""

    def key(finding: Finding) -> tuple[bool, int]:
        where = settled(finding.place)
        path = where.path or "/html"
        return path != "/html" and not path.startswith("/html/head"), where.line or 0

    findings.found.sort(key=key)


def read(findings: Findings, meta: Meta, itself: Match | None) -> tuple[int, Finding | None]:
    """Adds the recordings that a page's data name; returns the closest to the page, and how close.

    To be called when everything that the page shows is found.
    """
    page = Page(findings, meta, urls.site_of(meta.url), itself)
    page.keys.update(key for held in findings.found for key in held.keys)
    shown = len(findings.found)
    for finding, part in _from_nodes(page):
        _keep(page, finding, part)
    for match, element, rule in (*_card_players(page), *_oembed(page)):
        _keep_player(page, match, element, rule)
    alone = not findings.found
    for finding in _card_files(page):
        # A page's card may name the sound of any recording on it: it adds none to others.
        if finding.rule.startswith(_STREAM) and page.card and not stated_files(page.card):
            page.card.join(finding)
        elif alone or (finding.id and finding.keys[0] not in page.keys):
            _keep(page, finding, NAMED)
        elif held := _held(page, finding, NAMED):
            page.note(NAMED, held)
    if shown and len(findings.found) > shown:
        _in_order(findings)
    return page.part
