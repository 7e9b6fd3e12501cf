"""Where an old copy of a dead address may be found: built here, nobody is asked.

The Wayback Machine leads from any date to the copy that is nearest to it. A copy of the day it is
asked for would be one of the dead page, so the date is the last one at which the address is known,
or believed, to have been alive.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from podcat import urls

WAYBACK: Final = "https://web.archive.org/web"
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_OLDEST: Final = "1996"  # nothing older is kept there


def address(url: str, stamp: str) -> str:
    """The copy of an address that is nearest to a stamp: `2019`, `20191029`, `20191029120000`."""
    return f"{WAYBACK}/{stamp}/{urls.unwrapped(url) if 'archive.org' in url else url}"


def dated(
    url: str,
    last_ok: int | None = None,
    published: str | None = None,
    first_seen: int | None = None,
) -> str:
    """A copy from when it was seen alive last, else was published, else was met first.

    Times are seconds since 1970; `published` is ISO 8601, as exact as it is known.
    """
    if last_ok is not None:
        return address(url, _stamp(last_ok, "%Y%m%d%H%M%S"))
    if stamp := _digits(published):
        return address(url, stamp)
    return address(url, "2" if first_seen is None else _stamp(first_seen, "%Y%m%d"))


def _digits(published: str | None) -> str | None:
    found = _DATE.match(published or "")
    if found is None or found[1] < _OLDEST:
        return None
    return "".join(part or "" for part in found.groups())


def _stamp(seconds: int, form: str) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime(form)
