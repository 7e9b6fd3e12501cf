"""What bench_feed serves on one server: bare hellos, podcat, and podcat without its front."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from podcat.web import create_app

podcat = create_app()
hello = Flask("hello")


@hello.get("/flask")
def say() -> str:
    """The least that Flask can do."""
    return "hello"


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """One of them, by the path."""
    path = environ["PATH_INFO"]
    if path == "/bare":
        start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
        return (b"hello",)
    if path == "/flask":
        return hello(environ, start)
    if path.startswith("/behind"):
        environ["PATH_INFO"] = path.removeprefix("/behind")
        behind: Iterable[bytes] = podcat.wsgi_app._behind(environ, start)  # type: ignore[attr-defined]
        return behind
    return podcat(environ, start)
