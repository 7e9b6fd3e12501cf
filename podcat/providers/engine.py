"""Tells whose player an address is, and which recording it names."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote, unquote

from podcat import urls
from podcat.providers import templates
from podcat.providers.checks import Checks
from podcat.providers.quirks import QUIRKS
from podcat.providers.reserved import is_word


@cache
def _beginning(template: str) -> tuple[str, tuple[str, ...]]:
    """How every path of a template begins, and what else is in it."""
    start, *words = templates.literals(template)
    return start, tuple(word.rstrip("/") for word in words if word.startswith("/"))


@dataclass(frozen=True, slots=True)
class Route:
    """One form that a provider's addresses take."""

    form: str
    """`player`: made to be embedded; `page`: made to be visited; `file`: the sound itself."""
    hosts: tuple[str, ...]
    host_pattern: templates.Lazy | None
    """Takes named parts out of the host, where the host says whose recording it is."""
    path: str
    path_pattern: templates.Lazy
    query: Mapping[str, tuple[templates.Lazy, bool]]
    """Parameter to its pattern and whether it must be there."""
    fragment: templates.Lazy | None
    id: str
    """Empty for pages whose address does not hold the recording's id."""
    kind: str | None
    embed: str | None
    link: str | None
    audio: str | None
    """The file that the address itself names; what a rule gives is the provider's `audio`."""
    feed: str | None
    """The RSS feed that the address names."""
    retired: str | None
    """Why players of this form no longer play, though the recording may."""
    announced: bool
    """Whether such a page is mostly no audio, so that a link must say that one can listen."""
    start: str | None = None
    """What a player's address gets so as to begin at second `{t}`: `?t={t}`, `#t={t}s`."""
    reserved: tuple[str, ...] = ()
    """Parts that are none of the words that sites keep for pages of their own."""

    def patterns(self) -> Iterator[templates.Lazy]:
        """All that an address of this form is matched against."""
        yield self.path_pattern
        yield from (pattern for pattern, _ in self.query.values())
        yield from (pattern for pattern in (self.host_pattern, self.fragment) if pattern)

    def parts(self, address: urls.Address) -> dict[str, str] | None:
        """The named parts of an address of this form, percent-decoded, or None."""
        found = self.path_pattern.fullmatch(_decoded(address.path).rstrip("/") or "/")
        if not found:
            return None
        parts = {k: v for k, v in found.groupdict().items() if v is not None}
        if any(is_word(parts.get(name, "")) for name in self.reserved):
            return None
        if self.host_pattern:
            named = self.host_pattern.fullmatch(address.host)
            if not named:
                return None
            parts |= named.groupdict()
        texts = [(pattern, must, address.parameters().get(name))
                 for name, (pattern, must) in self.query.items()]  # fmt: skip
        if self.fragment:
            texts.append((self.fragment, True, unquote(address.fragment)))
        for pattern, must, text in texts:
            inner = pattern.fullmatch(text or "")
            if not inner and must:
                return None
            parts |= {k: v for k, v in (inner.groupdict() if inner else {}).items() if v}
        return parts

    def begins(self, address: urls.Address) -> bool:
        """Whether the address goes the way of this form, whatever it names."""
        path = _decoded(address.path)
        if must := [name for name, (_, must) in self.query.items() if must]:
            plain = path.rstrip("/") or "/"
            return plain == self.path and any(name in address.parameters() for name in must)
        start, words = _beginning(self.path)
        return len(start) > 1 and path.startswith(start) and all(word in path for word in words)


@dataclass(frozen=True, slots=True)
class Provider:
    """Whose player it is."""

    key: str
    name: str
    home: str | None
    hosts: tuple[str, ...]
    routes: tuple[Route, ...]
    default: Mapping[str, str]
    audio: str | None
    transcript: str | None
    quirk: str | None
    oembed: str | None
    """Where its oEmbed service answers, if it has one."""
    closed: dt.date | None
    """The day the service ended, if it has."""
    frame: bool
    """Whether its player may be shown in a frame."""
    files: bool
    """Whether anybody is given a file: not where sound is encrypted or for members alone."""
    height: int
    """Height of the player in CSS pixels."""
    labels: frozenset[str]
    """Stock titles of its players: never the title of a recording."""
    media: Mapping[str, str]
    """File extension to MIME type, for plain files."""
    other: tuple[templates.Lazy, ...]
    """Paths on its player routes that are no recording, and no mistake either."""
    checks: Checks
    """What a look at its players can go by."""
    examples: tuple[Mapping[str, Any], ...] = field(repr=False, default=())
    refused: tuple[str, ...] = field(repr=False, default=())
    """Addresses that must not be taken for its own."""

    def build(self, name: str, parts: Mapping[str, str | None]) -> str | None:
        """The `audio` or `transcript` address that the provider's rule gives for these parts."""
        template: str | None = getattr(self, name)
        return templates.fill(template, parts) if template else None


