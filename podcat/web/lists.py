"""The lists of episodes, each with three faces: HTML, RSS and JSON Feed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from podcat.catalogue import Listing, Tally
from podcat.feed import channel_for
from podcat.model import Selection
from podcat.providers import registry
from podcat.text import slug as slug_of
from podcat.web import faces
from podcat.web.cached import page
from podcat.web.present import provider_name
from podcat.web.query import EVERYTHING, Query, narrowed, read_choice, read_query
from podcat.web.site import site

PAGE = 50
CHOICES = 200


@dataclass(frozen=True)
class Subject:
    """What a list is about, before a visitor's own question narrows it."""

    title: str
    lead: str
    selection: Selection = EVERYTHING
    kind: str = ""
    """`tag`, `person`, … where the list is of one such thing; empty for all episodes."""
    moved: str | None = None
    """The canonical slug, where the address has another spelling."""


# ---------------------------------------------------------------- subjects


def newest() -> Subject:
    """All episodes on the home page."""
    return Subject(site().config.title, "Every recording in the catalogue, newest first.")


def episodes() -> Subject:
    """All episodes."""
    return Subject("Episodes", "Every recording in the catalogue, newest first.")


def search() -> Subject:
    """All episodes, to be searched."""
    lead = (
        "Titles, descriptions, people, programmes, tags and transcripts are searched. Words in "
        "quotation marks stand side by side, -word must not occur; person:, tag:, programme:, "
        "provider:, since:, until: and playable: narrow it."
    )
    return Subject("Search", lead)


def tag(slug: str) -> Subject:
    """Episodes about something."""
    name, moved = _named("tag", slug)
    selection = Selection(tags=(slug_of(slug),))
    return Subject(name, f"Recordings tagged “{name}”.", selection, "tag", moved)


def person(slug: str) -> Subject:
    """Episodes in which someone speaks or that someone made."""
    name, moved = _named("person", slug)
    selection = Selection(people=(slug_of(slug),))
    return Subject(name, f"Recordings with {name}.", selection, "person", moved)


def programme(slug: str) -> Subject:
    """Episodes of one programme."""
    name, moved = _named("programme", slug)
    selection = Selection(programme=slug_of(slug))
    return Subject(name, f"Recordings from “{name}”.", selection, "programme", moved)


def provider(key: str) -> Subject:
    """Episodes in one provider's players."""
    known = registry().providers.get(key)
    if known is None:
        abort(404)
    lead = f"Recordings in players of {known.name}."
    if known.closed:
        lead += f" The service closed on {known.closed.isoformat()}."
    return Subject(known.name, lead, Selection(provider=key), "provider")


def _named(kind: str, slug: str) -> tuple[str, str | None]:
    canonical = slug_of(slug)
    name = site().catalogue.name_of(kind, canonical)
    if name is None:
        abort(404)
    return name, canonical if canonical != slug else None


SUBJECTS: tuple[tuple[str, Callable[..., Subject]], ...] = (
    ("/", newest),
    ("/episodes", episodes),
    ("/search", search),
    ("/tags/<slug>", tag),
    ("/people/<slug>", person),
    ("/programmes/<slug>", programme),
    ("/providers/<key>", provider),
)


# ---------------------------------------------------------------- faces


def register(app: Flask) -> None:
    """Adds each list's three addresses."""
    blueprint = Blueprint("lists", __name__)
    for rule, subject in SUBJECTS:
        name = subject.__name__
        blueprint.add_url_rule(rule, name, page(_page(name, subject)))
        for face in faces.FACES:
            blueprint.add_url_rule(f"{rule}.{face}", f"{name}_{face}", _feed(name, face, subject))
    app.register_blueprint(blueprint)


def _page(name: str, subject_of: Callable[..., Subject]) -> Callable[..., ResponseReturnValue]:
    def view(**values: str) -> ResponseReturnValue:
        subject, query = subject_of(**values), read_query(request.args)
        if subject.moved:
            target = url_for(f"lists.{name}", slug=subject.moved)
            return redirect(f"{target}{query}", 301)
        return _html(name, source_of(name, values, subject, query.by_time), subject, query)

    return view


