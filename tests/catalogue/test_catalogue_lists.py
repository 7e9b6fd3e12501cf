"""Lists, selections, pages and addresses."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from catalogue_samples import NOW, PAGE, all_of, embed, only, put, titles

from podcat import text
from podcat.catalogue import Catalogue, Count, PageEntry, Refused, open_catalogue
from podcat.model import END, Candidate, Cursor, Link, Person, Place, Refusal, Selection

DAY = 86_400


def walk(catalogue: Catalogue, limit: int, **selection: Any) -> list[int]:
    """Ids of all pages of a list, one page after the other."""
    found: list[int] = []
    after: Cursor | None = None
    while True:
        listing = catalogue.episodes(Selection(**selection), after=after, limit=limit)
        assert len(listing.episodes) <= limit
        found += [episode.id for episode in listing.episodes]
        assert len(found) < 1000, "the pages go round in circles"
        if (after := listing.next) is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 24, 25, 26])
def test_pages_lose_and_double_nothing_at_equal_times(catalogue: Catalogue, limit: int) -> None:
    embeds = [embed(id=str(n), title="T", published=f"2020-01-0{n % 3 + 1}") for n in range(25)]
    put(catalogue, *embeds)
    everything = all_of(catalogue)
    assert [(e.sort_at, e.id) for e in everything] == sorted(
        ((e.sort_at, e.id) for e in everything), reverse=True
    )
    assert walk(catalogue, limit) == [e.id for e in everything]
    assert walk(catalogue, limit, q="t") == [e.id for e in everything]


@pytest.mark.parametrize("limit", [1, 3, 24, 25, 26])
def test_pages_backwards_lose_and_double_nothing(catalogue: Catalogue, limit: int) -> None:
    embeds = [embed(id=str(n), title="T", published=f"2020-01-0{n % 3 + 1}") for n in range(25)]
    put(catalogue, *embeds, tags=("all",))
    everything = [e.id for e in all_of(catalogue)]
    for selection in (Selection(), Selection(q="t"), Selection(tags=("all",))):
        found: list[int] = []
        before: Cursor | None = END
        while before is not None:
            listing = catalogue.episodes(selection, before=before, limit=limit)
            assert (listing.next is None) is (before == END)
            found = [episode.id for episode in listing.episodes] + found
            assert len(found) <= 25
            before = listing.previous
        assert found == everything


@pytest.mark.parametrize("limit", [1, 3, 24, 25, 26])
def test_the_oldest_first_is_the_newest_first_turned_round(
    catalogue: Catalogue, limit: int
) -> None:
    embeds = [embed(id=str(n), title="T", published=f"2020-01-0{n % 3 + 1}") for n in range(25)]
    put(catalogue, *embeds, tags=("all",))
    everything = [e.id for e in all_of(catalogue)][::-1]
    for selection in (Selection(), Selection(q="t"), Selection(tags=("all",))):
        ask = partial(catalogue.episodes, selection, limit=limit, order="oldest")
        pages, after = [ask()], None
        while (after := pages[-1].next) is not None:
            pages.append(ask(after=after))
        assert [e.id for page in pages for e in page.episodes] == everything
        back = [ask(before=END)]
        while (before := back[-1].previous) is not None:
            back.append(ask(before=before))
        assert [e.id for page in back[::-1] for e in page.episodes] == everything


def test_page_goes_on_where_it_ended_when_something_newer_came(catalogue: Catalogue) -> None:
    put(catalogue, *[embed(id=str(n), published=f"2020-01-0{n}") for n in range(1, 6)])
    first = catalogue.episodes(limit=2)
    put(catalogue, embed(id="9", published="2021-01-01"))
    second = catalogue.episodes(after=first.next, limit=2)
    assert [e.provider_id for e in first.episodes + second.episodes] == ["5", "4", "3", "2"]


def test_an_empty_catalogue(catalogue: Catalogue) -> None:
    assert (catalogue.episodes().episodes, catalogue.episodes().next) == ((), None)
    assert (catalogue.count(), catalogue.newest_change(), catalogue.revision()) == (0, None, 0)
    assert (catalogue.episode(1), catalogue.page(1), catalogue.page_episodes(1)) == (None, None, ())
    assert (catalogue.origins(1), catalogue.appearances(1), list(catalogue.links())) == ((), (), [])
    assert set(catalogue.statistics().values()) == {0}


def test_numbers_and_texts_out_of_all_bounds_find_nothing(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1"))
    huge = 10**30
    assert catalogue.episode(huge) is None
    assert catalogue.page(-huge) is None
    assert all_of(catalogue, since=huge) == ()
    assert len(all_of(catalogue, since=-huge, until=huge)) == 1
    assert catalogue.episodes(after=Cursor(-huge, -huge)).episodes == ()
    assert all_of(catalogue, tags=("\ud800",)) == ()
    assert len(catalogue.episodes(limit=0).episodes) == 1


def test_selections(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", title="1", programme="Ёлка & Co", published="2020-01-01",
                         people=(Person("Ana Ruiz", "host"), Person("Ana Ruiz", "author")),
                         tags=("Sea Ice", "Arctic")),
        embed("voa", id="2", title="2", published="2020-01-02", tags=("Sea Ice",),
              audio_url="https://c.example/2.mp3", people=(Person("Bo Lind", "guest"),)),
    )  # fmt: skip
    first = 1_577_836_800
    assert titles(catalogue, tags=("sea-ice",)) == ["2", "1"]
    assert titles(catalogue, tags=("sea-ice", "arctic")) == ["1"]
    assert titles(catalogue, people=("ana-ruiz",)) == ["1"]
    assert titles(catalogue, people=("ana-ruiz", "bo-lind")) == []
    assert titles(catalogue, programme=text.slug("елка co")) == ["1"]
    assert titles(catalogue, provider="voa") == ["2"]
    assert titles(catalogue, since=first + 1) == ["2"]
    assert titles(catalogue, since=first) == ["2", "1"]
    assert titles(catalogue, until=first + DAY) == ["1"]
    assert titles(catalogue, playable=True) == ["2"]
    assert titles(catalogue, playable=False) == ["1"]
    assert titles(catalogue, q="1", tags=("sea-ice",), provider="npr") == ["1"]
    assert titles(catalogue, tags=("Sea Ice",)) == []
    assert catalogue.count(Selection(tags=("sea-ice",))) == 2


def test_unicode_slugs(catalogue: Catalogue) -> None:
    name = "Тетяна Ярмощук"
    put(catalogue, embed(id="1", title="a", people=(Person(name, "host"),), tags=("Україна",)))
    (person,), (tag,) = catalogue.people(), catalogue.tags()
    assert (person, tag) == (Count("тетяна-ярмощук", name, 1), Count("украіна", "Україна", 1))
    assert titles(catalogue, people=(person.slug,), tags=(tag.slug,)) == ["a"]
    assert catalogue.name_of("person", person.slug) == name
    assert catalogue.name_of("tag", tag.slug) == "Україна"
    assert catalogue.name_of("tag", "missing") is None


def test_counts_have_most_first(catalogue: Catalogue) -> None:
    put(
        catalogue,
        embed(id="1", programme="Week", tags=("a", "b")),
        embed(id="2", programme="WEEK", tags=("b",)),
        embed(id="3", programme="Week", tags=("???",)),
        embed("voa", id="4", programme="Day"),
    )
    assert catalogue.tags() == (Count("b", "b", 2), Count("a", "a", 1))
    assert catalogue.programmes() == (Count("week", "Week", 3), Count("day", "Day", 1))
    assert catalogue.providers() == (Count("npr", "npr", 3), Count("voa", "voa", 1))
    assert catalogue.name_of("programme", "week") == "Week"


def test_newest_change_of_a_selection(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", tags=("a",)), now=NOW)
    put(catalogue, embed(id="2", tags=("b",)), now=NOW + 5)
    assert catalogue.newest_change(Selection(tags=("a",))) == NOW
    assert catalogue.newest_change() == NOW + 5
    assert catalogue.newest_change(Selection(tags=("c",))) is None


def _noting(method: Any, asked: list[str]) -> Any:
    def noted(self: object, sql: str, /, **values: Any) -> Any:
        asked.append(sql)
        return method(self, sql, **values)

    return noted


def test_number_of_queries_does_not_grow_with_the_page(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_catalogue(url) as catalogue:
        put(catalogue, *[embed(id=str(n), people=(Person(f"P {n}", "host"),), tags=(f"t{n}",))
                         for n in range(60)])  # fmt: skip
        asked: list[str] = []
        db = type(catalogue._db)
        monkeypatch.setattr(db, "all", _noting(db.all, asked))
        catalogue.episodes(limit=2)
        few = len(asked)
        catalogue.episodes(limit=50)
        assert (few, len(asked)) == (3, 6)


def test_pages_and_what_is_on_them(catalogue: Catalogue) -> None:
    embeds = embed(title="No id"), embed(id="2", title="Second"), embed(id="1", title="Third")
    put(catalogue, *embeds, url=PAGE, site="News", title="P", published="2020", byline="B",
        language="en")  # fmt: skip
    put(catalogue, embed(id="1"), url="https://other.example/")
    second, first = catalogue.pages()
    assert first == PageEntry(first.id, PAGE, "News", "P", "2020", "B", "en")
    assert catalogue.page(first.id) == first
    assert [e.title for e in catalogue.page_episodes(first.id)] == ["No id", "Second", "Third"]
    assert [e.title for e in catalogue.page_episodes(second.id)] == ["Third"]
    assert catalogue.pages(limit=1) == (second,)
    assert catalogue.pages(after=second.id) == (first,)


def test_page_of_an_episode_is_the_newest_with_an_address(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1"), url="https://e.example/new", published="2021-05-01")
    put(catalogue, embed(id="1"), url="https://e.example/old", published="2020-05-01")
    put(catalogue, embed(id="1"), published="2022-05-01", title="Saved")
    assert only(catalogue).page_url == "https://e.example/new"


def test_appearances_say_where(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", line=7), url=PAGE, site="News", title="P", name="a.txt")
    (seen,) = catalogue.appearances(only(catalogue).id)
    assert (seen.url, seen.site, seen.title, seen.document) == (PAGE, "News", "P", "a.txt")
    assert seen.place == Place(7)
    assert catalogue.page(seen.page_id) is not None


def test_links_are_all_addresses_with_a_document_and_line(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", line=3, embed_url="https://e.example/p", title="T"), name="a.txt",
        url=PAGE)  # fmt: skip
    put(catalogue, embed(id="1", line=8, embed_url="https://e.example/p",
                         link="https://e.example/l", audio_url="https://e.example/a.mp3",
                         video_url="https://e.example/v.mp4", image_url="https://e.example/i",
                         transcript_url="https://e.example/t", rule="json/x"),
        name="b.html")  # fmt: skip

    def of(path: str, kind: str, document: str, line: int) -> Link:
        return Link(f"https://e.example/{path}", kind, "npr", "1", document, line)

    assert list(catalogue.links()) == [
        of("p", "player", "a.txt", 3),
        of("p", "player", "b.html", 8),
        of("l", "page", "b.html", 8),
        of("a.mp3", "audio", "b.html", 8),
        of("v.mp4", "audio", "b.html", 8),
        of("t", "transcript", "b.html", 8),
        of("i", "image", "b.html", 8),
        Link(PAGE, "page", None, None, "a.txt", None),
    ]


PLAYER = "https://www.npr.org/player/embed/764153179/768167031"
PLAIN = PLAYER.replace("https", "http")
FLASH = "https://www.npr.org/v2/?i=764153179&m=768167031&t=audio"


def played(*given: str, line: int = 1, embed_url: str = PLAYER) -> Any:
    """An embed whose player the document writes in these ways."""
    told = (*(Candidate("player", url, "html/iframe") for url in given),
            Candidate("embed_url", embed_url, "html/iframe"))  # fmt: skip
    return embed(id="764153179/768167031", line=line, embed_url=embed_url, candidates=told,
                 rule="html/iframe")  # fmt: skip


def test_links_are_as_documents_write_them(catalogue: Catalogue) -> None:
    put(catalogue, played(PLAIN, FLASH, line=4), name="a.html", url=PAGE, form="html")
    found = [(link.url, link.document, link.line) for link in catalogue.links() if link.provider]
    assert found == [(PLAYER, "", None), (PLAIN, "a.html", 4), (FLASH, "a.html", 4)]
    put(catalogue, played(PLAYER, line=9), name="b.html")
    found = [(link.url, link.document, link.line) for link in catalogue.links() if link.provider]
    assert found[0] == (PLAYER, "b.html", 9)


def test_an_address_built_by_a_rule_is_in_no_document(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", link=PAGE, provenance={"link": "derived/provider-template"}))
    assert [(link.url, link.document) for link in catalogue.links()] == [(PAGE, "")]


def test_a_page_that_is_links_only_is_a_page(catalogue: Catalogue) -> None:
    space = "https://twitter.com/i/spaces/1vAxRkVzzdAKl"
    put(catalogue, embed("x-spaces", id="1vAxRkVzzdAKl",
                         candidates=(Candidate("player", space, "html/link"),)))  # fmt: skip
    assert [(link.url, link.kind) for link in catalogue.links()] == [(space, "page")]


def test_what_a_corrected_page_no_longer_has_is_not_checked(catalogue: Catalogue) -> None:
    wrong = (Refusal(PLAYER + "/x", "npr", "because", Place(7)),)
    put(catalogue, played(FLASH), name="a.html", url=PAGE, form="html", refused=wrong)
    other = (Refusal(PLAYER + "/y", "npr", "why", Place(2, "/html")),)
    put(catalogue, data="text", name="a.txt", url=PAGE, form="text", refused=other)
    assert list(catalogue.refusals()) == [
        Refused(PLAYER + "/x", "npr", "because", "a.html", 7),
        Refused(PLAYER + "/y", "npr", "why", "a.txt", 2),
    ]
    put(catalogue, played(PLAYER), name="b.html", url=PAGE, form="html")
    assert [refused.document for refused in catalogue.refusals()] == ["a.txt"]
    assert FLASH not in {link.url for link in catalogue.links()}


def test_origins_tell_how_a_player_is_written_only_where_it_differs(catalogue: Catalogue) -> None:
    put(catalogue, played(PLAYER, PLAIN))
    origins = catalogue.origins(only(catalogue).id)
    assert [o.value for o in origins if o.field == "player"] == [PLAIN]


def test_links_of_many_episodes(catalogue: Catalogue) -> None:
    put(catalogue, *[embed(id=str(n), link=f"https://e.example/{n}") for n in range(501)])
    assert len({link.url for link in catalogue.links()}) == 501


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://e.example/a.mp3?x=.ogg", "audio/mpeg"),
        ("https://e.example/a.M4A", "audio/x-m4a"),
        ("https://e.example/a.mp4", "video/mp4"),
        ("https://e.example/a", None),
    ],
)
def test_media_type(catalogue: Catalogue, address: str, expected: str | None) -> None:
    put(catalogue, embed(id="1", video_url=address))
    assert only(catalogue).media_type == expected


def test_feed_guid_is_made_once(url: str) -> None:
    with open_catalogue(url) as catalogue:
        # The example of the podcast namespace.
        made = catalogue.feed_guid("one", "https://podnews.net/rss")
        assert made == "9b024349-ccf0-5f69-a609-6b82873eab3c"
        assert catalogue.feed_guid("two", "https://podnews.net/other") != made
    with open_catalogue(url) as catalogue:
        assert catalogue.feed_guid("one", "https://moved.example/rss") == made


def test_what_has_no_date_of_publication_stands_where_it_was_held(catalogue: Catalogue) -> None:
    put(
        catalogue,
        embed(id="1", title="Published", published="2022-01-19", event_date="2022-01-13"),
        embed(id="2", title="Held", event_date="2019-02-02"),
        embed(id="3", title="Held, no year", event_date="--02-02"),
        published=None,
    )
    assert titles(catalogue) == ["Held, no year", "Published", "Held"]  # the first: seen only now
