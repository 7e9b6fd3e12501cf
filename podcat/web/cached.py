"""Answers to anybody's question that are kept until the catalogue changes."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request

from podcat.web.front import READY
from podcat.web.http import Body, make_body, now, send
from podcat.web.site import base_url, site


def cached(content_type: str, render: Callable[[], bytes]) -> Response:
    """The bytes for this address, rendered once for each state of the catalogue."""
    if site().static:
        return Response(render(), content_type=content_type)
    asked = now()
    key = (request.full_path, base_url())
    body = site().cache.get(key, site().catalogue.revision(), lambda: _made(render))
    request.environ[READY] = key, body
    return send(body, content_type, asked)


def _made(render: Callable[[], bytes]) -> Body:
    return make_body(render())
