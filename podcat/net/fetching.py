"""One document fetched, one form sent; what goes wrong becomes a SourceError in one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import requests

from podcat.errors import SourceError
from podcat.model import Document
from podcat.net import recording, requesting, troubles
from podcat.net.answer import Trouble
from podcat.net.connections import Adapter
from podcat.net.guard import ODD, Names, is_odd_number
from podcat.net.proxies import Proxies
from podcat.net.remap import Remap
from podcat.net.watch import Watch

TIMEOUT: Final = 30.0
"""Seconds for the whole of one fetch, redirects included."""
REDIRECTS: Final = 10
_LATE: Final = "is not complete after"
_CHUNK: Final = 64 * 2**10
_PACKED: Final = ("", "identity", "gzip", "x-gzip", "deflate", "br")
"""Codings that are unpacked; bytes in others would be read as a page."""
_MEDIA: Final = ("audio/", "video/", "image/", "font/")


def fetch(  # noqa: PLR0913  (settings, by name)
    url: str,
    *,
    limit: int = 32 * 2**20,
    timeout: float = TIMEOUT,
    allow_private: bool = False,
    contact: str | None = None,
    remap: Remap | None = None,
) -> Document:
    """The document behind an address, after redirects.

    `limit` is in bytes, unpacked; `timeout` in seconds, for everything; `remap` says where else
    to ask. Raises SourceError that says in one line why there is no document.
    """
    with _guarded("GET", url, timeout, allow_private) as (adapter, watch):
        way = _Way(adapter, watch, remap or Remap(), requesting.headers(contact), allow_private)
        return _fetch(way, url, limit)


def post(
    url: str, form: Sequence[tuple[str, str]], *, timeout: float = 10.0, contact: str | None = None
) -> None:
    """Sends a form to an address that the settings name, so on private networks, too.

    No redirect is followed, and no more than the status of the answer is read. `timeout` in
    seconds, for everything. Raises SourceError, in one line, unless the answer is a good one.
    """
    with _guarded("POST", url, timeout, allow_private=True) as (adapter, watch):
        headers = requesting.headers(contact)
        watch.ask(_address(url, url))
        request = requests.Request("POST", _address(url, url), headers=headers, data=form).prepare()
        response = _sent(adapter, request, watch)
        response.close()
        if not 200 <= response.status_code < 300:
            raise _unwelcome(url, response.status_code)


@contextmanager
def _guarded(
    method: str, url: str, timeout: float, allow_private: bool
) -> Iterator[tuple[Adapter, Watch]]:
    """A way out for one conversation; what goes wrong in it becomes a SourceError."""
    adapter = Adapter()
    try:
        with Watch(timeout, Names(), allow_private=allow_private) as watch:
            try:
                yield adapter, watch
            except troubles.ERRORS as error:
                found = _trouble(error, watch, timeout)
                recording.failed(watch, recording.Asked(method, watch.asked), found)
                raise _explained(url, *found) from None
    finally:
        adapter.close()


def _sent(
    adapter: Adapter, request: requests.PreparedRequest, watch: Watch, *, direct: bool = False
) -> requests.Response:
    """The head of the answer; by the proxy of the environment, unless `direct`."""
    tape, target = recording.running(), requesting.target(request.url or "")
    proxy = None
    if target and not direct and not (tape and tape.replays):
        proxy = Proxies().of(target.scheme, target.host)
    if target and proxy:
        watch.by_proxy(target.host)
    step = watch.step()
    proxies = {"all": proxy} if proxy else None
    return adapter.send(request, stream=True, timeout=(step, step), proxies=proxies)


@dataclass(frozen=True, slots=True)
class _Way:
    """By what, and where, the addresses of one fetch are asked for."""

    adapter: Adapter
    watch: Watch
    remap: Remap
    headers: dict[str, str]
    allow_private: bool

    def get(self, target: str) -> requests.Response:
        """One answer, with its body unread; where `remap` leads private networks are asked, too."""
        instead = self.remap.to(target)
        self.watch.allow_private = self.allow_private or instead is not None
        self.watch.ask(target)
        request = requests.Request("GET", instead or target, headers=self.headers).prepare()
        return _sent(self.adapter, request, self.watch, direct=instead is not None)


def _fetch(way: _Way, url: str, limit: int) -> Document:
    target = _address(url, url)
    for _ in range(REDIRECTS + 1):
        response = way.get(target)
        try:
            if response.is_redirect:
                location = requesting.as_sent(response.headers["Location"])
                target = _address(way.remap.back(requesting.joined(target, location)), url)
                continue
            data = _body(response, url, limit)
            if way.watch.expired or way.watch.told:
                raise TimeoutError
            return Document(url, data, target, response.headers.get("Content-Type"))
        finally:
            response.close()
    raise SourceError(url, f"redirects more than {REDIRECTS} times")


def _address(target: str, url: str) -> str:
    """The address as it is asked for; raises SourceError when it is not http(s)."""
    found = requesting.target(target)
    if found is None:
        where = "is not" if target == url else "redirects to what is not"
        raise SourceError(url, f"{where} an http or https address")
    if is_odd_number(found.host):
        raise SourceError(url, f"{found.host} {ODD}")
    return found.url


def _body(response: requests.Response, url: str, limit: int) -> bytes:
    _check_head(response, url, limit)
    data = bytearray()
    for chunk in response.iter_content(_CHUNK):
        data += chunk
        if len(data) > limit:
            raise _too_large(url, limit)
    return bytes(data)


def _check_head(response: requests.Response, url: str, limit: int) -> None:
    status, kind = response.status_code, response.headers.get("Content-Type", "").lower()
    if not 200 <= status < 300:
        raise _unwelcome(url, status)
    if kind.startswith(_MEDIA):
        raise SourceError(url, f"is {kind.partition(';')[0]}, not a page")
    coding = response.headers.get("Content-Encoding", "")
    if not all(each.strip().lower() in _PACKED for each in coding.split(",")):
        raise SourceError(url, f"cannot be unpacked: it comes packed by {coding[:40]}, unasked")
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length[:18]) > limit:
        raise _too_large(url, limit)


def _unwelcome(url: str, status: int) -> SourceError:
    return SourceError(url, f"answers {troubles.phrase(status)}")


def _too_large(url: str, limit: int) -> SourceError:
    advice = "raise document_bytes in podcat.toml if this is a page"
    return SourceError(url, f"is larger than the limit of {limit} bytes", advice)


def _trouble(error: Exception, watch: Watch, timeout: float) -> tuple[Trouble, str]:
    found = watch.told or troubles.of(error)
    if watch.expired and found[0] is not Trouble.PRIVATE:
        return Trouble.TIMEOUT, f"{_LATE} {timeout:g} seconds"
    return found


def _explained(url: str, trouble: Trouble, words: str) -> SourceError:
    if trouble is Trouble.PRIVATE:
        problem = f"{words}, which is not fetched"
        return SourceError(url, problem, "use --allow-private if that is meant")
    if words.startswith(_LATE):
        return SourceError(url, words, "try again later")
    if trouble is Trouble.UNRECORDED:
        return SourceError(url, words, "--record DIR records it")
    what = "cannot be unpacked" if trouble is Trouble.CODING else "cannot be fetched"
    return SourceError(url, f"{what}: {words}", "try again later")
