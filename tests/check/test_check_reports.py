"""What servers of continuous integration read: JUnit, SARIF, annotations of GitHub."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from podcat.check import report
from podcat.check.report.items import MEANINGS, as_uri, relative
from podcat.check.states import Place, Result, State
from podcat.feed.lint import lint

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "schemas" / "junit.xsd"))
FEED = b"<?xml version='1.0'?><rss version='2.0'><channel><item/></channel></rss>"
FORMS = ("junit", "sarif", "github")


def result(state: str = "gone", *places: tuple[str, int | None], **more: Any) -> Result:
    values: dict[str, Any] = {
        "url": "https://a.example/?x=1&y=%20", "kind": "player", "provider": "npr", "id": "1",
        "status": 404, "detail": 'says "no", 100 % sure', "suggestion": None,
        "checked_at": "2026-11-22T00:00:00Z",
    }  # fmt: skip
    return Result(
        state=State(state), places=tuple(Place(*place) for place in places), **(values | more)
    )


def written(form: str, *results: Result, feeds: Any = None, **more: Any) -> str:
    return "".join(f"{line}\n" for line in report.written(form, results, feeds or {}, **more))


EVERY = [
    result(str(state), (f"{state}.html", 3), url=f"https://a.example/{state}") for state in State
]


# ---------------------------------------------------------------- junit


def junit(*results: Result, **more: Any) -> Any:
    root = etree.fromstring(written("junit", *results, **more).encode())
    SCHEMA.assertValid(root)
    return root


def test_a_suite_a_document_and_a_case_an_address() -> None:
    root = junit(result("gone", ("b.html", 3), ("a.html", None)), result("ok", ("a.html", 7)))
    assert [(s.get("name"), s.get("tests"), s.get("failures")) for s in root] == [
        ("b.html", "1", "1"), ("a.html", "2", "1"),
    ]  # fmt: skip
    assert (root.get("tests"), root.get("failures")) == ("3", "2")
    case = root[0][0]
    assert case.get("name") == "player https://a.example/?x=1&y=%20"
    assert (case.get("file"), case.get("line")) == ("b.html", "3")
    assert case[0].get("message").endswith('is gone: says "no", 100 % sure')
    assert "b.html:3" in case[0].text


def test_states_as_outcomes() -> None:
    assert (junit(*EVERY).get("tests"), junit(*EVERY).get("skipped")) == ("10", "1")
    outcomes = {suite.get("name"): [part.tag for part in suite[0]] for suite in junit(*EVERY)}
    assert outcomes == {
        "ok.html": [], "moved.html": ["system-out"], "malformed.html": ["failure"],
        "gone.html": ["failure"], "hollow.html": ["failure"], "unclear.html": ["system-out"],
        "unframeable.html": ["failure"], "gated.html": ["system-out"],
        "unreachable.html": ["system-out"], "unchecked.html": ["skipped"],
    }  # fmt: skip


def test_what_fails_is_what_was_asked_for() -> None:
    only = frozenset({State.MOVED})
    root = junit(*EVERY, failing=only)
    assert [s.get("name") for s in root if s.get("failures") == "1"] == ["moved.html"]


def test_nothing_to_tell() -> None:
    assert len(junit()) == 0
    assert json.loads(written("sarif"))["runs"][0]["results"] == []
    assert written("github") == ""


# ---------------------------------------------------------------- sarif


def check_sarif(log: dict[str, Any]) -> dict[str, Any]:
    """What the standard demands, and GitHub on top of it."""
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"]
    assert driver["version"]
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    for found in run["results"]:
        assert ids[found["ruleIndex"]] == found["ruleId"]
        assert found["level"] in ("error", "warning", "note")
        assert found["message"]["text"]
        assert re.fullmatch("[0-9a-f]{32}", found["partialFingerprints"]["podcatAddress/v1"])
        for location in found.get("locations", ()):
            physical = location["physicalLocation"]
            assert re.fullmatch(
                r"[\w%/:=&?~#+!$,;'@()*\[\]|.-]+", physical["artifactLocation"]["uri"]
            )
            assert physical.get("region", {"startLine": 1})["startLine"] >= 1
    return dict(run)


def sarif(*results: Result, **more: Any) -> dict[str, Any]:
    return check_sarif(json.loads(written("sarif", *results, **more)))


def test_a_result_a_place() -> None:
    run = sarif(
        result("gone", ("sub folder/ü.html", 3), ("b.html", None)), result("ok", ("b.html", 1))
    )
    first, second = run["results"]
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "sub%20folder/%C3%BC.html", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3},
    }
    assert "region" not in second["locations"][0]["physicalLocation"]
    assert first["partialFingerprints"] != second["partialFingerprints"]
    assert first["properties"] == {
        "url": "https://a.example/?x=1&y=%20",
        "kind": "player",
        "status": 404,
    }


def test_rules_are_told() -> None:
    run = sarif(*EVERY)
    levels = {
        rule["id"]: rule["defaultConfiguration"]["level"] for rule in run["tool"]["driver"]["rules"]
    }
    assert levels == {
        "moved": "warning", "malformed": "error", "gone": "error", "hollow": "error",
        "unclear": "warning", "unframeable": "error", "gated": "warning", "unreachable": "warning",
    }  # fmt: skip
    assert set(MEANINGS) == set(State)


def test_a_finding_keeps_its_age_when_lines_move() -> None:
    one, other = (sarif(result("gone", ("a.html", line)))["results"][0] for line in (3, 90))
    assert one["partialFingerprints"] == other["partialFingerprints"]


def test_what_stands_in_no_document() -> None:
    assert "locations" not in sarif(result("gone"))["results"][0]


# ---------------------------------------------------------------- github


def test_annotations_are_escaped() -> None:
    line = written("github", result("gone", ("a,b:c%.html", 3), detail="one\r\ntwo: 5 %"))
    assert line == (
        "::error file=a%2Cb%3Ac%25.html,line=3,title=podcat%3A gone::"
        "https://a.example/?x=1&y=%2520 (player) is gone: one%0D%0Atwo: 5 %25\n"
    )


def test_levels() -> None:
    lines = written("github", *EVERY).splitlines()
    levels = [line.partition(" ")[0] for line in lines]
    assert levels.count("::error") == 4
    assert levels.count("::warning") == 4


def test_what_is_no_file_of_the_repository_is_said() -> None:
    lines = written(
        "github", result("gone", ("https://x.example/feed", 3), ("-", None))
    ).splitlines()
    assert lines[0].startswith("::error title=podcat%3A gone::https://x.example/feed:3: https://a.")
    assert lines[1].startswith("::error title=podcat%3A gone::-: https://a.example")


# ---------------------------------------------------------------- all of them


@pytest.mark.parametrize("form", FORMS)
def test_feeds_are_told_too(form: str) -> None:
    feeds: dict[str, Any] = {}

    def results() -> Any:
        yield result("gone", ("feed.rss", 1))
        feeds["feed.rss"] = lint(FEED)

    text = "\n".join(report.written(form, results(), feeds))
    assert "feed/" in text
    assert text.index("gone") < text.index("feed/")
    if form == "junit":
        SCHEMA.assertValid(etree.fromstring(text.encode()))
    if form == "sarif":
        check_sarif(json.loads(text))


ANY = st.text(max_size=20)


@given(ANY, ANY, ANY, st.sampled_from(list(State)), st.none() | st.integers(1, 9))
def test_any_text_can_be_told(
    url: str, detail: str, name: str, state: State, line: int | None
) -> None:
    found = result(str(state), (name or "x", line), url=url, detail=detail, suggestion=url)
    junit(found)
    written("sarif", found).encode("utf-8", "replace")
    lines = written("github", found)
    assert lines.count("\n") == (state not in (State.OK, State.UNCHECKED))
    assert "\r" not in lines


def test_documents_as_others_name_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert relative(str(tmp_path / "a" / "b.html")) == "a/b.html"
    assert relative("../b.html") is None
    assert relative("-") is None
    assert as_uri(str(tmp_path / "ä b.html")) == "%C3%A4%20b.html"
    assert as_uri("-") == "stdin"
    assert as_uri("https://x.example/ä") == "https://x.example/%C3%A4"
    assert as_uri("../b.html").startswith("file:///")
    assert unquote(as_uri("100%.html")) == "100%.html"


def test_a_page_has_its_addresses_in_the_order_of_its_lines() -> None:
    found = [
        result("gone", ("b.html", 9), ("a.html", 2), ("b.html", 3)),
        result("ok", ("b.html", 5), url="https://ok.example/"),
        result("ok", url="https://built.example/"),
    ]
    pages = list(report.by_page(found))
    assert [(name, [row[0] for row in rows]) for name, rows in pages] == [
        ("b.html", ["9,3", "5"]), ("a.html", ["2"]), ("(in no document: built by rule)", [""]),
    ]  # fmt: skip
