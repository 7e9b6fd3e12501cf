"""From all that documents say to what is shown. Pure.

The order in which documents of different pages came does not matter; of several versions of one
page, what the latest says takes the place of what the earlier ones said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from podcat import text
from podcat.catalogue.database import Row
from podcat.catalogue.search import within_time
from podcat.model import EXTRA_FIELDS, FIELDS, IDENTIFIED, UNRESOLVED, Embed, strength
from podcat.providers import registry

PLAIN_FIELDS = tuple(f for f in FIELDS + EXTRA_FIELDS if f not in ("provider", "id", "status"))
"""Fields of an episode that are chosen value by value."""
FILE_FIELDS = ("media_type", "media_bytes")
"""Fields that no page states, but a look at the file does."""
YES_NO = frozenset({"has_download", "has_transcript"})
NUMBERS = frozenset({"duration", "start", "media_bytes"})
LISTS = ("people", "tags")
NO_RULE = "unknown/"
"""The rule of what a mention says of itself without one."""
EDIT_RULE = "person/edit"
"""The rule of what a person said by hand."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that one document proposes for a field, as text (see `encode`)."""

    field: str
    value: str
    rule: str
    document: int
    """Its number: the later it was added, the larger."""
    page: int
    picked: bool
    """Whether the value won within its document."""
    at: int = 0
    """When the document was added."""


