"""JUnit's XML as servers of continuous integration read it: a suite a document, a case an address.

The form is that of Jenkins' and Ant's schemas, with `file` and `line`, which GitLab shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from podcat import text
from podcat.check.report.items import ERROR, FINE, SKIPPED, Item

NO_DOCUMENT = "podcat"
"""The suite of addresses that stand in no document."""


def lines(items: Iterable[Item]) -> Iterator[str]:
    """The document; warnings are cases that pass, and say what is to be said as their output."""
    suites: dict[str, list[Item]] = {}
    for item in items:
        suites.setdefault(item.document or NO_DOCUMENT, []).append(item)
    every = [item for suite in suites.values() for item in suite]
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="podcat check" {_counts(every)}>'
    for number, (name, suite) in enumerate(suites.items()):
        yield f"  <testsuite id={_quoted(str(number))} name={_quoted(name)} {_counts(suite)}>"
        for item in suite:
            yield from _case(name, item)
        yield "  </testsuite>"
    yield "</testsuites>"


def _counts(items: Sequence[Item]) -> str:
    failures = sum(item.level == ERROR for item in items)
    skipped = sum(item.level == SKIPPED for item in items)
    return f'tests="{len(items)}" failures="{failures}" errors="0" skipped="{skipped}" time="0"'


def _case(suite: str, item: Item) -> Iterator[str]:
    attributes = {
        "classname": suite,
        "name": f"{item.kind or item.rule} {item.subject}",
        "file": item.document,
        "line": item.line,
        "time": "0",
    }
    opening = "    <testcase " + " ".join(
        f"{name}={_quoted(str(value))}" for name, value in attributes.items() if value is not None
    )
    if item.level == FINE:
        yield f"{opening}/>"
        return
    yield f"{opening}>"
    yield f"      {_outcome(item)}"
    yield "    </testcase>"


def _outcome(item: Item) -> str:
    if item.level == SKIPPED:
        return f"<skipped message={_quoted(item.message)}/>"
    if item.level != ERROR:
        return f"<system-out>{_escaped(f'{item.level}: {item.message}')}</system-out>"
    said = _escaped("\n".join([item.message, _where(item), item.means, item.advice]))
    return f"<failure type={_quoted(item.rule)} message={_quoted(item.message)}>{said}</failure>"


def _where(item: Item) -> str:
    if item.document is None:
        return "in no document: built by rule"
    return item.document if item.line is None else f"{item.document}:{item.line}"


def _escaped(value: str) -> str:
    return escape(text.scrub(value), {"\r": "&#13;"})


def _quoted(value: str) -> str:
    entities = {'"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
    return f'"{escape(text.scrub(value), entities)}"'
