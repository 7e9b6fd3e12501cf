"""What others would do on the same pages, to stand beside podcat in one run."""

from __future__ import annotations

import sys
from pathlib import Path

import bs4
from lxml import etree

EMBED = "https://www.npr.org/player/embed/"


def scans(data: bytes) -> list[bool]:
    """Three bare searches in the bytes."""
    return [needle in data for needle in (b"player/embed", b"data-audio", b"i/spaces/")]


def find(data: bytes) -> int:
    """One bare search in the bytes."""
    return data.find(b"player/embed/nowhere")


def parse(data: bytes) -> object:
    """lxml reads the page; nothing is taken from it."""
    return etree.fromstring(data, etree.HTMLParser(encoding="utf-8"))


def walk(data: bytes) -> int:
    """lxml reads the page, and every element is looked at."""
    root = etree.fromstring(data, etree.HTMLParser(encoding="utf-8"))
    return sum(
        1 for element in root.iter() if element.tag == "iframe" or element.get("data-embed-url")
    )


def soup(data: bytes) -> list[tuple[str, str]]:
    """Id and title of every player, by BeautifulSoup over lxml."""
    page, found = bs4.BeautifulSoup(data, "lxml"), []
    for button in page.find_all(attrs={"data-embed-url": True}):
        title = button.find_parent("article", class_="item").find(class_="title")
        found.append(
            (button["data-embed-url"].removeprefix(EMBED), " ".join(title.get_text().split()))
        )
    return found


if __name__ == "__main__":
    for path in sorted(Path(sys.argv[1]).iterdir()):
        for id_, title in soup(path.read_bytes()):
            print(id_, title)
