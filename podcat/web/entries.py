"""What lists show of an episode, rendered once for each episode as it is."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any

from flask import Flask, current_app, request, url_for
from markupsafe import Markup

from podcat.model import Episode
from podcat.web.health import Ailment

_MOST = 5_000  # entries, and as many paths
_Key = tuple[Any, ...]


class Entries:
    """The longest unused are dropped first."""

    def __init__(self, most: int = _MOST) -> None:
        self._kept: OrderedDict[_Key, tuple[Episode, Markup]] = OrderedDict()
        self._most = most
        self._lock = Lock()

    def get(self, key: _Key, episode: Episode) -> Markup | None:
        """The entry, unless the episode is another one by now."""
        with self._lock:
            before, shown = self._kept.get(key, (None, None))
            if before != episode:
                return None
            self._kept.move_to_end(key)
            return shown

    def keep(self, key: _Key, episode: Episode, shown: Markup) -> None:
        """Remembers an entry."""
        with self._lock:
            self._kept[key] = episode, shown
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


def register(app: Flask) -> None:
    """Gives templates `entry`, and a `url_for` that remembers."""
    entries, paths = Entries(), Paths()

    def entry(episode: Episode, level: int = 2, q: str = "", ill: Ailment | None = None) -> Markup:
        """An episode in a list; the words searched for are marked, so those are never kept."""
        if q:
            return _rendered(episode, level, q, ill)
        key = (episode.id, level, ill, request.script_root)
        shown = entries.get(key, episode)
        if shown is None:
            shown = _rendered(episode, level, "", ill)
            entries.keep(key, episode, shown)
        return shown

    app.jinja_env.globals |= {"entry": entry, "url_for": paths}


def _rendered(episode: Episode, level: int, q: str, ill: Ailment | None) -> Markup:
    module: Any = current_app.jinja_env.get_template("_entry.html").module
    shown: Markup = module.entry(episode, level, q, ill)
    return shown


class Paths:
    """Paths of ours, each built once: building one takes the router as long as a small template."""

    def __init__(self, most: int = _MOST) -> None:
        self._built: dict[_Key, str] = {}
        self._most = most

    def __call__(self, endpoint: str, **values: Any) -> str:
        """As Flask's `url_for`."""
        key = (request.script_root, endpoint, *values.items())
        built = self._built.get(key)
        if built is None:
            built = url_for(endpoint, **values)
            if len(self._built) >= self._most:
                self._built.clear()
            self._built[key] = built
        return built
