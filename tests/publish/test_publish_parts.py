"""The parts of a build: which file has an answer, where links are, where lists are cut."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from podcat.publish.links import Linker
from podcat.publish.places import Places
from podcat.web import steady

PLACES = Places("https://x.example/a/b")


@pytest.mark.parametrize(
    ("address", "file", "path"),
    [
        ("/a/b/", "index.html", "/"),
        ("/a/b", "index.html", "/"),
        ("https://x.example/a/b/tags/ice", "tags/ice/index.html", "/tags/ice/"),
        ("/a/b/tags/%D0%BB%D1%91%D0%B4", "tags/лёд/index.html", "/tags/%D0%BB%D1%91%D0%B4/"),
        ("/a/b/tags/ice.rss", "tags/ice.rss", "/tags/ice.rss"),
        ("/a/b/.rss", "index.rss", "/index.rss"),
        ("/a/b/episodes?after=-5-7", "episodes/after/-5-7/index.html", "/episodes/after/-5-7/"),
        ("/a/b/feeds/x.rss?after=9-8", "feeds/x/after/9-8.rss", "/feeds/x/after/9-8.rss"),
        ("/a/b/episodes/7-x?play=1&t=9#player", "embed/7/play/index.html", "/embed/7/play/"),
        ("/a/b/embed/7?play=1", "embed/7/play/index.html", "/embed/7/play/"),
        ("/a/b/episodes/7-x?t=9", "episodes/7-x/index.html", "/episodes/7-x/?t=9"),
        ("/a/b/search?q=a%20b", "search/index.html", "/search/?q=a%20b"),
        ("/a/b/static/x.css?v=1", "static/x.css", "/static/x.css?v=1"),
    ],
)
def test_every_address_has_its_file(address: str, file: str, path: str) -> None:
    place = PLACES.of(PLACES.within(address) or "")
    assert place
    assert (place.file, place.path) == (file, path)


@pytest.mark.parametrize(
    "address",
    ["/a/b/../x", "/a/b/%2e%2e/x", "/a/b/x%2f..%2fy", "/a/b/x//y", "/a/b/episodes?order=oldest",
     "/a/b/episodes?after=../../x", "/a/b/tags/x?tag=y&after=1-2", "/a/b/x%00"],
)  # fmt: skip
def test_what_no_file_can_answer_has_none(address: str) -> None:
    assert PLACES.of(PLACES.within(address) or "") is None


@pytest.mark.parametrize("address", ["/a/bc", "/x", "https://y.example/a/b", "https://x.example/"])
def test_what_is_not_within_the_site(address: str) -> None:
    assert PLACES.within(address) is None


def test_long_names_are_cut_and_stay_different() -> None:
    one, two = (PLACES.of(f"/tags/{'x' * 300}{end}") for end in "ab")
    assert one
    assert two
    assert one.file != two.file
    assert all(len(part.encode()) <= 200 for part in one.file.split("/"))


def linked(text: str, kind: str = "text/html") -> tuple[str, list[str], list[str]]:
    found = Linker(PLACES).linked(kind, text)
    return found.text, [place.file for place in found.links], found.broken


def test_links_of_our_own_are_written_for_files() -> None:
    given = '<a href="/a/b/tags/x?after=1-2#main" class="y">/a/b/tags/x</a>'
    assert linked(given) == (
        '<a href="/a/b/tags/x/after/1-2/#main" class="y">/a/b/tags/x</a>',
        ["tags/x/after/1-2/index.html"],
        [],
    )


def test_links_that_need_a_server_are_named() -> None:
    given = '<a href="/a/b/episodes?tag=x&amp;since=2019">x</a> <a href="/elsewhere">y</a>'
    assert linked(given) == (given, [], ["/a/b/episodes?tag=x&since=2019", "/elsewhere"])


@pytest.mark.parametrize(
    "theirs",
    [
        '<a href="https://x.example/a/b/nothing" rel="noreferrer">x</a>',
        '<audio src="https://x.example/a/b/nothing.mp3"></audio>',
        "<p>https://x.example/a/b/nothing</p>",
        '<p title="/a/b/nothing">&lt;a href=&#34;/a/b/nothing&#34;></p>',
        '<meta name="description" content="https://x.example/a/b/nothing">',
        '<script type="application/ld+json">{"isBasedOn": "https://x.example/a/b/no"}</script>',
        '<a href="//x.example/a/b">x</a>',
    ],
)
def test_what_a_document_says_stays_as_it_is(theirs: str) -> None:
    assert linked(theirs) == (theirs, [], [])


def test_feeds_keep_the_addresses_of_a_server_but_for_their_further_pages() -> None:
    start = (
        '<link>https://x.example/a/b/tags/x</link><atom:link href="https://x.example/a/b/tags/x.rss'
    )
    given = f'{start}" rel="self"/>\n{start}?after=1-2" rel="next"/>'
    text, links, broken = linked(given, "application/rss+xml")
    assert text == given.replace("x.rss?after=1-2", "x/after/1-2.rss")
    assert links == ["tags/x.rss", "tags/x/after/1-2.rss"]
    assert broken == []


@dataclass(frozen=True)
class One:
    """Something in a list."""

    id: int


def pages(numbers: list[int]) -> list[list[int]]:
    found, rest = [], [One(number) for number in numbers]
    while rest:
        some = rest[: steady.asked_for(30)]
        most = steady.length(some, 30, more=len(some) < len(rest))
        found.append([one.id for one in rest[:most]])
        rest = rest[most:]
    return found


def test_lists_are_cut_at_the_same_entries_wherever_one_comes_in() -> None:
    before = pages(list(range(1000)))
    assert all(15 <= len(page) <= 45 for page in before[:-1])
    assert 25 <= sum(map(len, before)) / len(before) <= 35
    for place in (0, 1, 400, 999, 1000):
        numbers = list(range(1000))
        numbers.insert(place, 5000)
        new = [page for page in pages(numbers) if page not in before]
        assert len(new) <= 3


def test_a_short_list_is_one_page() -> None:
    assert pages(list(range(30))) == [list(range(30))]
