"""Which embeds are the same recording, told by keys. Pure.

Keys in the order of their worth: `id:` (provider and id) names a recording for certain;
`address:` of a file nearly so; the others (title on a page, title and length on a site, place on
a page) only hint: they join what no id tells apart. The episodes are a function of the set of all
appearances, never of the order in which they came (see `partition`).
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

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

    def within(self, label: str) -> Identity:
        """The same, known to nobody but to what a person split off under this label."""
        strong, weak = ([f"{key}#{label}" for key in keys] for keys in (self.strong, self.weak))
        return Identity(tuple(strong), tuple(weak), self.name, self.duration)


def identities(
    embeds: Sequence[Embed], page_key: str, has_address: bool, site: str | None = None
) -> tuple[Identity, ...]:
    """The identity of each embed of a document, in order.

    `page_key` is unique to the page; `has_address` tells whether it comes from an address, so that
    other documents can be of the same page, and other pages of the same site; `site` is what a
    document without an address says of its site.
    """
    nameless: Counter[str] = Counter()
    page = page_key if has_address else None
    host = page_key.partition("/")[0].partition("?")[0] if has_address else site
    return tuple(_identity(embed, page_key, _weak(embed, page, host), nameless) for embed in embeds)


def _identity(embed: Embed, page_key: str, weak: list[str], nameless: Counter[str]) -> Identity:
    strong = _strong(embed)
    if not strong and not weak:
        weak = [f"place:{page_key}:{embed.provider}:{nameless[embed.provider]}"]
        nameless[embed.provider] += 1
    name = f"{embed.provider}:{embed.id}" if embed.id else _name(embed, strong + weak)
    return Identity(tuple(strong), tuple(weak), name, embed.duration)


def _name(embed: Embed, keys: Sequence[str]) -> str:
    title = " ".join(text.words(embed.title or ""))
    if title and embed.duration and worth(keys[0]) == _HINT:
        # As before sites were told apart: guids that catalogues made then are made again.
        return text.scrub(f"title:{embed.provider}:{title}:{embed.duration}")
    return keys[0]


def _strong(embed: Embed) -> list[str]:
    keys = [f"id:{embed.provider}:{embed.id}"] if embed.id else []
    addresses = [urls.media_key(url) for url in (embed.audio_url, embed.video_url)]
    keys += [f"address:{address}" for address in addresses if address]
    if embed.provider == FILE_PROVIDER and not embed.id:
        # The address is all the id that a bare file has.
        keys += [f"id:{FILE_PROVIDER}:{address}" for address in addresses if address]
    return [text.scrub(key) for key in dict.fromkeys(keys)]


def _weak(embed: Embed, page_key: str | None, site: str | None) -> list[str]:
    title = " ".join(text.words(embed.title or ""))
    if not title:
        return []
    keys = []
    if embed.duration and site:
        keys.append(f"title:{site}:{embed.provider}:{title}:{embed.duration}")
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


def guid(name: str) -> str:
    """The guid made of a name, `provider:id` or a key."""
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, name)}"


# ---------------------------------------------------------------- grouping

Place = tuple[int, int]
"""A document's number and the position of the embed in it."""


@dataclass(frozen=True, slots=True)
class Node:
    """An appearance as far as grouping goes."""

    place: Place
    keys: tuple[str, ...]
    name: str = ""
    """What a guid would be made of; empty where it is not known any more."""
    salt: str = ""
    """What makes another guid of a name that is taken; empty where it is not known any more."""

    @property
    def ids(self) -> Ids:
        """Provider to id."""
        return ids_of(self.keys)


_ID, _ADDRESS, _HINT = range(3)


def worth(key: str) -> int:
    """0 for an id, 1 for the address of a file, 2 for a hint."""
    return {"id": _ID, "address": _ADDRESS}.get(key.partition(":")[0], _HINT)


def name_of(keys: Iterable[str]) -> str:
    """What the guid of an episode with these keys is made of: `provider:id`, else a key."""
    return min((_as_name(key) for key in keys), default=(9, ""))[1]


