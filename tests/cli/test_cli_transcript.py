"""What a page has of a recording in words is searched, and shown with it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Podcat = Callable[..., subprocess.CompletedProcess[str]]
SAID = "Ana: The lamps are out in the harbor tonight. Bo: Perhaps the keeper fell asleep."
FILE = {"@type": "AudioObject", "contentUrl": "https://media.example.com/harbor.mp3"}
EPISODE = {"@context": "https://schema.org", "@type": "PodcastEpisode", "name": "Harbor Lamps"}


@pytest.mark.parametrize(
    "node",
    [
        EPISODE | {"transcript": SAID, "associatedMedia": FILE},
        EPISODE | {"associatedMedia": FILE | {"transcript": SAID}},
        {"@context": "https://schema.org", "name": "Harbor Lamps", **FILE, "transcript": SAID},
    ],
)
def test_spoken_words_find_the_recording(
    podcat: Podcat, tmp_path: Path, node: dict[str, object]
) -> None:
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    (tmp_path / "page.html").write_text(f"<title>Harbor</title>{script}<p>x", "utf-8")
    assert podcat("add", "page.html").stdout.startswith("1 new")
    assert "Harbor Lamps" in podcat("episodes", "--q", '"keeper fell asleep"').stdout
    assert "Harbor" not in podcat("episodes", "--q", "keeper -lamps").stdout
    (line,) = (
        row for row in podcat("show", "1").stdout.splitlines() if row.startswith("transcript ")
    )
    assert "json/json-ld" in line


@pytest.mark.parametrize("said", ["See it here", "https://media.example.com/harbor.txt", "", 7])
def test_what_only_tells_of_a_transcript_is_none(
    podcat: Podcat, tmp_path: Path, said: object
) -> None:
    node = EPISODE | {"transcript": said, "associatedMedia": FILE}
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    (tmp_path / "page.html").write_text(f"<title>Harbor</title>{script}<p>x", "utf-8")
    assert podcat("add", "page.html").stdout.startswith("1 new")
    assert "\ntranscript " not in podcat("show", "1").stdout
