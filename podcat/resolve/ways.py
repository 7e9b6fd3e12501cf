"""Where to ask for a recording's file, in which order, and what an answer means for that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import quote

from podcat import urls
from podcat.catalogue import Wanted
from podcat.net import astray, magic, troubles
from podcat.net.answer import Answer, Trouble
from podcat.providers import Provider, registry, templates
from podcat.resolve import media

PAGE_BYTES: Final = 2 * 2**20
FEED_BYTES: Final = 16 * 2**20
TRANSCRIPT_BYTES: Final = 8 * 2**20
"""JSON names each word."""
_SMALL: Final = 256 * 2**10


class Kind(StrEnum):
    """What is asked for; the value is what a person calls it."""

    FEED = "its feed"
    PLAYER = "its player"
    PAGE = "its page"
    SOURCE = "the page it is on"
    OEMBED = "its provider's oEmbed"
    FILE = "its file"
    TRANSCRIPT = "its transcript"


_LIMITS: Final = {
    Kind.FEED: FEED_BYTES, Kind.OEMBED: _SMALL, Kind.FILE: media.BYTES,
    Kind.TRANSCRIPT: TRANSCRIPT_BYTES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """One address to ask, and as what."""

    kind: Kind
    url: str

    @property
    def media(self) -> bool:
        """Whether the first bytes are enough."""
        return self.kind is Kind.FILE

    @property
    def limit(self) -> int:
        """Most bytes that are read."""
        return _LIMITS.get(self.kind, PAGE_BYTES)


def closed(wanted: Wanted) -> str | None:
    """Why nobody need be asked at all: no answer could tell."""
    provider = registry().providers.get(wanted.episode.provider)
    if provider is None:
        return None
    if provider.closed:
        return f"{provider.name} closed on {provider.closed}"
    return provider.checks.unclear


def withheld(wanted: Wanted) -> str | None:
    """Why its player need not be asked for a file, though its provider may tell other things."""
    provider = registry().providers.get(wanted.episode.provider)
    return None if provider is None or provider.files else f"{provider.name} gives nobody a file"


def pages(wanted: Wanted) -> Iterator[Way]:
    """The documents that may name the file, the likeliest first."""
    episode = wanted.episode
    ways = [Way(Kind.FEED, url) for url in wanted.feeds]
    if episode.embed_url:
        ways.append(Way(Kind.PLAYER, episode.embed_url))
    if episode.link:
        ways.append(Way(Kind.PAGE, episode.link))
    # Pages of others name players, no files: those of the provider itself may have both.
    own = [url for url in reversed(wanted.pages) if _is_own(url, episode.provider) or not ways]
    ways += [Way(Kind.SOURCE, url) for url in own]
    seen: set[str] = set()
    for way in ways:
        plain = way.url.partition("#")[0]
        if plain not in seen:
            seen.add(plain)
            yield way


def _is_own(url: str, provider: str) -> bool:
    owner = registry().provider_of(urls.site_of(url))
    return owner is not None and owner.key == provider


def oembed(wanted: Wanted) -> Way | None:
    """The service that names a recording's title and picture, where its provider has one."""
    provider = registry().providers.get(wanted.episode.provider)
    named = _named(wanted, provider) if provider and provider.oembed else None
    if provider is None or named is None:
        return None
    return Way(Kind.OEMBED, f"{provider.oembed}?format=json&url={quote(named, safe='')}")


def _named(wanted: Wanted, provider: Provider) -> str | None:
    episode = wanted.episode
    match = registry().match(episode.embed_url or episode.link)
    own = templates.fill(provider.checks.named, match.parts) if (
        match and provider.checks.named) else None  # fmt: skip
    return own or episode.link or episode.embed_url


# ---------------------------------------------------------------- what an answer means


class Refused(StrEnum):
    """Why an address gave nothing; it says when to ask again."""

    GATED = "gated"  # alive for people, closed to programs
    GONE = "gone"
    NOTHING = "nothing"  # answers, and holds nothing of use
    PASSING = "passing"  # may be well the next time
    NEVER = "never"  # no answer could tell


_TOO_MANY: Final = 429
GATES: Final = {
    401: "asks for a password", 402: "wants programs to pay", 403: "is closed to programs",
    407: "asks for the password of a proxy", 429: "wants no more requests for now",
    451: "is withheld for legal reasons",
}  # fmt: skip
"""What answers say that want no programs, or fewer requests: their host is left alone."""
_NO_WAY: Final = (Trouble.PRIVATE, Trouble.ADDRESS, Trouble.LOOP)


def refusal(answer: Answer) -> tuple[Refused, str] | None:
    """What an answer that is none means, in words that follow the address; None for a good one."""
    status = answer.status
    if status in GATES:
        how = Refused.PASSING if status == _TOO_MANY else Refused.GATED
        return how, f"{GATES[status]} ({status}), so it is left alone"
    if answer.trouble in _NO_WAY:
        return Refused.NOTHING, answer.detail
    if status is None:
        return Refused.PASSING, said(answer)
    if 200 <= status < 300:
        return _astray(answer)
    if status == 416 and answer.header("content-range").endswith("*/0"):
        return Refused.NOTHING, media.EMPTY
    how = Refused.GONE if status in (404, 410) else Refused.NOTHING
    return Refused.PASSING if status >= 500 else how, f"answers {troubles.phrase(status)}"


def _astray(answer: Answer) -> tuple[Refused, str] | None:
    """Whether redirects led to where the thing cannot be."""
    start, end = urls.parse(answer.url), urls.parse(answer.final_url)
    if not (answer.hops and start and end) or magic.audio(answer.body):
        return None
    if gate := astray.to_login(start, end) or astray.to_consent(start, end):
        return Refused.GATED, gate
    nowhere = astray.lost(start, end)
    return (Refused.GONE, nowhere) if nowhere else None


_BEGIN: Final = ("is ", "leads ", "redirects ")


def said(answer: Answer) -> str:
    """What is wrong with an answer that did not come whole, in words that follow the address."""
    if answer.detail.startswith(_BEGIN):
        return answer.detail
    how = "is out of reach" if answer.status is None else "is cut off"
    return f"{how}: {answer.detail}" if answer.detail else how
