"""How the catalogue and its links are."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from podcat.errors import PodcatError
from podcat.web.site import site

blueprint = Blueprint("status", __name__)
KINDS = ("player", "page", "audio", "transcript", "image")


@blueprint.get("/status")
def show() -> str:
    """What is known of the links; looking at them live is yet to come."""
    links = site().once("links", lambda c: c.link_counts())
    return render_template(
        "status.html",
        statistics=site().statistics(),
        links=[(kind, links[kind]) for kind in KINDS],
    )


@blueprint.get("/healthz")
def health() -> Response:
    """For whoever watches the server: 200 `ok` where the database answers, else 503."""
    try:
        site().catalogue.revision()
    except PodcatError:
        return Response("database out of reach\n", 503, content_type="text/plain; charset=utf-8")
    return Response("ok\n", content_type="text/plain; charset=utf-8")
