"""What can go wrong on the way, from the errors of libraries to words."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

import requests
from urllib3.exceptions import DecodeError, HTTPError, NameResolutionError

from podcat.net.answer import Trouble
from podcat.net.answered import UnreadableError
from podcat.net.guard import PrivateAddressError
from podcat.net.recording import NotRecordedError, RecordedError
from podcat.net.turns import RestingError

ERRORS: Final = (
    requests.RequestException, HTTPError, OSError, http.client.HTTPException, PrivateAddressError,
    RestingError,
)  # fmt: skip
"""All that a request may raise."""

_SILENT: Final = "its host does not answer in time"
_WORDS: Final[tuple[tuple[type[BaseException], Trouble, str], ...]] = (
    (RestingError, Trouble.RESTING, "is not asked for now: {}"),
    (NotRecordedError, Trouble.UNRECORDED, "is not in the recording"),
    (PrivateAddressError, Trouble.PRIVATE, "leads to the private address {}"),
    (NameResolutionError, Trouble.NAME, "its host has no address"),
    (ssl.SSLCertVerificationError, Trouble.TLS, "its certificate is not good ({})"),
    (ssl.SSLError, Trouble.TLS, "no TLS with its host"),
    (ConnectionRefusedError, Trouble.REFUSED, "its host refuses the connection"),
    (TimeoutError, Trouble.TIMEOUT, _SILENT),
    (requests.Timeout, Trouble.TIMEOUT, _SILENT),
    (requests.exceptions.ContentDecodingError, Trouble.CODING, "its compression is broken"),
    (DecodeError, Trouble.CODING, "its compression is broken"),
    (UnreadableError, Trouble.BROKEN, "its answer cannot be read: {}"),
)
# Errors of the system with names that say more than "the connection broke".
_NO_WAY: Final = ("unreachable", "no route")


def of(error: BaseException) -> tuple[Trouble, str]:
    """Which trouble an error is, and the words that follow an address."""
    causes = list(_causes(error))
    if recorded := next((cause for cause in causes if isinstance(cause, RecordedError)), None):
        return recorded.said
    for kind, trouble, words in _WORDS:
        for cause in causes:
            if isinstance(cause, kind):
                return trouble, words.format(getattr(cause, "verify_message", cause))
    for cause in causes:
        if isinstance(cause, OSError) and cause.strerror:
            lost = any(words in cause.strerror.lower() for words in _NO_WAY)
            return Trouble.REFUSED if lost else Trouble.BROKEN, cause.strerror
    return Trouble.BROKEN, "the connection broke"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it wraps, and what caused it: the libraries nest them in all three ways."""
    waiting: list[Any] = [error]
    while waiting:
        found = waiting.pop()
        if isinstance(found, BaseException):
            yield found
            waiting += [*found.args, getattr(found, "reason", None), found.__cause__]


def phrase(status: int) -> str:
    """`404 Not Found`; the number alone where it has no name."""
    known = status in HTTPStatus._value2member_map_
    return f"{status} {HTTPStatus(status).phrase}" if known else str(status)