def _feed(
    name: str, face: str, subject_of: Callable[..., Subject]
) -> Callable[..., ResponseReturnValue]:
    def view(**values: str) -> ResponseReturnValue:
        subject = subject_of(**values)
        if subject.moved:
            values = {"slug": subject.moved}
        return faces.answer(source_of(name, values, subject, read_query(request.args)), face)

    return view


def source_of(name: str, values: dict[str, str], subject: Subject, query: Query) -> faces.Source:
    """A list, narrowed by a question, as a feed."""
    path = url_for(f"lists.{name}", **dict[str, Any](values))
    selection = narrowed(subject.selection, query.selection)
    catalogue = site().config.title
    title = catalogue if name == "newest" else f"{catalogue}: {subject.title}"
    channel = channel_for(selection, title + _asked(query), site().lender)
    subscribing = url_for(f"feeds.of_{name}", **dict[str, Any](values))
    return faces.Source(channel, path, query, subscribing=subscribing)


def _conditions(query: Query) -> list[tuple[str, str, str]]:
    """What the visitor asked: parameter, value, and the value as people say it."""
    return [(name, value, _in_words(name, value)) for name, value in query.pairs]


def _in_words(name: str, value: str) -> str:
    if name == "provider":
        return provider_name(value)
    if name == "playable":
        return "with an audio file" if read_choice(name, value) else "player only"
    if name in ("tag", "person", "programme"):
        return site().catalogue.name_of(name, value) or value
    return f"“{value}”" if name == "q" else value


def _asked(query: Query) -> str:
    """The conditions in a title, so that two feeds in one app can be told apart."""
    dates = {"since": "from ", "until": "until "}
    return "".join(f" · {dates.get(name, '')}{shown}" for name, _, shown in _conditions(query))


def _html(name: str, source: faces.Source, subject: Subject, query: Query) -> str:
    selection = source.channel.selection
    listing = site().catalogue.episodes(selection, after=query.after, limit=PAGE, order=query.order)
    template = "home.html" if name == "newest" and not query.pairs else "list.html"
    extra = _overview() if template == "home.html" else {}
    return render_template(
        template,
        subject=subject,
        source=source,
        query=query,
        conditions=_conditions(query),
        listing=listing,
        total=_total(selection, listing, query),
        choices=_choices(subject),
        searching=name == "search",
        **extra,
    )


def _total(selection: Selection, listing: Listing, query: Query) -> Tally:
    """How many there are: what is on the page, what is known anyway, or what is soon counted."""
    if query.after is None and listing.next is None:
        return Tally(len(listing.episodes))
    if selection == EVERYTHING:
        return Tally(site().statistics()["episodes"])
    tally = site().catalogue.tally(selection)
    if tally.complete:
        return tally
    least = max(tally.episodes, len(listing.episodes))
    return _counted(selection) or Tally(least, complete=False)


def _counted(selection: Selection) -> Tally | None:
    """The number of a selection of one thing alone, as the lists of all such things tell it."""
    for one, many in (("tags", "tags"), ("people", "people"), ("programme", "programmes"),
                      ("provider", "providers")):  # fmt: skip
        value = getattr(selection, one)
        if value and replace(selection, **{one: getattr(EVERYTHING, one)}) == EVERYTHING:
            slugs = (value,) if isinstance(value, str) else value
            known = [c.episodes for c in site().counts(many) if slugs == (c.slug,)]
            return Tally(known[0]) if known else None
    return None


def _overview() -> dict[str, Any]:
    shown = {"tags": 12, "people": 8, "programmes": 8, "providers": 8}
    counts = {kind: site().counts(kind)[:most] for kind, most in shown.items()}
    return counts | {"statistics": site().statistics()}


def _choices(subject: Subject) -> dict[str, Any]:
    """What the filters offer; a list of one thing does not ask for it again."""
    kinds = {"provider": "providers", "programme": "programmes", "tag": "tags", "person": "people"}
    return {
        one: site().counts(many)[:CHOICES] for one, many in kinds.items() if one != subject.kind
    }
