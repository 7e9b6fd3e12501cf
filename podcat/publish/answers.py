"""The application's answers as bytes of files."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import unquote

from podcat.publish.links import Linked, Linker
from podcat.publish.places import Place, Places

_HEAD = '<meta charset="utf-8">\n'
# What only a header can say; a file host sends none of ours.
_HEADERS_ONLY = re.compile(r"; frame-ancestors [^;]*")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a file is to have in it."""

    status: int
    data: bytes
    links: list[Place]
    broken: list[str]


class Answers:
    """Asks the application, and makes of its answers what a file host can give."""

    def __init__(self, application: Application, places: Places) -> None:
        self._application = application
        self._places = places
        self._linker = Linker(places)

    def of(self, asked: str) -> Answer:
        """The answer to a path and query behind the base address."""
        status, headers, data = self._ask(asked)
        kind = headers.get("content-type", "").partition(";")[0]
        if kind not in self._linker.kinds:
            return Answer(status, data, [], [])
        found = self._linker.linked(kind, data.decode())
        if kind == "text/html":
            _say_policy(found, headers)
        return Answer(status, found.text.encode(), found.links, found.broken)

    def _ask(self, asked: str) -> tuple[int, dict[str, str], bytes]:
        path, _, query = asked.partition("?")
        started: list[Any] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            # As WSGI has it: the bytes of the path, each as one character.
            "PATH_INFO": (self._places.prefix + unquote(path)).encode().decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": self._places.base.partition(":")[0],
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        given = self._application(environ, lambda *said: started.extend(said))
        try:
            data = b"".join(given)
        finally:
            if close := getattr(given, "close", None):
                close()
        return int(started[0][:3]), {name.lower(): value for name, value in started[1]}, data


def _say_policy(found: Linked, headers: dict[str, str]) -> None:
    """Puts into a page what its headers would say."""
    policy = escape(_HEADERS_ONLY.sub("", headers["content-security-policy"]), quote=False)
    said = (
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="referrer" content="{headers["referrer-policy"]}">\n'
    )
    found.text = found.text.replace(_HEAD, _HEAD + said, 1)
