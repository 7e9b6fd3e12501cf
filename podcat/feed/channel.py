"""What a feed is: a selection with a title, a description and the rest of a channel.

Declared in `feeds/NAME.toml`, or made for any selection by `channel_for`.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from podcat import text, urls
from podcat.errors import ConfigError
from podcat.feed import categories, notes
from podcat.model import Selection

ALL: Final = "all"
PLAYABLE: Final = "playable"
KEEP, MARK, LEAVE_OUT = DEAD_WAYS = ("keep", "mark", "leave out")
"""What a feed does with recordings that are known to be dead."""
NEWEST: Final = "newest"
"""Also the feed of everything, which is there without being declared."""
OLDEST: Final = "oldest"
MOST_ITEMS: Final = 1000  # about 1 MB of RSS; some apps refuse more

_FREQUENCIES: Final = ("daily", "weekly", "monthly", "yearly")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of itself. None is "not declared" and is left out of the feed."""

    name: str
    """As in `/feeds/NAME.rss`."""
    title: str
    description: str
    selection: Selection = field(default_factory=Selection)
    items: str = ALL
    """`all`, or `playable`: only what has a file, as podcast directories demand."""
    language: str | None = None
    """BCP 47: `en`, `kk`, `pt-BR`."""
    author: str | None = None
    owner_name: str | None = None
    owner_email: str | None = None
    image: str | None = None
    """Absolute address of a square JPEG or PNG, 1400 to 3000 pixels."""
    category: str | None = None
    """Apple's name, `Category` or `Category > Subcategory`."""
    explicit: bool = False
    copyright: str | None = None
    """Holder and year, without the word or sign."""
    order: str = NEWEST
    """`newest` first or, for what is to be heard from its beginning, `oldest`."""
    frequency: str | None = None
    """How often something new is to be expected: daily, weekly, monthly, yearly."""
    limit: int = 100
    """Most items on one page of the feed."""
    dead: str = KEEP
    """`keep`, `mark` (title and notes say so) or `leave out` what is known to be dead."""
    private: bool = False
    """Whether it is listed nowhere and read only with a token."""

    @property
    def path(self) -> str:
        """Of its page below the address of the catalogue; its bytes are at this and `.rss`."""
        return f"/feeds/{quote(self.name)}"


def private_path(channel: Channel, token: str) -> str:
    """As `Channel.path`, for whoever has this token."""
    return f"/private/{quote(token)}/{quote(channel.name)}"


# ---------------------------------------------------------------- from a file

# Words for the types, for people who do not write Python.
_TYPES: Final[Mapping[type, str]] = {
    str: "text in quotes",
    bool: "true or false",
    int: "a whole number",
    list: "a list of texts",
    dict: "a table",
    dt.date: "a date such as 2022-01-31",
}
_KEYS: Final[Mapping[str, type]] = {
    "title": str, "description": str, "items": str, "language": str, "author": str,
    "owner_name": str, "owner_email": str, "image": str, "category": str, "explicit": bool,
    "copyright": str, "order": str, "frequency": str, "dead": str, "limit": int,
    "private": bool, "selection": dict,
}  # fmt: skip
_SELECTION_KEYS: Final[Mapping[str, type]] = {
    "q": str, "tag": str, "tags": list, "person": str, "people": list, "programme": str,
    "provider": str, "since": dt.date, "until": dt.date, "playable": bool,
}  # fmt: skip


def load_channels(folder: Path) -> dict[str, Channel]:
    """The channels declared in a folder, by name, sorted; none when there is no such folder.

    Raises ConfigError for the first file that is wrong.
    """
    if not folder.is_dir():
        return {}
    return {path.stem: load_channel(path) for path in sorted(folder.glob("*.toml"))}


