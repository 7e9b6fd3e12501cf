"""Reads a provider from its TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from podcat.errors import ConfigError
from podcat.providers import templates
from podcat.providers.engine import Provider, Route

ROUTE_KEYS = {
    "host", "hosts", "path", "query", "fragment", "id", "kind", "retired", "embed", "link",
    "announced", "audio", "feed",
}  # fmt: skip
PROVIDER_KEYS = {
    "name", "home", "hosts", "kind", "id", "parts", "default", "embed", "link", "audio",
    "transcript", "quirk", "oembed", "closed", "frame", "height", "labels", "player", "page",
    "file", "example", "refused", "media", "other",
}  # fmt: skip


def _known(table: Mapping[str, Any], known: set[str], where: str) -> None:
    for name in table:
        if name not in known:
            raise ConfigError(
                where, f"unknown key {name!r}", f"known are {', '.join(sorted(known))}"
            )


def _hosts(table: Mapping[str, Any], top: Mapping[str, Any]) -> tuple[str, ...]:
    """The hosts of a route; `host = "{show}.example.com"` stands for the subdomains of one."""
    if host := table.get("host"):
        return ("*." + str(host).rpartition("}.")[2],)
    return tuple(table.get("hosts", top.get("hosts", ())))


def _route(form: str, table: Mapping[str, Any], top: Mapping[str, Any], where: str) -> Route:
    _known(table, ROUTE_KEYS, f"{where} [[{form}]]")
    grammar: Mapping[str, str] = top.get("parts", {})
    query = {
        name.rstrip("?"): (templates.pattern(text, grammar), not name.endswith("?"))
        for name, text in table.get("query", {}).items()
    }
    fragment = table.get("fragment")
    path = table["path"].rstrip("/") or "/"
    return Route(
        form=form,
        hosts=_hosts(table, top),
        host_pattern=templates.pattern(table["host"], grammar) if "host" in table else None,
        path=path,
        path_pattern=templates.pattern(path, grammar),
        query=query,
        fragment=templates.pattern(fragment, grammar) if fragment else None,
        id=table.get("id", top.get("id", "{id}")),
        kind=table.get("kind", top.get("kind")),
        embed=table.get("embed", top.get("embed")),
        link=table.get("link", top.get("link")),
        audio=table.get("audio"),
        feed=table.get("feed"),
        retired=table.get("retired"),
        announced=table.get("announced", False),
    )


def _routes(top: Mapping[str, Any], where: str) -> tuple[Route, ...]:
    return tuple(
        _route(form, table, top, where)
        for form in ("player", "page", "file")
        for table in top.get(form, ())
    )


def _provider(key: str, top: Mapping[str, Any], where: str) -> Provider:
    _known(top, PROVIDER_KEYS, where)
    return Provider(
        key=key,
        name=top["name"],
        home=top.get("home"),
        hosts=tuple(top.get("hosts", ())),
        routes=_routes(top, where),
        default=top.get("default", {}),
        audio=top.get("audio"),
        transcript=top.get("transcript"),
        quirk=top.get("quirk"),
        oembed=top.get("oembed"),
        closed=top.get("closed"),
        frame=top.get("frame", True),
        height=top.get("height", 180),
        labels=frozenset(label.casefold() for label in top.get("labels", ())),
        media=top.get("media", {}),
        other=tuple(top.get("other", ())),
        examples=tuple(top.get("example", ())),
        refused=tuple(top.get("refused", ())),
    )


def load(path: Path) -> Provider:
    """One provider from its TOML file; its key is the file's name.

    Raises ConfigError that names the file and the key that is wrong.
    """
    try:
        top = tomllib.loads(path.read_text(encoding="utf-8"))
        return _provider(path.stem, top, path.name)
    except (tomllib.TOMLDecodeError, OSError) as error:
        raise ConfigError(path.name, f"cannot be read: {error}") from None
    except KeyError as error:
        advice = "every part of a template needs its grammar in [parts]"
        raise ConfigError(path.name, f"{error} is missing", advice) from None
    except ValueError as error:
        raise ConfigError(path.name, str(error)) from None
