"""Pure helpers on words, lengths and dates. No input is trusted; nothing here raises on text."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from functools import lru_cache

# XML 1.0 forbids these in any form, and lone surrogates cannot be encoded at all.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Soft hyphens, zero-width spaces, and marks that only steer the direction of writing.
_INVISIBLE = (
    "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
NOTHING = (
    "".join(c for c in map(chr, range(0x3001)) if c.isspace() or _FORBIDDEN.match(c))
    + _INVISIBLE
    + "\ufffe\uffff"
)
"""White space, and characters that `clean` drops: a line of nothing else is blank."""


def clean(text: str | None) -> str | None:
    """One line, NFC, without what XML forbids or nobody sees; None when nothing is left."""
    if text is None:
        return None
    plain = text.isprintable()
    if not plain:
        text = visible(_FORBIDDEN.sub("", text))
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if plain and "  " not in text:
        return text.strip(" ") or None
    return " ".join(text.split()) or None


def visible(text: str) -> str:
    """The text without invisible marks."""
    if not text.isascii():
        for mark in _INVISIBLE:
            # Searching for one character at a time is the fastest way through a long text.
            if mark in text:
                text = text.replace(mark, "")
    return text


def scrub(text: str) -> str:
    """The text without characters that XML forbids; lines are kept."""
    # None that can be printed is forbidden, and nearly all texts are such.
    return text if text.isprintable() else _FORBIDDEN.sub("", text)


# ---------------------------------------------------------------- words

_MARKED_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")


@lru_cache(maxsize=4096)
def _is_marked_script(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_MARKED_SCRIPTS)


def _without_marks(text: str) -> Iterator[str]:
    base = ""
    for character in text:
        if not unicodedata.combining(character):
            base = character
            yield character
        elif not (base and _is_marked_script(base)):
            # Marks carry the vowels in Arabic, Hebrew and Indic scripts.
            yield character


# Text of these characters alone has no letter of another script: all its marks can go at once.
_MARKED_ONLY = re.compile(r"[\x00-\u02af\u0300-\u03e1\u03f0-\u0482\u048a-\u052f\u2000-\u206f]*+")
_MARKS = re.compile(r"([^\W\d_])[\u0300-\u036f]+")


def fold(text: str) -> str:
    """Text as it is searched: casefolded, NFKD, marks dropped in Latin, Greek and Cyrillic."""
    if text.isascii():
        return text.lower()
    return _fold_name(text) if len(text) < 200 else _fold(text)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    if _MARKED_ONLY.fullmatch(decomposed):
        plain = _MARKS.sub(r"\1", decomposed)
    else:
        plain = "".join(_without_marks(decomposed))
    return unicodedata.normalize("NFC", plain.casefold())


_fold_name = lru_cache(maxsize=65536)(_fold)


def in_word(character: str) -> bool:
    """Whether a character is part of a word: a letter, number or mark."""
    return unicodedata.category(character)[0] in "LNM" or unicodedata.category(character) == "Co"


class _Spaced(dict[int, str]):
    """For str.translate: characters of words stay, all others become blanks."""

    def __missing__(self, number: int) -> str:
        character = chr(number)
        self[number] = kept = character if in_word(character) else " "
        return kept


_SPACED = _Spaced()
_ASCII_WORD = re.compile("[0-9a-z]+")


def words(text: str) -> list[str]:
    """The folded words of a text: runs of letters, numbers and marks."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return fold(text).translate(_SPACED).split()


def slug(text: str, longest: int = 80) -> str:
    """A name for addresses: folded words joined by hyphens, in any script; `-` when empty."""
    joined = "-".join(words(text))
    if len(joined) > longest:
        joined = joined[:longest].rsplit("-", 1)[0] or joined[:longest]
    return joined or "-"


# ---------------------------------------------------------------- lengths

_CLOCK = re.compile(r"\d+(?::\d{1,2}){1,2}")
_BARE = re.compile(r"(\d+)(?:[.,]\d+)?")
_ISO_LENGTH = re.compile(
    r"P?(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?", re.I
)
_UNITS = (
    (3600, r"(?:h|hr|hrs|hours?|std\.?|stunden?|horas?|heures?|ч(?:ас\w*)?|сағат)"),
    (60, r"(?:m|min|mins|minutes?|minutos?|minuten?|мин(?:ут\w*)?|хв\w*)"),
    (1, r"(?:s|sec|secs|seconds?|segundos?|secondes?|sek\w*|сек\w*)"),
)
_WORDED = [
    (size, re.compile(rf"(?<!\d)(\d++(?:[.,]\d++)?)\s*+{unit}\b\.?", re.I)) for size, unit in _UNITS
]


def _clock_seconds(text: str) -> int:
    total = 0
    for part in text.split(":"):
        total = total * 60 + int(part)
    return total


def _worded_seconds(text: str) -> int | None:
    total, rest = 0.0, text
    for size, pattern in _WORDED:
        if found := pattern.search(rest):
            total += float(found[1].replace(",", ".")) * size
            rest = rest[: found.start()] + rest[found.end() :]
    return int(total) if total and not re.search(r"\d", rest) else None


