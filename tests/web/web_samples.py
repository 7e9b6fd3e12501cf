"""Pages as extraction gives them, and feeds as people declare them."""

from __future__ import annotations

from podcat.catalogue import Catalogue
from podcat.model import Candidate, Document, Embed, Page, Person, Place

BRIEFING = Page(
    url="https://www.rferl.org/a/kazakhstan-briefing/31654321.html",
    site="Radio Free Europe",
    title="A Week That Changed Kazakhstan",
    language="en",
    embeds=(
        Embed(
            provider="rferl",
            id="31654399",
            place=Place(line=27),
            kind="audio",
            title="Twitter Spaces: A Week That Changed Kazakhstan Forever",
            duration=4112,
            event_date="--01-13",
            embed_url="https://www.rferl.org/embed/player/0/31654399.html?type=audio",
            people=(
                Person("Reid Standish", "moderator", "RFE/RL correspondent"),
                Person("Raushan Zhandayeva", "guest", "a researcher"),
            ),
            tags=("Kazakhstan",),
            provenance={"title": "text/title-line", "duration": "text/time-line"},
            candidates=(
                Candidate("title", "Twitter Spaces Briefing", "page/title"),
                Candidate(
                    "title", "Twitter Spaces: A Week That Changed Kazakhstan Forever",
                    "text/title-line",
                ),
            ),
        ),
    ),
)  # fmt: skip

STORIES = Page(
    url="https://www.npr.org/tags/125938785/kazakhstan",
    site="NPR",
    title="Stories About Kazakhstan",
    embeds=(
        Embed(
            provider="npr",
            id="764153179/768167031",
            place=Place(line=10),
            kind="audio",
            title="'Illegal Superstition'",
            programme="All Things Considered",
            published="2019-10-08",
            duration=266,
            embed_url="https://www.npr.org/player/embed/764153179/768167031",
            link="https://www.npr.org/2019/10/08/764153179/illegal-superstition",
            transcript_url="https://www.npr.org/transcripts/764153179",
            image_caption="Aibota Zhanibek was born in China.",
            image_credit="Emily Feng/NPR",
            has_transcript=True,
            tags=("Kazakhstan",),
            provenance={"transcript_url": "derived/npr", "title": "text/title-line"},
        ),
        Embed(
            provider="npr",
            id="669203831/669594276",
            place=Place(line=20),
            kind="audio",
            title="A Woman's Ordeal",
            published="2018-11-21",
            audio_url="https://ondemand.npr.org/npr-mp4/npr/atc/ordeal.mp3",
            embed_url="https://www.npr.org/player/embed/669203831/669594276",
            tags=("Kazakhstan",),
        ),
        Embed(
            provider="npr", place=Place(line=30), status="unresolved", title="Available later today"
        ),
        Embed(
            provider="x-spaces",
            id="1YqKDqWqdPLGV",
            place=Place(line=40),
            kind="space",
            title="A Space",
            link="https://x.com/i/spaces/1YqKDqWqdPLGV",
        ),
    ),
)

KAZAKHSTAN = """
title = "Kazakhstan in sound"
description = "Recordings about Kazakhstan."
language = "en"
[selection]
tag = "Kazakhstan"
"""
PODCAST = """
title = "Files only"
description = "What podcast apps play."
items = "playable"
"""


def store(
    catalogue: Catalogue, page: Page, name: str = "page.html", now: int = 1_700_000_000
) -> None:
    """Puts a page into the catalogue as `podcat add` would."""
    catalogue.store(Document(name, name.encode(), page.url), page, now=now)


def many(count: int, tag: str = "many") -> Page:
    """A page with so many recordings, one a day, with ids that NPR could have given."""
    return Page(
        url="https://www.npr.org/many",
        site="NPR",
        title="Many",
        embeds=tuple(
            Embed(
                provider="npr",
                id=f"{1000000 + n}/{2000000 + n}",
                place=Place(line=n + 1),
                kind="audio",
                title=f"Recording {n}",
                published=f"20{n // 336 + 10}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}",
                embed_url=f"https://www.npr.org/player/embed/{1000000 + n}/{2000000 + n}",
                tags=(tag,),
            )
            for n in range(count)
        ),
    )
