"""Reads a provider from its TOML file, and says in one line what is wrong with one."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from podcat.errors import ConfigError
from podcat.providers import checks, templates
from podcat.providers.engine import Provider, Route
from podcat.providers.quirks import QUIRKS

FORMS: Final = ("player", "page", "file")

TEXT, TEXTS, TABLE, TABLES, YES_NO, NUMBER, DATE, SECTION = (
    "text", "a list of texts", "a table", "a list of tables", "true or false", "a whole number",
    "a date", "a section",
)  # fmt: skip
ROUTE_KEYS: Final = {
    "host": TEXT, "hosts": TEXTS, "path": TEXT, "query": TABLE, "fragment": TEXT, "id": TEXT,
    "kind": TEXT, "retired": TEXT, "embed": TEXT, "link": TEXT, "announced": YES_NO, "audio": TEXT,
    "feed": TEXT, "start": TEXT,
}  # fmt: skip
PROVIDER_KEYS: Final = {
    "name": TEXT, "home": TEXT, "hosts": TEXTS, "kind": TEXT, "id": TEXT, "parts": TABLE,
    "default": TABLE, "embed": TEXT, "link": TEXT, "audio": TEXT, "transcript": TEXT, "quirk": TEXT,
    "oembed": TEXT, "closed": DATE, "frame": YES_NO, "files": YES_NO, "height": NUMBER,
    "labels": TEXTS, "player": TABLES, "page": TABLES, "file": TABLES, "example": TABLES,
    "refused": TEXTS, "media": TABLE, "other": TEXTS, "reserved": TEXTS, "check": SECTION,
    "start": TEXT,
}  # fmt: skip
CHECK_KEYS: Final = {
    "alive": TEXTS, "dead": TEXTS, "without": TEXT, "unclear": TEXT, "retired": TABLE,
    "oembed": TABLE, "named": TEXT, "canary": TEXT, "lookup": TEXT, "nothing": TEXT,
}  # fmt: skip
EXAMPLE_KEYS: Final = {
    "url": TEXT, "id": TEXT, "kind": TEXT, "start": NUMBER, "link": TEXT, "embed": TEXT,
    "audio": TEXT, "feed": TEXT, "retired": YES_NO, "linked": TEXT, "starting": TEXT,
}  # fmt: skip

_KEY = re.compile(r"[a-z0-9][a-z0-9-]*")
_START = re.compile(r"[?#]\w+=\{t\}s?")
_HOST = re.compile(r"(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")
_BUILT = ("id", "kind", "embed", "link", "audio", "feed", "transcript", "named", "lookup")
# Parts that no address of a route need hold: its host, and its link where an embed holds it.
_GIVEN = frozenset({"host", "link"})


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


_FITS: Final[Mapping[str, Callable[[Any], bool]]] = {
    TEXT: lambda v: isinstance(v, str),
    TEXTS: _texts,
    TABLE: lambda v: isinstance(v, dict) and all(isinstance(each, str) for each in v.values()),
    TABLES: _tables,
    YES_NO: lambda v: isinstance(v, bool),
    NUMBER: lambda v: isinstance(v, int) and not isinstance(v, bool),
    DATE: lambda v: isinstance(v, dt.date) and not isinstance(v, dt.datetime),
    SECTION: lambda v: isinstance(v, dict),
}


# ---------------------------------------------------------------- what is wrong


def _known(table: Mapping[str, Any], known: Mapping[str, str], where: str) -> None:
    """Every key is one that podcat knows, and its value of the right sort."""
    for name, value in table.items():
        if name not in known:
            raise ConfigError(where, f"unknown key {name!r}", _nearest(name, known))
        if not _FITS[known[name]](value):
            raise ConfigError(where, f"{name!r} must be {known[name]}, not {value!r}")


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(known))}"


def _needed(table: Mapping[str, Any], name: str, where: str) -> Any:
    if name not in table:
        raise ConfigError(where, f"{name!r} is missing")
    return table[name]


def _judge_grammar(parts: Mapping[str, str], where: str) -> None:
    """Each part is a regular expression on its own: a template of several would hide which."""
    for name, text in parts.items():
        try:
            re.compile(text)
        except re.error as error:
            problem = f"parts.{name} = {text!r} is no regular expression: {error}"
            raise ConfigError(where, problem) from None


def _judge_hosts(hosts: Iterable[str], where: str) -> None:
    for host in hosts:
        if not _HOST.fullmatch(host):
            advice = "write it like player.example.com, or *.example.com with all below it"
            raise ConfigError(where, f"{host!r} is no host", advice)


def _judge_templates(table: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    """A part that no address holds would leave what is built with it empty for ever."""
    for key in _BUILT:
        for name in templates.names(table.get(key, "")):
            if name not in known:
                raise _no_grammar(name, f"{where} {key}")


def _no_grammar(name: str, where: str) -> ConfigError:
    advice = f"add parts.{name} = '…', the regular expression that it fits"
    return ConfigError(where, f"{{{name}}} has no grammar", advice)


# ---------------------------------------------------------------- reading


def _hosts(table: Mapping[str, Any], top: Mapping[str, Any]) -> tuple[str, ...]:
    """The hosts of a route; `host = "{show}.example.com"` stands for the subdomains of one."""
    if host := table.get("host"):
        return ("*." + str(host).rpartition("}.")[2],)
    return tuple(table.get("hosts", top.get("hosts", ())))


def _pattern(text: str, grammar: Mapping[str, str], where: str) -> templates.Lazy:
    return templates.Lazy(partial(_compiled, text, grammar, where))


def _compiled(text: str, grammar: Mapping[str, str], where: str) -> re.Pattern[str]:
    try:
        return templates.pattern(text, grammar)
    except KeyError as error:
        raise _no_grammar(str(error.args[0]), f"{where} {text}") from None
    except ValueError:
        _judge_grammar(grammar, where.partition(" ")[0])
        raise


def _start(text: str | None, where: str) -> str | None:
    if text and not _START.fullmatch(text):
        advice = "write it like ?t={t}, or #t={t}s"
        raise ConfigError(where, f"start {text!r} does not say where the second goes", advice)
    return text


def _query(
    table: Mapping[str, Any], grammar: Mapping[str, str], where: str
) -> dict[str, tuple[templates.Lazy, bool]]:
    return {
        name.rstrip("?"): (_pattern(text, grammar, where), not name.endswith("?"))
        for name, text in table.get("query", {}).items()
    }


def _route(form: str, table: Mapping[str, Any], top: Mapping[str, Any], where: str) -> Route:
    where = f"{where} [[{form}]]"
    _known(table, ROUTE_KEYS, where)
    grammar: Mapping[str, str] = top.get("parts", {})
    hosts = _hosts(table, top)
    if not hosts:
        raise ConfigError(where, "'hosts' is missing", "say on which hosts such addresses are")
    _judge_hosts(hosts, where)
    _judge_templates(table, {*grammar, *top.get("default", ()), *_GIVEN}, where)
    path = str(_needed(table, "path", where)).rstrip("/") or "/"
    if not path.startswith(("/", "[")):
        raise ConfigError(where, f"path {path!r} does not begin with /")
    fragment = table.get("fragment")
    return Route(
        form=form,
        hosts=hosts,
        host_pattern=_pattern(table["host"], grammar, where) if "host" in table else None,
        path=path,
        path_pattern=_pattern(path, grammar, where),
        query=_query(table, grammar, where),
        fragment=_pattern(fragment, grammar, where) if fragment else None,
        id=table.get("id", top.get("id", "{id}")),
        kind=table.get("kind", top.get("kind")),
        embed=table.get("embed", top.get("embed")),
        link=table.get("link", top.get("link")),
        audio=table.get("audio"),
        feed=table.get("feed"),
        start=_start(table.get("start", top.get("start")), where),
        retired=table.get("retired"),
        announced=table.get("announced", False),
        reserved=tuple(top.get("reserved", ())),
    )


def _routes(top: Mapping[str, Any], where: str) -> tuple[Route, ...]:
    return tuple(_route(form, table, top, where) for form in FORMS for table in top.get(form, ()))


def _checks(top: Mapping[str, Any], where: str) -> checks.Checks:
    """The section [check]; raises ConfigError and, for a state or a pattern, ValueError."""
    table, where = top.get("check", {}), f"{where} [check]"
    _known(table, CHECK_KEYS, where)
    _judge_templates(table, {*top.get("parts", ()), *top.get("default", ()), *_GIVEN}, where)
    if "oembed" in table and "oembed" not in top:
        raise ConfigError(where, "'oembed' says what an address means that is not given")
    try:
        return checks.read(table)
    except ValueError as error:
        raise ConfigError(where, str(error)) from None


def _judge(key: str, top: Mapping[str, Any], where: str) -> None:
    if not _KEY.fullmatch(key):
        raise ConfigError(where, "a file's name is its provider's key: small letters, digits, -")
    _known(top, PROVIDER_KEYS, where)
    _needed(top, "name", where)
    _judge_hosts(top.get("hosts", ()), where)
    _judge_templates(top, {*top.get("parts", ()), *top.get("default", ()), *_GIVEN}, where)
    for name in top.get("reserved", ()):
        if name not in top.get("parts", ()):
            raise _no_grammar(name, f"{where} reserved")
    if "quirk" in top and top["quirk"] not in QUIRKS:
        raise ConfigError(where, f"unknown quirk {top['quirk']!r}", _nearest(top["quirk"], QUIRKS))
    for number, example in enumerate(top.get("example", ()), start=1):
        _known(example, EXAMPLE_KEYS, f"{where} example {number}")
        _needed(example, "url", f"{where} example {number}")
    if not any(top.get(name) for name in (*FORMS, "media")):
        raise ConfigError(where, "has no [[player]], [[page]] or [[file]]", "give one its path")


def _provider(key: str, top: Mapping[str, Any], where: str) -> Provider:
    _judge(key, top, where)
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
        files=top.get("files", True),
        height=top.get("height", 180),
        labels=frozenset(label.casefold() for label in top.get("labels", ())),
        media=top.get("media", {}),
        checks=_checks(top, where),
        other=tuple(_pattern(each, top.get("parts", {}), where) for each in top.get("other", ())),
        examples=tuple(top.get("example", ())),
        refused=tuple(top.get("refused", ())),
    )


def _proven(provider: Provider) -> Provider:
    """The provider itself, its patterns compiled."""
    routed = (pattern for route in provider.routes for pattern in route.patterns())
    for pattern in (*provider.other, *routed, *provider.checks.patterns()):
        _ = pattern.pattern
    return provider


def load(path: Path, *, prove: bool = True) -> Provider:
    """One provider from its TOML file; its key is the file's name.

    Without `prove` its patterns are compiled only when they are needed. Raises ConfigError that
    names the file and the key that is wrong.
    """
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        provider = _provider(path.stem, read, path.name)
        return _proven(provider) if prove else provider
    except OSError as error:
        raise ConfigError(path.name, f"cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path.name, f"cannot be read: is not TOML: {error}") from None
    except ValueError as error:
        raise ConfigError(path.name, str(error)) from None
