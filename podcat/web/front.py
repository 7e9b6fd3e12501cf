"""A layer of WSGI before Flask, for what is asked all day: a feed or page that has not changed.

It says, word for word, what Flask said the last time to the same question, as long as the
catalogue is as it was. Everything that is not that plain a case goes on to Flask.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from podcat.errors import PodcatError
from podcat.web.http import Body, Cache, best_coding

READY: Final = "podcat.ready"
"""In the environment of a request: the key in the cache and the body that answer it, and what the
body is of: the state of FEEDS or that of PAGES."""
FEEDS: Final = "feeds"
PAGES: Final = "pages"
_MOST: Final = 5_000  # questions remembered
_LONGEST: Final = 200  # characters of a header that is remembered
_REST: Final = 20
"""Of the time, at most one part in so many goes into asking whether anything has changed."""
_LATEST: Final = 1.0
"""Seconds after which it is asked again in any case: a database that was slow once may have been
waiting for the very change."""

Headers = list[tuple[str, str]]
Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]


@dataclass(slots=True)
class _Said:
    """How Flask answered one question."""

    key: Hashable
    """In the cache of bodies."""
    state: Callable[[], int]
    """What the body is kept for."""
    headers: dict[tuple[str, str, str], Headers] = field(default_factory=dict)
    """By content coding, validator, and status."""


class Front:
    """Answers from the cache what was answered before; the rest by the application behind it."""

    def __init__(
        self, behind: Application, cache: Cache, states: Mapping[str, Callable[[], int]]
    ) -> None:
        self._behind = behind
        self._cache = cache
        self._states = {name: _Remembered(ask) for name, ask in states.items()}
        self._said: OrderedDict[tuple[str, ...], _Said] = OrderedDict()
        self._codings: dict[str, str | None] = {}

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """One request."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_RANGE" in environ:
            return self._behind(environ, start)
        question = _question(environ)
        said = self._said.get(question)
        if said is not None:
            answer = self._ready(said, environ, start)
            if answer is not None:
                return answer
        return self._asked(question, environ, start)

    def _ready(self, said: _Said, environ: Environ, start: Start) -> Iterable[bytes] | None:
        try:
            body = self._cache.kept(said.key, said.state())
        except PodcatError:
            return None  # the page that says so is Flask's
        coding = self._coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if body is None or coding is None:
            return None
        form = body.form(coding)
        status = _status(environ, form.etag, body)
        headers = said.headers.get((coding, form.etag, status)) if status else None
        if headers is None:
            return None
        start(status, headers.copy())
        return (form.data,) if status is _OK and environ["REQUEST_METHOD"] == "GET" else ()

    def _asked(self, question: tuple[str, ...], environ: Environ, start: Start) -> Iterable[bytes]:
        def started(status: str, headers: Headers, *more: Any) -> Any:
            if READY in environ:
                self._keep(question, environ, status, headers)
            return start(status, headers, *more)

        return self._behind(environ, started)

    def _keep(
        self, question: tuple[str, ...], environ: Environ, status: str, headers: Headers
    ) -> None:
        key, body, state = environ[READY]
        coding = self._coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        # In the second of a change an earlier date is told than later on.
        lasting = dict(headers).get("Last-Modified") == body.last_modified
        if coding is None or not lasting or status not in (_OK, _SAME):
            return
        said = self._said.get(question)
        if said is None or said.key != key:
            said = self._said[question] = _Said(key, self._states[state])
        etag = body.form(coding).etag
        said.headers = {n: old for n, old in said.headers.items() if _is_of(n[1], body)}
        said.headers[coding, etag, status] = headers.copy()
        while len(self._said) > _MOST:
            self._said.popitem(last=False)

    def _coding(self, accepted: str) -> str | None:
        if accepted not in self._codings:
            if len(accepted) > _LONGEST or len(self._codings) > _MOST:
                return None
            self._codings[accepted] = best_coding(parse_accept_header(accepted, Accept))
        return self._codings[accepted]


_OK, _SAME = "200 OK", "304 NOT MODIFIED"


def _question(environ: Environ) -> tuple[str, ...]:
    return (
        environ["wsgi.url_scheme"], environ.get("HTTP_HOST", ""), environ.get("SCRIPT_NAME", ""),
        environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""),
    )  # fmt: skip


def _is_of(etag: str, body: Body) -> bool:
    return etag.startswith(body.digest)


def _status(environ: Environ, etag: str, body: Body) -> str | None:
    """200 or 304 where that is plain; None where validators have to be read with care."""
    if "HTTP_IF_NONE_MATCH" in environ:
        return _SAME if environ["HTTP_IF_NONE_MATCH"] == f'"{etag}"' else None
    if "HTTP_IF_MODIFIED_SINCE" in environ:
        return _SAME if environ["HTTP_IF_MODIFIED_SINCE"] == body.last_modified else None
    return _OK


class _Remembered:
    """A number that is asked for anew when the last answer is many times older than it took."""

    def __init__(self, ask: Callable[[], int]) -> None:
        self._ask = ask
        self._held: tuple[float, int] = (0.0, -1)

    def __call__(self) -> int:
        """The number, at most twenty times as old as asking for it took, and a second at most."""
        start = time.monotonic()
        until, number = self._held
        if start < until:
            return number
        number = self._ask()
        end = time.monotonic()
        self._held = (end + min(_REST * (end - start), _LATEST), number)
        return number
