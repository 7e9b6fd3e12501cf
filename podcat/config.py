"""Settings: command line beats environment beats `podcat.toml` beats the default."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from podcat.errors import ConfigError

DEFAULT_FILE: Final = Path("podcat.toml")
ENVIRONMENT: Final = {
    "PODCAT_DATABASE": "database",
    "PODCAT_BASE_URL": "base_url",
    "PODCAT_FEEDS": "feeds",
    "PODCAT_PROVIDERS": "providers",
}
_AGE = re.compile(r"(\d{1,6})\s*([smhdw])")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}
_CONTACT = re.compile(r"[!-~](?:[ -~]{0,198}[!-~])?")
_FOLDERS: Final = ("feeds", "providers")
_SQLITE = "sqlite:///"


@dataclass(frozen=True)
class CheckConfig:
    """What `[check]` says: how links are checked where the command line says nothing."""

    exclude: tuple[str, ...] = ()
    """Regular expressions: addresses in which one of them is found are not looked at."""
    include: tuple[str, ...] = ()
    """The same for those that alone are looked at."""
    fail_on: tuple[str, ...] | None = None
    """States that end in exit code 1; None for those that are broken links by themselves."""
    timeout: float | None = None
    """Seconds for one answer."""
    threads: int | None = None
    """Looks at the same time; `per_host` of them at one host."""
    per_host: int | None = None
    max_age: str | None = None
    """How old a good look may be to count again: `12h`, `7d`."""
    allow_private: bool = False
    """Whether addresses of private networks are asked."""


@dataclass(frozen=True)
class Config:
    """What one installation of podcat is told."""

    database: str = "sqlite:///podcat.db"
    """`sqlite:///PATH`, relative to the working folder, or `sqlite:////ABSOLUTE`."""
    base_url: str | None = None
    """Address under which visitors reach the pages, without a final slash."""
    feeds: Path = Path("feeds")
    """Folder of the declared feeds."""
    providers: Path | None = None
    """Folder of providers of one's own, beside those that come with podcat."""
    title: str = "podcat"
    document_bytes: int = 32 * 2**20
    """Largest document that is read, in bytes."""
    hub: str | None = None
    """WebSub hub that is told, after a change, of the declared feeds that have something new."""
    contact: str | None = None
    """Address or mail that podcat names to the servers it fetches from."""
    feed: Mapping[str, Any] = field(default_factory=dict)
    """What feeds that nobody declared say of themselves: author, language, image, …"""
    check: CheckConfig = field(default_factory=CheckConfig)


_TYPES: Final[Mapping[str, type]] = {
    each.name: {"document_bytes": int, "feed": dict, "check": dict}.get(each.name, str)
    for each in fields(Config)
}
_WORDS: Final[Mapping[type, str]] = {int: "a whole number", str: "text", dict: "a table"}


def age(plain: str) -> int | None:
    """Seconds of `90s`, `15m`, `12h`, `7d` or `2w`; None for what is none of these."""
    found = _AGE.fullmatch(plain.strip().lower())
    return int(found[1]) * _UNITS[found[2]] if found else None


def load(path: Path | None = None, database: str | None = None) -> Config:
    """The settings of this run; `path` and `database` are what the command line says.

    Without `path`, `podcat.toml` of the working folder is read if there is one. Raises
    ConfigError, naming the file and the key, for anything that is not understood.
    """
    config = Config()
    if path is not None or DEFAULT_FILE.is_file():
        config = _with(config, _from_file(path or DEFAULT_FILE), str(path or DEFAULT_FILE))
    for variable, key in ENVIRONMENT.items():
        if value := os.environ.get(variable):
            config = _with(config, {key: value}, variable)
    return _with(config, {"database": database}, "--database") if database else config


def _from_file(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(str(path), "there is no such file") from None
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), f"is not TOML: {error}") from None
    return {key: _beside(path.parent, key, value) for key, value in values.items()}


