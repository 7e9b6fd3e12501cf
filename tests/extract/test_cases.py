"""Documents that are hard to read, each with what must be found in it and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from podcat.extract import extract
from podcat.model import Document, embed_json

CASES = Path(__file__).parent / "cases"


def document(case: Path) -> Path:
    return next(p for p in (case.with_suffix(".txt"), case.with_suffix(".html")) if p.exists())


def like(found: Any, expected: Any) -> Any:
    """What was found, cut down to what is expected: objects to the keys that are asked for."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return {k: like(found.get(k), v) for k, v in expected.items()}
    if isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        return [like(f, e) for f, e in zip(found, expected, strict=True)]
    return found


@pytest.mark.parametrize("case", sorted(CASES.glob("*.json")), ids=lambda c: c.stem)
def test_case(case: Path) -> None:
    expected: dict[str, Any] = json.loads(case.read_text(encoding="utf-8"))
    source = document(case)
    page = extract(Document(source.name, source.read_bytes(), expected.get("url")))
    found = [embed_json(page, embed) for embed in page.embeds]
    assert like(found, expected["embeds"]) == expected["embeds"]
    assert set(expected.get("refused", [])) <= {r.url for r in page.refused}
    said = {name: getattr(page, name) for name in expected.get("page", {})}
    assert json.loads(json.dumps(said, default=dict)) == expected.get("page", {})


def test_no_document_without_expectation() -> None:
    assert {p.stem for p in CASES.iterdir()} == {p.stem for p in CASES.glob("*.json")}
