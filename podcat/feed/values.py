"""Whether a single value is right: pure functions that renderers and rules share."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

from podcat import urls
from podcat.providers import registry

PAGES: Final = frozenset({"html", "htm", "xhtml", "shtml"})
"""Extensions of what is a page and no recording."""
APPLE_PLAYS: Final = frozenset({"mp3", "m4a", "mp4", "m4v", "mov", "pdf", "epub"})
"""The files that Apple takes; it looks at nothing but the extension."""

_ADDRESS = re.compile(r"https?://[^\s/?#]+", re.I)
_MIME = re.compile(r"[A-Za-z]+/[A-Za-z0-9][\w.+-]*(\s*;.*)?", re.A | re.S)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I)
_CLOCK = re.compile(r"(\d+:)?[0-5]?\d:[0-5]\d", re.A)
_WHOLE = re.compile(r"\d{1,18}", re.A)
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MAIL_DATE = re.compile(
    r"(?:(?P<day>[A-Z][a-z]{2}),\s*)?\d{1,2}\s+"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+(?:\d{4}|\d{2})\s+"
    r"\d{2}:\d{2}(?::\d{2})?(?:\s+(?P<zone>UTC?|GMT|Z|[ECMP][SD]T|[+-]\d{4}))?",
    re.A,
)
_INTERNET_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})", re.A
)


def is_address(value: str) -> bool:
    """Whether this is an absolute http or https address."""
    return _ADDRESS.match(value) is not None and urls.parse(value) is not None


def is_mime(value: str) -> bool:
    """Whether this has the form of a MIME type, `family/name`."""
    return _MIME.fullmatch(value) is not None


def family(mime: str) -> str:
    """`audio` of `audio/mpeg; codecs=…`."""
    return mime.partition("/")[0].strip().lower()


def bare(mime: str) -> str:
    """A MIME type without its parameters, in lower case."""
    return mime.partition(";")[0].strip().lower()


def extension(url: str) -> str:
    """The extension in the path of an address, without its dot, or nothing."""
    address = urls.parse(url)
    name = address.path.rpartition("/")[2] if address else ""
    found = name.rpartition(".")[2].lower() if "." in name else ""
    return found if found.isalnum() and len(found) <= 5 else ""


def is_page(url: str, mime: str) -> bool:
    """Whether an address leads to a page, by its type or its extension."""
    if bare(mime) in ("text/html", "application/xhtml+xml"):
        return True
    return "htm" in url.lower() and extension(url) in PAGES  # taking an address apart is dear


def is_recording(url: str, mime: str) -> bool:
    """Whether an address is one of sound or film, by its type or its extension."""
    return {family(mime), family(type_by_extension(url) or "")} & {"audio", "video"} != set()


def type_by_extension(url: str) -> str | None:
    """The MIME type that the extension of an address stands for, if it is a recording's."""
    return registry().media.get(extension(url))


def is_language(value: str) -> bool:
    """Whether this has the form of a language's code (BCP 47)."""
    return _LANGUAGE.fullmatch(value) is not None


def is_uuid(value: str) -> bool:
    """Whether this has the form of a UUID."""
    return _UUID.fullmatch(value) is not None


def whole(value: str) -> int | None:
    """The number that some digits are, or None."""
    return int(value) if _WHOLE.fullmatch(value) else None


def is_clock(value: str) -> bool:
    """Whether this is a length as `H:MM:SS` or `MM:SS`."""
    return _CLOCK.fullmatch(value) is not None


class MailDate(NamedTuple):
    """What a date as in mails (RFC 822, RFC 2822) is worth."""

    when: dt.datetime | None
    """None where nothing can be made of it."""
    is_exact: bool
    """Whether it has the form that the standard demands."""
    has_zone: bool
    fits_weekday: bool


def mail_date(value: str) -> MailDate:
    """Reads a date leniently and says how good it is."""
    found = _MAIL_DATE.fullmatch(value)
    try:
        when: dt.datetime | None = parsedate_to_datetime(value[:100])
    except (ValueError, TypeError, OverflowError, IndexError):
        when = None
    if when is None or found is None:
        return MailDate(_with_zone(when), False, True, True)
    named = (found["day"] or "").lower()
    fits = not named or named == _DAYS[when.weekday()]
    has_zone = bool(found["zone"]) and found["zone"] != "-0000"
    return MailDate(_with_zone(when), True, has_zone, fits)


def internet_date(value: str) -> dt.datetime | None:
    """A date as RFC 3339 wants it, or None."""
    if not _INTERNET_DATE.fullmatch(value):
        return None
    try:
        return _with_zone(dt.datetime.fromisoformat(value.upper()))
    except (ValueError, OverflowError):
        return None


def _with_zone(when: dt.datetime | None) -> dt.datetime | None:
    return when.replace(tzinfo=dt.UTC) if when and when.tzinfo is None else when
