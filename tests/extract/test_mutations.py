"""Changes to a document that change nothing of what it says: the recordings stay the same."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from podcat.extract import extract
from podcat.model import Document

FAMILIES = Path(__file__).parent / "families"
Mutation = Callable[[str], str]

MENU = "Skip to main content\nHome\nNews\nMusic\nShows\nDonate\n\n"
FOOTER = "\n\nAbout\nContact\nTerms of Use\n© 2025\n"

EVERYWHERE: dict[str, Mutation] = {
    "line ends": lambda t: t.replace("\n", "\r\n"),
    "old line ends": lambda t: t.replace("\n", "\r"),
    "trailing blanks": lambda t: t.replace("\n", " \t\n"),
    "doubled blank lines": lambda t: t.replace("\n\n", "\n\n\n\n"),
    "plain http": lambda t: t.replace("https://", "http://"),
}
TEXT: dict[str, Mutation] = {
    "no-break spaces": lambda t: t.replace(" ", "\u00a0"),
    "soft marks": lambda t: t.replace(" ", " \u200b"),
    "indented": lambda t: "".join(f"    {line}" for line in t.splitlines(keepends=True)),
    "quoted": lambda t: "".join(f"> {line}" for line in t.splitlines(keepends=True)),
    "menu above": lambda t: MENU + t,
    "footer below": lambda t: t.rstrip("\n") + FOOTER,
    "stars for bullets": lambda t: t.replace("•", "*"),
    "dashes for bullets": lambda t: t.replace("•", "-"),
    "numbers for bullets": lambda t: t.replace("•", "1."),
    "escaped": lambda t: re.sub(
        r"<iframe[^>]*>", lambda m: m[0].replace("<", "&#60;").replace('"', "&quot;"), t
    ),
}
HTML: dict[str, Mutation] = {
    "one line": lambda t: re.sub(r"\s*\n\s*", " ", t),
    "single quotes": lambda t: re.sub(r'="([^"\'{}\[\]]*)"', r"='\1'", t),
    "archived": lambda t: re.sub(
        r'(["\'])(https?://)', r"\1https://web.archive.org/web/20200101000000if_/\2", t
    ),
    "archived, relative": lambda t: re.sub(
        r'((?:src|href|data)=["\'])(https?://)', r"\1/web/20200101000000/\2", t
    ),
}
BYTES: dict[str, Callable[[str], bytes]] = {
    "byte order mark": lambda t: codecs.BOM_UTF8 + t.encode(),
    "UTF-16": lambda t: codecs.BOM_UTF16_LE + t.encode("utf-16-le"),
    "UTF-16, big end first": lambda t: codecs.BOM_UTF16_BE + t.encode("utf-16-be"),
}

DOCUMENTS = sorted(p for p in FAMILIES.glob("*/*") if p.suffix in (".txt", ".html"))


def url_of(path: Path) -> str | None:
    case = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    url: str | None = case.get("page_url") or case.get("url")
    return url


def recordings(path: Path, data: bytes) -> list[tuple[object, ...]]:
    page = extract(Document(path.name, data, url_of(path)))
    return [
        (e.provider, e.id, e.status, e.title, e.duration, e.has_download, e.has_transcript)
        for e in page.embeds
    ]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.stem)
def test_recordings_stay_the_same(path: Path) -> None:
    data = path.read_bytes()
    text, expected = data.decode(), recordings(path, data)
    own = TEXT if path.suffix == ".txt" else HTML
    changed = {
        name: found
        for name, mutate in (EVERYWHERE | own).items()
        if (found := recordings(path, mutate(text).encode())) != expected
    }
    changed |= {
        name: found
        for name, mutate in BYTES.items()
        if (found := recordings(path, mutate(text))) != expected
    }
    assert changed == {}
