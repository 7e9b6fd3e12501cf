"""Reads an HTML page: what it says of itself, and its recordings in document order.

A table leads from the kind of element to the small function that looks at it. What a player's
own markup holds is looked at once, by the family that knows it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from podcat import urls
from podcat.extract import (
    html_linked,
    html_meta,
    html_npr,
    html_pangea,
    marks,
    page_values,
    people,
    player_page,
    tree,
)
from podcat.extract.findings import Finding, Findings, found
from podcat.extract.html_files import data_json
from podcat.extract.html_players import BY_TAG, look, look_closely
from podcat.extract.lines import is_spaces_title
from podcat.extract.reading import Reading
from podcat.extract.tree import Element, classes, words
from podcat.model import Page, Place
from podcat.providers import registry

# ---------------------------------------------------------------- the page


def _pangea(reading: Reading, walk: tree.Walk, element: Element) -> bool:
    if walk.is_barren("pangea", element):
        return False
    player = html_pangea.player(reading.findings, element, reading.base, reading.host)
    if player:
        reading.pangea.append(player)
    else:
        walk.mark_barren("pangea", element)
    return player is not None


def _npr(reading: Reading, walk: tree.Walk, element: Element) -> bool:
    if walk.is_barren("npr", element):
        return False
    outcome = html_npr.module(reading.findings, element, reading.base)
    if outcome is None:
        walk.mark_barren("npr", element)
    return bool(outcome)


def _family(reading: Reading, walk: tree.Walk, element: Element) -> bool:
    """Looks at a player whose markup a family knows; True when nothing below is to be looked at."""
    names = classes(element)
    if names & html_pangea.ROOTS:
        return _pangea(reading, walk, element)
    if names & html_npr.MODULES or element.get("data-audio") or element.get("data-play-all"):
        return _npr(reading, walk, element) or data_json(reading, element)
    if element.get("data-primary-audio-id"):
        html_npr.primary_audio(reading.findings, element, reading.base)
    return False


def _page_itself(reading: Reading) -> None:
    """The page is itself the player or the provider's page of one recording."""
    match = reading.itself
    if match and match.id and not match.announced:
        reading.findings.add(found(match, Place(1, "/html"), "page/url"))


def _event(finding: Finding, root: Element, meta: html_meta.Meta) -> None:
    """People and day of the event from the paragraphs, when the page has just one recording."""
    finding.propose(f"{meta.stream_kind}_url", meta.stream, "page/twitter-player")
    paragraphs = [text for p in root.iter("p") if (text := words(p))]
    finding.credit(people.people(paragraphs), "html/people-sentence")
    finding.propose("published", meta.published, meta.rules.get("published", "page/meta"))
    published = finding.value("published")
    finding.propose("event_date", people.event_date(paragraphs, published), "html/event-sentence")
    finding.propose("language", meta.language, meta.rules.get("language", "page/meta"))
    programme = tree.with_class(root, "title--program")
    finding.propose("programme", words(programme), "html/pangea-programme")
    if any(is_spaces_title(t) for t in (meta.title, finding.value("title"))):
        finding.propose("kind", "space", "page/spaces-title")


def _without_spare_players(root: Element) -> None:
    """Pangea's sites repeat other players in noscript; elsewhere a lazy frame stands there."""
    for spare in list(root.iter("noscript")):
        if any(classes(element) & html_pangea.ROOTS for element in spare.iter("div")):
            spare.clear(keep_tail=True)


def _walk(reading: Reading, root: Element, text: str) -> None:
    _without_spare_players(root)
    walk = tree.Walk(root, BY_TAG, marks.of(root, text))
    for element, marked in walk:
        if marked and _family(reading, walk, element):
            walk.skip(element)
            continue
        look(reading, element)
        if marked:
            look_closely(reading, element)


def blank(url: str | None) -> Page:
    """A page on which no recording can be; nothing else of it is read."""
    return Page(url=urls.absolute(url), site=urls.site_of(url), form="html")


def read(text: str, url: str | None) -> Page:
    """The page of an HTML text. `url` is where it came from, if known."""
    parsed = tree.parse(text)
    tree.empty_templates(parsed.root)
    meta = html_meta.read(parsed.root, url, text)
    reading = Reading(Findings(), meta.url, urls.site_of(meta.url), registry().match(url))
    reading.scripted = "openPlayer" in text
    _page_itself(reading)
    _walk(reading, parsed.root, text)
    part = html_linked.read(reading.findings, meta, reading.itself)
    player_page.read(reading.findings, parsed.root, meta, reading.itself)
    found_here = reading.findings.found
    page_values.settle(found_here, meta, reading.itself, part)
    if len(reading.pangea) == 1:
        _event(reading.pangea[0], parsed.root, meta)
    for finding in found_here:
        finding.tag(meta.tags, meta.rules.get("tags", "page/tag-links"))
    whole: Any = partial(meta.page, damage=parsed.damage)
    return reading.findings.page(whole, meta.rules.get("title") or meta.rules.get("url"))
