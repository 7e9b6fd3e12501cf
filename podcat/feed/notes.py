"""The show notes of an episode as HTML: paragraphs, lists and plain links, nothing that runs.

Every text is escaped, so that what a page says can never become markup in an app.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from podcat import text
from podcat.model import Episode, Person

LONGEST: Final = 255  # characters of a title that PSP-1 and apps take; what is longer is no title


def shorten(plain: str, most: int = LONGEST) -> str:
    """A text cut, at a word if one ends near, so that it has at most so many characters."""
    if len(plain) <= most:
        return plain
    kept = plain[: most - 1]
    near = " " in kept[most // 2 :]
    return (kept.rsplit(None, 1)[0] if near else kept).rstrip() + "…"


def paragraphs(plain: str) -> str:
    """A plain text as HTML: one `<p>` a line that is not empty."""
    lines = (line.strip() for line in text.scrub(plain).splitlines())
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line)


def named(people: Iterable[Person]) -> Iterator[Person]:
    """The people who have a name, with all texts clean."""
    for person in people:
        if name := text.clean(person.name):
            yield Person(name, text.clean(person.role) or "", text.clean(person.about))


def person_line(person: Person) -> str:
    """`Bruce Pannier, author of the Qishloq Ovozi blog (guest)`."""
    about = f", {person.about}" if person.about else ""
    role = f" ({person.role})" if person.role else ""
    return person.name + about + role


def show_notes(episode: Episode, links: Iterable[tuple[str, str | None]]) -> str:
    """Description, picture and people of an episode, then the links, each as (label, address)."""
    parts = [
        paragraphs(episode.description or ""),
        paragraphs(_picture(episode)),
        _listed(map(person_line, named(episode.people))),
        links_of(links),
    ]
    return "\n".join(part for part in parts if part)


def _picture(episode: Episode) -> str:
    caption, credit = text.clean(episode.image_caption), text.clean(episode.image_credit)
    if caption and credit:
        return f"Picture: {caption} ({credit})"
    return f"Picture: {caption or credit}" if caption or credit else ""


def _listed(lines: Iterable[str]) -> str:
    rows = "".join(f"<li>{escape(line, quote=False)}</li>" for line in lines)
    return f"<ul>{rows}</ul>" if rows else ""


def links_of(links: Iterable[tuple[str, str | None]]) -> str:
    """Links as a list, each as (label, address), each address once."""
    labels: dict[str, str] = {}
    for label, url in links:
        if url:
            labels.setdefault(url, label)
    rows = "".join(
        f'<li><a href="{escape(url)}">{escape(label, quote=False)}</a></li>'
        for url, label in labels.items()
    )
    return f"<ul>{rows}</ul>" if rows else ""
