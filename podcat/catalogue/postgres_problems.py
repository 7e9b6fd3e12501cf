"""What PostgreSQL and libpq report, in words for people: what is wrong, and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import psycopg

Problem = tuple[str, str]

READ_ONLY: Final[Problem] = (
    "is read-only for this user", "ask its owner to grant writing, or write to the primary server"
)  # fmt: skip
_LOCKED: Final[Problem] = ("is locked by another program", "try again when that is done")
_ENDED: Final[Problem] = ("has ended the connection", "see whether the server runs, and try again")
_BUSY: Final[Problem] = ("has no connection left", "try again later, or raise max_connections")
_DENIED: Final[Problem] = (
    "refuses this user or password",
    "check them in the address or ~/.pgpass",
)
_MISSING: Final[Problem] = ("there is no such database", "createdb makes it")
_FORBIDDEN: Final = "does not allow that to this user"

# By SQLSTATE, or its first two letters: https://www.postgresql.org/docs/current/errcodes-appendix
_BY_STATE: Final[Mapping[str, Problem]] = {
    "08": _ENDED,
    "25006": READ_ONLY,
    "28": _DENIED,
    "3D000": _MISSING,
    "3F000": ("has no schema to put tables in", "check search_path, or CREATE SCHEMA"),
    "42501": (_FORBIDDEN, "ask its owner to grant it"),
    "42P01": ("lacks tables of a catalogue", "restore a copy, or add the sources to a new one"),
    "53100": ("cannot grow, the disk is full", "make room and try again"),
    "53200": ("is out of memory", "try again later"),
    "53300": _BUSY,
    "55P03": _LOCKED,
    "57014": ("took longer than the server allows", "raise its statement_timeout"),
    "57P": _ENDED,
    "58030": ("cannot be read or written", "check the server's disk"),
    "XX001": ("is damaged", "restore a copy, or add the sources to a new one"),
    "XX002": ("is damaged", "REINDEX DATABASE may repair it"),
}
# Where no connection came about there is no SQLSTATE, only a text for people.
_BY_TEXT: Final[tuple[tuple[str, Problem], ...]] = (
    (r'database ".*" does not exist', _MISSING),
    (r'password authentication failed|no password supplied|role ".*" does not exist', _DENIED),
    (r"no pg_hba\.conf entry", ("does not let this user in from here", "see pg_hba.conf there")),
    (r"permission denied for database", (_FORBIDDEN, "ask its owner to grant CONNECT")),
    (r"too many (clients|connections)|remaining connection slots", _BUSY),
    (r"is (starting up|shutting down)|in recovery mode", ("is not ready", "try again soon")),
)
_UNREACHED: Final = "see whether the server runs and the address is right"


def name(settings: Mapping[str, Any]) -> str:
    """A database as errors name it: the address without password and options."""
    user = f"{settings['user']}@" if "user" in settings else ""
    host, port = str(settings.get("host", "")), settings.get("port")
    where = "" if host.startswith(("/", "@")) else host + (f":{port}" if port else "")
    socket = f"?host={host}" if host and not where else ""
    return f"postgresql://{user}{where}/{settings.get('dbname', '')}{socket}"


def of(error: psycopg.Error) -> Problem:
    """The problem behind an error."""
    state = error.sqlstate or ""
    for length in (5, 3, 2):
        if found := _BY_STATE.get(state[:length]):
            return found
    said = _sentence(str(error))
    if state or not isinstance(error, psycopg.OperationalError):
        return f"cannot be used ({said})", ""
    for pattern, problem in _BY_TEXT:
        if re.search(pattern, said):
            return problem
    if re.search(
        r"server closed the connection|connection (is )?(lost|closed)|consuming input", said
    ):
        return _ENDED
    return f"cannot be reached ({said})", _UNREACHED


def _sentence(text: str) -> str:
    """The reason alone: the first line, without what libpq says of where it tried."""
    line = next(iter(text.splitlines()), "")
    return re.sub(r"^.*(?:FATAL|failed): +", "", line) or "no reason given"
