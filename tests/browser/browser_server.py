"""What is served to the browser, and a tab that remembers what it asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Page

from podcat.model import Embed, Person, Place
from podcat.model import Page as SourcePage

SOURCE = SourcePage(
    url="https://www.npr.org/tags/125938785/kazakhstan",
    site="NPR",
    title="Stories About Kazakhstan",
    embeds=(
        Embed(
            provider="npr",
            id="669203831/669594276",
            place=Place(line=20),
            kind="audio",
            title="With a file",
            published="2018-11-21",
            audio_url="https://ondemand.npr.org/npr-mp4/npr/atc/ordeal.mp3",
            embed_url="https://www.npr.org/player/embed/669203831/669594276",
        ),
        Embed(
            provider="npr",
            id="764153179/768167031",
            place=Place(line=10),
            kind="audio",
            title="Told by relatives: a very long title about Karaganda-Temirtau-Ekibastuz-Semey",
            programme="All Things Considered",
            published="2019-10-08",
            duration=4112,
            embed_url="https://www.npr.org/player/embed/764153179/768167031",
            transcript_url="https://www.npr.org/transcripts/764153179",
            image_url="https://media.npr.org/picture.jpg",
            image_caption="A caption.",
            people=(Person("Emily Feng", "reporter", "correspondent"),),
            tags=("Kazakhstan",),
        ),
    ),
)


@dataclass
class Visit:
    """A tab, and the addresses elsewhere that it asked for."""

    page: Page
    address: str
    abroad: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """What the browser's console has as errors."""

    def go(self, path: str) -> Page:
        """Opens a path of ours."""
        self.page.goto(self.address + path)
        return self.page

    def quiet(self) -> Page:
        """Waits until nothing is asked of anyone any more."""
        self.page.wait_for_load_state("networkidle")
        return self.page
