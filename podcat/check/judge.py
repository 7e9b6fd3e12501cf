"""Judges addresses without asking anybody: by each provider's own grammar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from podcat import urls
from podcat.check.states import Place, Result, Sighting, State
from podcat.providers import Match, registry


@dataclass
class _Seen:
    """One address with all its places."""

    first: Sighting
    refused: str | None
    places: dict[Place, None] = field(default_factory=dict)


@dataclass(frozen=True)
class _Verdict:
    state: State
    detail: str
    suggestion: str | None = None


def judge(sightings: Iterable[Sighting], now: dt.datetime | None = None) -> Iterator[Result]:
    """One result an address, in the order of first sight; nothing is connected to."""
    moment = (now or dt.datetime.now(dt.UTC)).astimezone(dt.UTC)
    checked_at = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    for url, seen in _merged(sightings).items():
        verdict = _verdict(url, seen.refused)
        detail = verdict.detail if seen.places else f"{verdict.detail} (address built by rule)"
        yield Result(
            url=url,
            kind=seen.first.kind,
            provider=seen.first.provider,
            id=seen.first.id,
            state=verdict.state,
            status=None,
            detail=detail,
            suggestion=verdict.suggestion,
            places=tuple(seen.places),
            checked_at=checked_at,
        )


def _merged(sightings: Iterable[Sighting]) -> dict[str, _Seen]:
    merged: dict[str, _Seen] = {}
    for sighting in sightings:
        seen = merged.setdefault(sighting.url, _Seen(sighting, sighting.refused))
        seen.refused = seen.refused or sighting.refused
        if sighting.place:
            seen.places[sighting.place] = None
    return merged


def _verdict(url: str, refused: str | None) -> _Verdict:
    if refused:
        return _Verdict(State.MALFORMED, refused, registry().repaired(url))
    if urls.parse(url) is None:
        return _Verdict(State.MALFORMED, "not an http or https address")
    if refusal := registry().refusal(url):
        return _Verdict(State.MALFORMED, refusal[1], registry().repaired(url))
    return _of_match(registry().match(url))


def _of_match(match: Match | None) -> _Verdict:
    if match is None or match.form == "file":
        return _Verdict(State.UNCHECKED, "offline: not looked at")
    provider = match.provider
    if provider.closed:
        return _Verdict(State.GONE, f"{provider.name} closed on {provider.closed}")
    if match.retired:
        return _Verdict(State.GONE, f"{match.retired} plays no more", match.embed_url)
    return _Verdict(State.UNCHECKED, f"offline: fits the grammar of {provider.name}")
