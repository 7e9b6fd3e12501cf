"""Telling a WebSub hub of the declared feeds that a change gave something new.

WebSub leaves to hub and publisher how that is done; all public hubs take what PubSubHubbub 0.3
(section 7.1) says: a form with `hub.mode=publish` and a `hub.url` for each feed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from podcat import net
from podcat.catalogue import open_catalogue
from podcat.errors import ConfigError, DatabaseError, SourceError

if TYPE_CHECKING:
    from podcat.config import Config
    from podcat.feed import Channel
    from podcat.model import Episode

_FACES: Final = ("rss", "json")
_AT_ONCE: Final = 50  # feeds in one form

Note = Callable[[str], None]
_Contents = Mapping[str, tuple["Episode", ...]]


@contextmanager
def told(config: Config, note: Note) -> Iterator[None]:
    """At the end of the block the hub of the settings is told what the block changed.

    What was kept from the browser since the last time is told as well: of all feeds, since it is
    not known which of them it changed. Without a hub nothing is done. A hub that cannot be told is
    a note and no failure: readers ask by themselves, only later.
    """
    if config.hub is None:
        yield
        return
    channels = _channels(config, note)
    before = {} if _settled(config, channels) else _contents(config, channels)
    try:
        yield
    finally:
        after = _contents(config, channels)
        changed = [name for name in channels if before.get(name, ()) != after.get(name, ())]
        _publish(config, [channels[name] for name in changed], note)


def _channels(config: Config, note: Note) -> Mapping[str, Channel]:
    from podcat.feed.channel import declared

    if config.base_url is None:
        note(f"{config.hub}: is not told of changes while there is no base_url")
        return {}
    try:
        channels = declared(config.feeds)
    except ConfigError as error:
        note(f"{error}; the hub is not told of changes")
        return {}
    return {name: channel for name, channel in channels.items() if not channel.private}


def _settled(config: Config, channels: Mapping[str, Channel]) -> bool:
    """Whether something was owed to the hub, which it is no more: this command will tell it."""
    if not channels:
        return False
    try:
        with open_catalogue(config.database, create=False) as catalogue:
            owed = catalogue.hub_owed()
            if owed:
                catalogue.owe_hub(0)
            return owed
    except DatabaseError:  # as below
        return False


def _contents(config: Config, channels: Mapping[str, Channel]) -> _Contents:
    """What is on the first page of each feed: what those are sent who count on the hub."""
    if not channels:
        return {}
    try:
        with open_catalogue(config.database, create=False) as catalogue:
            return {
                name: catalogue.episodes(channel.selection, limit=channel.limit).episodes
                for name, channel in channels.items()
            }
    except DatabaseError:  # there is none yet, or it is out of reach: the command says so
        return {}


def _publish(config: Config, channels: list[Channel], note: Note) -> None:
    urls = [f"{config.base_url}{each.path}.{face}" for each in channels for face in _FACES]
    try:
        for start in range(0, len(urls), _AT_ONCE):
            form = [("hub.url", url) for url in urls[start : start + _AT_ONCE]]
            net.post(config.hub or "", [("hub.mode", "publish"), *form], contact=config.contact)
    except SourceError as error:
        note(f"hub {error.thing}: {error.problem}; feeds are read all the same, only later")
