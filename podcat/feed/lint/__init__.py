"""What apps and directories would refuse or mishandle in a feed, ours or anyone's, and why.

`TABLE` is the table of rules: each names who says so and where that is written down. A rule's
check is a small function on the parsed feed; nothing is fetched.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Final

from lxml import etree

from podcat.feed.lint import (
    atom,
    channel,
    document,
    enclosure,
    item,
    itunes,
    jsonfeed,
    links,
    opml,
    parsing,
    podcast,
)
from podcat.feed.lint.parsing import kind_of
from podcat.feed.lint.rules import (
    ADVICE,
    ERROR,
    SEVERITIES,
    WARNING,
    Finding,
    Hit,
    Rule,
    Spot,
    sentence,
)

__all__ = [
    "ADVICE", "ERROR", "SEVERITIES", "TABLE", "WARNING", "Finding", "Rule", "kind_of", "lint",
    "summary",
]  # fmt: skip

_OF_KIND: Final[Mapping[str, tuple[Rule, ...]]] = {
    parsing.RSS: (
        *document.RULES, *channel.RULES, *itunes.RULES, *links.RULES, *item.RULES,
        *enclosure.RULES, *podcast.RULES,
    ),
    parsing.RDF: (*document.RULES, atom.NOT_RSS),
    parsing.ATOM: (*document.RULES, *atom.RULES),
    parsing.OPML: (*document.RULES, *opml.RULES),
    parsing.JSON: jsonfeed.RULES,
}  # fmt: skip
TABLE: Final[tuple[Rule, ...]] = tuple(
    dict.fromkeys(
        chain(document.BYTES, document.BY_PARSING, (jsonfeed.WELL_FORMED,), *_OF_KIND.values())
    )
)
"""All rules."""


def lint(data: bytes, url: str | None = None, now: dt.datetime | None = None) -> list[Finding]:
    """What is wrong with a feed, worst first; empty when all take it, and for what is no feed.

    `url` says where it was found, `now` (with its zone) which dates are yet to come.
    """
    kind = kind_of(data)
    if kind is None:
        return []
    moment = now or dt.datetime.now(dt.UTC)
    of_json = kind == parsing.JSON
    hits = _of_json(data, url, moment) if of_json else _of_xml(data, kind, url, moment)
    found = [_finding(rule, hit) for rule, hit in hits]
    return sorted(found, key=lambda each: (SEVERITIES.index(each.rule.severity), each.line or 0))


def summary(findings: Sequence[Finding]) -> str:
    """`1 error, 12 warnings, 3 pieces of advice`; `nothing to complain of`."""
    counts = Counter(finding.rule.severity for finding in findings)
    words = {ERROR: ("error", "errors"), WARNING: ("warning", "warnings"),
             ADVICE: ("piece of advice", "pieces of advice")}  # fmt: skip
    parts = [f"{counts[s]} {words[s][counts[s] != 1]}" for s in SEVERITIES if counts[s]]
    return ", ".join(parts) or "nothing to complain of"


_Hits = Iterator[tuple[Rule, Hit]]


def _of_xml(data: bytes, kind: str, url: str | None, now: dt.datetime) -> _Hits:
    early = list(_broken(document.BYTES, data))
    yield from early
    if early:
        return
    try:
        feed = parsing.parse_xml(data, kind, url, now)
    except etree.XMLSyntaxError as error:
        yield document.not_well_formed(error)
        return
    yield from _broken(document.RULES if document.is_vast(feed) else _OF_KIND[kind], feed)


def _of_json(data: bytes, url: str | None, now: dt.datetime) -> _Hits:
    try:
        feed = parsing.parse_json(data, url, now)
    except parsing.JsonError as error:
        yield jsonfeed.WELL_FORMED, Hit(Spot(error.line), str(error))
        return
    yield from _broken(jsonfeed.RULES, feed)


def _broken(rules: Iterable[Rule], feed: Any) -> _Hits:
    for rule in rules:
        for hit in islice(rule.check(feed), parsing.MOST_HITS):
            yield rule, hit


def _finding(rule: Rule, hit: Hit) -> Finding:
    message = sentence(rule, hit.said)
    if hit.place is None or isinstance(hit.place, Spot):
        return Finding(rule, message, *(hit.place or Spot()))
    return Finding(rule, message, hit.place.sourceline, parsing.label(hit.place))