def _beside(folder: Path, key: str, value: Any) -> Any:
    """Relative paths in a file mean: beside that file."""
    if not isinstance(value, str) or not value:
        return value
    if key in _FOLDERS:
        return str(folder / value)
    if key == "database" and value.startswith(_SQLITE) and value != _SQLITE + ":memory:":
        return _SQLITE + str(folder / value.removeprefix(_SQLITE))
    return value


def _with(config: Config, values: Mapping[str, Any], source: str) -> Config:
    for key, value in values.items():
        if key not in _TYPES:
            raise ConfigError(source, f"unknown key '{key}'", _nearest(key, _TYPES))
        if type(value) is not _TYPES[key] or value in ("", 0):
            raise ConfigError(source, f"'{key}' must be {_WORDS[_TYPES[key]]}, not {value!r}")
    changed: dict[str, Any] = {k: Path(v) if k in _FOLDERS else v for k, v in values.items()}
    if "check" in changed:
        changed["check"] = _check(changed["check"], f"{source}: [check]")
    if "base_url" in changed:
        changed["base_url"] = _address("base_url", changed["base_url"], source).rstrip("/")
    if "hub" in changed:
        _address("hub", changed["hub"], source)
    if not _CONTACT.fullmatch(changed.get("contact", "x")):
        advice = "write a mail address, or one that begins with https://, in ASCII"
        raise ConfigError(source, "'contact' cannot stand in a header", advice)
    if changed.get("document_bytes", 1) < 1:
        raise ConfigError(source, "'document_bytes' must be positive")
    return replace(config, **changed)


def based(config: Config, base_url: str, source: str) -> Config:
    """The settings with another base address. Raises ConfigError, naming where it is from."""
    return _with(config, {"base_url": base_url}, source)


def _nearest(key: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(key, names, n=1)
    return f"did you mean '{near[0]}'?" if near else "known keys: " + ", ".join(names)


# ---------------------------------------------------------------- [check]


MOST_THREADS: Final = 512
LEAST_TIMEOUT, LONGEST_TIMEOUT = 0.1, 3600
"""In seconds; on the command line, too."""


def _count(value: Any) -> bool:
    return type(value) is int and 1 <= value <= MOST_THREADS


def _seconds(value: Any) -> bool:
    return type(value) in (int, float) and LEAST_TIMEOUT <= value <= LONGEST_TIMEOUT


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)


_Test = Callable[[Any], bool]
_CHECK: Final[Mapping[str, tuple[_Test, str]]] = {
    "exclude": (_texts, "a list of regular expressions"),
    "include": (_texts, "a list of regular expressions"),
    "fail_on": (_texts, "a list of states"),
    "timeout": (_seconds, "a number of seconds from 0.1 to 3600"),
    "threads": (_count, "a whole number from 1 to 512"),
    "per_host": (_count, "a whole number from 1 to 512"),
    "max_age": (lambda v: isinstance(v, str) and age(v) is not None, "an age such as 12h or 7d"),
    "allow_private": (lambda v: isinstance(v, bool), "true or false"),
}


def _check(table: Mapping[str, Any], source: str) -> CheckConfig:
    """`[check]` of the settings. Raises ConfigError naming the key, and the nearest right one."""
    for key, value in table.items():
        if key not in _CHECK:
            raise ConfigError(source, f"unknown key '{key}'", _nearest(key, _CHECK))
        is_right, words = _CHECK[key]
        if not is_right(value):
            raise ConfigError(source, f"'{key}' must be {words}, not {value!r}")
    for key in ("exclude", "include"):
        for pattern in table.get(key, ()):
            _judge_pattern(pattern, key, source)
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    return CheckConfig(**values)


def _judge_pattern(pattern: str, key: str, source: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        problem = f"'{key}' has {pattern!r}, which is no regular expression: {error}"
        raise ConfigError(source, problem) from None


# ---------------------------------------------------------------- addresses


def _address(key: str, value: str, source: str) -> str:
    try:
        split = urlsplit(value)
        good = split.scheme in ("http", "https") and bool(split.hostname)
    except ValueError:
        good = False
    if not good or (split.query and key == "base_url") or split.fragment:
        raise ConfigError(
            source, f"{key} is not an address: {value}", "write it like https://example.org"
        )
    return value
