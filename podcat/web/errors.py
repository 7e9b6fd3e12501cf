"""Every failure as a page that says what is wrong and where to go on; never a traceback."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from podcat.errors import DatabaseError, NotFoundError, PodcatError, QueryError
from podcat.model import Episode
from podcat.web.site import site

_HEADINGS = {
    400: "That question cannot be read",
    404: "There is nothing here",
    405: "That cannot be done here",
    503: "The catalogue is out of reach",
}
_ADVICE = {
    404: "The address may be mistyped, or what it named may have gone. Search, or begin anew:",
    405: "These pages can only be read.",
    503: "Please try again in a moment.",
}
_UNEXPECTED = "Something went wrong on our side. It has been noted."


def register(app: Flask) -> None:
    """Sets the handlers."""
    app.register_error_handler(PodcatError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _ours(error: Exception) -> ResponseReturnValue:
    if isinstance(error, QueryError):
        return _page(400, str(error), parameter=error.parameter)
    if isinstance(error, NotFoundError):
        return _page(404, str(error))
    current_app.logger.error("%s: %s", _path(), error)
    if isinstance(error, DatabaseError):
        # What the database says may name files and hosts: that is for the log.
        return *_page(503, _ADVICE[503]), {"Retry-After": "30"}
    return _page(500, _UNEXPECTED)


def _http(error: Exception) -> ResponseReturnValue:
    if not isinstance(error, HTTPException) or error.code is None or error.response:
        return _page(500, _UNEXPECTED)
    headers = [pair for pair in error.get_headers() if pair[0].lower() == "allow"]
    message = _ADVICE.get(error.code, error.description or "")
    return *_page(error.code, message), headers


def _unexpected(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("%s", _path(), exc_info=error)
    return _page(500, _UNEXPECTED)


def _path() -> str:
    """The path asked for, as it may stand in a log: without anybody's token."""
    return "/private/…" if request.path.startswith("/private/") else request.path


def _page(code: int, message: str, parameter: str | None = None) -> tuple[str, int]:
    heading = _HEADINGS.get(code, "Something went wrong")
    page = render_template(
        "error.html",
        code=code,
        heading=heading,
        message=message,
        parameter=parameter,
        newest=_newest() if code == 404 else (),
    )
    return page, code


def _newest() -> Sequence[Episode]:
    """Where to go on; nothing when the catalogue is the trouble."""
    try:
        return site().catalogue.episodes(limit=5).episodes
    except PodcatError:
        return ()
