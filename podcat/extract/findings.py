"""Collects what rules propose for each recording on a page, and settles it at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from podcat import urls
from podcat.extract import stock
from podcat.model import (
    EXTRA_FIELDS,
    FIELDS,
    IDENTIFIED,
    UNRESOLVED,
    Candidate,
    Embed,
    Page,
    Person,
    Place,
    Refusal,
    strength,
)
from podcat.providers import Match, registry
from podcat.text import clean, fold

_VALUES = frozenset(FIELDS + EXTRA_FIELDS) - {"provider", "id", "status"}
_QUALITY = re.compile(r"_(?:low|hq|mobile|fullhd|\d+p)(?=\.\w+$)")
# Seriously Simple Podcasting gives a file one address to play and one to save.
_DELIVERY = re.compile(r"/podcast-(?:player|download)/")
# Parameters that say which file a script is to send.
_NAMING = frozenset({"id", "file", "file_id", "episode", "episode_id", "track", "clip", "media"})
# `player` is the address by which the document names the recording, as it is written there;
# `feed_url` the feed that an address names beside it.
_KEPT = _VALUES | {"player", "feed_url", "transcript"}
_TEXTS = frozenset({"title", "description", "programme", "image_caption", "image_credit"})


Where = Place | Callable[[], Place]
MOST = 10_000


def settled(where: Where) -> Place:
    """The place itself."""
    return where if isinstance(where, Place) else where()


class Finding:
    """One recording while its page is read: its key, its place, and what is proposed for it."""

    def __init__(self, provider: str, place: Where, rule: str, id: str | None = None) -> None:  # noqa: A002
        self.provider = provider
        self.place = place
        self.rule = rule
        self.id = id
        self.page: str | None = None
        """The page that stands for an id, where an address was recognised that holds none."""
        self.candidates: list[Candidate] = []
        self.best: dict[str, Candidate] = {}
        """The candidate that stands for each field so far: the first of the strongest rules."""
        self.people: list[Person] = []
        self.tags: list[str] = []

    def propose(self, field: str, value: Any, rule: str) -> None:
        """A rule's value for a field; nothing is ignored, stock labels are no titles."""
        if value is None or value == "":
            return
        if field in _TEXTS and not (value := clean(value)):
            return
        if field == "title" and not (value := self._title(value, rule)):
            return
        self._keep(Candidate(field, value, rule))

    def _title(self, text: str, rule: str) -> str | None:
        """What a rule takes for the title; rules on text extracts judge lines themselves."""
        if rule.startswith("text/"):
            return None if text.casefold() in registry().labels else text
        return stock.title(text, self.provider)

    def _keep(self, candidate: Candidate) -> None:
        self.candidates.append(candidate)
        held = self.best.get(candidate.field)
        if held is None or strength(candidate.rule) > strength(held.rule):
            self.best[candidate.field] = candidate

    def propose_all(self, rule: str, **values: Any) -> None:
        """Several values of one rule."""
        for field, value in values.items():
            self.propose(field, value, rule)

    def matched(self, match: Match, rule: str) -> None:
        """What an address says that was recognised as this recording."""
        self.propose_all(rule, kind=match.kind, audio_url=match.audio_url, start=match.start)
        built = "derived/provider-template"
        self.propose("player", match.given, rule)
        player = match.form == "player" and not match.retired
        self.propose("embed_url", match.embed_url, rule if player else built)
        self.propose("link", match.link, built if match.form == "player" else rule)
        self.propose("feed_url", match.feed_url, rule)
        if not match.audio_url:
            self.propose("audio_url", match.provider.build("audio", match.parts), built)
        if not match.id:
            self.page = match.link

    def transcript(self, match: Match) -> None:
        """Where the provider's rule puts a transcript that the page announces."""
        if self.value("has_transcript"):
            built = match.provider.build("transcript", match.parts)
            self.propose("transcript_url", built, "derived/provider-template")

    def value(self, field: str) -> Any:
        """The value that stands for a field so far, or None."""
        best = self.best.get(field)
        return best.value if best else None

    @property
    def keys(self) -> list[tuple[Any, ...]]:
        """What makes two findings on a page one recording: id, any of its files, else its title."""
        keys: list[tuple[Any, ...]] = [(self.provider, self.id)] if self.id else []
        files = (c.value for c in self.candidates if c.field in ("audio_url", "video_url"))
        keys += [("file", one_file(url)) for url in files]
        keys += [("page", self.page)] if self.page else []
        title = self.value("title")
        if not keys and title:
            keys.append((self.provider, fold(title), self.value("duration")))
        return keys

    def join(self, other: Finding) -> None:
        """Takes over what another mention of the same recording proposes."""
        if other.id and not self.id:
            self.provider, self.id, self.rule = other.provider, other.id, other.rule
        for candidate in other.candidates:
            self._keep(candidate)
        self.people += [p for p in other.people if p not in self.people]
        self.tags += [t for t in other.tags if t not in self.tags]

    def embed(self, page_rule: str | None) -> Embed:
        """The recording as it is settled now."""
        best = {f: c for f, c in self.best.items() if f in _VALUES}
        values = {field: candidate.value for field, candidate in best.items()}
        addressed = self.id or any(values.get(f) for f in ("audio_url", "video_url", "embed_url"))
        own = {"provider": self.provider, "id": self.id, "people": self.people, "tags": self.tags}
        provenance = {f: best[f].rule if f in best else self.rule
                      for f in (*FIELDS, "people", *EXTRA_FIELDS, "tags", "status", "place")
                      if f in best or own.get(f) or f in ("status", "place")}  # fmt: skip
        provenance |= {c.field: c.rule for c in self.candidates if c.field in ("people", "tags")}
        if page_rule:
            provenance["page"] = page_rule
        return Embed(
            provider=self.provider,
            place=settled(self.place),
            id=self.id,
            status=IDENTIFIED if addressed else UNRESOLVED,
            people=tuple(self.people),
            tags=tuple(self.tags),
            provenance=provenance,
            candidates=tuple(c for c in self.candidates if c.field in _KEPT),
            **values,
        )

    def credit(self, people: Iterable[Person], rule: str) -> None:
        """People of this recording, as a rule found them."""
        for person in people:
            if (person.name, person.role) not in {(p.name, p.role) for p in self.people}:
                self.people.append(person)
                self.candidates.append(Candidate("people", (person.name, person.role), rule))

    def tag(self, tags: Iterable[str], rule: str) -> None:
        """What the recording is about, as a rule found it."""
        for tag in tags:
            if tag not in self.tags:
                self.tags.append(tag)
                self.candidates.append(Candidate("tags", tag, rule))


