"""SARIF 2.1.0 (OASIS), as code scanning of GitHub and others reads it.

One result a place where something is wrong; each rule with what it means and what to do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from podcat import __version__, text
from podcat.check.report.items import ERROR, NOTE, WARNING, Item, as_uri

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: Final = {ERROR: "error", WARNING: "warning", NOTE: "note"}
ROOT: Final = "%SRCROOT%"


def lines(items: Iterable[Item]) -> Iterator[str]:
    """The log, indented."""
    told = [item for item in items if item.level in LEVELS]
    rules = list({item.rule: item for item in told}.values())
    places = {item.rule: number for number, item in enumerate(rules)}
    run = {
        "tool": {"driver": _driver(rules)},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item, places[item.rule]) for item in told],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield from json.dumps(log, ensure_ascii=False, indent=2).splitlines()


def _driver(rules: Iterable[Item]) -> dict[str, Any]:
    return {
        "name": "podcat",
        "version": __version__,
        "rules": [_rule(item) for item in rules],
    }


def _rule(item: Item) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": item.rule,
        "name": "".join(part.capitalize() for part in item.rule.replace("/", "-").split("-")),
        "shortDescription": {"text": text.scrub(item.means)},
        "fullDescription": {"text": text.scrub(f"{item.means} {item.advice}")},
        "help": {"text": text.scrub(item.advice)},
        "defaultConfiguration": {"level": LEVELS[item.level]},
    }
    return rule | ({"helpUri": item.help_url} if item.help_url else {})


def _result(item: Item, index: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": item.rule,
        "ruleIndex": index,
        "level": LEVELS[item.level],
        "message": {"text": text.scrub(item.message)},
        "partialFingerprints": {"podcatAddress/v1": _fingerprint(item)},
    }
    if item.document is not None:
        found["locations"] = [{"physicalLocation": _location(item.document, item.line)}]
    known = {"url": item.url, "kind": item.kind, "status": item.status,
             "suggestion": item.suggestion}  # fmt: skip
    if properties := {name: value for name, value in known.items() if value is not None}:
        found["properties"] = properties
    return found


def _location(document: str, line: int | None) -> dict[str, Any]:
    uri = as_uri(document)
    artifact = {"uri": uri} if ":" in uri.partition("/")[0] else {"uri": uri, "uriBaseId": ROOT}
    region = {"region": {"startLine": line}} if line else {}
    return {"artifactLocation": artifact, **region}


def _fingerprint(item: Item) -> str:
    """The same for one address in one document, wherever in it: so that a finding keeps its age."""
    parts = (item.rule, item.document or "", item.subject)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