def declared(folder: Path) -> dict[str, Channel]:
    """The channels by name of all feeds that have one: of everything, and those of a folder.

    What a declaration says wins. Raises ConfigError for the first file that is wrong.
    """
    return {NEWEST: Channel(NEWEST, NEWEST, NEWEST)} | load_channels(folder)


def load_channel(path: Path) -> Channel:
    """The channel that a file declares; its name is the file's.

    Raises ConfigError naming file, key, and the nearest right key.
    """
    name = path.stem
    if text.slug(name) != name:
        advice = f"call it {_named(name)}"
        raise ConfigError(str(path), "its name cannot stand in an address", advice)
    table = _read(path)
    _check_keys(path, "", table, _KEYS)
    for key in ("title", "description"):
        if not text.clean(table.get(key)):
            raise ConfigError(str(path), f"has no {key}", f'add {key} = "…"')
    _check_values(str(path), table)
    chosen = _selection(path, table.pop("selection", {}))
    channel = Channel(name=name, selection=chosen, **table)
    return _only_playable(path, channel) if channel.items == PLAYABLE else channel


def _named(stem: str) -> str:
    return f"{text.slug(stem)}.toml" if text.slug(stem) != "-" else "something like kazakhstan.toml"


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(str(path), error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), "is not UTF-8", "save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(path), f"is not TOML: {error}") from error


def _check_keys(
    path: Path | str, where: str, table: Mapping[str, Any], keys: Mapping[str, type]
) -> None:
    for key, value in table.items():
        if key not in keys:
            raise ConfigError(str(path), f"{where}no key {key!r}", _nearest(key, keys))
        if not _is_a(value, keys[key]):
            raise ConfigError(str(path), f"{where}{key} must be {_TYPES[keys[key]]}")


def _check_values(thing: str, table: Mapping[str, Any]) -> None:
    for key, (is_right, advise) in _CHECKS.items():
        if key in table and not is_right(table[key]):
            raise ConfigError(thing, f"{key} cannot be {table[key]!r}", advise(table[key]))


def _is_a(value: Any, wanted: type) -> bool:
    if wanted is list:
        return isinstance(value, list) and all(isinstance(v, str) for v in value)
    if wanted is int:  # true is an int to Python
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, wanted)


def _nearest(word: str, known: Iterable[str]) -> str:
    names = list(known)
    close = difflib.get_close_matches(word, names, 1, 0.5)
    return f"did you mean {close[0]!r}?" if close else f"known are {', '.join(names)}"


def _category_advice(category: str) -> str:
    known = list(categories.all_names())
    by_end = {name.rpartition(categories.SEPARATOR)[2].casefold(): name for name in known}
    end = categories.path_of(category)[-1].casefold()
    close = difflib.get_close_matches(by_end.get(end, category), known, 1, 0.5)
    return (
        f"did you mean {close[0]!r}?" if close else "take one of Apple's, such as News > Politics"
    )


_Check = tuple[Callable[[Any], bool], Callable[[Any], str]]
_CHECKS: Final[Mapping[str, _Check]] = {
    "items": (lambda v: v in (ALL, PLAYABLE), lambda v: _nearest(v, (ALL, PLAYABLE))),
    "order": (lambda v: v in (NEWEST, OLDEST), lambda v: _nearest(v, (NEWEST, OLDEST))),
    "frequency": (lambda v: v in _FREQUENCIES, lambda v: _nearest(v, _FREQUENCIES)),
    "dead": (lambda v: v in DEAD_WAYS, lambda v: _nearest(v, DEAD_WAYS)),
    "language": (
        lambda v: _LANGUAGE.fullmatch(v) is not None,
        lambda _: "write a code such as en or pt-BR",
    ),
    "category": (categories.is_known, _category_advice),
    "image": (
        lambda v: urls.absolute(v) is not None and "://" in v,
        lambda _: "write an address that begins with https://",
    ),
    "owner_email": (
        lambda v: _EMAIL.fullmatch(v) is not None,
        lambda _: "write one address, without a name",
    ),
    "limit": (
        lambda v: 1 <= v <= MOST_ITEMS,
        lambda _: f"write a number from 1 to {MOST_ITEMS}",
    ),
}


