"""Runs a command so that whatever happens ends in an exit code and at most one line."""

from __future__ import annotations

import os
import sys

import click
from click.exceptions import Exit

from podcat.errors import PodcatError, shown

INTERRUPTED = 130


def run(command: click.Command, arguments: list[str]) -> int:
    """The exit code of a command; nothing is raised."""
    _prepare_streams()
    try:
        code = _invoke(command, arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has read enough: `podcat … | head -1`.
        _close_stdout()
        return 0
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except Exception as error:
        return _explain(error, debug="--debug" in arguments)
    return code


def _invoke(command: click.Command, arguments: list[str]) -> int:
    try:
        with command.make_context("podcat", list(arguments)) as context:
            return command.invoke(context) or 0
    except Exit as leaving:
        return leaving.exit_code


def _explain(error: Exception, debug: bool) -> int:
    if debug and not isinstance(error, click.ClickException):
        import traceback

        traceback.print_exception(error)
        return getattr(error, "exit_code", 2)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return 2
    if isinstance(error, click.UsageError):
        say(f"podcat: {_usage(error)}")
    elif isinstance(error, click.ClickException):
        say(f"podcat: {error.format_message()}")
    elif isinstance(error, PodcatError):
        say(f"podcat: {error}")
        return error.exit_code
    elif isinstance(error, OSError) and error.strerror:
        say(f"podcat: {error.filename or 'output'}: {error.strerror}")
    else:
        what = f"{type(error).__name__}: {error}"
        say(f"podcat: unexpected: {what}; run again with --debug")
    return 2


def _usage(error: click.UsageError) -> str:
    problem = error.format_message().rstrip(".")
    path = error.ctx.command_path if error.ctx else "podcat"
    return f"{problem[:1].lower()}{problem[1:]}; see {path} --help"


def say(line: str) -> None:
    """One line on stderr, with nothing in it that would steer a terminal."""
    plain = " ".join(line.split())
    if not plain.isprintable():
        plain = shown(plain)
    click.echo(plain, err=True)


def _prepare_streams() -> None:
    # Data are UTF-8 in every locale: they are piped into files and programs.
    for stream, errors in ((sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors=errors)


def _close_stdout() -> None:
    # Python would complain once more when it flushes at exit.
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    except (OSError, ValueError):
        pass
