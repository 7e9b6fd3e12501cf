"""`podcat-ignore` beside an address: it is not looked at there."""

from __future__ import annotations

import pytest

from podcat.check import from_pages, judge
from podcat.check.gather import gathered
from podcat.check.ignore import lines
from podcat.extract import extract
from podcat.model import Document

PLAYER = "https://www.npr.org/player/embed/1/2"
FRAME = f'<iframe src="{PLAYER}"></iframe>'
BAD = '<iframe src="https://www.npr.org/player/embed/1"></iframe>'


def marked(text: str, form: str = "html", encoding: str = "utf-8") -> set[int]:
    return set(lines(Document("a", text.encode(encoding)), form))


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("a\n<!-- podcat-ignore -->\nb\nc", "html", {2, 3}),
        ("a\n<!-- podcat-ignore: by hand -->b", "html", {2, 3}),
        ("<!--\nnotes\npodcat-ignore\n\n-->\nx", "html", {3, 4, 5, 6}),
        ("podcat-ignore is explained here", "html", set()),
        ("podcat-ignore\nhttps://a.example/", "text", {1, 2}),
        ("https://a.example/ podcat-ignore\r\nx", "text", {1, 2}),
        ("<!-- podcat-ignored not-podcat-ignore -->", "html", set()),
        ("<!-- podcat-ignore", "html", {1, 2}),
        ("nothing", "html", set()),
    ],
)
def test_which_lines(text: str, form: str, expected: set[int]) -> None:
    assert marked(text, form) == expected
    assert marked(text, form, "utf-16") == expected


def states(*documents: str) -> list[tuple[str, list[tuple[str, int | None]], str]]:
    read = [Document(f"{n}.html", text.encode()) for n, text in enumerate(documents)]
    pages = [(document, extract(document)) for document in read]
    return [
        (str(r.state), [(p.document, p.line) for p in r.places], r.detail)
        for r in judge(from_pages(pages))
    ]


def test_an_ignored_address_is_unchecked() -> None:
    page = f"<html><body>\n<!-- podcat-ignore -->\n{BAD}\n\n{FRAME}</body></html>"
    (bad, *_) = states(page)
    assert bad == ("unchecked", [("0.html", 3)], "ignored: podcat-ignore stands beside it")


def test_where_it_is_not_ignored_it_counts() -> None:
    ignored = f"<html><body>\n<!-- podcat-ignore -->{BAD}\n</body></html>"
    plain = f"<html><body>\n\n\n{BAD}\n</body></html>"
    ((state, places, _),) = states(ignored, plain)
    assert (state, places) == ("malformed", [("1.html", 4)])


def test_the_live_check_knows_it_too() -> None:
    read = Document("a.html", f"<html><body><!-- podcat-ignore -->{BAD}</body></html>".encode())
    (seen,) = gathered(from_pages([(read, extract(read))])).values()
    assert seen.is_ignored
    assert [place.document for place in seen.where] == ["a.html"]
