"""Every form in which pages are saved, as files with what must be read from them beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from podcat import documents
from podcat.errors import SourceError
from podcat.extract import extract
from podcat.model import Document

CASES = Path(__file__).parent / "cases"
NAMES = sorted(
    p.name.removesuffix(".json")
    for p in CASES.iterdir()
    if (CASES / p.stem).exists() and p.suffix == ".json"
)


def read(item: Document, folder: Path) -> dict[str, Any]:
    page = extract(item)
    return {
        "name": item.name.removeprefix(str(folder) + "/"),
        "url": item.url,
        "damage": list(page.damage),
        "embeds": [
            {"provider": e.provider, "id": e.id, "title": e.title, "line": e.place.line,
             "url": e.embed_url or e.audio_url or e.link}
            for e in page.embeds
        ],
    }  # fmt: skip


def told(source: Path) -> Iterator[dict[str, Any]]:
    """What reading a source gives, as JSON."""
    for item in documents.read(str(source)):
        if isinstance(item, SourceError):
            yield {"problem": str(item).removeprefix(str(source.parent) + "/")}
        elif isinstance(item, documents.Listing):
            others = [entry.url for entry in item.entries if not entry.named]
            yield {
                "bookmarks": item.bookmarks,
                **read(item.document, source.parent),
                "others": others,
            }
        else:
            yield read(item, source.parent)


@pytest.mark.parametrize("name", NAMES)
def test_form(name: str, golden: Callable[[Path, bytes], None]) -> None:
    found = json.dumps(list(told(CASES / name)), ensure_ascii=False, indent=1) + "\n"
    golden(CASES / f"{name}.json", found.encode())


def test_no_document_without_expectation() -> None:
    expected = {f"{name}.json" for name in NAMES}
    assert {p.name for p in CASES.iterdir()} == expected | set(NAMES)
