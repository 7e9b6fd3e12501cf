"""The families of documents that podcat was made for, each with what it must give."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from podcat.extract import extract
from podcat.model import Document, Page, embed_json

FAMILIES = Path(__file__).parent / "families"

# Key of the case to key of the contract.
NPR = {
    "title": "title", "has_transcript": "has_transcript", "has_download": "has_download",
    "kind": "kind", "duration_s": "duration", "program": "programme", "story_url": "link",
    "transcript_url": "transcript_url",
}  # fmt: skip
PANGEA = {
    "title": "title", "duration_seconds": "duration", "kind": "kind", "embed_url": "embed_url",
    "audio_url": "audio_url",
}  # fmt: skip


def cases(family: str) -> list[Path]:
    return sorted((FAMILIES / family).glob("*.json"))


def read(case: Path) -> tuple[dict[str, Any], Page, list[dict[str, Any]]]:
    expected = json.loads(case.read_text(encoding="utf-8"))
    document = next(p for p in (case.with_suffix(".txt"), case.with_suffix(".html")) if p.exists())
    url = expected.get("page_url") or expected.get("url")
    page = extract(Document(document.name, document.read_bytes(), url))
    return expected, page, [embed_json(page, embed) for embed in page.embeds]


def test_every_document_has_its_expectation() -> None:
    files = {p.with_suffix("") for p in FAMILIES.glob("*/*")}
    assert files == {c.with_suffix("") for f in ("npr", "rferl") for c in cases(f)}
    assert len(files) > 30


@pytest.mark.parametrize("case", cases("npr"), ids=lambda c: c.stem)
def test_npr(case: Path) -> None:
    expected, _, embeds = read(case)
    found = {e["id"]: e for e in embeds if e["provider"] == "npr" and e["status"] == "identified"}
    wanted = {f"{w['story_id']}/{w['media_id']}": w for w in expected["embeds"]}
    assert set(found) <= set(wanted)
    assert {i for i, w in wanted.items() if not w.get("optional")} <= set(found)
    for key, embed in found.items():
        want = wanted[key]
        assert {c: embed[c] for k, c in NPR.items() if k in want} == {
            c: want[k] for k, c in NPR.items() if k in want
        }
        assert (embed["published"] or "").startswith(want.get("date", ""))


@pytest.mark.parametrize("case", cases("npr"), ids=lambda c: c.stem)
def test_npr_unresolved(case: Path) -> None:
    expected, _, embeds = read(case)
    keys = ("title", "has_transcript", "has_download")
    unresolved = [{k: e[k] for k in keys} for e in embeds if e["status"] == "unresolved"]
    assert unresolved == [{k: w[k] for k in keys} for w in expected.get("unresolved", [])]


@pytest.mark.parametrize("case", cases("rferl"), ids=lambda c: c.stem)
def test_rferl(case: Path) -> None:
    expected, _, embeds = read(case)
    assert len(embeds) == len(expected["recordings"])
    for embed, want in zip(embeds, expected["recordings"], strict=True):
        for key, name in PANGEA.items():
            assert embed[name] in [want[key], *want.get(f"{key}_accept", [])]
        if want["space_id"]:
            assert embed["id"] == want["space_id"]
        assert embed["video_url"] == want.get("media_url")


@pytest.mark.parametrize("case", cases("rferl"), ids=lambda c: c.stem)
def test_rferl_people_and_dates(case: Path) -> None:
    expected, page, embeds = read(case)
    extra = expected.get("extra", {})
    credited = {(p["name"], role) for e in embeds for p in e["people"] for role in [p["role"]]}
    for person in extra.get("people", []):
        assert any((person["name"], role) in credited for role in person["role"].split("/"))
    if "people" in extra:
        assert {name for name, _ in credited} == {person["name"] for person in extra["people"]}
    if "published" in extra:
        stated = [page.published, *(e["published"] for e in embeds)]
        assert any((date or "").startswith(extra["published"]) for date in stated)
    if "event_date" in extra:
        day = extra["event_date"].partition(" ")[0]
        assert embeds[0]["event_date"] == (day if len(day) == 10 else f"--{day}")
    if "series" in extra:
        assert embeds[0]["programme"] == extra["series"]


@pytest.mark.parametrize("case", [*cases("npr"), *cases("rferl")], ids=lambda c: c.stem)
def test_every_value_says_where_it_comes_from(case: Path) -> None:
    for embed in read(case)[2]:
        said = {k for k, v in embed.items() if v not in (None, [], {}) and k != "provenance"}
        if not any(embed["page"].values()):
            said.discard("page")
        assert said == set(embed["provenance"])
