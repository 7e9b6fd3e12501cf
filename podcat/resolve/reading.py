"""What a document that was asked for says of one recording, and of no other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qs

from podcat import text, urls
from podcat.errors import SourceError
from podcat.extract import extract, syndication
from podcat.model import Candidate, Document, Embed, Episode, Place
from podcat.net.answer import Answer
from podcat.resolve.ways import Kind

OEMBED: Final = "json/oembed"
_FILES: Final = ("audio_url", "video_url")
_FEED_LINK = re.compile(
    rb"<link\b(?=[^>]{0,600}\btype\s*=\s*[\"']?application/(?:rss|atom)\+xml)[^>]{0,600}"
    rb"\bhref\s*=\s*[\"']([^\"'\s>]{8,1000})",
    re.I,
)
# NPR's own scripts name the feed of the programme.
_FEED = re.compile(rb"https?:(?:\\?/){2}feeds\.npr\.org(?:\\?/)\d+(?:\\?/)podcast\.xml")
_STORY: Final = ("e", "story", "awEpisodeId")
# What an address says that is recognised, or what is built of it.
_ADDRESSED: Final = (
    "kind", "embed_url", "link", "audio_url", "transcript_url", "start",
)  # fmt: skip
_NO_VALUES: Final = frozenset({"provider", "id", "status", "place", "page", "people", "tags"})
_NEAR: Final = 2  # seconds by which lengths of one recording differ


def document(answer: Answer) -> Document:
    """The answer as a document of the address that was asked for."""
    kind = answer.header("content-type") or None
    return Document(answer.url, answer.body, answer.url, kind)


def feed_in(answer: Answer) -> str | None:
    """The feed that a page announces, if it announces just one."""
    found = [m[1] for m in _FEED_LINK.finditer(answer.body[: 2**19])] or _FEED.findall(answer.body)
    plain = {one.decode("utf-8", "replace").replace("\\/", "/").replace("&amp;", "&")
             for one in found}  # fmt: skip
    addresses = {url for one in plain if (url := urls.absolute(one, answer.final_url))}
    return addresses.pop() if len(addresses) == 1 else None


# ---------------------------------------------------------------- pages


def on_page(answer: Answer, episode: Episode, kind: Kind) -> Embed | None:
    """What a page says of the recording; None where it says nothing of it."""
    embeds = extract(document(answer)).embeds
    own = _by_id(embeds, episode) or _by_title(embeds, episode)
    if own is None and kind is not Kind.SOURCE and len(embeds) == 1 and not embeds[0].id:
        own = embeds[0]  # the one sound of the recording's own page
    return _as_of(own, episode) if own else None


def _by_id(embeds: Iterable[Embed], episode: Episode) -> Embed | None:
    if not episode.provider_id:
        return None
    key = (episode.provider, episode.provider_id)
    return next((one for one in embeds if (one.provider, one.id) == key), None)


def _by_title(embeds: Iterable[Embed], episode: Episode) -> Embed | None:
    """The one of its title; only for what has no id, since titles repeat."""
    if episode.provider_id or not episode.title:
        return None
    same = [one for one in embeds if one.provider == episode.provider and one.title
            and text.fold(one.title) == text.fold(episode.title)]  # fmt: skip
    return same[0] if len(same) == 1 else None


def _as_of(embed: Embed, episode: Episode) -> Embed:
    """As a mention of the episode, which says no more than what was not known by its address.

    What was found without a name is its sound.
    """
    rules = {name: rule for name, rule in embed.provenance.items() if _is_news(rule)}
    said = tuple(c for c in embed.candidates if _is_news(c.rule))
    dropped: dict[str, Any] = {
        name: None for name in embed.provenance if name not in rules and name in _ADDRESSED
    }
    own = replace(embed, candidates=said, provenance=rules, **dropped)
    if own.id or not episode.provider_id:
        return own
    return replace(own, provider=episode.provider, id=episode.provider_id)


def _is_news(rule: str) -> bool:
    return rule != "page/url" and not rule.startswith("derived/")


# ---------------------------------------------------------------- feeds


def in_feed(answer: Answer, episode: Episode, player: str | None) -> Embed | None:
    """The item of a feed that is the recording: by guid, id, NPR's story, else title and length."""
    entries = _entries(answer.url, answer.body)
    number = episode.provider_id or ""
    by_guid = [embed for guid, embed in entries if guid and guid in (number, _guid(player))]
    embeds = [embed for _, embed in entries]
    own = next(iter(by_guid), None) or _by_id(embeds, episode) or _of_story(embeds, episode)
    own = own or _alike(embeds, episode)
    if own is None:
        return None
    named = replace(own, provider=episode.provider, id=episode.provider_id)
    return with_candidates(named)


