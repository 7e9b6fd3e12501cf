"""`podcat token`"""

from __future__ import annotations

import datetime as dt

import click

from podcat.cli import output
from podcat.cli.console import Console, pass_console, speaking


@click.group(epilog="Example: podcat token new evenings --for Ana")
def token() -> None:
    """Addresses of one's own for private feeds: those that say `private = true`."""


@click.command(epilog="Example: podcat token new evenings --for Ana")
@click.argument("name")
@click.option("--for", "label", default="", help="Whose it is, to know it in the list.")
@pass_console
def new(console: Console, name: str, label: str) -> int:
    """Print a new address of the feed NAME. It cannot be printed again: only its hash is kept."""
    from podcat.catalogue import open_catalogue
    from podcat.cli.feed import LOCAL, channel_of
    from podcat.feed import private_path

    channel = channel_of(name, console.config)
    with open_catalogue(console.config.database) as catalogue:
        secret = catalogue.new_token(channel.name, label)
    click.echo(f"{console.config.base_url or LOCAL}{private_path(channel, secret)}.rss")
    if not channel.private:
        console.note(f"{channel.name} can be read without it; private = true would end that")
    return console.exit_code


@click.command("list", epilog="Example: podcat token list")
@pass_console
def listed(console: Console) -> int:
    """List the tokens: number, feed, whose, made, revoked."""
    from podcat.catalogue import open_catalogue

    with open_catalogue(console.config.database, create=False) as catalogue:
        rows = [
            (str(t.id), t.feed, t.label, _day(t.made_at), _day(t.revoked_at))
            for t in catalogue.tokens()
        ]
    output.print_table(("number", "feed", "for", "made", "revoked"), rows)
    return console.exit_code


@click.command(epilog="Example: podcat token revoke 2")
@click.argument("number", type=click.IntRange(min=1))
@pass_console
def revoke(console: Console, number: int) -> int:
    """Make a token worthless at once; NUMBER is from the list."""
    from podcat.catalogue import open_catalogue

    with open_catalogue(console.config.database, create=False) as catalogue:
        gone = catalogue.revoke_token(number)
    whose = f" for {gone.label}" if gone.label else ""
    console.note(f"{number}: the address of {gone.feed}{whose} is worthless now")
    return console.exit_code


def _day(moment: int | None) -> str:
    return "" if moment is None else dt.datetime.fromtimestamp(moment, dt.UTC).date().isoformat()


for command in (new, listed, revoke):
    token.add_command(speaking(command))
