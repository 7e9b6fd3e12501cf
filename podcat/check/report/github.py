"""Annotations on GitHub: workflow commands, which the runner takes out of the output.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from podcat import text
from podcat.check.report.items import ERROR, NOTE, WARNING, Item, relative

_COMMANDS: Final = {ERROR: "error", WARNING: "warning", NOTE: "notice"}


def lines(items: Iterable[Item]) -> Iterator[str]:
    """One command a place where something is wrong."""
    for item in items:
        if command := _COMMANDS.get(item.level):
            yield f"::{command} {_properties(item)}::{_data(_message(item))}"


def _properties(item: Item) -> str:
    path = relative(item.document) if item.document else None
    values = {"file": path, "line": item.line if path else None, "title": f"podcat: {item.rule}"}
    return ",".join(f"{name}={_property(str(value))}" for name, value in values.items() if value)


def _message(item: Item) -> str:
    """Where the place cannot be a file of the repository, it is said in words."""
    if item.document and relative(item.document) is None:
        where = item.document if item.line is None else f"{item.document}:{item.line}"
        return f"{where}: {item.message}"
    return item.message


def _data(value: str) -> str:
    return text.scrub(value).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
