"""`podcat feed new`"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from podcat.cli import selecting
from podcat.cli.console import Console, pass_console
from podcat.errors import UsageError
from podcat.text import clean, slug, span

_HEAD = """\
# A declared feed: served as /feeds/{name}.rss and .json; the page to subscribe is /feeds/{name}.
# The file's name is the feed's name in its address: keep it, and subscribers keep the feed.

title = {title}
description = {description}

# "all": every recording, also those that play only on the publisher's page.
# "playable": only those with a direct audio file. Apple Podcasts accepts nothing else.
items = "{items}"

# What podcast directories ask for; `podcat feed --lint {name}` says what is still missing:
#   language = "en"
#   category = "News > Politics"    # a name of Apple's, "Category" or "Category > Subcategory"
#   explicit = false
#   image = "https://…/cover.png"    # a square JPEG or PNG of 1400 to 3000 pixels
#   author = "…"
#   owner_name = "…"
#   owner_email = "…"    # Spotify and others send a code there when the feed is claimed
#   frequency = "weekly"    # or daily, monthly, yearly
#   copyright = "…"    # the holder, without the word "copyright" or the sign

# Most items on one page of the feed; older ones are on the pages after it.
limit = 100

# The oldest first, for what is to be heard from its beginning:
#   order = "oldest"

# Read only by those who have an address of their own: `podcat token new {name}`.
#   private = true

# What belongs to the feed. All of these narrow it:
#   q = "words that must all occur"
#   tags = ["…", "…"], people = ["…"], programme = "…", provider = "npr"
#   since = 2022-01-01, until = 2022-12-31 (both days belong to it)
#   playable = true
[selection]
"""


@click.command(epilog="Example: podcat feed new xinjiang --q Xinjiang --since 2018")
@click.argument("name")
@click.option("--title", metavar="TEXT", help="What apps show; NAME where nothing is said.")
@selecting.options
@pass_console
def new(console: Console, /, name: str, title: str | None, **narrowing: Any) -> int:
    """Declare a feed: write NAME.toml, with a comment for all that can be said in it.

    The options say what belongs to the feed, as those of podcat episodes do.
    """
    folder = console.config.feeds
    if slug(name) != name:
        raise UsageError(name, "cannot stand in an address", f"call it {slug(name)}")
    selecting.selection(**narrowing)  # what is no date or provider is said now
    target = folder / f"{name}.toml"
    _write(target, _declaration(name, title, narrowing))
    console.note(f"{target}: podcat feed {name} prints it, podcat feed --lint {name} judges it")
    return console.exit_code


def _declaration(name: str, title: str | None, narrowing: dict[str, Any]) -> str:
    called = clean(title) or name.replace("-", " ").capitalize()
    head = _HEAD.format(
        name=name,
        title=_text(called),
        description=_text(f"{called}: recordings found in players on web pages."),
        items="playable" if narrowing["playable"] else "all",
    )
    return head + "".join(f"{key} = {value}\n" for key, value in _selected(narrowing))


def _selected(narrowing: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The keys of [selection], each with its value as TOML has it."""
    for key in ("q", "programme", "provider"):
        if narrowing[key]:
            yield key, _text(narrowing[key])
    for key in ("tags", "people"):
        if narrowing[key]:
            yield key, "[" + ", ".join(map(_text, narrowing[key])) + "]"
    for key in ("since", "until"):
        if narrowing[key]:
            yield key, _day(key, narrowing[key])
    if narrowing["playable"] is not None:
        yield "playable", "true" if narrowing["playable"] else "false"


def _text(value: str) -> str:
    return json.dumps(clean(value) or "", ensure_ascii=False)


def _day(key: str, given: str) -> str:
    """The first day of what `since` says, the last one of what `until` says."""
    bounds = span(given)
    assert bounds is not None
    moment = bounds[0] if key == "since" else bounds[1] - 1
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


def _write(target: Path, text: str) -> None:
    """Raises UsageError, and never writes over a feed that is there."""
    try:
        target.parent.mkdir(exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(str(target), "is there already", "edit it, or take another name") from None
    except OSError as error:
        raise UsageError(str(target), f"cannot be written: {error.strerror}") from None
