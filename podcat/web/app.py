"""Puts the application together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, redirect, request
from werkzeug import Response as BaseResponse
from werkzeug.routing import RequestRedirect

from podcat import config as configuration
from podcat import providers
from podcat.config import Config
from podcat.web import (
    badge,
    entries,
    episode,
    errors,
    feeds,
    indexes,
    lists,
    outlines,
    pages,
    present,
    series,
    share,
    sitemap,
    status,
)
from podcat.web.front import Front
from podcat.web.site import Site

# Nothing from elsewhere but pictures and the file behind an audio player; an episode's page
# may also frame a player, once the visitor has asked for it.
_POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self' https: data:",
    "media-src https: http:",
    "base-uri 'none'",
    "form-action 'self'",
)
_UNFRAMED = ("frame-ancestors 'none'",)
# Who frames players, and what others may frame.
_FRAMING = {
    "episode.show": ("frame-src https:", "frame-ancestors 'none'"),
    "share.embed": ("frame-src https:", "frame-ancestors *"),
}
# Nothing of a visitor's machine is ever asked for; a player in a frame may be.
_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation",
        "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb",
    )
)  # fmt: skip
_HOST = re.compile(r"(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?", re.I | re.ASCII)
_FOREVER = "public, max-age=31536000, immutable"
_Start = Callable[..., Any]


def create_app(config: Config | None = None) -> Flask:
    """The WSGI application over a catalogue; without a configuration, the environment's.

    Raises ConfigError for a declared feed that cannot be read.
    """
    app = Flask("podcat.web")
    config = config or configuration.load(None, None)
    providers.use(config.providers)
    shared = Site(config)
    app.extensions["podcat"] = shared
    app.url_map.strict_slashes = False
    app.jinja_env.globals["site_title"] = shared.config.title
    for part in (present, entries, errors, lists, series, share):
        part.register(app)
    for part_with_views in (badge, episode, feeds, indexes, outlines, pages, sitemap, status):
        app.register_blueprint(part_with_views.blueprint)
    app.before_request(_real_host)
    app.before_request(_own_redirect)
    app.after_request(_guard)
    if prefix := urlsplit(shared.config.base_url or "").path.rstrip("/"):
        app.wsgi_app = _mounted(app.wsgi_app, prefix)  # type: ignore[method-assign]
    app.wsgi_app = Front(app.wsgi_app, shared.cache, shared.states)  # type: ignore[assignment]
    return app


def _real_host() -> None:
    """Refuses a Host that cannot be one: our addresses are made of it without a base URL."""
    host = request.environ.get("HTTP_HOST")
    found = None if host is None else _HOST.fullmatch(host)
    if host is not None and (found is None or int(found[1] or 0) > 65535):
        abort(400, "The Host of the request is not the name of a host.")


def _own_redirect() -> BaseResponse | None:
    """The router's redirect (`//` to `/`), which would name the Host that the visitor sent."""
    if not isinstance(request.routing_exception, RequestRedirect):
        return None
    there = urlsplit(request.routing_exception.new_url)
    path = "/" + there.path.lstrip("/")
    return redirect(f"{path}?{there.query}" if there.query else path, 308)


def _guard(response: Response) -> Response:
    """What each answer says to browsers about trust."""
    framing = _FRAMING.get(request.endpoint or "") if response.status_code == 200 else None
    response.headers["Content-Security-Policy"] = "; ".join((*_POLICY, *(framing or _UNFRAMED)))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Permissions-Policy"] = _PERMISSIONS
    if request.endpoint != "share.embed":
        response.headers["X-Frame-Options"] = "DENY"  # for browsers older than frame-ancestors
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint == "static" and "v" in request.args:
        response.headers["Cache-Control"] = _FOREVER
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache"
    return response


def _mounted(inner: _Start, prefix: str) -> _Start:
    """Serves under the path of the base URL, whether a proxy in front strips it or not."""

    def application(environ: dict[str, Any], start_response: _Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path[len(prefix) :]
        environ["SCRIPT_NAME"] = prefix
        answer: Iterable[bytes] = inner(environ, start_response)
        return answer

    return application
