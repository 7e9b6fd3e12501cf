"""Real text in the encodings of the world, stated rightly, wrongly or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from podcat.extract import extract
from podcat.extract.decode import decode
from podcat.model import Document

CASES = Path(__file__).parent / "encodings"


@pytest.mark.parametrize("case", sorted(CASES.glob("*.html")), ids=lambda c: c.stem)
def test_encoding(case: Path, golden: Callable[[Path, bytes], None]) -> None:
    expected = case.with_name(case.name + ".json")
    stated = json.loads(expected.read_text(encoding="utf-8")) if expected.exists() else {}
    document = Document(case.name, case.read_bytes(), content_type=stated.get("content_type"))
    page = extract(document)
    found = {
        "content_type": document.content_type,
        "encoding": page.encoding,
        "words": decode(document).text.partition("<p>")[2].partition("</p>")[0],
        "damage": page.damage,
        "embeds": len(page.embeds),
    }
    golden(expected, (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode())


def test_no_document_without_expectation() -> None:
    pages = {p.name for p in CASES.glob("*.html")}
    assert {p.name for p in CASES.iterdir()} == pages | {f"{name}.json" for name in pages}


@pytest.mark.parametrize(
    "label", ["utf-7", "zlib", "rot13", "punycode", "unicode_escape", "x" * 99]
)
def test_what_is_no_encoding_of_pages_is_not_believed(label: str) -> None:
    document = Document("d", "Привет".encode(), content_type=f"text/html; charset={label}")
    assert decode(document).text == "Привет"
