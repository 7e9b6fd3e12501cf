"""Documents for the commands."""

from __future__ import annotations

from pathlib import Path

import pytest

PLAYER = "https://www.npr.org/player/embed/764153179/768167031"

PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><title>A page</title></head><body>
<p>Words before it.</p>
<iframe src="{PLAYER}" title="A report from Almaty"></iframe>
</body></html>
"""

EXTRACT = """Stories About

Kazakhstan

One Report

  • Download
  • <iframe src="https://www.npr.org/player/embed/428355181/428355182" width="100%" height="290" frameborder="0" scrolling="no" title="NPR embedded audio player">
  • Transcript
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A saved page with one player, `page.html`."""
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two documents with one player each, `pages/`."""
    path = tmp_path / "pages"
    path.mkdir()
    (path / "a.html").write_text(PAGE, encoding="utf-8")
    (path / "b.txt").write_text(EXTRACT, encoding="utf-8")
    return path
