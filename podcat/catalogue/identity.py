"""Which embeds are the same recording, told by keys. Pure.

A strong key (`id:`, `address:`) names one recording for certain. A weak key (title and length,
title on a page, place on a page) only hints: it joins what no id tells apart.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from podcat import text, urls
from podcat.model import Embed

NAMESPACE = uuid.UUID("b1d2e7a4-6a0f-5c3e-9a35-4d1c8e0f7b62")
FILE_PROVIDER = "audio-file"

Ids = Mapping[str, frozenset[str]]
"""Provider to the ids that an embed or episode has with it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """All keys of one embed, strongest first."""

    strong: tuple[str, ...]
    weak: tuple[str, ...]
    name: str
    """What its guid is made of."""
    duration: int | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """Strong and weak keys."""
        return self.strong + self.weak

    @property
    def ids(self) -> Ids:
        """Provider to id."""
        return ids_of(self.strong)


def identities(embeds: Sequence[Embed], page_key: str, has_address: bool) -> tuple[Identity, ...]:
    """The identity of each embed of a document, in order.

    `page_key` is unique to the page; `has_address` tells whether it comes from an address, so that
    other documents can be of the same page.
    """
    nameless: Counter[str] = Counter()
    return tuple(_identity(embed, page_key, has_address, nameless) for embed in embeds)


def _identity(embed: Embed, page_key: str, has_address: bool, nameless: Counter[str]) -> Identity:
    strong, weak = _strong(embed), _weak(embed, page_key if has_address else None)
    if not strong and not weak:
        weak = [f"place:{page_key}:{embed.provider}:{nameless[embed.provider]}"]
        nameless[embed.provider] += 1
    name = f"{embed.provider}:{embed.id}" if embed.id else (strong + weak)[0]
    return Identity(tuple(strong), tuple(weak), name, embed.duration)


def _strong(embed: Embed) -> list[str]:
    keys = [f"id:{embed.provider}:{embed.id}"] if embed.id else []
    addresses = [urls.page_key(url) for url in (embed.audio_url, embed.video_url)]
    keys += [f"address:{address}" for address in addresses if address]
    if embed.provider == FILE_PROVIDER and not embed.id:
        # The address is all the id that a bare file has.
        keys += [f"id:{FILE_PROVIDER}:{address}" for address in addresses if address]
    return [text.scrub(key) for key in dict.fromkeys(keys)]


def _weak(embed: Embed, page_key: str | None) -> list[str]:
    title = " ".join(text.words(embed.title or ""))
    if not title:
        return []
    keys = []
    if embed.duration:
        keys.append(f"title:{embed.provider}:{title}:{embed.duration}")
    if page_key:
        keys.append(f"page:{page_key}:{embed.provider}:{title}")
    return [text.scrub(key) for key in keys]


def ids_of(keys: Iterable[str]) -> Ids:
    """The ids among the keys of an episode, by provider."""
    found: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        kind, _, rest = key.partition(":")
        if kind == "id":
            provider, _, value = rest.partition(":")
            found[provider].add(value)
    return {provider: frozenset(values) for provider, values in found.items()}


def apart(one: Ids, other: Ids, *, by_hint: bool) -> bool:
    """Whether ids forbid that two sides are one recording: a provider gave them different ones.

    Different addresses of bare files tell apart only what a weak key hints at (`by_hint`): an
    embed that names both files is proof that they are one recording.
    """
    shared = [p for p in one if p in other and (by_hint or p != FILE_PROVIDER)]
    return any(one[p].isdisjoint(other[p]) for p in shared)


def ambiguous(document: Iterable[Identity]) -> frozenset[str]:
    """Weak keys that tell nothing here: recordings known to differ share them in one document."""
    holders: dict[str, list[Identity]] = defaultdict(list)
    for identity in document:
        for key in identity.weak:
            holders[key].append(identity)
    return frozenset(key for key, sharing in holders.items() if _differ(sharing))


def _differ(sharing: Sequence[Identity]) -> bool:
    lengths = {identity.duration for identity in sharing if identity.duration}
    ids = [identity.ids for identity in sharing]
    return len(lengths) > 1 or any(
        apart(one, other, by_hint=True) for i, one in enumerate(ids) for other in ids[:i]
    )


def same_recording(
    identity: Identity,
    unsure: frozenset[str],
    holders: Callable[[str], Sequence[int]],
    ids_of_episode: Callable[[int], Ids],
) -> list[int]:
    """The episodes that an embed is the same recording as, oldest first; several are to be joined.

    `holders` gives the episodes with a key, `unsure` the keys that are `ambiguous` in the document.
    """
    group: set[int] = set()
    known: list[Ids] = [identity.ids]

    def admit(episode: int, by_hint: bool) -> None:
        ids = ids_of_episode(episode)
        if episode not in group and not any(apart(k, ids, by_hint=by_hint) for k in known):
            group.add(episode)
            known.append(ids)

    for key in identity.strong:
        for episode in sorted(holders(key)):
            admit(episode, by_hint=False)
    for key in identity.weak:
        candidates = holders(key)
        if key not in unsure and len(candidates) == 1:
            admit(candidates[0], by_hint=True)
    return sorted(group)


def guid(name: str) -> str:
    """The guid made of a name, `provider:id` or a key."""
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, name)}"
