"""A few mangled documents; the fuzzer itself runs for as long as it is asked (tests/fuzz.py)."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import fuzz
import pytest

from podcat.model import Document, Embed, Page, Place

PLAYER = b'<body><iframe src="https://www.npr.org/player/embed/669203831/669594276"></iframe>'


def test_mangled_documents_are_read() -> None:
    assert [(case.name, problem) for case, problem in fuzz.run(7, documents=100, timed=False)] == []


def test_a_seed_makes_the_same_documents_again() -> None:
    all_cases = fuzz.cases()
    one, two = (
        [fuzz.mangled(chance, all_cases) for _ in range(50)]
        for chance in (random.Random(3), random.Random(3))
    )
    assert one == two
    assert {word for case in one for word in case.name.split(" + ")[1:]} >= {
        "cut",
        "splice",
        "nest",
    }


def reading(**changes: object) -> object:
    """An extract() that finds what is not there."""

    def extract(document: Document) -> Page:
        embed = Embed("npr", Place(1), id="669203831/669594276", status="identified")
        return Page(None, embeds=(replace(embed, **changes),))  # type: ignore[arg-type]

    return extract


def failing(_: Document) -> Page:
    raise RecursionError


@pytest.mark.parametrize(
    ("extract", "problem"),
    [
        (reading(), None),
        (reading(id="669203831"), "id: npr '669203831'"),
        (reading(id="669203831/669594277"), "invented: npr 669203831/669594277"),
        (reading(provider="audio-file", id=None, audio_url="https://a.b/c.mp3"), "invented"),
        (reading(title="x" * 2**21), "long: "),
        (reading(title="\ud800"), "UnicodeEncodeError"),
        (failing, "RecursionError in test_fuzz.py:failing"),
    ],
)
def test_what_is_wrong_is_noticed(
    monkeypatch: pytest.MonkeyPatch, extract: object, problem: str | None
) -> None:
    monkeypatch.setattr(fuzz, "extract", extract)
    found = list(fuzz.problems(PLAYER, None, timed=False))
    assert [line[: len(problem or "")] for line in found] == ([problem] if problem else [])


def test_slow_reading_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "limit", lambda _: -1.0)
    assert [line[:5] for line in fuzz.problems(PLAYER, None, timed=True)] == ["slow:"]


def test_a_finding_is_made_small() -> None:
    assert fuzz.smaller(b"aaaaXaaaa" * 20, lambda data: b"X" in data) == b"X"


def test_what_hangs_is_stopped() -> None:
    with pytest.raises(TimeoutError), fuzz.stopped(1):
        re.fullmatch("(a+)+b", "a" * 60)
