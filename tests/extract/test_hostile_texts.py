"""Texts made to cost time take at most about twice as long when they are twice as long."""

from __future__ import annotations

import time

import pytest
from hostile_texts import TEXTS

from podcat.extract import extract, findings, text_page
from podcat.model import Document

SIZE = 24_000
# Shorter than this is not told from noise; so much of anything honest takes less.
SIGNIFICANT = 0.1
STEEP = 3.4


def spent(document: Document, times: int = 1) -> float:
    best = 99.0
    for _ in range(times):
        begun = time.process_time()
        extract(document)
        best = min(best, time.process_time() - begun)
    return best


@pytest.mark.parametrize("name", TEXTS)
def test_time_grows_with_size(name: str) -> None:
    whole, half = (Document(name, TEXTS[name](size).encode()) for size in (SIZE, SIZE // 2))
    if spent(whole) > SIGNIFICANT:
        # Machines are shared: a busy moment says nothing, three in a row do.
        assert any(spent(whole, 2) < max(STEEP * spent(half, 2), SIGNIFICANT) for _ in range(3))


def test_numbers_without_end_are_text() -> None:
    """An entity of thousands of digits is no character, and no error."""
    assert extract(Document("d", b"&amp; &#" + b"9" * 5000 + b"; " + b"x")).embeds == ()


@pytest.mark.parametrize(
    ("name", "some"),
    [("player lines", "npr"), ("space line", "x-spaces"), ("files", "audio-file")],
)
def test_of_too_many_recordings_the_first_are_kept(
    name: str, some: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (findings, text_page):
        monkeypatch.setattr(module, "MOST", 40)
    page = extract(Document(name, TEXTS[name](6_000).encode()))
    assert len(page.embeds) == 40
    assert {embed.provider for embed in page.embeds} == {some}
    assert "left out" in page.damage[0]
