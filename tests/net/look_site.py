"""A small HTTP/1.1 server on loopback for looks: it counts requests and connections."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BOMB = gzip.compress(bytes(50_000_000))


class Handler(BaseHTTPRequestHandler):
    """What a path answers is a method of its first word."""

    protocol_version = "HTTP/1.1"
    server: Site
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_GET(self) -> None:
        self.server.seen.append(self.path)
        self.server.headers.append(dict(self.headers))
        name = self.path.partition("?")[0].strip("/").split("/")[0]
        getattr(self, f"_{name}", self._page)()

    def answer(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for header, value in ({"Content_Length": str(len(body))} | headers).items():
            if value:
                self.send_header(header.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _page(self) -> None:
        self.answer(body=b"<p>page</p>", Content_Type="text/html")

    def _gone(self) -> None:
        self.answer(404, b"no such page")

    def _moved(self) -> None:
        self.answer(301, b"over there", Location="/page")

    def _to(self) -> None:
        self.answer(302, Location=self.path.partition("?")[2])

    def _round(self) -> None:
        self.answer(302, Location="/round")

    def _far(self) -> None:
        step = int(self.path.rpartition("/")[2])
        self.answer(302, Location=f"/far/{step + 1}")

    def _audio(self) -> None:
        self.answer(206, b"ID3" + bytes(2045), Content_Range="bytes 0-2047/90000")

    def _whole(self) -> None:
        self.answer(200, b"ID3" + bytes(900_000), Content_Type="audio/mpeg")

    def _long(self) -> None:
        self.answer(200, b"x" * 70_000)

    def _packed(self) -> None:
        self.answer(200, gzip.compress(b"packed"), Content_Encoding="gzip")

    def _bomb(self) -> None:
        self.answer(200, BOMB, Content_Encoding="gzip")

    def _torn(self) -> None:
        self.answer(200, b"this is no gzip", Content_Encoding="gzip")

    def _odd(self) -> None:
        self.answer(200, b"x", Content_Encoding="zstd")

    def _short(self) -> None:
        self.answer(200, b"half", Content_Length="1000", Connection="close")
        self.close_connection = True

    def _chunks(self) -> None:
        self.answer(200, b"4\r\nhalf\r\n", Content_Length="", Transfer_Encoding="chunked")
        self.close_connection = True

    def _reset(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def _leaves(self) -> None:
        """Answers, and closes without a word."""
        self._page()
        self.close_connection = True

    def _drip(self) -> None:
        self.answer(200, Content_Length="1000")
        for _ in range(100):
            self.wfile.write(b"x")
            time.sleep(0.05)

    def _hang(self) -> None:
        self.server.hanging.set()
        self.server.released.wait(20)

    def _many(self) -> None:
        """429, once for each path, with the Retry-After of the query."""
        if self.server.seen.count(self.path) > 1:
            self._page()
        else:
            self.answer(429, Retry_After=self.path.partition("?")[2].replace("+", " "))

    def _never(self) -> None:
        self.answer(429, Retry_After="0")

    def _busy(self) -> None:
        if self.server.seen.count(self.path) > 2:
            self._page()
        else:
            self.answer(503)

    def log_message(self, *_: object) -> None:
        pass


class Site(ThreadingHTTPServer):
    """Runs in a thread; `url(host)` is where it is."""

    daemon_threads = True
    request_queue_size = 200

    def __init__(self, address: str = "127.0.0.1", family: int = socket.AF_INET) -> None:
        self.address_family = family  # type: ignore[assignment]
        super().__init__((address, 0), Handler)
        self.released = threading.Event()
        self.hanging = threading.Event()
        self.clear()

    def clear(self) -> None:
        """Forgets all requests."""
        self.seen: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.connections = 0
        self.hanging.clear()

    def url(self, path: str = "", host: str = "127.0.0.1") -> str:
        """The address of a path."""
        return f"http://{host}:{self.server_port}/{path}"

    def handle_error(self, *_: Any) -> None:
        pass  # clients that hang up are what is tested


def has_ipv6() -> bool:
    """Whether this machine can listen on its IPv6 loopback; nobody can install that."""
    try:
        with socket.socket(socket.AF_INET6) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True


LOOPBACK = [("127.0.0.1", socket.AF_INET)] + [("[::1]", socket.AF_INET6)] * has_ipv6()
"""Host and family of every loopback that there is."""


@contextmanager
def running(address: str = "127.0.0.1", family: int = socket.AF_INET) -> Iterator[Site]:
    """A server until the end of the block."""
    with Site(address, family) as site:
        threading.Thread(target=site.serve_forever, args=(0.02,), daemon=True).start()
        yield site
        site.released.set()
        with suppress(OSError):
            site.shutdown()