# ---------------------------------------------------------------- its selection


def _selection(path: Path, table: Mapping[str, Any]) -> Selection:
    where = "[selection] "
    _check_keys(path, where, table, _SELECTION_KEYS)

    def slugs(one: str, many: str) -> tuple[str, ...]:
        names = [*([table[one]] if one in table else []), *table.get(many, [])]
        if "-" in (found := [text.slug(n) for n in names]):
            raise ConfigError(str(path), f"{where}{one} has no letter or digit in it")
        return tuple(dict.fromkeys(found))

    if "q" in table and not text.words(table["q"]):
        raise ConfigError(str(path), f"{where}q has no letter or digit in it")
    since, until = _first_second(table.get("since")), _end(table.get("until"))
    if since is not None and until is not None and since >= until:
        raise ConfigError(str(path), f"{where}until lies before since")
    return Selection(
        q=text.clean(table.get("q")),
        tags=slugs("tag", "tags"),
        people=slugs("person", "people"),
        programme=next(iter(slugs("programme", "")), None),
        provider=table.get("provider"),
        since=since,
        until=until,
        playable=table.get("playable"),
    )


def _first_second(day: dt.date | None) -> int | None:
    return None if day is None else text.timestamp(day.isoformat())


def _end(day: dt.date | None) -> int | None:
    # A day belongs to the selection up to its last second; a time with a clock is exact.
    if day is None or isinstance(day, dt.datetime):
        return _first_second(day)
    return int(_first_second(day) or 0) + 86400


def _only_playable(path: Path, channel: Channel) -> Channel:
    if channel.selection.playable is False:
        raise ConfigError(str(path), 'items = "playable" and [selection] playable = false exclude '
                          "each other", "drop one of them")  # fmt: skip
    return replace(channel, selection=replace(channel.selection, playable=True))


# ---------------------------------------------------------------- for any selection


_LENT: Final = (
    "author", "category", "explicit", "image", "language", "owner_email", "owner_name",
)  # fmt: skip


def lender(table: Mapping[str, Any]) -> Channel:
    """What the feeds of a catalogue have in common, as `[feed]` of the settings says it.

    Raises ConfigError naming the key that is wrong.
    """
    _check_keys("[feed]", "", table, {key: _KEYS[key] for key in _LENT})
    _check_values("[feed]", table)
    return Channel(name="", title="", description="", **table)


def channel_for(selection: Selection, title: str, base: Channel | None = None) -> Channel:
    """A channel for a selection that nobody declared.

    `base` lends what is the same for all feeds of a catalogue: language, author, image, …
    """
    title = notes.shorten(text.clean(title) or "podcat")
    return replace(
        base or Channel("", title, title),
        name=name_of(selection),
        title=title,
        description=f"{title}. Recordings found in players on web pages, newest first.",
        selection=selection,
        items=PLAYABLE if selection.playable else ALL,
    )


def name_of(selection: Selection) -> str:
    """A name for a selection, the same for equal ones: `tag-kazakhstan-playable`, `all`."""
    parts = [
        *(f"tag-{tag}" for tag in selection.tags),
        *(f"person-{person}" for person in selection.people),
        *_named_parts(selection),
    ]
    return "-".join(parts) or "all"


def _named_parts(selection: Selection) -> Iterable[str]:
    if selection.programme:
        yield f"programme-{selection.programme}"
    if selection.provider:
        yield f"provider-{selection.provider}"
    if selection.q:
        yield f"search-{text.slug(selection.q)}"
    for word, moment in (("since", selection.since), ("until", selection.until)):
        if moment is not None:
            yield f"{word}-{moment}"
    if selection.playable is not None:
        yield "playable" if selection.playable else "players"
