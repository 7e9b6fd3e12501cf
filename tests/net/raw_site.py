"""Says on a loopback socket what no library would: bytes, one after the other, for each request."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from podcat.net import Remap

Said = Iterable[bytes | float]
"""Bytes to send and seconds to wait."""


class RawSite:
    """Says the same to every request, and counts connections."""

    def __init__(self, said: Said, *, hangs_up: bool) -> None:
        self._said, self._hangs_up = tuple(said), hangs_up
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.connections = 0
        self.requests: list[bytes] = []

    def url(self, path: str = "") -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/{path}"

    def remap(self, origin: str) -> Remap:
        """Leads here what is asked of somebody else."""
        return Remap([(f"{origin}/", self.url())])

    def run(self) -> None:
        """Takes connections until the end."""
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def close(self) -> None:
        """Takes no more."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while self._asked(connection):
                for piece in self._said:
                    if isinstance(piece, bytes):
                        connection.sendall(piece)
                    else:
                        time.sleep(piece)
                if self._hangs_up:
                    break

    def _asked(self, connection: socket.socket) -> bool:
        request = b""
        while b"\r\n\r\n" not in request:
            came = connection.recv(65536)
            if not came:
                return False
            request += came
        self.requests.append(request)
        return True


@contextmanager
def saying(*said: bytes | float, hangs_up: bool = False) -> Iterator[RawSite]:
    """A RawSite while the block runs; `hangs_up` after each answer."""
    site = RawSite(said, hangs_up=hangs_up)
    thread = threading.Thread(target=site.run, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.close()
        thread.join(5)


def page(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """An answer of the length that it states."""
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