def _as_name(key: str) -> tuple[int, str]:
    """How well a key names an episode, and the name; as `Identity.name` has it."""
    kind, _, rest = key.partition(":")
    if kind == "id":
        return (2, key) if rest.startswith(f"{FILE_PROVIDER}:") else (0, rest)
    if kind == "title":
        return 3, f"title:{rest.partition(':')[2]}"
    return {"address": 1, "page": 4}.get(kind, 5), key


def blunt(document: Iterable[Identity]) -> frozenset[str]:
    """Keys that tell nothing: recordings known to differ share them in one document."""
    holders: dict[str, list[Identity]] = defaultdict(list)
    for identity in document:
        for key in identity.keys:
            if worth(key) != _ID:
                holders[key].append(identity)
    return frozenset(key for key, sharing in holders.items() if _differ(key, sharing))


def _differ(key: str, sharing: Sequence[Identity]) -> bool:
    hint = worth(key) == _HINT
    lengths = {identity.duration for identity in sharing if identity.duration}
    return (hint and len(lengths) > 1) or _contradict([i.ids for i in sharing], by_hint=hint)


def _contradict(ids: Sequence[Ids], *, by_hint: bool) -> bool:
    """Whether any two of these sides are apart."""
    values: dict[str, set[frozenset[str]]] = defaultdict(set)
    for each in ids:
        for provider, own in each.items():
            if by_hint or provider != FILE_PROVIDER:
                values[provider].add(own)
    return any(
        one.isdisjoint(other)
        for sets in values.values()
        if len(sets) > 1
        for one, other in combinations(sets, 2)
    )


def partition(nodes: Iterable[Node], useless: Container[str]) -> tuple[list[list[Node]], set[str]]:
    """The appearances in groups, one a recording, and the keys that proved to be blunt.

    Keys join in the order of their worth, then of the alphabet, so that the outcome does not
    depend on the order of the nodes. A key joins all that have it, or none: those of which a
    provider says that they are different recordings share it by chance. `useless` keys join none.
    """
    ordered = sorted(nodes, key=lambda node: node.place)
    holders: dict[str, list[Node]] = defaultdict(list)
    for node in ordered:
        for key in node.keys:
            if key not in useless:
                holders[key].append(node)
    ids = {node.place: node.ids for node in ordered}
    groups = _Groups(ordered, ids)
    found: set[str] = set()
    shared = [key for key, having in holders.items() if len(having) > 1]
    for key in sorted(shared, key=lambda key: (worth(key), key)):
        hint, places = worth(key) == _HINT, [node.place for node in holders[key]]
        if worth(key) != _ID and _contradict([ids[place] for place in places], by_hint=hint):
            found.add(key)
        else:
            groups.join(places, by_hint=hint)
    return groups.all(), found


class _Groups:
    """Sets of places that grow together."""

    def __init__(self, nodes: Sequence[Node], ids: Mapping[Place, Ids]) -> None:
        self._root = {node.place: node.place for node in nodes}
        self._members = {node.place: [node] for node in nodes}
        self._ids = dict(ids)

    def join(self, places: Sequence[Place], *, by_hint: bool) -> None:
        """Make one group of the groups of these places, unless ids forbid it."""
        roots = sorted({self._root[place] for place in places})
        if len(roots) < 2 or _contradict([self._ids[root] for root in roots], by_hint=by_hint):
            return
        first, *others = roots
        for other in others:
            for node in self._members[other]:
                self._root[node.place] = first
            self._members[first] += self._members.pop(other)
        self._ids[first] = _united(self._ids[root] for root in roots)

    def all(self) -> list[list[Node]]:
        """The groups, each from its first place on."""
        return [sorted(group, key=lambda n: n.place) for group in self._members.values()]


def _united(all_ids: Iterable[Ids]) -> Ids:
    found: dict[str, frozenset[str]] = {}
    for ids in all_ids:
        for provider, own in ids.items():
            found[provider] = found.get(provider, frozenset()) | own
    return found
