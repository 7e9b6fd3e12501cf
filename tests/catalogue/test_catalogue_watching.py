"""Watched sources, the pages they list, what hosts want, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from catalogue_samples import NOW, embed, put

from podcat.catalogue import Attempt, Catalogue, Listed, Robots
from podcat.errors import NotFoundError

URL = "https://news.example/tags/kazakhstan"


def test_a_source_is_kept_with_all_that_is_known_of_it(catalogue: Catalogue) -> None:
    source, is_new = catalogue.watch(URL, ("A",), NOW, 3600)
    assert is_new
    assert catalogue.due_sources(NOW - 1, 9) == ()
    assert catalogue.due_sources(NOW, 9) == (source,)
    assert catalogue.due_sources(NOW, 9, "news.example") == (source,)
    assert catalogue.due_sources(NOW, 9, "other.example") == ()
    after = replace(
        source, kind="feed", etag='"1"', last_modified="x", said="y", last_checked=NOW,
        last_changed=NOW, next_at=NOW + 9, pause=900, least=60, failures=2, why="is down",
    )  # fmt: skip
    catalogue.source_looked(after, (), NOW)
    assert catalogue.sources() == (after,)
    again = replace(after, tags=("A", "B"), next_at=NOW + 1)
    assert catalogue.watch(URL, ("B", "A"), NOW + 1, 1) == (again, False)


def test_the_most_overdue_comes_first(catalogue: Catalogue) -> None:
    for number in (3, 1, 2):
        catalogue.watch(f"https://{number}.example/", (), NOW + number, 3600)
    assert [one.added_at - NOW for one in catalogue.due_sources(NOW + 9, 2)] == [1, 2]


def test_listed_pages_are_of_their_source(catalogue: Catalogue) -> None:
    source, _ = catalogue.watch(URL, (), NOW, 3600)
    other, _ = catalogue.watch(f"{URL}2", (), NOW, 3600)
    pages = [Listed("https://a.example/", "2026"), Listed("https://b.example/", "", 2)]
    catalogue.source_looked(source, pages, NOW)
    urls = [page.url for page in pages]
    assert catalogue.listed_pages(source.id, [*urls, "https://c.example/"]) == dict(
        zip(urls, pages, strict=True)
    )
    assert catalogue.listed_pages(other.id, urls) == {}
    catalogue.source_looked(source, [Listed(urls[1], "2027")], NOW)
    assert catalogue.listed_pages(source.id, urls)[urls[1]] == Listed(urls[1], "2027")


@pytest.mark.parametrize("named", [URL, "1"])
def test_what_is_watched_no_more_is_gone(catalogue: Catalogue, named: str) -> None:
    source, _ = catalogue.watch(URL, (), NOW, 3600)
    assert source.id == 1
    assert catalogue.unwatch(named) == source
    catalogue.source_looked(source, [Listed(URL)], NOW)  # a look that was under way
    assert catalogue.sources() == ()
    with pytest.raises(NotFoundError, match="is not watched"):
        catalogue.unwatch(named)


def test_what_hosts_want_is_kept(catalogue: Catalogue) -> None:
    rules = Robots("https://a.example", NOW, 200, "User-agent: *\nDisallow: /\0x")
    catalogue.keep_robots(rules)
    catalogue.keep_robots(Robots("https://b.example", NOW, None, ""))
    kept = catalogue.robots(["https://a.example", "https://b.example", "https://c.example"], NOW)
    assert kept["https://a.example"].rules.startswith("User-agent: *\nDisallow: /")
    assert kept["https://b.example"].status is None
    assert len(kept) == 2
    assert catalogue.robots(["https://a.example"], NOW + 1) == {}
    catalogue.rest_host("a.example", NOW + 5)
    assert catalogue.resting_hosts(NOW) == {"a.example": NOW + 5}
    assert catalogue.resting_hosts(NOW + 5) == {}
    catalogue.forget_hosts(NOW + 91 * 86_400)
    assert catalogue.robots(["https://a.example"], 0) == {}


def test_episodes_without_a_file_fall_due(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", embed_url="https://www.npr.org/player/embed/1/1"))
    put(catalogue, embed(id="2", audio_url="https://a.example/2.mp3"), data="b")
    file, player = catalogue.missing_files(NOW, 9)
    assert player.url == "https://www.npr.org/player/embed/1/1"
    assert file.url == "https://a.example/2.mp3"
    assert catalogue.missing_files(NOW, 1) == (file,)
    assert catalogue.missing_files(NOW, 9, "npr.org") == (player,)
    assert catalogue.missing_files(NOW, 9, "b.example") == ()
    number = player.episode
    assert catalogue.still_missing([number, 99], NOW) == (number,)
    catalogue.learn((), {number: Attempt(NOW, 1, "is down", NOW + 9)}, NOW)
    assert catalogue.missing_files(NOW, 9) == (file,)
    assert catalogue.still_missing([number], NOW) == ()
    assert catalogue.missing_files(NOW + 9, 9) == (file, player)


def test_links_that_cannot_be_asked_wait(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", embed_url="https://www.npr.org/player/embed/1/1"))
    catalogue.gather_links(NOW)
    (link,) = catalogue.due(NOW, 9, "npr.org")
    catalogue.postpone_links([link.url], NOW + 5)
    assert catalogue.due(NOW, 9) == ()
    assert catalogue.due(NOW + 5, 9) == (link,)
