"""Tags of very many attributes, on which a parser's time grows with the square."""

from __future__ import annotations

import time

import pytest

from podcat.extract import extract
from podcat.model import Document

PLAYER = '<iframe src="https://www.npr.org/player/embed/764153179/768167031"></iframe>'


def read(markup: str) -> tuple[int, tuple[str, ...], float]:
    start = time.process_time()
    page = extract(Document("p", f"<!doctype html><body>{PLAYER}{markup}{PLAYER}".encode()))
    return len(page.embeds), page.damage, time.process_time() - start


@pytest.mark.parametrize(
    "tag",
    ["<div{} a>", '<div x="<"{} a>', "<div{}\n>", '<div{} a="b c">', "<div{}"],
)
@pytest.mark.parametrize("attribute", [" a", " a=b", ' a="b c"', " a='b'"])
def test_a_swollen_tag_is_emptied(tag: str, attribute: str) -> None:
    markup = tag.format(attribute * 20_000) * 3
    found, damage, _ = read(markup)
    assert (found, [line[:11] for line in damage if "attributes" in line]) == (1, ["holds a tag"])
    # Unemptied, one such tag takes thousands of times as long. A busy moment says nothing.
    plain = "<div>x</div>" * (len(markup) // 12)
    assert any(read(markup)[2] < 60 * read(plain)[2] for _ in range(3))


@pytest.mark.parametrize(
    "markup",
    [
        "<p>5 < 6, and " + "many words follow " * 400 + "</p>",
        '<img src="data:image/png;base64,' + "A" * 100_000 + '">',
        "<div" + "".join(f" data-a{n}='x y'" for n in range(200)) + ">x</div>",
        '<div title="' + "words " * 1000 + '">x</div>',
    ],
)
def test_what_is_only_long_is_left(markup: str) -> None:
    assert read(markup)[:2] == (1, ())