def claim(row: Row) -> Claim:
    """The claim in a row of `provenance`, with the page and time of its document."""
    return Claim(
        row["field"], row["value"], row["rule"], row["document_id"], row["page_id"],
        bool(row["picked"]), row["added_at"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sighting:
    """An episode on a page: whose it is there, and what is known of the page."""

    provider: str
    provider_id: str | None
    status: str
    page_key: str
    page_url: str | None = None
    page_title: str | None = None
    page_published: str | None = None


# ---------------------------------------------------------------- values as text


def encode(field: str, value: Any) -> str | None:
    """The value as it is stored, or None for what is no value of that field."""
    if value is None:
        return None
    if field in YES_NO:
        return {"True": "true", "False": "false"}.get(str(value))
    if field in NUMBERS:
        plain = str(value)
        return plain if plain.isascii() and plain.isdigit() and len(plain) < 16 else None
    if field in LISTS:
        return ", ".join(_label(item) for item in value) or None
    return text.scrub(str(value)).strip() or None


def _label(item: Any) -> str:
    role = getattr(item, "role", None)
    name = text.scrub(str(getattr(item, "name", item)))
    return f"{name} ({text.scrub(role)})" if role else name


def decode(field: str, value: str) -> str | int:
    """The stored value as its column holds it."""
    if field in YES_NO:
        return int(value == "true")
    return int(value) if field in NUMBERS else value


def claims_of(embed: Embed, document: int, page: int) -> Iterator[Claim]:
    """All values that an embed proposes: its candidates, and its own values that are not there."""
    own = {field: encode(field, getattr(embed, field, None)) for field in ALL_FIELDS}
    stated = set()
    for candidate in embed.candidates:
        value = encode(candidate.field, candidate.value)
        if value is not None:
            stated.add((candidate.field, value))
            picked = own.get(candidate.field) == value
            rule = text.scrub(candidate.rule)
            yield Claim(candidate.field, value, rule, document, page, picked)
    for field, value in own.items():
        if value is not None and (field, value) not in stated:
            rule = text.scrub(embed.provenance.get(field, NO_RULE))
            yield Claim(field, value, rule, document, page, True)


ALL_FIELDS = FIELDS + EXTRA_FIELDS + LISTS


# ---------------------------------------------------------------- choosing


def choose(claims: Iterable[Claim]) -> dict[str, tuple[str, str]]:
    """The best value of each field and the best rule that gave it.

    Only what `current` leaves counts. Best is what the strongest rule says; then what won within
    a document, what most documents say, the longest, the first in the alphabet; between yes and
    no, yes.
    """
    grouped: dict[str, dict[str, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for claim in current(claims):
        grouped[claim.field][claim.value].append(claim)
    chosen = {}
    for field, values in grouped.items():
        value = (
            min(values, key=lambda v: _rank(v, values[v]))
            if len(values) > 1
            else next(iter(values))
        )
        chosen[field] = (value, min(c.rule for c in _strongest(values[value])))
    return chosen


def current(claims: Iterable[Claim]) -> list[Claim]:
    """The claims without those that a later version of their page corrects.

    Where one rule found a field in several documents of a page, the latest of them counts: a
    corrected page corrects. Latest is what was added last, by the time, then by the number: bytes
    that were added before and are added again are no new version. A version that says nothing of
    a field corrects nothing there.
    """
    claims = list(claims)
    if len({claim.document for claim in claims}) < 2:
        return claims
    latest: dict[tuple[str, int, str], tuple[int, int]] = {}
    for claim in claims:
        key, moment = (claim.field, claim.page, claim.rule), (claim.at, claim.document)
        latest[key] = max(moment, latest.get(key, moment))
    return [c for c in claims if (c.at, c.document) == latest[c.field, c.page, c.rule]]


def _strongest(claims: Sequence[Claim]) -> list[Claim]:
    top = max(strength(c.rule) for c in claims)
    return [c for c in claims if strength(c.rule) == top]


def _rank(value: str, claims: Sequence[Claim]) -> tuple[Any, ...]:
    best = _strongest(claims)
    return (
        -strength(best[0].rule),
        not any(c.picked for c in best),
        -len({c.document for c in claims}),
        value == "false",
        -len(value),
        value,
    )


def shown(
    claims: Iterable[Claim],
    sightings: Sequence[Sighting],
    first_seen: int,
    edits: Mapping[str, str | None] = MappingProxyType({}),
) -> dict[str, str | int | None]:
    """Every column of an episode that follows from what is said of it.

    `edits` are a person's own values as text, None for "there is none": they win.
    """
    chosen = _edited(choose(claims), edits)
    columns: dict[str, str | int | None] = dict.fromkeys(PLAIN_FIELDS + FILE_FIELDS)
    for field in columns:
        if field in chosen:
            columns[field] = decode(field, chosen[field][0])
    derived = {f for f, (_, rule) in chosen.items() if rule.startswith("derived/")}
    columns["derived"] = " ".join(sorted(derived))
    columns["media_type"] = columns["media_type"] or registry().media_type(_file(columns, derived))
    columns["hidden"] = int(edits.get("hidden") == "true")
    columns["first_seen"] = first_seen
    columns["playable"] = int(_direct(columns, derived) is not None)
    columns["programme_slug"] = slug_or_none(columns["programme"])
    columns |= _whose(sightings)
    return columns | _place_in_time(
        columns["published"], columns["event_date"], sightings, first_seen
    )


def _edited(
    chosen: Mapping[str, tuple[str, str]], edits: Mapping[str, str | None]
) -> dict[str, tuple[str, str]]:
    kept = {field: best for field, best in chosen.items() if field not in edits}
    return kept | {f: (value, EDIT_RULE) for f, value in edits.items() if value is not None}


def _direct(columns: Mapping[str, Any], derived: set[str]) -> str | None:
    files = (columns[f] for f in ("audio_url", "video_url") if f not in derived)
    return next((url for url in files if url), None)


def _file(columns: Mapping[str, Any], derived: set[str]) -> str | None:
    return _direct(columns, derived) or columns["audio_url"] or columns["video_url"]


def slug_or_none(name: Any) -> str | None:
    """The slug of a name, or None when it has no word."""
    return text.slug(name) if name and text.words(name) else None


def _whose(sightings: Sequence[Sighting]) -> dict[str, str | int | None]:
    # A provider that knows the recording by an id tells more than a bare file.
    best = min(
        sightings,
        key=lambda s: (
            s.provider_id is None, s.provider == "audio-file", s.provider, s.provider_id or ""
        ),
    )  # fmt: skip
    identified = any(s.status == IDENTIFIED for s in sightings)
    return {
        "provider": best.provider,
        "provider_id": best.provider_id,
        "status": IDENTIFIED if identified else UNRESOLVED,
    }


def _place_in_time(
    published: Any, event: Any, sightings: Sequence[Sighting], first_seen: int
) -> dict[str, str | int | None]:
    """When it was published, or the first of its pages; else held; else when it was first seen."""
    times = {s: text.timestamp(s.page_published) for s in sightings}
    of_pages = min((t for t in times.values() if t is not None), default=None)
    known = (text.timestamp(published), of_pages, text.timestamp(event), first_seen)
    newest = max(
        sightings,
        key=lambda s: (s.page_url is not None, times[s] is not None, times[s] or 0, s.page_key),
    )
    return {
        "sort_at": within_time(next(moment for moment in known if moment is not None)),
        "page_url": newest.page_url,
        "page_title": newest.page_title,
    }


# ---------------------------------------------------------------- pages, names

PAGE_FIELDS = ("url", "site", "title", "published", "byline", "language")


def page_columns(documents: Sequence[Row]) -> dict[str, str | None]:
    """What a page shows from what its documents say: HTML before text, then the latest.

    `documents` are in the order of adding. For the address: https first, then the shortest.
    """
    return {field: _page_value(field, documents) for field in PAGE_FIELDS}


def _page_value(field: str, documents: Sequence[Row]) -> str | None:
    stated = [(d["form"] == "html", d[field]) for d in documents if d[field]]
    if not stated:
        return None
    if field == "url":
        return str(min((url for _, url in stated), key=_plainness))
    best = max(is_html for is_html, _ in stated)
    return str([value for is_html, value in stated if is_html == best][-1])


def _plainness(url: str) -> tuple[bool, int, str]:
    return not url.startswith("https:"), len(url), url


def better_name(one: str, other: str) -> str:
    """Of two spellings of one name: not all in one case, with its diacritics, the shorter."""

    def rank(name: str) -> tuple[Any, ...]:
        one_case = name in (name.upper(), name.lower()) and name.upper() != name.lower()
        return one_case, -sum(not c.isascii() for c in name), len(name), name

    return min(one, other, key=rank)


def fuller(one: str | None, other: str | None) -> str | None:
    """Of two texts the one that says more: the longer, else the first in the alphabet."""
    stated = [value for value in (one, other) if value]
    return min(stated, key=lambda value: (-len(value), value)) if stated else None
