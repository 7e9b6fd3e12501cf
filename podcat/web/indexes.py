"""What there is: tags, people, programmes and providers with how often they occur."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, render_template

from podcat.web.cached import page
from podcat.web.site import MOST, site

blueprint = Blueprint("indexes", __name__)


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


def _view(index: Index) -> Callable[[], str]:
    def view() -> str:
        return render_template(
            "index.html", index=index, counts=site().counts(index.name), most=MOST
        )

    return view


for _index in INDEXES:
    blueprint.add_url_rule(f"/{_index.name}", _index.name, page(_view(_index)))