@dataclass(frozen=True, slots=True)
class Match:
    """An address recognised as one recording of a provider."""

    provider: Provider
    route: Route | None
    parts: Mapping[str, str]
    id: str | None
    form: str
    kind: str | None
    start: int | None
    embed_url: str | None
    link: str | None
    audio_url: str | None = None
    """The file that the address is or names."""
    feed_url: str | None = None
    given: str | None = None
    """The address that was recognised."""

    @property
    def retired(self) -> str | None:
        """Why this form of the address is dead, or None."""
        return self.route.retired if self.route else None

    @property
    def is_recording(self) -> bool:
        """Whether the address alone says which recording it is, whoever names it."""
        return bool(self.id or self.audio_url) and not self.announced

    @property
    def announced(self) -> bool:
        """Whether a link of this form needs words that promise audio."""
        return bool(self.route and self.route.announced)

    def starting(self, second: int) -> str | None:
        """The player's address that begins there; None where the provider has no such thing."""
        template = self.route.start if self.route else None
        if not template or not self.embed_url:
            return None
        return urls.joined(self.embed_url, template.replace("{t}", str(second)))


# Host and first segment of an address as nearly all are written.
_AUTHORITY = re.compile(r"(?:https?:)?//([\w.-]+)(?:/([^/?#]*)|(?=[?#])|$)", re.I | re.A)
_LONGEST_HOST = 253
_PLACEHOLDER = re.compile(r"\{\{|%7B%7B|\$\{|\$%7B|<%|%3C%|\{%|%7B%", re.I)
_SEGMENT = re.compile(r"/([^/\[\]{}*]+)(?=/|$)")


def _decoded(path: str) -> str:
    if "%" not in path:
        return path
    return "/".join(quote(unquote(p), safe="/%") if "/" in unquote(p) else unquote(p)
                    for p in path.split("/"))  # fmt: skip


# ---------------------------------------------------------------- matching


