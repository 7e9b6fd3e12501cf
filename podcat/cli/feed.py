"""`podcat feed`"""

from __future__ import annotations

import difflib
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from podcat.cli import output, sources, writing
from podcat.cli.console import Console, pass_console, speaking
from podcat.config import Config
from podcat.errors import DatabaseError, NotFoundError, SourceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from podcat.catalogue import Catalogue
    from podcat.cli.linting import Judged
    from podcat.feed import Channel, FeedPage
    from podcat.model import Cursor, Episode

LOCAL = "http://127.0.0.1:8000"
"""Where `podcat serve` is, when no base address is set."""


class _Feed(click.Command):
    """`podcat feed new …` is a command of its own; every other word is a feed's name."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """The context of the one or the other."""
        if args[:1] == ["new"]:
            from podcat.cli.feed_new import new

            return speaking(new).make_context(f"{info_name} new", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command(cls=_Feed, epilog="Example: podcat feed kazakhstan -o feeds/kazakhstan.rss")
@click.argument("name", metavar="NAME|FILE.toml")
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write here, whole or not at all.",
)
@click.option(
    "--lint",
    is_flag=True,
    help="Say what apps and directories would refuse in the feed, or in any other: "
    "a file, - or an address.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([output.TABLE, output.JSONL]),
    help="With --lint: for people, or one JSON object a finding.",
)
@sources.allow_private
@pass_console
def feed(  # noqa: PLR0913  (click gives every option an argument)
    console: Console,
    name: str,
    *,
    target: Path | None,
    lint: bool,
    form: str | None,
    allow_private: bool,
) -> int:
    """Print one declared feed as RSS.

    NAME stands for NAME.toml in the folder of feeds; podcat feed new NAME writes one.
    """
    if lint:
        if target:
            raise UsageError("--output", "goes with printing the feed", "leave it out with --lint")
        return _linted(name, form or output.TABLE, console, allow_private)
    if form:
        raise UsageError("--format", "goes with --lint", "add --lint or leave it out")
    return _printed(name, target, console)


def _printed(name: str, target: Path | None, console: Console) -> int:
    from podcat.catalogue import open_catalogue
    from podcat.feed import rss

    channel = channel_of(name, console.config)
    with open_catalogue(console.config.database) as catalogue:
        page = _page(channel, catalogue, console.config)
    data = _rendered(page, rss.render)
    _say_left_out(page, console)
    if target is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
    else:
        writing.whole(target, data)
        console.note(f"{target}: {len(data)} bytes")
    return console.exit_code


def _linted(name: str, form: str, console: Console, allow_private: bool) -> int:
    from podcat.cli.linting import NO_FEED, Judged

    judged = Judged()
    if _is_elsewhere(name, console.config):
        for item in sources.read([name], console, allow_private=allow_private, follow=False):
            if isinstance(item, SourceError):
                console.problem(item)
            elif not judged.add(item.name, item.data, item.url):
                console.problem(SourceError(item.name, *NO_FEED))
    else:
        _judge_ours(channel_of(name, console.config), judged, console)
    judged.print(form, console)
    return 1 if judged.has_errors else console.exit_code


def _is_elsewhere(name: str, config: Config) -> bool:
    """Whether a feed is not declared here: an address, standard input, a file."""
    if name == "-" or sources.is_address(name):
        return True
    if name.endswith(".toml") or (config.feeds / f"{name}.toml").exists():
        return False
    return Path(name).is_file()


def _judge_ours(channel: Channel, judged: Judged, console: Console) -> None:
    """Both faces of a declared feed, as they would be served."""
    from podcat.catalogue import open_catalogue
    from podcat.feed import jsonfeed, rss

    with open_catalogue(console.config.database) as catalogue:
        page = _page(channel, catalogue, console.config)
    in_json = replace(
        page,
        self_url=f"{page.page_url}.json",
        next_url=page.next_url and page.next_url.replace(".rss?", ".json?"),
        last_url=page.last_url and page.last_url.replace(".rss?", ".json?"),
    )
    judged.add(f"{channel.name}.rss", _rendered(page, rss.render), page.self_url)
    judged.add(f"{channel.name}.json", _rendered(in_json, jsonfeed.render), in_json.self_url)
    _say_left_out(page, console)


def _rendered(page: FeedPage[Episode], render: Callable[[FeedPage[Episode]], bytes]) -> bytes:
    """The bytes, on a page of the size that the web serves."""
    from podcat.feed.page import fitted

    def address(after: Cursor | None, before: Cursor | None) -> str:
        places = (("after", after), ("before", before))
        return page.self_url + "".join(f"?{name}={place}" for name, place in places if place)

    return fitted(page, render, address)


def _say_left_out(page: FeedPage[Episode], console: Console) -> None:
    from podcat.feed import left_out

    for episode, reason in left_out(page.episodes, page.channel, page.dead):
        title = episode.title or f"episode {episode.id}"
        console.note(f"{page.channel.name}: left out “{title}”: {reason}")


def channel_of(name: str, config: Config) -> Channel:
    """The feed of that name, or of a file FILE.toml. Raises NotFoundError, ConfigError."""
    from podcat.feed import load_channel, load_channels

    if name.endswith(".toml"):
        return load_channel(Path(name))
    known = load_channels(config.feeds)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        advice = f"did you mean {near[0]}?" if near else f"declare it in {config.feeds}/{name}.toml"
        raise NotFoundError(name, f"no feed of that name in {config.feeds}", advice)
    return known[name]


def _page(channel: Channel, catalogue: Catalogue, config: Config) -> FeedPage[Episode]:
    """The first page of the feed, as the web serves it."""
    from podcat.feed import FeedPage
    from podcat.model import END

    base = config.base_url or LOCAL
    page_url = f"{base}{channel.path}"
    self_url = f"{page_url}.rss"
    selection = channel.selection
    if channel.items == "playable":
        selection = replace(selection, playable=True)
    listing = catalogue.episodes(selection, limit=channel.limit, order=channel.order)
    return FeedPage(
        channel=channel,
        guid=_guid(channel.name, self_url, catalogue, config),
        self_url=self_url,
        page_url=page_url,
        base_url=base,
        episodes=listing.episodes,
        next_url=f"{self_url}?after={listing.next}" if listing.next else None,
        first_url=self_url if listing.next else None,
        last_url=f"{self_url}?before={END}" if listing.next else None,
        updated=max((episode.changed_at for episode in listing.episodes), default=None),
        hub_url=config.hub if config.base_url else None,
        shows=catalogue.shows([episode.id for episode in listing.episodes]),
        dead={} if channel.dead == "keep" else catalogue.deaths(listing.episodes),
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
