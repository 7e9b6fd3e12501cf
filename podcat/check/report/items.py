"""What is to be told, one item a place: an address in a document, or what is wrong in a feed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from podcat import urls
from podcat.check.states import BROKEN, Result, State, is_broken

if TYPE_CHECKING:
    from podcat.feed.lint import Finding

ERROR: Final = "error"
WARNING: Final = "warning"
NOTE: Final = "note"
FINE: Final = "fine"
SKIPPED: Final = "skipped"

MEANINGS: Final[Mapping[State, tuple[str, str]]] = {
    State.OK: ("Answers, and is what it claims to be.", "Nothing is to be done."),
    State.MOVED: ("Has moved for good.", "Write the new address."),
    State.MALFORMED: (
        "Can be no address of its provider.",
        "Compare it with the provider's own embed code.",
    ),
    State.GONE: ("Is gone, or its provider is.", "Take it out, or link to an archived copy."),
    State.HOLLOW: (
        "Answers, but plainly is not the thing: an error page, a home page, no audio.",
        "Open it and look; then take it out or correct it.",
    ),
    State.UNCLEAR: (
        "Answers, but neither shows the thing nor says plainly that it is not there.",
        "Open it in a browser.",
    ),
    State.UNFRAMEABLE: (
        "Is alive, but browsers will not show it inside another page.",
        "Link to it in place of embedding it, or embed it by https.",
    ),
    State.GATED: ("Is closed to programs; people may still get in.", "Open it in a browser."),
    State.UNREACHABLE: (
        "Does not answer: its host cannot be found, refuses, or fails.",
        "Wait for the next check: it may come back.",
    ),
    State.UNCHECKED: ("Was not looked at.", "Nothing is to be done."),
}
"""What a state means, and what to do about it."""
_LEVELS: Final = {State.OK: FINE, State.UNCHECKED: SKIPPED}
_SEVERITIES: Final = {"error": ERROR, "warning": WARNING, "advice": NOTE}
STDIN: Final = "-"

Feeds = Mapping[str, Sequence["Finding"]]
"""What is wrong with each feed, by what people call it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be told of one place."""

    rule: str
    """`gone`, or `feed/item-title`."""
    level: str
    means: str
    advice: str
    help_url: str | None
    """About the rule."""
    subject: str
    """The address, or the item of a feed."""
    message: str
    """A sentence that begins with the subject."""
    document: str | None
    line: int | None
    url: str | None = None
    kind: str | None = None
    status: int | None = None
    suggestion: str | None = None


def items(
    results: Iterable[Result], feeds: Feeds, failing: frozenset[State] = BROKEN
) -> Iterator[Item]:
    """All items; those of feeds come last, when reading the results has filled `feeds`."""
    for result in results:
        level = _level(result, failing)
        for place in result.places or (None,):
            yield _of_result(
                result, level, place.document if place else None, place.line if place else None
            )
    for name, findings in feeds.items():
        yield from (_of_finding(name, finding) for finding in findings)


def _level(result: Result, failing: frozenset[State]) -> str:
    return ERROR if is_broken(result, failing) else _LEVELS.get(result.state, WARNING)


def _of_result(result: Result, level: str, document: str | None, line: int | None) -> Item:
    means, advice = MEANINGS[result.state]
    instead = f"; try {result.suggestion}" if result.suggestion else ""
    return Item(
        rule=str(result.state),
        level=level,
        means=means,
        advice=advice,
        help_url=None,
        subject=result.url,
        message=f"{result.url} ({result.kind}) is {result.state}: {result.detail}{instead}",
        document=document,
        line=line,
        url=result.url,
        kind=result.kind,
        status=result.status,
        suggestion=result.suggestion,
    )


def _of_finding(name: str, finding: Finding) -> Item:
    rule = finding.rule
    about = f"{finding.item}: " if finding.item else ""
    return Item(
        rule=f"feed/{rule.id}",
        level=_SEVERITIES[rule.severity],
        means=rule.sentence.replace("{}", "…"),
        advice=f"So says {rule.who}.",
        help_url=rule.source if urls.parse(rule.source) else None,
        subject=finding.item or name,
        message=f"{about}{finding.message} ({rule.who})",
        document=name,
        line=finding.line,
    )


# ---------------------------------------------------------------- documents as others name them


def relative(document: str) -> str | None:
    """A document as a path below the working folder, with slashes; None where it is not there."""
    if document == STDIN or "://" in document:
        return None
    path = Path(document)
    try:
        found = path.resolve().relative_to(Path.cwd()) if path.is_absolute() else path
    except (ValueError, OSError):
        return None
    return None if ".." in found.parts else found.as_posix()


def as_uri(document: str) -> str:
    """A document as an address: of a path below the working folder, relative."""
    if "://" in document:
        return urls.absolute(document) or quote(document, safe="%/:=&?~#+!$,;'@()*[]")
    if document == STDIN:
        return "stdin"
    inside = relative(document)
    return quote(inside) if inside is not None else Path(document).resolve().as_uri()