@lru_cache(maxsize=8)  # many episodes ask for one feed
def _entries(url: str, body: bytes) -> tuple[tuple[str | None, Embed], ...]:
    try:
        return tuple(syndication.entries(Document(url, body, url)))
    except SourceError:
        return ()


def _guid(player: str | None) -> str | None:
    """The guid that a player of PRX names."""
    address = urls.parse(player)
    return next(iter(parse_qs(address.query).get("ge", [])), None) if address else None


def _of_story(embeds: Iterable[Embed], episode: Episode) -> Embed | None:
    """NPR's feeds know the story alone, not the recording: fine where they have it once."""
    if episode.provider != "npr" or not episode.provider_id:
        return None
    story = episode.provider_id.partition("/")[0]
    same = [one for one in embeds if story in _stories(one)]
    return same[0] if len(same) == 1 else None


def _stories(embed: Embed) -> set[str]:
    address = urls.parse(embed.audio_url)
    told = address.parameters() if address else {}
    page = urls.parse(embed.link)
    segments = page.path.split("/") if page and urls.on_host(page.host, "*.npr.org") else []
    return {told[name] for name in _STORY if told.get(name)} | set(filter(None, segments))


def _alike(embeds: Iterable[Embed], episode: Episode) -> Embed | None:
    if not episode.title:
        return None
    same = [one for one in embeds if one.title and text.fold(one.title) == text.fold(episode.title)
            and _near(one.duration, episode.duration)]  # fmt: skip
    return same[0] if len(same) == 1 else None


def _near(one: int | None, other: int | None) -> bool:
    return one is None or other is None or abs(one - other) <= _NEAR


def with_candidates(embed: Embed) -> Embed:
    """With each of its values as a candidate of its rule."""
    if embed.candidates:
        return embed
    fields = (
        f for f in embed.provenance if f not in ("provider", "id", "status", "people", "tags")
    )
    said = ((f, getattr(embed, f, None), embed.provenance[f]) for f in fields)
    return replace(embed, candidates=tuple(Candidate(*one) for one in said if one[1] is not None))


# ---------------------------------------------------------------- oEmbed


def in_oembed(answer: Answer, episode: Episode) -> Embed | None:
    """Title, picture and length by the provider's own service."""
    try:
        said: Any = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    values = {
        "title": text.clean(_words(said.get("title"))),
        "description": text.clean(_words(said.get("description"))),
        "duration": text.parse_duration(_plain(said.get("duration"))),
        "image_url": urls.absolute(_words(said.get("thumbnail_url"))),
    }
    return made(episode, OEMBED, **values)


def _words(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _plain(value: Any) -> str | int | float | None:
    return value if isinstance(value, (str, int, float)) and not isinstance(value, bool) else None


# ---------------------------------------------------------------- as an embed


def made(episode: Episode, rule: str, **values: Any) -> Embed | None:
    """A mention of the episode that says these values by one rule; None where there are none."""
    stated = {name: value for name, value in values.items() if value not in (None, "")}
    if not stated:
        return None
    candidates = tuple(Candidate(name, value, rule) for name, value in stated.items())
    return Embed(
        episode.provider, Place(), id=episode.provider_id, status=episode.status,
        provenance=dict.fromkeys(stated, rule), candidates=candidates,
    )  # fmt: skip


def stated_file(embed: Embed) -> tuple[str, str, str] | None:
    """(field, address, rule) of the file that a document states; None where a rule built it."""
    for field in _FILES:
        url, rule = getattr(embed, field), embed.provenance.get(field, "")
        if url and not rule.startswith("derived/"):
            return field, url, rule
    return None


def without_file(embed: Embed) -> Embed:
    """The mention without a file that proved to be none."""
    kept = tuple(c for c in embed.candidates if c.field not in _FILES)
    rules = {name: rule for name, rule in embed.provenance.items() if name not in _FILES}
    return replace(embed, audio_url=None, video_url=None, candidates=kept, provenance=rules)
