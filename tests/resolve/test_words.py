"""Transcripts in the forms in which they come, as what is spoken."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from podcat.resolve.words import spoken
from podcat.web import moments

CASES = Path(__file__).parent / "transcripts"
TYPES = {".vtt": "text/vtt", ".srt": "application/x-subrip", ".json": "application/json",
         ".html": "text/html; charset=utf-8", ".txt": "text/plain", ".ttml": "application/ttml+xml"}  # fmt: skip


@pytest.mark.parametrize(
    "path", sorted(p for p in CASES.iterdir() if p.suffix != ".said"), ids=lambda p: p.name
)
def test_what_is_spoken(path: Path, golden) -> None:  # type: ignore[no-untyped-def]
    said = spoken(path.read_bytes(), TYPES[path.suffix], f"https://a.example/{path.name}")
    golden(path.with_name(path.name + ".said"), ((said or "") + "\n").encode())


@pytest.mark.parametrize(
    "data", [b"", b"WEBVTT", b"{", b"[" * 100_000, b"<", b"\xff\xfe" * 99, b"\x00" * 999, b"1\n2\n"]
)
def test_what_is_no_transcript_has_no_words(data: bytes) -> None:
    for kind in TYPES.values():
        assert spoken(data, kind, "https://a.example/x") is None


def test_no_more_than_ten_hours_are_kept() -> None:
    long = "WEBVTT\n\n" + "".join(
        f"00:00.000 --> 00:01.000\nline {n} of it\n\n" for n in range(60_000)
    )
    assert 499_000 < len(spoken(long.encode(), "text/vtt", "") or "") <= 500_000
    plain = b"and on it went, on and on\n" * 60_000
    assert len(spoken(plain, "text/plain", "") or "") < 100
    lines = "".join(f"and on it went, for the {n}th time\n" for n in range(60_000))
    assert 499_000 < len(spoken(lines.encode(), "text/plain", "") or "") <= 500_000


MANY = b"and " * 400_000
ENDLESS = {
    "furniture": (b"<div class=transcript>" + b"<button></button>x" * 120_000, ".html"),
    "names": (b"<div class=transcript><p>" + b"<cite>a</cite>x" * 120_000, ".html"),
    "names-in-names": (b"<div class=transcript>" + b"<cite>" * 200 + MANY, ".html"),
    "times-in-times": (b"<div class=transcript>" + b"<time>" * 200 + MANY, ".html"),
    "paragraphs-in-paragraphs": (
        b'<tt xmlns="http://www.w3.org/ns/ttml">' + b"<p>" * 200 + MANY, ".ttml",
    ),
    "agents-in-agents": (
        b'<tt xmlns="http://www.w3.org/ns/ttml">' + b"<agent>" * 200 + MANY, ".ttml",
    ),
    "voice": (b"WEBVTT\n\n00:00.000 --> 00:01.000\n<v" + b" " * 2_000_000 + b"x", ".vtt"),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDLESS)
def test_what_is_made_to_take_for_ever_takes_no_longer(name: str) -> None:
    data, kind = ENDLESS[name]
    began = time.process_time()
    spoken(data, TYPES[kind], "https://a.example/x")
    assert time.process_time() - began < 3


TIMED = sorted(p for p in CASES.glob("*.said") if p.read_bytes().startswith(b"WEBVTT"))


@pytest.mark.parametrize("path", TIMED, ids=lambda p: p.stem)
def test_an_episodes_page_can_follow_it(path: Path) -> None:
    """All that is said, by whom, in passages with a time; and what is read again is the same."""
    said = path.read_text(encoding="utf-8").rstrip("\n")
    found = moments.passages(said)
    words = [one.text for one in moments.cues(said)]
    assert " ".join(one.text for one in found) == " ".join(words)
    assert {one.speaker for one in found} >= {one.speaker for one in moments.cues(said)} - {None}
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert spoken(said.encode(), "text/vtt", "") == said


@pytest.mark.parametrize("path", [p for p in CASES.iterdir() if p.suffix != ".said"])
def test_damage_is_no_error(path: Path) -> None:
    chance, whole = random.Random(path.name), path.read_bytes()
    for _ in range(20):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 9)):
            data[chance.randrange(len(data))] = chance.choice(b'<>&"\n:-0{}[], \xff')
        del data[chance.randrange(len(data)) :]
        said = spoken(bytes(data), TYPES[path.suffix], "https://a.example/x") or ""
        moments.passages(said)
        assert "\r" not in said
