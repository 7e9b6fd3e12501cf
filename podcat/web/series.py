"""A programme or a feed in the words of schema.org."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from markupsafe import Markup

from podcat.feed.media import http
from podcat.web.faces import Source

# The characters that could end the element or the line that holds the data.
UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def register(app: Flask) -> None:
    """Gives templates `series`."""
    app.jinja_env.globals["series"] = series


def series(source: Source) -> Markup:
    """A list that is one show, as JSON that is safe inside a script element."""
    channel = source.channel
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "PodcastSeries",
        "name": channel.title,
        "description": channel.description,
        "url": source.page_address,
        "webFeed": source.address("rss"),
        "inLanguage": channel.language,
        "image": http(channel.image),
        "author": {"@type": "Person", "name": channel.author} if channel.author else None,
    }
    return embedded({key: value for key, value in said.items() if value})


def embedded(said: dict[str, Any]) -> Markup:
    """JSON that is safe inside a script element."""
    return Markup(json.dumps(said, ensure_ascii=False).translate(UNSAFE))  # noqa: S704
