"""`podcat feed`"""

from __future__ import annotations

import difflib
import os
import sys
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from podcat.cli.console import Console, pass_console
from podcat.config import Config
from podcat.errors import DatabaseError, NotFoundError, UsageError

if TYPE_CHECKING:
    from podcat.catalogue import Catalogue
    from podcat.feed import Channel, FeedPage

LOCAL = "http://127.0.0.1:8000"
"""Where `podcat serve` is, when no base address is set."""


@click.command(epilog="Example: podcat feed kazakhstan -o feeds/kazakhstan.rss")
@click.argument("name", metavar="NAME|FILE.toml")
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write here, whole or not at all.",
)
@pass_console
def feed(console: Console, name: str, target: Path | None) -> int:
    """Print one declared feed as RSS.

    NAME stands for NAME.toml in the folder of feeds.
    """
    from podcat.catalogue import open_catalogue
    from podcat.feed import rss

    channel = _channel(name, console.config)
    with open_catalogue(console.config.database) as catalogue:
        data = rss.render(_page(channel, catalogue, console.config))
    if target is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
    else:
        _write(target, data)
        console.note(f"{target}: {len(data)} bytes")
    return console.exit_code


def _channel(name: str, config: Config) -> Channel:
    from podcat.feed import load_channel, load_channels

    if name.endswith(".toml"):
        return load_channel(Path(name))
    declared = load_channels(config.feeds)
    if name not in declared:
        near = difflib.get_close_matches(name, declared, n=1)
        advice = f"did you mean {near[0]}?" if near else f"declare it in {config.feeds}/{name}.toml"
        raise NotFoundError(name, f"no feed of that name in {config.feeds}", advice)
    return declared[name]


def _page(channel: Channel, catalogue: Catalogue, config: Config) -> FeedPage:
    """The first page of the feed, as the web serves it."""
    from podcat.feed import FeedPage

    base = config.base_url or LOCAL
    page_url = f"{base}{channel.path}"
    self_url = f"{page_url}.rss"
    selection = channel.selection
    if channel.items == "playable":
        selection = replace(selection, playable=True)
    listing = catalogue.episodes(selection, limit=channel.limit)
    return FeedPage(
        channel=channel,
        guid=_guid(channel.name, self_url, catalogue, config),
        self_url=self_url,
        page_url=page_url,
        base_url=base,
        episodes=listing.episodes,
        next_url=f"{self_url}?after={listing.next}" if listing.next else None,
        first_url=self_url if listing.next else None,
        updated=max((episode.changed_at for episode in listing.episodes), default=None),
    )


def _guid(name: str, url: str, catalogue: Catalogue, config: Config) -> str:
    """The podcast:guid. Only an address that is meant to last makes one to keep.

    Nobody waits for that: while another program writes, the same guid is given and not kept.
    """
    from podcat.catalogue import open_catalogue

    if config.base_url:
        with (
            suppress(DatabaseError),
            open_catalogue(config.database, create=False, wait=0) as keeper,
        ):
            return keeper.feed_guid(name, url)
    return catalogue.feed_guid(name, url, keep=False)


def _write(target: Path, data: bytes) -> None:
    """All of it or nothing: whoever serves the file never sees half a feed."""
    try:
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(draft).chmod(0o644)
            Path(draft).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(draft).unlink()
            raise
    except OSError as error:
        raise UsageError(str(target), f"cannot be written: {error.strerror}") from None