def _iso_seconds(text: str) -> int | None:
    found = _ISO_LENGTH.fullmatch(text)
    if not found or not any(found.groups()) or any(int(g or 0) for g in found.groups()[:2]):
        return None  # a year or a month has no fixed length
    days, hours, minutes, seconds = (int(g or 0) for g in found.groups()[2:])
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def parse_duration(text: str | int | float | None) -> int | None:
    """Whole seconds of a length in any common form; None when there is none or it is zero.

    `1:08:32`, `68:32`, `4112.68`, `PT1H8M32S`, `1 hr 8 min`. One colon is minutes and seconds,
    decimals are cut off (RFE/RL's pages cut, too), more than two colons is no length.
    """
    if text is None or isinstance(text, bool):
        return None
    plain = str(text).strip().strip("·[]() \n\t")
    if len(plain) > 60:
        return None
    if _CLOCK.fullmatch(plain):
        seconds: int | None = _clock_seconds(plain)
    elif bare := _BARE.fullmatch(plain):
        seconds = int(bare[1])
    elif plain[:1] in "PTpt" and _ISO_LENGTH.fullmatch(plain):
        seconds = _iso_seconds(plain)
    else:
        seconds = _worded_seconds(plain)
    return seconds if seconds and seconds < 10**7 else None


def format_duration(seconds: int | None) -> str:
    """`1:08:32`, `4:26`; empty when unknown."""
    if not seconds:
        return ""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


# ---------------------------------------------------------------- dates

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH_NUMBER = {m[:3].lower(): n for n, m in enumerate(MONTHS, 1)}
_MONTH = r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"  # noqa: E501
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_ENGLISH = re.compile(
    rf"\b(?:{_MONTH}\s+{_DAY}|{_DAY.replace('day', 'day2')}\s+{_MONTH.replace('month', 'month2')})"
    r"(?:,?\s+(?P<year>\d{4}))?\b"
)
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_ISO_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)


def _real_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def _iso_with_time(found: re.Match[str]) -> str | None:
    date, time, zone = found.groups()
    if zone in ("UTC", "GMT"):
        zone = "Z"
    elif zone and zone != "Z" and ":" not in zone:
        zone = zone[:3] + ":" + zone[3:]
    text = f"{date}T{time}{':00' if len(time) == 5 else ''}{zone or ''}"
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return text


def month_day(text: str) -> tuple[int | None, int, int] | None:
    """(year or None, month, day) of the first English date in a text, or None."""
    for found in _ENGLISH.finditer(text):
        month = _MONTH_NUMBER[(found["month"] or found["month2"])[:3].lower()]
        day = int(found["day"] or found["day2"])
        year = int(found["year"]) if found["year"] else None
        if _real_day(year or 2024, month, day):
            return year, month, day
    return None


def parse_date(text: str | None) -> str | None:
    """ISO 8601 as exact as the text (`2022-01`, a day, a time with its zone), or None.

    Reads ISO with `T` or a blank, RFC 2822, and English dates with a year.
    """
    plain = (text or "").strip()
    if found := _ISO_TIME.fullmatch(plain):
        return _iso_with_time(found)
    if found := _ISO_DATE.fullmatch(plain):
        year, month, day = int(found[1]), int(found[2]), int(found[3] or 1)
        return plain if _real_day(year, month, day) else None
    if english := month_day(plain):
        year_or_none, month, day = english
        return f"{year_or_none:04}-{month:02}-{day:02}" if year_or_none else _mail_date(plain)
    return _mail_date(plain)


def _mail_date(text: str) -> str | None:
    if not re.match(r"[A-Z][a-z]{2}, \d", text):
        return None
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError):
        return None


def timestamp(iso: str | None) -> int | None:
    """Seconds since 1970 of an ISO 8601 text as `parse_date` gives it.

    A day or month counts from its first second, a time without a zone as UTC.
    """
    if not iso or iso.startswith("--"):
        return None
    try:
        moment = dt.datetime.fromisoformat(iso + "-01" if len(iso) == 7 else iso)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return int(moment.timestamp())


def _last_day(iso: str) -> dt.date:
    """The day of an ISO date, or the last one of an ISO month."""
    if len(iso) >= 10:
        return dt.date.fromisoformat(iso[:10])
    year, month = int(iso[:4]), int(iso[5:7])
    return dt.date(year, month, calendar.monthrange(year, month)[1])


_SPAN = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)


def _following(start: dt.date, month: int, day: int) -> dt.date:
    if day:
        return start + dt.timedelta(days=1)
    if month and month < 12:
        return start.replace(month=month + 1)
    return start.replace(year=start.year + 1, month=1)


def _midnight(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())


def span(plain: str) -> tuple[int, int] | None:
    """First second (UTC) of a year, month or day written `2022`, `2022-01`, `2022-01-13`, and
    the first second after it; None for what is no such date."""
    found = _SPAN.fullmatch(plain)
    try:
        year, month, day = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
        start = dt.date(year, month or 1, day or 1)
        return _midnight(start), _midnight(_following(start, month, day))
    except (ValueError, OverflowError):
        return None


def latest_not_after(month: int, day: int, published: str | None) -> str:
    """A day without a year as ISO: the latest such day not after publication.

    Without a publication date the year stays open: `--01-13`.
    """
    unknown = f"--{month:02}-{day:02}"
    if not published or len(published) < 7:
        return unknown
    limit = _last_day(published)
    for year in range(limit.year, limit.year - 8, -1):
        if _real_day(year, month, day) and dt.date(year, month, day) <= limit:
            return f"{year:04}-{month:02}-{day:02}"
    return unknown


# The upper bytes of the letters from Latin to Thaana; as characters, none stands in a text.
_ALPHABETS = bytes(range(8))


def unmarked_utf16(head: bytes) -> str | None:
    """The order of UTF-16 without its mark, as Python names it, or None.

    Every other byte is then the small number of an alphabet: below U+2000 are all but Asia's.
    """
    signs = len(head) - len(head.translate(None, _ALPHABETS))
    even, odd = _small(head[::2]), _small(head[1::2])
    if signs * 50 < len(head) or max(even, odd) < 0.8 or min(even, odd) > 0.3:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _small(part: bytes) -> float:
    """How much of some bytes could be the upper bytes of letters below U+2000."""
    return 1 - len(part.translate(None, bytes(range(32)))) / max(len(part), 1)
