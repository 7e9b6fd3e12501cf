"""Why an address was not taken for a recording, in words."""

from __future__ import annotations

from functools import cache
from urllib.parse import unquote

from podcat import urls
from podcat.extract.lines import URL, trimmed
from podcat.providers import Match, registry

SNIPPETS = ("input", "textarea", "code", "pre")
"""Elements whose text is embed code to be copied."""


@cache
def _hosts() -> tuple[str, ...]:
    """The hosts of all providers, the longest first."""
    known = {h.removeprefix("*.") for p in registry().providers.values() for h in p.hosts}
    return tuple(sorted(known, key=lambda name: (-len(name), name)))


def _look_alike(host: str) -> str | None:
    """The provider's host that another one is made to look like."""
    if registry().provider_of(host):
        return None
    for name in _hosts():
        if host.startswith(name + ".") or f".{name}." in host or (
            host.endswith(name) and not host.endswith("." + name) and host != name
        ):  # fmt: skip
            return name
    return None


def _inside(address: urls.Address) -> str | None:
    """A recording's address that stands in the query or fragment of another."""
    rest = unquote(unquote(f"{address.query} {address.fragment}"))
    for seen in URL.finditer(rest):
        match = registry().match(trimmed(seen[0]))
        if match:
            return trimmed(seen[0])
    return None


def _foreign(address: urls.Address, carrier: str) -> str:
    """Why an address on no provider's host is not taken."""
    if alike := _look_alike(address.host):
        return f"look-alike: {address.host} is not {alike}"
    if inner := _inside(address):
        return (
            f"{inner} stands inside the query of another address: {address.host} is no provider's"
        )
    if _ends(address, "m3u8", "mpd"):
        return "a stream, no file"
    if _ends(address, "vtt", "srt", "ttml"):
        return "a text track, no sound"
    if carrier == "a":
        return f"a link to a page: host {address.host} is no provider's"
    return f"map, advert or unknown player: host {address.host} is no provider's"


def _ends(address: urls.Address, *endings: str) -> bool:
    return address.path.rpartition(".")[2].lower() in endings


def _unnamed(address: urls.Address, url: str, base: str | None) -> str:
    """Why an address on a provider's host is not taken."""
    provider = registry().provider_of(address.host)
    assert provider is not None
    if refusal := registry().refusal(url, base):
        return f"id breaks the grammar: {refusal[1]}"
    if any(other.fullmatch(address.path.rstrip("/")) for other in provider.other):
        return f"names nothing: a page of {provider.name} that is no recording"
    return f"names nothing: no player or recording of {provider.name} has such an address"


def _refused(match: Match, carrier: str, base: str | None) -> str:
    """Why an address that names a recording is not taken all the same."""
    own = registry().provider_of(urls.site_of(base)) is match.provider
    if carrier == "a" and match.form == "page" and own:
        return f"a link within {match.provider.name}'s own site"
    if match.form == "page" and match.announced:
        return "an article that need not hold sound: its link does not promise any"
    if match.form == "page" and carrier in SNIPPETS:
        return "a link in a text to be copied, no player"
    if match.kind == "video" and match.id is None:
        return "a film, no sound"
    if match.kind == "video":
        return "a film that the page does not show"
    return "repeated or overruled by a rule that knows this place better"


def reason(url: str | None, carrier: str, base: str | None) -> str:
    """Why what a carrier holds was not taken."""
    address = urls.parse(url, base)
    if address is None:
        return "no address" if url else "no address: it is empty"
    address = urls.unwrap(address)
    match = registry().match(url, base)
    if match:
        return _refused(match, carrier, base)
    if registry().provider_of(address.host) is None:
        return _foreign(address, carrier)
    return _unnamed(address, url or "", base)


def is_player_like(url: str, base: str | None) -> bool:
    """Whether a link is worth a word: of a provider, a file, a look-alike, one inside a query.

    A provider's own pages link to one another: there only what names a recording is.
    """
    address = urls.parse(url, base)
    if address is None or url.startswith("#"):
        return False
    address = urls.unwrap(address)
    provider = registry().provider_of(address.host)
    if provider and provider is registry().provider_of(urls.site_of(base)):
        return bool(registry().match(url, base) or registry().refusal(url, base))
    return bool(
        provider
        or registry().media_type(str(address))
        or _look_alike(address.host)
        or _inside(address)
    )
