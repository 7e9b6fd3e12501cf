"""The two documents in seeds/, and the originals they follow, give the same recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from podcat.extract import extract
from podcat.model import Document, Page

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
ORIGINALS = ROOT.parent / "shared" / "seeds"

NPR = [
    ("764153179/768167031", "'Illegal Superstition': China Jails Muslims For Practicing Islam, Relatives Say", True, "Emily Feng/NPR"),
    ("669203831/669594276", "'They Ordered Me To Get An Abortion': A Chinese Woman's Ordeal In Xinjiang", False, "Nicole Xu for NPR"),
    ("666287509/667285035", "Ex-Detainee Describes Torture In China's Xinjiang Re-Education Camp", True, "Ng Han Guan/AP"),
    ("665597190/666871000", "Families Of The Disappeared: A Search For Loved Ones Held In China's Xinjiang Region", True, "Rob Schmitz/NPR"),
    ("433450186/433544140", "For Kazakhstan's LGBT Community, A Struggle For Recognition And Rights", True, "Shamil Zhumatov/Reuters/Landov"),
    ("428355181/428355182", "Some Kazakhs Celebrate The Loss Of The 2022 Winter Olympics", True, "Corey Flintoff/NPR"),
]  # fmt: skip


def pages(folder: Path) -> list[Page]:
    """The NPR page and the briefing, whatever their files are called."""
    read = [extract(Document(p.name, p.read_bytes())) for p in sorted(folder.glob("*.txt"))]
    return sorted(read, key=lambda page: -len(page.embeds))


def recordings(page: Page) -> list[Any]:
    """The embeds without what is worded anew in seeds/: captions and what people are."""
    return [
        (e.provider, e.id, e.status, e.title, e.duration, e.event_date, e.image_credit, e.tags,
         e.has_download, e.has_transcript, e.embed_url, e.kind, [(p.name, p.role) for p in e.people])
        for e in page.embeds
    ]  # fmt: skip


def test_npr_page() -> None:
    page, _ = pages(SEEDS)
    assert [(e.id, e.title, e.has_transcript, e.image_credit) for e in page.embeds] == NPR
    assert all(e.has_download and e.tags == ("Kazakhstan",) for e in page.embeds)
    assert all(e.status == "identified" and e.provider == "npr" for e in page.embeds)
    captions = [e.image_caption or "" for e in page.embeds]
    assert captions[0].startswith("Aibota Zhanibek")
    assert not any("Getty" in c or "hide caption" in c for c in captions)


def test_briefing() -> None:
    _, page = pages(SEEDS)
    assert (
        page.title
        == "Twitter Spaces Briefing: A Week That Changed Kazakhstan Forever. What's Next?"
    )
    (embed,) = page.embeds
    assert embed.title == "Twitter Spaces: A Week That Changed Kazakhstan Forever...What's Next?"
    assert embed.duration == 4112
    assert [(p.name, p.role) for p in embed.people] == [
        ("Raushan Zhandayeva", "guest"),
        ("Alimana Zhanmukanova", "guest"),
        ("Bruce Pannier", "guest"),
        ("Reid Standish", "moderator"),
    ]
    assert embed.event_date == "--01-13"
    assert embed.published is None


if ORIGINALS.is_dir():

    def test_originals_give_the_same_recordings() -> None:
        assert [recordings(p) for p in pages(SEEDS)] == [recordings(p) for p in pages(ORIGINALS)]
