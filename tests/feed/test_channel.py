from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from podcat.errors import ConfigError
from podcat.feed import Channel, channel_for, load_channel, load_channels
from podcat.feed.categories import all_names, is_known
from podcat.model import Selection

FEEDS = Path(__file__).parents[2] / "feeds"
Declare = Callable[..., Path]
LEAST = 'title = "T"\ndescription = "D"\n'


@pytest.fixture
def declare(tmp_path: Path) -> Declare:
    def write(body: str, name: str = "some.toml") -> Path:
        path = tmp_path / name
        path.write_text(body, encoding="utf-8")
        return path

    return write


def test_the_least_a_file_must_say(declare: Declare) -> None:
    assert load_channel(declare(LEAST)) == Channel("some", "T", "D")


def test_everything_a_file_can_say(declare: Declare) -> None:
    path = declare(
        LEAST
        + """
items = "playable"
language = "pt-BR"
author = "A"
owner_name = "O"
owner_email = "o@example.org"
image = "https://e.example/a.png"
category = "Society & Culture > Places & Travel"
explicit = true
copyright = "2022 A"
limit = 20
[selection]
q = "two  words"
tag = "Central Asia"
tags = ["Kazakhstan", "central asia"]
person = "Reid Standish"
programme = "Morning Edition"
provider = "npr"
since = 2022-01-01
until = 2022-01-12
"""
    )
    assert load_channel(path) == Channel(
        name="some", title="T", description="D", items="playable", language="pt-BR", author="A",
        owner_name="O", owner_email="o@example.org", image="https://e.example/a.png",
        category="Society & Culture > Places & Travel", explicit=True, copyright="2022 A",
        limit=20,
        selection=Selection(
            q="two words", tags=("central-asia", "kazakhstan"), people=("reid-standish",),
            programme="morning-edition", provider="npr", since=1640995200, until=1642032000,
            playable=True,
        ),
    )  # fmt: skip


def test_a_time_with_a_clock_is_exact(declare: Declare) -> None:
    path = declare(LEAST + "[selection]\nuntil = 2022-01-12T00:00:00Z\n")
    assert load_channel(path).selection.until == 1641945600


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (LEAST + "titel = 'x'", "no key 'titel'; did you mean 'title'?"),
        (LEAST + "zzz = 1", "no key 'zzz'; known are title, description"),
        (LEAST + "[selection]\ntagg = 'x'", "[selection] no key 'tagg'; did you mean 'tag'?"),
        (LEAST + "dead = 'leave-out'", "dead cannot be 'leave-out'; did you mean 'leave out'?"),
        (LEAST + "dead = true", "dead must be text in quotes"),
        (LEAST + "explicit = 'no'", "explicit must be true or false"),
        (LEAST + "limit = true", "limit must be a whole number"),
        (LEAST + "limit = 0", "limit cannot be 0; write a number from 1 to 1000"),
        (LEAST + "selection = 'x'", "selection must be a table"),
        (LEAST + "[selection]\ntags = 'x'", "[selection] tags must be a list of texts"),
        (LEAST + "[selection]\ntags = [1]", "[selection] tags must be a list of texts"),
        (LEAST + "[selection]\nsince = '2022'", "since must be a date such as 2022-01-31"),
        (LEAST + "[selection]\nq = '…'", "[selection] q has no letter or digit"),
        (LEAST + "[selection]\ntag = '…'", "[selection] tag has no letter or digit"),
        (LEAST + "[selection]\nsince = 2022-01-02\nuntil = 2022-01-01", "until lies before since"),
        (LEAST + "items = 'playble'", "items cannot be 'playble'; did you mean 'playable'?"),
        (LEAST + "items = 'playable'\n[selection]\nplayable = false", "exclude each other"),
        (LEAST + "frequency = 'weakly'", "frequency cannot be 'weakly'; did you mean 'weekly'?"),
        (LEAST + "order = 'oldst'", "order cannot be 'oldst'; did you mean 'oldest'?"),
        (LEAST + "language = 'English!'", "language cannot be 'English!'"),
        (LEAST + "image = 'art.png'", "image cannot be 'art.png'"),
        (LEAST + "owner_email = 'Ann <a@b.cd>'", "owner_email cannot be"),
        (LEAST + "category = 'Politics'", "did you mean 'News > Politics'?"),
        (LEAST + "category = 'news > politics'", "did you mean 'News > Politics'?"),
        (LEAST + "category = 'Technology > Podcasting'", "category cannot be"),
        (LEAST + "category = 'ZZZZZZZ'", "take one of Apple's"),
        ("title = 'T'", "has no description"),
        ("title = ' '\ndescription = 'D'", "has no title"),
        ("title = ", "is not TOML"),
    ],
)
def test_what_is_wrong_is_named(declare: Declare, body: str, said: str) -> None:
    path = declare(body)
    with pytest.raises(ConfigError) as caught:
        load_channel(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        load_channel(tmp_path / "none.toml")


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b'title = "\xe9"')
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_channel(tmp_path / "a.toml")


@pytest.mark.parametrize("name", ["My Feed.toml", "a.b.toml", "….toml"])
def test_the_name_must_be_fit_for_an_address(declare: Declare, name: str) -> None:
    with pytest.raises(ConfigError, match="call it"):
        load_channel(declare(LEAST, name))


def test_a_folder_is_read_in_order_of_names(declare: Declare, tmp_path: Path) -> None:
    declare(LEAST, "b.toml")
    declare(LEAST, "a.toml")
    declare("not a feed", "notes.txt")
    assert list(load_channels(tmp_path)) == ["a", "b"]


def test_no_folder_no_feeds(tmp_path: Path) -> None:
    assert load_channels(tmp_path / "none") == {}


def test_our_own_feeds_are_right() -> None:
    channel = load_channels(FEEDS)["kazakhstan"]
    assert channel.title == "Stories about Kazakhstan"
    assert channel.selection == Selection(q="Kazakhstan")
    assert channel.items == "all"


@pytest.mark.parametrize("name", ["News", "News > Politics", "TV & Film > TV Reviews"])
def test_known_categories(name: str) -> None:
    assert is_known(name)
    assert name in set(all_names())


@pytest.mark.parametrize("name", ["news", "News > Golf", "News > Politics > X", "", "News >"])
def test_unknown_categories(name: str) -> None:
    assert not is_known(name)


@pytest.mark.parametrize(
    ("selection", "name"),
    [
        (Selection(), "all"),
        (Selection(tags=("a", "b"), playable=True), "tag-a-tag-b-playable"),
        (Selection(people=("reid-standish",)), "person-reid-standish"),
        (Selection(q="It's!", provider="npr"), "provider-npr-search-it-s"),
        (Selection(programme="m", since=0, until=5), "programme-m-since-0-until-5"),
        (Selection(playable=False), "players"),
    ],
)
def test_any_selection_has_a_channel(selection: Selection, name: str) -> None:
    channel = channel_for(selection, "T")
    assert (channel.name, channel.title, channel.selection) == (name, "T", selection)
    assert channel.items == ("playable" if selection.playable else "all")


def test_a_channel_made_for_a_selection_borrows_the_rest() -> None:
    base = Channel("base", "B", "D", language="en", author="A", items="playable")
    channel = channel_for(Selection(), " ", base)
    assert (channel.title, channel.language, channel.author) == ("podcat", "en", "A")
    assert channel.items == "all"
