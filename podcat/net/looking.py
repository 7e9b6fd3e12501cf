"""The first bytes of many addresses, by connections and certificates that all looks share."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.client import HTTPResponse
from types import TracebackType
from typing import Final

from podcat.net import body, recording, requesting, troubles
from podcat.net.answer import Answer, Hop, Trouble
from podcat.net.guard import ODD, Names, is_odd_number
from podcat.net.kept import MOST, Exchange, Kept, Way
from podcat.net.proxies import Proxies
from podcat.net.remap import Remap
from podcat.net.requesting import Target
from podcat.net.turns import Turns
from podcat.net.watch import Watch

REDIRECTS: Final = 12
"""Counters in front of a file make long chains that are in order."""
TIMEOUT: Final = 20.0
"""Seconds for one look, redirects included."""

_HEADERS: Final = 2**16
"""Characters of the headers of one answer that are kept."""
_MOVES: Final = frozenset({301, 302, 303, 307, 308})
_NO_ADDRESS: Final = (Trouble.ADDRESS, "is not an http or https address")
_ASTRAY: Final = (Trouble.ADDRESS, "redirects to what is not an http or https address")
_ROUND: Final = (Trouble.LOOP, "redirects to where it came from")
_FAR: Final = (Trouble.LOOP, f"redirects more than {REDIRECTS} times")


@dataclass(slots=True)
class _Trail:
    """How far one look has come."""

    url: str
    target: Target | None
    hops: list[Hop] = field(default_factory=list)
    response: HTTPResponse | None = None
    """The last one that came."""

    def answer(self, trouble: tuple[Trouble, str] | None, found: body.Body | None = None) -> Answer:
        """What the look found, or why it ended."""
        seen = found or body.Body(b"", trouble is None)
        kind, words = trouble or seen.trouble or (None, "")
        return Answer(
            url=self.url,
            final_url=self.target.url if self.target else self.url,
            hops=tuple(self.hops),
            status=self.response.status if self.response else None,
            headers=_headers(self.response) if self.response else {},
            body=seen.data,
            whole=seen.whole and kind is None,
            trouble=kind,
            detail=words,
        )


class Looker:
    """Looks at addresses, from any number of threads; a context manager.

    `timeout` in seconds for one look; `idle` is how many connections are kept open; `per_host`
    how many requests one host gets at once, those that redirects lead to it among them; `turns`
    does that in another way. With `allow_private`, and for what `remap` leads to, private networks
    are asked, too.
    """

    def __init__(  # noqa: PLR0913  (settings, by name)
        self,
        *,
        allow_private: bool = False,
        contact: str | None = None,
        remap: Remap | None = None,
        timeout: float = TIMEOUT,
        idle: int = MOST,
        per_host: int | None = None,
        turns: Turns | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._remap = remap or Remap()
        self._timeout = timeout
        self._kept = Kept(idle)
        self._turns = turns or Turns(per_host)
        self._names, self._proxies = Names(), Proxies()
        self._page = requesting.headers(contact)
        self._active: set[Watch] = set()
        self._media = self._page | {"Accept": "*/*", "Accept-Encoding": "identity"}

    def __enter__(self) -> Looker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self.close()

    def cut(self) -> None:
        """Ends all looks that are under way, at once; what they still answer is worth nothing."""
        for watch in self._active.copy():
            watch.cut()

    def close(self) -> None:
        """Closes connections that nobody uses."""
        self._kept.close()

    def look(
        self, url: str, *, limit: int, media: bool = False, more: Mapping[str, str] | None = None
    ) -> Answer:
        """What an address answers, redirects followed; nothing is raised.

        At most `limit` bytes of the body are kept. `media` asks for no more than these, by Range.
        `more` are headers beside the usual ones, to every host on the way: no secrets.
        """
        began = time.monotonic()
        headers = {**self._page, **more} if more else self._page
        if media:
            headers = self._media | {"Range": f"bytes=0-{limit - 1}"}
        with Watch(self._timeout, self._names) as watch:
            self._active.add(watch)
            try:
                trail = _Trail(url, requesting.target(url))
                answer = self._followed(trail, watch, headers, limit)
            finally:
                self._active.discard(watch)
        return replace(answer, seconds=time.monotonic() - began)

    def _followed(self, trail: _Trail, watch: Watch, headers: dict[str, str], limit: int) -> Answer:
        seen: set[str] = set()
        while (target := trail.target) is not None:
            if is_odd_number(target.host):
                return trail.answer((Trouble.ADDRESS, f"{target.host} {ODD}"))
            if target.url in seen:
                return trail.answer(_ROUND)
            if len(seen) > REDIRECTS:
                return trail.answer(_FAR)
            seen.add(target.url)
            try:
                answer = self._visited(trail, target, watch, headers, limit)
            except troubles.ERRORS as error:
                trail.response = None
                answer = trail.answer(self._trouble(error, watch))
            if answer:
                _told(answer, target, watch, headers)
                return answer
        return trail.answer(_ASTRAY if trail.hops else _NO_ADDRESS)

    def _visited(
        self, trail: _Trail, target: Target, watch: Watch, headers: dict[str, str], limit: int
    ) -> Answer | None:
        """What one address answers, or None where it redirects: then the trail leads on."""
        with (
            self._turns.at(target.host, watch),
            self._exchange(target, watch, headers) as exchange,
        ):
            watch.ask(target.url)
            response = trail.response = exchange.ask(watch)
            location = response.headers.get("Location") if response.status in _MOVES else None
            if location:
                body.drop(response)
                self._step(trail, target, response.status, location)
                return None
            found = body.read(response, limit)
            cut = found.trouble is not None and found.trouble[0] is Trouble.TIMEOUT
            late = watch.expired or (cut and watch.is_over)
            return trail.answer(watch.told or (self._late() if late else None), found)

    def _step(self, trail: _Trail, target: Target, status: int, location: str) -> None:
        joined = requesting.joined(target.url, requesting.as_sent(location))
        trail.target = requesting.target(self._remap.back(joined))
        trail.hops.append(Hop(target.url, status, trail.target.url if trail.target else joined))

    def _late(self) -> tuple[Trouble, str]:
        return Trouble.TIMEOUT, f"is not complete after {self._timeout:g} seconds"

    def _trouble(self, error: Exception, watch: Watch) -> tuple[Trouble, str]:
        found = troubles.of(error)
        late = watch.expired or (found[0] is Trouble.TIMEOUT and watch.is_over)
        return self._late() if late and found[0] is not Trouble.PRIVATE else found

    def _exchange(self, target: Target, watch: Watch, headers: dict[str, str]) -> Exchange:
        """How to ask for an address: there, somewhere else, or by a proxy."""
        instead = self._remap.to(target.url) if self._remap else None
        real = (requesting.target(instead) if instead else None) or target
        watch.allow_private = self._allow_private or instead is not None
        tape = recording.running()
        direct = instead or (tape and tape.replays)
        proxy = None if direct else self._proxies.of(real.scheme, real.host)
        way = Way(real.scheme, real.host, real.port, proxy)
        if proxy is None:
            return Exchange(self._kept, way, real.path, headers)
        watch.by_proxy(real.host)
        if real.scheme == "https":
            return Exchange(self._kept, way, real.path, headers)
        return Exchange(self._kept, way, real.url, headers | way.login())


def _told(answer: Answer, target: Target, watch: Watch, headers: dict[str, str]) -> None:
    """Has written down, where somebody does, what an answer that is played would not show."""
    if answer.trouble and (answer.status is None or answer.trouble is Trouble.TIMEOUT):
        asked = recording.Asked.by("GET", target.url, headers.items())
        recording.failed(watch, asked, (answer.trouble, answer.detail))


def _headers(response: HTTPResponse) -> dict[str, tuple[str, ...]]:
    """By their small names; what is too much is left out, lest the answers fill the memory."""
    found: dict[str, tuple[str, ...]] = {}
    size = 0
    for name, value in response.headers.items():
        size += len(name) + len(value)
        if size > _HEADERS:
            break
        key = name.lower()
        found[key] = (*found.get(key, ()), value)
    return found
