"""Answers judged. Cases are files: cases/RULE/fires-*.toml, where the rule speaks, and
cases/RULE/spares-*.toml, near misses where it must not. `pytest --update` rewrites [expect]."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from podcat.check import State, rules
from podcat.check.asking import Ask, Subject, Verdict
from podcat.check.rules import table
from podcat.check.rules.case import Case
from podcat.net.answer import Answer, Hop, Trouble

CASES = Path(__file__).parent / "cases"
FILES = sorted(CASES.glob("*/*.toml"))
RULES = rules.listed()
HTML = {"Content-Type": "text/html; charset=utf-8"}


# ---------------------------------------------------------------- reading a case


def subject_of(case: dict[str, Any]) -> Subject:
    return Subject(**{"kind": "player", **case["subject"]})


def answer_of(given: dict[str, Any], asked: str) -> Answer:
    """An answer with what goes without saying: 200, HTML, no redirects."""
    hops, at = [], asked
    for hop in given.get("hops", ()):
        hops.append(Hop(at, hop["status"], hop["location"]))
        at = hop["location"]
    trouble = Trouble(given["trouble"]) if "trouble" in given else None
    return Answer(
        url=asked,
        final_url=at,
        hops=tuple(hops),
        status=given.get("status", None if trouble else 200),
        headers={
            name.lower(): (value,) if isinstance(value, str) else tuple(value)
            for name, value in given.get("headers", {} if trouble else HTML).items()
        },
        body=body_of(given),
        whole=given.get("whole", True),
        trouble=trouble,
        detail=given.get("detail", ""),
        tries=given.get("tries", 1),
    )


def body_of(given: dict[str, Any]) -> bytes:
    """Text, or the first bytes in hexadecimal, filled up with zeros to `bytes`."""
    body = bytes.fromhex(given["hex"]) if "hex" in given else given.get("body", "").encode()
    return body.ljust(given.get("bytes", 0), b"\0")


def judged(case: dict[str, Any]) -> tuple[Verdict | Ask, tuple[Answer, ...]]:
    """What is said at last; every answer of the file must have been wanted."""
    subject, given = subject_of(case), [*case.get("answer", ())]
    answers: tuple[Answer, ...] = ()
    while isinstance(found := rules.consider(subject, answers), Ask) and given:
        answers = (*answers, answer_of(given.pop(0), found.url))
    assert not given, "an answer that nobody asks for"
    return found, answers


def expected(case: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """What a case file's [expect] must hold, and the rules that spoke."""
    found, answers = judged(case)
    if isinstance(found, Ask):
        return {"ask": found.url} | ({"media": True} if found.media else {}), set()
    said: dict[str, Any] = {"state": str(found.state), "rule": found.rule, "detail": found.detail}
    if found.suggestion:
        said["suggestion"] = found.suggestion
    if found.warnings:
        said["warnings"] = list(found.warnings)
    notes = rules.notes(Case(subject_of(case), answers)) if found.warnings else ()
    return said, {found.rule, *(note.id for note, _ in notes)}


def written(said: dict[str, Any]) -> str:
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in said.items())
    return "[expect]\n" + "\n".join(lines) + "\n"


# ---------------------------------------------------------------- the cases


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_case(path: Path, request: pytest.FixtureRequest) -> None:
    text = path.read_text(encoding="utf-8")
    case = tomllib.loads(text)
    said, spoke = expected(case)
    if request.config.getoption("--update"):
        path.write_text(text.partition("[expect]\n")[0] + written(said), encoding="utf-8")
    else:
        assert said == case["expect"]
    assert (path.parent.name in spoke) == path.name.startswith("fires-")


def test_no_file_is_an_orphan() -> None:
    known = {rule.id for rule in RULES}
    for path in (p for p in CASES.rglob("*") if p.is_file()):
        assert path in FILES, path
        assert path.parent.name in known, f"{path}: no such rule"
        assert path.name.startswith(("fires-", "spares-")), path


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_case_and_a_near_miss(rule: rules.Rule | rules.Note) -> None:
    named = {path.name.partition("-")[0] for path in (CASES / rule.id).glob("*.toml")}
    assert named >= {"fires"} | (set() if rule.id == "well" else {"spares"})


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_is_needed(
    rule: rules.Rule | rules.Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it, one of its cases would be called something else."""
    cases = [tomllib.loads(p.read_text()) for p in (CASES / rule.id).glob("fires-*.toml")]
    for name in ("BEFORE", "AFTER", "SECOND", "NOTES"):
        kept = tuple(each for each in getattr(table, name) if each.id != rule.id)
        monkeypatch.setattr(rules, name, kept)
    assert any(case["expect"] != _without(case) for case in cases)


def _without(case: dict[str, Any]) -> dict[str, Any]:
    try:
        return expected(case)[0]
    except AssertionError:  # it no longer asks for all answers
        return {}


# ---------------------------------------------------------------- the table itself


def test_rules_have_names_of_their_own_and_say_where_they_come_from() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rules.rule(rule.id) is rule
        assert rule.says
        assert rule.source
        assert set(rule.kinds) <= {"player", "page", "audio", "transcript", "image"}


@pytest.mark.parametrize("kind", ["player", "page", "audio", "transcript", "image"])
def test_whatever_comes_is_judged(kind: str) -> None:
    """No answer, however odd, is left without a verdict of one plain line."""
    url = "https://www.npr.org/player/embed/764153179/768167031"
    for status in (None, 0, 100, 199, 204, 206, 300, 304, 399, 418, 499, 599, 999, 12345):
        for trouble in (None, *Trouble):
            plain = Answer(url, url, status=status, trouble=trouble)
            for answer in (plain, replace(plain, body=b"\xff" * 3000, whole=False)):
                verdict = rules.consider(Subject(url, kind), (answer,))
                assert isinstance(verdict, Verdict)
                assert verdict.state in State
                assert verdict.rule
                assert verdict.detail
                assert "\n" not in verdict.detail
                assert not (verdict.state is State.GONE and status not in (404, 410))
