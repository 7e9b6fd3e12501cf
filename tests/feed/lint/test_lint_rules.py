"""Every rule has a feed that breaks it alone, and one that comes near and does not break it."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from podcat.feed import lint

CASES = Path(__file__).parent / "cases"
HOSTS = sorted((Path(__file__).parent / "hosts").glob("*.rss"))
FOUND_AT = "https://steppe.example/talk.rss"
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
RULES = {rule.id: rule for rule in lint.TABLE}


def data_of(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def broken(path: Path) -> set[str]:
    found = {finding.rule.id for finding in lint.lint(data_of(path), FOUND_AT, NOW)}
    # Whatever else an Atom feed does, it is no RSS.
    return found - {"not-rss"} if path.suffix == ".atom" else found


def case(rule: str, outcome: str) -> Path:
    found = list(CASES.glob(f"{rule}.{outcome}.*"))
    assert len(found) == 1, f"{rule} needs one case {rule}.{outcome}.rss (or .json, .opml, .atom)"
    return found[0]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_broken_alone(rule: str) -> None:
    assert broken(case(rule, "fail")) == {rule}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_does_not_cry_wolf(rule: str) -> None:
    assert broken(case(rule, "pass")) == set()


def test_no_case_without_a_rule() -> None:
    assert {path.name.split(".")[0] for path in CASES.iterdir()} == set(RULES)


def test_the_table_is_complete() -> None:
    assert len(RULES) == len(lint.TABLE), "two rules have one id"
    for rule in lint.TABLE:
        assert rule.severity in lint.SEVERITIES, rule.id
        assert rule.who, rule.id
        assert rule.source.startswith(("https://", "http://opml.org/")), rule.id
        assert not rule.sentence.endswith("."), rule.id


@pytest.mark.parametrize("rule", RULES)
def test_where_and_what_is_said(rule: str) -> None:
    (finding, *_) = (f for f in lint.lint(data_of(case(rule, "fail")), FOUND_AT, NOW)
                     if f.rule.id == rule)  # fmt: skip
    assert "{}" not in finding.message
    assert finding.message.isprintable()
    assert rule in ("feed-size", "json-items", "json-title", "json-feed-url") or finding.line
    assert len(finding.message) < 400


@pytest.mark.parametrize("path", HOSTS, ids=lambda path: path.stem)
def test_feeds_as_hosts_make_them_have_no_error(
    path: Path, golden: Callable[[Path, bytes], None]
) -> None:
    findings = lint.lint(path.read_bytes(), now=NOW)
    assert [f.message for f in findings if f.rule.severity == lint.ERROR] == []
    lines = (json.dumps(f.to_json(path.name), ensure_ascii=False) + "\n" for f in findings)
    golden(path.with_suffix(".jsonl"), "".join(lines).encode())
