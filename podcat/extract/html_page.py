"""Reads an HTML page: what it says of itself, and its recordings in document order.

A table leads from the kind of element to the small function that looks at it. What a player's
own markup holds is looked at once, by the family that knows it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from podcat import urls
from podcat.extract import html_meta, html_npr, html_pangea, marks, people, tree
from podcat.extract.findings import Finding, Findings, found
from podcat.extract.html_players import BY_TAG, Reading, data_json, look, look_closely
from podcat.extract.lines import is_spaces_title
from podcat.extract.tree import Element, classes, words
from podcat.model import Page, Person, Place
from podcat.providers import registry
from podcat.text import clean

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


def _is_itself(reading: Reading, finding: Finding) -> bool:
    match = reading.itself
    return match is not None and (match.provider.key, match.id) == (finding.provider, finding.id)


def _own_story(finding: Finding, meta: html_meta.Meta) -> None:
    """On the page of one recording, what the page says of itself says it of the recording."""
    for name in ("published", "description", "title", "language"):
        finding.propose(name, getattr(meta, name), meta.rules.get(name, "page/meta"))
    finding.propose("image_url", meta.image, meta.rules.get("image", "page/meta"))
    authors = [Person(name, "author") for name in meta.authors]
    finding.credit(authors, meta.rules.get("authors", "page/meta"))


def _page_title(finding: Finding, meta: html_meta.Meta) -> None:
    """The page's headline; not its <title>, which carries the site's name."""
    rule = meta.rules.get("title")
    if rule and rule != "page/title":
        finding.propose("title", meta.title, rule)


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


def _walk(reading: Reading, root: Element, text: str) -> None:
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
    meta = html_meta.read(parsed.root, url)
    reading = Reading(Findings(), meta.url, urls.site_of(meta.url), registry().match(url))
    reading.scripted = "openPlayer" in text
    _page_itself(reading)
    _walk(reading, parsed.root, text)
    found_here = reading.findings.found
    if len(found_here) == 1 and _is_itself(reading, found_here[0]):
        _own_story(found_here[0], meta)
    if len(found_here) == 1 and found_here[0].provider in html_npr.FAMILY + html_pangea.FAMILY:
        _page_title(found_here[0], meta)
    if len(reading.pangea) == 1:
        _event(reading.pangea[0], parsed.root, meta)
    for finding in found_here:
        finding.tag(meta.tags, "page/tag-links")
    whole: Any = partial(
        Page, meta.url, urls.site_of(meta.url), clean(meta.title), meta.published,
        meta.byline, meta.language, meta.tags, "html", damage=parsed.damage,
    )  # fmt: skip
    return reading.findings.page(whole, meta.rules.get("title") or meta.rules.get("url"))