def fits(one: Finding, other: Finding) -> bool:
    """Whether two findings can be one recording: different ids are different recordings."""
    return not (one.id and other.id) or (one.provider, one.id) == (other.provider, other.id)


@lru_cache(maxsize=1024)
def one_file(url: str) -> str:
    """What makes two addresses one media file.

    How it is delivered makes no other: scheme, counters, most of its query, quality, and for sound
    the encoding.
    """
    address = urls.parse(url)
    kind = registry().media_type(url)
    if address is None or kind is None:
        return url
    address = urls.counted(urls.unwrap(address))
    path = _QUALITY.sub("", _DELIVERY.sub("/podcast/", unquote(address.path)))
    named = [f"{k}={v}" for k, v in address.parameters().items() if k.lower() in _NAMING]
    if kind.startswith("audio/"):
        path = path.rpartition(".")[0]
    port = f":{address.port}" if address.port else ""
    return "?".join([f"//{address.host}{port}{path}", *named])


class Findings:
    """The recordings of a page in the order of first mention, and the addresses refused."""

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self.refused: list[Refusal] = []
        self._by_key: dict[tuple[Any, ...], Finding] = {}
        self._refused: set[str] = set()
        self.overflowed = False

    def add(self, finding: Finding) -> Finding:
        """Keeps a finding, or joins it to the one that it repeats; returns the one kept.

        A document that announces more than MOST recordings is no page; what is beyond is not kept.
        """
        keys = finding.keys
        held = next((h for k in keys if (h := self._by_key.get(k)) and fits(h, finding)), None)
        if held:
            held.join(finding)
        elif len(self.found) < MOST:
            self.found.append(finding)
        else:
            self.overflowed = True
        for key in keys:
            self._by_key.setdefault(key, held or finding)
        return held or finding

    def titled(self, provider: str, title: str | None) -> bool:
        """Whether a recording of this title was identified on the page."""
        same = (f for f in self.found if f.provider == provider and f.id)
        return any(fold(f.value("title") or "") == fold(title) for f in same) if title else False

    def refuse(self, url: str, base: str | None, place: Where) -> None:
        """Notes an address that goes a player's way but names none."""
        refusal = registry().refusal(url, base)
        if refusal and url not in self._refused and len(self._refused) < MOST:
            self._refused.add(url)
            provider, reason = refusal
            self.refused.append(Refusal(url, provider.key, reason, settled(place)))

    def page(self, page: Callable[..., Page], page_rule: str | None) -> Page:
        """The page with its recordings settled."""
        embeds = tuple(finding.embed(page_rule) for finding in self.found)
        whole = page(embeds=embeds, refused=tuple(self.refused))
        if not self.overflowed:
            return whole
        line = f"announces more than {MOST} recordings: those beyond were left out"
        return replace(whole, damage=(*whole.damage, line))


def found(match: Match, place: Where, rule: str) -> Finding:
    """A finding for an address that was recognised."""
    finding = Finding(match.provider.key, place, rule, match.id)
    finding.matched(match, rule)
    return finding
