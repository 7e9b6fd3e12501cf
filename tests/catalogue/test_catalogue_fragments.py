"""What was rendered of an episode is kept until something shown of it changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from catalogue_samples import NOW, PAGE, all_of, embed, only, put

from podcat.catalogue import Catalogue
from podcat.catalogue.paging import Place
from podcat.model import Episode, Fragment, Person, Selection

EDITION = "first"


def keep(catalogue: Catalogue, *episodes: Episode) -> None:
    made = {one.id: Fragment(one.audio_url, f"<item>{one.title}</item>") for one in episodes}
    catalogue.keep_fragments(episodes, made, EDITION)


def kept(catalogue: Catalogue, edition: str = EDITION) -> dict[str, Fragment | None]:
    """Title to fragment."""
    part = catalogue.pieces(Selection(), Place(50), "newest", edition)
    titles = {one.id: one.title or "" for one in all_of(catalogue)}
    return {titles[piece.id]: piece.fragment for piece in part.found}


def fill(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", title="Ice", people=(Person("ana lee", "host"),), tags=("sea",),
                         audio_url="https://e.example/1.mp3"), data="a", url=PAGE)  # fmt: skip
    put(catalogue, embed(id="2", title="Sea"), data="b", url=f"{PAGE}2")
    keep(catalogue, *all_of(catalogue))


def test_fragments_are_kept(catalogue: Catalogue) -> None:
    fill(catalogue)
    revision = catalogue.revision()
    assert kept(catalogue) == {
        "Ice": Fragment("https://e.example/1.mp3", "<item>Ice</item>"),
        "Sea": Fragment(None, "<item>Sea</item>"),
    }
    keep(catalogue, *all_of(catalogue))  # once more does no harm
    assert catalogue.revision() == revision  # nothing that anybody sees has changed
    assert kept(catalogue, "second") == {"Ice": None, "Sea": None}


CHANGES: dict[str, Callable[[Catalogue, int], object]] = {
    "an edit": lambda c, n: c.edit(n, {"description": "New"}),
    "a tag": lambda c, n: c.tag(n, ["New"]),
    "a corrected document": lambda c, _: put(
        c, embed(id="1", title="Ice", audio_url="https://e.example/2.mp3"), data="c", url=PAGE
    ),
    "a better name elsewhere": lambda c, _: put(
        c, embed(id="3", title="New", people=(Person("Ana Lee", "guest"),)), data="d"
    ),
    "a better tag elsewhere": lambda c, _: put(
        c, embed(id="3", title="New", tags=("Sea",)), data="d"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_forgets_the_fragment_and_no_other(catalogue: Catalogue, change: str) -> None:
    fill(catalogue)
    ice = next(one for one in all_of(catalogue) if one.title == "Ice")
    CHANGES[change](catalogue, ice.id)
    assert next(one for one in all_of(catalogue) if one.id == ice.id) != ice
    left = kept(catalogue)
    assert left["Ice"] is None
    assert left["Sea"] is not None


def test_what_changed_while_it_was_rendered_is_not_kept(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1", title="Ice"), data="a", url=PAGE)
    before = only(catalogue)
    catalogue.edit(before.id, {"description": "New"}, before.changed_at)  # in the same second
    keep(catalogue, before)
    assert kept(catalogue) == {"Ice": None}


def test_what_is_joined_to_another_one_is_forgotten(catalogue: Catalogue) -> None:
    file = "https://e.example/1.mp3"
    put(catalogue, embed(id="1", title="Ice"), data="a", url=PAGE)
    put(catalogue, embed("audio-file", title="File", audio_url=file), data="b", url=f"{PAGE}2")
    keep(catalogue, *all_of(catalogue))
    put(catalogue, embed(id="1", title="Ice", audio_url=file), data="c", url=f"{PAGE}3")
    assert kept(catalogue) == {only(catalogue).title: None}


def test_bytes_have_one_date_that_never_goes_back(catalogue: Catalogue) -> None:
    url = "https://e.example/a.rss"
    first = catalogue.modified(url, "aa", NOW)
    assert first > NOW
    assert catalogue.modified(url, "aa", NOW + 50) == first
    second = catalogue.modified(url, "bb", NOW - 50)  # a clock that was put back
    assert second > first
    assert catalogue.modified(url, "aa", NOW) > second
    assert catalogue.modified("https://e.example/b.rss", "aa", NOW) == NOW + 1
