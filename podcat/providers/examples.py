"""Runs the examples of a provider: what its own file says of addresses must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from podcat import urls
from podcat.providers.engine import Match, Provider, Registry, Route

Failure = tuple[str, str]
"""Which entry of the file, and what is wrong with it."""

_LATER = 95  # a second to begin at


def failures(provider: Provider, registry: Registry) -> Iterator[Failure]:
    """Every example and refused address that does not hold, in plain words."""
    for number, example in enumerate(provider.examples, start=1):
        for problem in _of_example(provider, registry, example):
            yield f"example {number}", f"{example['url']} {problem}"
    for number, url in enumerate(provider.refused, start=1):
        if match := registry.match(url):
            yield f"refused {number}", f"{url} is taken for {_named(match)}"


def lacking(provider: Provider) -> Iterator[Failure]:
    """What a file is to have before anybody relies on it."""
    if provider.routes and not provider.examples:
        yield "example", "there is none: give an address of each form, and its id"
    if provider.routes and not provider.refused:
        yield "refused", "there is none: give addresses that look alike and are no recording"


def _of_example(
    provider: Provider, registry: Registry, example: Mapping[str, Any]
) -> Iterator[str]:
    match = registry.match(example["url"])
    if match is None:
        yield f"is not recognised: {_why_not(provider, registry, example['url'])}"
    elif match.provider is not provider:
        yield f"is taken for {_named(match)}"
    else:
        yield from _differences(match, example)
        yield from _no_way_back(match, registry, example)


def _differences(match: Match, example: Mapping[str, Any]) -> Iterator[str]:
    found = {
        "id": match.id, "kind": match.kind, "start": match.start, "link": match.link,
        "embed": match.embed_url, "retired": bool(match.retired), "feed": match.feed_url,
        "starting": match.starting(match.start or 0),
        "audio": match.audio_url or match.provider.build("audio", match.parts),
    }  # fmt: skip
    said = {key: value for key, value in example.items() if key not in ("url", "linked")}
    for key, wanted in ({"id": None, "retired": False} | said).items():
        if found[key] != wanted:
            yield f"gives {key} {_said(found[key])}, not {_said(wanted)}"


def _said(value: Any) -> str:
    return "nothing" if value is None else repr(value)


def _no_way_back(match: Match, registry: Registry, example: Mapping[str, Any]) -> Iterator[str]:
    """The addresses built must name the same recording again: others will meet them.

    `linked` in an example is the id in its page's address, where that is another.
    """
    wanted = {"embed": match.id, "link": example.get("linked", match.id)}
    for key, url in (("embed", match.embed_url), ("link", match.link)):
        back = registry.match(url) if url else None
        if url and (back is None or (back.provider, back.id) != (match.provider, wanted[key])):
            leads = _named(back) if back else "nothing that is recognised"
            yield f"builds the {key} {url}, which leads to {leads}"
        elif key == "embed" and back and back.embed_url != url:
            yield f"builds the embed {url}, but that builds {_said(back.embed_url)}"
    if later := match.starting(_LATER):
        back = registry.match(later)
        if back is None or (back.id, back.start) != (match.id, _LATER):
            yield f"builds {later}, which does not lead back to second {_LATER}"


def _named(match: Match) -> str:
    return f"{match.provider.key} {match.id or match.link or match.audio_url or ''}".rstrip()


def _why_not(provider: Provider, registry: Registry, url: str) -> str:
    address = urls.parse(url)
    if address is None:
        return "it is no http or https address"
    address = urls.unwrap(address)
    routes = [route for owner, route in registry.routes(address.host) if owner is provider]
    if not routes:
        hosts = dict.fromkeys(host for route in provider.routes for host in route.hosts)
        return f"its host {address.host} is none of {', '.join(hosts)}"
    forms = "; ".join(map(_form, routes))
    return f"it has none of the forms of {address.host}: {forms}"


def _form(route: Route) -> str:
    query = f" with ?{'&'.join(route.query)}" if route.query else ""
    return f"{route.form} {route.path}{query}{' with a fragment' if route.fragment else ''}"
