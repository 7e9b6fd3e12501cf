"""Certificates: whose are believed, by which name they are asked for, and what is said of others.

`certificates/` holds an authority of our own and what it signed: `good.pem` until 2120, and
`expired.pem`, which was good until 2021.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from podcat import net
from podcat.errors import SourceError
from podcat.net import Looker, connections
from podcat.net.answer import Trouble

CERTIFICATES = Path(__file__).parent / "certificates"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nreal"


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All names lead here; the authority is believed."""
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *a, **k: resolve("127.0.0.1", *a, **k))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATES / "authority.pem"))
    connections.tls.cache_clear()
    yield
    connections.tls.cache_clear()


@contextmanager
def serving(certificate: str) -> Iterator[tuple[int, list[str | None]]]:
    """The port of a server, and the names by which it was asked for."""
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    context.sni_callback = lambda _, name, __: asked.append(name)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_answer, args=(listening, context), daemon=True)
        thread.start()
        yield listening.getsockname()[1], asked
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _answer(listening: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError):
        while True:
            plain, _ = listening.accept()
            with plain, suppress(OSError), context.wrap_socket(plain, server_side=True) as tls:
                while tls.recv(65536):
                    tls.sendall(PAGE)


def asked_by_both(url: str, **settings: Any) -> tuple[str, str]:
    """What a look finds, or its trouble; and the same of a fetch."""
    with Looker(timeout=5, allow_private=True) as looker:
        answer = looker.look(url, limit=99)
        assert answer.trouble in (None, Trouble.TLS)
    try:
        fetched = net.fetch(url, timeout=5, allow_private=True).data.decode()
    except SourceError as error:
        fetched = error.problem
    return answer.detail or answer.body.decode(), fetched


@pytest.mark.parametrize(("host", "name"), [
    ("good.example", "good.example"), ("GOOD.example.", "good.example"),
    ("пример.example", "xn--e1afmkfd.example"),
])  # fmt: skip
def test_a_name_is_asked_for_as_it_stands_in_the_certificate(host: str, name: str) -> None:
    with serving("good") as (port, asked):
        assert asked_by_both(f"https://{host}:{port}/") == ("real", "real")
        assert set(asked) == {name}


@pytest.mark.parametrize(("certificate", "host", "why"), [
    ("expired", "good.example", "certificate has expired"),
    ("good", "bad.example", "Hostname mismatch, certificate is not valid for 'bad.example'."),
    ("good", "127.0.0.1", "IP address mismatch, certificate is not valid for '127.0.0.1'."),
])  # fmt: skip
def test_what_is_wrong_with_a_certificate_is_said(certificate: str, host: str, why: str) -> None:
    with serving(certificate) as (port, _):
        looked, fetched = asked_by_both(f"https://{host}:{port}/")
    assert looked == f"its certificate is not good ({why})"
    assert fetched == f"cannot be fetched: {looked}"


def test_an_unknown_authority_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    connections.tls.cache_clear()
    with serving("good") as (port, _):
        looked, fetched = asked_by_both(f"https://good.example:{port}/")
    assert "unable to get local issuer certificate" in looked
    assert fetched == f"cannot be fetched: {looked}"
