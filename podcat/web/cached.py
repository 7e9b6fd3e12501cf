"""Answers to anybody's question that are kept until the catalogue changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, request
from flask.typing import ResponseReturnValue

from podcat.web.front import FEEDS, PAGES, READY
from podcat.web.http import HTML, Body, now, send
from podcat.web.site import base_url, site

P = ParamSpec("P")


def cached(content_type: str, render: Callable[[], bytes], of: str = FEEDS) -> Response:
    """The bytes for this address, rendered once for each state of what they are of."""
    asked = now()
    key = (request.full_path, base_url())
    body = site().cache.get(key, site().states[of](), lambda: Body(render()))
    request.environ[READY] = key, body, of
    return send(body, content_type, asked)


def page(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """A view whose pages are kept: they say the same to everybody, and follow from the address
    and the catalogue alone. What is no page (a redirect) goes its way."""

    @wraps(view)
    def kept(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        def render() -> bytes:
            answer = view(*args, **kwargs)
            if not isinstance(answer, str):
                raise _Elsewhere(answer)
            return answer.encode("utf-8", "replace")

        try:
            return cached(HTML, render, PAGES)
        except _Elsewhere as elsewhere:
            return elsewhere.answer

    return kept


class _Elsewhere(Exception):  # noqa: N818  (it is no error)
    """An answer that is no page."""

    def __init__(self, answer: ResponseReturnValue) -> None:
        super().__init__()
        self.answer = answer
