"""The options that narrow a list of episodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from podcat.errors import UsageError
from podcat.model import Selection
from podcat.text import clean, slug, span, words

Command = TypeVar("Command", bound=Callable[..., Any])


def tag_option(about: str) -> Callable[[Command], Command]:
    """`--tag TAG`, repeatable; a tag without any word is a usage error."""
    return click.option(
        "--tag", "tags", metavar="TAG", multiple=True, callback=_with_words, help=about
    )


def _with_words(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not words(value):
            raise click.BadParameter(f"{value!r} has no word in it")
    return values


_OPTIONS = (
    click.option(
        "--q",
        metavar="WORDS",
        help='All of these words; also "a phrase", -word, tag:NAME, person:NAME, since:DATE.',
    ),
    tag_option("About this; repeatable."),
    click.option("--person", "people", metavar="NAME", multiple=True, help="With this person."),
    click.option("--programme", metavar="NAME", help="Ran in this programme."),
    click.option("--provider", metavar="KEY", help="Whose player it is; see podcat providers."),
    click.option("--since", metavar="DATE", help="From 2022, 2022-01 or 2022-01-13 on."),
    click.option("--until", metavar="DATE", help="To this date, and all of it."),
    click.option("--playable/--player-only", default=None, help="With, or without, a direct file."),
)


# Not of a declared feed: what is dead today need not be so tomorrow.
health_option = click.option(
    "--health",
    type=click.Choice(["alive", "failing", "dead", "unknown"]),
    help="As podcat check found them.",
)


def options(command: Command) -> Command:
    """Adds the options; the command gets them by the names that `selection` takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def selection(  # noqa: PLR0913  (one argument an option)
    *,
    q: str | None,
    tags: tuple[str, ...],
    people: tuple[str, ...],
    programme: str | None,
    provider: str | None,
    since: str | None,
    until: str | None,
    playable: bool | None,
    health: str | None = None,
) -> Selection:
    """What the options select. Raises UsageError for a date or a provider that is none."""
    return Selection(
        q=clean(q),
        tags=tuple(map(slug, tags)),
        people=tuple(map(slug, people)),
        programme=slug(programme) if programme else None,
        provider=_provider(provider),
        since=_span("--since", since)[0] if since else None,
        until=_span("--until", until)[1] if until else None,
        playable=playable,
        health=health,
    )


def _provider(key: str | None) -> str | None:
    from podcat.providers import registry

    if key and key not in registry().providers:
        raise UsageError("--provider", f"nobody is called {key}", "see podcat providers")
    return key


def _span(option: str, plain: str) -> tuple[int, int]:
    seconds = span(plain)
    if seconds is None:
        advice = "write 2022, 2022-01 or 2022-01-13"
        raise UsageError(option, f"{plain} is not a date", advice)
    return seconds