class Registry:
    """All providers, found by host."""

    def __init__(self, providers: Iterable[Provider]) -> None:
        self.providers: dict[str, Provider] = {p.key: p for p in providers}
        self._by_host: dict[str, list[tuple[Provider, Route | None, bool]]] = {}
        for provider in self.providers.values():
            self._index(provider, None, provider.hosts)
            for route in provider.routes:
                self._index(provider, route, route.hosts)
        self._on = lru_cache(maxsize=4096)(self._entries)
        self._segments = lru_cache(maxsize=4096)(self._first_segments)
        self._matched = lru_cache(maxsize=512)(self._match)
        self.labels = {label for p in self.providers.values() for label in p.labels}
        self.media = {ext: mime for p in self.providers.values() for ext, mime in p.media.items()}

    def _index(self, provider: Provider, route: Route | None, hosts: Iterable[str]) -> None:
        for host in hosts:
            entry = (provider, route, not host.startswith("*."))
            self._by_host.setdefault(host.removeprefix("*."), []).append(entry)

    def _entries(self, host: str) -> list[tuple[Provider, Route | None]]:
        found: list[tuple[Provider, Route | None]] = []
        if len(host) > _LONGEST_HOST:  # each label of a long one would cost a search
            return found
        labels = host.split(".")
        for depth in range(len(labels) - 1):
            for provider, route, exact in self._by_host.get(".".join(labels[depth:]), ()):
                if depth == 0 or not exact:
                    found.append((provider, route))
        return found

    def routes(self, host: str) -> list[tuple[Provider, Route]]:
        """The routes that addresses on a host can take."""
        return [(provider, route) for provider, route in self._on(host) if route]

    def provider_of(self, host: str | None) -> Provider | None:
        """The provider whose host this is, or None."""
        return next((provider for provider, _ in self._on(host or "")), None)

    def _named(self, address: urls.Address) -> urls.Address:
        """The address after the quirk of its site, which may not lead to another site."""
        provider = self.provider_of(address.host)
        if provider is None or provider.quirk is None:
            return address
        named = QUIRKS[provider.quirk](address)
        return named if self.provider_of(named.host) is provider else address

    def match(self, url: str | None, base: str | None = None) -> Match | None:
        """The recording that an address names, or None when it names none.

        Judged on the parsed host and the exact route; Wayback addresses count as what they keep.
        """
        if not url or len(url) > urls.LONGEST or self.is_foreign(url):
            return None
        return self._matched(url, base)

    def is_foreign(self, url: str) -> bool:
        """Whether an address plainly names no recording and no media file: nearly all do not."""
        plain = _AUTHORITY.match(url)
        if plain is None or urls.extension(url) in self.media:
            return False
        segments = self._segments(plain[1].lower())
        return segments is not None and plain[2] not in segments and "%" not in (plain[2] or "")

    def _first_segments(self, host: str) -> frozenset[str] | None:
        """How the paths of all routes on a host begin; None when that cannot be said."""
        if host in urls.ARCHIVES or host.endswith("."):
            return None
        segments: set[str] = set()
        for provider, route in self._on(host):
            begins = _SEGMENT.match(route.path) if route else None
            if provider.quirk or (route and not begins):
                return None
            segments.update(begins.groups() if begins else ())
        return frozenset(segments)

    def _match(self, url: str, base: str | None) -> Match | None:
        given = urls.parse(url, base)
        if given is None:
            return None
        given = urls.unwrap(given)
        if not self._on(given.host) or given.port:  # a port is another server's
            return self._file(given)
        address = self._named(given)
        for provider, route in self.routes(address.host):
            parts = route.parts(address)
            if parts is not None:
                form = route.form if address is given else "player"
                return make_match(provider, route, parts | {"host": address.host}, given, form)
        return self._file(given)

    def _file(self, address: urls.Address) -> Match | None:
        mime = self.media.get(urls.extension(address.path))
        if mime is None or not mime.startswith("audio/") or _PLACEHOLDER.search(str(address)):
            return None  # a film is no audio, a template's address none yet
        url = urls.absolute(str(address))
        counted = urls.counted(address)
        for provider, route in self.routes(counted.host) if counted is not address else ():
            parts = route.parts(counted) if route.form == "file" else None
            if parts is not None:
                match = make_match(provider, route, parts | {"host": counted.host}, counted, "file")
                return replace(match, audio_url=url, given=url)
        plain, kind = self.providers["audio-file"], mime.partition("/")[0]
        return Match(plain, None, {}, None, "file", kind, urls.start_of(address), None, None, url)

    def media_type(self, url: str | None) -> str | None:
        """MIME type of a plain media file by the extension in its path, or None."""
        address = urls.parse(url)
        return self.media.get(urls.extension(address.path)) if address else None

    def refusal(self, url: str | None, base: str | None = None) -> tuple[Provider, str] | None:
        """Provider and reason for an address that goes a player's way but names no player."""
        if not url or len(url) > urls.LONGEST or self.is_foreign(url):
            return None
        address = urls.parse(url, base)
        if address is None:
            return None
        address = urls.unwrap(address)
        if not self._on(address.host) or self.match(url, base):
            return None
        for provider, route in self.routes(address.host):
            if route.form == "player" and route.begins(address):
                if any(other.fullmatch(address.path.rstrip("/")) for other in provider.other):
                    return None
                return provider, f"does not fit {provider.name}'s form {route.path}"
        return None

    def repaired(self, url: str | None) -> str | None:
        """The address that a malformed one was meant to be, when undoing its encoding tells."""
        plain = unquote(url or "")
        found = self.match(plain) if plain != url else None
        return found.embed_url if found and found.id else None


def make_match(
    provider: Provider, route: Route, parts: Mapping[str, str], given: urls.Address, form: str
) -> Match:
    """A match with the addresses that the provider's templates give for its parts."""
    values: dict[str, str] = {**provider.default, **parts}

    def filled(template: str | None) -> str | None:
        return templates.fill(template, values) if template else None

    if link := filled(route.link):
        values["link"] = link
    return Match(
        provider=provider,
        route=route,
        parts=values,
        id=unquote(filled(route.id) or "") or None,
        form=form,
        kind=filled(route.kind),
        start=urls.start_of(given),
        embed_url=filled(route.embed),
        link=link,
        audio_url=urls.absolute(str(given) if form == "file" else filled(route.audio)),
        feed_url=urls.absolute(filled(route.feed)),
        given=str(given),
    )
