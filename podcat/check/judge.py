"""Judges addresses without asking anybody: by each provider's own grammar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from podcat import urls
from podcat.check import ignore
from podcat.check.asking import Verdict
from podcat.check.gather import Seen
from podcat.check.states import Result, Sighting, State
from podcat.providers import Match, registry


def judge(sightings: Iterable[Sighting], now: dt.datetime | None = None) -> Iterator[Result]:
    """One result an address, in the order of first sight; nothing is connected to."""
    moment = (now or dt.datetime.now(dt.UTC)).astimezone(dt.UTC)
    checked_at = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    for url, seen in _merged(sightings).items():
        verdict = _ignored() if seen.is_ignored else offline(url, seen.refused)
        detail = verdict.detail if seen.where else f"{verdict.detail} (address built by rule)"
        yield Result(
            url=url,
            kind=seen.first.kind,
            provider=seen.first.provider,
            id=seen.first.id,
            state=verdict.state,
            status=None,
            detail=detail,
            suggestion=verdict.suggestion,
            places=seen.where,
            checked_at=checked_at,
        )


def _merged(sightings: Iterable[Sighting]) -> dict[str, Seen]:
    merged: dict[str, Seen] = {}
    for sighting in sightings:
        merged.setdefault(sighting.url, Seen(sighting)).add(sighting)
    return merged


def _ignored() -> Verdict:
    return Verdict(State.UNCHECKED, ignore.REASON, rule="choice")


def offline(url: str, refused: str | None = None) -> Verdict:
    """What can be said of an address by itself: at best that it fits, which is `unchecked`."""
    if wrong := misfit(url, refused):
        return wrong
    if is_copy(url):
        return Verdict(State.UNCHECKED, "offline: an archive's copy")
    return _of_match(registry().match(url))


# ---------------------------------------------------------------- what is wrong with an address


def misfit(url: str, refused: str | None = None) -> Verdict | None:
    """Why this can be no address of what it is said to be; None where it can."""
    if refused:
        return Verdict(State.MALFORMED, refused, registry().repaired(url), "refused")
    if urls.parse(url) is None:
        return Verdict(State.MALFORMED, "not an http or https address", rule="address")
    if refusal := registry().refusal(url):
        return Verdict(State.MALFORMED, refusal[1], registry().repaired(url), "grammar")
    return None


def is_copy(url: str) -> bool:
    """Whether an address is an archive's copy of another: it may live where that one is dead."""
    address = urls.parse(url)
    return address is not None and urls.unwrap(address) is not address


def closed(match: Match) -> Verdict | None:
    """Its provider gave up."""
    provider = match.provider
    if provider.closed is None:
        return None
    return Verdict(State.GONE, f"{provider.name} closed on {provider.closed}", rule="closed")


def retired(match: Match) -> Verdict | None:
    """Its form of player plays no more, though the recording may in another."""
    given = urls.parse(match.given)
    host = urls.unwrap(given).host if given else ""
    why = match.retired or match.provider.checks.retired.get(host)
    if why is None:
        return None
    return Verdict(State.GONE, f"{why} plays no more", match.embed_url, "retired")


def _of_match(match: Match | None) -> Verdict:
    if match is None or match.form == "file":
        return Verdict(State.UNCHECKED, "offline: not looked at")
    fits = Verdict(State.UNCHECKED, f"offline: fits the grammar of {match.provider.name}")
    return closed(match) or retired(match) or fits
