"""What a provider's own service says of a recording whose player looks well."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from podcat.check.asking import Ask, Verdict
from podcat.check.rules.case import Case
from podcat.check.states import State
from podcat.net.answer import Answer
from podcat.providers import templates

_MEANS: Final = {
    State.GONE: "there is no such recording",
    State.UNFRAMEABLE: "its owner has switched embedding off",
    State.UNCLEAR: "private, limited to some sites, or closed to programs",
    State.GATED: "closed to programs",
    State.HOLLOW: "there is nothing",
}


def oembed(case: Case) -> Verdict | Ask | None:
    """Its oEmbed service; what it denies is believed only while it does not deny everything."""
    asked = _oembed_of(case, _named(case))
    if asked is None:
        return None
    answer = case.also(asked)
    if isinstance(answer, Ask):
        return answer
    state = _state(case, answer)
    if state is None or (state is State.UNFRAMEABLE and case.kind != "player"):
        return None
    if state is State.GONE:
        well = _canary(case)
        if isinstance(well, Ask):
            return well
        if not well:
            return None
    return Verdict(state, f"{case.name}'s oEmbed answers {answer.status}: {_MEANS[state]}")


def _named(case: Case) -> str | None:
    """The address by which the service knows the recording."""
    match = case.match
    if match is None:
        return None
    own = templates.fill(case.checks.named, match.parts) if case.checks.named else None
    return own or match.link or match.embed_url


def _oembed_of(case: Case, named: str | None) -> str | None:
    if not named or case.provider is None or not (case.checks.oembed and case.provider.oembed):
        return None
    return f"{case.provider.oembed}?format=json&url={quote(named, safe='')}"


def _state(case: Case, answer: Answer) -> State | None:
    """What the service's status means; trouble, 5xx and the like mean nothing."""
    if answer.trouble is not None:
        return None
    means = case.checks.oembed.get(str(answer.status))
    return State(means) if means else None


def _canary(case: Case) -> bool | Ask:
    """Whether the service knows a recording that is surely there."""
    asked = _oembed_of(case, case.checks.canary)
    if asked is None:
        return True
    answer = case.also(asked)
    return answer if isinstance(answer, Ask) else answer.status == 200


def lookup(case: Case) -> Verdict | Ask | None:
    """Its directory, which says how many it has of a number."""
    checks, match = case.checks, case.match
    asked = templates.fill(checks.lookup, match.parts) if checks.lookup and match else None
    if asked is None:
        return None
    answer = case.also(asked)
    if isinstance(answer, Ask):
        return answer
    told = answer.status == 200 and answer.trouble is None and checks.nothing
    if not told or not told.search(answer.body.decode("utf-8", "replace")):
        return None
    return Verdict(State.GONE, f"the directory of {case.name} has no such recording")
