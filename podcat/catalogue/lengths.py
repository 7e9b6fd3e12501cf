"""How long a text may be that is kept: every list, page and feed carries it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from podcat.model import Candidate, Embed, Page, Person

NAME: Final = 500
"""Characters of a title and of the name of a programme, person, tag or page."""
TEXT: Final = 10_000
"""Characters of a description, a caption or a credit."""
SPOKEN: Final = 500_000
"""Characters of a transcript: some ten hours."""

_MOST: Final = {
    "title": NAME, "programme": NAME, "site": NAME, "byline": NAME,
    "description": TEXT, "image_caption": TEXT, "image_credit": TEXT,
    "transcript": SPOKEN,
}  # fmt: skip
_PAGE: Final = ("title", "site", "byline")
_EMBED: Final = ("title", "programme", "description", "image_caption", "image_credit")


def cut(text: str, most: int) -> str:
    """The text, or its beginning to the end of a word with an ellipsis, of `most` characters."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    if not text[most - 1].isspace():
        # A word that is most of the text is cut itself.
        shorter = head.rsplit(None, 1)[0]
        head = shorter if len(shorter) >= most // 2 else head
    return head.rstrip() + "…"


def names(given: Iterable[str]) -> tuple[str, ...]:
    """Names, such as tags, of a bearable length."""
    return tuple(cut(name, NAME) for name in given)


def page(whole: Page) -> Page:
    """A page whose texts, and those of its embeds, have a bearable length."""
    embeds = tuple(map(_embed, whole.embeds))
    return replace(whole, embeds=embeds, tags=names(whole.tags), **_shortened(whole, _PAGE))


def _embed(embed: Embed) -> Embed:
    return replace(
        embed,
        people=tuple(map(_person, embed.people)),
        tags=names(embed.tags),
        candidates=tuple(map(_candidate, embed.candidates)),
        **_shortened(embed, _EMBED),
    )


def _shortened(thing: Page | Embed, fields: Iterable[str]) -> dict[str, Any]:
    values = {field: getattr(thing, field) for field in fields}
    return {field: cut(value, _MOST[field]) for field, value in values.items() if value}


def _person(person: Person) -> Person:
    about = cut(person.about, NAME) if person.about else person.about
    return replace(person, name=cut(person.name, NAME), about=about)


def _candidate(candidate: Candidate) -> Candidate:
    most = _MOST.get(candidate.field)
    if most is None or not isinstance(candidate.value, str):
        return candidate
    return replace(candidate, value=cut(candidate.value, most))
