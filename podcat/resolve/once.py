"""One request an address in one run: many episodes can stand in one feed, or on one page."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from typing import Final

from podcat.net.answer import Answer
from podcat.net.engine import Asker
from podcat.net.pace import is_passing

KEPT: Final = 64 * 2**20
"""Bytes of answers that are kept for whoever asks for the same."""
_EACH: Final = 500  # bytes that an answer takes beside its body

_Key = tuple[str, int, bool]


class Once:
    """Asks for an address when somebody wants it first; the others get the same answer."""

    def __init__(self, asker: Asker, kept: int = KEPT) -> None:
        self._asker, self._room = asker, kept
        self._known: OrderedDict[_Key, Future[Answer]] = OrderedDict()
        self._lock = threading.Lock()

    def look(self, url: str, *, limit: int, media: bool = False) -> Answer:
        """What an address answers; nothing is raised. What may pass is asked for again."""
        key = (url.partition("#")[0], limit, media)
        with self._lock:
            known = self._known.get(key)
            mine = known is None
            future = known or self._known.setdefault(key, Future())
        if not mine:
            return future.result()
        try:
            answer = self._asker.look(url, limit=limit, media=media)
        except BaseException as error:
            with self._lock:
                del self._known[key]
            future.set_exception(error)
            raise
        with self._lock:
            if is_passing(answer):
                del self._known[key]
            else:
                self._make_room(len(answer.body) + _EACH)
        future.set_result(answer)
        return answer

    def _make_room(self, size: int) -> None:
        """Lets the oldest answers go; what is still under way ends that, and is few."""
        self._room -= size
        while self._room < 0 and next(iter(self._known.values())).done():
            _, future = self._known.popitem(last=False)
            self._room += len(future.result().body) + _EACH

    def cut(self) -> None:
        """Ends all looks that are under way."""
        self._asker.cut()
