"""`podcat` itself: the options of every command, and the list of commands."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from podcat import __version__
from podcat.cli.console import Console, speaking

COMMANDS = {
    "extract": "print the embeds found in documents",
    "add": "documents into the catalogue",
    "resolve": "find the files of episodes that have a player alone",
    "watch": "look again and again for what is new on pages, feeds, sitemaps",
    "worker": "do what falls due: watched sources, files, links",
    "serve": "show the catalogue in browsers and podcast apps",
    "episodes": "list the catalogue",
    "show": "print all that is known of an episode, and who says so",
    "edit": "correct an episode by hand",
    "tag": "give tags to an episode, or take them away",
    "hide": "take an episode out of all lists, or bring it back",
    "split": "undo a wrong merge",
    "feed": "print one feed",
    "build": "write the whole site as files for any file host",
    "token": "give an address of one's own to a private feed, or take it back",
    "export": "print the whole catalogue as JSON Lines",
    "import": "read an export, a feed or a list of feeds",
    "backup": "copy the catalogue while it is in use",
    "doctor": "look for damage and say what to do",
    "check": "judge the links of documents or of the catalogue",
    "repair": "put working addresses in the place of dead ones",
    "links": "list links that are dead, failing or back again",
    "providers": "list the providers podcat knows",
}
"""Name to what it does; each stands in a module of that name and is imported when asked for."""
_MODULES = {"import": "imports"}  # a word of Python's cannot be a module


class Commands(click.Group):
    """Imports a command when it is called: `--help` and errors come at once."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order in which they are used."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = _MODULES.get(cmd_name, cmd_name)
        found: click.Command = getattr(import_module(f"podcat.cli.{module}"), module)
        return speaking(found)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    epilog="Example: podcat serve seeds/",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--config",
    "config_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Settings; without it, podcat.toml of this folder if there is one.",
)
@click.option("--database", metavar="URL", help="Catalogue, such as sqlite:///podcat.db.")
@click.version_option(__version__, prog_name="podcat", message="%(prog)s %(version)s")
@click.pass_context
def podcat(
    ctx: click.Context,
    *,
    config_file: Path | None,
    database: str | None,
) -> None:
    """A catalogue of the audio that sits in players inside web pages."""
    console = ctx.ensure_object(Console)
    console.config_file, console.database = config_file, database


speaking(podcat)
