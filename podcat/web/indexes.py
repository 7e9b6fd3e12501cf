"""What there is: tags, people, programmes and providers with how often they occur."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from podcat import text
from podcat.catalogue import Count
from podcat.web.cached import page
from podcat.web.present import provider_name
from podcat.web.query import read_query
from podcat.web.site import MOST, site

blueprint = Blueprint("indexes", __name__)
_MANY = 40
"""Names that nobody reads through: there is a field to look for one."""


@dataclass(frozen=True)
class Index:
    """One kind of thing."""

    name: str
    """Its address, and what the catalogue calls it."""
    title: str
    lead: str
    one: str
    """Endpoint of one of them, and the name of its value there."""
    value: str = "slug"


INDEXES = (
    Index("tags", "Tags", "What recordings are about.", "lists.tag"),
    Index("people", "People", "Who speaks, and who made it.", "lists.person"),
    Index("programmes", "Programmes", "The shows that recordings ran in.", "lists.programme"),
    Index("providers", "Providers", "Whose players recordings sit in.", "lists.provider", "key"),
)


def named(counts: tuple[Count, ...], asked: str) -> tuple[Count, ...]:
    """Those with a name in which every word that was asked for begins a word."""
    wanted = text.words(asked)

    def fits(count: Count) -> bool:
        found = text.words(f"{count.name} {provider_name(count.slug)}")
        return all(any(word.startswith(each) for word in found) for each in wanted)

    return tuple(count for count in counts if fits(count))


def _view(index: Index) -> Callable[[], str]:
    def view() -> str:
        asked, counts = read_query(request.args).value("q"), site().counts(index.name)
        return render_template(
            "index.html",
            index=index,
            counts=named(counts, asked) if asked else counts,
            whole=len(counts),
            asked=asked,
            searchable=len(counts) > _MANY or bool(asked),
            most=MOST,
        )

    return view


for _index in INDEXES:
    blueprint.add_url_rule(f"/{_index.name}", _index.name, page(_view(_index)))
