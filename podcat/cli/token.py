"""`podcat token`"""

from __future__ import annotations

import datetime as dt

import click

from podcat.cli import output
from podcat.cli.console import Console, pass_console, speaking
from podcat.errors import UsageError


@click.group(epilog="Example: podcat token new evenings --for Ana")
def token() -> None:
    """Tokens for private feeds (`private = true`), and for adding from the browser."""


@click.command(epilog="Example: podcat token new Ana --add")
@click.argument("name", required=False)
@click.option("--for", "label", default="", help="Whose it is, to know it in the list.")
@click.option(
    "--add", "adding", is_flag=True, help="For adding from the browser; NAME says whose it is."
)
@pass_console
def new(console: Console, name: str | None, label: str, *, adding: bool) -> int:
    """Print a new address of the feed NAME, or with --add a token that lets somebody add.

    It cannot be printed again: only its hash is kept.
    """
    if adding:
        return _new_adder(console, " ".join(filter(None, (name, label))))
    if name is None:
        raise UsageError("token new", "needs the name of a feed", "or --add, for adding")
    return _new_address(console, name, label)


def _new_address(console: Console, name: str, label: str) -> int:
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


def _new_adder(console: Console, label: str) -> int:
    from podcat.catalogue import open_catalogue
    from podcat.cli.feed import LOCAL

    with open_catalogue(console.config.database) as catalogue:
        secret = catalogue.new_add_token(label)
    click.echo(secret)
    console.note(f"sign in with it at {console.config.base_url or LOCAL}/add")
    return console.exit_code


@click.command("list", epilog="Example: podcat token list")
@pass_console
def listed(console: Console) -> int:
    """List the tokens: number, what for (feed or add), which feed, whose, made, revoked."""
    from podcat.catalogue import open_catalogue

    with open_catalogue(console.config.database, create=False) as catalogue:
        rows = [
            (str(t.id), t.scope, t.feed or "-", t.label or "-", _day(t.made_at), _day(t.revoked_at))
            for t in catalogue.tokens()
        ]
    output.print_table(("number", "scope", "feed", "for", "made", "revoked"), rows)
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
    what = f"the address of {gone.feed}" if gone.feed else "the token for adding"
    console.note(f"{number}: {what}{whose} is worthless now")
    return console.exit_code


def _day(moment: int | None) -> str:
    return "" if moment is None else dt.datetime.fromtimestamp(moment, dt.UTC).date().isoformat()


for command in (new, listed, revoke):
    token.add_command(speaking(command))
